"""What is shown is not what is compared: with every label turned round all goes on alike."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nnhs_tui import labels
from nnhs_tui.autodiff import differences
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.marking.judge import VERDICTS
from nnhs_tui.present.panes.timeline import position_texts
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.reading.limits import ARITHMETICS, LEVELS
from nnhs_tui.ui.screens.leaving import BLANK, OTHER, PAGE, PICKER, SELF_TEST
from tests.reversed_labels import reversed_labels

ROOT = Path(__file__).parents[1]
RUN = (
    *("tests/debugger/test_session.py", "tests/debugger/test_destinations.py"),
    *("tests/debugger/test_breakpoints.py", "tests/selftest/test_selftest.py"),
    *("tests/marking/test_marker.py", "tests/cli/test_check.py", "tests/present/test_trace.py"),
)
WALKED = "two-layer-sigmoid", "chain-rule", "three-samples"
WALK = "s,],level neuron,n,n,break backward,c,level node,arithmetic hand,notation neurons,apply,p"


def test_every_id_has_a_label() -> None:
    checks = (differences.AGREES, differences.DISAGREES, differences.KINK, differences.UNTRIED)
    assert tuple(labels.PHASE) == (FORWARD, BACKWARD, UPDATE)
    assert tuple(labels.LEVEL) == tuple(labels.STEPS) == tuple(labels.GRAPH_STEPS) == LEVELS
    assert tuple(labels.ARITHMETIC) == ARITHMETICS and tuple(labels.VERDICT) == VERDICTS
    assert tuple(labels.CHECK) == checks
    assert set(labels.COVER) == {OTHER, BLANK, PAGE, SELF_TEST, PICKER}


def test_whatever_is_counted_has_a_template() -> None:
    """Also those that a run meets rarely; a name that is handed on is one of a scenario's."""
    found = set()
    for path in sorted((ROOT / "nnhs_tui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "counted":
                thing = node.args[1]
                found.add(thing.value if isinstance(thing, ast.Constant) else ast.unparse(thing))
    assert found - {"noun"} <= set(labels.COUNTED)
    assert set(labels.COUNTED) - found <= {"entry"}
    for one, many in labels.COUNTED.values():
        parts = {"n": 2, "names": "1", "told": "flat", "first": "it", "parts": "1"}
        assert one.format(**parts) != many.format(**parts)


@pytest.mark.slow
def test_session_self_test_check_and_trace_pass_with_every_label_turned_round() -> None:
    """The tests of them, in an interpreter of their own; those of the words themselves left out.

    Each has its turn; of many cases a part is enough, since they take the same ways to a label.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n0", "-p", "tests.reversed_labels"),
            *("-p", "no:cacheprovider", "--quick", "-m", "not labels", *RUN),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None and int(passed[1]) > 150, done.stdout[-1000:]


def walked(name: str) -> list[object]:
    """Where each command of the walk leads, and what kind of outcome it is."""
    session = Session(load(shipped_folder() / f"{name}.toml"))
    found: list[object] = []
    for command in WALK.split(","):
        word = {"s": "into", "]": "next-phase", "n": "next", "c": "continue", "p": "back"}
        outcome = session.execute(word.get(command, command))
        found.append((outcome.kind, session.cursor, session.arithmetic_name, session.view))
    return found


@pytest.mark.parametrize("name", WALKED)
def test_a_walk_leads_to_the_same_steps(name: str) -> None:
    as_it_is = walked(name)
    with reversed_labels():
        assert walked(name) == as_it_is


@pytest.mark.parametrize("name", WALKED)
@pytest.mark.parametrize("level", LEVELS)
def test_trace_as_json_has_no_label(
    name: str, level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["trace", name, "--json", "--level", level]
    assert main(command) == 0
    as_it_is = json.loads(capsys.readouterr().out)
    with reversed_labels():
        assert main(command) == 0
    assert json.loads(capsys.readouterr().out) == as_it_is


def test_check_as_csv_has_no_label_but_the_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text("quantity,answer\nhidden.z[1],0.75\nhidden.a[1],9\n", encoding="utf-8")
    command = ["check", "two-layer-sigmoid", "--csv", str(sheet)]
    assert main(command) == 1
    as_it_is = [line.rsplit(",", 1)[0] for line in capsys.readouterr().out.splitlines()]
    with reversed_labels():
        assert main(command) == 1
    found = capsys.readouterr().out.splitlines()
    assert [line.rsplit(",", 1)[0] for line in found] == as_it_is


def test_the_labels_are_what_is_shown() -> None:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"), arithmetic="exact")
    session.execute("level layer")
    with reversed_labels():
        told, _ = position_texts(session.scene())
        assert " drawrof " in told and "reyal" in told and "tcaxe" in told
        assert session.execute("level neuron").message == "stepping by snoruen"
