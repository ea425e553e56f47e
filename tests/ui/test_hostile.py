"""One hostile text on every screen: nothing of it reaches the terminal but what can be seen."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.events import Paste
from textual.geometry import Offset, Region, Size
from textual.strip import Strip

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.presenting.briefing import Briefing, notes_of
from nnhs_tui.present.text.cells import cells
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.cast import Cast
from nnhs_tui.ui.debugger import recording
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.notes_app import NotesApp
from nnhs_tui.ui.program import Files
from nnhs_tui.ui.screens import picker
from nnhs_tui.ui.screens.notes import NotesScreen
from nnhs_tui.ui.terminal.differ import Frame, Writer
from tests.cli.test_hostile import FILE, GRAPH, NET, TITLE, texts
from tests.hostile import HOSTILE, LEGITIMATE, ONE_LINE, leaks, without_sequences
from tests.ui.terminal import RecordingDriver, Terminal, piloted, running

BETWEEN = "\r\n"
"""What the program itself moves the cursor with."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name, model in (("net", NET), ("graph", GRAPH)):
        (tmp_path / f"{name}{FILE}.toml").write_text(texts() + model, encoding="utf-8")
    return tmp_path


def session(folder: Path, name: str = "net") -> Session:
    return Session(load(folder / f"{name}{FILE}.toml"))


class Looked:
    """A terminal of which all that is written is looked at."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.driver: RecordingDriver = terminal.driver

    async def press(self, *keys: str) -> str:
        written = await self.terminal.press(*keys)
        assert leaks(without_sequences(written), but=BETWEEN) == set(), keys
        return written

    async def type(self, command: str) -> str:
        return await self.press(":", *command, "enter")

    async def paste(self, text: str) -> None:
        self.terminal.app.screen.post_message(Paste(text))
        focused = self.terminal.app.focused
        if focused is not None:
            focused.post_message(Paste(text))
        await self.press()
        await self.terminal.settle()
        await self.press("right")


def first(terminal: Terminal) -> Looked:
    """The terminal, its first frame looked at on the screen that it made."""
    looked = Looked(terminal)
    assert leaks(terminal.text) == set()
    return looked


PAGES = ("?", "l", "b", "w", "f", "F", "k", "T", "9", "0", "m", "ctrl+p")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=str)
@pytest.mark.parametrize("name", ["net", "graph"])
async def test_the_debugger_with_its_pages_and_lists(
    folder: Path, name: str, size: tuple[int, int]
) -> None:
    async with running(session(folder, name), size) as terminal:
        looked = first(terminal)
        await looked.press("n", "n", "s", "z", "z", "v", "N")
        for page in PAGES:
            await looked.press(page, "pagedown", "escape")
            while len(terminal.app.screen_stack) > 1 and not isinstance(
                terminal.app.screen, DebuggerScreen
            ):
                await looked.press("escape")
        await looked.type("about")
        await looked.press("pagedown", "pagedown", "escape")


@pytest.mark.slow
async def test_what_is_typed_and_pasted_and_copied(folder: Path) -> None:
    async with running(session(folder)) as terminal:
        looked = first(terminal)
        for command in (f"goto {FILE[:-1]}", f"save {FILE[:-1]}", f"watch {FILE[:-1]}"):
            await looked.press(":")
            await looked.paste(command)
            await looked.press("enter")
            assert "\\x1b" in terminal.text or "\\u202e" in terminal.text
        for opener in (":", "g", "/", "ctrl+p"):
            await looked.press(opener)
            await looked.paste(ONE_LINE)
            await looked.press("escape")
        await looked.press("escape")
        written = await looked.press("Y")
        copied = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", written)
        assert copied
        assert leaks(base64.b64decode(copied[-1]).decode()) == set()


async def test_the_picker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = sorted(folder.glob("*.toml"))
    broken = folder / f"broken{FILE}.toml"
    broken.write_text(f"title = '{ONE_LINE}", encoding="utf-8")
    monkeypatch.setattr(picker, "scenario_paths", lambda: [*paths, broken])
    async with running(None, (100, 30)) as terminal:
        looked = first(terminal)
        await looked.press("down", "up")
        assert r"a\x1bb" in terminal.text
        await looked.press("down", "down", "enter", "up", "up", "enter")
        assert isinstance(terminal.app.screen, DebuggerScreen)


@pytest.mark.slow
async def test_a_self_test(folder: Path) -> None:
    async with running(session(folder)) as terminal:
        looked = first(terminal)
        await looked.press("t")
        await looked.press(*"\u3164\u200b\u202e\x9b\u00ad1", "enter", "h", "h", "h", "h", "tab")
        await looked.paste(ONE_LINE)
        await looked.press("enter", "?", "escape", "R", "escape", "escape")


@pytest.mark.slow
async def test_presenting_and_a_kiosk(folder: Path) -> None:
    made = session(folder)
    for files in (
        Files(presented=()),
        Files(only=(made.scenario,)),
        Files(replay=[f"# {ONE_LINE}"]),
    ):
        async with running(made, (120, 35), files=files) as terminal:
            looked = first(terminal)
            await looked.press("n", "1", "B", "B", "A", "D", "escape", "?", "escape", "o", "escape")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)], ids=str)
async def test_the_notes(folder: Path, size: tuple[int, int]) -> None:
    scenario = load(folder / f"net{FILE}.toml")
    for before in (notes_of(scenario), Briefing(title=TITLE, notes=(HOSTILE, ONE_LINE))):
        app = NotesApp("", before, driver_class=RecordingDriver)
        async with piloted(app, headless=False, size=size) as pilot:
            terminal = Terminal(pilot, size)
            await terminal.settle()
            looked = Looked(terminal)
            await looked.press("pagedown", "end", "home")
            assert r"a\x1bb" in terminal.text
            await looked.press("?", "escape")
            assert isinstance(app.screen, NotesScreen)


def test_files_that_are_written(folder: Path) -> None:
    made = session(folder)
    Cast(str(folder / "a.cast"), TITLE, (80, 24)).close()
    assert leaks((folder / "a.cast").read_text(encoding="utf-8")) == set()
    kept = recording.Recording(str(folder / "record.txt"))
    kept.begin(made)
    kept.add(f"goto {ONE_LINE}")
    kept.close()
    assert leaks((folder / "record.txt").read_text(encoding="utf-8")) == set()


CLUSTER = (
    "(?s)[\U0001f1e6-\U0001f1ff]{2}"
    "|.[\u0300-\u036f\u20e3\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d[\u2600-\uffff\U0001f300-\U0001faff]\ufe0f?)*"
)


class Clustering(pyte.Screen):
    """A terminal that draws in one place what belongs together, as newer ones do."""

    def draw(self, data: str) -> None:
        from wcwidth import wcswidth

        for cluster in re.findall(
            "(?s).[\u0300-\u036f\u20e3\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d.\ufe0f?)*", data
        ):
            super().draw("x" * max(1, wcswidth(cluster)) if len(cluster) > 1 else cluster)


@pytest.mark.parametrize("kind", [pyte.Screen, Clustering])
@pytest.mark.parametrize("text", LEGITIMATE.values(), ids=LEGITIMATE)
@pytest.mark.parametrize("unchanged", [True, False])
def test_what_is_behind_a_text_stands_where_it_should_on_every_terminal(
    text: str, kind: type[pyte.Screen], unchanged: bool
) -> None:
    """Whether a terminal joins an emoji's parts or not: nothing of it, or of before, is left."""
    width = 60
    drawn = f"{text}|{'b' * 20}"
    end = cells(text)
    rest = Strip([Segment(drawn + " " * (width - cells(drawn)))], width)
    frame = Frame(Size(width, 1), ColorSystem.TRUECOLOR)
    ((_, row),) = frame.layout(LayoutUpdate([[rest]], Region(0, 0, width, 1)))
    before = ["#"] * end + (row[0][end:] if unchanged else ["#"] * (width - end))
    writer = Writer(width)
    writer.row(0, (before, [""] * width), row)
    screen = kind(width, 1)
    pyte.Stream(screen).feed("".join(before) + writer.finish(Offset(0, 0)))
    assert "".join(screen.buffer[0][x].data for x in range(end, width)) == row_text(row, end)
    assert "#" not in "".join(screen.buffer[0][x].data for x in range(end)) or "#" in text


def row_text(row: tuple[list[str], list[str]], start: int) -> str:
    return "".join(row[0][start:])
