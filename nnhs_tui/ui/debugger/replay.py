"""Replaying: the commands of a file carried out, at once, at a speed, or one at a key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nnhs_tui.commands.commands import Command, parse
from nnhs_tui.commands.row import ASKS, LEAVES, PLAYS
from nnhs_tui.errors import Refusal

LEFT_OUT = (PLAYS, ASKS, LEAVES)
"""A replay carries out no command for one of these: it is played, and nobody waits for it."""


def can_be_replayed(command: Command) -> bool:
    """Whether a file may have this command carried out; one that is read must write nothing."""
    return command.stays_inside and command.row.use not in LEFT_OUT


@dataclass(frozen=True)
class ReplayLine:
    """A command of the file."""

    number: int
    """The line it stands in, from 1."""
    caption: str
    """The remarks above it; "" where there are none."""
    command: str


class Replay:
    """The commands of a file, one after the other.

    Empty lines say nothing; those that begin with # are captions of the next command. Lines that
    are no command, or none for a replay, are left out, and `faults` names them.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines: list[ReplayLine] = []
        self.faults: list[str] = []
        self.done = 0
        """How many commands were carried out."""
        remarks: list[str] = []
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if text.startswith("#"):
                remarks.append(text.lstrip("# "))
                continue
            if not text:
                continue
            try:
                _check(text)
            except Refusal as refusal:
                self.faults.append(f"line {number}: {refusal}")
            else:
                caption = " ".join(filter(None, remarks))
                self.lines.append(ReplayLine(number, caption, text))
            remarks = []

    @property
    def left(self) -> int:
        """How many commands are still to come."""
        return len(self.lines) - self.done

    def next(self) -> ReplayLine:
        """The next command; it counts as carried out."""
        self.done += 1
        return self.lines[self.done - 1]

    def told_faults(self) -> str:
        """`line 3: there is no command … (and 2 more)`; "" where there are none."""
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        return self.faults[0] + more if self.faults else ""


def _check(text: str) -> None:
    """Raises Refusal for what a replay cannot carry out."""
    command, _ = parse(text)
    if not can_be_replayed(command):
        raise Refusal(f"{command.word} is left out of a replay")
