"""From a terminal's bytes to keys: whatever comes, and however it is cut."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.events import Key, MouseEvent, Paste, Resize
from textual.message import Message
from textual.messages import InBandWindowResize

from nnhs_tui.ui.terminal import terminal_input
from nnhs_tui.ui.terminal.terminal_input import (
    LONGEST,
    MOST_PASTED,
    PASTE_SILENCE,
    SILENCE,
    SizeReported,
    TerminalParser,
)

ST = "\x1b\\"


def told(*portions: bytes, gives_up: bool = True) -> list[Message]:
    """What is told when bytes come in these portions, and then nothing more."""
    parser = TerminalParser()
    messages = [message for portion in portions for message in parser.feed(portion)]
    return messages + (parser.give_up() if gives_up else [])


def keys(*portions: bytes, gives_up: bool = True) -> list[str]:
    """The same as the names of keys, and the texts of pastes."""
    messages = told(*portions, gives_up=gives_up)
    return [message.key for message in messages if isinstance(message, Key)] + [
        f"paste {message.text!r}" for message in messages if isinstance(message, Paste)
    ]


def singly(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"n", ["n"]),
        ("é".encode(), ["é"]),
        (b"\x1b[A", ["up"]),
        (b"\x1bOA", ["up"]),
        (b"\x1b[1;5A", ["ctrl+up"]),
        (b"\x1bOp\x1bOl\x1bOu\x1bOM", ["0", "comma", "5", "enter"]),
        (b"\x1bOm\x1bOo\x1bOX\n", ["minus", "slash", "equals_sign", "ctrl+j"]),
        (b"\x1b[27u", ["escape"]),
        (b"\x1b", ["escape"]),
        (b"\x1b\x1b", ["escape", "escape"]),
        (b"\x1bn", ["alt+n"]),
        (b"\x1bt", ["alt+t"]),
        (b"\x1b[", ["left_square_bracket"]),
        (b"\x1b[[A", ["f1"]),
        (b"\x1b[200~1;2\x1b[201~n", ["n", "paste '1;2'"]),
        (b"\r\t\x7f\x03", ["enter", "tab", "backspace", "ctrl+c"]),
    ],
)
def test_a_key_is_a_key_however_it_is_cut(data: bytes, expected: list[str]) -> None:
    assert keys(data) == expected
    assert keys(*singly(data)) == expected


@pytest.mark.parametrize(
    "begin", ["\x1b]52;c;", "\x1bP$q", "\x1b_Ga=", "\x1b^n", "\x1bX", "\x9d0;", "\x90", "\x9f"]
)
@pytest.mark.parametrize("end", [ST, "\x07", "\x9c", "\x18", "\x1a"])
def test_a_control_string_is_no_key(begin: str, end: str) -> None:
    """Its letters press nothing: q would leave the program, a apply a round."""
    data = f"{begin}qa\x0cön{end}p".encode()
    for place in range(len(data)):
        assert keys(data[:place], data[place:]) == ["p"]
    assert keys(*singly(data)) == ["p"]


def test_an_escape_ends_a_control_string_and_begins_anew() -> None:
    assert keys(b"\x1b]0;title\x1b[Bn") == ["down", "n"]


@pytest.mark.parametrize(("data", "key"), [(b"\x03", "ctrl+c"), (b"\x11", "ctrl+q")])
def test_a_key_with_ctrl_gets_out_of_a_control_string(data: bytes, key: str) -> None:
    """Alt+] begins one, and nothing would end it."""
    assert keys(b"\x1b]nq", data, b"n") == [key, "n"]


def test_a_control_string_without_an_end_is_given_up_after_a_silence() -> None:
    parser = TerminalParser()
    assert not parser.feed(b"\x1b]52;c;qqq")
    assert parser.patience == SILENCE
    assert not parser.give_up()
    assert parser.patience is None
    assert [message.key for message in parser.feed(b"n") if isinstance(message, Key)] == ["n"]


@pytest.mark.parametrize(
    "answer",
    [
        "\x1b[?64;1;2c",
        "\x1b[>41;354;0c",
        "\x1b[?1;2;3$y",
        "\x1b[?2048;2$y",
        "\x1b[48;24;80;0;0t",
        "\x1b[48;1;1;1;1t",
        "\x1b[48;1t",
        "\x1b[8;24;80t",
        "\x1b[4;5R",
        "\x1b[?25;1$y",
        "\x1b[0n",
        "\x1b[3;1!q",
        "\x1b[" + "1;" * 20 + "q",
        "\x1b[" + "1;" * 10_000 + "q",
        "\x1b[Mqqq",
        "\x1b[M q\u0100",
        "\x1b[55296u",
        "\x1b[1114112u",
        "\x1b[;;8238u",
        "\x1b[99999999999999999999999u",
        "\x1b[<0;0;0M",
        "\x1b[<35;-4;5M",
        "\x85",
        "\x9b5n",
        "\x9b?64;1;2c",
    ],
)
def test_what_is_no_key_is_taken_for_none(answer: str) -> None:
    data = answer.encode()
    assert keys(data, b"n") == ["n"]
    for place in range(2, len(data) if len(data) < 100 else 3):
        assert keys(data[:place], data[place:], b"n") == ["n"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xe4n", ["n"]),
        (b"\xe9n", ["n"]),
        (b"\xe2\x82\x7f", ["backspace"]),
        (b"\xff\xfen", ["n"]),
        ("\u202e\u200b\ufeff\u2028n".encode(), ["n"]),
    ],
)
def test_half_a_character_is_no_key_and_no_end(data: bytes, expected: list[str]) -> None:
    assert keys(*singly(data)) == expected
    assert keys(data) == expected


def test_a_resize_report_does_not_reach_the_mouse() -> None:
    """Textual divides by the pixels that were reported."""
    found = told(b"\x1b[?2048;1$y\x1b[48;24;80;0;0t\x1b[<35;5;6M")
    assert not any(isinstance(message, InBandWindowResize | Resize) for message in found)
    assert [type(message) for message in found[:1]] == [SizeReported]
    mouse = [message for message in found if isinstance(message, MouseEvent)]
    assert [(message.x, message.y) for message in mouse] == [(4, 5)]


def test_a_paste_is_bounded_and_bare_of_control_characters() -> None:
    pasted = b"1\x1b]2\x07\x00\t\n" + "é\u202e".encode()
    (found,) = told(b"\x1b[200~", *singly(pasted), b"\x1b[201~")
    assert isinstance(found, Paste)
    assert found.text == "1]2\t\né"
    (found,) = told(b"\x1b[200~", *[b"7" * 4096] * 100, b"\x1b[201~")
    assert isinstance(found, Paste)
    assert len(found.text) == MOST_PASTED


def test_a_paste_whose_end_never_comes_is_given_up_after_a_silence() -> None:
    parser = TerminalParser()
    assert not parser.feed(b"\x1b[200~0.5")
    assert parser.patience == PASTE_SILENCE
    assert [message.text for message in parser.give_up() if isinstance(message, Paste)] == ["0.5"]
    assert parser.feed(b"n")


def test_what_a_parser_raises_gets_no_further_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    parser = TerminalParser()

    def broken(*_: object) -> list[Message]:
        raise ZeroDivisionError("of a library")

    monkeypatch.setattr(terminal_input._Parser, "parse_mouse_code", broken)
    with caplog.at_level(logging.WARNING):
        found = parser.feed(b"\x1b[<35;5;6Mn")
    assert [message.key for message in found if isinstance(message, Key)] == ["n"]
    assert "of a library" in caplog.text


LETTERS = b"\x1b\x1b\x1b[]P_^XO<>?;:0123456789MmuRtcny~$q\\\x07\x18\x9b\x9d\xc2\xe4\xc3\xa9\xff nQ"
RANDOM = st.lists(st.sampled_from(singly(LETTERS)), max_size=40).map(b"".join) | st.binary(
    max_size=40
)


@given(RANDOM, st.lists(st.integers(0, 40), max_size=6))
@example(b"\x1b[M\x1b[M", [3])
@example(b"\x1b[48;24;80;0;0t\x1b[<35;5;5M", [])
@example(b"\x9b\x9b\x1b", [1, 2])
def test_cutting_changes_nothing(data: bytes, cuts: Sequence[int]) -> None:
    """No bytes raise anything, and their portions do not matter; behind a silence a key is one."""
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    portions = [data[a:b] for a, b in pairwise(places)]
    assert names(told(*portions)) == names(told(data))
    parser = TerminalParser()
    for portion in portions:
        parser.feed(portion)
    while parser.patience is not None:
        parser.give_up()
    assert names(parser.feed(b"n")) in (["Key n"], ["Key n", "Key n"])


def names(messages: Iterable[Message]) -> list[str]:
    """What is told, as texts."""
    return [
        f"{type(message).__name__} {getattr(message, 'key', getattr(message, 'text', ''))}".strip()
        for message in messages
    ]


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=60))
def test_text_is_typed_as_it_stands(text: str) -> None:
    found = told(text.replace("\ufffd", "").encode())
    typed = "".join(m.character or "" for m in found if isinstance(m, Key))
    assert typed == text.replace("\ufffd", "")


def test_of_a_sequence_without_an_end_little_is_kept() -> None:
    parser = TerminalParser()
    parser.feed(b"\x1b[")
    for _ in range(100):
        assert not parser.feed(b"1" * 4096)
    assert len(parser._pieces._rest) <= 4 * LONGEST
    assert [message.key for message in parser.feed(b"qn") if isinstance(message, Key)] == ["n"]
