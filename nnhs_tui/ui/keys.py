"""Keys and the footer's hints, out of the table of commands."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from nnhs_tui.core.commands import BY_WORD, COMMANDS, KEY_LABELS, Command
from nnhs_tui.present.lines import Line, Run

PRIORITY = {"ctrl+q", "ctrl+p"}
"""Keys that also work while a text is being typed."""

HINTS = {
    "next": "next",
    "back": "back",
    "next-phase": "next phase",
    "apply": "apply",
    "arithmetic": "exact/hand",
    "help": "help",
    "quit": "quit",
    "command": "command",
    "play": "play",
}
"""The footer's commands with a word or two each, the most useful first."""


def bindings(words: Iterable[str] | None = None) -> list[BindingType]:
    """Bindings for the commands of the table, or for some of them."""
    wanted = [BY_WORD[word] for word in words] if words is not None else list(COMMANDS)
    return [_binding(command, key) for command in wanted for key in command.keys]


def _binding(command: Command, key: str) -> Binding:
    argument = f" {key}" if command.word == "pane" else ""
    identity = f"{command.word}{argument.replace(' ', '-')}"
    return Binding(
        key,
        f"run('{command.word}{argument}')",
        command.title,
        show=False,
        priority=key in PRIORITY,
        tooltip=command.help,
        id=identity,
    )


def hints(words: Iterable[str], width: int) -> Line:
    """`n next  p back …`, as many as fit."""
    runs: list[Run] = []
    room = width
    for word in words:
        key = BY_WORD[word].keys[0]
        label, title = KEY_LABELS.get(key, key), HINTS[word]
        needed = cell_len(label) + 1 + cell_len(title) + (2 if runs else 0)
        if needed > room:
            break
        room -= needed
        runs += [("  ", "text")] if runs else []
        runs += [(label, "key"), (f" {title}", "dim")]
    return tuple(runs)
