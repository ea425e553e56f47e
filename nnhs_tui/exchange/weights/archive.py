"""Zip archives out of untrusted bytes: each entry only as far as it is wanted, never more."""

from __future__ import annotations

import io
import zipfile
import zlib

from nnhs_tui.exchange.weights.tensors import MAX_BYTES, place, refusal

_MOST_ENTRIES = 10_000
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Other ways of packing may ask for much memory before they give a byte."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What reading a broken or locked archive raises."""


class Archive:
    """A zip archive in memory.

    Raises:
        ScenarioError: it is none, or too large.
    """

    def __init__(self, content: bytes, file: str, expected: str) -> None:
        self._file, self._expected, self._room = file, expected, MAX_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self._zip.infolist()
        except _BROKEN:
            raise refusal(file, "", "no zip archive, or a broken one", expected) from None
        if len(entries) > _MOST_ENTRIES:
            found = f"an archive of {len(entries):,} entries"
            raise refusal(file, "", found, f"expected at most {_MOST_ENTRIES:,}")
        self._entries = {each.filename: each for each in entries}
        if len(self._entries) < len(entries):
            raise refusal(file, "", "two entries of one name", expected)

    @property
    def names(self) -> list[str]:
        """Of the entries, in the order of the archive."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """What an entry holds.

        Raises:
            ScenarioError: there is none, it is broken, or all that was read is too much.
        """
        if name not in self._entries:
            raise refusal(self._file, place(name), "no such entry", self._expected)
        entry = self._entries[name]
        if entry.compress_type not in _PACKED:
            found = "an entry that is packed in an unusual way"
            raise refusal(self._file, place(name), found, "expected it stored or deflated")
        try:
            with self._zip.open(entry) as opened:
                # What the archive says of its size need not be so.
                content = opened.read(self._room + 1)
        except _BROKEN:
            found = "a broken or locked entry"
            raise refusal(self._file, place(name), found, self._expected) from None
        if len(content) > self._room:
            found = f"it is over {MAX_BYTES >> 20} MiB when it is unpacked"
            raise refusal(self._file, place(name), found, f"expected at most {MAX_BYTES >> 20} MiB")
        self._room -= len(content)
        return content
