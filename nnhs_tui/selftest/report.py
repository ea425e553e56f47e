"""What came out of a self-test: by phase, by kind of mistake, and what to practise next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.labels import PHASE
from nnhs_tui.marking.judge import MISTAKE, WRONG
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.selftest.selftest import SelfTest


@dataclass
class PhaseReport:
    """A phase in numbers."""

    asked: int = 0
    at_once: int = 0
    """Right at the first try, the result not seen before."""
    later: int = 0
    """Right in the end."""
    hinted: int = 0
    """With a hint looked at."""
    left: int = 0
    """Never answered."""

    @property
    def wrong(self) -> int:
        """Answered, and not right in the end."""
        return self.asked - self.at_once - self.later - self.left


@dataclass(frozen=True)
class Report:
    """All of it."""

    phases: dict[str, PhaseReport]
    mistakes: list[tuple[str, int]]
    """Known mistakes, the most frequent first, and how often each was made."""
    unknown: int
    """Wrong answers that no known mistake gives."""
    went_wrong: tuple[str, ...]
    """The quantities worth another try."""

    @property
    def answered(self) -> int:
        """How many numbers were answered."""
        return sum(each.asked - each.left for each in self.phases.values())


def report(test: SelfTest) -> Report:
    """What came out of a test so far."""
    phases: dict[str, PhaseReport] = {}
    mistakes: Counter[str] = Counter()
    unknown = 0
    for ask in test.asks:
        of = phases.setdefault(ask.phase, PhaseReport())
        for name in ask.names:
            tries = test.tries_of(name)
            of.asked += 1
            of.hinted += tries.hints > 0
            if tries.is_right_at_once:
                of.at_once += 1
            elif tries.is_right:
                of.later += 1
            elif not tries.answers:
                of.left += 1
            for each in tries.answers:
                if each.verdict == MISTAKE:
                    mistakes.update(each.mistakes[:1])
                unknown += each.verdict == WRONG
    order = [each for each in (FORWARD, BACKWARD, UPDATE) if each in phases]
    wrong = tuple(name for name in test.names if test.tries_of(name).went_wrong)
    return Report({each: phases[each] for each in order}, mistakes.most_common(), unknown, wrong)


def _weakest(found: Report) -> str:
    """The phase in which the largest share of what was answered went wrong; "" where none stands
    out: there is only one, two are alike, or nothing but a slip was made."""
    shares = sorted(
        ((each.wrong + each.later) / max(1, each.asked - each.left), each.wrong + each.later, name)
        for name, each in found.phases.items()
    )
    if len(shares) < 2 or shares[-1][1] < 2 or shares[-1][0] == shares[-2][0]:
        return ""
    return shares[-1][2]


def advice(found: Report) -> list[str]:
    """What to practise next, in sentences; the most useful first."""
    told = [KNOWN[name].tip for name, _ in found.mistakes[:3]]
    if weakest := _weakest(found):
        told.append(f"Most went wrong in the {PHASE[weakest]} phase: practise it by itself.")
    if found.unknown and not found.mistakes:
        told.append("Step through it beside your paper, and compare number by number.")
    left = sum(each.left for each in found.phases.values())
    if not told and not left:
        told.append("All right. Try it with other numbers, or with a larger net.")
    return told
