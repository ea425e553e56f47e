"""How much work the second look at a sheet may be: counted, and the same for each of a class.

What a verdict is must not depend on what else stands on a sheet that a worksheet could ask for.
So the rounds that are gone through again and the wrong answers that known mistakes are looked for
at each have a bound of their own, which follows from the scenario alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.marking.asked_quantities import MOST_ROWS, count_asked
from nnhs_tui.marking.judge import WRONG, Find, Judge, Row

MOST_LINES = 300_000
"""Lines of a calculation that are worked out again from a person's own numbers."""

FEW_LINES, FEW_ROUNDS, FEW_LOOKS = 5_000, 10, 100
"""So many always are, or so many rounds; and so many wrong answers are looked at."""

TOO_LONG = "up to this round it is too long for going on from your own numbers"
TOO_MANY = "known mistakes are not looked for: the sheet has more wrong answers than a worksheet"


@dataclass(frozen=True)
class Bounds:
    """What the second look at one sheet may take."""

    rounds: int
    """Rounds that are worked out again from a person's own numbers; 0 for none."""
    looks: int
    """Wrong answers that known mistakes are looked for at."""


def bounds(schedule: Schedule, lines: int, rounds: int) -> Bounds:
    """What a scenario's sheets may take: all that its worksheet, over all its rounds, can need.

    Args:
        lines: about how many a round's calculation has.
        rounds: those the scenario's file asks for.
    """
    wanted = max(FEW_ROUNDS, rounds, FEW_LINES // lines)
    blanks = rounds * count_asked(schedule, "node", most=MOST_ROWS)
    return Bounds(min(wanted, MOST_LINES // lines), max(FEW_LOOKS, min(blanks, MOST_ROWS)))


@dataclass
class Looks:
    """Looks for known mistakes at the wrong answers of one sheet, as often as it may."""

    judge: Judge
    left: int

    def look_for_mistakes(self, row: Row, find: Find | None = None) -> None:
        """Settle an answer that follows from nothing."""
        if not self.left:
            row.verdict, row.message = WRONG, f"wrong; {TOO_MANY}"
            return
        self.left -= 1
        self.judge.look_for_mistakes(row, find)
