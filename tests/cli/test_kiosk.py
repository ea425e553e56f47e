"""`run --kiosk` from outside: what it takes, and what it does without a terminal."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.cli.arguments import parser
from nnhs_tui.commands.commands import BY_WORD, COMMANDS, parse, take_out
from nnhs_tui.debugger.naming.completion import candidates
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.ui.examples import SMALL


def told(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What a process of its own says: a kiosk changes its process for good."""
    return subprocess.run(
        [sys.executable, "-m", "nnhs_tui", *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


def test_without_a_terminal_it_prints_the_traces_of_its_scenarios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(SMALL, encoding="utf-8")
    traces = []
    for name in (str(own), "sigmoid-neuron"):
        main(["trace", name])
        traces.append(capsys.readouterr().out)
    done = told("run", "--kiosk", str(own), "sigmoid-neuron", str(own))
    assert done.returncode == 0
    assert done.stdout == "\n".join(traces)
    assert "no terminal" in done.stderr


def options() -> list[argparse.Action]:
    """The options of `run`."""
    found = parser().parse_args(["run", "x"])
    (sub,) = (each for each in parser()._actions if isinstance(each, argparse._SubParsersAction))
    return [each for each in sub.choices["run"]._actions if each.dest in vars(found)]


FITTING = {"kiosk", "arithmetic", "digits", "fresh", "ascii", "theme", "scenarios"}


@pytest.mark.parametrize(
    "option", [each for each in options() if each.dest not in FITTING], ids=lambda each: each.dest
)
def test_it_goes_with_no_option_that_does_more(
    option: argparse.Action, capsys: pytest.CaptureFixture[str]
) -> None:
    value = [] if option.nargs == 0 else [str((option.choices or ["1"])[0])]  # type: ignore[index]
    assert main(["run", "--kiosk", "two-layer-sigmoid", option.option_strings[-1], *value]) == 2
    assert f"--{option.dest} does not go with --kiosk" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["run", "two-layer-sigmoid", "sigmoid-neuron"], "several only with --kiosk"),
        (["run", "--kiosk", "two-layer-sigmoid", "nope"], "nope: no scenario has this name"),
        (["run", "--kiosk"], "the following arguments are required: SCENARIO"),
    ],
)
def test_what_it_cannot_take_is_said_in_a_line(arguments: list[str], what: str) -> None:
    done = told(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr and done.stderr.count("\n") == 1


def test_the_user_s_own_scenarios_have_no_name_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "nnhs-tui" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert told("run", "own").returncode == 0
    assert "no scenario has this name" in told("run", "--kiosk", "own").stderr


LIMITED = """
import threading
from nnhs_tui.cli import kiosk
kiosk._limit()
room = bytearray(kiosk.BYTES * 2 // 3)
try:
    bytearray(kiosk.BYTES - len(room))
except MemoryError:
    thread = threading.Thread(target=print, args=["no more"])
    thread.start()
    thread.join()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count no memory in use")
def test_no_login_takes_more_memory_than_it_may() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.stdout, done.stderr) == ("no more\n", "")


def test_a_command_that_is_taken_out_is_gone_everywhere() -> None:
    from nnhs_tui.ui.keys import bindings

    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    kept, words = list(COMMANDS), dict(BY_WORD)
    try:
        take_out(("reload", "save"))
        assert not {"reload", "save"} & {each.word for each in COMMANDS}
        assert not any("reload" in each.action for each in bindings())  # type: ignore[union-attr]
        completed = {each.label for each in candidates(session, "re")}
        assert "reset" in completed and "reload" not in completed
        for word in ("reload", "save x"):
            with pytest.raises(Refusal, match="there is no command"):
                parse(word)
    finally:
        COMMANDS[:] = kept
        BY_WORD.update(words)
