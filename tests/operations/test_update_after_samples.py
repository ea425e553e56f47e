"""Several updates in a round: after each sample, or after so many."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.ledger import draw_ledger
from nnhs_tui.present.panes.timeline import draw_timeline, position_parts
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.rounds import Run
from tests.operations.update_reference import Torch, close

SAMPLES = """
title = "Mean of eight"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[{w}]]
[loss]
kind = "sse"
[training]
learning_rate = {lr}
{more}
"""


def text(*targets: float, more: str, w: str = "0.0", lr: str = "0.01") -> str:
    rows = "".join(f"[[samples]]\nx = [1.0]\nt = [{each}]\n" for each in targets)
    return SAMPLES.format(w=w, lr=lr, more=more) + rows


Told = Callable[..., str]


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """Runs a command on a file, and hands over what it prints."""

    def run(content: str, command: str, *options: str, code: int = 0) -> str:
        path = tmp_path / "samples.toml"
        path.write_text(content, encoding="utf-8")
        assert main([command, str(path), *options]) == code
        return capsys.readouterr().out

    return run


def session_of(content: str, tmp_path: Path) -> Session:
    path = tmp_path / "stepped.toml"
    path.write_text(content, encoding="utf-8")
    return Session(load(path))


EIGHT = (2, 4, 6, 8, 10, 12, 14, 16)


def test_numbers_that_others_have_printed(told: Told) -> None:
    # github.com/luisdecunto/ml-roadmap, guides/solutions/optimization_solutions.md, 3.2.
    printed = [0.04, 0.1192, 0.2368, 0.3921, 0.5843, 0.8126, 1.0763, 1.3748]
    traced = json.loads(told(text(*EIGHT, more='update = "sample"'), "trace", "--json"))
    (found,) = traced["rounds"]
    after = [each["after"]["o.W"][0][0] for each in found["updates"]]
    assert after == pytest.approx(printed, abs=1e-4)
    assert [each["after_sample"] for each in found["updates"]] == list(range(1, 9))
    assert found["after"] == found["updates"][-1]["after"]
    assert found["before"] == {"o.W": [[0.0]]} == found["updates"][0]["before"]


@pytest.mark.parametrize("kind", ["sgd", "momentum", "adam"])
def test_groups_are_reduced_each_by_itself_and_the_rest_comes_last(told: Told, kind: str) -> None:
    content = text(1, 3, 5, more=f'update = 2\noptimizer = "{kind}"', w="0.5", lr="0.1")
    rounds = json.loads(told(content, "trace", "--json", "--rounds", "2"))["rounds"]
    rule, w = Torch(kind, 0.1), 0.5
    for found in rounds:
        assert [each["after_sample"] for each in found["updates"]] == [2, 3]
        for targets, update in zip(((1, 3), (5,)), found["updates"], strict=True):
            gradient = sum(2 * (w - t) for t in targets) / len(targets)
            assert close([update["accumulated"]["o.W"][0][0]], [gradient])
            assert close([update["before"]["o.W"][0][0]], [w])
            w = rule.step(w, gradient)
            assert close([update["after"]["o.W"][0][0]], [w])
            kept = {name: each["o.W"][0][0] for name, each in update.get("state", {}).items()}
            assert close(list(kept.values()), list(rule.state().values()))
        assert found.get("state") == found["updates"][-1].get("state")


def test_steps_say_which_update_they_are_of(told: Told) -> None:
    content = text(1, 3, 5, more="update = 2")
    (found,) = json.loads(told(content, "trace", "--json"))["rounds"]
    phases = [(s["phase"], s["sample"], s.get("update")) for s in found["steps"]]
    ordered = list(dict.fromkeys(phases))
    assert ordered == [
        ("forward", 1, None),
        ("backward", 1, None),
        ("forward", 2, None),
        ("backward", 2, None),
        ("update", None, 1),
        ("forward", 3, None),
        ("backward", 3, None),
        ("update", None, 2),
    ]
    for level in ("neuron", "layer"):
        higher = json.loads(told(content, "trace", "--json", "--level", level))["rounds"][0]
        assert {k: v for k, v in higher.items() if k != "steps"} == {
            k: v for k, v in found.items() if k != "steps"
        }
    assert "updates" not in json.loads(told(text(1, 3, more=""), "trace", "--json"))["rounds"][0]


def test_as_many_as_there_are_is_the_batch(told: Told) -> None:
    for every in ("2", "9"):
        found = json.loads(told(text(1, 3, more=f"update = {every}"), "trace", "--json"))
        batch = json.loads(told(text(1, 3, more=""), "trace", "--json"))
        (one,), (other,) = found["rounds"], batch["rounds"]
        assert len(one.pop("updates")) == 1 and one == other


def test_walking_back_and_forth_changes_nothing(tmp_path: Path) -> None:
    session = session_of(text(*EIGHT, more="update = 3\noptimizer = 'momentum'"), tmp_path)
    total = session.schedule.total
    there = [(session.schedule.step(n), session.schedule.offset(n)) for n in range(total)]
    assert [step.index for step, _ in there] == list(range(total))
    seen = []
    for _ in range(total - 1):
        seen.append(str(session.scene().value(session.tape.leaves)))
        session.execute("next")
    for before in reversed(seen):
        session.execute("back")
        assert str(session.scene().value(session.tape.leaves)) == before


def test_a_quantity_says_which_update_it_means(tmp_path: Path) -> None:
    session = session_of(text(1, 3, 5, more='update = "sample"', lr="0.25"), tmp_path)
    session.execute("goto end")
    session.execute(f"goto {session.schedule.total}")
    # w: 0, then half of the way to 1, to 3 and to 5: 0.5, 1.75, 3.375.
    values = {
        "new o.W[1,1]": 3.375,
        "update 1: new o.W[1,1]": 0.5,
        "update 2: o.W[1,1]": 0.5,
        "update 2: grad o.W[1,1]": -5,
        "update 3: step o.W[1,1]": -1.625,
    }
    from nnhs_tui.debugger.quantities import value_at

    for name, value in values.items():
        assert value_at(session.scene(), session.quantity(name)) == value, name
    assert session.execute("goto update 2: new o.W[1,1]").kind == "moved"
    assert session.scene().round.after[0] == 1.75
    assert session.execute("goto update 4: new o.W[1,1]").kind == "refused"
    assert session.execute("goto update 1: o.z[1]").kind == "refused"
    assert session.execute("break update 2: new o.W[1,1] > 1").kind != "refused"


def test_a_what_if_and_its_undoing(tmp_path: Path) -> None:
    content = text(1, 3, 5, more='update = 2\noptimizer = "momentum"', lr="0.1")
    session = session_of(content, tmp_path)
    session.execute("train 2")
    before = [float(session.run.round(n).after[0]) for n in range(2)]
    assert session.execute("edit learning_rate 0.2").kind != "refused"
    assert float(session.run.learning_rate(session.round)) == 0.2
    session.execute("undo")
    again = Run(session.tape, session.run.arithmetic)
    assert [float(again.round(n).after[0]) for n in range(2)] == before
    # What is kept of the rounds is enough to make each of them again.
    session.run.let_go()
    assert [float(session.run.round(n).after[0]) for n in range(2)] == before


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
@pytest.mark.parametrize("more", ['update = "sample"\noptimizer = "adam"', "update = 2"])
def test_its_sheets_are_marked(told: Told, tmp_path: Path, arithmetic: str, more: str) -> None:
    # With two decimals the squares of Adam's small gradients would round to 0.
    content = text(1, 3, 5, more=more, lr="0.1").replace("[network]", "digits = 4\n[network]", 1)
    key = told(content, "worksheet", "--format", "csv", "--key", "--arithmetic", arithmetic)
    rows = list(csv.DictReader(key.splitlines()))
    assert any(row["quantity"].startswith("update 2: ") for row in rows)

    def marked(answers: list[str], code: int) -> list[dict[str, str]]:
        lines = [f'"{row["quantity"]}",{a}' for row, a in zip(rows, answers, strict=True)]
        sheet = tmp_path / "sheet.csv"
        sheet.write_text("\n".join(["quantity,answer", *lines]), encoding="utf-8")
        said = told(content, "check", str(sheet), "--json", "--arithmetic", arithmetic, code=code)
        return json.loads(said)["sheets"][0]["answers"]

    right = [row["answer"] for row in rows]
    assert {each["verdict"] for each in marked(right, 0)} <= {"right", "rounded"}
    # A slip in the first new weight, and right from there on: only it is wrong.
    at = next(n for n, row in enumerate(rows) if row["quantity"] == "update 1: new o.W[1,1]")
    off = [*right[:at], str(float(right[at]) + 7.3), *right[at + 1 :]]
    verdicts = [each["verdict"] for each in marked(off, 1)]
    assert verdicts[at] == "wrong" and set(verdicts[:at]) <= {"right", "rounded"}


FAULTS = {
    "update = 0": 'training.update: 0; expected a whole number from 1 to 10,000, "batch"',
    'update = "round"': 'training.update: the text "round"; expected "batch", "sample" or',
    'optimizer = { kind = "adam", beta1 = 1.0 }': "training.optimizer.beta1: 1.0; expected a",
    'optimizer = { kind = "adam", beta = 0.5 }': "training.optimizer.beta: unknown key; expected",
    "optimizer = { beta = 0.5 }": 'training.optimizer: no kind; expected "sgd", "momentum"',
    'schedule = { kind = "step", every = 3 }': "training.schedule: no factor; expected every",
    "clip = { norm = 0 }": "training.clip.norm: 0; expected a number above 0",
    "clip = { norm = 1, value = 1 }": "training.clip: a table of 2 keys; expected { norm = 1.0 }",
    "weight_decay = -1": "training.weight_decay: -1; expected a number of at least 0",
}


@pytest.mark.parametrize("more", FAULTS)
def test_what_cannot_be_is_refused_with_its_place(
    told: Told, capsys: pytest.CaptureFixture[str], more: str
) -> None:
    told(text(1, more=more), "validate", code=2)


@pytest.mark.parametrize("more", FAULTS)
def test_the_message_says_what_was_expected(tmp_path: Path, more: str) -> None:
    from nnhs_tui.errors import ScenarioError

    path = tmp_path / "fault.toml"
    path.write_text(text(1, more=more), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(path)
    (fault,) = refused.value.faults
    assert FAULTS[more] in str(fault)


GRAPH = """
title = "Called like a kind"
[graph]
parameters = { m = 2.0 }
[graph.nodes]
v = "m * m"
[training]
optimizer = "adam"
"""


def test_conditions_know_what_a_rule_has(tmp_path: Path) -> None:
    session = session_of(text(1, 3, more='update = "sample"\noptimizer = "adam"'), tmp_path)
    for condition in ("m o.W[1,1] changes", "update 2: vhat o.W[1,1] > 0", "v o.W[1,1] > 1"):
        assert session.execute(f"break {condition}").kind != "refused", condition
    assert session.execute("break clip norm > 1").kind == "refused"
    session = session_of(text(1, 3, more="clip = { norm = 1 }"), tmp_path)
    assert session.execute("break clip norm > 1").kind != "refused"
    assert session.execute("continue").kind == "moved"
    assert session.name(session.quantity("")) == "clip norm"
    # A node called m is that node, whatever a rule calls its numbers.
    session = session_of(GRAPH, tmp_path)
    for condition in ("m > 1 and v > 1", "v rises", "m changes", "m m > 0"):
        assert session.execute(f"break {condition}").kind != "refused", condition


def drawn(session: Session, pane: Callable[..., list], width: int = 80, height: int = 20) -> str:
    lines = pane(session.scene(), width, height, (0, 0))
    return "\n".join("".join(text for text, _ in line) for line in lines)


def test_the_timeline_and_the_head_say_which_update_it_is(tmp_path: Path) -> None:
    session = session_of(text(1, 3, 5, more="update = 2"), tmp_path)
    session.execute("goto update 1: new o.W[1,1]")
    shown = drawn(session, draw_timeline)
    assert [shown.index(f"{n} update") for n in (1, 2)] == sorted(
        shown.index(f"{n} update") for n in (1, 2)
    )
    words = [f"{word}{value}" for word, _, value in position_parts(session.scene())]
    assert "update 1/2" in words
    # The round's loss is known behind its last sample alone.
    assert any(word.startswith("sample's loss") for word in words)
    session.execute("goto update 2: new o.W[1,1]")
    words = [f"{word}{value}" for word, _, value in position_parts(session.scene())]
    assert "update 2/2" in words and any(word.startswith("round's loss") for word in words)


def test_the_gradients_show_what_is_kept(tmp_path: Path) -> None:
    session = session_of(text(1, more='optimizer = "momentum"', w="2.0", lr="0.5"), tmp_path)
    session.execute("goto o.z[1]")
    assert "m 0.00" in drawn(session, draw_ledger)
    session.execute("goto new o.W[1,1]")
    assert "m 2.00" in drawn(session, draw_ledger)
