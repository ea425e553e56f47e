"""Typing commands: completion above the line, its history, and the keys that ask."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest
from textual.events import Key

from tests.ui.examples import session_of
from tests.ui.terminal import Terminal, running, wait_for

KEYS = {":": "colon", " ": "space", "\r": "enter"}
SEEDS = 5


def rows(terminal: Terminal) -> tuple[str, str]:
    """The row above the command line, and the line itself."""
    above, line = (str(row).rstrip() for row in terminal.screen.display[-2:])
    return above, line


async def test_tab_completes_what_is_shared_and_then_one_by_one(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("g", *"gr")
        above, line = rows(terminal)
        assert line == ":goto gr" and above.startswith("Tab  grad hidden.W[1,1]")
        await terminal.press("tab")
        assert rows(terminal)[1] == ":goto grad"
        await terminal.press("tab", "tab")
        assert rows(terminal)[1] == ":goto grad hidden.W[1,2]"
        await terminal.press("shift+tab", "enter")
        assert session.names.name(session.schedule.step(session.index).target) == "hidden.W[1,1]"
        assert rows(terminal)[0].startswith("5 ")


async def test_a_command_without_candidates_says_what_it_does(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press(":", *"edit x[1] 2")
        assert rows(terminal)[0].startswith(" edit QUANTITY VALUE")
        await terminal.press("escape")
        assert "tab" not in rows(terminal)[0]


async def test_slash_asks_and_an_empty_search_goes_on(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press("slash", *"hidden.z", "enter")
        first = session.index
        await terminal.press("slash", "enter")
        assert session.index > first
        assert session.names.name(session.schedule.step(session.index).node) == "hidden.z[2]"


@pytest.mark.second
async def test_keys_keep_their_order_however_they_come(tmp_path: Path) -> None:
    """However much of a line was taken when the program is told of the next keys."""
    session = session_of(tmp_path)
    async with running(session) as terminal:
        for seed in range(SEEDS):
            random = Random(seed)
            for key in ":goto 7\rnn:goto 3\rp:goto 4\r:goto 12\rn":
                terminal.app.post_message(Key(KEYS.get(key, key), key))
                for _ in range(random.choice((0, 0, 0, 1, 2, 5))):
                    await asyncio.sleep(0)
            await wait_for(terminal.pilot, lambda: session.index == 12)
            for commands_ago, line in enumerate((":goto 12", ":goto 4", ":goto 3", ":goto 7"), 1):
                await terminal.press("colon", *["up"] * commands_ago)
                assert rows(terminal)[1] == line, seed
                await terminal.press("escape")
            await terminal.press("home")
            assert session.index == 0


async def test_earlier_commands_come_back(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    async with running(session) as terminal:
        await terminal.press(":", *"goto 3", "enter", ":", *"goto 5", "enter")
        await terminal.press(":", "up", "up", "enter")
        assert session.index == 2
        await terminal.press(":", "up", "up", "down")
        assert rows(terminal)[1] == ":goto 3"


@pytest.mark.second
async def test_a_message_too_long_for_its_row_begins_in_the_row_above(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press(":", *"goto grad hidden.W[1,2] via nothing", "enter")
        above, line = rows(terminal)
        assert above.startswith("✗ there is no quantity") and line.endswith("?")
        assert "…" not in above + line
        await terminal.press("n")
        assert rows(terminal)[0].startswith("5 ")
