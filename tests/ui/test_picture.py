"""Pictures of steps, through the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as Tree
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.trace import trace_json
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.picture import Order, picture

SCENARIOS = sorted(shipped_folder().glob("*.toml"))
CONTRAST = 4.5
"""What letters must at least have before their paper (WCAG 2.2, 1.4.3)."""
THEMES = ("light", "dark", "high-contrast", "colour-blind")


def texts(drawn: str) -> str:
    """What can be read in a picture, a blank between two texts."""
    return " ".join(each.text or "" for each in Tree.fromstring(drawn).iter() if each.text)


def made(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The picture the command prints; it says nothing else."""
    assert main(["picture", *arguments]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_s_picture_holds_the_number_of_its_step(path: Path) -> None:
    session = Session(load(path))
    step = trace_json(session, "node", 1)["rounds"][0]["steps"][-2]
    orders = [Order("level node", "--run"), Order(f"goto {step['n']}", "--at")]
    read = texts(picture(session, orders, (120, 40), "light"))
    assert f"step {step['n']}/" in read and step["shown"] in read


@pytest.mark.second
def test_what_is_asked_for_is_done_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    there = texts(made(capsys, "three-samples", "--run", "train 700", "--at", "3"))
    assert "round 701" in there and "step 3/114" in there
    back = texts(made(capsys, "three-samples", "--at", "new hidden.W[1,2]", "--run", "from"))
    assert "where from" in back and "step 111/114" in back
    zoomed = texts(made(capsys, "three-samples", "--run", "zoom", "--at", "40"))
    assert "net" in zoomed and "matrices" not in zoomed and "goto" not in zoomed


def test_large_type_is_drawn_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    usual = texts(made(capsys, "three-samples", "--at", "1"))
    large = texts(made(capsys, "three-samples", "--at", "1", "--present", "--size", "120x35"))
    assert "w11·x1" in usual and "w11·x1" not in large and "step 1/114" in large


@pytest.mark.slow
def test_the_same_command_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the terminal, the locale and the settings of whoever runs it."""
    command = (sys.executable, "-m", "nnhs_tui", "picture", "three-samples", "--at", "40")
    plain = {"PATH": os.environ["PATH"]}
    odd = {
        **{"TERM": "dumb", "LC_ALL": "C", "NO_COLOR": "1", "COLUMNS": "20", "LINES": "5"},
        **{"TEXTUAL_THEME": "nord", "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "latin-1"},
    }
    kept = tmp_path / "nnhs-tui" / "keys.toml"
    kept.parent.mkdir()
    kept.write_text('[keys]\nquit = "X"\n')
    found = [
        subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
        for environment in (plain, {**plain, **odd, "XDG_CONFIG_HOME": str(tmp_path)})
    ]
    assert found[0].stdout == found[1].stdout and found[0].stdout.decode().startswith("<svg")
    assert found[0].stderr == found[1].stderr == b""


@pytest.mark.parametrize("theme", THEMES)
def test_everything_written_can_be_read(capsys: pytest.CaptureFixture[str], theme: str) -> None:
    drawn = made(capsys, "two-layer-sigmoid", "--at", "30", "--theme", theme)
    ground, *papers = Tree.fromstring(drawn).findall("{*}rect")
    behind = {
        (int(each.get("x", 0)) + 12 * column, int(each.get("y", 0))): each.get("fill", "")
        for each in papers
        for column in range(int(each.get("width", 0)) // 12)
    }
    assert behind, "the entry in work is reversed"
    for text in Tree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text"):
        left = int(text.get("x", "").split()[0])
        paper = behind.get((left, int(text.get("y", 0)) // 24 * 24), ground.get("fill", ""))
        assert contrast(text.get("fill", ""), paper) >= CONTRAST, text.text


def contrast(one: str, other: str) -> float:
    """How far two colours differ in brightness, as the WCAG reckons."""
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


def brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--at", "999"), "--at 999: goto takes a step from 1 to 114"),
        (("--at", "hiden.z[1]"), "--at hiden.z[1]: there is no quantity"),
        (("--at", "3", "--run", "nxt"), "--run nxt: there is no command 'nxt'; did you mean next?"),
        (("--run", "next\nx\x1b[31m"), r"--run next\nx\x1b[31m: there is no command"),
        (("--run", "quit"), "quit is left out of a picture"),
        (("--run", "theme terminal"), "theme is left out of a picture"),
        (("--run", "save mine"), "save is left out of a picture"),
        (("--run", "break nothing"), "--run break nothing: there is no quantity 'nothing'"),
        (("--size", "39x12"), "expected 40x12 to 400x200, found 39x12"),
        (("--size", "100"), "expected columns and rows as 100x30, found '100'"),
        (("--theme", "terminal"), "invalid choice"),
        (("--output", "a.png"), "a.png: a picture is written as SVG; expected a name that ends"),
        (("--output", "no/such/place.svg"), "cannot be written (No such file or directory)"),
        (("--output", "circle.svg"), "circle.svg: it cannot be written ("),
        (("--output", "folder.svg"), "no picture of nnhs-tui; expected another name"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(
    arguments: tuple[str, ...],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "circle.svg").symlink_to(tmp_path / "circle.svg")
    assert main(["picture", "three-samples", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and told in said.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["circle.svg", "folder.svg"]
    assert (tmp_path / "circle.svg").is_symlink()


def test_a_title_that_no_picture_can_hold_is_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """XML has no place for control characters, not even for escaped ones."""
    text = (shipped_folder() / "three-samples.toml").read_text("utf-8")
    hostile = re.sub("^title = .*", r'title = "<a>&\\u001b[31m\\uFFFF"', text, flags=re.MULTILINE)
    file = tmp_path / "mine.toml"
    file.write_text(hostile, encoding="utf-8")
    title = Tree.fromstring(made(capsys, str(file))).find("{http://www.w3.org/2000/svg}title")
    assert title is not None and title.text == r"nnhs-tui: <a>&\x1b[31m\uffff"


def test_only_a_picture_of_ours_is_drawn_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "step.svg"
    command = ["picture", "three-samples", "--output", str(file), "--at"]
    assert main([*command, "40"]) == 0 and "step 40/114" in texts(file.read_text("utf-8"))
    assert main([*command, "41"]) == 0 and "step 41/114" in texts(file.read_text("utf-8"))
    file.write_text("<svg>mine</svg>", encoding="utf-8")
    assert main([*command, "42"]) == 2 and "another name" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "<svg>mine</svg>"
    assert list(tmp_path.iterdir()) == [file]
