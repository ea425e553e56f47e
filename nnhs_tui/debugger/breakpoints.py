"""Breakpoints: steps of a round at which running stops, always or where a condition holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nnhs_tui.autodiff.levels import first_steps
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule
from nnhs_tui.debugger.conditions import (
    LOOKS_LIKE,
    WORDS,
    Condition,
    read_condition,
    with_full_names,
)
from nnhs_tui.debugger.naming.reading import find_quantity, full_name, read_quantity
from nnhs_tui.debugger.quantities import steps_of, whole_steps
from nnhs_tui.debugger.quantity import VALUE, Quantity
from nnhs_tui.errors import Refusal, quoted

MOST = 100
_NEURON = re.compile(r"(\w+) neuron (\d{1,7})")


@dataclass
class Breakpoint:
    """One breakpoint."""

    number: int
    text: str
    """As it was set."""
    level: str
    """The level of what it is about: node, neuron or layer."""
    steps: tuple[int, ...]
    """The node steps of a round at which it may stop, in order."""
    condition: Condition | None = None
    """None: it always stops."""
    enabled: bool = True
    hits: int = 0
    """How often a run stopped at it."""


class Breakpoints:
    """The breakpoints of a session; numbers are not used again."""

    def __init__(self) -> None:
        self.all: list[Breakpoint] = []
        self._last = 0

    def toggle(
        self, text: str, names: Names, schedule: Schedule, near: str = ""
    ) -> Breakpoint | None:
        """Set a breakpoint; where it is there already delete it, and give None.

        Args:
            near: the layer that a short name means. What is kept has its full name: the step in
                work will be another one.

        Raises:
            Refusal: the text is neither a place nor a condition.
        """
        text = with_full_names(
            " ".join(text.split()), lambda name: full_name(names, schedule, name, near)
        )
        same = [each for each in self.all if each.text == text]
        if same:
            self.all.remove(same[0])
            return None
        if len(self.all) >= MOST:
            raise Refusal(f"there are {MOST} breakpoints already: delete all takes them away")
        level, steps, condition = read_place(text, names, schedule)
        self._last += 1
        made = Breakpoint(self._last, text, level, tuple(steps), condition)
        self.all.append(made)
        return made

    def numbered(self, argument: str) -> list[Breakpoint]:
        """The breakpoints of a number, or all.

        Raises:
            Refusal: there is none of this number.
        """
        found = [each for each in self.all if argument in ("all", str(each.number))]
        if not found:
            there = ", ".join(str(each.number) for each in self.all) or "none"
            raise Refusal(f"there is no breakpoint {quoted(argument)}; there are: {there}")
        return found

    def stops(self) -> tuple[int, ...]:
        """The node steps of a round at which one that is on may stop, in order."""
        return tuple(sorted({step for each in self.all if each.enabled for step in each.steps}))

    def looks(self) -> tuple[int, ...]:
        """Those of `stops` at which conditions are looked at, and nothing stops for sure."""
        on = [each for each in self.all if each.enabled]
        sure = {step for each in on if each.condition is None for step in each.steps}
        return tuple(step for step in self.stops() if step not in sure) if on else ()


Place = tuple[str, list[int], Condition | None]
"""Level, node steps, condition."""


def read_place(text: str, names: Names, schedule: Schedule) -> Place:
    """Where a breakpoint stops: a phase, a layer, a neuron, a quantity, or a condition.

    Raises:
        Refusal: the text is none of these; for a condition it says at which character.
    """

    def read(name: str) -> Quantity:
        return read_quantity(names, schedule, name)

    if text in (FORWARD, BACKWARD, UPDATE):
        starts = [start for start, name, _ in schedule.phases() if name == text]
        if not starts:
            raise Refusal(f"a round of this scenario has no phase {text}: it would never stop")
        return "layer", starts, None
    layers = [layer.name for layer in schedule.tape.layers]
    if text in layers:
        return "layer", _beginning(schedule, "layer", lambda group: group[0] == text), None
    if found := _NEURON.fullmatch(text):
        group = (found[1], int(found[2]))
        steps = _beginning(schedule, "neuron", lambda each: each == group)
        if not steps:
            raise Refusal(f"there is no {text}; layers are {', '.join(layers) or 'none'}")
        return "neuron", steps, None
    # First as a name: a graph's node may be called not.
    if LOOKS_LIKE.search(text) and find_quantity(names, schedule, text) is None:
        try:
            condition = read_condition(text, read)
        except Refusal as refusal:
            raise _about_words(refusal, text, names) from refusal
        steps = sorted({step for q in condition.quantities for step in whole_steps(schedule, q)})
        if not steps:
            told = "changes in a round: it would never be looked at"
            raise Refusal(f"nothing in {quoted(text)} {told}")
        return "node", steps, condition
    return "node", _steps_about(schedule, read(text)), None


def _about_words(refusal: Refusal, text: str, names: Names) -> Refusal:
    """The refusal; where a value is called like a word of conditions, that is said too."""
    taken = [
        word for word in re.findall(r"\w+", text) if word in WORDS and names.id(word) is not None
    ]
    if not taken:
        return refusal
    return Refusal(
        f"{refusal}; {taken[0]} is a word of conditions, so none can be about {taken[0]}"
    )


def _beginning(
    schedule: Schedule, level: str, wanted: Callable[[tuple[str, int]], bool]
) -> list[int]:
    """Where the steps of a layer, or of a neuron, begin."""
    starts = first_steps(schedule, level).tolist()
    return [start for start in starts if wanted(schedule.step(start).group)]


def _steps_about(schedule: Schedule, quantity: Quantity) -> list[int]:
    """The steps that find a quantity; a parameter's also where it is used, and its gradient."""
    steps = steps_of(schedule, quantity)
    if quantity.round is not None:
        raise Refusal("a breakpoint is for every round: leave the round out")
    if quantity.kind == VALUE and quantity.node < schedule.tape.parameters:
        arrivals = schedule.arrivals(quantity.node)
        offsets = {each.node - schedule.tape.leaves for each in arrivals}
        offsets |= {schedule.forward + each.offset for each in arrivals}
        samples = range(schedule.samples)
        steps = [*steps, *(schedule.sample_start(s) + each for s in samples for each in offsets)]
    elif quantity.kind == VALUE and quantity.node < schedule.tape.leaves:
        steps = []
    if not steps:
        raise Refusal("no step of a round is about this: it is given")
    return sorted(set(steps))
