"""Replaying: the commands of a file carried out, at once, at a speed, or one at a key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nnhs_tui.core.commands import parse
from nnhs_tui.core.errors import Refusal


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
    are no command are left out, and `faults` names them.
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
                parse(text)
            except Refusal as refusal:
                self.faults.append(f"line {number}: {refusal}")
            else:
                caption = " ".join(filter(None, remarks))
                self.lines.append(ReplayLine(number, caption, text))
            remarks = []
            if text == "quit":
                break

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
