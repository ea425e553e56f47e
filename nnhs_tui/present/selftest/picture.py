"""The picture of a self-test: the net or graph with the person's own numbers, no others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from nnhs_tui.debugger.quantities import home_of
from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.debugger.scene import Gradient, Scene
from nnhs_tui.operations.written import read_answer
from nnhs_tui.present.panes.pictures import circuit, net
from nnhs_tui.present.text.lines import Line, title
from nnhs_tui.selftest.selftest import SelfTest


@dataclass(frozen=True, eq=False)
class OwnScene(Scene):
    """What a person has found so far, instead of what is right."""

    own: dict[Quantity, Any] = field(default_factory=dict)
    asked: frozenset[Quantity] = frozenset()
    """What the test asks. The rest is given, as far as it comes before the question in work."""

    def _own(self, kind: str, node: int) -> Any:
        sample = self.sample if len(self.run.samples) > 1 else None
        quantity = Quantity(kind, node, None, sample, 0)
        if quantity in self.asked:
            return self.own.get(quantity)
        home = home_of(self.run.schedule, replace(quantity, round=None), self.index)
        if home is None or home >= self.index:
            return None
        return (self.record.value if kind == VALUE else self.record.gradient)[node]

    def known(self, node: int) -> bool:
        return node < self.run.tape.leaves or self._own(VALUE, node) is not None

    def value(self, node: int) -> Any:
        if node < self.run.tape.leaves:
            return self.record.value[node]
        return self._own(VALUE, node)

    def gradient(self, node: int) -> Gradient:
        value = self._own(GRAD, node)
        return Gradient((), value, value is not None)

    def made(self, node: int) -> bool:
        return False

    def moved(self, node: int) -> bool:
        return False

    @property
    def loss(self) -> Any:
        loss = self.run.tape.loss
        return None if loss is None else self.value(loss.total)


def own_scene(test: SelfTest) -> OwnScene:
    """The scene at the question that is being answered, with the person's own numbers."""
    session = test.session
    home = home_step(test, test.name)
    own = {}
    for name, tries in test.tries.items():
        read = read_answer(tries.answers[-1].answer) if tries.answers else None
        if read is not None:
            own[test.questions.question(name).quantity] = float(read.value)
    asked = frozenset(test.questions.question(name).quantity for name in test.names)
    return OwnScene(
        test.scenario,
        session.run,
        session.names,
        0,
        1,
        home,
        test.setting.digits,
        own=own,
        asked=asked,
    )


def home_step(test: SelfTest, name: str) -> int:
    """The step that finds a quantity."""
    quantity = test.questions.question(name).quantity
    schedule = test.session.schedule
    near = schedule.sample_start(quantity.sample or 0)
    found = home_of(schedule, replace(quantity, round=None), near)
    return 0 if found is None else found


def draw_picture(test: SelfTest, width: int, height: int) -> list[Line]:
    """The net or graph, with the person's own numbers."""
    scene = own_scene(test)
    if scene.run.tape.is_graph:
        # A new parameter may be just what is asked.
        lines = circuit.draw_circuit(scene, width, height, has_new=False)
    else:
        lines = net.draw_net(scene, width, height, (0, 0), has_weights=False)
    head = title("", "your own numbers", width)
    return [head, *lines[1:]]
