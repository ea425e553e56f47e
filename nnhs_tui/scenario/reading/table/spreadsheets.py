"""Tables as spreadsheets and other programs save them: encodings, and what parts the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

SEPARATOR_NOTE = re.compile('"?sep=."?', re.IGNORECASE)
"""Excel's own note, above the first row, on what stands between the columns."""


def decoded(data: bytes) -> str | None:
    """The text that bytes are, in whichever usual encoding; None where they are no text."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None


def _encodings(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    elif b"\0" in data[:4]:
        yield "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    if b"\0" in data:
        # No text in any of the others.
        return
    yield "utf-8-sig"
    # Latin-1 as Windows writes it; the few bytes that stand for nothing there are Latin-1's.
    yield "cp1252"
    yield "latin-1"


def delimiter_of(header: str) -> str:
    """What stands between the columns: what is most often between the names of the first row."""
    return max("\t;,", key=header.count)
