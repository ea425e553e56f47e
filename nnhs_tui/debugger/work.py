"""Work that takes a while, done turn by turn: so whoever runs it can look up, and break off."""

from __future__ import annotations

from typing import Protocol

from nnhs_tui.debugger.outcome import Outcome


class Work(Protocol):
    """A command under way. The session stays where it is until `finish`."""

    @property
    def doing(self) -> str:
        """What it is, in a word."""

    @property
    def done(self) -> int:
        """Turns taken so far."""

    @property
    def total(self) -> int:
        """Turns there are at most."""

    @property
    def leads_there(self) -> str:
        """The command that leads to the same, for a recording; "" where nothing came of it."""

    def describe(self) -> str:
        """`412 of 1000 rounds`."""

    def advance(self) -> bool:
        """Take a turn; False at the end."""

    def finish(self) -> Outcome:
        """End where it is, and say what has become of it."""


def run_to_end(work: Work) -> Outcome:
    """Take all turns that are left."""
    while work.advance():
        pass
    return work.finish()
