"""What a terminal sends, in whole pieces: keys and reports, whatever else may stand between them.

Bytes come in any portions: half a character, half a sequence, many at once. Here they are put
together, and what is no key is taken away before Textual's parser sees it: control strings (OSC,
DCS, SOS, PM, APC), answers nobody asked for, sequences nobody knows. The forms are those of
ECMA-48 and of "XTerm Control Sequences" (Dickey).

Only whole pieces reach that parser, and nothing it raises gets any further. It is one of Textual's
private parts: `TerminalParser` is all that knows it.
"""

from __future__ import annotations

import logging
import re
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterable, Iterator
from typing import Literal, NamedTuple

from textual import constants
from textual._xterm_parser import XTermParser
from textual.events import AppBlur, AppFocus, Key, MouseEvent, Paste
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from nnhs_tui.characters import is_plain

SILENCE = 3.0
"""Seconds without anything new after which a sequence that was begun is given up."""

PASTE_SILENCE = 30.0
"""The same for a paste: nobody types what begins one, and a slow line may halt in the middle."""

MOST_PASTED = 100_000
"""Characters of a paste; those behind them are dropped."""

LONGEST = 32
"""Characters of a sequence that the parser takes; none that is a key is longer."""

ESCAPE = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"

_TEXT = re.compile(r"[^\x1b\x80-\x9f]+")
_PARAMETERS = re.compile(r"\x1b[\[O][\x20-\x3f]*")
_STRING_ENDS = re.compile(r"[\x00-\x07\x0e-\x1f\x9c]")
"""No control character but 08 to 0D stands in a control string."""
_ENDS_ONLY = "\x07\x18\x1a\x9c"
"""What is no key where it ends one; any other, such as Ctrl+C, is."""
_SIZE = re.compile(r"\x1b\[48;[\d:;]*t")
_SIZES_ARE_TOLD = "\x1b[?2048;"
"""Begins the answer whether the terminal would tell its size by itself."""
_STRINGS = "P]X^_"
"""What makes a control string of an Esc before it: DCS, OSC, SOS, PM, APC."""
_ALONE = {0x40 + ord(sign): f"{ESCAPE}{sign}" for sign in f"[O{_STRINGS}"}
"""Control characters that stand for an Esc and a sign."""


class SizeReported(Message):
    """The terminal told a size, which may be anything: it is itself to be asked for it."""


_KEYPAD = {f"{ESCAPE}Ol": ",", f"{ESCAPE}OX": "="}
"""Keys of the keypad that Textual does not know, in a terminal that tells them apart."""
_KNOWN = (
    Key,
    Paste,
    MouseEvent,
    AppFocus,
    AppBlur,
    SizeReported,
    TerminalSupportsSynchronizedOutput,
)
"""What may be told to the program."""

_log = logging.getLogger(__name__)


class Piece(NamedTuple):
    """Something whole that a terminal sent."""

    kind: Literal["text", "sequence", "paste"]
    text: str


class Pieces:
    r"""Puts together what comes in portions.

    >>> pieces = Pieces()
    >>> list(pieces.feed("n\x1b[")), list(pieces.feed("A"))
    ([Piece(kind='text', text='n')], [Piece(kind='sequence', text='\x1b[A')])
    >>> list(pieces.feed("\x1b]52;c;cQ==")), list(pieces.feed("q\x07n"))
    ([], [Piece(kind='text', text='n')])
    """

    def __init__(self) -> None:
        self._rest = ""
        """What has come of something that is not whole."""
        self._inside: Literal["", "string", "paste"] = ""
        self._pasted = ""

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which what was begun is given up; None where nothing was."""
        if self._rest == ESCAPE and self._inside != "paste":
            return constants.ESCAPE_DELAY
        if self._inside == "paste":
            return PASTE_SILENCE
        return SILENCE if self._rest or self._inside else None

    def feed(self, text: str) -> Iterator[Piece]:
        """The pieces that are whole with this text."""
        text, self._rest = self._rest + text, ""
        place = 0
        while place < len(text):
            if self._inside == "paste":
                place = yield from self._in_paste(text, place)
            elif self._inside == "string":
                place = self._in_string(text, place)
            elif found := _TEXT.match(text, place):
                place = found.end()
                yield Piece("text", found[0])
            elif text[place] == ESCAPE:
                place = yield from self._at_escape(text, place)
            else:
                alone = _ALONE.get(ord(text[place]), "")
                text, place = alone + text[place + 1 :], 0

    def give_up(self) -> Iterator[Piece]:
        """Nothing more came: what is a key by itself is one, the rest of it is forgotten."""
        rest, inside = self._rest, self._inside
        self._rest = self._inside = ""
        if inside == "paste":
            yield self._paste()
        elif rest == ESCAPE or (not inside and len(rest) == 2):
            yield Piece("sequence", rest)

    def _at_escape(self, text: str, place: int) -> Generator[Piece, None, int]:
        """From an Esc on; gives the place behind what it begins."""
        end: int | None = place + 2
        second = text[place + 1 : place + 2]
        if second and second in "[O":
            end = _end_of_sequence(text, place)
        elif second and second in _STRINGS:
            self._inside = "string"
            return place + 2
        elif second == ESCAPE:
            end = place + 1
        elif not second:
            end = None
        if end is None:
            # Of parameters without end no more is kept than shows that there are too many.
            self._rest = text[place : place + 4 * LONGEST]
            return len(text)
        sequence = text[place:end]
        if sequence == PASTE_BEGINS:
            self._inside = "paste"
        elif _is_whole(sequence):
            yield Piece("sequence", sequence)
        return end

    def _in_string(self, text: str, place: int) -> int:
        """The place behind a control string: its end, or an Esc that begins something else."""
        found = _STRING_ENDS.search(text, place)
        if found is None:
            return len(text)
        if found[0] == ESCAPE and found.end() == len(text):
            self._rest = ESCAPE
            return len(text)
        self._inside = ""
        if found[0] != ESCAPE:
            return found.end() if found[0] in _ENDS_ONLY else found.start()
        return found.end() + 1 if text[found.end()] == "\\" else found.start()

    def _in_paste(self, text: str, place: int) -> Generator[Piece, None, int]:
        """What is pasted up to its end; gives the place behind it."""
        end = text.find(PASTE_ENDS, place)
        is_over = end >= 0
        if not is_over:
            end = len(text)
            kept = next(n for n in range(len(PASTE_ENDS) - 1, -1, -1) if _ends_with(text, place, n))
            end -= kept
            self._rest = text[end:]
        self._pasted += text[place : min(end, place + MOST_PASTED - len(self._pasted))]
        if is_over:
            self._inside = ""
            yield self._paste()
            return end + len(PASTE_ENDS)
        return len(text)

    def _paste(self) -> Piece:
        pasted, self._pasted = self._pasted, ""
        return Piece("paste", pasted)


def _ends_with(text: str, place: int, count: int) -> bool:
    """Whether the text from a place on ends with the first characters of a paste's end."""
    return len(text) - place >= count and text.endswith(PASTE_ENDS[:count])


def _end_of_sequence(text: str, place: int) -> int | None:
    """The place behind a sequence of parameters and a last letter; None while that is to come.

    A control character, or a letter no sequence has, breaks it off and is not part of it.
    """
    found = _PARAMETERS.match(text, place)
    assert found is not None
    end = found.end()
    more = 1
    if end == place + 2 and text[place + 1 : end + 1] == "[M":
        # An old mouse report: three characters follow.
        more = 4
    elif end == place + 2 and text[place + 1 : end + 1] == "[[":
        # A function key of the Linux console.
        more = 2
    rest = text[end : end + more]
    if ESCAPE in rest:
        return end + rest.index(ESCAPE)
    if len(rest) < more:
        return None
    return end + more if "@" <= rest[0] <= "~" else end


def _is_whole(sequence: str) -> bool:
    """Whether a sequence that begins with an Esc has come to its end."""
    if sequence[1:2] not in ("[", "O"):
        return True
    return (len(sequence) > 2 and "@" <= sequence[-1] <= "~") or sequence.startswith("\x1b[M")


class TerminalParser:
    """From bytes to what the program is told of."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._pieces = Pieces()
        self._parser = _Parser()

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `give_up` is to be called; None: it need not be."""
        return self._pieces.patience

    def feed(self, data: bytes) -> list[Message]:
        """What these bytes tell, with those before them."""
        return self._told(self._pieces.feed(self._decode(data)))

    def skip(self, data: bytes) -> None:
        """Take these bytes for nothing; what they begin is known all the same."""
        for _ in self._pieces.feed(self._decode(data)):
            pass

    def give_up(self) -> list[Message]:
        """What had been begun when nothing more came."""
        return self._told(self._pieces.give_up())

    def _told(self, pieces: Iterable[Piece]) -> list[Message]:
        return [
            message
            for piece in pieces
            for message in self._messages(piece)
            if isinstance(message, _KNOWN) and not _is_unspeakable(message)
        ]

    def _messages(self, piece: Piece) -> list[Message]:
        if piece.kind == "paste":
            return [Paste("".join(filter(_may_be_pasted, piece.text)))]
        if piece.kind == "sequence":
            # Textual would reckon with the size, though it may be 0.
            if _SIZE.match(piece.text):
                return [SizeReported()]
            if len(piece.text) > LONGEST or piece.text.startswith(_SIZES_ARE_TOLD):
                return []
        try:
            return self._parser.read(piece)
        except Exception as error:
            # Whatever a terminal sends must not end the program.
            _log.warning("a terminal's %s was not understood: %r (%r)", *piece, error)
            self._parser = _Parser()
            return []


class _Parser(XTermParser):
    """Textual's parser, given one whole piece at a time."""

    def read(self, piece: Piece) -> list[Message]:
        """What a piece means; nothing where nobody knows it."""
        text = _KEYPAD.get(piece.text, piece.text)
        messages = list(self.feed(text))
        is_open = self._awaiting.timeout is not None
        # Keys that begin with an Esc are known once nothing comes after them; a sequence that is
        # not known would become keys.
        ended = list(self._time_out()) if is_open else []
        return messages + ended if len(text) <= 2 else messages

    def _time_out(self) -> Iterable[Message]:
        self._timeout_time = 0.0
        return self.tick()


def _is_unspeakable(message: Message) -> bool:
    """Whether a key stands for a character that must not be shown."""
    if not isinstance(message, Key) or message.character is None:
        return False
    return any(not _may_be_typed(sign) for sign in message.character)


def _may_be_typed(sign: str) -> bool:
    """Control characters are keys; what else cannot be printed is none."""
    return (is_plain(sign) and sign != "\ufffd") or sign < " " or sign == "\x7f"


def _may_be_pasted(sign: str) -> bool:
    return sign in "\t\r\n" or (sign >= " " and sign != "\x7f" and _may_be_typed(sign))
