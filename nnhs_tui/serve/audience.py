"""Everyone who is connected, whichever way they came, and what the hall tells all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from nnhs_tui.hall.hall import ANSWERED, CAME, Hall
from nnhs_tui.hall.people import Person
from nnhs_tui.serve.alone import Reels
from nnhs_tui.serve.gate import Gate
from nnhs_tui.serve.log import Log
from nnhs_tui.serve.painting import Painter
from nnhs_tui.serve.viewer import Viewer


class Guest(Protocol):
    """One who is connected."""

    @property
    def viewer(self) -> Viewer | None:
        """What they see, once they have a name."""

    def look(self) -> None:
        """What there is to see has changed."""

    def send_away(self, told: str) -> None:
        """End the connection."""


class Audience:
    """Everyone who is connected.

    Args:
        log: told who comes to the door, by address.
        paths: the files of the scenarios that are offered.
    """

    def __init__(self, hall: Hall, gate: Gate, log: Log, paths: Sequence[str] = ()) -> None:
        self.hall, self.gate, self.log, self.paths = hall, gate, log, paths
        self.own_sessions = 0
        """How many have a session of their own at the moment."""
        self.painter, self.reels = Painter(), Reels()
        self.guests: set[Guest] = set()
        hall.listen(self._hear)
        hall.on_refusal(self._refuse)

    def join(self, name: str) -> Viewer:
        """A viewer for somebody new."""
        return Viewer(self.hall, self.reels, self.hall.come(name))

    def _hear(self, what: str) -> None:
        if what in (ANSWERED, CAME):
            # Only the presenter sees those.
            return
        self.every(lambda guest: guest.look())

    def _refuse(self, person: Person) -> None:
        for guest in self._of(person):
            guest.send_away("the presenter has sent you away")

    def _of(self, person: Person) -> list[Guest]:
        return [
            each for each in self.guests if each.viewer is not None and each.viewer.person is person
        ]

    def say_goodbye(self, told: str = "the presentation is over") -> None:
        """End every connection."""
        self.every(lambda guest: guest.send_away(told))

    def every(self, act: Callable[[Guest], None]) -> None:
        """Do something for each; what goes wrong with one ends it for nobody else."""
        for guest in tuple(self.guests):
            try:
                act(guest)
            except Exception as error:
                # It is the presenter's key that came here, and their program that would end.
                self.log("?", f"not shown to one of the audience: {type(error).__name__}: {error}")
