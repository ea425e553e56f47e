"""The README and the guides say what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nnhs_tui.cli import COMMANDS as CLI_COMMANDS
from nnhs_tui.cli import main
from nnhs_tui.commands.commands import COMMANDS, key_labels
from nnhs_tui.lessons.course import Course
from nnhs_tui.lessons.library import scenario_of
from nnhs_tui.lessons.reading import load_lesson
from nnhs_tui.marking.judge import VERDICTS
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.scenario.loading import load
from tests.documents import anchor, headings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def keys_table() -> str:
    """The table of keys as it stands in the README."""
    rows = ["| key | command | does |", "|---|---|---|"]
    for command in COMMANDS:
        keys = " ".join(f"`{label}`" for label in key_labels(command).split())
        call = command.call.replace("|", "\\|")
        rows.append(f"| {keys} | `{call}` | {command.help} |")
    return "\n".join(rows)


def test_the_table_of_keys_is_that_of_the_program():
    (found,) = re.findall(r"<!-- keys -->\n(.*?)\n<!-- /keys -->", README, re.DOTALL)
    assert found == keys_table()


def test_the_table_of_mistakes_is_that_of_the_program():
    guide = (ROOT / "docs" / "self-check.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"<!-- mistakes -->\n(.*?)\n<!-- /mistakes -->", guide, re.DOTALL)
    rows = ["| name | the number comes out when |", "|---|---|"]
    assert found == "\n".join(
        [*rows, *(f"| `{each.name}` | {each.words} |" for each in KNOWN.values())]
    )
    for verdict in VERDICTS:
        assert f"| `{verdict}` |" in guide


def test_the_example_of_a_class_is_marked_as_the_guide_says(capsys):
    sheets = sorted(map(str, (ROOT / "docs" / "class").glob("*.csv")))
    assert main(["check", "two-layer-sigmoid", *sheets]) == 1
    told = capsys.readouterr().out
    assert "ada.csv: 33 of 33 right" in told
    assert "blaise.csv: 32 of 33 right" in told
    assert "missing-local" in told and "added-update" in told


@pytest.mark.parametrize("command", CLI_COMMANDS)
def test_every_command_of_the_command_line_is_in_the_readme(command):
    assert re.search(rf"`nnhs-tui \[?{command}\]? ?", README)


WITH_SCENARIOS = [
    path
    for path in TEXTS
    if re.search(r"```toml\n(?:(?!```).)*title = ", path.read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.mark.parametrize("path", WITH_SCENARIOS, ids=lambda path: path.name)
def test_every_whole_scenario_in_a_text_loads(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    for name, table in re.findall(r"`(\w+\.csv)` beside it:\n\n```\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(table, encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    whole = [b for b in blocks if "title = " in b and re.search(r"\[(network|graph)", b)]
    lessons = [b for b in blocks if "title = " in b and "[[tasks]]" in b]
    assert whole or lessons
    file = tmp_path / "a.toml"
    for block in whole:
        file.write_text(block, encoding="utf-8")
        load(file)
    for block in lessons:
        file.write_text(block, encoding="utf-8")
        lesson = load_lesson(file)
        assert Course(lesson, scenario_of(lesson)).all_asked


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for target, place in re.findall(r"\]\((?!http)([^)#]*)#?([^)]*)\)", text):
        there = path.parent / target if target else path
        assert there.exists(), target
        if place:
            known = map(anchor, headings(there.read_text(encoding="utf-8")))
            assert place in known, f"{target}#{place}"


def test_the_picture_is_of_a_screen_of_this_program():
    picture = (ROOT / "docs" / "screen.svg").read_text(encoding="utf-8")
    assert "nnhs-tui" in picture
    assert "gradient" in picture


def test_the_version_is_in_the_changelog():
    told = subprocess.run(
        [sys.executable, "-m", "nnhs_tui", "--version"], capture_output=True, text=True, check=True
    )
    version = told.stdout.split()[-1]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
