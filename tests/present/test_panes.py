"""The panes: at every step of every shipped scenario they show what they promise."""

from __future__ import annotations

import os
import re
from itertools import cycle, product
from pathlib import Path

import pytest

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.commands.panes import NAMES
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.explain import explain
from nnhs_tui.present.panes.table import draw, position
from nnhs_tui.present.text.lines import Line, line_cells
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.random_scenarios import loaded

SHIPPED = sorted(shipped_folder().glob("*.toml"))
SMALL = {"net": (44, 10), "matrices": (35, 10), "step": (80, 6), "gradients": (80, 5)}
"""The panes' sizes on a screen of 80×24."""
GOLDENS = Path(__file__).parent / "goldens"


def plain(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def roles(lines: list[Line], role: str) -> list[str]:
    """The texts drawn in a role."""
    return [text for line in lines for text, words in line if role in words.split()]


def walked(path: Path):
    """The scenes of the first round, one a step."""
    session = Session(load(path))
    session.execute("level node")
    for index in range(session.total):
        session.execute(f"goto {index + 1}")
        yield session.scene()


VIEWS = list(product(("node", "layer", "neuron"), ("scalar", "matrix")))


@pytest.fixture(params=SHIPPED, ids=lambda path: path.stem)
def shipped(request) -> Path:
    return request.param


@pytest.mark.parametrize(
    "size",
    [(1, 1), (12, 3), (40, 12), (80, 24), pytest.param((160, 50), marks=pytest.mark.slow)],
    ids=str,
)
def test_no_pane_leaves_its_size(shipped, size):
    width, height = size
    session = Session(load(shipped))
    for index, (level, form) in zip(range(0, session.total, 5), cycle(VIEWS), strict=False):
        session.execute(f"goto {index + 1}")
        session.execute(f"level {level}")
        session.execute(f"form {form}")
        session.execute("into" if level == "node" else "notation")
        scene = session.scene()
        assert line_cells(position(scene, width)) <= width
        for pane in NAMES:
            for scroll in ((0, 0), (3, 2), (-99, -99), (999, 999)):
                lines = draw(pane, scene, width, height, scroll)
                assert len(lines) <= height
                assert all(line_cells(line) <= width for line in lines)


def test_every_step_shows_its_number_on_a_small_screen(shipped):
    for scene in walked(shipped):
        told = explain(scene)
        step = draw("step", scene, *SMALL["step"])
        assert told.name in plain(step)
        assert scene.show(told.value) in roles(step, "changed")


def test_every_gradient_and_the_update_it_makes_are_in_the_ledger(shipped):
    """A parameter's row is there at the step of its gradient, with its new value once whole."""
    last = None
    for scene in walked(shipped):
        parameter = scene.step.target if scene.phase == BACKWARD else scene.step.node
        if scene.phase == FORWARD or parameter >= scene.run.tape.parameters:
            continue
        rows = plain(draw("gradients", scene, *SMALL["gradients"])).splitlines()
        (row,) = [row for row in rows if row.startswith("►")]
        assert row.split()[0] == "►" + scene.names.name(parameter)
        gradient = scene.gradient(parameter)
        if scene.phase == UPDATE or (gradient.settled and scene.sample == scene.group[-1]):
            assert row.split()[-1] == scene.show(scene.round.after[parameter])
        else:
            assert row.split()[-1] == "·"
        last = scene.phase
    assert last == UPDATE or not scene.run.tape.parameters


def test_what_is_not_known_yet_is_never_shown_as_a_number(shipped):
    """Before a value's own step the panes draw the same as if it were another number."""
    session = Session(load(shipped))
    scene = session.scene()
    outputs = scene.run.tape.outputs
    shown = {scene.show(scene.record.value[node]) for node in outputs}
    leaves = {scene.show(value) for value in scene.record.value[: scene.run.tape.leaves]}
    first = explain(scene)
    for text in shown - leaves - {scene.show(first.value)}:
        for pane in ("net", "matrices"):
            drawn = plain(draw(pane, scene, *SMALL[pane])).replace("[", " ").replace("]", " ")
            assert text not in drawn.split()


def test_a_pane_is_a_function_of_the_step_alone(shipped):
    """Going there forwards, backwards or by a jump draws the same."""
    there, back = Session(load(shipped)), Session(load(shipped))
    middle = there.total // 2
    for session in (there, back):
        session.execute("level node")
    there.execute(f"goto {middle}")
    back.execute("last")
    for _ in range(back.total - middle):
        back.execute("back")
    for pane in NAMES:
        assert draw(pane, there.scene(), 80, 10) == draw(pane, back.scene(), 80, 10)


def test_the_entry_in_work_is_marked_in_the_matrices():
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    marked = draw("matrices", session.scene(), *SMALL["matrices"])
    x, w = session.tape.x[0], 0
    scene = session.scene()
    assert roles(marked, "current") == [
        scene.show(scene.record.value[x]),
        scene.show(scene.record.value[w]),
        "·",
    ], "the input, its weight, and the neuron's sum, which is not known yet"


def test_backward_values_and_parameter_gradients_carry_their_roles():
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    session.execute("last")
    while session.scene().phase != BACKWARD:
        session.execute("back")
    scene = session.scene()
    assert roles(draw("net", scene, 80, 12), "backward")
    ledger = draw("gradients", scene, 80, 20)
    assert len(roles(ledger, "parameter")) == scene.run.tape.parameters
    assert all("backward" in words for line in ledger for _, words in line if "parameter" in words)


def test_the_term_that_a_step_adds_is_the_one_marked_as_changed(shipped):
    for scene in walked(shipped):
        if scene.phase != BACKWARD or scene.step.is_join:
            continue
        # In a low pane one term alone has no row: the step's pane says it.
        height = 5 if len(scene.gradient(scene.step.target).terms) > 1 else 7
        first = draw("gradients", scene, 120, height)[1]
        marked = [text for text, words in first if "changed" in words.split()]
        value = scene.show(scene.record.arriving(scene.step.node, scene.step.place))
        assert marked == [value] or marked == [f"({value})"]


SHOWN = ["two-layer-sigmoid", "chain-rule", "sigmoid-circuit", "three-samples"]


@pytest.mark.parametrize("command", ["goto 1", "goto 7", "goto 22", "goto 30", "last"])
@pytest.mark.parametrize("name", SHOWN)
def test_golden(name, command):
    """Text goldens of all panes; written anew where NNHS_GOLDENS=write is set."""
    # The article carries two digits through the circuit.
    arithmetic = "hand" if name == "sigmoid-circuit" else "exact"
    session = Session(load(shipped_folder() / f"{name}.toml"), arithmetic=arithmetic)
    if session.execute(command).kind == "refused":
        command = "last"
        session.execute(command)
    scene = session.scene()
    drawn = [plain([position(scene, 80)])]
    drawn += [plain(draw(pane, scene, *size)) for pane, size in SMALL.items()]
    drawn.append(plain(draw("timeline", scene, 80, 1)))
    text = "\n".join(drawn) + "\n"
    golden = GOLDENS / f"{name}-{command.replace(' ', '-')}.txt"
    if os.environ.get("NNHS_GOLDENS") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def fan(paths: int, name: str = "h") -> Session:
    """An input that goes to so many neurons."""
    return Session(
        loaded(
            f'''
title = "fan"
[network]
inputs = 1
[[network.layers]]
name = "{name}"
weights = [[{", ".join(["0.5"] * paths)}]]
[[network.layers]]
name = "o"
weights = [{", ".join(["[0.25]"] * paths)}]
[loss]
kind = "half_sse"
[[samples]]
x = [1]
t = [0]
[[samples]]
x = [2]
t = [0]
'''
        )
    )


@pytest.mark.parametrize(
    ("paths", "coming"), [(2, "+ ·"), (3, "+ · + ·"), (4, "+ · + · + ·"), (5, "+ 4 to come")]
)
def test_of_what_is_to_come_up_to_three_terms_are_drawn(paths: int, coming: str) -> None:
    session = fan(paths)
    session.execute("goto grad x[1] via h.z[1]")
    row = plain(draw("gradients", session.scene(), 80, 6)).splitlines()[1]
    assert re.fullmatch(rf"∂ x\[1\] = \S+ {re.escape(coming)}, so far \S+", row)


@pytest.mark.parametrize("paths", [2, 3, 7])
def test_a_sum_says_over_how_many_paths_and_samples_it_goes(paths: int) -> None:
    session = fan(paths)
    for place in range(paths):
        session.execute(f"goto grad x[1] via h.z[{place + 1}]")
        assert explain(session.scene()).running.endswith(f"({place + 1} of {paths} paths)")
    session.execute("goto grad x[1]")
    assert f"x1 is used {paths} times" in explain(session.scene()).why
    for sample in (1, 2):
        session.execute(f"goto sample {sample}: grad h.W[1,1]")
        assert explain(session.scene()).running.endswith(f"({sample} of 2 samples)")


@pytest.mark.parametrize(
    ("name", "label"), [("hidden", "(h1)"), ("xor", "(1.1)"), ("Last", "(1.1)"), ("old", "(1.1)")]
)
def test_a_neuron_is_called_like_nothing_else_in_the_picture(name: str, label: str) -> None:
    """Inputs are x, the loss is L, and the other layer's neurons begin with o."""
    drawn = plain(draw("net", fan(2, name).scene(), 80, 12))
    labels = re.findall(r"\(\w[^ )]*\)", drawn)
    assert label in labels and len(labels) == len(set(labels)), drawn


@pytest.mark.parametrize(("height", "is_marked"), [(6, False), (8, True), (14, True)])
def test_the_column_in_work_is_marked_where_that_hides_no_small_matrix(
    height: int, is_marked: bool
) -> None:
    """Ten rows fit none of these heights: where six lines are left one of them is for the sign."""
    session = Session(load(shipped_folder() / "training-loop.toml"))
    session.execute("goto hidden.p[3,2]")
    drawn = plain(draw("matrices", session.scene(), 35, height))
    assert ("▲" in drawn) == is_marked and "►" in drawn
