"""What a pane is called, its number and its place stand in one table: another one shows everywhere.

The names are read when modules are imported, so the other table is put in a fresh interpreter.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]

PROGRAM = """
import asyncio, json, sys, types
from pathlib import Path

from nnhs_tui import commands

name = "nnhs_tui.commands.panes"
source = (Path(commands.__path__[0]) / "panes.py").read_text(encoding="utf-8")
for old, new in json.loads(sys.argv[1]):
    assert source.count(old) == 1, old
    source = source.replace(old, new)
sys.modules[name] = commands.panes = module = types.ModuleType(name)
exec(source, module.__dict__)

from nnhs_tui.commands.commands import BY_WORD
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.present.presenting.beside_large import read_panes
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from tests.ui.terminal import running


async def used(file):
    found = {}
    async with running(Session(load(shipped_folder() / file)), (120, 40)) as terminal:
        views = terminal.app.screen.query(".-view")
        found["screen"] = terminal.text
        found["order"] = [view.id for view in views]
        await terminal.press("4")
        found["chosen"] = terminal.app.screen.parts.views.chosen
        await terminal.press("enter")
        found["enter"] = terminal.text
        terminal.app.screen.run_command("goto hidden.a[1]")
        await terminal.press("s")
        found["inside"] = terminal.text
        await terminal.press("r", "P", "4")
        found["wanted"] = terminal.app.screen.parts.presenting.wanted
        found["large"] = terminal.text
    async with running(None, (120, 40)) as terminal:
        await terminal.app.push_screen(DebuggerScreen())
        await terminal.settle()
        terminal.read()
        found["empty"] = terminal.text
    return found


found = asyncio.run(used("two-layer-sigmoid.toml"))
found["graph"] = asyncio.run(used("chain-rule.toml"))["screen"]
found["help"] = BY_WORD["pane"].help
try:
    read_panes("net")
except Refusal as refusal:
    found["refusal"] = str(refusal)
print(json.dumps(found))
"""

OTHERS = [
    ('PaneRow("net", "net", "1",', 'PaneRow("picture", "Bild", "4",'),
    ('PaneRow("step", "step", "2",', 'PaneRow("now", "jetzt", "5",'),
    ('PaneRow("matrices", "matrices", "3",', 'PaneRow("grids", "Gitter", "2",'),
    ('PaneRow("gradients", "gradients", "4",', 'PaneRow("slopes", "Steigungen", "1",'),
    ('"timeline",\n    "timeline",\n    "5",', '"way",\n    "Weg",\n    "3",'),
    ("(NET, MATRICES,", "(MATRICES, NET,"),
]


@pytest.fixture(scope="module")
def found() -> Any:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(OTHERS)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_titles_have_the_label_and_the_number(found: Any) -> None:
    for title in ("4 Bild ─", "2 Gitter of hidden, forward ─", "5 forward", "1 Steigungen "):
        assert title in found["screen"], title
    assert re.search("^3 +forward ", found["screen"], re.MULTILINE)
    for title in ("4 Bild ─", "2 Gitter ─", "5 jetzt ─", "1 Steigungen ─", "3 Weg ─"):
        assert title in found["empty"], title
    for title in ("4 graph ─", "2 tape "):
        assert title in found["graph"], title
    assert "5 inside " in found["inside"] and "2 sigmoid and its tangent" in found["inside"]


def test_the_place_on_the_screen_follows_the_order(found: Any) -> None:
    assert found["order"] == ["grids", "picture", "now", "slopes", "way"]


def test_the_number_is_the_key(found: Any) -> None:
    assert found["chosen"] == "picture"
    assert "nothing is chosen: H J K L choose a node" in found["enter"]


def test_the_step_is_shown_large_with_panes_beside_it(found: Any) -> None:
    assert found["wanted"] == ["picture"]
    assert "4 Bild ─" in found["large"] and "1 Steigungen" not in found["large"]
    assert found["refusal"].startswith("panes takes some of slopes, grids, way, picture, or none")


def test_the_help_says_it(found: Any) -> None:
    assert found["help"].startswith(
        "1 Steigungen, 2 Gitter, 3 Weg, 4 Bild, 5 jetzt; in place of 2: 6"
    )
