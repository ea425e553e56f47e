"""What sheets somebody wants, and writing them: one as a text, or a class set into a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnhs_tui.debugger.session import Session
from nnhs_tui.marking.asked_quantities import PHASES
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet.folder import file_name, prepare_folder, write_new
from nnhs_tui.worksheet.latex import latex
from nnhs_tui.worksheet.making import check_size, make_sheet
from nnhs_tui.worksheet.markdown import markdown
from nnhs_tui.worksheet.sheet import Sheet
from nnhs_tui.worksheet.spreadsheet import spreadsheet
from nnhs_tui.worksheet.webpage import webpage

FORMATS: dict[str, Callable[[Sheet], str]] = {
    "md": markdown,
    "csv": spreadsheet,
    "tex": latex,
    "html": webpage,
}
"""How a sheet is written, by the ending of its file."""


@dataclass(frozen=True)
class Order:
    """What is the same for all sheets of a set."""

    format: str = "md"
    level: str = "neuron"
    phases: Collection[str] | None = None
    """None: all of them."""
    arithmetic: str = ""
    """exact or hand; "" as the scenario has it."""
    digits: int | None = None
    """None: as many as the scenario has."""
    key: bool = False
    """Whether the answers are wanted: in place of a sheet on its own, else beside each."""

    def text(self, scenario: Scenario, seed: int | None = None) -> str:
        """One sheet, or its key.

        Raises:
            NnhsError: it would be too long, or the first round cannot be computed.
        """
        check_size(scenario, self.level, self.phases or PHASES)
        return self._written(self._session(scenario, seed), seed, self.key)

    def write(
        self, scenario: Scenario, folder: Path, numbers: Sequence[int | None]
    ) -> Iterator[Path]:
        """Write a sheet for each seed, and its key; gives each file when it is there.

        Raises:
            NnhsError: a file is there already (then none is written), or one cannot be made.
        """
        check_size(scenario, self.level, self.phases or PHASES)
        kinds = (False, True) if self.key else (False,)
        names = {
            (seed, kind): file_name(scenario.name, seed, self.format, is_key=kind)
            for seed in numbers
            for kind in kinds
        }
        prepare_folder(folder, names.values())
        for seed in numbers:
            session = self._session(scenario, seed)
            for kind in kinds:
                path = folder / names[seed, kind]
                write_new(path, self._written(session, seed, kind))
                yield path

    def _session(self, scenario: Scenario, seed: int | None) -> Session:
        numbers = scenario if seed is None else variant(scenario, seed)
        return Session(numbers, arithmetic=self.arithmetic, digits=self.digits)

    def _written(self, session: Session, seed: int | None, is_key: bool) -> str:
        phases = self.phases or PHASES
        sheet = make_sheet(session, self.level, phases, seed=seed, is_key=is_key)
        return FORMATS[self.format](sheet)


def seeds(first: int | None, count: int | None) -> Sequence[int | None]:
    """The seeds of a set of sheets; None stands for the scenario's own numbers.

    >>> list(seeds(None, None)), list(seeds(7, None)), list(seeds(None, 3)), list(seeds(0, 2))
    ([None], [7], [1, 2, 3], [0, 1])
    """
    if count is None:
        return [first]
    start = 1 if first is None else first
    return range(start, start + count)
