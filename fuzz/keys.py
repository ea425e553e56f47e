"""The user's own keys.toml."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from fuzz.command_line import Ran, run, sound
from fuzz.target import Target, require
from nnhs_tui.commands.commands import BY_WORD, COMMANDS
from nnhs_tui.commands.keymap import keys_file


@contextlib.contextmanager
def _own_table() -> Iterator[None]:
    """Puts the table of commands back, into which keys are written."""
    listed, by_word = list(COMMANDS), dict(BY_WORD)
    try:
        yield
    finally:
        COMMANDS[:] = listed
        BY_WORD.update(by_word)


def _ran(data: bytes, *arguments: str) -> Ran:
    file = keys_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    try:
        with _own_table():
            ran = sound(run("keys", *arguments), str(file))
    finally:
        # Every screen would read it.
        file.unlink()
    require(ran.code != 1, "keys with exit code 1")
    require(ran.code == 0 or not ran.out, "keys prints half, then refuses")
    return ran


class Keys(Target):
    name, ending, form = "keys", ".toml", "toml"

    def aspects(self) -> tuple[str, ...]:
        return ("keys", "keys --toml")

    def check(self, data: bytes, aspect: str) -> None:
        ran = _ran(data, *aspect.split()[1:])
        if aspect == "keys --toml" and ran.code == 0:
            again = _ran(ran.out.encode(), "--toml")
            require(again.code == 0, "keys --toml prints what it does not take", again.err)
            require(again.out == ran.out, "keys --toml prints other keys than it takes", again.out)

    def more_seeds(self) -> list[bytes]:
        """The whole table, and smaller ones."""
        whole = sound(run("keys", "--toml")).out
        few = '[keys]\nnext = ["x", "Enter"]\nzoom = []\nback = ["PgUp", "Ctrl+B"]\nquit = "F12"\n'
        return [whole.encode(), few.encode()]


TARGET = Keys()
