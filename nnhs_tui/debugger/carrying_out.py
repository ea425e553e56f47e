"""Carrying out a command: at once, or as the work that it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from nnhs_tui.commands.commands import SESSION, parse
from nnhs_tui.debugger.outcome import REFUSED, UNCHANGED, Outcome
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.work import Work
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.training.branches import RoundsAhead


def begin(session: Session, command: str) -> Work | Outcome:
    """Carry out a command, or where that may take long give the work it is."""
    try:
        found, argument = parse(command)
        if found.scope == SESSION and found.word == "train":
            from nnhs_tui.debugger.training import Training  # Only who trains waits for it.

            return Training(session, argument)
        if found.scope == SESSION and found.group.name == "breakpoints":
            from nnhs_tui.debugger.actions.breakpoints import search_of

            if (search := search_of(session, found.word, argument)) is not None:
                return search
        return session.execute(command, at_once=False)
    except Refusal as refusal:
        return Outcome(REFUSED, str(refusal))
    except RoundsAhead as ahead:
        return CatchingUp(session, command, ahead)
    except MemoryError as error:
        return session.short_of_memory(error)


class CatchingUp:
    """A command that needs rounds of another branch: they are run first, then it is carried out."""

    doing = "running"

    def __init__(self, session: Session, command: str, ahead: RoundsAhead) -> None:
        self._session, self._command = session, command
        self._turns = _turns(session, ahead)
        self._is_there = False
        self.done, self.total = 0, ahead.count

    @property
    def leads_there(self) -> str:
        """The command, if it was carried out."""
        return self._command if self._is_there else ""

    def describe(self) -> str:
        """`412 of 1000 rounds`."""
        self.total = max(self.total, self.done)
        return f"{self.done} of {self.total} rounds"

    def advance(self) -> bool:
        """Run a round."""
        try:
            next(self._turns)
        except (StopIteration, ComputationError, MemoryError):
            # Of a round that cannot be computed the command itself says what that means.
            self._is_there = True
            return False
        self.done += 1
        return True

    def finish(self) -> Outcome:
        """Carry out the command; where it was broken off, nothing has changed."""
        if self._is_there:
            return self._session.execute(self._command)
        return Outcome(UNCHANGED, "broken off: everything is as it was")


def _turns(session: Session, ahead: RoundsAhead) -> Iterator[None]:
    """The rounds of a branch; then, as far as they go, those of the one it is compared with."""
    yield from session.runs.ahead(ahead.branch, ahead.number)
    with suppress(ComputationError, MemoryError):
        yield from session.runs.ahead(ahead.branch.unedited, ahead.number)
