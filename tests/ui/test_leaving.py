"""What comes twice in one piece, as a double click does, leaves one screen."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.screens.picker import PickerScreen
from tests.ui.terminal import running


def session() -> Session:
    return Session(load(shipped_folder() / "two-layer-sigmoid.toml"))


@pytest.mark.parametrize("key", ["?", "ctrl+p", "B", "t", "o"])
async def test_a_screen_is_left_once(key: str) -> None:
    async with running(session()) as terminal:
        debugger = terminal.app.screen
        await terminal.press("question_mark" if key == "?" else key)
        left = terminal.app.screen
        assert left is not debugger
        left.dismiss()
        left.dismiss()
        await terminal.settle()
        assert terminal.app.screen is debugger
        assert terminal.app.is_running


async def test_the_palette_lets_one_go_to_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    async with running(session()) as terminal:
        monkeypatch.setattr(terminal.app, "action_run", done.append)
        await terminal.press("ctrl+p", "q", "ctrl+z")
        assert done == ["suspend"]


async def test_one_scenario_is_opened() -> None:
    async with running(session()) as terminal:
        await terminal.press("o", "up", "up")
        picker = terminal.app.screen
        assert isinstance(picker, PickerScreen)
        picker.action_open()
        picker.action_open()
        await terminal.settle()
        assert [type(each) for each in terminal.app.screen_stack] == [DebuggerScreen]
