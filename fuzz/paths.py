r"""Paths that are no file, or have odd names, given to every command that reads one.

An input is a kind, a space, and a name as Python writes it in bytes: `fifo a\x1b[31m.toml`.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random

from fuzz.command_line import run, sound
from fuzz.mutate import PIECES
from fuzz.target import Target, require
from nnhs_tui.errors import printable

NET = "two-layer-sigmoid"
COMMANDS: dict[str, tuple[str, ...]] = {
    "validate": ("validate", "PATH"),
    "show": ("show", "PATH"),
    "trace": ("trace", "PATH"),
    "trace --json": ("trace", "PATH", "--json"),
    "gradcheck": ("gradcheck", "PATH"),
    "worksheet": ("worksheet", "PATH", "--format", "csv"),
    "check a scenario": ("check", "PATH", "PATH"),
    "check": ("check", NET, "PATH"),
    "check --json": ("check", NET, "PATH", "--json"),
    "run": ("run", "PATH"),
    "run --replay": ("run", NET, "--replay", "PATH"),
    "run --kiosk": ("run", "--kiosk", "PATH"),
}
NO_TERMINAL = "no terminal to open the program in"
SPARSE = 100 * 2**30


def _socket(path: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


def _sparse(path: bytes) -> None:
    with open(path, "wb") as file:
        file.truncate(SPARSE)


MAKERS: dict[str, Callable[[bytes], object]] = {
    "nothing": lambda path: None,
    "folder": os.mkdir,
    "fifo": os.mkfifo,
    "socket": _socket,
    "zeros": lambda path: os.symlink(b"/dev/zero", path),
    "null": lambda path: os.symlink(b"/dev/null", path),
    "circle": lambda path: os.symlink(path, path),
    "dangling": lambda path: os.symlink(b"nowhere", path),
    "sparse": _sparse,
    "empty": lambda path: Path(os.fsdecode(path)).touch(),
}
"""What makes a path of each kind."""


class Paths(Target):
    name, ending, seconds = "paths", ".txt", 5.0

    def aspects(self) -> tuple[str, ...]:
        return tuple(COMMANDS)

    def check(self, data: bytes, aspect: str) -> None:
        kind, _, rest = data.decode("latin-1").strip("\n").partition(" ")
        name = os.fsdecode(rest.encode("latin-1").decode("unicode_escape").encode("latin-1"))
        folder = Path("paths")
        folder.mkdir(exist_ok=True)
        os.chdir(folder)
        try:
            _make(kind, os.fsencode(name))
            arguments = [name if each == "PATH" else each for each in COMMANDS[aspect]]
            ran = sound(run(*arguments), printable(name), notes=(NO_TERMINAL,))
            # A name may be an option's, or one more scenario's.
            require(ran.code != 1 or aspect.startswith("check"), "exit code 1", ran)
        finally:
            _remove(os.fsencode(name))
            os.chdir("..")

    def make(self, random: Random) -> bytes:
        name = bytearray(random.choice((b"a.toml", b"a", b"a.csv", b"a b.toml")))
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            place = random.randint(0, len(name))
            name[place:place] = random.choice(PIECES).replace(b"\x00", b"0")
        if random.random() < 0.05:
            name[:0] = b"n" * random.choice((250, 300, 5000))
        escaped = bytes(name).decode("latin-1").encode("unicode_escape")
        return random.choice(list(MAKERS)).encode() + b" " + escaped


def _make(kind: str, name: bytes) -> None:
    """A path of a kind; where the system does not bear its name there is nothing."""
    try:
        MAKERS.get(kind, MAKERS["nothing"])(name)
    except (OSError, ValueError):
        return


def _remove(name: bytes) -> None:
    try:
        os.rmdir(name) if os.path.isdir(name) and not os.path.islink(name) else os.unlink(name)
    except (OSError, ValueError):
        return


TARGET = Paths()
