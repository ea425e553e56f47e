"""The picker: choosing, previewing and opening scenarios."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from nnhs_tui.present.preview import preview
from nnhs_tui.present.scenario_path import Entry, comes_next, draw_path, rows_of
from nnhs_tui.scenario.scenario_choice import Choice
from nnhs_tui.store import progress
from nnhs_tui.ui.app import NnhsApp
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.program import Files
from nnhs_tui.ui.screens import picker
from nnhs_tui.ui.screens.page import PageScreen
from tests.ui.examples import SMALL
from tests.ui.terminal import Terminal, piloted, running, wait_for


@pytest.fixture
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two that can be opened, and two that cannot."""
    texts = {
        "first": SMALL,
        "second": SMALL.replace("A small net", "Another [red]net[/]"),
        "overflowing": 'title = "e"\n[graph]\ninputs = {x = 999}\nnodes = {f = "exp(x)"}',
        "broken": "title = 3",
    }
    for place, (name, text) in enumerate(texts.items()):
        # Nothing is said of a file that cannot be read, so it comes last.
        where = "" if name == "broken" else f'chapter = "net"\nplace = {place}\n'
        (tmp_path / f"{name}.toml").write_text(where + text, encoding="utf-8")
    paths = [tmp_path / f"{name}.toml" for name in texts]
    monkeypatch.setattr(picker, "scenario_paths", lambda: paths)
    return paths


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (160, 50)], ids=str)
async def test_it_previews_and_opens(scenarios: list[Path], size: tuple[int, int]) -> None:
    async with running(None, size) as terminal:
        await wait_for(
            terminal.pilot, lambda: bool(terminal.read()) or "small net" in terminal.text
        )
        assert "The whole net" in terminal.text and "A small net" in terminal.text
        await terminal.press("down")
        assert "Another [red]net[/]" in terminal.text
        await terminal.press("enter")
        screen = terminal.app.screen
        assert isinstance(screen, DebuggerScreen)
        assert screen.session.scenario.name == "second"


@pytest.mark.parametrize("name", ["broken", "overflowing"])
async def test_what_cannot_be_opened_says_why(scenarios: list[Path], name: str) -> None:
    place = [path.stem for path in scenarios].index(name)
    async with running(None, (100, 30)) as terminal:
        await terminal.press(*["down"] * place)
        assert "cannot be opened" in terminal.text
        await terminal.press("enter")
        assert isinstance(terminal.app.screen, picker.PickerScreen)
        assert terminal.screen.display[-1].startswith("✗ ")


async def test_a_click_chooses_and_a_second_opens(scenarios: list[Path]) -> None:
    async with running(None) as terminal:
        await terminal.pilot.click("#list", offset=(3, 3))
        assert terminal.app.screen.at == 1
        await terminal.pilot.click("#list", offset=(3, 3))
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, DebuggerScreen))


async def test_from_the_debugger_and_back(scenarios: list[Path]) -> None:
    async with running(None) as terminal:
        await terminal.press("enter", "o")
        assert isinstance(terminal.app.screen, picker.PickerScreen)
        await terminal.press("down", "enter")
        assert terminal.app.screen.session.scenario.name == "second"


async def test_without_scenarios_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picker, "scenario_paths", list)
    async with running(None) as terminal:
        await terminal.press("down", "enter")
        assert "no scenarios" in terminal.text


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_it_is_left(scenarios: list[Path], key: str) -> None:
    app = NnhsApp(None)
    async with piloted(app) as pilot:
        await pilot.press(key)
        await wait_for(pilot, lambda: app.return_value == 0)


async def test_help_opens_and_closes(scenarios: list[Path]) -> None:
    async with running(None) as terminal:
        await terminal.press("question_mark")
        assert "the list of scenarios" in terminal.text and "find: type some" in terminal.text
        await terminal.press("escape")
        assert isinstance(terminal.app.screen, picker.PickerScreen)


async def test_looking_at_the_list_loses_no_session(scenarios: list[Path]) -> None:
    """A session opened from the list is still there after another look at the list."""
    async with running(None) as terminal:
        await terminal.press("down", "enter")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, DebuggerScreen))
        await terminal.press("n", "n", "o")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, picker.PickerScreen))
        assert terminal.app.screen.at == 1, "the list stands on the scenario that is open"
        await terminal.press("escape")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, DebuggerScreen))
        assert terminal.app.screen.session.index == 2


@pytest.mark.parametrize(
    ("title", "lines"), [("A small net", ["A small net", "3→2→1"]), ("Net 3→2→1", ["Net 3→2→1"])]
)
def test_the_shape_is_said_once(tmp_path: Path, title: str, lines: list[str]) -> None:
    """Beneath the title, unless that says it."""
    path = tmp_path / "a.toml"
    path.write_text(SMALL.replace("A small net", title), encoding="utf-8")
    drawn = ["".join(text for text, _ in line) for line in preview(Choice(path), 60, 30)]
    assert drawn[: len(lines) + 1] == [*lines, ""]


async def test_a_click_below_the_last_scenario_chooses_nothing(scenarios: list[Path]) -> None:
    async with running(None) as terminal:
        await terminal.pilot.click("#list", offset=(3, 3))
        before = terminal.app.screen.at  # type: ignore[attr-defined]
        await terminal.pilot.click("#list", offset=(3, len(scenarios) + 5))
        assert isinstance(terminal.app.screen, picker.PickerScreen)
        assert terminal.app.screen.at == before == 1


def shown(terminal: Terminal, pane: str = "list") -> list[str]:
    """The rows of the list."""
    region = terminal.app.screen.query_one(f"#{pane}").region
    rows = terminal.screen.display[region.y : region.bottom]
    return [str(row)[region.x : region.right].rstrip() for row in rows]


async def opened(terminal: Terminal) -> None:
    await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, DebuggerScreen))


async def test_the_shipped_ones_are_a_path_in_the_article_s_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with running(None, (80, 40)) as terminal:
        rows = shown(terminal)
        chapters = [row.strip() for row in rows[1:] if row[:2].strip() and row[:1] == " "]
        assert chapters == ["Forward", "Slopes", "The whole net", "Training", "Further"]
        assert rows[2].startswith("►   One input, one neuron") and "(1→1)" not in rows[2]
        assert "new here? Tab: lessons. Enter opens the first net" in terminal.text
        assert "…" not in terminal.text.rstrip().splitlines()[-1], "all of it is seen"
        parts = [part for each in terminal.app.screen.choices for part in each.load().parts[-1:]]
        first_of_each = [each.load().parts[:1] for each in terminal.app.screen.choices]
        assert parts[:7] == [5, 6, 7, 8, 2, 10, 11] and first_of_each[12] == (12,)


async def test_what_is_typed_behind_a_slash_finds(scenarios: list[Path]) -> None:
    async with running(None) as terminal:
        await terminal.press("/", *"red net")
        assert terminal.screen.display[0].startswith("nnhs-tui  find: red net_")
        assert [row.strip("► ") for row in shown(terminal)[1:3]] == [
            "The whole net",
            "Another [red]net[/]",
        ]
        await terminal.press("backspace", *"xyzq", "enter")
        assert "nothing has that in it" in terminal.text
        await terminal.press("escape")
        assert "A small net" in terminal.text and "find:" not in terminal.text
        await terminal.press("/", *"ANOTHER", "enter")
        await opened(terminal)
        assert terminal.app.screen.session.scenario.name == "second"


async def test_keys_in_one_piece_are_letters_of_what_is_looked_for(scenarios: list[Path]) -> None:
    """Also those that are keys of the list, and those that leave it."""
    async with running(None) as terminal:
        for key in ("slash", "q", "n", "j"):
            terminal.app.post_message(
                events.Key(key, "/" if key == "slash" else key)  # Without waiting between them.
            )
        await terminal.settle()
        terminal.read()
        assert terminal.screen.display[0].startswith("nnhs-tui  find: qnj_")


async def test_how_far_one_is_stands_in_the_list(
    scenarios: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    keeping = Files(keeps_places=True)
    async with running(None, files=keeping) as terminal:
        await terminal.press("enter")
        await wait_for(terminal.pilot, lambda: isinstance(terminal.app.screen, PageScreen))
        assert not progress.reached(str(scenarios[0])).is_seen
        await terminal.press("end")
        await opened(terminal)
    assert progress.reached(str(scenarios[0])) == progress.Reached(True, True)
    async with running(None, files=keeping) as terminal:
        rows = shown(terminal)
        assert rows[2].startswith("  ✓ A small net") and rows[3].startswith("►   Another")
        assert terminal.screen.display[0].rstrip().endswith("1 of 4 seen")
        assert "new here?" not in terminal.text
        await terminal.press("up", "enter")
        await opened(terminal)
        await terminal.press("t", "9", "enter", "q", "o")
        assert shown(terminal)[2].endswith("1 ✗")


@pytest.mark.parametrize(
    ("seen", "is_opened", "at"),
    [("", "", 0), ("0", "0", 1), ("01", "01", 2), ("02", "02", 3), ("23", "23", 0), ("0", "02", 2)],
)
def test_the_cursor_is_on_what_comes_next(seen: str, is_opened: str, at: int) -> None:
    """The first not seen behind the last that was opened; where all behind are, the first left."""
    entries = [
        Entry(str(n), "", "", "", is_seen=str(n) in seen, is_opened=str(n) in is_opened)
        for n in range(4)
    ]
    assert comes_next(entries) == at


@given(st.lists(st.sampled_from("abc"), max_size=12), st.data(), st.integers(1, 14))
def test_the_entry_in_work_is_always_in_view(chapters: list[str], data: Any, height: int) -> None:
    entries = [Entry(str(n), f"t{n}", "", name) for n, name in enumerate(sorted(chapters))]
    rows = rows_of(entries, range(len(entries)))
    at = data.draw(st.sampled_from(range(len(entries)))) if entries else 0
    drawn = draw_path(entries, rows, at, 30, height, "scenarios")
    assert len(drawn) <= max(height, 2)
    assert not entries or any("►" in text for line in drawn for text, _ in line)
    shown = ["".join(text for text, _ in line) for line in drawn]
    listed = [int(found[1]) for line in shown[1:] if (found := re.search(r"t(\d+)", line))]
    if len(rows) > max(1, height - 1):
        first, last = listed[0] + 1, listed[-1] + 1
        assert f" {first}–{last} of {len(entries)} " in shown[0]
