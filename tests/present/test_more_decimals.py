"""What is shown comes out, or the same stands there with more decimals, which do.

Everything is worked out here once more from the text alone, with `decimal` and Python's own eval.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, localcontext
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError
from nnhs_tui.marking.selection import Selection
from nnhs_tui.present.lists.where_from import where_listing
from nnhs_tui.present.panes import step as step_pane
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.presenting.large_step import draw_large_step
from nnhs_tui.present.text.large_type import SIZES
from nnhs_tui.present.text.lines import Line
from nnhs_tui.present.text.more_decimals import more_decimals, worked
from nnhs_tui.present.text.worth import worth
from nnhs_tui.present.trace import trace_json, trace_text
from nnhs_tui.scenario.library import find, shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.worksheet.latex import latex
from nnhs_tui.worksheet.making import make_sheet
from nnhs_tui.worksheet.markdown import markdown
from nnhs_tui.worksheet.webpage import webpage
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

SHIPPED = sorted(shipped_folder().glob("*.toml"))
WORDS = "with more decimals: "
WIDE = Context(prec=50, Emax=10**6, Emin=-(10**6))


def _sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


def _tanh(z: Decimal) -> Decimal:
    return 1 - 2 / ((2 * z).exp() + 1)


def _double(function):
    return lambda z: Decimal(repr(function(float(z))))


FUNCTIONS = {
    "D": Decimal,
    "exp": Decimal.exp,
    "ln": Decimal.ln,
    "root": Decimal.sqrt,
    "sin": _double(math.sin),
    "cos": _double(math.cos),
    "tanh": _tanh,
    "sigma": _sigmoid,
    "tan": _double(math.tan),
    "max": max,
    "min": min,
    "abs": abs,
    "e": Decimal("2.7182818284590452353602874713526624977572470937"),
    "pi": Decimal("3.1415926535897932384626433832795028841971693994"),
}


@cache
def value_of(formula: str) -> Decimal | None:
    """What a formula of numbers comes to; None where it has symbols or no value."""
    code = formula.replace("√", "root").replace("σ", "sigma").replace("^", "**").replace("·", "*")
    code = code.replace("²", "**D('2')")
    code = re.sub(r"\|(.*?)\|", r"abs(\1)", code).replace("ln e", "D('1')")
    code = re.sub(r"(?<![\w'.])(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)", r"D('\1')", code)
    code = re.sub(r"\bln (D\('[^']*'\)|\([^()]*\))", r"ln(\1)", code)
    with localcontext(WIDE):
        try:
            return +eval(code, {"__builtins__": {}}, FUNCTIONS)
        except (DecimalException, OverflowError, ValueError, SyntaxError, NameError, TypeError):
            return None
        except AttributeError:
            return None


def rounded(value: Decimal, like: str) -> str:
    """A number with as many decimals as another, half away from zero."""
    places = len(like.partition(".")[2])
    if not value.is_finite():
        return ""
    with localcontext(WIDE):
        found = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{found if found else abs(found):f}"


READ = r"²|σ|exp|ln|sin|cos|tanh|tan|max|min|\bpi\b|\be\b|\d[eE]"
"""What a formula of numbers may hold besides."""


def numeric_end(text: str) -> tuple[list[str], str]:
    """The numbers at the end of `z1 = p11 + p21 = 0.38 + 0.39 ≈ 0.78`, and the result."""
    *sides, result = re.split(r" [=≈] ", text)
    kept: list[str] = []
    for side in reversed(sides):
        if re.search(
            r"[^\W\d_]|…",
            re.sub(READ, "", side),
        ):
            break
        kept.insert(0, side)
    return kept, result


def comes_out(text: str) -> bool:
    """Whether the numbers that stand there give the result that stands there."""
    sides, result = numeric_end(text)
    values = [value_of(each) for each in sides]
    return all(each is not None and rounded(each, result) == result for each in values)


def equations(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Of a trace (an equation, the same with more decimals or "")."""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if not re.match(r" *\d+  ", line):
            continue
        formula, _, running = line[41:].partition("    sum so far: ")
        more = below.strip().removeprefix(WORDS) if below.strip().startswith(WORDS) else ""
        parts = more.split("; ") if more else []
        far = next((each for each in parts if each.startswith("sum so far ")), "")
        yield formula, next((each for each in parts if each != far), "")
        yield running.partition("   (")[0], far.removeprefix("sum so far ")


def check(equation: str, more: str) -> None:
    """One of the two comes out, and the second is not there without need."""
    sides, shown = numeric_end(equation)
    if not sides:
        assert not more
        return
    # Dividing by next to nothing, or a long result, may take more decimals than are written.
    is_long = len(re.sub(r"\D", "", shown)) >= 10
    given_up = not more and ("/" in equation.partition("=")[2] or is_long)
    assert bool(more) != comes_out(equation) or given_up, (equation, more)
    if more:
        assert comes_out(more), (equation, more)
        numbers, result = numeric_end(more)
        assert len(numbers) == len(sides)
        is_halfway = result.endswith("5") and abs(Decimal(result) - Decimal(shown)) * 2 == (
            Decimal(1).scaleb(-len(shown.partition(".")[2]))
        )
        assert rounded(Decimal(result), shown) == shown or is_halfway, (equation, more)


def traced(session: Session) -> list[str]:
    return list(trace_text(session, "node", 1))


@pytest.mark.parametrize("digits", [0, 1, 2, 3, 4, 6])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_step_of_every_scenario_comes_out_or_says_how(path: Path, digits: int) -> None:
    lines = traced(Session(load(path), arithmetic="exact", digits=digits))
    for equation, more in equations(lines):
        check(equation, more)


@settings(max_examples=examples(150))
@given(scenarios(decimals=3), st.integers(0, 5))
def test_every_step_of_random_nets_comes_out_or_says_how(text: str, digits: int) -> None:
    try:
        session = Session(loaded(text), arithmetic="exact", digits=digits)
    except ComputationError:
        assume(False)
        raise
    for equation, more in equations(traced(session)):
        check(equation, more)


@pytest.mark.parametrize("digits", [0, 2, 4])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_by_hand_every_step_comes_out_as_it_stands(path: Path, digits: int) -> None:
    if path.stem in ("irises", "circle", "matrix-softmax") and not digits:
        pytest.skip("a share of a third is 0 without decimals, and has no logarithm")
    lines = traced(Session(load(path), arithmetic="hand", digits=digits))
    assert not any(WORDS in line for line in lines)
    for equation, more in equations(lines):
        sides, result = numeric_end(equation)
        assert not more
        # What stands last is what was rounded; before it the update's product was not yet.
        assert not sides or comes_out(f"{sides[-1]} = {result}"), equation


def test_no_line_of_a_trace_changes_and_its_data_have_none() -> None:
    session = Session(load(find("two-layer-sigmoid")), arithmetic="exact")
    lines = traced(session)
    assert sum(WORDS in line for line in lines) == 13
    at = next(k for k, line in enumerate(lines) if line.startswith("   30  "))
    assert lines[at] == (
        "   30  grad hidden.W[2,1]                ∂L/∂w21 = ∂L/∂p21 · x2 = 0.07 · 3.00 ≈ 0.20"
    )
    assert lines[at + 1] == " " * 41 + "with more decimals: 0.066 · 3.000 = 0.198"
    assert "decimals:" not in str(trace_json(session, "node", 1))


TABLE = [
    # Worked out with a calculator from the numbers in the line.
    ("0.07 · 3.00 ≈ 0.20", {3: "0.066 · 3.000 ≈ 0.198"}, "0.066 · 3.000 = 0.198"),
    ("0.38 + 0.39 ≈ 0.78", {3: "0.385 + 0.391 ≈ 0.776"}, "0.385 + 0.391 = 0.776"),
    ("2·(0.68 - 0.10) ≈ 1.17", {3: "2·(0.685 - 0.100) ≈ 1.170"}, "2·(0.685 - 0.100) = 1.170"),
    # Three decimals would end in 0.205, which is 0.21 to whoever rounds it.
    (
        "0.07 · 3.00 ≈ 0.20",
        {3: "0.0683 · 3.000 ≈ 0.205", 4: "0.0683 · 3.0000 ≈ 0.2049"},
        "0.0683 · 3.000 ≈ 0.20",
    ),
    # A large factor leaves nothing of the decimals: the result is kept short.
    ("0.07 · 90.00 ≈ 5.94", {3: "0.066 · 90.000 ≈ 5.943"}, "0.066 · 90.000 = 5.94"),
    ("1.00 / 0.00 ≈ 250.00", {3: "1.000 / 0.004 ≈ 250.000"}, "1.000 / 0.004 = 250.000"),
    ("ln 0.00 ≈ -5.52", {3: "ln 0.004 ≈ -5.521"}, "ln 0.004 ≈ -5.521"),
    # Halfway, and a double that is a little less: no decimals give 0.28.
    ("0.95 · 0.30 ≈ 0.28", {3: "0.950 · 0.300 ≈ 0.285"}, "0.950 · 0.300 = 0.285"),
    ("0.07 · 3.00 = 0.21", {}, ""),
    ("0.10 + … (11 more) … + 0.20 ≈ 3.00", {}, ""),
    ("z1 = p11 + p21", {}, ""),
]


@pytest.mark.parametrize(("shown", "longer", "expected"), TABLE, ids=[each[2] for each in TABLE])
def test_which_line_is_added(shown: str, longer: dict[int, str], expected: str) -> None:
    last = longer.get(max(longer, default=0), "")
    assert more_decimals(lambda k: shown if k == 2 else longer.get(k, last), 2) == expected


def test_what_never_comes_out_is_given_up_at_eight_decimals() -> None:
    asked: list[int] = []

    def written(digits: int) -> str:
        asked.append(digits)
        return f"{1:.{digits}f} + {1:.{digits}f} ≈ {3:.{digits}f}"

    assert more_decimals(written, 2) == ""
    assert asked == [2, 3, 4, 5, 6, 7, 8]


def test_the_longest_result_is_only_as_long_as_the_numbers() -> None:
    found = worked("w = 1.00 - 0.5 · 0.20 = 1.00 - 0.10 ≈ 0.90   (1 of 2 paths)")
    assert found is not None
    assert (found.sides, found.result) == (("1.00 - 0.5 · 0.20", "1.00 - 0.10"), "0.90")


NUMBERS = st.decimals(-20, 20, places=3).map(lambda x: f"({x})" if x < 0 else str(x))
FORMULAS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " - ", "·", " / "]), inner).map(
            lambda t: f"({''.join(t)})"
        ),
        st.tuples(st.sampled_from(["exp", "σ", "tanh", "ln", "√"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        inner.map(lambda t: f"({t})²"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
    ),
    max_leaves=6,
)


@settings(max_examples=examples(300))
@given(FORMULAS)
def test_a_formula_comes_to_what_python_makes_of_it(formula: str) -> None:
    expected = value_of(formula)
    assume(expected is not None and abs(expected) < 10**12)
    found = worth(formula)
    assert found is not None and abs(found - expected) <= abs(expected) * Decimal(
        "1e-30"
    ) + Decimal("1e-30")


@pytest.mark.parametrize(
    "text", ["", "z1", "1 2", "1 +", "(1", "1)", "f(1)", "2·x", "exp", "exp(1, 2)"]
)
def test_what_is_no_formula_of_numbers_comes_to_nothing(text: str) -> None:
    assert worth(text) is None


SIZES_OF_PANES = [(80, 6), (120, 7), (160, 10), (120, 14), (80, 12)]


def texts(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("size", SIZES_OF_PANES, ids=str)
@pytest.mark.parametrize(
    "name", ["two-layer-sigmoid", "three-samples", "softmax-cross-entropy", "sigmoid-neuron"]
)
def test_nothing_else_in_the_step_pane_moves_or_goes(
    name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(load(find(name)), arithmetic="exact")
    scenes = [replace(session.scene(), index=k, level="node") for k in range(session.total)]
    drawn = [texts(draw("step", each, *size, (0, 0))) for each in scenes]
    monkeypatch.setattr(step_pane, "equations_with_more", lambda *_: ("", "", ""))
    for scene, lines in zip(scenes, drawn, strict=True):
        without = texts(draw("step", scene, *size, (0, 0)))
        for row, text in enumerate(without[1:], 1):
            assert lines[row].startswith(text.rstrip()), lines
    assert any("more decimals" in line for lines in drawn for line in lines)


@pytest.mark.parametrize("size", SIZES_OF_PANES, ids=str)
def test_every_formula_s_line_is_in_the_step_pane(size: tuple[int, int]) -> None:
    session = Session(load(find("two-layer-sigmoid")), arithmetic="exact")
    found = 0
    for equation, more in list(equations(traced(session)))[::2]:
        index = found
        found += 1
        scene = replace(session.scene(), index=index, level="node")
        text = "\n".join(texts(draw("step", scene, *size, (0, 0))))
        assert more in text, equation
    assert found == session.total


def at(command: str, name: str = "two-layer-sigmoid") -> Session:
    session = Session(load(find(name)), arithmetic="exact")
    for each in command.split(";"):
        session.execute(each)
    return session


SLOPE = "with more decimals: 0.066 · 3.000 = 0.198"


def test_the_line_stands_below_the_numbers_and_is_dim() -> None:
    lines = draw("step", at("goto 30").scene(), 120, 14, (0, 0))
    assert texts(lines)[2:4] == ["        = 0.07 · 3.00 ≈ 0.20", " " * 10 + SLOPE]
    assert [role for text, role in lines[3] if text.strip()] == ["dim"]


def test_large_type_says_it_in_ordinary_type() -> None:
    lines = draw_large_step(at("goto 30").scene(), 120, 33, (0, 0), SIZES["unicode"])
    assert SLOPE in texts(lines)
    by_hand = at("goto 30;arithmetic hand").scene()
    assert not any(
        "decimals" in text
        for text in texts(draw_large_step(by_hand, 120, 33, (0, 0), SIZES["unicode"]))
    )


def test_what_is_copied_says_it() -> None:
    copied = step_pane.text_to_copy(at("goto 30").scene())
    assert copied == f"∂L/∂w21 = ∂L/∂p21 · x2 = 0.07 · 3.00 ≈ 0.20\n{SLOPE}"
    assert step_pane.text_to_copy(at("goto 1").scene()) == "p11 = w11·x1 = 0.50·2.00 = 1.00"


def test_a_neuron_written_out_says_it() -> None:
    more = "0.321·1.200 + 0.206·1.900 = 0.385 + 0.391 ≈ 0.78"
    forward = at("level neuron;goto 14").scene()
    wide, narrow = (texts(draw("step", forward, width, 14, (0, 0))) for width in (120, 60))
    assert wide[3] == f"   = 0.38 + 0.39 ≈ 0.78   {WORDS}{more}"
    assert narrow[3:6] == [
        "   = 0.38 + 0.39 ≈ 0.78",
        "a1 = σ(z1) = σ(0.78) ≈ 0.68   more decimals: σ(0.776) ≈ 0.68",
        f"{WORDS}0.321·1.200 + 0.206·1.900 = 0.385 +",
    ]


def test_where_it_is_narrow_a_line_s_symbols_make_room() -> None:
    scene = at("goto 55;level neuron").scene()
    more = "1.900 - 0.5 · 0.052 = 1.900 - 0.026 = 1.874"
    shown = "1.90 - 0.5 · 0.05 = 1.90 - 0.03 ≈ 1.87"
    lines = [texts(draw("step", scene, width, 14, (0, 0)))[-1] for width in (140, 120, 80, 50)]
    assert lines == [
        f"new w21 = w21 - lr · ∂L/∂w21 = {shown}   {WORDS}{more}",
        f"new w21 = {shown}   {WORDS}{more}",
        f"new w21 = 1.90 - 0.03 ≈ 1.87   more: {more}",
        "new w21 = w21 - lr · ∂L/∂w21 = 1.90 - 0.03 ≈ 1.87",
    ]


def test_where_from_says_it() -> None:
    session = at("goto 30;from grad hidden.W[2,1]")
    rows = texts([row.line for row in where_listing(session).rows])
    assert rows[0].endswith(f"0.07 · 3.00 = 0.20   {SLOPE}")


@pytest.mark.parametrize("level", ["node", "neuron"])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_way_of_a_key_comes_out_or_says_how(path: Path, level: str) -> None:
    sheet = make_sheet(Session(load(path), arithmetic="exact"), Selection(level), is_key=True)
    for part in sheet.parts:
        for solution in part.solutions:
            for line, more in zip(solution.lines, solution.more, strict=True):
                check(line, more.removeprefix(WORDS))


def test_a_key_says_it_below_the_line_in_every_format() -> None:
    exact = Session(load(find("two-layer-sigmoid")), arithmetic="exact")
    sheet = make_sheet(exact, is_key=True)
    ways = {each.name: each.written for part in sheet.parts for each in part.solutions}
    assert ways["grad hidden.W[2,1]"] == [
        "= grad hidden.z[1]·x[2] = 0.07·3.00 ≈ 0.20",
        SLOPE.replace(" · ", "·"),
    ]
    line = SLOPE.replace(" · ", "·")
    assert f"  - `{line}`" in markdown(sheet)
    assert f"<dd>{line}</dd>" in webpage(sheet)
    assert r"\\ with more decimals: 0.066$\cdot$3.000 = 0.198" in latex(sheet)
    by_hand = make_sheet(Session(load(find("two-layer-sigmoid")), arithmetic="hand"), is_key=True)
    assert not any(any(each.more) for part in by_hand.parts for each in part.solutions)
