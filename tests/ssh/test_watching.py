"""A lesson that a class watches, as docs/ssh.md has it, with the real tmux, sshd and ssh."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pwd")

from tests.ssh.server import (
    FILES,
    FOLDER,
    FOLDER_FILE,
    GUIDE,
    HOST,
    PROGRAM,
    USER,
    WATCH_SCRIPT,
    Server,
    make_folder,
)
from tests.ui.on_terminal import OnTerminal
from tests.waiting import SECONDS, eventually

pytestmark = pytest.mark.slow

PANES = "#{session_name} #{window_index} #{pane_mode} #{window_width}x#{window_height}"
TABLES = "#{client_key_table}"
NO_LESSON = "No lesson is being shown now."


def tmux(place: Path, *arguments: str) -> str:
    """What tmux answers about the lesson."""
    command = ["tmux", "-S", str(place / "lesson" / "tmux"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def press(watcher: OnTerminal, place: Path, key: str) -> None:
    """Press a key of tmux's: one after the other, as what comes in one piece is a paste."""
    for typed, table in (("\x02", True), (key, False)):
        watcher.type(typed)
        eventually(
            lambda table=table: ("prefix" in tmux(place, "list-clients", "-F", TABLES)) == table,
            f"{key!r} is no key",
        )


def lesson(place: Path, command: str) -> str:
    """The guide's command that begins a lesson, with the paths of this test."""
    (found,) = re.findall(rf"```sh\n(tmux -S {FOLDER}/tmux new .*?)```", GUIDE, re.DOTALL)
    found = found.replace(FOLDER, str(place / "lesson")).replace("-r watch", "-r nobody")
    (program,) = re.findall(r"'(nnhs-tui run .*?)'", found)
    return found.replace(program, command.replace("nnhs-tui", PROGRAM))


def _person() -> dict[str, str]:
    """The environment of somebody who may log in.

    tmux runs commands in the shell it names, else in the account's, which may let nobody in.
    """
    person = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": "/", "SHELL": "/bin/sh"}
    return {name: os.environ[name] for name in os.environ if name != "TMUX"} | person


@pytest.fixture
def place(folder: Path, request: pytest.FixtureRequest) -> Path:
    """Where everybody may look, for the folder of the lesson."""
    found = folder / str(len(list(folder.iterdir())))
    found.mkdir()
    for each in (folder, found):
        each.chmod(0o755)
    return found


@pytest.fixture
def begin(place: Path) -> Iterator[Callable[..., OnTerminal]]:
    """Begins a lesson in the guide's way, and ends it."""
    made: list[OnTerminal] = []

    def present(command: str, **keywords: Any) -> OnTerminal:
        made.append(OnTerminal(["sh", "-c", lesson(place, command)], env=_person(), **keywords))
        return made[-1]

    yield present
    socket = str(place / "lesson" / "tmux")
    subprocess.run(["tmux", "-S", socket, "kill-server"], check=False, capture_output=True)
    for each in made:
        each.close()


def test_watchers_see_the_presenter_s_steps_and_can_do_nothing(
    begin: Callable[..., OnTerminal], place: Path
) -> None:
    make_folder(place)
    server = Server(place, "watch")
    watchers = []
    try:
        # Whoever comes too early leaves nothing behind.
        assert NO_LESSON in server.told("-tt", HOST)
        assert list((place / "lesson").iterdir()) == []
        presenter = begin("nnhs-tui run two-layer-sigmoid --fresh")
        presenter.shows("hidden.p[1,1]")
        for size in ((80, 24), (60, 20), (110, 30)):
            watchers.append(server.login(size=size))
            watchers[-1].shows("forward › hidden › neuron 1 › p11")
        presenter.type(":goto 7\r")
        for watcher in watchers:
            watcher.shows("forward › hidden › neuron 2 › p22")
        # What a larger terminal has around the picture and its frame is blank.
        rows = watchers[2].screen.display
        assert "".join(row[81:] for row in rows).strip() == ""
        assert "".join(rows[25:]).strip() == ""
        before = tmux(place, "list-panes", "-a", "-F", PANES)
        for key in "c%\":sw[&x$,f'!(LDt\x1a\x0f":
            press(watchers[0], place, key)
        watchers[0].shows("Client is read-only")
        watchers[0].type("nq:?t\x03\x1a\x1c\x04")
        presenter.type(":goto 9\r")
        presenter.shows("step 9/55")
        watchers[1].shows("step 9/55")
        assert tmux(place, "list-panes", "-a", "-F", PANES) == before
        press(watchers[0], place, "d")
        assert watchers[0].process.wait(SECONDS) == 0
        presenter.type("q")
        assert watchers[1].process.wait(SECONDS) == 0
        assert NO_LESSON in server.told("-tt", HOST)
    finally:
        for watcher in watchers:
            watcher.close()
        server.close()


TEACHER, WATCH = "daemon", "nobody"
"""Accounts that are everywhere, in the place of the guide's."""


def as_user(name: str) -> dict[str, Any]:
    """What `Popen` needs to run something as somebody else."""
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be two people")
def test_nobody_keeps_the_teacher_from_starting_the_lesson(
    begin: Callable[..., OnTerminal], place: Path
) -> None:
    met = make_folder(place, TEACHER)
    script = place / "watch-lesson"
    script.write_text(FILES[WATCH_SCRIPT].replace(FOLDER, str(met)), encoding="utf-8")
    script.chmod(0o755)

    def by_watch(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, **as_user(WATCH),
            cwd="/", env={"PATH": os.environ["PATH"], "TERM": "xterm", "HOME": "/"},
        )  # fmt: skip

    assert NO_LESSON in by_watch(str(script)).stdout
    for command in (["tmux", "-S", f"{met}/tmux", "new", "-d", "cat"], ["touch", f"{met}/tmux"]):
        assert "Permission denied" in by_watch(*command).stderr
    assert by_watch("ls", str(met)).returncode != 0
    assert list(met.iterdir()) == []
    teacher = begin("cat", **as_user(TEACHER))
    eventually(lambda: (met / "tmux").exists() and _is_open(met / "tmux"), "there is no lesson")
    assert (met / "tmux").stat().st_uid == pwd.getpwnam(TEACHER).pw_uid
    watcher = OnTerminal([str(script)], env=_person(), **as_user(WATCH))
    try:
        teacher.type("a word\r")
        watcher.shows("a word")
        assert by_watch("rm", "-f", f"{met}/tmux").returncode != 0
        teacher.type("\x04")
        assert watcher.process.wait(SECONDS) == 0
    finally:
        watcher.close()


def _is_open(socket: Path) -> bool:
    """Whether others may reach it: the last thing that is done before the lesson begins."""
    return bool(socket.stat().st_mode & stat.S_IWOTH)


@pytest.mark.skipif(not shutil.which("systemd-tmpfiles"), reason="there is no systemd")
def test_the_system_makes_the_folder_as_the_tests_do(place: Path) -> None:
    file = place / "lesson.conf"
    text = FILES[FOLDER_FILE].replace(FOLDER, str(place / "lesson")).replace("teacher", USER)
    file.write_text(text, encoding="utf-8")
    subprocess.run(["systemd-tmpfiles", "--create", str(file)], check=True)
    made = (place / "lesson").stat()
    (place / "lesson").rmdir()
    ours = make_folder(place).stat()
    assert (made.st_mode, made.st_uid) == (ours.st_mode, ours.st_uid)
    assert stat.S_IMODE(made.st_mode) == 0o711
    assert f"sudo install -d -m 711 -o teacher {FOLDER}" in GUIDE
