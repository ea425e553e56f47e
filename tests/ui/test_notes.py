"""Speaker's notes on a second terminal: what it is told, may send, and cannot harm."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.commands.commands import COMMANDS
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.presenting.briefing import Briefing, Shown, Told, as_line, from_line
from nnhs_tui.scenario.loading import load
from nnhs_tui.store import presentations
from nnhs_tui.ui.debugger import briefings
from nnhs_tui.ui.debugger.briefings import Briefings, may_be_sent
from nnhs_tui.ui.notes_app import NotesApp
from nnhs_tui.ui.program import Files
from nnhs_tui.ui.screens import notes as screen
from nnhs_tui.ui.screens.blank import BlankScreen
from tests.ui.examples import SMALL, session_of
from tests.ui.terminal import RecordingDriver, Terminal, piloted, running, wait_for
from tests.waiting import SECONDS

if not presentations.has_sockets():
    pytest.skip("there are no Unix sockets", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
NOTES = 'notes = """\nAsk: who is [bold]right?\nExpect: a slip.\n"""\n'


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder with a short path, and notes that look for presentations without a pause."""
    folder = Path(tempfile.mkdtemp(prefix="nnhs-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr(screen, "LOOK", 0.01)
    yield folder
    shutil.rmtree(folder)


def sockets(runtime: Path) -> list[Path]:
    return list((runtime / "nnhs-tui").glob("*"))


class Client:
    """A presenter's terminal reduced to its line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def line(self) -> bytes:
        return await asyncio.wait_for(self.reader.readline(), SECONDS)

    async def told(self, wanted: Callable[[Briefing], object]) -> Briefing:
        """The next briefing for which something holds."""
        while True:
            found = from_line(await self.line())
            if found is not None and wanted(found):
                return found

    def send(self, text: str) -> None:
        self.writer.write(text.encode() + b"\n")


CLIENTS: list[Client] = []
"""Those of the test in work."""


@pytest.fixture(autouse=True)
async def hung_up() -> AsyncIterator[None]:
    """Every client hangs up at the end, while there is still a loop to do it in."""
    yield
    while CLIENTS:
        CLIENTS.pop().writer.close()
    await asyncio.sleep(0)


async def client(path: Path) -> Client:
    made = Client(*await asyncio.open_unix_connection(path, limit=2**21))
    CLIENTS.append(made)
    return made


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds; fails after some seconds."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.001)


@asynccontextmanager
async def told_by(make: Callable[[], str | None]) -> AsyncIterator[tuple[Briefings, list[str]]]:
    """The presenting side alone, and the commands it was sent."""
    sent: list[str] = []
    made = Briefings(make, sent.append)
    await made.open()
    try:
        yield made, sent
    finally:
        made.close()


# The presenting side


async def test_one_that_does_not_read_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefings, "SOON", 0)
    line = "x" * 100_000
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        return f"{count:06}{line}"

    async def number(of: Client) -> int:
        return int((await of.line())[:6])

    async with told_by(make) as (made, _):
        assert made.path is not None
        stalled, live = await client(made.path), await client(made.path)
        await until(lambda: len(made._attached) == 2)
        stalled.reader._transport.pause_reading()  # type: ignore[attr-defined]
        while count < 60:
            made.changed()
            await until(lambda: made._due is None)
            while await number(live) < count:
                pass
        waiting = [each._transport.get_write_buffer_size() for each in made._attached]  # type: ignore[union-attr]
        assert min(waiting) == 0 < max(waiting) <= len(line) + 7
        stalled.reader._transport.resume_reading()  # type: ignore[attr-defined]
        got = [await number(stalled)]
        while got[-1] < count:
            got.append(await number(stalled))
        # What it missed is not sent any more.
        assert got == sorted(got) and len(got) < 30


async def test_nothing_is_made_while_nobody_is_attached() -> None:
    made_lines = []

    def make() -> str:
        made_lines.append("line")
        return "line"

    async with told_by(make) as (made, _):
        assert made.path is not None
        made.changed()
        assert made._due is None
        one = await client(made.path)
        await one.line()
        one.writer.close()
        await until(lambda: not made._attached)
        before = len(made_lines)
        made.changed()
        assert made._due is None and len(made_lines) == before


async def test_changes_that_come_together_are_told_once() -> None:
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        return str(count)

    async with told_by(make) as (made, _):
        assert made.path is not None
        one = await client(made.path)
        assert await one.line() == b"1\n"
        for _ in range(50):
            made.changed()
        assert await one.line() == b"2\n"
        assert count == 2


async def test_only_so_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefings, "MOST", 2)
    async with told_by(lambda: "line") as (made, _):
        assert made.path is not None
        clients = [await client(made.path) for _ in range(3)]
        assert [await each.line() for each in clients[:2]] == [b"line\n"] * 2
        with pytest.raises((ConnectionError, AssertionError)):
            assert await clients[2].line() != b""
        assert len(made._attached) == 2


async def test_a_socket_that_was_cleared_away_is_made_again() -> None:
    async with told_by(lambda: "line") as (made, _):
        assert made.path is not None
        old = made.path
        shutil.rmtree(old.parent)
        made.changed()
        await until(lambda: made.path is not None)
        assert made.path != old
        one = await client(made.path)
        assert await one.line() == b"line\n"


SENT = """
batch
next back into out level first last next-phase previous-phase goto search
break continue continue-back run-to enable disable delete
watch change-back change-next from to compare gradcheck edit undo redo
apply train round previous-round next-round restart reset branches
arithmetic digits more-digits fewer-digits form notation draw
play stop faster slower replay-next pane theme zoom scroll-up scroll-down scroll-left scroll-right
accept remove present panes pointer blank countdown nudge legend about help
"""
KEPT = """
lesson answer next-lesson spot boundary slide ask hall send-away
save save! copy copy-formula test reload scenarios suspend command palette quit
"""


def test_it_is_settled_for_every_command_whether_it_may_be_sent() -> None:
    """A new command belongs into one of the two lists: may a file depend on it, does it end?"""
    words = {each.word for each in COMMANDS}
    assert {each.word for each in COMMANDS if may_be_sent(each)} == words & set(SENT.split())
    assert {each.word for each in COMMANDS if not may_be_sent(each)} == words & set(KEPT.split())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("quit", "keyboard"), ("save /tmp/x.toml", "keyboard"), ("save! x", "keyboard"),
        ("nonsense", "no command"), ("next 3", "no argument"), ("", "no command"),
        ("\x1b[2J", "no command"),
    ],
)  # fmt: skip
async def test_what_may_not_be_sent_is_refused(text: str, why: str) -> None:
    async with told_by(lambda: "line") as (made, sent):
        assert made.path is not None
        one = await client(made.path)
        await one.line()
        one.send(text)
        refusal = json.loads(await one.line())
        assert why in refusal["refused"] and sent == []
        one.send("goto 12")
        await until(lambda: sent == ["goto 12"])


async def test_a_line_without_end_is_cut_off() -> None:
    async with told_by(lambda: "line") as (made, sent):
        assert made.path is not None
        one = await client(made.path)
        await one.line()
        one.writer.write(b"next" * 1000)
        await until(lambda: not made._attached)
        assert sent == []


# The debugger


@asynccontextmanager
async def presented(
    folder: Path, runtime: Path, text: str = NOTES + SMALL, **files: Any
) -> AsyncIterator[tuple[Terminal, Client]]:
    """A presentation, and one terminal attached to it."""
    session = session_of(folder, text)
    async with running(session, files=Files(presented=(), **files)) as terminal:
        await wait_for(terminal.pilot, lambda: bool(sockets(runtime)))
        one = await client(sockets(runtime)[0])
        yield terminal, one
        one.writer.close()


async def test_every_step_is_told(tmp_path: Path, runtime: Path) -> None:
    async with presented(tmp_path, runtime) as (terminal, one):
        first = await one.told(lambda told: True)
        assert first.notes == ("Ask: who is [bold]right?", "Expect: a slip.")
        assert first.now.name == "hidden.p[1,1]" and first.next is not None
        await terminal.press("n")
        second = await one.told(lambda told: told.now.name == "hidden.p[2,1]")
        assert second.now == first.next
        assert "Ask:" not in terminal.text


async def test_a_command_that_is_sent_steps_the_audience_s_screen(
    tmp_path: Path, runtime: Path
) -> None:
    async with presented(tmp_path, runtime) as (terminal, one):
        session: Session = terminal.app.screen.session
        for command in ("next", "next", "back", "goto 9"):
            one.send(command)
        await one.told(lambda told: "step 9/" in " ".join(told.position))
        assert session.index == 8
        one.send("goto 4711")
        told = await one.told(lambda told: "4711" in told.shown.message)
        assert "goto takes a step" in told.shown.message and session.index == 8


async def test_behind_a_blank_screen_one_can_go_on(tmp_path: Path, runtime: Path) -> None:
    async with presented(tmp_path, runtime) as (terminal, one):
        debugger = terminal.app.screen
        one.send("blank")
        await one.told(lambda told: told.shown.blanked)
        await terminal.settle()
        terminal.read()
        assert isinstance(terminal.app.screen, BlankScreen) and not terminal.text.strip()
        one.send("goto 9")
        await one.told(lambda told: told.shown.blanked and "step 9/" in " ".join(told.position))
        await terminal.settle()
        terminal.read()
        assert not terminal.text.strip()
        one.send("blank")
        await one.told(lambda told: not told.shown.blanked)
        assert terminal.app.screen is debugger
        await terminal.settle()
        terminal.read()
        assert "step 9/" in terminal.text


async def test_a_page_over_the_step_is_told_and_closed(tmp_path: Path, runtime: Path) -> None:
    async with presented(tmp_path, runtime) as (terminal, one):
        debugger = terminal.app.screen
        await terminal.press("question_mark")
        await one.told(lambda told: told.shown.covered == "a page of text")
        await terminal.press("escape")
        await one.told(lambda told: not told.shown.covered)
        for command in ("stop", "about"):
            one.send("about")
            await one.told(lambda told: told.shown.covered)
            one.send(command)
            await one.told(lambda told: not told.shown.covered)
            assert terminal.app.screen is debugger
        one.send("about")
        await one.told(lambda told: told.shown.covered)
        one.send("next")
        await one.told(lambda told: not told.shown.covered and "step 2/" in str(told.position))
        await terminal.press("o")
        await one.told(lambda told: told.shown.covered == "the list of scenarios")
        one.send("next")
        await one.told(lambda told: "is open there" in told.shown.message)
        assert debugger.session.index == 1


async def test_a_task_the_pointer_and_a_replay_are_told(tmp_path: Path, runtime: Path) -> None:
    lines = ("# Look here.", "goto 5", "# Then there.", "goto 9", "goto 7")
    async with presented(tmp_path, runtime, replay=lines, stepwise=True) as (_, one):
        told = await one.told(lambda told: told.shown.replay)
        assert told.shown.replay == "line 1 of 3: goto 5" and told.shown.remark == "Look here."
        one.send("replay-next")
        told = await one.told(lambda told: "goto 9" in told.shown.replay)
        assert told.shown.remark == "Then there." and "Look here." in told.shown.message
        one.send("countdown 90")
        told = await one.told(lambda told: told.shown.countdown is not None)
        assert 80 < (told.shown.countdown or 0) <= 90
        one.send("pointer")
        await one.told(lambda told: told.shown.pointing)
        one.send("play")
        await one.told(lambda told: told.shown.playing == "1 s a step")


async def test_it_is_found_only_while_it_presents(tmp_path: Path, runtime: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        await terminal.press("n", "P")
        assert not (runtime / "nnhs-tui").exists()
    async with presented(tmp_path, runtime) as (_, one):
        await one.line()
    assert sockets(runtime) == []
    with pytest.raises((ConnectionError, AssertionError)):
        assert await one.line()


async def test_where_no_socket_can_be_made_the_presentation_goes_on(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (runtime / "nnhs-tui").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(runtime / ("long" * 30)))
    async with running(session_of(tmp_path), files=Files(presented=())) as terminal:
        await wait_for(terminal.pilot, lambda: terminal.app.screen.row.is_refusal)
        assert "notes" in terminal.app.screen.row.text
        await terminal.press("n")
        assert terminal.app.screen.session.index == 1


# The presenter's terminal


@asynccontextmanager
async def notes(size: tuple[int, int] = (80, 24), **keywords: Any) -> AsyncIterator[Terminal]:
    """The notes on a recording terminal."""
    app = NotesApp(driver_class=RecordingDriver, **keywords)
    async with piloted(app, headless=False, size=size) as pilot:
        terminal = Terminal(pilot, size)
        await terminal.settle()
        terminal.read()
        yield terminal


TOLD = Briefing(
    "small", "A small [bold]net", "/small.toml", ("Ask: who is \x1b[31m[red]right?",),
    ("round 1", "forward", "step 3/57"), "R1 forward 3/57",
    Told("hidden.z[1]", "forward › hidden", ("z1 = 1 + 2 = 3",)),
    Told("hidden.a[1]", "forward › hidden", ("a1 = σ(z1) ≈ 0.95",)),
    "", Shown(elapsed=754.0, message="seen by all"),
)  # fmt: skip


async def wait_for_text(terminal: Terminal, text: str) -> None:
    """Wait until a text is on the screen."""

    def there() -> bool:
        terminal.read()
        return text in terminal.text

    await wait_for(terminal.pilot, there)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)], ids=str)
async def test_the_notes_show_what_they_are_told(size: tuple[int, int]) -> None:
    async with notes(size) as terminal:
        await wait_for_text(terminal, "--present")
        async with told_by(lambda: as_line(TOLD)):
            await wait_for_text(terminal, "a1 = σ(z1) ≈ 0.95")
            assert "Ask: who is \\x1b[31m[red]right?" in terminal.text
            assert "z1 = 1 + 2 = 3" in terminal.text and "3/57" in terminal.text
            assert "12:34" in terminal.text
            assert ("A small [bold]net" in terminal.text) == (size != (40, 12))
        await wait_for_text(terminal, "ended")
        assert "Ask: who is" in terminal.text and "z1 = 1 + 2" not in terminal.text
        assert "3/57" not in terminal.text and "12:34" not in terminal.text


async def test_a_terminal_that_is_too_small_is_told_so() -> None:
    async with notes((30, 8)) as terminal:
        await terminal.settle()
        assert "40×12" in terminal.text and "--present" not in terminal.text


async def test_keys_are_sent_as_commands() -> None:
    async with notes() as terminal, told_by(lambda: as_line(TOLD)) as (_, sent):
        await wait_for_text(terminal, "hidden.z[1]")
        await terminal.press("n", "left", "space", "B", "H", "3", "f5", "t", "o", "ctrl+p", "y")
        await until(lambda: len(sent) >= 6)
        assert sent == ["next", "back", "play", "blank", "scroll-left", "pane 3"]
        # All in one piece, as over a slow line: behind the colon letters are no keys.
        await terminal.press("colon", *"goto", "space", *"12", "enter", "n")
        await terminal.press("g", *"7", "enter")
        await until(lambda: len(sent) >= 9)
        assert sent[6:] == ["goto 12", "next", "goto 7"]
        await terminal.press("colon", *"quit", "enter")
        await wait_for_text(terminal, "✗ quit works at the presentation's own keyboard only")
        assert len(sent) == 9


async def test_the_notes_are_scrolled_here_and_help_opens_here() -> None:
    long = Briefing(notes=tuple(f"Ask: number {n}?" for n in range(50)))
    async with notes() as terminal, told_by(lambda: as_line(long)) as (_, sent):
        await wait_for_text(terminal, "number 0?")
        await terminal.press("down", "j")
        assert "number 1?" not in terminal.text and "number 2?" in terminal.text
        await terminal.press("end")
        assert "number 49?" in terminal.text
        await terminal.press("pageup", "home")
        assert "number 0?" in terminal.text
        await terminal.press("question_mark")
        assert "the presentation goes on" in " ".join(terminal.text.split())
        await terminal.press("escape", "z")
        await until(lambda: sent == ["zoom"])
        await terminal.resize(60, 16)
        assert "number 0?" in terminal.text
        await terminal.press("q")
        assert terminal.app.return_code == 0


async def test_one_after_the_other_is_followed() -> None:
    async with notes() as terminal:
        for name in ("one", "two"):
            async with told_by(lambda name=name: as_line(Briefing(title=name))):  # type: ignore[misc]
                await wait_for_text(terminal, f"· {name}")
            await wait_for_text(terminal, "ended")
            await terminal.press("n")
            await wait_for_text(terminal, "no presentation is running")


async def test_of_several_the_newest_or_the_one_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(NOTES + SMALL, encoding="utf-8")
    from nnhs_tui.present.presenting.briefing import notes_of

    before = notes_of(load(path))
    wanted = Briefing(title="wanted", path=os.path.realpath(path))
    async with notes(wanted=before.path, before=before) as terminal:
        await wait_for_text(terminal, "Ask: who is [bold]right?")
        async with told_by(lambda: as_line(Briefing(title="another"))):
            async with told_by(lambda: as_line(wanted)) as (made, _):
                assert made.path is not None
                os.utime(made.path, (1, 1))
                await wait_for_text(terminal, "wanted")
            await wait_for_text(terminal, "ended")


async def test_what_is_no_briefing_leaves_the_screen_as_it_was() -> None:
    lines = iter([as_line(TOLD), "{", "[]", json.dumps({"refused": "no\x1b[2J"})])
    async with notes() as terminal, told_by(lambda: next(lines)) as (made, _):
        await wait_for_text(terminal, "hidden.z[1]")
        for _ in range(3):
            made.changed()
            await until(lambda made=made: made._due is None)
        await wait_for_text(terminal, "✗ no\\x1b[2J")
        assert "hidden.z[1]" in terminal.text


async def test_the_clock_needs_few_bytes() -> None:
    async with notes() as terminal, told_by(lambda: as_line(TOLD)):
        await wait_for_text(terminal, "12:34")
        await terminal.settle()
        terminal.read()
        terminal.app.screen._heard -= 5
        terminal.app.screen._tick()
        await terminal.settle()
        assert 0 < len(terminal.read()) < 40
        assert "12:39" in terminal.text or "12:40" in terminal.text
        terminal.app.screen._tick()
        await terminal.settle()
        assert terminal.read() == ""


# Both, on terminals of their own

PRESENTATION = """
import sys
from nnhs_tui.cli import main
sys.exit(main(["run", "--present", "--fresh", sys.argv[1]]))
"""
SECOND = """
import sys
from nnhs_tui.cli import main
sys.exit(main(["notes"]))
"""


@pytest.mark.slow
def test_on_two_real_terminals(tmp_path: Path, runtime: Path) -> None:
    from tests.ui.test_terminal import Running

    path = tmp_path / "small.toml"
    path.write_text(NOTES + SMALL, encoding="utf-8")
    second = Running(path, program=SECOND)
    presentation = Running(path, program=PRESENTATION)
    try:
        presentation.until_shown("step 1/")
        second.until_shown("next: hidden.p[2,1]")
        assert "Expect: a slip." in second.shown
        os.write(second.master, b"nB")
        second.until_shown("BLANK")
        presentation.read_while_not(lambda: not presentation.shown.strip(), "nothing")
        os.write(second.master, b":goto 9\r")
        second.until_shown("step 9/")
        assert not presentation.shown.strip()
        os.write(second.master, b"B")
        presentation.until_shown("step 9/")
        assert "Expect" not in presentation.output
        presentation.process.kill()
        second.until_shown("the presentation has ended")
        second.read_while_not(lambda: not sockets(runtime), "what was left is removed")
        os.write(second.master, b"q")
        assert second.process.wait(SECONDS) == 0
    finally:
        second.close()
        presentation.close()
