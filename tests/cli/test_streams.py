"""What is printed where the locale knows only ASCII: spelled for people, kept for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from nnhs_tui.scenario.library import shipped_folder
from tests.cli.in_process import told

NET = "two-layer-sigmoid"


def printed(*arguments: str, **environment: str) -> tuple[bytes, bytes]:
    """Standard output and standard error of a command."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    done = subprocess.run(
        [sys.executable, "-m", "nnhs_tui", *arguments],
        env={**plain, "LANG": "C.UTF-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("trace", NET),
        ("run", NET),
        ("list",),
        ("keys",),
        ("gradcheck", NET),
        ("worksheet", NET, "--key"),
        ("check", NET, "docs/class/ada.csv"),
        ("run", "nowhere-é"),
    ],
    ids=" ".join,
)
def test_for_people_everything_is_ascii(arguments: tuple[str, ...]) -> None:
    _, *usual_streams = told(*arguments, environment={"LANG": "C.UTF-8", "LC_ALL": ""})
    usual = b"".join(usual_streams)
    for found in (printed(*arguments, LC_ALL="C"), printed(*arguments, LANG="de_DE.ISO-8859-1")):
        assert b"".join(found).isascii()
        assert b"?" * 2 not in found[0] and b"\\u" not in found[0]
    assert not usual.isascii() or arguments[0] in ("gradcheck", "check"), "nothing to be spelled"


@pytest.mark.second
def test_ascii_can_be_asked_for() -> None:
    for arguments in (("--ascii", "list"), ("list", "--ascii"), ("trace", NET, "--ascii")):
        assert printed(*arguments)[0].isascii()
    assert b"dL/dw11 = dL/dp11 * hidden.a1" in printed("trace", NET, "--ascii")[0]


def test_the_net_on_a_worksheet_is_not_pulled_apart() -> None:
    """·→· is a sign longer in ASCII; the rules behind it stand below each other all the same."""
    usual, plain = (
        printed("worksheet", NET, *option)[0].decode().split("```")[1].splitlines()
        for option in ((), ("--ascii",))
    )
    assert any(".->." in line for line in plain)
    assert [line.rfind("|") for line in plain] == [line.rfind("│") for line in usual]


def test_a_list_is_aligned_after_it_is_spelled() -> None:
    lines = printed("list", "--ascii")[0].decode().splitlines()
    shapes = [line.index(line.split("  ")[-1].strip()) for line in lines]
    assert len(set(shapes)) == 1


@pytest.mark.second
def test_for_programs_nothing_is_lost() -> None:
    file = (shipped_folder() / "chain-rule.toml").read_bytes()
    assert not file.isascii()
    assert printed("show", "chain-rule", LC_ALL="C")[0] == file
    usual = json.loads(printed("trace", "chain-rule", "--json")[0])
    for found in (
        printed("trace", "chain-rule", "--json", LC_ALL="C")[0],
        printed("trace", "chain-rule", "--json", "--ascii")[0],
    ):
        assert json.loads(found) == usual
    table = printed("worksheet", NET, "--format", "csv")[0]
    assert printed("worksheet", NET, "--format", "csv", LC_ALL="C")[0] == table
