"""`nnhs-tui notes` where there is no terminal to open them in."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.present.presenting.briefing import Briefing, Shown, Told, as_line
from nnhs_tui.store import presentations

if not presentations.has_sockets():
    pytest.skip("there are no Unix sockets", allow_module_level=True)


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="nnhs-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


def saying(server: socket.socket, line: bytes) -> threading.Thread:
    """A presentation that says one line to the first who comes."""

    def say() -> None:
        connection, _ = server.accept()
        connection.sendall(line)
        connection.close()

    server.settimeout(10)
    thread = threading.Thread(target=say)
    thread.start()
    return thread


def test_a_scenario_s_notes_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notes", "chain-rule", "--print"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("The chain rule") and "\n  (Yes: a sum" in printed.out
    assert printed.err == ""
    assert main(["notes", "chain-rule"]) == 0
    without = capsys.readouterr()
    assert without.out == printed.out and "no terminal" in without.err


def test_a_presentation_that_runs_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    told = Briefing(title="T\x1b[1m", notes=("Ask: a?",), next=Told("w", "", ("w = 1 + 1 = 2",)))
    server, _ = presentations.listen()
    with server:
        thread = saying(server, as_line(told).encode() + b"\n")
        assert main(["notes", "--print"]) == 0
        thread.join()
    printed = capsys.readouterr().out
    assert printed.startswith("T\\x1b[1m\n") and "Ask: a?" in printed
    assert "next: w\n  w = 1 + 1 = 2" in printed and "then" not in printed


def test_what_a_replay_says_next_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    told = Briefing(title="T", ending="the end", shown=Shown(remark="Look at w", replay="goto w"))
    server, _ = presentations.listen()
    with server:
        thread = saying(server, as_line(told).encode() + b"\n")
        assert main(["notes", "--print"]) == 0
        thread.join()
    assert capsys.readouterr().out.splitlines()[-2:] == ["the end", "then: Look at w"]


def test_what_says_nothing_sound_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    server, _ = presentations.listen()
    with server:
        thread = saying(server, b"nonsense\n")
        assert main(["notes", "--print"]) == 2
        thread.join()
    assert "no presentation is running" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--print"], [], ["nowhere"], ["nowhere.toml"]], ids=str)
def test_one_line_says_what_is_wrong(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["notes", *arguments]) == 2
    printed = capsys.readouterr()
    *_, fault = printed.err.splitlines()
    assert printed.out == "" and fault.startswith("nnhs-tui: ") and "Traceback" not in printed.err
    assert ("--present" in fault) == (not arguments or arguments == ["--print"])


def test_without_sockets_it_says_how_to_print_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    assert main(["notes"]) == 2
    assert "--print prints them" in capsys.readouterr().err
    assert main(["notes", "chain-rule", "--print"]) == 0
