"""Other keys for the commands: the file keys.toml in the user's settings folder.

    [keys]
    next = ["n", "Enter"]        # these keys instead of its own
    zoom = []                    # none

Keys are written as the help shows them ("→", "PgDn", "Ctrl+P", "?") or as Textual calls them
("right", "pagedown", "ctrl+p", "question_mark").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nnhs_tui.characters import unseen
from nnhs_tui.commands.commands import COMMANDS, KEY_LABELS, key_label
from nnhs_tui.errors import Fault, ScenarioError, nearest, printable, quoted, shorten

Keys = dict[str, tuple[str, ...]]
"""Command word → its keys, as Textual calls them."""

FIXED = {"pane": "a pane's key is its number"}
"""Commands whose keys stay, and why."""

LARGEST = 2**16
"""Bytes of the file at most; all commands with all their keys take a tenth."""

_SIGNS = {
    "/": "slash",
    "\\": "backslash",
    "@": "at",
    "-": "minus",
    "+": "plus",
    "_": "underscore",
    " ": "space",
}
"""Characters whose name here is not that of Unicode."""

_LABELS = {label.casefold(): key for key, label in KEY_LABELS.items() if len(label) > 1}
_ARROWS = {label: key for key, label in KEY_LABELS.items() if len(label) == 1}
_OTHERS = {"del": "delete", "ins": "insert", "return": "enter", "esc": "escape"}
_MOVES = ("up", "down", "left", "right", "home", "end", "insert", "delete", "pageup", "pagedown")
_FUNCTIONS = tuple(f"f{number}" for number in range(1, 13))
_PLAIN = {"enter", "tab", "escape", "space", "backspace", *_MOVES, *_FUNCTIONS}
_SAME = {
    "ctrl+i": "Tab",
    "ctrl+m": "Enter",
    "ctrl+h": "Backspace",
    "ctrl+left_square_bracket": "Esc",
    "ctrl+j": "Enter in some terminals",
    "shift+space": "Space",
    "shift+enter": "Enter",
    "ctrl+enter": "Enter",
    "shift+backspace": "Backspace",
    "ctrl+backspace": "Backspace",
}
"""Keys that terminals send as another one."""
_TAKEN = {
    "ctrl+c": "the terminal's own: it interrupts",
    "ctrl+z": "the terminal's own: it suspends",
}


def keys_file() -> Path:
    """Where the user's keys are (platformdirs' settings folder)."""
    from platformdirs import user_config_path

    return user_config_path("nnhs-tui", appauthor=False) / "keys.toml"


def load_keys(path: Path) -> Keys:
    """The keys of a file; none where there is no file.

    Raises:
        ScenarioError: with all faults at once, in the order of the file.
    """
    from nnhs_tui.scenario.reading.contents import Missing, Unreadable, read_bytes
    from nnhs_tui.scenario.reading.files import decode

    file, cure = printable(str(path)), "expected a text file in TOML"
    try:
        text = read_bytes(path, LARGEST).decode("utf-8-sig")
    except Missing:
        return {}
    except Unreadable as error:
        raise ScenarioError((Fault(file, "", str(error), cure),)) from None
    except UnicodeDecodeError:
        found = "it cannot be read (not a UTF-8 text)"
        raise ScenarioError((Fault(file, "", found, cure),)) from None
    return read_keys(decode(text, file), file)


def read_keys(data: Mapping[str, Any], file: str) -> Keys:
    """The keys of a decoded file.

    Raises:
        ScenarioError: with all faults at once.
    """
    faults = [
        Fault(file, name, "a table that means nothing here", "expected only [keys]")
        for name in data
        if name != "keys"
    ]
    table = data.get("keys", {})
    keys: Keys = {}
    if not isinstance(table, Mapping):
        faults.append(Fault(file, "keys", "a single value", 'expected [keys] and next = ["n"]'))
        table = {}
    for word, written in table.items():
        found, wrong = _entry(word, written)
        faults += [Fault(file, f"keys.{printable(word)}", *each) for each in wrong]
        if not wrong:
            keys[word] = found
    faults += [Fault(file, *each) for each in _clashes(keys)]
    if faults:
        raise ScenarioError(tuple(faults))
    return keys


Wrong = tuple[str, str]
"""What was found; what was expected."""


def _entry(word: str, written: Any) -> tuple[tuple[str, ...], list[Wrong]]:
    """The keys of one command, and what is wrong with them."""
    words = {command.word for command in COMMANDS}
    if word not in words:
        near = nearest(word, words)
        cure = f"did you mean {near}?" if near else "`nnhs-tui keys` lists all commands"
        return (), [("there is no such command", cure)]
    if word in FIXED:
        return (), [("keys that cannot be changed", FIXED[word])]
    listed = written if isinstance(written, list) else [written]
    keys: list[str] = []
    wrong: list[Wrong] = []
    for each in listed:
        if not isinstance(each, str):
            wrong.append(
                (f"{shorten(repr(each))} is no key", 'expected keys in quotes: ["n", "Space"]')
            )
            continue
        key = key_named(each)
        reason = "" if (word, key) == ("suspend", "ctrl+z") else _unreachable(key)
        if reason:
            wrong.append((f"the key {quoted(each)}", reason))
        elif key in keys:
            wrong.append((f"the key {quoted(each)} twice", "expected each key once"))
        keys.append(key)
    return tuple(keys), wrong


def key_named(written: str) -> str:
    """What Textual calls a key: of its character, of its label or of its name in any case.

    >>> key_named("?"), key_named("→"), key_named("PgDn"), key_named("Ctrl+P"), key_named("N")
    ('question_mark', 'right', 'pagedown', 'ctrl+p', 'N')
    """
    if written in _ARROWS:
        return _ARROWS[written]
    if len(written) == 1:
        if written.isalnum():
            return written
        name = unicodedata.name(written, "").lower().replace("-", "_").replace(" ", "_")
        return _SIGNS.get(written, name or written)
    *held, last = written.strip().split("+")
    if not last and held:
        # The key + itself, as in Ctrl++.
        held, last = held[:-1], "+"
    held = sorted(each.strip().lower().replace("control", "ctrl") for each in held)
    if len(last) == 1:
        key = last.lower() if held else last
        key = key if key.isalnum() else key_named(key)
    else:
        key = last.strip().casefold()
        key = _LABELS.get(key, _OTHERS.get(key, key))
    return "+".join([*held, key])


def _unreachable(key: str) -> str:
    """Why a key would never arrive; "" where it does from every usual terminal."""
    *held, last = key.split("+")
    if unseen(key) is not None or not key.isprintable():
        return "it is not a character that can be seen; expected one such as n, ?, Space or F5"
    if key in _SAME:
        return f"terminals send the same as for {_SAME[key]}; expected another key"
    if key in _TAKEN:
        return f"{_TAKEN[key]}; expected another key"
    is_character = len(last) == 1 or last in _names_of_characters()
    if not is_character and last not in _PLAIN:
        return "there is no such key; expected one such as n, ?, Space, PgDn, F5 or Ctrl+X"
    if any(each not in ("ctrl", "shift") for each in held):
        return "not every terminal sends it; expected a key with Ctrl, or alone"
    if held == ["shift"] and (len(last) == 1 or last in _names_of_characters()):
        return f"with Shift it is another character; expected {last.upper()!r}"
    if held == ["ctrl"] and is_character and not ("a" <= last <= "z" and len(last) == 1):
        return "terminals have Ctrl with letters only; expected Ctrl+A to Ctrl+Z"
    if len(held) == 2 and (is_character or last not in _MOVES):
        return "terminals do not send Ctrl and Shift together with it; expected another key"
    if held and last in ("escape", "tab", "enter", "space", "backspace") and key != "shift+tab":
        return "not every terminal sends it; expected a key with Ctrl, or alone"
    return ""


def _names_of_characters() -> set[str]:
    return {key_named(chr(code)) for code in range(33, 127) if not chr(code).isalnum()}


def _clashes(keys: Keys) -> Iterator[tuple[str, str, str]]:
    """(place, found, expected) where one key has two commands, and where none leaves."""
    owners: dict[str, str] = {}
    for command in COMMANDS:
        word = command.word
        for key in keys.get(word, command.keys):
            other = owners.setdefault(key, word)
            if other == word:
                continue
            changed, kept = (word, other) if word in keys else (other, word)
            label = key_label(key)
            cure = f"expected another key, or other keys for {kept} too: {kept} = []"
            if kept in FIXED:
                cure = f"expected another key: {FIXED[kept]}"
            yield f"keys.{changed}", f"the key {label!r} is that of {kept}", cure
    if not keys.get("quit", ("",)):
        yield "keys.quit", "no key to leave the program", 'expected one: quit = ["q"]'
