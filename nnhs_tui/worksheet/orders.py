"""What sheets somebody wants, and writing them: one as a text, or a class set into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.selection import Selection
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet.folder import file_name, joined_name, prepare_folder, write_new
from nnhs_tui.worksheet.latex import latex, latex_of
from nnhs_tui.worksheet.making import WHOLE, check_size, make_sheet
from nnhs_tui.worksheet.markdown import markdown
from nnhs_tui.worksheet.moodle import moodle
from nnhs_tui.worksheet.portable import pdf, pdf_of
from nnhs_tui.worksheet.sheet import Sheet
from nnhs_tui.worksheet.spreadsheet import spreadsheet
from nnhs_tui.worksheet.webpage import webpage, webpages
from nnhs_tui.worksheet.workbook import workbook

FORMATS: dict[str, Callable[[Sheet], str | bytes]] = {
    "md": markdown,
    "csv": spreadsheet,
    "tex": latex,
    "html": webpage,
    "xlsx": workbook,
    "pdf": pdf,
}
"""How a sheet is written, by the ending of its file."""
BINARY = ("xlsx", "pdf")
"""Those that are no texts."""
MOODLE = "moodle"
"""Sheets as questions of a quiz, all in one file."""
JOINED: dict[str, Callable[[Sequence[Sheet]], str | bytes]] = {
    "html": webpages,
    "tex": latex_of,
    "pdf": pdf_of,
}
"""How many sheets are written into one file for the printer."""


@dataclass(frozen=True)
class Order:
    """What is the same for all sheets of a set."""

    format: str = "md"
    selection: Selection = WHOLE
    arithmetic: str = ""
    """exact or hand; "" as the scenario has it."""
    digits: int | None = None
    """None: as many as the scenario has."""
    by_neurons: bool = False
    """Whether matrices have a row for each neuron, and the equations are W·x."""
    separator: str = ""
    """What a CSV has between its columns; "" for commas and no more."""
    strict: bool = False
    """Whether a close answer of a quiz is worth only half."""
    with_mistake: bool = False
    """Whether a sheet is filled in, with one mistake that is to be found."""
    key: bool = False
    """Whether the answers are wanted: in place of a sheet on its own, else beside each."""

    def text(self, scenario: Scenario, seed: int | None = None, pupil: str = "") -> str | bytes:
        """One sheet, or its key.

        Raises:
            NnhsError: it would be too long, or the first round cannot be computed.
        """
        check_size(scenario, self.selection)
        return self._written(self._session(scenario, seed), Copy(seed, pupil), self.key)

    def quiz(self, scenario: Scenario, copies: Sequence[Copy]) -> str:
        """The questions of a Moodle quiz, each of them with the numbers of every copy.

        Raises:
            NnhsError: there would be too many, or the first round cannot be computed.
        """
        check_size(scenario, self.selection)
        sheets = []
        for copy in copies:
            session = self._session(scenario, copy.seed)
            questions = Questions(session.scenario, session.digits)
            sheets.append((self._sheet(session, copy, is_key=False), questions))
        return moodle(scenario.title, sheets, strict=self.strict)

    def write_quiz(
        self, scenario: Scenario, folder: Path, copies: Sequence[Copy]
    ) -> Iterator[Path]:
        """Write it into a file, which is given when it is there.

        Raises:
            NnhsError: it is there already, or cannot be made.
        """
        name = f"{scenario.name}-quiz.xml"
        prepare_folder(folder, [name])
        write_new(folder / name, self.quiz(scenario, copies))
        yield folder / name

    def join(self, scenario: Scenario, folder: Path, copies: Sequence[Copy]) -> Iterator[Path]:
        """Write all sheets into one file, and their keys into another.

        Raises:
            Refusal: sheets of this format cannot be joined.
            NnhsError: a file is there already (then none is written), or one cannot be made.
        """
        written = JOINED.get(self.format)
        if written is None:
            told = f"sheets as {self.format} cannot be joined"
            raise Refusal(f"{told}; expected {', '.join(JOINED)}")
        check_size(scenario, self.selection)
        kinds = (False, True) if self.key else (False,)
        names = {is_key: joined_name(scenario.name, self.format, is_key=is_key) for is_key in kinds}
        prepare_folder(folder, names.values())
        for is_key in kinds:
            sheets = [
                self._sheet(self._session(scenario, copy.seed), copy, is_key) for copy in copies
            ]
            path = folder / names[is_key]
            write_new(path, written(sheets))
            yield path

    def write(self, scenario: Scenario, folder: Path, copies: Sequence[Copy]) -> Iterator[Path]:
        """Write a sheet for each copy, and its key; gives each file when it is there.

        Raises:
            NnhsError: a file is there already (then none is written), or one cannot be made.
        """
        check_size(scenario, self.selection)
        kinds = (False, True) if self.key else (False,)
        width = max(len(str(copy.seed)) for copy in copies)
        names = {
            (copy.seed, is_key): file_name(
                scenario.name, copy.seed, self.format, width=width, is_key=is_key
            )
            for copy in copies
            for is_key in kinds
        }
        prepare_folder(folder, names.values())
        for copy in copies:
            session = self._session(scenario, copy.seed)
            for is_key in kinds:
                path = folder / names[copy.seed, is_key]
                write_new(path, self._written(session, copy, is_key))
                yield path

    def _session(self, scenario: Scenario, seed: int | None) -> Session:
        numbers = scenario if seed is None else variant(scenario, seed)
        return Session(numbers, arithmetic=self.arithmetic, digits=self.digits)

    def _sheet(self, session: Session, copy: Copy, is_key: bool) -> Sheet:
        sheet = make_sheet(
            session,
            self.selection,
            seed=copy.seed,
            is_key=is_key,
            by_neurons=self.by_neurons,
            with_mistake=self.with_mistake,
        )
        return replace(sheet, pupil=copy.pupil)

    def _written(self, session: Session, copy: Copy, is_key: bool) -> str | bytes:
        sheet = self._sheet(session, copy, is_key)
        if self.format == "csv":
            return spreadsheet(sheet, self.separator)
        return FORMATS[self.format](sheet)


@dataclass(frozen=True)
class Copy:
    """A sheet of a set: its numbers, and whose it is."""

    seed: int | None = None
    """None: the scenario's own numbers."""
    pupil: str = ""


def copies(first: int | None, count: int | None, pupils: Sequence[str] = ()) -> list[Copy]:
    """The sheets of a set, one for each pupil where their names are given.

    >>> [each.seed for each in copies(7, None)], [each.seed for each in copies(None, 3)]
    ([7], [1, 2, 3])
    >>> copies(0, None, ["Ada", "Ben"])
    [Copy(seed=0, pupil='Ada'), Copy(seed=1, pupil='Ben')]
    """
    if count is None and not pupils:
        return [Copy(first)]
    start = 1 if first is None else first
    every = range(len(pupils) if count is None else count)
    return [Copy(start + n, pupils[n] if n < len(pupils) else "") for n in every]
