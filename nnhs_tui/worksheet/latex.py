r"""A sheet as a LaTeX document of its own; the packages are in every TeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnhs_tui.worksheet.sheet import Cell, Grid, Part, Sheet
from nnhs_tui.worksheet.tex_picture import picture
from nnhs_tui.worksheet.tex_text import tex, tex_formula

HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[a4paper,margin=18mm]{geometry}
\usepackage{amsmath}
\usepackage{array}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setlength{\emergencystretch}{3em}
\renewcommand{\arraystretch}{1.1}
\setcounter{MaxMatrixCols}{40}
\newcommand{\name}[1]{{\scriptsize\ttfamily #1}}
\newcommand{\room}{\rule[-3mm]{0pt}{10mm}}
\setlength{\lineskip}{5pt}
\setlength{\lineskiplimit}{3pt}
\newcommand{\gridof}[1]{\begin{tabular}[t]{@{}l@{}}#1\end{tabular}\hspace{7mm}\linebreak[0]}
\newcommand{\way}[2]{\par\hangindent=2em\hangafter=1 {\small\name{#1}\quad #2}}
\newcommand{\working}{\par\medskip\fbox{\parbox[t][38mm]{\dimexpr\linewidth-2\fboxsep-2\fboxrule}%
{\scriptsize Working:}}\par}
\begin{document}
\raggedright"""


def latex(sheet: Sheet) -> str:
    """The sheet as a text of ASCII characters."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield HEAD
    yield rf"{{\Large\bfseries {tex(sheet.title)}{': answers' if sheet.is_key else ''}\par}}"
    yield r"\medskip"
    if not sheet.is_key or sheet.pupil:
        name = tex(sheet.pupil) or r"\rule{80mm}{0.4pt}"
        date = "" if sheet.is_key else r"\quad Date: \rule{35mm}{0.4pt}"
        yield rf"Name: {name}{date}\par\medskip"
    rules = r"\par ".join(map(tex, sheet.rules))
    yield rf"\fbox{{\parbox{{\dimexpr\linewidth-2\fboxsep-2\fboxrule}}{{{rules}}}}}"
    yield r"\section*{Given}"
    if sheet.drawing:
        yield from picture(sheet.drawing)
    if sheet.drawn:
        yield rf"({tex(sheet.drawn)})\par"
    yield r"\begin{itemize}\setlength{\itemsep}{0pt}"
    yield from (rf"\item {tex_formula(fact)}" for fact in sheet.facts)
    yield r"\end{itemize}"
    for part in sheet.given:
        yield from _part(part, "subsection*")
    for part in sheet.parts:
        yield from _part(part, "section*")
        if not sheet.is_key and any(grid.is_asked for grid in part.grids):
            yield r"\working"
    yield r"\end{document}"


def _part(part: Part, heading: str) -> Iterator[str]:
    yield rf"\{heading}{{{tex(part.title)}}}"
    yield r"{\setlength{\tabcolsep}{3pt}%"
    # Beside grids with labels the others stand as low as these.
    without = r"\strut\\[1pt]" if any(grid.label for grid in part.grids) else ""
    for grid in part.grids:
        label = rf"\textbf{{{tex(grid.label)}}} ({tex(grid.shape)})\\[1pt]"
        label = label if grid.label else without
        body = _table(grid) if grid.is_asked or not grid.is_matrix else _matrix(grid)
        yield rf"\gridof{{{label}%"
        yield from body
        yield "}%"
    yield r"\par}"
    for solution in part.solutions:
        ways = r"\\ ".join(map(tex_formula, solution.written))
        yield rf"\way{{{tex(solution.name)}}}{{{ways}}}"
    if part.solutions:
        yield r"\par"


def _matrix(grid: Grid) -> Iterator[str]:
    yield r"$\begin{bmatrix}"
    for _, cells in grid.rows:
        yield _row([f"\\text{{{tex_formula(cell.text)}}}" for cell in cells])
    yield r"\end{bmatrix}$"


def _table(grid: Grid) -> Iterator[str]:
    """Boxes; a row of numbers has their names above it, a matrix indices around it."""
    box = rf"|>{{\centering\arraybackslash}}p{{{_width(grid)}}}" * len(grid.columns)
    before = "r" if grid.is_matrix else ""
    yield rf"\begin{{tabular}}{{{before}{box}|}}"
    names = [rf"\multicolumn{{1}}{{c}}{{\name{{{tex(each)}}}}}" for each in grid.columns]
    yield _row([*[r"\multicolumn{1}{r}{}"] * grid.is_matrix, *names])
    line = rf"\cline{{{1 + grid.is_matrix}-{len(grid.columns) + grid.is_matrix}}}"
    yield line
    for name, cells in grid.rows:
        first = [rf"\name{{{tex(name)}}}"] if grid.is_matrix else []
        yield _row([*first, *map(_entry, cells)])
        yield line
    yield r"\end{tabular}"


def _width(grid: Grid) -> str:
    """How wide the boxes are: as wide as the longest of their names."""
    longest = max(len(name) for name in grid.columns)
    return f"{max(18.0, 1.65 * longest):.1f}mm"


def _entry(cell: Cell) -> str:
    if not cell.asked:
        return tex_formula(cell.text)
    return rf"\room {tex_formula(cell.text)}".rstrip()


def _row(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"
