"""The first card of a scenario: what it is for, what is given, what to try, which keys to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnhs_tui.commands.commands import BY_WORD, key_label
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.labels import ARITHMETIC, counted
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.data_told import data_told
from nnhs_tui.present.text.lines import Line, paragraphs, run, wrap, wrap_prose
from nnhs_tui.present.text.notation import objective

FIRST_KEYS = (
    ("next", "the next step"),
    ("back", "back"),
    ("next-phase", "to the next phase"),
    ("test", "type the numbers yourself"),
)
"""The four keys to know."""
SENTENCES = 3
"""Of the aim."""
MANY = 6
"""Numbers that are told one by one."""


def card_page(scene: Scene) -> Page:
    """The card, made for a scenario that was never opened before."""
    return Page(scene.scenario.name, lambda width: _card(scene, width))


def _card(scene: Scene, width: int) -> list[Line]:
    lines = [*aim_lines(scene, width), ()]
    keys: list[tuple[str, str]] = []
    for word, told in FIRST_KEYS:
        command = BY_WORD.get(word)
        if command is not None and command.keys:
            gap = "   " if keys else ""
            keys += [(f"{gap}{key_label(command.keys[0])}", "key"), (f" {told}", "text")]
    lines += wrap(tuple(keys), width)
    about = BY_WORD.get("about")
    if about is not None and about.keys:
        again = f"Esc shows the first step; {key_label(about.keys[0])} shows this again."
        lines += wrap(((again, "dim"),), width)
    return lines


def aim_lines(scene: Scene, width: int) -> list[Line]:
    """Title, aim, what to look at and to try, and what is given."""
    scenario = scene.scenario
    lines: list[Line] = [*wrap((run(scenario.title, "title chosen"),), width), ()]
    for paragraph in paragraphs(scenario.description):
        lines += wrap_prose(paragraph, width)
    lines += [(), *wrap((("Given: ", "dim"), run("; ".join(_given(scene)))), width, 7)]
    return lines


def _given(scene: Scene) -> Iterator[str]:
    """The numbers one begins with, in a few words."""
    tape = scene.run.tape

    def name(letter: str, place: int) -> str:
        return scene.names.symbol((tape.x if letter == "x" else tape.t)[place])

    samples = len(scene.run.samples)
    if scene.scenario.data is not None:
        yield from data_told(scene.scenario, scene.digits, name)
    elif samples > 1:
        yield counted(samples, "sample")
    if tape.is_graph and 0 < tape.parameters <= MANY:
        # Those of a network are many, and stand in its matrices.
        yield _told(scene, range(tape.parameters))
    for told, nodes in (("inputs", list(tape.x)), ("target", list(tape.t))):
        if nodes and len(nodes) <= MANY and samples == 1:
            yield _told(scene, nodes)
        elif nodes:
            yield f"{len(nodes)} {told}"
    if tape.loss is not None:
        yield f"the loss {objective(scene)} = {tape.loss.loss.convention}"
    arriving = {sample.upstream for sample in scene.scenario.samples}
    (numbers_back,) = arriving if len(arriving) == 1 else ((),)
    if numbers_back and len(numbers_back) <= MANY:
        told = ", ".join(scene.show(float(each)) for each in numbers_back)
        yield f"what arrives at the outputs on the way back: {told}"
    if tape.parameters:
        yield f"learning rate {scene.show(scene.learning_rate)}"
    carried = counted(scene.digits, "decimal")
    arithmetic = scene.run.arithmetic.name
    how = "every step rounded to" if arithmetic == "hand" else "shown with"
    yield f"{ARITHMETIC[arithmetic]} arithmetic, {how} {carried}"


def _told(scene: Scene, nodes: Iterable[int]) -> str:
    """`x1 = 0.50, x2 = 2.00`."""
    shown = ((scene.names.symbol(node), scene.record.value[node]) for node in nodes)
    return ", ".join(f"{name} = {scene.show(value)}" for name, value in shown)
