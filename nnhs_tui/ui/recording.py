"""Recording: the commands of a session, one a line, as a file that can be replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui import __version__
from nnhs_tui.core.commands import parse
from nnhs_tui.core.errors import Fault, Refusal, ScenarioError, printable

if TYPE_CHECKING:
    from nnhs_tui.core.session import Session

LEFT_OUT = {
    *("accept", "remove"),  # The command of the row is recorded instead.
    *("play", "faster", "slower", "stop", "replay-next"),  # So are the steps.
    *("copy", "copy-formula", "save", "save!", "reload"),  # These do something outside.
}
"""Commands that are not recorded; nor are those of the program, such as help and quit."""


class Recording:
    """A file that grows with every command, so that what ends the program loses nothing.

    Raises:
        ScenarioError: the file is there already, or cannot be written.
    """

    def __init__(self, path: str) -> None:
        try:
            self._file = open(path, "x", encoding="utf-8", buffering=1)  # noqa: SIM115
        except FileExistsError:
            found, cure = "there is a file of this name already", "expected a new name"
        except OSError as error:
            found, cure = f"it cannot be written ({error.strerror or error})", "expected a new file"
        except ValueError:
            found, cure = "no file can have this name", "expected a new file"
        else:
            return
        raise ScenarioError((Fault(printable(path), "", found, cure),))

    def begin(self, session: Session) -> str:
        """Say what is recorded, and what leads to where the session is; see `add`."""
        from nnhs_tui.core.whereabouts import whereabouts

        scenario, place = session.scenario, whereabouts(session)
        lines = [f"# nnhs-tui {__version__}: {printable(scenario.name)}"]
        lines += [] if place.is_the_start else place.as_commands()
        return self._write("".join(f"{line}\n" for line in lines))

    def add(self, command: str) -> str:
        """Record a command that was carried out; what went wrong, "" if nothing did."""
        try:
            found, _ = parse(command)
        except Refusal:
            return ""
        if found.group == "Program" or found.word in LEFT_OUT:
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
