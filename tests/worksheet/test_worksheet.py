"""Sheets on paper: what stands on them, and that each format holds together."""

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.selection import Selection
from nnhs_tui.operations.numerals import shown
from nnhs_tui.present.diagrams.shapes import Diagram, Disc, Edge, Text
from nnhs_tui.present.text.given_numbers import given_text
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet.blocks import MOST_BLANKS, blocks
from nnhs_tui.worksheet.latex import latex, latex_of
from nnhs_tui.worksheet.making import MOST_ASKED, check_size, make_sheet
from nnhs_tui.worksheet.orders import BINARY, FORMATS, Order
from nnhs_tui.worksheet.sheet import Cell, Grid, Sheet
from nnhs_tui.worksheet.tex_diagram import tex_diagram
from nnhs_tui.worksheet.tex_text import tex, tex_formula
from nnhs_tui.worksheet.webpage import webpage, webpages
from nnhs_tui.worksheet.words import FIND, rules
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
LEVELS = ("node", "neuron", "layer")
TEXTS = {name: written for name, written in FORMATS.items() if name not in BINARY}
TWO_LAYER = next(path for path in SHIPPED if path.stem == "two-layer-sigmoid")
HOSTILE = """<script>alert(1)</script>&"' [b]x[/b] $x^2$ \\input{a} %_#~{ `c` | *y* \x1b[31m 数ü"""


def two_layers(**options: object) -> Sheet:
    return make_sheet(Session(load(TWO_LAYER), arithmetic="exact"), **options)  # type: ignore[arg-type]


def cells(sheet: Sheet) -> Iterator[Cell]:
    for part in (*sheet.given, *sheet.parts):
        for grid in part.grids:
            for _, row in grid.rows:
                yield from row


def grid(sheet: Sheet, label: str, *, asked: bool) -> Grid:
    """The only grid of that label."""
    every = (each for part in (*sheet.given, *sheet.parts) for each in part.grids)
    (found,) = (each for each in every if each.label == label and each.is_asked == asked)
    return found


def hostile(text: str = "", title: str = HOSTILE) -> Scenario:
    return replace(loaded(text) if text else load(TWO_LAYER), title=title)


# What stands on a sheet.


def test_a_sheet_has_room_for_every_answer_and_tells_none() -> None:
    sheet = two_layers()
    room = [cell.name for cell in cells(sheet) if cell.asked]
    assert sorted(room) == sorted(name for name, _ in sheet.answers) and len(room) == 33
    assert {cell.text for cell in cells(sheet) if cell.asked} == {""}
    assert {answer for _, answer in sheet.answers} == {""}
    assert not any(part.solutions for part in sheet.parts)
    assert any("(h1)" in line for line in sheet.drawing)
    assert "-0.75" not in str(sheet) and "0.34" not in str(sheet)


def test_matrices_are_grids_of_their_shape() -> None:
    sheet = two_layers()
    assert [part.title for part in sheet.parts] == [
        "Forward: from the inputs to the loss",
        "Backward: from the loss to the inputs",
        "Update: the new parameters",
    ]
    weights = grid(sheet, "hidden.W", asked=False)
    assert weights.shape == "3×2" and weights.is_matrix
    assert [[cell.text for cell in row] for _, row in weights.rows] == [
        ["0.50", "0.90"],
        ["-0.80", "-1.10"],
        ["1.30", "0.30"],
    ]
    gradient = grid(sheet, "grad hidden.W", asked=True)
    assert [[cell.name for cell in row] for _, row in gradient.rows] == [
        [f"grad hidden.W[{i},{j}]" for j in (1, 2)] for i in (1, 2, 3)
    ]
    z = grid(sheet, "hidden.z", asked=True)
    assert z.shape == "1×2" and z.columns == ("hidden.z[1]", "hidden.z[2]")
    x = grid(sheet, "x", asked=False)
    assert [cell.text for _, row in x.rows for cell in row] == ["2.00", "3.00", "0.50"]


def worked_by_numpy() -> dict[str, np.ndarray]:
    """The two-layer net, as matrix code of a few lines."""
    x, t = np.array([2.0, 3.0, 0.5]), np.array([0.1])
    w, v = np.array([[0.5, 0.9], [-0.8, -1.1], [1.3, 0.3]]), np.array([[1.2], [1.9]])
    a = 1 / (1 + np.exp(-(x @ w)))
    o = 1 / (1 + np.exp(-(a @ v)))
    do = 2 * (o - t)
    dy = do * o * (1 - o)
    da = v @ dy
    dz = da * a * (1 - a)
    dv, dw = np.outer(a, dy), np.outer(x, dz)
    return {
        "hidden.z": x @ w,
        "hidden.a": a,
        "output.z": a @ v,
        "output.a": o,
        "loss": (o - t) ** 2,
        "grad output.a": do,
        "grad output.z": dy,
        "grad output.W": dv,
        "grad hidden.a": da,
        "grad hidden.z": dz,
        "grad hidden.W": dw,
        "grad x": w @ dz,
        "new hidden.W": w - 0.5 * dw,
        "new output.W": v - 0.5 * dv,
    }


def test_the_key_is_what_matrix_code_finds() -> None:
    worked = worked_by_numpy()
    sheet = two_layers(is_key=True)
    assert len(sheet.answers) == 33
    for name, answer in sheet.answers:
        base, _, index = name.rstrip("]").partition("[")
        place = tuple(int(each) - 1 for each in index.split(",")) if index else (0,)
        assert answer == shown(float(worked[base][place]), 2), name
    by_name = {cell.name: cell.text for cell in cells(sheet) if cell.asked}
    assert by_name == dict(sheet.answers)


def test_the_way_to_an_answer_is_in_the_numbers_that_are_asked() -> None:
    sheet = two_layers(is_key=True)
    ways = {each.name: each.lines for part in sheet.parts for each in part.solutions}
    assert ways["hidden.z[2]"] == (
        "hidden.z[2] = hidden.W[1,2]·x[1] + hidden.W[2,2]·x[2] + hidden.W[3,2]·x[3]"
        " = 0.90·2.00 + (-1.10)·3.00 + 0.30·0.50"
        " = 1.80 + (-3.30) + 0.15 = -1.35",
    )
    assert ways["grad hidden.W[2,2]"] == (
        "grad hidden.W[2,2] = grad hidden.z[2]·x[2] = 0.08·3.00 ≈ 0.24",
    )
    assert ways["grad x[1]"] == (
        "grad x[1] = grad hidden.z[1]·hidden.W[1,1] + grad hidden.z[2]·hidden.W[1,2]"
        " = 0.07·0.50 + 0.08·0.90 = 0.03 + 0.07 ≈ 0.10",
    )
    assert ways["new output.W[1,1]"][0].endswith("= 1.20 - 0.5 · 0.08 = 1.20 - 0.04 ≈ 1.16")
    assert list(ways) == [name for name, _ in sheet.answers]


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(LEVELS), st.sampled_from(["exact", "hand"]))
def test_every_way_ends_in_its_answer(text: str, level: str, arithmetic: str) -> None:
    try:
        session = Session(loaded(text), arithmetic=arithmetic)
    except ComputationError:
        assume(False)
        raise
    sheet = make_sheet(session, Selection(level), is_key=True)
    answers = dict(sheet.answers)
    solutions = [each for part in sheet.parts for each in part.solutions]
    assert [each.name for each in solutions] == list(answers)
    for solution in solutions:
        last = re.split(r" [=≈] ", solution.lines[-1])[-1]
        assert last == answers[solution.name], solution
        if level == "node":
            assert len(solution.lines) == 1


def test_what_lies_on_the_way_is_told_once() -> None:
    text = 'title = "g"\n[graph]\ninputs = { x = 2.0, y = 3.0 }\n[graph.nodes]\n'
    session = Session(loaded(text + 'f = "(x + y) * y"'))
    sheet = make_sheet(session, is_key=True)
    ways = {each.name: each.lines for part in sheet.parts for each in part.solutions}
    assert ways["f"] == ("f.1 = x + y = 2.00 + 3.00 = 5.00", "f = f.1·y = 5.00·3.00 = 15.00")
    told = {name: [line.partition(" = ")[0] for line in lines] for name, lines in ways.items()}
    assert told["grad x"] == ["grad f.1", "grad x"]
    assert told["grad y"] == ["grad y via f", "grad y via f.1", "grad y"]
    every = [line for lines in ways.values() for line in lines]
    assert len(set(every)) == len(every)


SAMPLES = """\
title = "two samples"
digits = 3
[network]
inputs = ["height", "age"]
[[network.layers]]
name = "h"
weights = [[0.5, 0.4], [0.25, -0.6125]]
bias = [0.1, 0.2]
activation = "tanh"
[training]
frozen = ["h.b", "h.W[1,2]"]
[backward]
upstream = [1.0, -0.5]
[[samples]]
x = [2.0, 3.0]
[[samples]]
x = [1.0, -1.0]
"""


def test_samples_have_their_parts_and_then_come_together() -> None:
    sheet = make_sheet(Session(loaded(SAMPLES)), is_key=True)
    assert [part.title for part in sheet.parts] == [
        "Sample 1. Forward: from the inputs to the outputs",
        "Sample 1. Backward: from the outputs to the inputs",
        "Sample 2. Forward: from the inputs to the outputs",
        "Sample 2. Backward: from the outputs to the inputs",
        "All samples together",
        "Update: the new parameters",
    ]
    together = sheet.parts[4].solutions[0]
    first, second, mean = (dict(sheet.answers)[f"{k}grad h.W[1,1]"] for k in SAMPLE_PREFIXES)
    assert together.name == "grad h.W[1,1]"
    assert f"({first} + " in together.lines[0] and f"{second})/2" in together.lines[0]
    assert together.lines[0].endswith(mean)
    assert sheet.given[1].grids[0].columns == ("height", "age")
    assert grid(sheet, "new h.W", asked=True).rows[0][1][1] == Cell("new h.W[1,2]", "0.400")
    assert "new h.b" not in {each.label for part in sheet.parts for each in part.grids}
    assert any("Frozen" in fact and "h.W[1,2], h.b" in fact for fact in sheet.facts)
    assert any("their mean" in fact for fact in sheet.facts)
    arriving = [each for each in sheet.given[1].grids if each.label == "grad h.a"]
    assert [cell.text for _, row in arriving[0].rows for cell in row] == ["1.000", "-0.500"]
    assert "of sample 1" in sheet.drawn


SAMPLE_PREFIXES = ("sample 1: ", "sample 2: ", "")


def test_a_phase_that_is_not_asked_is_given() -> None:
    backward = two_layers(selection=Selection(phases=("backward",)))
    assert [part.title for part in backward.parts] == [
        "Forward: from the inputs to the loss (given)",
        "Backward: from the loss to the inputs",
    ]
    # Two decimals more than asked, so that nobody is led astray by the rounding of what is given.
    given = {cell.name: cell.text for cell in cells(backward) if not cell.asked}
    assert (given["hidden.z[1]"], given["hidden.a[1]"]) == ("-0.75", "0.3208")
    update = two_layers(selection=Selection(phases=("update",)))
    assert update.parts[0].title == "The gradients that the update uses (given)"
    given = {cell.name: cell.text for cell in cells(update) if not cell.asked}
    exact = shown(float(worked_by_numpy()["grad hidden.W"][1, 1]), 4)
    assert given["grad hidden.W[2,2]"] == exact == "0.2353" and "grad x[1]" not in given
    assert all(name.startswith("new ") for name, _ in update.answers)
    forward = two_layers(selection=Selection(phases=("forward",)))
    assert len(forward.parts) == 1
    assert not any("grad" in fact or "lr" in fact for fact in forward.facts)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.5, 2, "0.50"), (0.123456, 2, "0.123456"), (1 / 3, 2, "0.3333"), (-0.0, 1, "0.0")],
)
def test_given_numbers_are_given_in_full(value: float, digits: int, text: str) -> None:
    assert given_text(value, digits) == text


@pytest.mark.parametrize(
    ("digits", "wanted", "example"),
    [(0, "whole numbers", "(28.5 → 29)"), (1, "1 decimal;", "(2.85 → 2.9)")],
)
def test_the_rule_names_the_decimals(digits: int, wanted: str, example: str) -> None:
    first, second = rules(digits, "hand")
    assert wanted in first and example in first
    assert "before you use it again" in second
    assert rules(2, "exact")[0] == "Give 2 decimals; round half away from zero (0.285 → 0.29)."


def test_a_wide_row_and_a_tall_matrix_are_cut_into_parts() -> None:
    weights = ", ".join(f"[{', '.join(['0.1'] * 12)}]" for _ in range(30))
    text = 'title = "wide"\n[network]\ninputs = 30\n[[network.layers]]\n'
    scenario = loaded(f"{text}weights = [{weights}]\n[[samples]]\nx = [{', '.join(['1'] * 30)}]")
    sheet = make_sheet(Session(scenario), selection=Selection(phases=("forward",)))
    parts = [each for each in sheet.given[0].grids if each.label == "layer1.W"]
    shapes = [each.shape for each in parts]
    assert shapes[0].startswith("30×12, rows 1–25, columns 1–")
    assert shapes[-1].startswith("30×12, rows 26–30, columns ") and shapes[-1].endswith("–12")
    assert sum(len(row) for each in parts for _, row in each.rows) == 360
    assert "30" in sheet.drawn


def test_a_sheet_that_nobody_could_fill_in_is_refused() -> None:
    text = 'title = "wide"\n[network]\ninputs = 784\n[[network.layers]]\nneurons = 10\n'
    scenario = loaded(f"{text}[[samples]]\nx = [{', '.join(['0.5'] * 784)}]")
    with pytest.raises(Refusal, match=r"more than 5,000 blanks; choose a smaller net or --phase"):
        check_size(scenario)
    with pytest.raises(Refusal, match=f"more than {MOST_ASKED:,} blanks"):
        Order().text(scenario)
    sheet = make_sheet(Session(scenario), selection=Selection(phases=("forward",)), is_key=True)
    assert all("layer1.z[10]" in written(sheet) for written in TEXTS.values())
    with pytest.raises(Refusal, match="nothing to ask in the phase update"):
        check_size(
            load(next(p for p in SHIPPED if p.stem == "sigmoid-circuit")),
            Selection("node", ("update",)),
        )


def test_far_too_many_numbers_are_refused_before_anything_is_computed() -> None:
    text = 'title = "huge"\n[network]\ninputs = 1000\n[[network.layers]]\nneurons = 1000\n'
    scenario = loaded(f"{text}[[samples]]\nx = [{', '.join(['0.5'] * 1000)}]")
    with pytest.raises(Refusal, match="give 1,001,000 numbers"):
        check_size(scenario, Selection(phases=("forward",)))


# The formats.


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("level", ["node", "neuron"])
def test_every_shipped_scenario_in_every_format(path: Path, level: str) -> None:
    scenario = load(path)
    for session in (Session(scenario), Session(variant(scenario, 3))):
        for is_key in (False, True):
            sheet = make_sheet(session, Selection(level), is_key=is_key)
            for name, written in TEXTS.items():
                text = written(sheet)
                check(name, text)
                assert text.endswith("\n")


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(LEVELS), st.sampled_from(sorted(TEXTS)), st.booleans())
def test_random_scenarios_hold_together(text: str, level: str, name: str, is_key: bool) -> None:
    try:
        check(name, Order(name, Selection(level), key=is_key).text(hostile(text)))
    except (ComputationError, Refusal):
        assume(False)


def check(name: str, text: str) -> None:
    """What holds of every sheet in a format."""
    assert "\x1b" not in text
    {"md": check_markdown, "csv": read_csv, "tex": check_tex, "html": check_html}[name](text)


def check_markdown(text: str) -> None:
    """Every table has as many columns in each of its rows."""
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    for table in tables:
        lines = table.splitlines()
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1, table
        assert re.fullmatch(r"\|( :-: \|)+", lines[1])
    assert text.count("```") in (0, 2)


def read_csv(text: str) -> list[dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


def check_tex(text: str) -> None:
    """ASCII alone, braces and environments closed in order, nothing special but what is meant."""
    assert text.isascii()
    bare = re.sub(r"\\[\\{}$%&#_~^\"'`.=]", "", text)
    depth = 0
    for character in re.sub(r"%.*", "", bare):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    stack: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            stack.append(name)
        else:
            assert stack.pop() == name
    assert not stack
    assert bare.count("$") % 2 == 0
    assert set(re.findall(r"\\usepackage(?:\[.*?\])?\{(\w+)\}", text)) <= {
        *("amsmath", "color", "geometry", "array")
    }


class Page(HTMLParser):
    """Reads a page: its tags must be balanced; keeps its texts by the tag around them."""

    VOID = frozenset({"meta", "br", "hr", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "img", "iframe", "b-text"), tag
        names = dict(attrs)
        assert not {"src", "href", "onclick", "onload"} & set(names)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((self.open[-1], data))


def check_html(text: str) -> Page:
    page = Page(text)
    assert '<html lang="en">' in text and '<meta charset="utf-8">' in text
    assert "@page { size: A4" in text
    assert "url(" not in text and "http" not in text and "@import" not in text
    return page


def test_hostile_texts_stay_texts_in_html() -> None:
    page = check_html(Order("html").text(hostile()))
    heading = "".join(data for tag, data in page.texts if tag == "h1")
    assert heading == HOSTILE.replace("\x1b", "\\x1b")
    text = Order("html").text(hostile(title='<script>&"'))
    assert "<h1>&lt;script&gt;&amp;&quot;</h1>" in text and "<script" not in text


def test_hostile_texts_stay_texts_in_markdown() -> None:
    text = Order("md").text(hostile())
    heading = text.splitlines()[0].removeprefix("# ")
    assert "<" not in heading and not re.search(r"&(?!lt;|gt;|amp;)", heading)
    for sign in "[]*_`$|#~{}":
        assert not re.search(rf"(?<!\\){re.escape(sign)}", heading), sign
    shown_again = re.sub(r"\\([\\`*_{}\[\]#|~$])", r"\1", heading)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown_again = shown_again.replace(entity, sign)
    assert shown_again == HOSTILE.replace("\x1b", "\\x1b")


def test_hostile_texts_stay_texts_in_tex() -> None:
    text = Order("tex").text(hostile())
    check_tex(text)
    assert r"\input{a}" not in text and r"\textbackslash{}input\{a\}" in text
    assert r"\%\_\#\textasciitilde{}\{" in text and r"\$x\textasciicircum{}2\$" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("σ_1 · ∂L/∂z → Σ", r"$\sigma$\_1 $\cdot$ $\partial$L/$\partial$z $\to$ $\Sigma$"),
        ("é ñ ß Å ő", r"{\'{e}} {\~{n}} \ss{} {\r{A}} {\H{o}}"),
        ("λ Λ ς ο Α", r"$\lambda$ $\Lambda$ $\varsigma$ o A"),
        ("50% & #1 {x} ~ ^ \\", r"50\% \& \#1 \{x\} \textasciitilde{} \textasciicircum{} "
         r"\textbackslash{}"),
        ("数", "[U+6570]"),
        ("<a|b>", r"\textless{}a\textbar{}b\textgreater{}"),
    ],
)  # fmt: skip
def test_texts_in_tex(text: str, expected: str) -> None:
    assert tex(text) == expected


def test_minus_signs_in_tex_are_none_between_letters() -> None:
    assert tex_formula("cross-entropy, a - b, (-0.5), -z") == (
        "cross-entropy, a $-$ b, ($-$0.5), $-$z"
    )


@given(st.text(max_size=30))
def test_any_text_at_all_is_ascii_in_tex_and_closed(text: str) -> None:
    check_tex(tex(text))


def test_a_circle_in_tex_is_one_and_lines_lead_from_end_to_end() -> None:
    disc, edge = Disc(100, 60, 40, 40), Edge(((140, 60), (200, 20)))
    lines = list(tex_diagram(Diagram(300, 120, [edge], [disc], [Text(100, 60, "z_1")])))
    curves = [
        [tuple(map(float, pair.split(","))) for pair in re.findall(r"\(([-\d.,]+)\)", line)]
        for line in lines
        if line.startswith(r"\qbezier")
    ]
    (line, *arcs) = curves
    assert line == [(140, 60), (170, 80), (200, 100)]
    assert len(arcs) == 8
    for start, over, end in arcs:
        for part in (0, 0.25, 0.5, 0.75, 1):
            x, y = (
                (1 - part) ** 2 * a + 2 * part * (1 - part) * b + part**2 * c
                for a, b, c in zip(start, over, end, strict=True)
            )
            assert math.hypot(x - 100, y - 60) == pytest.approx(40, abs=0.25)
    assert r"\makebox(0,0)" in "".join(lines) and r"z\_1" in "".join(lines)


def test_what_belongs_together_is_not_parted() -> None:
    session = Session(load(next(path for path in SHIPPED if path.stem == "training-loop")))
    sheet = make_sheet(session)
    for part in sheet.parts:
        found = list(blocks(part, sheet))
        assert [grid for block in found for grid in block.grids] == list(part.grids)
        assert [block.title for block in found] == [part.title, *[""] * (len(found) - 1)]
        for block in found:
            asked = sum(cell.asked for grid in block.grids for _, row in grid.rows for cell in row)
            assert asked <= MOST_BLANKS or len(block.grids) == 1
            # Every blank has its share of the room, as far as a page has it.
            assert block.working == min(90, 8 + 2 * asked)
    key = make_sheet(session, is_key=True)
    assert not any(block.working for part in key.parts for block in blocks(part, key))
    page = webpage(sheet)
    check_html(page)
    tex_text = latex(sheet)
    assert tex_text.count(r"\begin{block}") == tex_text.count(r"\end{block}")
    assert tex_text.count(r"\working{") == page.count('class="working"')


@pytest.mark.parametrize("is_key", [False, True])
def test_each_page_says_which_sheet_it_is_and_whose(is_key: bool) -> None:
    session = Session(variant(load(TWO_LAYER), 3))
    sheet = replace(make_sheet(session, seed=3, is_key=is_key), pupil="Ada & Co")
    page = webpage(sheet)
    check_html(page)
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    assert "seed 3" in head and "Name: Ada &amp; Co" in head and ("Date:" in head) != is_key
    assert "counter(page)" in page and "counter(pages)" in page
    text = latex(sheet)
    running = text.partition(r"\sheet{end1}{")[2].partition("\n")[0]
    assert "seed 3" in running and r"Name: Ada \& Co" in running
    assert r"\sheetend{end1}" in text and r"\thepage/\lastpage" in text


def test_sheets_are_joined_each_on_pages_of_its_own() -> None:
    scenario = load(TWO_LAYER)
    sheets = [make_sheet(Session(variant(scenario, seed)), seed=seed) for seed in (1, 2, 3)]
    page = webpages(sheets)
    check_html(page)
    assert page.count('<table class="sheet">') == page.count("<thead>") == 3
    assert page.count("<style>") == 1 and "break-before: page" in page
    text = latex_of(sheets)
    assert [text.count(rf"\sheetend{{end{n}}}") for n in (1, 2, 3)] == [1, 1, 1]
    assert text.count(r"\begin{document}") == text.count(r"\end{document}") == 1


def test_the_csv_has_exactly_the_names_that_are_asked() -> None:
    scenario = load(next(path for path in SHIPPED if path.stem == "three-samples"))
    session = Session(scenario)
    names = [name_of(session.names, q, session.schedule) for q in asked(session.schedule, "neuron")]
    text = Order("csv").text(scenario)
    assert text.startswith("quantity,answer,worksheet-asks\n")
    assert [(row["quantity"], row["answer"]) for row in read_csv(text)] == [(n, "") for n in names]
    key = read_csv(Order("csv", key=True).text(scenario, 5))
    assert list(key[0]) == ["quantity", "answer", "worksheet-seed", "worksheet-asks"]
    assert {row["worksheet-seed"] for row in key} == {"5"}
    sheet = make_sheet(Session(variant(scenario, 5)), is_key=True)
    assert [(row["quantity"], row["answer"]) for row in key] == list(sheet.answers)


@pytest.mark.parametrize("name", ["md", "tex", "html"])
def test_names_and_answers_are_in_every_format(name: str) -> None:
    scenario = load(TWO_LAYER)
    blank, key = (Order(name, key=each).text(scenario) for each in (False, True))
    for text in (blank, key):
        assert "Give 2 decimals; round half away from zero" in text
        assert "grad hidden.a[2]" in text and "hidden.W" in text
    assert ("-0.75" in key or "$-$0.75" in key) and "0.75" not in blank
    assert "answers" in key and "answers" not in blank
    by_hand = Order(name, arithmetic="hand", digits=3).text(scenario)
    assert "Give 3 decimals" in by_hand and "before you use it again" in by_hand


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_seed_makes_another_sheet_and_always_the_same(name: str) -> None:
    scenario, order = load(TWO_LAYER), Order(name, key=True)
    own, seven, again, eight = (order.text(scenario, seed) for seed in (None, 7, 7, 8))
    assert seven == again and len({own, seven, eight}) == 3
    assert "seed 7" in seven or name == "csv"


def test_named_layers_and_inputs_of_any_alphabet() -> None:
    text = (
        SAMPLES.replace('"h"', '"größe_数"').replace('"height"', '"σ"').replace("h.", "größe_数.")
    )
    for name in TEXTS:
        for is_key in (False, True):
            check(name, Order(name, Selection("node"), key=is_key).text(loaded(text)))


@pytest.mark.parametrize("name", ["many-to-one", "two-layer-sigmoid", "chain-rule"])
def test_a_sheet_with_a_mistake_is_marked_as_that_mistake_and_its_key_says_so(name: str) -> None:
    scenario = load(shipped_folder() / f"{name}.toml")
    for seed in (1, 2, 3):
        session = Session(variant(scenario, seed))
        sheet = make_sheet(session, seed=seed, with_mistake=True)
        key = make_sheet(session, seed=seed, is_key=True, with_mistake=True)
        differing = [
            one for one, other in zip(sheet.answers, key.answers, strict=True) if one != other
        ]
        marked = Marker(Questions(session.scenario)).mark(sheet.answers)
        wrong = [each for each in marked if not each.is_right()]
        assert len(wrong) == 1 and differing[0] == (wrong[0].question.name, wrong[0].answer)
        told = next(fact for fact in key.facts if fact.startswith("The mistake: "))
        assert wrong[0].question.name in told and KNOWN[wrong[0].mistakes[0]].words in told
        assert FIND in sheet.rules and FIND not in key.rules
        assert not any("The mistake: " in fact for fact in sheet.facts)
