"""Sheets as they come out of the printer: set by the programs people have, and read back."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.diagrams.shapes import Diagram, Text
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet.latex import latex, latex_of
from nnhs_tui.worksheet.making import make_sheet
from nnhs_tui.worksheet.portable import pdf
from nnhs_tui.worksheet.sheet import Sheet
from nnhs_tui.worksheet.tex_diagram import tex_diagram
from nnhs_tui.worksheet.tex_text import tex
from nnhs_tui.worksheet.webpage import webpage

SHIPPED = sorted(shipped_folder().glob("*.toml"))
LONG = "A net of two layers with two inputs, two hidden neurons and two outputs, for class 11b"
LINE = 210 - 2 * 18
"""Millimetres between the margins."""


def sheet_of(name: str, seed: int = 3, *, is_key: bool = False, **options: bool) -> Sheet:
    session = Session(variant(load(shipped_folder() / f"{name}.toml"), seed))
    return make_sheet(session, seed=seed, is_key=is_key, **options)


def names_in(text: str) -> set[str]:
    """Names of quantities in a formula, `grad` with what it is of."""
    return set(re.findall(r"(?:grad |new )?[a-z]\w*(?:\.[a-zA-Z])?\[[\d,]+\]", text))


# One name for one thing.


@pytest.mark.parametrize("name", ["two-layer-bias", "two-layer-sigmoid", "many-to-many"])
def test_a_key_calls_everything_as_the_sheet_does(name: str) -> None:
    sheet, key = sheet_of(name), sheet_of(name, is_key=True)
    cells = [
        cell.name
        for part in (*sheet.given, *sheet.parts)
        for grid in part.grids
        for _, row in grid.rows
        for cell in row
    ]
    ways = [line for part in key.parts for each in part.solutions for line in each.lines]
    used = {found for line in ways for found in names_in(line)}
    assert len(used) > 30 and used <= set(cells)
    # What a line says comes out where another puts it in: a name has one number.
    numbers: dict[str, set[str]] = {}
    for line in ways:
        result, _, rest = line.partition(" = ")
        numbers.setdefault(result, set()).add(re.split(r" [=≈] ", rest)[-1])
    assert all(len(found) == 1 for found in numbers.values())
    assert not any("∂" in line or re.search(r"\bw\d", line) for line in ways)


def test_a_solution_says_its_name_once() -> None:
    key = sheet_of("two-layer-bias", is_key=True)
    for part in key.parts:
        for each in part.solutions:
            assert each.lines[-1].startswith(f"{each.name} = ")
            assert each.written[0].startswith("= ")
    page = webpage(key)
    assert "<dt>hidden.a[1]</dt>\n<dd>= σ(hidden.z[1]) = " in page


def test_vectors_are_columns_where_matrices_have_a_row_for_each_neuron() -> None:
    for by_neurons, shapes in ((False, {"1×3", "1×2", "1×1"}), (True, {"3×1", "2×1", "1×1"})):
        sheet = sheet_of("two-layer-sigmoid", by_neurons=by_neurons)
        vectors = [
            grid.shape.partition(", ")[0]
            for part in (*sheet.given, *sheet.parts)
            for grid in part.grids
            if grid.label and not grid.is_matrix
        ]
        assert set(vectors) == shapes


# TeX.


def set_twice(text: str, folder: Path) -> tuple[str, list[str]]:
    """What TeX has to complain about, and the text of the pages."""
    pypdf = pytest.importorskip("pypdf")
    (folder / "sheet.tex").write_text(text, encoding="ascii")
    for _ in range(2):
        subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "sheet.tex"],
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=True,
        )
    log = (folder / "sheet.log").read_text(encoding="latin-1")
    found = re.findall(r"^(?:!|Overfull|LaTeX Warning|Undefined).*", log, re.MULTILINE)
    pages = [page.extract_text() for page in pypdf.PdfReader(folder / "sheet.pdf").pages]
    return "\n".join(found), pages


needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")


@needs_tex
@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_in_tex_everything_is_on_the_page_and_pages_are_counted(path: Path, tmp_path: Path) -> None:
    for number, is_key in enumerate((False, True)):
        folder = tmp_path / str(number)
        folder.mkdir()
        complaints, pages = set_twice(latex(sheet_of(path.stem, is_key=is_key)), folder)
        assert not complaints
        for page, text in enumerate(pages, 1):
            assert f"{page}/{len(pages)}" in text and "seed 3" in " ".join(text.split())
            assert ("Name:" in text and "Date:" in text) != is_key


@needs_tex
@pytest.mark.slow
def test_in_tex_long_titles_and_names_leave_room_for_one_another(tmp_path: Path) -> None:
    first = replace(sheet_of("two-layer-bias"), title=LONG)
    second = replace(first, pupil="Jean-Baptiste Joseph Fourier", seed=4)
    complaints, pages = set_twice(latex_of([first, second]), tmp_path)
    assert not complaints
    half = len(pages) // 2
    for page, text in enumerate(pages):
        assert f"{page % half + 1}/{half}" in text and "Date:" in text


def test_in_tex_no_diagram_is_wider_than_its_line() -> None:
    for width in (200, 760, 1900):
        first = next(iter(tex_diagram(Diagram(width, 120, [], [], [Text(100, 60, "z")]))))
        unit = re.search(r"\\unitlength\}\{([\d.]+)mm\}", first)
        assert unit is not None and float(unit[1]) * width <= LINE
    assert tex("⋮ 2 more") == r"$\vdots$ 2 more"


# PDF.


def test_in_pdf_a_long_title_leaves_room_for_the_name() -> None:
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    made = pdf(replace(sheet_of("two-layer-bias"), title=LONG))
    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        lefts: dict[str, float] = {}
        page.extract_text(visitor_text=partial(remember, lefts))
        millimetres = (lefts["Date:"] - lefts["Name:"]) * 25.4 / 72
        assert millimetres > 40


def remember(
    lefts: dict[str, float], text: str, page: list[float], line: list[float], *_: object
) -> None:
    """Where on its page a word of the head begins, in points."""
    for word in ("Name:", "Date:"):
        if word in text:
            lefts.setdefault(word, line[4] * page[0] + page[4])
