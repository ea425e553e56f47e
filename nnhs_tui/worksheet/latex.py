r"""A sheet as a LaTeX document of its own; the packages are in every TeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from nnhs_tui.worksheet.blocks import blocks
from nnhs_tui.worksheet.sheet import Cell, Grid, Part, Sheet
from nnhs_tui.worksheet.tex_diagram import tex_diagram
from nnhs_tui.worksheet.tex_text import tex, tex_formula

HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[a4paper,margin=18mm,headheight=38pt,headsep=5mm,top=24mm]{geometry}
\usepackage{amsmath}
\usepackage{array}
\usepackage{color}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setlength{\emergencystretch}{3em}
\renewcommand{\arraystretch}{1.1}
\setcounter{MaxMatrixCols}{40}
\newcommand{\name}[1]{{\scriptsize\ttfamily #1}}
\newcommand{\room}{\rule[-2.5mm]{0pt}{8.5mm}}
\setlength{\lineskip}{5pt}
\setlength{\lineskiplimit}{3pt}
\newcommand{\gridof}[1]{\begin{tabular}[t]{@{}l@{}}#1\end{tabular}\hspace{7mm}\linebreak[0]}
\newcommand{\way}[2]{\par\hangindent=2em\hangafter=1 {\small\name{#1}\quad #2}}
\newcommand{\working}[1]{\par\medskip\fbox{\parbox[t][#1mm]{\dimexpr\linewidth-2\fboxsep-2\fboxrule}%
{\scriptsize Working:}}\par}
\newenvironment{block}{\par\begin{minipage}{\linewidth}\raggedright\setlength{\parskip}{4pt}}%
{\end{minipage}\par\medskip}
\makeatletter
\newcommand{\runninghead}{}
\newcommand{\lastpage}{?}
\def\ps@sheet{\def\@oddhead{\small\runninghead\quad\thepage/\lastpage}\let\@evenhead\@oddhead
\let\@oddfoot\@empty\let\@evenfoot\@empty}
\newcommand{\fitting}[2]{\sbox0{#2}\ifdim\wd0>#1\textwidth
\parbox[b]{#1\textwidth}{\raggedright #2}\else\usebox0\fi}
\newcommand{\sheet}[2]{\clearpage\setcounter{page}{1}\renewcommand{\runninghead}{#2}%
\renewcommand{\lastpage}{\@ifundefined{r@#1}{?}{\pageref{#1}}}}
% A \label behind the last block may find no page to be on.
\newcommand{\sheetend}[1]{\clearpage\immediate\write\@auxout%
{\string\newlabel{#1}{{}{\number\numexpr\value{page}-1\relax}}}}
\makeatother
\pagestyle{sheet}
\begin{document}
\raggedright"""


def latex(sheet: Sheet) -> str:
    """The sheet as a text of ASCII characters."""
    return latex_of([sheet])


def latex_of(sheets: Sequence[Sheet]) -> str:
    """Sheets as one text of ASCII characters, each on pages of its own."""
    numbered = (_sheet(sheet, number) for number, sheet in enumerate(sheets, 1))
    return "\n".join([HEAD, *chain.from_iterable(numbered), r"\end{document}"]) + "\n"


def _sheet(sheet: Sheet, number: int) -> Iterator[str]:
    title = f"{tex(sheet.title)}{': answers' if sheet.is_key else ''}"
    width = ".45" if sheet.pupil or not sheet.is_key else ".9"
    yield rf"\sheet{{end{number}}}{{\fitting{{{width}}}{{{title}}}{_whose(sheet)}}}"
    yield rf"{{\Large\bfseries {title}\par}}"
    yield r"\medskip"
    rules = r"\par ".join(map(tex, sheet.rules))
    yield rf"\fbox{{\parbox{{\dimexpr\linewidth-2\fboxsep-2\fboxrule}}{{{rules}}}}}"
    yield r"\section*{Given}"
    if sheet.diagram is not None:
        yield from tex_diagram(sheet.diagram)
    if sheet.drawn:
        yield rf"({tex(sheet.drawn)})\par"
    yield r"\begin{itemize}\setlength{\itemsep}{0pt}"
    yield from (rf"\item {tex_formula(fact)}" for fact in sheet.facts)
    yield r"\end{itemize}"
    for part in sheet.given:
        yield from _part(part, sheet, "subsection*")
    for part in sheet.parts:
        yield from _part(part, sheet, "section*")
    yield rf"\sheetend{{end{number}}}"


def _whose(sheet: Sheet) -> str:
    """What stands on every page beside the title: the name, or room for it."""
    if sheet.is_key and not sheet.pupil:
        return r"\hfil"
    name = r"Name: \hrulefill"
    if sheet.pupil:
        name = rf"\fitting{{.26}}{{Name: {tex(sheet.pupil)}}}\hfil"
    date = "" if sheet.is_key else r"\quad Date: \rule{20mm}{0.4pt}"
    return rf"\quad {name}{date}"


def _part(part: Part, sheet: Sheet, heading: str) -> Iterator[str]:
    # Beside grids with labels the others stand as low as these.
    without = r"\strut\\[1pt]" if any(grid.label for grid in part.grids) else ""
    for block in blocks(part, sheet):
        yield r"\begin{block}"
        if block.title:
            yield rf"\{heading}{{{tex(block.title)}}}"
        yield r"{\setlength{\tabcolsep}{3pt}%"
        for grid in block.grids:
            label = rf"\textbf{{{tex(grid.label)}}} ({tex(grid.shape)})\\[1pt]"
            label = label if grid.label else without
            body = _table(grid) if grid.is_asked or not grid.is_matrix else _matrix(grid)
            yield rf"\gridof{{{label}%"
            yield from body
            yield "}%"
        yield r"\par}"
        if block.working:
            yield rf"\working{{{block.working}}}"
        yield r"\end{block}"
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
