"""The picker: choosing, previewing and opening scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.present.preview import preview
from nnhs_tui.scenario.scenario_choice import Choice
from nnhs_tui.ui.app import NnhsApp
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.screens import picker
from tests.ui.examples import SMALL
from tests.ui.terminal import running, wait_for


@pytest.fixture
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two that can be opened, and two that cannot."""
    texts = {
        "first": SMALL,
        "second": SMALL.replace("A small net", "Another [red]net[/]"),
        "broken": "title = 3",
        "overflowing": 'title = "e"\n[graph]\ninputs = {x = 999}\nnodes = {f = "exp(x)"}',
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    paths = [tmp_path / f"{name}.toml" for name in texts]
    monkeypatch.setattr(picker, "scenario_paths", lambda: paths)
    return paths


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (160, 50)], ids=str)
async def test_it_previews_and_opens(scenarios: list[Path], size: tuple[int, int]) -> None:
    async with running(None, size) as terminal:
        await wait_for(
            terminal.pilot, lambda: bool(terminal.read()) or "small net" in terminal.text
        )
        assert "first" in terminal.text and "second" in terminal.text
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
        await terminal.pilot.click("#list", offset=(3, 2))
        assert terminal.app.screen.at == 1
        await terminal.pilot.click("#list", offset=(3, 2))
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
    async with app.run_test() as pilot:
        await pilot.press(key)
        await wait_for(pilot, lambda: app.return_value == 0)


async def test_help_opens_and_closes(scenarios: list[Path]) -> None:
    async with running(None) as terminal:
        await terminal.press("question_mark")
        assert "go to a step" in terminal.text.lower() or "goto" in terminal.text
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
        await terminal.pilot.click("#list", offset=(3, 2))
        before = terminal.app.screen.at  # type: ignore[attr-defined]
        await terminal.pilot.click("#list", offset=(3, len(scenarios) + 4))
        assert isinstance(terminal.app.screen, picker.PickerScreen)
        assert terminal.app.screen.at == before == 1
