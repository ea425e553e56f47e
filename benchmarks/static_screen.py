"""The debugger's screen as it is straightforwardly built: Static widgets, Rich's Text and Tables.

The picture of the net, the step and the timeline are the same lines as in the program; matrices
and gradients are Tables with the same numbers, cut to what the pane can show.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import Static

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes import table as panes
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.panes.focus import edge_in_work, layer_in_work
from nnhs_tui.present.text.lines import Line, window
from nnhs_tui.scenario.library import find
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.look import Look
from nnhs_tui.ui.themes import THEME, THEMES, css_colours, shades_of, style_of

ENTRY = 6
"""Columns an entry of a matrix usually takes."""
TEXTS = ("net", "step", "timeline")
HINTS = "n next  p back  a apply  m exact/hand  ? help  q quit  : command  Space play"

Cell = tuple[Any, str]
"""(value or None while unknown, roles)."""

LOOK = Look()
"""The colours. As a program of its own it may have others."""


def style(roles: str) -> Style:
    """The style of a text with these roles."""
    return style_of(roles, LOOK)


class StaticApp(App[None]):
    """A session on Static widgets, laid out as the debugger's screen is."""

    CSS = """
    Screen {
        layout: grid; grid-size: 2; grid-rows: 1 1fr 6 5 1 1; grid-gutter: 0 1;
        background: $paper; color: $ink; overflow: hidden hidden;
    }
    Static { height: 1fr; }
    .across { column-span: 2; }
    .-wide .half { column-span: 1; }
    Screen.-wide { grid-rows: 1 3fr 2fr 1 1; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-columns"), (110, "-wide")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        ("n", "run('next')", "next"),
        ("a", "run('apply')", "apply"),
        ("home", "run('first')", "first step"),
        ("]", "run('next-phase')", "next phase"),
    ]
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None

    def __init__(self, session: Session, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.session = session
        self.theme = THEME

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return css_colours(shades_of(LOOK))

    def compose(self) -> ComposeResult:
        yield Static(id="position", classes="across")
        yield Static(id="net")
        yield Static(id="matrices")
        yield Static(id="step", classes="across half")
        yield Static(id="gradients", classes="across half")
        yield Static(id="timeline", classes="across")
        yield Static(HINTS, id="message", classes="across", markup=False)

    def on_ready(self) -> None:
        self.call_after_refresh(self.show)

    def action_run(self, command: str) -> None:
        """Carry out a command and show what became of it."""
        self.session.execute(command)
        self.show()

    def show(self) -> None:
        """Update every widget but the key hints, which stay."""
        scene = self.session.scene()
        position = panes.position(scene, self.size.width)
        self._update("position", lambda width, height: text_of([position]))
        for name in TEXTS:
            self._update(name, lambda w, h, name=name: text_of(panes.draw(name, scene, w, h)))
        of_graph = scene.run.tape.is_graph
        self._update("matrices", lambda w, h: (tape if of_graph else matrices)(scene, w, h))
        self._update("gradients", lambda width, height: gradients(scene, height))

    def _update(self, name: str, draw: Callable[[int, int], RenderableType]) -> None:
        widget = self.query_one(f"#{name}", Static)
        # The panes keep their sizes, so nothing need be laid out anew.
        widget.update(draw(widget.size.width, widget.size.height), layout=False)


def text_of(lines: Iterable[Line]) -> Text:
    """Drawn lines as one Text."""
    text = Text(no_wrap=True, end="")
    for place, line in enumerate(lines):
        if place:
            text.append("\n")
        for part, roles in line:
            text.append(part, style(roles))
    return text


def matrices(scene: Scene, width: int, height: int) -> RenderableType:
    """The matrices of the layer in work: vectors on the left, beside what has a row an input."""
    layer = layer_in_work(scene) or scene.run.tape.layers[-1]
    vectors, squares = _of_phase(scene, layer)
    i, j = edge_in_work(scene)
    room = height - 2
    left = [_matrix(name, [row], (0, None), 1, width // 2) for name, row in vectors]
    right = []
    for name, cell in squares:
        cells = [
            [cell(layer.w(row, column)) for column in range(layer.m)] for row in range(layer.n)
        ]
        right.append(_matrix(name, cells, (i, j), room, width // 2))
    beside = Table.grid(padding=(0, 2))
    beside.add_row(Group(*left), *right[: 1 if width < 80 else 2])
    return Group(Text(f"3 matrices of {layer.name}, {scene.phase}", style("title")), beside)


Vectors = list[tuple[str, list[Cell]]]
Squares = list[tuple[str, Callable[[int], Cell]]]


def _of_phase(scene: Scene, layer: LayerBlock) -> tuple[Vectors, Squares]:
    """What is shown of a layer: (name, entries) and (name, the entry of a weight)."""
    inputs = [layer.x(i) for i in range(layer.n)]
    sums = [layer.z(j) for j in range(layer.m)]
    outputs = [layer.a(j) for j in range(layer.m)]
    biases = [] if layer.bias is None else [layer.bias + j for j in range(layer.m)]
    before, round_ = scene.round.before, scene.round
    if scene.phase == UPDATE:
        return [], [
            ("W", lambda node: (before[node], "text")),
            ("new W", lambda node: (round_.after[node] if scene.updated(node) else None, "text")),
            ("lr·dW", lambda node: (round_.step[node], "backward parameter")),
        ]
    value, gradient = _value_of(scene), _gradient_of(scene)
    vectors = [("X", [value(node) for node in inputs])]
    if scene.phase == BACKWARD:
        vectors.append(("dZ", [gradient(node) for node in sums]))
        vectors.append(("dX = dZ·Wᵀ", [gradient(node) for node in inputs]))
        vectors += [("db = dZ", [gradient(node) for node in biases])] if biases else []
        return vectors, [("dW = Xᵀ·dZ", gradient), ("W", value)]
    vectors.append(("Z = X·W + b", [value(node) for node in sums]))
    vectors += [("b", [value(node) for node in biases])] if biases else []
    vectors.append(("A = g(Z)", [value(node) for node in outputs]))
    return vectors, [("W", value)]


def _value_of(scene: Scene) -> Callable[[int], Cell]:
    def value(node: int) -> Cell:
        changed = scene.phase == FORWARD and node == scene.step.node
        return scene.value(node), "current" if changed else "text"

    return value


def _gradient_of(scene: Scene) -> Callable[[int], Cell]:
    def gradient(node: int) -> Cell:
        found = scene.gradient(node)
        roles = "backward current" if node == scene.step.target else "backward"
        return found.value if found.settled else found.so_far, roles

    return gradient


def _matrix(
    name: str, cells: Sequence[Sequence[Cell]], hot: tuple[Any, Any], height: int, width: int
) -> Group:
    """The part of a matrix around the entry in work, under its name and size."""
    top, bottom = window(len(cells), max(1, height), hot[0])
    first, last = window(len(cells[0]), max(1, width // ENTRY), hot[1])
    title = f"{name} ({len(cells)}×{len(cells[0])})"
    table = Table.grid(padding=(0, 1))
    for _ in range(first, last):
        table.add_column(justify="right", no_wrap=True, min_width=ENTRY - 1)
    for row in cells[top:bottom]:
        table.add_row(*[_number(*cell) for cell in row[first:last]])
    return Group(Text(title, no_wrap=True, overflow="ellipsis"), table)


def _number(value: Any, roles: str) -> Text:
    return Text(f"{value:.2f}", style(roles)) if value is not None else Text("·", style("dim"))


def tape(scene: Scene, width: int, height: int) -> RenderableType:
    """The operations of a graph around the one in work: formula, value, gradient."""
    leaves, count = scene.run.tape.leaves, len(scene.run.tape.op)
    hot = scene.step.node - leaves
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="none")
    table.add_column("3 tape", no_wrap=True, ratio=1)
    table.add_column("value", justify="right")
    table.add_column("gradient", justify="right")
    value, gradient = _value_of(scene), _gradient_of(scene)
    for place in range(*window(count, height - 1, hot if hot >= 0 else None)):
        told = explain_step(scene, scene.run.schedule.step(place))
        mark = "►" if place == hot else " "
        known = gradient(leaves + place) if scene.backward_offset >= 0 else (None, "dim")
        table.add_row(
            Text(f"{mark}{told.result} = {told.formula}"),
            _number(*value(leaves + place)),
            _number(*known),
        )
    return table


def gradients(scene: Scene, height: int) -> RenderableType:
    """The parameters around the one in work: value, gradient with its terms, step, new value."""
    schedule, count = scene.run.schedule, scene.run.tape.parameters
    target, hot = scene.step.target, _parameter_in_work(scene)
    place = None if hot is None else schedule.update_index(hot) - schedule.update_start(0)
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="none", expand=True)
    table.add_column("4 gradients", no_wrap=True)
    table.add_column("value", justify="right")
    table.add_column("gradient so far", no_wrap=True, ratio=1)
    table.add_column("lr·gradient", justify="right")
    table.add_column("new value", justify="right")
    if target is not None and target >= count:
        name = Text(f"∂ {scene.names.name(target)}", style("backward"))
        table.add_row(name, "", Text(_terms(scene, target), style("backward")))
        height -= 1
    for offset in range(*window(count, height - 1, place)):
        node = schedule.step(schedule.update_start(0) + offset).node
        table.add_row(*_parameter(scene, node, node == hot))
    return table


def _parameter_in_work(scene: Scene) -> int | None:
    layer, (i, j) = layer_in_work(scene), edge_in_work(scene)
    for node in (scene.step.node, scene.step.target):
        if node is not None and node < scene.run.tape.parameters:
            return node
    return None if layer is None else layer.w(i or 0, j or 0)


def _terms(scene: Scene, node: int) -> str:
    """What has arrived at a value, and the sum of it all."""
    found = scene.gradient(node)
    terms = " + ".join(scene.show(term.value) for term in found.terms if term.done)
    whole = found.settled and len(found.terms) > 1
    return f"{terms} = {scene.show(found.value)}" if whole else terms


def _parameter(scene: Scene, node: int, hot: bool) -> list[Text]:
    name = Text(("►" if hot else " ") + scene.names.name(node), style("mark" if hot else "text"))
    before = _number(scene.round.before[node], "text")
    known = scene.gradient(node).settled and scene.sample == len(scene.run.samples) - 1
    step = _number(scene.round.step[node] if known else None, "text")
    after = _number(scene.round.after[node] if known else None, "text")
    terms = Text(_terms(scene, node) or "·", style("backward parameter"))
    return [name, before, terms, step, after]


def main() -> None:
    """Show a scenario on this terminal."""
    global LOOK
    parser = argparse.ArgumentParser(prog="python -m benchmarks.static_screen")
    parser.add_argument("scenario")
    parser.add_argument("--theme", choices=tuple(THEMES), default="terminal")
    options = parser.parse_args()
    LOOK = Look(theme=options.theme)
    StaticApp(Session(load(find(options.scenario)))).run()


if __name__ == "__main__":
    main()
