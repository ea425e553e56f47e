"""What can be asked at a step, and what is worth asking next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from nnhs_tui.autodiff.schedule import BACKWARD, Schedule
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.quantities import whole_steps
from nnhs_tui.debugger.quantity import GRAD, NEW, STEP, VALUE, Quantity
from nnhs_tui.debugger.saving import text_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import NnhsError, Refusal
from nnhs_tui.hall.poll import Choice, Number, Poll
from nnhs_tui.labels import counted
from nnhs_tui.lessons.asked import asked as made_ready
from nnhs_tui.lessons.lesson import GROWS, Task, Which
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.scenario.loading import from_text
from nnhs_tui.selftest.setting import PHASES

NONE_GROWS = "none of them"
MOST_CHOICES = 8
LOOKED_AT = 200
"""Quantities behind the one that was asked that are looked at for the next question."""
WHICH_GROWS = "Which of these does the update make larger?"


@dataclass
class Asker:
    """Makes questions of the numbers that a session shows.

    What is edited, and the round in work, is what a scenario saved there would begin with: the
    questions of that scenario are kept while nothing changes.
    """

    _kept: tuple[object, Questions] | None = None

    def number(self, session: Session, text: str) -> Number:
        """The question for a quantity, by default that of the step.

        Raises:
            Refusal: there is no such quantity, or nobody could find its number.
        """
        questions = self._questions(session)
        of_file = not session.edits
        quantity = session.quantity(text)
        name = _own(session, quantity, of_file=of_file)
        told = f"{name} = ?  ({counted(session.digits, 'decimal')})"
        try:
            seen = _seen_from(session, quantity)
            marker, unsaid = Marker(questions), _unsaid(session, quantity)
            return Number(
                marker,
                name,
                told,
                seen,
                arithmetic=session.arithmetic_name,
                unsaid=unsaid,
                of_file=of_file,
            )
        except NnhsError as error:
            raise Refusal(f"this cannot be asked: {error}") from error

    def grows(self, session: Session) -> Choice:
        """Which parameters of the layer in work the update makes larger.

        Raises:
            Refusal: there is none that an update changes.
        """
        scenario, tape = self._questions(session).scenario, session.tape
        layer = session.layer_in_work
        every = [each for each in range(tape.parameters) if not tape.frozen[each]]
        named = {session.names.name(each): each for each in every}
        of = [name for name in named if name.startswith(f"{layer}.")] or list(named)
        if not of:
            raise Refusal("there is no weight that an update changes")
        about = Which(GROWS, tuple(of[:MOST_CHOICES]))
        seen = session.round, session.schedule.update_start(0)
        asked = made_ready(scenario, Task(WHICH_GROWS, about))
        # It may be that none of them does.
        choices = (*asked.choices, NONE_GROWS)
        right = asked.right or frozenset({len(asked.choices)})
        unsaid = frozenset(named[name] for name in of[:MOST_CHOICES])
        return Choice(replace(asked, choices=choices, right=right), WHICH_GROWS, seen, unsaid)

    def next_after(self, session: Session, poll: Poll) -> str:
        """The next quantity at which the commonest mistake can be made; "" where there is none."""
        tally = poll.tally(-1, 0)
        if not tally.mistakes or not isinstance(poll.question, Number):
            return ""
        commonest, questions = tally.mistakes[0][0], self._questions(session)
        every = (
            name_of(questions.names, each, questions.schedule)
            for each in asked(questions.schedule, "neuron", PHASES)
        )
        names = list(islice(every, LOOKED_AT * 5))
        start = names.index(poll.name) + 1 if poll.name in names else 0
        for name in names[start : start + LOOKED_AT]:
            mistakes = questions.mistakes(questions.question(name))
            if any(found[0] == commonest for found in mistakes.found):
                return name
        return ""

    def _questions(self, session: Session) -> Questions:
        """Those of the scenario; where something is edited those of what would be saved."""
        edited = (session.branch, session.round) if session.edits else None
        key = session.scenario, session.digits, edited
        if self._kept is None or self._kept[0] != key:
            scenario = session.scenario
            if session.edits:
                scenario = from_text(text_of(session), scenario.path)
            self._kept = key, Questions(scenario, session.digits)
        return self._kept[1]


def _own(session: Session, quantity: Quantity, *, of_file: bool) -> str:
    """A quantity's name with the sample and the round that are meant without saying so."""
    number = session.round if quantity.round is None else quantity.round
    bare = replace(quantity, round=number if of_file and number else None)
    step = session.schedule.step(session.index)
    if session.schedule.samples > 1 and bare.sample is None and step.sample is not None:
        whole = bare.kind not in (VALUE, GRAD) or bare.node < session.tape.parameters
        bare = bare if whole else replace(bare, sample=step.sample)
    return name_of(session.names, bare, session.schedule)


def _seen_from(session: Session, quantity: Quantity) -> tuple[int, int]:
    """(round, node step) from which on a quantity's number is shown."""
    number = session.round if quantity.round is None else quantity.round
    steps = whole_steps(session.schedule, quantity)
    here = session.schedule.step(session.index).sample
    if not steps:
        return number, session.total
    several = len(steps) > 1 and quantity.sample is None and here is not None
    step = steps[min(here or 0, len(steps) - 1)] if several else steps[0]
    is_gradient = quantity.kind == GRAD and quantity.path is None
    return number, _last_term(session.schedule, quantity.node, step) if is_gradient else step


def _unsaid(session: Session, quantity: Quantity) -> frozenset[int]:
    """What is told before its own step, and would answer it: what an update will change, and from
    the second round on the loss, which a single term of it may be."""
    if quantity.kind in (STEP, NEW):
        return frozenset({quantity.node})
    loss = session.tape.loss
    is_loss = loss is not None and quantity.kind == VALUE and quantity.node >= loss.start
    return frozenset({loss.total} if is_loss and loss is not None else ())


def _last_term(schedule: Schedule, node: int, step: int) -> int:
    """The step that brings the last term of a gradient which is whole at a step: its sum is shown
    from there on, and the mean over the samples beside it."""
    offsets = [each.offset for each in schedule.arrivals(node)]
    sample = min(step // schedule.per_sample, schedule.samples - 1)
    start = schedule.start_of(BACKWARD, sample)
    return min(step, start + max(offsets)) if offsets else step
