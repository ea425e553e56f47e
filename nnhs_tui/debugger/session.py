"""The session: a cursor over the record, moved by commands that are printable strings.

What a screen shows is a function of (branch, round, step, level, view) alone, so every way of
reaching a step shows the same state. Each arithmetic and each what-if is a branch of its own: its
rounds are computed from the scenario's own parameters, and those of the other branches stay.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.levels import LEVELS, fitting, last_of, levels_of
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.commands.commands import SESSION, parse
from nnhs_tui.debugger.actions import action
from nnhs_tui.debugger.asked import Asked
from nnhs_tui.debugger.breakpoints import Breakpoints
from nnhs_tui.debugger.cursor import Cursor, View
from nnhs_tui.debugger.naming.reading import name_of, read_quantity
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED, Outcome
from nnhs_tui.debugger.quantities import of_step
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.trail import Trail
from nnhs_tui.errors import (
    ComputationError,
    Refusal,
    printable,
    quoted,
    reason_of,
    shortage,
)
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.branches import Branch, Branches, RoundsAhead, branch_of, with_cure
from nnhs_tui.training.edits import Edit
from nnhs_tui.training.rounds import Run


class Session:
    """One scenario being walked.

    Raises:
        ComputationError: the first round overflows.
    """

    def __init__(self, scenario: Scenario, *, arithmetic: str = "", digits: int | None = None):
        self.scenario = scenario
        self.given = (arithmetic, digits)
        """The arithmetic and the decimals it was opened with instead of the scenario's; or none."""
        self.tape = compile_tape(scenario)
        self.names = Names(self.tape)
        self.breakpoints = Breakpoints()
        self.watches: list[Quantity] = []
        self._at_once = True
        self.runs = Branches(self.tape)
        self.begin()

    @property
    def start(self) -> tuple[str, int]:
        """The arithmetic and the decimals to begin with."""
        arithmetic, digits = self.given
        decimals = self.scenario.digits if digits is None else digits
        return arithmetic or self.scenario.arithmetic, decimals

    def begin(self) -> None:
        """Forget all rounds and edits; breakpoints and watches stay."""
        self.arithmetic_name, self.digits = self.start
        self.edits: tuple[Edit, ...] = ()
        self.undone: list[Edit] = []
        """Edits that were taken back, the last one last."""
        self.view = View()
        self.asked = Asked()
        self.runs.begin_again()
        self.cursor = Cursor(level=self.scenario.level)
        self.trail = Trail(self.cursor)
        self.open_branch(self.arithmetic_name, self.digits, ())
        self.cursor = self.at(0)

    def go_on_with(self, scenario: Scenario) -> bool:
        """Begin with the scenario that the round in work was saved as; False if it is the same.

        Its tape is built the same way, so breakpoints and watches stay, and so does the step.
        """
        if scenario == self.scenario:
            return False
        cursor, view, numbers = self.cursor, self.view, (self.arithmetic_name, self.digits)
        runs = Branches(compile_tape(scenario), self.runs.budget)
        # That there is no room for it is found out while nothing has changed.
        runs[branch_of(*numbers)].round(0)
        self.scenario, self.tape, self.runs = scenario, runs.tape, runs
        self.names = Names(self.tape)
        self.begin()
        self.open_branch(*numbers, ())
        self.view, self.cursor = view, replace(cursor, round=0)
        return True

    def execute(self, command: str, *, at_once: bool = True) -> Outcome:
        """Carry out a command; what cannot be done says why and leaves everything as it was.

        Args:
            at_once: else rounds it needs are not run.

        Raises:
            RoundsAhead: it needs such rounds.
        """
        self._at_once = at_once
        try:
            found, argument = parse(command)
            if found.scope != SESSION:
                raise Refusal(f"{found.word} works on the screen only")
            return action(found)(self, argument)
        except (Refusal, ComputationError) as error:
            return Outcome(REFUSED, str(error))
        except MemoryError as error:
            return self.short_of_memory(error)
        except ArithmeticError as error:
            what = f"a number in it cannot be computed ({type(error).__name__})"
            return Outcome(REFUSED, printable(f"{command.strip()[:60]}: {what}"))
        finally:
            self._at_once = True

    def short_of_memory(self, error: MemoryError) -> Outcome:
        """The refusal of what takes too much memory; what can be made again is let go of."""
        self.asked.comparison = None
        self.runs.let_go()
        return Outcome(REFUSED, f"{shortage(error)}; reset begins anew")

    def scene(self) -> Scene:
        """What there is to see at the cursor."""
        cursor = self.cursor
        return Scene(
            self.scenario,
            self.run,
            self.names,
            cursor.round,
            self.rounds,
            cursor.index,
            self.digits,
            cursor.level,
            cursor.opened,
            self.view,
            self._unedited if self.edits else None,
            self.breakpoints.stops(),
            self.breakpoints.looks(),
            tuple(self.watches),
        )

    @property
    def round(self) -> int:
        """The round in work, from 0."""
        return self.cursor.round

    @property
    def index(self) -> int:
        """The node step of the cursor, from 0."""
        return self.cursor.index

    @property
    def level(self) -> str:
        return self.cursor.level

    @property
    def branch(self) -> Branch:
        return branch_of(self.arithmetic_name, self.digits, self.edits)

    @property
    def other_branch(self) -> Branch:
        """The same edits in the other arithmetic."""
        other = {"exact": "hand", "hand": "exact"}[self.arithmetic_name]
        return branch_of(other, self.digits, self.edits)

    @property
    def run(self) -> Run:
        return self.runs[self.branch]

    @property
    def schedule(self) -> Schedule:
        return self.run.schedule

    @property
    def rounds(self) -> int:
        """How many rounds there are in this branch: those applied, and the one in work."""
        return self.runs.applied[self.branch]

    @property
    def total(self) -> int:
        """Node steps of a round."""
        return self.schedule.total

    def at(self, index: int, level: str = "", round_number: int | None = None) -> Cursor:
        """The cursor at the step, of this or another level, that holds a node step."""
        level = level or self.cursor.level
        if level not in levels_of(self.schedule):
            level = LEVELS[0]
        number = self.cursor.round if round_number is None else round_number
        return Cursor(number, last_of(self.schedule, index, level), level)

    def exactly(self, index: int, round_number: int | None = None) -> Cursor:
        """The cursor at a node step; at a finer level where no step of this one ends there."""
        level = fitting(self.schedule, index, self.trail.wanted_level(self.cursor))
        return self.trail.aim(self.cursor, self.at(index, level, round_number))

    def step_to(self, cursor: Cursor, message: str = "") -> Outcome:
        """Move in a way that `back` undoes."""
        self.trail.add(self.cursor)
        return self._stand(cursor, message)

    def jump_to(self, cursor: Cursor, message: str = "") -> Outcome:
        """Move to somewhere else; from there `back` goes one step back."""
        self.trail.clear()
        return self._stand(cursor, message)

    def undo_step(self) -> Outcome | None:
        """Undo the last next, into or out; None where there is none."""
        before = self.trail.take_back()
        return None if before is None else self._stand(before, "")

    def _stand(self, cursor: Cursor, message: str) -> Outcome:
        moved = cursor != self.cursor
        if cursor.level != self.cursor.level:
            self.view = replace(self.view, form="")
        self.cursor = cursor
        self._follow()
        return Outcome(MOVED if moved else UNCHANGED, message)

    def _follow(self) -> None:
        """Let the runs this one is compared with come along, so that what differs can be marked."""
        if self.edits:
            self._unedited.follow(self.cursor.round)
        if self.asked.compares_arithmetics:
            with suppress(ComputationError, MemoryError):
                self.runs[self.other_branch].follow(self.cursor.round)

    @property
    def _unedited(self) -> Run:
        return self.runs[self.branch.unedited]

    def open_branch(
        self, name: str, digits: int, edits: tuple[Edit, ...], *, as_far_as_it_goes: bool = False
    ) -> str:
        """Make a branch reach the round of the cursor.

        Args:
            as_far_as_it_goes: where it does not, go to the last round it reaches in which the
                same edits hold.

        Returns:
            What is to be said of that; "" where it does reach that round.

        Raises:
            ComputationError: it has no such round; nothing is changed then.
            OutOfMemory: there is no room for that; nothing is changed either.
        """
        branch = branch_of(name, digits, edits)
        self.look_ahead(branch)
        run, number, told = self.runs[branch], self.cursor.round, ""
        try:
            run.round(number)
        except (ComputationError, MemoryError) as error:
            least = max((each.round for each in edits if each.round <= number), default=0)
            if not as_far_as_it_goes or len(run) <= least:
                raise (with_cure(error, EARLIER) if len(run) else error) from error
            number = len(run) - 1
            told = (
                f"; this is round {number + 1}, as the next cannot be computed: {reason_of(error)}"
            )
            self.cursor = replace(self.cursor, round=number)
            self.trail.clear()
        self.runs.applied[branch] = max(self.runs.applied.get(branch, 1), number + 1)
        self.arithmetic_name, self.digits, self.edits = name, digits, edits
        self.runs.use(branch)
        self._follow()
        return told

    @property
    def layer_in_work(self) -> str:
        """The layer that a short name such as `w21` means: the one of the step in work."""
        return self.schedule.step(self.index).group[0]

    def look_ahead(self, branch: Branch) -> None:
        """See that a branch has the rounds before the one in work, or may run them now.

        Raises:
            RoundsAhead: it has not.
        """
        count = self.runs.missing(branch, self.cursor.round)
        if count > 1 and not self._at_once:
            raise RoundsAhead(branch, self.cursor.round, count)

    def quantity(self, text: str) -> Quantity:
        """The quantity of a name, short or full; without one that of the step in work.

        Raises:
            Refusal: there is none of this name.
        """
        if text:
            return read_quantity(self.names, self.schedule, text, near=self.layer_in_work)
        return of_step(self.schedule, self.schedule.step(self.index))

    def name(self, quantity: Quantity) -> str:
        """A quantity's name."""
        return name_of(self.names, quantity, self.schedule)


EARLIER = "go to an earlier round first: round 1"


def whole(text: str, command: str, what: str, least: int, most: int) -> int:
    """A whole number of a command, or a Refusal that says the range."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if number is None or not least <= number <= most:
        raise Refusal(f"{command} takes {what} from {least} to {most}, found {quoted(text)}")
    return number
