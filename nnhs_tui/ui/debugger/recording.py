"""Recording: the commands of a session, one a line, as a file that can be replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui import __version__
from nnhs_tui.commands.commands import Command, parse
from nnhs_tui.commands.row import ACTS
from nnhs_tui.errors import Refusal, printable
from nnhs_tui.scenario.writing import cannot_begin

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session


def is_recorded(command: Command) -> bool:
    """Whether a command is written down: it does something, and nothing outside.

    Of what is chosen, and of playing, the commands that come of it are written down instead.
    """
    return command.row.use == ACTS and command.stays_inside


class Recording:
    """A file that grows with every command, so that what ends the program loses nothing.

    Raises:
        ScenarioError: the file is there already, or cannot be written.
    """

    def __init__(self, path: str) -> None:
        try:
            self._file = open(path, "x", encoding="utf-8", buffering=1)  # noqa: SIM115
        except (OSError, ValueError) as error:
            raise cannot_begin(path, error) from error

    def begin(self, session: Session) -> str:
        """Say what is recorded, and what leads to where the session is; see `add`."""
        lines = [f"# nnhs-tui {__version__}: {printable(session.scenario.name)}"]
        return self._write_lines([*lines, *_ways_to(session)])

    def begin_again(self, session: Session) -> str:
        """The scenario was saved over: go on from what its file says now; see `add`."""
        # Breakpoints and watches stay over a reset; to name them once more would take them away.
        switches = ("break", "disable", "watch")
        ways = [each for each in _ways_to(session) if each.split()[0] not in switches]
        return self._write_lines(["# the scenario was saved as it was here", "reset", *ways])

    def _write_lines(self, lines: list[str]) -> str:
        return self._write("".join(f"{printable(line)}\n" for line in lines))

    def add(self, command: str) -> str:
        """Record a command that was carried out; what went wrong, "" if nothing did."""
        try:
            found, _ = parse(command)
        except Refusal:
            return ""
        if not is_recorded(found):
            return ""
        return self._write(f"{printable(command)}\n")

    def _write(self, text: str) -> str:
        if self._file.closed:
            return ""
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            self.close()
            return f"the recording ends here: it cannot be written ({error.strerror or error})"
        return ""

    def close(self) -> None:
        """End the recording."""
        try:
            self._file.close()
        except OSError:
            # What could not be written has been told.
            return


def _ways_to(session: Session) -> list[str]:
    """The commands that lead to where a session is, from the start as its scenario says it."""
    from nnhs_tui.debugger.whereabouts import whereabouts

    scenario = session.scenario
    place = whereabouts(session, since=(scenario.arithmetic, scenario.digits))
    return [] if place.is_the_start else place.as_commands()
