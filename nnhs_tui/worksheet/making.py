"""Making a sheet out of a session: what is given, what is asked, and with a key how it is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.names import FullNames, Names
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.quantity import GRAD, NEW, VALUE, Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Unfit
from nnhs_tui.labels import PHASE
from nnhs_tui.lessons.puzzle import Puzzle, puzzle
from nnhs_tui.lessons.spot import questions_of
from nnhs_tui.marking.asked_quantities import (
    PHASES,
    answer,
    of_all_samples,
    of_sample,
    of_update,
)
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.selection import Selected, Selection, of_key, selected
from nnhs_tui.marking.unseen import unseen_mistakes
from nnhs_tui.operations.numerals import shown, total
from nnhs_tui.present.solutions import Solver
from nnhs_tui.present.text.given_numbers import given_text
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.worksheet.drawing import diagram, drawing
from nnhs_tui.worksheet.grids import Places, grids
from nnhs_tui.worksheet.sheet import Cell, Part, Sheet, Solution
from nnhs_tui.worksheet.words import FIND, facts, heading, others_title, rules, unseen_told

WHOLE = Selection()
MOST_ASKED = 5_000
"""Blanks of a sheet at most."""
MOST_GIVEN = 200_000
"""Numbers of the scenario that a sheet has to give at most."""


def check_size(scenario: Scenario, selection: Selection = WHOLE) -> None:
    """See that a sheet asks something, and not too much; before anything is computed.

    Raises:
        Unfit: it does not.
        Refusal: it asks what there is not.
    """
    tape = compile_tape(scenario)
    given = tape.parameters + len(scenario.samples) * (len(tape.x) + len(tape.t))
    if given > MOST_GIVEN:
        raise Unfit(
            f"a sheet would have to give {given:,} numbers, more than "
            f"{MOST_GIVEN:,}; choose a smaller net"
        )
    schedule = Schedule(tape, len(scenario.samples))
    count = len(selected(selection, schedule, Names(tape), MOST_ASKED + 1))
    if count > MOST_ASKED:
        raise Unfit(
            f"a sheet would have more than {MOST_ASKED:,} blanks; choose a smaller net or --phase"
        )
    if not count:
        wanted = " and ".join(PHASE[each] for each in PHASES if each in selection.phases)
        raise Unfit(f"there is nothing to ask in the phase {wanted}; choose another")


def make_sheet(
    session: Session,
    selection: Selection = WHOLE,
    *,
    seed: int | None = None,
    is_key: bool = False,
    by_neurons: bool = False,
    with_mistake: bool = False,
) -> Sheet:
    """The sheet of a session's first round.

    Args:
        session: with its scenario's own numbers, or those of a variant.
        selection: what is asked; what a phase needs of phases and samples that are not asked is
            given.
        seed: what the numbers were drawn with; only said, not used.
        is_key: whether the answers are filled in, with the way to find them.
        by_neurons: whether matrices have a row for each neuron, and not for each input.
        with_mistake: whether somebody's numbers stand there, one of them wrong: the one to find.

    Raises:
        Refusal: there is to be a mistake, and none can be put in.
    """
    maker = _Maker(session, selection, is_key, by_neurons)
    if with_mistake:
        maker.put_in_mistake(seed or 0)
    return maker.sheet(seed)


class _Maker:
    def __init__(
        self, session: Session, selection: Selection, is_key: bool, by_neurons: bool
    ) -> None:
        self.session, self.is_key, self.by_neurons = session, is_key, by_neurons
        self.schedule, self.tape, self.run = session.schedule, session.tape, session.run
        self.selected = Selected(selection, session.schedule, session.names)
        self.phases, self.samples = selection.phases, self.selected.samples
        self.places = Places(session.schedule, session.names, by_neurons=by_neurons)
        self.solver = Solver(session, selection.level, FullNames(session.tape))
        self.puzzle: Puzzle | None = None
        """The mistake that is to be found, where there is one."""

    def put_in_mistake(self, seed: int) -> None:
        """Have somebody's numbers stand there, with one mistake.

        Raises:
            Refusal: none can be put in.
        """
        names = [name_of(self.session.names, each, self.schedule) for each in self.selected]
        self.puzzle = puzzle(questions_of(self.session), names, seed)

    @property
    def _several(self) -> bool:
        return self.schedule.samples > 1

    def sheet(self, seed: int | None) -> Sheet:
        session, selection = self.session, self.selected.selection
        picture, note = drawing(session)
        if picture and self._several:
            note = f"the numbers are those of sample 1{'; ' if note else ''}{note}"
        return Sheet(
            title=session.scenario.title,
            is_key=self.is_key,
            seed=seed,
            rules=(*rules(session.digits, session.arithmetic_name), *self._search()),
            drawing=picture,
            diagram=diagram(session),
            drawn=note,
            facts=(*self._facts(), *self._unseen(), *self._found()),
            given=tuple(part for part in self._given() if part.grids),
            parts=tuple(part for part in self._parts() if part.grids),
            answers=tuple(self._answers()),
            asks=of_key(selection.written()) if self.is_key else selection.written(),
        )

    def _facts(self) -> tuple[str, ...]:
        level = self.selected.selection.level
        return facts(self.session, level, self.phases, by_neurons=self.by_neurons)

    def _unseen(self) -> list[str]:
        """In a key, which mistakes do not show."""
        if not self.is_key:
            return []
        questions = questions_of(self.session)
        return unseen_told(KNOWN[name].words for name in unseen_mistakes(questions, self.selected))

    def _search(self) -> tuple[str, ...]:
        """What is to be done where there is a mistake to be found."""
        return (FIND,) if self.puzzle is not None and not self.is_key else ()

    def _found(self) -> tuple[str, ...]:
        """In a key, where the mistake was made."""
        is_told = self.puzzle is not None and self.is_key
        return (f"The mistake: {self.puzzle.told}.",) if is_told and self.puzzle else ()

    def _answers(self) -> Iterator[tuple[str, str]]:
        for quantity in self.selected:
            name = name_of(self.session.names, quantity, self.schedule)
            yield name, self._written(quantity)

    def _written(self, quantity: Quantity) -> str:
        """What stands in a blank: nothing, in a key what is right, or what somebody has written."""
        if self.is_key:
            return shown(answer(self.run, quantity), self.session.digits)
        if self.puzzle is None:
            return ""
        return self.puzzle.shown(name_of(self.session.names, quantity, self.schedule))

    def _parts(self) -> Iterator[Part]:
        """What is asked, phase by phase; what is given in between where it is not asked."""
        last = max(PHASES.index(each) for each in self.phases)
        for update in range(self.schedule.updates):
            for sample in self.selected.samples_of(update):
                for phase in (FORWARD, BACKWARD):
                    title = heading(self.session, phase, sample)
                    if phase in self.phases:
                        yield self._part(title, self.selected.of_sample(phase, sample))
                    elif phase == FORWARD and last > 0 and BACKWARD in self.phases:
                        found = of_sample(self.schedule, "neuron", phase, sample)
                        yield self._known(f"{title} (given)", found)
            if update == self.schedule.updates - 1:
                yield from self._all_together()
            if self.selected.asks_update(update):
                yield from self._update(update)

    def _all_together(self) -> Iterator[Part]:
        """Of several samples their loss, and their gradients where an only update uses them."""
        yield from self._added_up()
        if self._several and {FORWARD, BACKWARD} & set(self.phases):
            yield self._part("All samples together", self.selected.of_all_samples())

    def _update(self, update: int) -> Iterator[Part]:
        """An update, and before it what it needs of what is not asked."""
        which = f", update {update + 1}" if self.schedule.updates > 1 else ""
        if BACKWARD not in self.phases:
            title = f"The gradients that the update uses{which} (given)"
            yield self._known(title, self._gradients(update))
        title = heading(self.session, UPDATE, None) + which
        yield self._part(title, self.selected.of_update(update))

    def _added_up(self) -> Iterator[Part]:
        """What all samples together need of those that are not asked: their sums."""
        others = self.selected.others
        if not others:
            return
        records = [self.run.record(0, sample) for sample in others]
        entries = []
        for each in of_all_samples(self.schedule, self.phases):
            numbers = (
                (record.value if each.kind == VALUE else record.gradient)[each.node]
                for record in records
            )
            text = given_text(total(numbers), self.session.digits)
            entries.append((each, Cell(self.places.name(each), text)))
        yield Part(others_title(others), tuple(grids(self.places, entries)))

    def _part(self, title: str, quantities: Iterable[Quantity]) -> Part:
        wanted = list(quantities)
        entries = chain(((each, self._cell(each)) for each in wanted), self._frozen(wanted))
        solutions: list[Solution] = []
        if self.is_key:
            names = (name_of(self.session.names, each, self.schedule) for each in wanted)
            ways = (zip(*self.solver.ways(each), strict=True) for each in wanted)
            solutions = [Solution(name, *way) for name, way in zip(names, ways, strict=True)]
        found = [grid for grid in grids(self.places, entries) if grid.is_asked]
        return Part(title, tuple(found), tuple(solutions))

    def _cell(self, quantity: Quantity) -> Cell:
        return Cell(self.places.name(quantity), self._written(quantity), True)

    def _frozen(self, wanted: list[Quantity]) -> Iterator[tuple[Quantity, Cell]]:
        """In the update, the parameters of a network that stay as they are."""
        if wanted and wanted[-1].kind == NEW and not self.tape.is_graph:
            for node in self.tape.frozen.nonzero()[0].tolist():
                quantity = replace(wanted[-1], node=node)
                yield quantity, self._given_cell(quantity)

    def _known(self, title: str, quantities: Iterable[Quantity]) -> Part:
        entries = [(each, self._given_cell(each)) for each in quantities]
        return Part(title, tuple(grids(self.places, entries)))

    def _gradients(self, update: int) -> Iterator[Quantity]:
        for quantity in of_update(self.schedule, update, (UPDATE,)):
            if quantity.kind == NEW:
                yield replace(quantity, kind=GRAD)

    def _given_cell(self, quantity: Quantity) -> Cell:
        text = given_text(answer(self.run, quantity), self.session.digits)
        return Cell(self.places.name(quantity), text)

    def _given(self) -> Iterator[Part]:
        """The parameters, then each sample's inputs, targets, and what arrives at its outputs."""
        yield self._known("Parameters", self._leaves(range(self.tape.parameters)))
        for sample in self.samples:
            title = f"Sample {sample + 1}" if self._several else "The sample"
            if self.tape.is_graph:
                title = title if self._several else "Inputs"
            leaves = chain(self._inputs(), self.tape.t if self.tape.loss else ())
            found = chain(self._leaves(leaves, sample), self._arriving(sample))
            yield self._known(title, found)

    def _leaves(self, nodes: Iterable[int], sample: int = 0) -> Iterator[Quantity]:
        own = sample if self._several else None
        return (Quantity(VALUE, node, sample=own) for node in nodes)

    def _inputs(self) -> Iterable[int]:
        if not self.tape.is_graph:
            return self.tape.x
        return range(self.tape.parameters, self.tape.leaves - len(self.tape.constants))

    def _arriving(self, sample: int) -> Iterator[Quantity]:
        """What is given from in front, where no loss says it."""
        if self.tape.loss is None and BACKWARD in self.phases:
            for node in self.tape.outputs.tolist():
                yield Quantity(GRAD, node, sample=sample)
