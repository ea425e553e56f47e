"""Other keys for the commands: what is read, and everything that is refused."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.characters import is_plain
from nnhs_tui.commands.commands import COMMANDS, key_label, use_keys
from nnhs_tui.commands.keymap import FIXED, LARGEST, key_named, load_keys, read_keys
from nnhs_tui.errors import ScenarioError, printable
from nnhs_tui.present.keys_table import keys_as_toml

DEFAULT = {command.word: command.keys for command in COMMANDS}


def read(text: str) -> dict[str, tuple[str, ...]]:
    return read_keys(tomllib.loads(text), "keys.toml")


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        read(text)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    "written, key",
    [
        ("n", "n"), ("N", "N"), ("ä", "ä"), ("7", "7"), ("→", "right"), ("?", "question_mark"),
        ("/", "slash"), ("\\", "backslash"), ("_", "underscore"), ("-", "minus"), ("+", "plus"),
        (" ", "space"), ("Space", "space"), ("PgDn", "pagedown"), ("pagedown", "pagedown"),
        ("Esc", "escape"), ("Ctrl+P", "ctrl+p"), ("ctrl+p", "ctrl+p"), ("Control+X", "ctrl+x"),
        ("F5", "f5"), ("Del", "delete"), ("Return", "enter"), ("Ctrl+Right", "ctrl+right"),
        ("question_mark", "question_mark"), ("Shift+Tab", "shift+tab"), ("!", "exclamation_mark"),
    ],
)  # fmt: skip
def test_keys_are_read_as_people_write_them(written: str, key: str) -> None:
    assert key_named(written) == key


@given(st.characters(min_codepoint=33, max_codepoint=0x24F))
def test_a_character_is_named_as_the_terminal_library_names_it(character: str) -> None:
    from textual.keys import _character_to_key

    if unicodedata.name(character, "") and character not in "→←↑↓":
        assert key_named(character) == _character_to_key(character)


def test_the_file_that_is_printed_gives_the_same_keys() -> None:
    text = "\n".join(keys_as_toml())
    assert read(text) == {word: keys for word, keys in DEFAULT.items() if word not in FIXED}


def test_every_label_is_read_back_as_its_key() -> None:
    for command in COMMANDS:
        for key in command.keys:
            assert key_named(key_label(key)) == key


@given(st.characters(exclude_categories=("Cs",)))
def test_a_label_commands_no_terminal(character: str) -> None:
    for label in (key_label(character), key_label(f"ctrl+{character}")):
        assert label.isprintable() and printable(label) == label
    if not character.isprintable() or not is_plain(character):
        assert faults(f'[keys]\nzoom = "\\U{ord(character):08x}"\n')


def test_keys_may_change_places() -> None:
    assert read('[keys]\nnext = "p"\nback = ["n"]\n') == {"next": ("p",), "back": ("n",)}
    assert read("[keys]\nzoom = []\n") == {"zoom": ()}
    assert read('[keys]\nzoom = "Ctrl+Shift+End"\n') == {"zoom": ("ctrl+shift+end",)}
    assert read("") == read("[keys]") == {}


@pytest.mark.parametrize(
    "text, words",
    [
        ('nxet = "x"', ["keys.nxet", "did you mean next?"]),
        ('zoom = "Ctrl+I"', ["keys.zoom", "'Ctrl+I'", "Tab"]),
        ('zoom = "Ctrl+M"', ["Enter"]),
        ('zoom = "ctrl+["', ["Esc"]),
        ('zoom = "Ctrl+H"', ["Backspace"]),
        ('zoom = "Ctrl+Shift+A"', ["Ctrl and Shift"]),
        ('zoom = "Ctrl+Shift+F5"', ["Ctrl and Shift"]),
        ('zoom = "Ctrl+Shift+Tab"', ["Ctrl and Shift"]),
        ('zoom = "Super+X"', ["not every terminal"]),
        ('zoom = "Alt+X"', ["not every terminal"]),
        ('zoom = "Ctrl+1"', ["letters only"]),
        ('zoom = "Shift+n"', ["expected 'N'"]),
        ('zoom = "Ctrl+C"', ["interrupts"]),
        ('zoom = "F13"', ["no such key"]),
        ('zoom = "foo"', ["no such key"]),
        ('zoom = ""', ["no such key"]),
        ("zoom = 3", ["3 is no key"]),
        ('zoom = ["X", "X"]', ["twice"]),
        ('zoom = ["X", true]', ["True is no key"]),
        ('pane = "X"', ["cannot be changed"]),
        ('next = "p"', ["keys.next", "'p' is that of back", "back = []"]),
        ('zoom = "X"\nwatch = "X"', ["'X' is that of watch"]),
        ("quit = []", ["keys.quit", "no key to leave"]),
        ('quit = "\\u001b"', ["keys.quit", "'\\x1b'", "can be seen"]),
        ('quit = ["q", "\\u0007"]', ["can be seen"]),
        ('quit = "Ctrl+\\u0001"', ["can be seen"]),
        ('quit = "\\u200b"', ["no such key"]),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(text: str, words: list[str]) -> None:
    (fault,) = faults(f"[keys]\n{text}\n")
    assert fault.startswith("keys.toml: keys.")
    assert all(word in fault for word in words), fault


def test_all_faults_are_told_at_once() -> None:
    told = faults('[keys]\nnxet = "x"\nzoom = ["Ctrl+I", 3]\n[other]\na = 1\n')
    assert len(told) == 4 and "other" in told[0]
    assert len(faults("keys = 3")) == 1
    assert len(faults('[keys]\nquit = []\nnext = "p"\nback = "n"\ninto = "r"\n')) == 2


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    assert load_keys(path) == {}
    path.write_bytes('\ufeff[keys]\nzoom = "X"\n'.encode())
    assert load_keys(path) == {"zoom": ("X",)}
    for content, word in ((b"[keys", "line 1"), (b"\xff", "UTF-8")):
        path.write_bytes(content)
        with pytest.raises(ScenarioError, match=word):
            load_keys(path)
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(ScenarioError, match=f"a file of {LARGEST + 1:,} bytes"):
        load_keys(path)
    with pytest.raises(ScenarioError, match="a folder"):
        load_keys(tmp_path)


def test_clashes_are_said_together_with_all_other_faults() -> None:
    data = {"keys": {"next": ["j"], "back": ["j"], "quit": [], "nosuch": ["x"], "zoom": ["5"]}}
    with pytest.raises(ScenarioError) as caught:
        read_keys(data, "keys.toml")
    told = {fault.where: f"{fault.found}; {fault.expected}" for fault in caught.value.faults}
    assert set(told) == {"keys.nosuch", "keys.back", "keys.quit", "keys.zoom"}
    assert "pane = []" not in told["keys.zoom"]


def test_signs_that_toml_has_a_meaning_for_are_printed_so_that_they_are_read_back() -> None:
    before = list(COMMANDS)
    keys = {"zoom": ("backslash",), "watch": ("quotation_mark",)}
    try:
        use_keys(keys)
        again = read("\n".join(keys_as_toml()))
    finally:
        use_keys({command.word: command.keys for command in before})
    assert {word: again[word] for word in keys} == keys
    assert list(COMMANDS) == before
