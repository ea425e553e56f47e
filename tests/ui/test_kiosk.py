"""The kiosk on a real pseudo-terminal: whatever is pressed, no other file is read, none is written.

Python itself tells of every file that is opened: an audit hook is set before the program begins.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.cli.kiosk import BYTES
from nnhs_tui.commands.screen_rows import SCREEN_GROUPS
from nnhs_tui.commands.session_rows import SESSION_GROUPS
from nnhs_tui.scenario.library import PACKAGE, shipped_folder
from tests.ui.examples import SHIPPED, SMALL
from tests.ui.on_terminal import OnTerminal
from tests.waiting import SECONDS

WATCHED = """
import fcntl, json, os, sys, termios
if os.getsid(0) == os.getpid():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
told = int(sys.argv.pop(1))
events = ("open", "os.", "subprocess.", "socket.", "shutil.", "tempfile.", "pty.", "webbrowser.",
          "ctypes.dlopen", "urllib.", "http.", "resource.", "glob.", "pathlib.")
def tell(event, details):
    if event.startswith(events):
        what = [event, [str(each) for each in details]]
        os.write(told, json.dumps(what).encode() + b"\\n")
sys.addaudithook(tell)
# What is imported before the kiosk shuts its doors may not be compiled yet.
sys.dont_write_bytecode = True
from nnhs_tui.commands import commands
parse = commands.parse
def told_parse(command):
    tell("os.command", [command])
    if command == "fall":
        raise RuntimeError("not for everybody")
    from textual.app import App
    if App.pop_screen.__name__ != "told":
        App.push_screen, App.pop_screen = told_after(App.push_screen), told_after(App.pop_screen)
    return parse(command)
def told_after(change):
    def told(app, *arguments, **keywords):
        done = change(app, *arguments, **keywords)
        tell("os.screens", [len(app.screen_stack)])
        return done
    return told
commands.parse = told_parse
from nnhs_tui.cli import kiosk, main, opening
from nnhs_tui.present.text import charset
from nnhs_tui.present.text import signs
sys.dont_write_bytecode = False
code = main(sys.argv[1:])
os.write(told, json.dumps(["byte code", [str(not sys.dont_write_bytecode)]]).encode() + b"\\n")
sys.exit(code)
"""
COMMAND, SCREENS, BYTE_CODE = "os.command", "os.screens", "byte code"
OURS = (COMMAND, SCREENS, BYTE_CODE, "resource.setrlimit")
"""What is told of by the lines above, and the limits that the kiosk sets itself."""
ESCAPE = "\x1b[27u"
"""The key as terminals of the Kitty protocol send it: it does not join what comes after it."""
ROWS = [row for group in (*SESSION_GROUPS, *SCREEN_GROUPS) for row in group.rows]

Event = list[Any]
"""What was told of: its name, and the details as texts."""


class Watched(OnTerminal):
    """The program on a terminal, and what it does to files."""

    def __init__(self, folder: Path, *arguments: str, is_job: bool = False) -> None:
        """Begin it.

        Args:
            is_job: as a shell does, which could go on while it is stopped; else it has a session
                of its own, as sshd begins it.
        """
        told, tell = os.pipe()
        script = folder / "watched.py"
        script.write_text(WATCHED, encoding="utf-8")
        self.events: list[Event] = []
        super().__init__(
            [sys.executable, "-I", str(script), str(tell), *arguments],
            start_new_session=not is_job, process_group=0 if is_job else None,
            pass_fds=[tell], cwd=folder, env=environment(folder),
        )  # fmt: skip
        os.close(tell)
        self.listener = threading.Thread(target=self._listen, args=(told,), daemon=True)
        self.listener.start()

    def _listen(self, told: int) -> None:
        with open(told, encoding="utf-8") as lines:
            for line in lines:
                with self.news:
                    self.events.append(json.loads(line))
                    self.news.notify_all()

    def draws_anew(self, change: Callable[[], None]) -> None:
        """Do something and wait until the whole screen is drawn because of it."""
        drawn = self.output.count(b"\x1b[2J")
        change()
        self.wait_for(lambda: self.output.count(b"\x1b[2J") > drawn)

    @property
    def depth(self) -> int:
        """How many screens there are over one another."""
        told = [details[0] for event, details in self.events if event == SCREENS]
        return int(told[-1]) if told else 1

    def back(self) -> None:
        """Leave every screen over the debugger, with Esc."""
        while (depth := self.depth) > 1:
            self.type(ESCAPE)
            self.wait_for(lambda depth=depth: self.depth < depth)

    def command(self, text: str) -> None:
        """Type a command and wait until it is carried out."""
        self.carries_out(f":{text}\r", lambda command: command == text)

    def carries_out(self, typed: str, is_wanted: Callable[[str], bool]) -> None:
        """Type something and wait until one of the commands that come of it is as wanted."""
        seen = len(self.events)
        self.type(typed)

        def is_done() -> bool:
            commands = [details[0] for event, details in self.events[seen:] if event == COMMAND]
            return any(map(is_wanted, commands))

        self.wait_for(is_done)

    def command_after_clicks(self, text: str) -> None:
        """The same where clicks may still be on their way: keys overtake them, so one that was
        meant for a screen that is left may reach the debugger while the command is typed."""
        deadline = time.monotonic() + SECONDS
        while True:
            seen = len(self.events)
            self.type(f":{text}\r")

            def is_done(seen: int = seen) -> bool:
                return any(each[0] == COMMAND and each[1][0] == text for each in self.events[seen:])

            with self.news:
                if self.news.wait_for(is_done, SECONDS / 12):
                    return
            assert time.monotonic() < deadline, "\n".join(self.screen.display)
            self.type(ESCAPE)
            self.back()

    def leave(self) -> int:
        self.type("q")
        code = self.process.wait(SECONDS)
        self.listener.join(SECONDS)
        return code


def environment(folder: Path) -> dict[str, str]:
    """What would have it read, write or do other things, were it heeded."""
    log, driver = str(folder / "textual.log"), "nnhs_tui.no_such_module:Driver"
    keys = {"TEXTUAL_LOG": log, "TEXTUAL_DRIVER": driver, "TEXTUAL_PRESS": "q"}
    picture = {"TEXTUAL_SCREENSHOT": "1", "TEXTUAL_SCREENSHOT_LOCATION": str(folder)}
    folders = {f"XDG_{kind}_HOME": str(folder) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    folders["NNHS_TUI_LOG"] = str(folder / "nnhs.log")
    ours = {"TERM": "xterm-256color", "TEXTUAL": "debug,devtools", "HOME": str(folder)}
    return {**os.environ, **keys, **picture, **folders, **ours}


def tempting(folder: Path) -> None:
    """Files of a user's own, each of which would be noticed."""
    own = folder / "nnhs-tui"
    (own / "scenarios").mkdir(parents=True)
    (own / "scenarios" / "own.toml").write_text(SMALL, encoding="utf-8")
    (own / "keys.toml").write_text("[keys]\nno-such-command = 3\n", encoding="utf-8")
    (own / "places.json").write_text("{}", encoding="utf-8")


def strange(events: list[Event], scenarios: list[Path]) -> list[Event]:
    """The events that are not Python reading the program, or the program reading its scenarios."""
    program = [PACKAGE, *map(Path, (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib")))]
    found = []
    for event, details in events:
        path = Path(details[0]) if details else Path()
        is_program = any(path.is_relative_to(each) for each in program)
        if event == "open":
            is_reading = int(details[2]) & (os.O_ACCMODE | os.O_CREAT | os.O_TRUNC) == os.O_RDONLY
            is_fine = is_reading and (is_program or path in scenarios)
        elif event in ("os.listdir", "os.scandir", "pathlib.Path.glob", "glob.glob"):
            is_fine = is_program or path == shipped_folder()
        elif event == "socket.__new__":
            is_fine = details[1] == "1"  # asyncio's own pair.
        elif event in ("os.putenv", "os.unsetenv"):
            is_fine = details[0].startswith(("b'OPENBLAS", "b'TEXTUAL", "b'NNHS", "b'NO_COLOR"))
        else:
            is_fine = event in OURS or details == ["None"]
        if not is_fine:
            found.append([event, details])
    return found


@pytest.fixture
def kiosk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Watched, list[Path]]]:
    own = tmp_path / "of the lesson.toml"
    own.write_text(SMALL, encoding="utf-8")
    tempting(tmp_path)
    is_job = getattr(request, "param", "") == "job"
    watched = Watched(tmp_path, "run", "--kiosk", str(own), "two-layer-sigmoid", is_job=is_job)
    yield watched, [own, shipped_folder() / "two-layer-sigmoid.toml"]
    watched.close()


def key_presses() -> str:
    """Every key that stays in the debugger, each of them alone."""
    codes = (*range(1, 127), 0xE9, 0x2192, 0x20AC)
    plain = [chr(code) for code in codes if chr(code) not in ELSEWHERE]
    others = "[A [B [C [D [H [F [2~ [3~ [5~ [6~ [Z [15~ [17~ [24~ [1;5A [113;6u [122;5u [99;9u"
    return ESCAPE.join([*plain, *(f"\x1b{each}" for each in others.split())]) + ESCAPE


def clicks() -> str:
    """Clicks all over the screen, but not on the last row's keys; and the wheel."""
    places = [(x, y) for y in range(1, 24, 2) for x in range(1, 81, 9)]
    pressed = "".join(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m" for x, y in places)
    return f"{pressed}\x1b[<64;5;5M\x1b[<65;5;5M"


ASKING = {"g": "goto", "/": "search", "e": "edit", "T": "train", "R": "round"}
"""The keys that ask for more, in the command line."""
ELSEWHERE = {*ASKING, *":qoti?lBzP\x10\x11\x1b"}
"""The keys that go somewhere else, lay the screen out anew, or begin another key."""
PLACES = (
    ("?", "keys and signs", f"{clicks()}jJ \x1b[6~xyS\x13"),
    ("l", "signs", f"{clicks()}\x1b[Hd"),
    ("i", "about of the lesson", "sSwW\x17"),
    ("\x10", "a command, by its name", "save\x1b[B\x1b[B\x15reload"),
    ("\x10", "a command, by its name", clicks()),
    ("t", "question 1 of", f"1\r2\rsSwRe/hhhhh\x15{clicks()}"),
    (":test seed 4\r", "seed 4", f"t\x1b[200~1\t2\n3{'9' * 9000}\x1b[201~\r"),
    ("t", "going on where", "on"),
    ("o", "choose a scenario", f"s:w\x10{clicks()}/:w{ESCAPE}\x1b[H\x1b[B\r"),
    ("o", "choose a scenario", "\x1b[A\r"),
)
"""What opens another screen, what is seen there then, and what is pressed there."""


@pytest.mark.slow
def test_no_key_command_or_click_reads_another_file_or_writes_any(
    kiosk: tuple[Watched, list[Path]],
) -> None:
    watched, scenarios = kiosk
    watched.shows("hidden.p[1,1]")
    # Who watched it would read it again.
    scenarios[0].write_text("title = 3", encoding="utf-8")
    before = sorted(scenarios[0].parent.rglob("*"))
    watched.type(key_presses())
    # Keys that mean nothing are looked at later than others, as clicks are: one on the timeline.
    click = "\x1b[<0;40;23M\x1b[<0;40;23m"
    watched.carries_out(click, lambda command: command.startswith("run-to "))
    watched.type("zzPP")
    for key, word in ASKING.items():
        watched.type(key)
        watched.shows(f":{word}")
        watched.carries_out("./new.toml\r", lambda command: command.endswith("./new.toml"))
    for row in ROWS:
        if row.argument is not None and row.word != "test":
            watched.command(f"{row.word} ./new.toml")
    for word in ("save new", "reload", "replay-next", "suspend"):
        watched.command(word)
        watched.shows(f"there is no command '{word.split()[0]}'")
    watched.type(clicks())
    for opens, shown, inside in PLACES:
        watched.type(opens)
        watched.wait_for(lambda: watched.depth == 2)
        watched.shows(shown)
        watched.type(inside)
        watched.back()
        watched.command_after_clicks("no-such-thing")
    assert watched.leave() == 0
    assert strange(watched.events, scenarios) == []
    read = [details[0] for event, details in watched.events if event == "open"]
    assert all(read.count(str(path)) == 1 for path in scenarios)
    assert watched.events[-1] == [BYTE_CODE, ["False"]]
    assert sorted(scenarios[0].parent.rglob("*")) == before


@pytest.mark.slow
@pytest.mark.parametrize("kiosk", ["session", "job"], indirect=True)
def test_no_signal_of_the_keyboard_stops_or_ends_it(kiosk: tuple[Watched, list[Path]]) -> None:
    watched, _ = kiosk
    # The terminal still makes signals of these keys then.
    watched.wait_for(lambda: any(event == "resource.setrlimit" for event, _ in watched.events))
    watched.type("\x03\x1a\x1c")
    watched.shows("quit")
    for number in (signal.SIGINT, signal.SIGTSTP, signal.SIGQUIT):
        watched.process.send_signal(number)
    watched.command("goto 7")
    watched.shows("step 7/")
    assert watched.leave() == 0


@pytest.mark.slow
def test_a_terminal_of_any_size_costs_neither_time_nor_memory(
    kiosk: tuple[Watched, list[Path]],
) -> None:
    watched, _ = kiosk
    watched.shows("hidden.p[1,1]")
    for change in (
        lambda: watched.resize(65535, 65535),
        lambda: watched.resize(80, 24),
        lambda: watched.type("\x1b[48;60000;60000;1;1t"),
        lambda: watched.type("\x1b[48;24;80;1;1t"),
    ):
        watched.draws_anew(change)
    watched.command("goto 7")
    watched.shows("step 7/")
    assert watched.leave() == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is in use")
def test_whoever_looks_at_everything_needs_two_thirds_of_the_memory_there_is() -> None:
    names = sorted(path.stem for path in SHIPPED)
    command = [sys.executable, "-m", "nnhs_tui", "run", "--kiosk", *names]
    terminal = OnTerminal(command, (120, 35), env={**os.environ, "TERM": "xterm-256color"})
    try:
        for place, name in enumerate(names):
            terminal.shows(f"{name} · round 1 ")
            terminal.type(":test\r")
            terminal.shows("question 1 of")
            terminal.type(ESCAPE)
            terminal.shows(f"{name} · round 1 ")
            terminal.type("G:goto 2\r")
            terminal.shows("step 2/")
            if place + 1 < len(names):
                terminal.type("o")
                terminal.shows("choose a scenario")
                terminal.type("\x1b[B\r")
        terminal.type("?")
        terminal.shows("keys and signs")
        terminal.type(ESCAPE)
        terminal.shows("step 2/")
        terminal.type("\x10")
        terminal.shows("a command, by its name")
        status = Path(f"/proc/{terminal.process.pid}/status").read_text(encoding="ascii")
        (used,) = re.findall(r"VmData:\s+(\d+) kB", status)
        assert int(used) * 1024 < BYTES * 2 // 3
    finally:
        terminal.close()


@pytest.mark.slow
def test_a_mistake_in_the_program_ends_it_without_showing_it(
    kiosk: tuple[Watched, list[Path]],
) -> None:
    watched, _ = kiosk
    watched.shows("hidden.p[1,1]")
    watched.type(":fall\r")
    assert watched.process.wait(SECONDS) == 1
    told = watched.output.decode()[watched.output.decode().rindex("\x1b") :]
    assert "a mistake in the program ended it" in told
    assert "everybody" not in told and "Traceback" not in told
