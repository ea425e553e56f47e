"""What came out of a self-test: by phase, by kind of mistake, and what to practise next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.marking.judge import MISTAKE, WRONG
from nnhs_tui.selftest.selftest import SelfTest

TIPS = {
    "missing-local": "Each step back is what arrives times the local derivative: write down both.",
    "missing-upstream": "The local derivative is one half: multiply by what arrives from in front.",
    "reversed-difference": "Output minus target, o - t: the other way round every sign turns.",
    "loss-factor": "Look which loss it is: with 1/n, with ½, or with neither.",
    "mean-of-errors": "Every output has a gradient of its own; do not average them.",
    "transposed": "One row for each input, one column for each neuron: check row and column.",
    "wrong-index": "Put a finger on the weight in the picture: from which input, to which neuron?",
    "one-path": "Where a value is used several times, add up what comes back on every path.",
    "not-zeroed": "A new round begins with gradients of 0.",
    "updated-weights": "Go all the way back with the old weights, and update them at the end.",
    "relu-gate": "Look at z first: at 0 and below, a ReLU lets nothing through, back either.",
    "wrong-derivative": "The sigmoid's slope is a(1 - a), with the a that came out of it.",
    "added-update": "New weight = old weight minus learning rate times gradient.",
    "missing-learning-rate": "The step is the learning rate times the gradient.",
    "missing-bias": "The sum of a neuron ends with its bias.",
    "exp-sign": "In the sigmoid it is exp(-z).",
    "sign": "Keep an eye on the signs: write minus numbers in brackets.",
    "power-of-ten": "Count the decimals: a rough guess first shows where the point belongs.",
    "reciprocal": "Which one is divided by which? Guess first whether it is above or below 1.",
    "truncated": "Round: from 5 on, the last digit that stays grows by one.",
}
"""What to do about each mistake, in a sentence."""


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


def advice(found: Report) -> list[str]:
    """What to practise next, in sentences; the most useful first."""
    told = [f"{TIPS[name]}" for name, _ in found.mistakes[:3]]
    weakest = max(
        found.phases.items(), key=lambda each: each[1].wrong + each[1].later, default=None
    )
    if weakest and weakest[1].wrong + weakest[1].later > 1 and len(found.phases) > 1:
        told.append(f"Most went wrong in the {weakest[0]} phase: practise it by itself.")
    if found.unknown and not found.mistakes:
        told.append("Step through it beside your paper, and compare number by number.")
    left = sum(each.left for each in found.phases.values())
    if not told and not left:
        told.append("All right. Try it with other numbers, or with a larger net.")
    return told
