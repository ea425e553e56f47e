"""Recording what is done, if it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui.ui.debugger.part import Debugger, Part

if TYPE_CHECKING:
    from nnhs_tui.ui.debugger.recording import Recording


class Recorder(Part):
    """The recording that is made of a session, or none."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__(debugger)
        self.recording: Recording | None = None

    def begin(self, recording: Recording) -> None:
        """Record from here on."""
        self.recording = recording
        self.tell(recording.begin(self._debugger.session))

    def begin_again(self) -> None:
        """The scenario was saved over: go on from what its file says now."""
        if self.recording is not None:
            self.tell(self.recording.begin_again(self._debugger.session))

    def add(self, command: str) -> None:
        """Write down a command that was carried out."""
        if self.recording is not None:
            self.tell(self.recording.add(command))

    def tell(self, fault: str) -> None:
        """Say what went wrong with a recording; "" is nothing."""
        if fault:
            self._debugger.row.refuse(fault)
            self._debugger.redraw_soon()

    def close(self) -> None:
        """The scenario is left: nothing more is written."""
        if self.recording is not None:
            self.recording.close()

    def end(self) -> bool:
        """Record no more; whether it was recorded."""
        was_recorded, self.recording = self.recording is not None, None
        return was_recorded
