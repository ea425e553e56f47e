"""The session: a cursor over the record, moved by commands that are printable strings.

What a screen shows is a function of (arithmetic, digits, round, step) alone, so every way of
reaching a step shows the same state. Each arithmetic is a branch of its own: its rounds are
computed from the scenario's own parameters, and those of the other branches stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.core.arithmetic import arithmetic, shown
from nnhs_tui.core.commands import SESSION, parse
from nnhs_tui.core.compiler import compile_tape
from nnhs_tui.core.errors import ComputationError, Refusal
from nnhs_tui.core.names import Names
from nnhs_tui.core.reading.limits import MAX_DIGITS
from nnhs_tui.core.rounds import Run
from nnhs_tui.core.scenario import Scenario
from nnhs_tui.core.scene import Scene

MOVED, UNCHANGED, REFUSED = "moved", "unchanged", "refused"

Branch = tuple[str, int | None]
"""Arithmetic and, where it changes the numbers, the decimals carried."""


@dataclass(frozen=True)
class Outcome:
    """What became of a command."""

    kind: str
    """moved, unchanged (nothing to do) or refused."""
    message: str = ""


class Session:
    """One scenario being walked.

    Raises:
        ComputationError: the first round overflows.
    """

    def __init__(self, scenario: Scenario, *, arithmetic: str = "", digits: int | None = None):
        self.scenario = scenario
        self.tape = compile_tape(scenario)
        self.names = Names(self.tape)
        self._start = (
            arithmetic or scenario.arithmetic,
            scenario.digits if digits is None else digits,
        )
        self._begin()

    def _begin(self) -> None:
        self.arithmetic_name, self.digits = self._start
        self._runs: dict[Branch, Run] = {}
        self._applied: dict[Branch, int] = {}
        self.round = 0
        self.index = 0
        self._open(self.arithmetic_name, self.digits)

    def execute(self, command: str) -> Outcome:
        """Carry out a command; what cannot be done says why and leaves everything as it was."""
        try:
            found, argument = parse(command)
            if found.scope != SESSION:
                raise Refusal(f"{found.word} works on the screen only")
            handler = getattr(self, "_" + found.word.replace("-", "_"))
            outcome: Outcome = handler(argument) if found.argument else handler()
            return outcome
        except (Refusal, ComputationError) as error:
            return Outcome(REFUSED, str(error))

    def scene(self) -> Scene:
        """What there is to see at the cursor."""
        return Scene(
            self.scenario, self.run, self.names, self.round, self.rounds, self.index, self.digits
        )

    @property
    def branch(self) -> Branch:
        return _branch(self.arithmetic_name, self.digits)

    @property
    def run(self) -> Run:
        return self._runs[self.branch]

    @property
    def rounds(self) -> int:
        """How many rounds there are in this branch: those applied, and the one in work."""
        return self._applied[self.branch]

    @property
    def total(self) -> int:
        """Steps of a round."""
        return self.run.schedule.total

    def _open(self, name: str, digits: int) -> None:
        """Make a branch reach the round of the cursor; raises before anything is changed."""
        branch = _branch(name, digits)
        run = self._runs.get(branch) or Run(self.tape, arithmetic(name, digits))
        run.round(self.round)
        self._runs[branch] = run
        self._applied[branch] = max(self._applied.get(branch, 1), self.round + 1)
        self.arithmetic_name, self.digits = name, digits

    def _move(self, index: int, message: str = "") -> Outcome:
        if index == self.index:
            return Outcome(UNCHANGED, message)
        self.index = index
        return Outcome(MOVED, message)

    def _next(self) -> Outcome:
        if self.index + 1 < self.total:
            return self._move(self.index + 1)
        if self.round + 1 < self.rounds:
            self.round, self.index = self.round + 1, 0
            return Outcome(MOVED)
        if not self.tape.parameters:
            return Outcome(UNCHANGED, "this is the last step; there are no parameters to update")
        return Outcome(UNCHANGED, "the round is complete: apply takes the new parameters (key a)")

    def _back(self) -> Outcome:
        if self.index > 0:
            return self._move(self.index - 1)
        if self.round > 0:
            self.round, self.index = self.round - 1, self.total - 1
            return Outcome(MOVED)
        return Outcome(UNCHANGED, "this is the first step")

    def _first(self) -> Outcome:
        return self._move(0)

    def _last(self) -> Outcome:
        return self._move(self.total - 1)

    def _next_phase(self) -> Outcome:
        starts = [start for start, _, _ in self.run.schedule.phases() if start > self.index]
        if starts:
            return self._move(starts[0])
        return self._move(self.total - 1, "this is the last phase of the round")

    def _previous_phase(self) -> Outcome:
        starts = [start for start, _, _ in self.run.schedule.phases() if start < self.index]
        return self._move(starts[-1] if starts else 0)

    def _goto(self, argument: str) -> Outcome:
        number = _whole(argument, "goto", "a step", 1, self.total)
        return self._move(number - 1)

    def _apply(self) -> Outcome:
        if not self.tape.parameters:
            raise Refusal("there is nothing to update: this scenario has no parameters")
        if self.round + 1 < self.rounds:
            message = f"round {self.round + 2} is there already: the same update gives the same"
        else:
            self.run.round(self.round + 1)
            self._applied[self.branch] = self.round + 2
            message = f"update applied: {self._losses()}round {self.round + 2} begins"
            message += self._branching()
        self.round, self.index = self.round + 1, 0
        return Outcome(MOVED, message)

    def _losses(self) -> str:
        """`loss 0.34 → 0.28; `, from this round to the next."""
        losses = [self.run.round(number).loss for number in (self.round, self.round + 1)]
        if None in losses:
            return ""
        before, after = (shown(loss, self.digits) for loss in losses)
        return f"loss {before} → {after}; "

    def _branching(self) -> str:
        others = [b for b, n in self._applied.items() if b != self.branch and n > self.round + 1]
        if not others or self._applied[self.branch] != self.round + 2:
            return ""
        kept = ", ".join(_branch_name(each) for each in others)
        return f", in a new branch ({_branch_name(self.branch)}); the rounds in {kept} stay"

    def _restart(self) -> Outcome:
        return self._move(0)

    def _reset(self) -> Outcome:
        self._begin()
        return Outcome(MOVED, "everything as the scenario says: round 1, step 1")

    def _round(self, argument: str) -> Outcome:
        number = _whole(argument, "round", "a round that was applied", 1, self.rounds)
        if number - 1 == self.round:
            return self._move(0)
        self.round, self.index = number - 1, 0
        return Outcome(MOVED)

    def _branches(self) -> Outcome:
        listed = (f"{_branch_name(b)}: {n} round{'s' * (n != 1)}" for b, n in self._applied.items())
        return Outcome(UNCHANGED, "; ".join(listed))

    def _arithmetic(self, argument: str) -> Outcome:
        if argument not in ("", "exact", "hand"):
            raise Refusal(f"arithmetic is exact or hand, found {argument!r}")
        name = argument or {"exact": "hand", "hand": "exact"}[self.arithmetic_name]
        if name == self.arithmetic_name:
            return Outcome(UNCHANGED, f"already in {name} arithmetic")
        self._open(name, self.digits)
        how = f"every step rounded to {_decimals(self.digits)}" if name == "hand" else "no rounding"
        before = (
            f"; so were the {self.round} updates before" if self.round and name == "hand" else ""
        )
        return Outcome(MOVED, f"{name} arithmetic: {how}{before}")

    def _digits(self, argument: str) -> Outcome:
        digits = _whole(argument, "digits", "a number of decimals", 0, MAX_DIGITS)
        if digits == self.digits:
            return Outcome(UNCHANGED, f"already {_decimals(digits)}")
        self._open(self.arithmetic_name, digits)
        return Outcome(MOVED, _decimals(digits))

    def _more_digits(self) -> Outcome:
        return self._digits(str(min(self.digits + 1, MAX_DIGITS)))

    def _fewer_digits(self) -> Outcome:
        return self._digits(str(max(self.digits - 1, 0)))


def _branch(name: str, digits: int) -> Branch:
    return name, digits if name == "hand" else None


def _branch_name(branch: Branch) -> str:
    name, digits = branch
    return name if digits is None else f"{name} to {_decimals(digits)}"


def _decimals(digits: int) -> str:
    return f"{digits} decimal{'s' * (digits != 1)}"


def _whole(text: str, command: str, what: str, least: int, most: int) -> int:
    """A whole number of a command, or a Refusal that says the range."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if number is None or not least <= number <= most:
        raise Refusal(f"{command} takes {what} from {least} to {most}, found {text!r}")
    return number
