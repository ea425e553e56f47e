"""What `import nnhs_tui` offers: the page about it, a notebook's loop, and that it comes late."""

from __future__ import annotations

import asyncio
import doctest
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import nnhs_tui
from nnhs_tui.cli import main

ROOT = Path(__file__).parents[1]
NAMES = [name for name in nnhs_tui.__all__ if not name.startswith("__")]


def test_the_page_about_it_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(ROOT / "docs" / "python.md"), False, optionflags=flags)
    assert found.attempted > 15 and not found.failed


def test_it_offers_what_it_names_and_nothing_else() -> None:
    from nnhs_tui import public

    assert sorted(public.__all__) == sorted(NAMES)
    for name in NAMES:
        offered = getattr(nnhs_tui, name)
        assert offered is getattr(public, name) and offered.__doc__
    assert set(NAMES) <= set(dir(nnhs_tui))
    with pytest.raises(AttributeError, match="no attribute 'debugger_'"):
        _ = nnhs_tui.debugger_  # type: ignore[attr-defined]


def test_numbers_need_no_screen() -> None:
    script = """
import sys, nnhs_tui
nnhs_tui.Session("two-layer-sigmoid").do("train 3")
nnhs_tui.mark("two-layer-sigmoid", {"loss": 1})
print({"textual", "rich"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "set()"


def test_a_trace_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "three-samples", "--json", "--arithmetic", "hand"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert nnhs_tui.trace("three-samples", arithmetic="hand") == printed


def test_sheets_are_marked_as_the_command_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text("quantity,answer\nhidden.z[1],-0.75\nhidden.a[1],0.68\n", encoding="utf-8")
    main(["check", "two-layer-sigmoid", str(sheet), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert nnhs_tui.mark_sheets("two-layer-sigmoid", [sheet]) == printed
    pairs = [("hidden.z[1]", -0.75), ("hidden.a[1]", 0.68)]
    assert nnhs_tui.mark("two-layer-sigmoid", pairs) == printed["sheets"][0]["answers"]


def test_a_session_shows_itself_where_a_loop_is_running() -> None:
    """As in a notebook, whose cells run in a loop of its own."""

    async def cell() -> str:
        session = nnhs_tui.Session("one-to-one")
        session.do("next")
        return session._repr_svg_()

    drawn = asyncio.run(cell())
    assert ET.fromstring(drawn).tag.endswith("svg") and "step 2" in "".join(
        ET.fromstring(drawn).itertext()
    )


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(nnhs_tui.NnhsError, match="two-layer-sigmoid"):
        nnhs_tui.load("two-layer-sigmoit")
    session = nnhs_tui.Session("two-layer-sigmoid")
    with pytest.raises(nnhs_tui.NnhsError, match="nexd"):
        session.do("nexd")
    with pytest.raises(nnhs_tui.NnhsError, match="not known yet"):
        session.written("loss")
    assert session.value("loss") is None and session.written("x[1]") == "2"
    with pytest.raises(nnhs_tui.NnhsError):
        nnhs_tui.mark("two-layer-sigmoid", {"hidden.q[1]": 1})
    with pytest.raises(nnhs_tui.NnhsError, match="title"):
        nnhs_tui.from_text("[network]\n")
