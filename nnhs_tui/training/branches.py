"""Branches: the runs of a session, one for each arithmetic and each what-if.

A run is a pure function of the scenario and its branch. So what those not in use hold may be let
go: it is made again when somebody goes back to them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nnhs_tui.autodiff.memory import Budget
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.errors import ComputationError, OutOfMemory, shortage
from nnhs_tui.operations.arithmetic import arithmetic
from nnhs_tui.training.edits import Edit
from nnhs_tui.training.rounds import Run

UNUSED_BYTES = 64 * 2**20
"""How much memory the rounds of all branches that are not in use may take together."""

TAKE_BACK = "take back the edits of later rounds first: u"


@dataclass(frozen=True)
class Branch:
    """What the numbers of a run depend on, besides the scenario."""

    arithmetic: str
    digits: int | None
    """The decimals carried, where they change the numbers; else None."""
    edits: tuple[Edit, ...] = ()

    @property
    def unedited(self) -> Branch:
        """The branch it is compared with."""
        return replace(self, edits=())

    def before(self, count: int) -> Branch:
        """The branch with the first `count` edits alone."""
        return replace(self, edits=self.edits[:count])


def branch_of(name: str, digits: int, edits: tuple[Edit, ...] = ()) -> Branch:
    """The branch of an arithmetic, the decimals shown, and the edits made."""
    return Branch(name, digits if name == "hand" else None, edits)


class RoundsAhead(Exception):
    """A command that needs rounds that are not there yet. Nothing has changed."""

    def __init__(self, branch: Branch, number: int, count: int) -> None:
        super().__init__(branch, number, count)
        self.branch, self.number = branch, number
        """The branch, and the round (from 0) it must have."""
        self.count = count
        """How many rounds are to be run for it."""


class Branches:
    """The runs of a tape, whose rounds are all taken from one budget.

    Args:
        budget: None: made with the first run, beside what that needs.
    """

    def __init__(self, tape: Tape, budget: Budget | None = None) -> None:
        self.tape = tape
        self._runs: OrderedDict[Branch, Run] = OrderedDict()
        """The one used last is the last one."""
        self._in_use: tuple[Branch, ...] = ()
        self.budget = budget
        self.applied: dict[Branch, int] = {}
        """How many rounds each branch has: those applied, and the one in work."""

    def __getitem__(self, branch: Branch) -> Run:
        """The run of a branch, a what-if as a fork of the run it came from.

        Raises:
            ComputationError: a what-if begins in a round that there is not.
            OutOfMemory: there is no room for it.
        """
        if branch not in self._runs:
            self._runs[branch] = self._made(branch)
        return self._runs[branch]

    def there(self, branch: Branch) -> Run | None:
        """The run of a branch, if it is there."""
        return self._runs.get(branch)

    def _made(self, branch: Branch) -> Run:
        if not branch.edits:
            numbers = arithmetic(branch.arithmetic, branch.digits or 0)
            made = Run(self.tape, numbers, budget=self.budget)
            self.budget = made.budget
            return made
        before = self[branch.before(len(branch.edits) - 1)]
        try:
            return before.fork(branch.edits[-1])
        except ComputationError as error:
            raise with_cure(error, TAKE_BACK) from error

    def missing(self, branch: Branch, number: int) -> int:
        """How many rounds `ahead` would run."""
        edits, count = branch.edits, 0
        # The rounds that must be there where each edit begins, and those of the branch itself.
        rounds = [edit.round for edit in edits]
        wanted, shared = [*rounds, number + 1], [0, *rounds]
        for place in range(len(edits) + 1):
            run = self._runs.get(branch.before(place))
            count += max(0, wanted[place] - (shared[place] if run is None else len(run)))
        return count

    def ahead(self, branch: Branch, number: int) -> Iterator[None]:
        """Run all that a branch needs to have round `number` (from 0), a round at each turn.

        Raises:
            ComputationError: there is no such round.
        """
        for place, edit in enumerate(branch.edits):
            yield from _run_on(self[branch.before(place)], edit.round)
        yield from _run_on(self[branch], number + 1)

    def use(self, branch: Branch) -> None:
        """Keep all of a branch and of the one it is compared with; let go of what others hold."""
        self._in_use = (branch.unedited, branch)
        for each in self._in_use:
            self[each]
            self._runs.move_to_end(each)
        assert self.budget is not None
        self.budget.ask(self._make_room)
        others = [each for each in self._runs if each not in self._in_use]
        for each in others:
            self._runs[each].let_go()
        spare = sum(self._runs[each].nbytes for each in others)
        for each in others:
            if spare > UNUSED_BYTES:
                spare -= self._runs.pop(each).nbytes

    def begin_again(self) -> None:
        """Forget all rounds and edits."""
        self._in_use = ()
        self.applied.clear()
        for branch in list(self._runs):
            # Those without edits are kept for their workspaces: so there is always room for this.
            if branch.edits:
                del self._runs[branch]
            else:
                self._runs[branch].begin_again()

    def let_go(self) -> None:
        """Let go of all that can be made again without running a round a second time."""
        for run in self._runs.values():
            run.let_go()

    def _make_room(self, keep: object) -> None:
        """Let go of the branches that are not in use, but for a run that needs the room."""
        self.let_go()
        for each, run in list(self._runs.items()):
            if each not in self._in_use and run is not keep:
                del self._runs[each]


def _run_on(run: Run, count: int) -> Iterator[None]:
    """Compute rounds, one at each turn, until there are so many."""
    while len(run) < count:
        run.extend()
        yield


def with_cure(error: ComputationError | MemoryError, cure: str) -> ComputationError | OutOfMemory:
    """The error, and what can be done about it besides."""
    if isinstance(error, MemoryError):
        found = shortage(error)
        return OutOfMemory(found.found, f"{found.expected}; or {cure}")
    return ComputationError(error.node, error.found, f"{error.expected}; or {cure}")
