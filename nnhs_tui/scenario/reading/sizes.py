"""What reading a text as TOML will cost, seen before it is read.

Python's reader needs half a kilobyte and more for each table, each key that holds one and each
part of a key with dots, a hundred bytes for each digit of a number, and quadratic time for chains
of names. Texts and remarks cost nothing, so they are stepped over.
"""

import re

from nnhs_tui.scenario.reading.limits import MAX_CHAIN, MAX_FILE_KEYS, MAX_NUMBER, MAX_TABLES

_PART = r"""(?:[\w-]++|"(?:[^"\\\n]++|\\[^\n])*+"|'[^'\n]*+')"""
_CHAIN = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+"
# Whatever is not closed reaches to the end of its line or of the file, so that no place is looked
# at more often than a few times.
_WORDS = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']++|'(?!''))*+(?:'{3,5}|\Z)"
    r"|\#[^\n]*+"
    rf"|^[ \t]*+\[\[?[ \t]*+(?P<head>{_CHAIN})[ \t]*+\]\]?[ \t\r]*+(?=\#|$)"
    rf"|(?P<chain>{_CHAIN})(?P<key>[ \t]*+=[ \t]*+(?P<opens>[\[{{]?))?"
    r'|"(?:[^"\\\n]++|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|[\r\n]{2,}+|[ \t]{2,}+",
    re.MULTILINE | re.DOTALL,
)


def costly(text: str) -> tuple[int, str, str] | None:
    """What would cost too much to read: where it stands, what was found, what was expected.

    None where nothing does. Takes time in proportion to the text.
    """
    tables = keys = 0
    for word in _WORDS.finditer(text):
        chain = word["chain"] or word["head"]
        if chain is None:
            continue
        start = word.start("chain" if word["chain"] else "head")
        # A row of a matrix, alone on its line, looks like the head of a table.
        if len(chain) > MAX_NUMBER and chain.lstrip("-")[:1].isdecimal():
            found = f"a number of over {MAX_NUMBER:,} digits"
            return start, found, "expected a number of ordinary size"
        names = _names_of(chain) if "." in chain else 1
        if names > MAX_CHAIN:
            found = f"a chain of over {MAX_CHAIN} names with dots"
            return start, found, "expected a short key"
        is_key = word["key"] is not None
        keys += is_key
        if keys > MAX_FILE_KEYS:
            return word.start(), f"more than {MAX_FILE_KEYS:,} keys", "expected a scenario file"
        if word["head"] or word["opens"] or (is_key and names > 1):
            tables += names
            if tables > MAX_TABLES:
                found = f"more than {MAX_TABLES:,} tables, lists behind a key, and parts of keys"
                return word.start(), found, "expected a scenario file"
    return None


def table_at(text: str, name: str) -> tuple[int, int] | None:
    """Where the table of a sound file stands, from its [name] to the end of its last value.

    None where it is written in another way.
    """
    start, stop, before, end = -1, -1, 0, len(text)
    for word in _WORDS.finditer(text):
        is_head = word["head"] is not None
        if start >= 0:
            # What is no word ends a list, if it is not a comma.
            closed = text.rfind("]", before, word.start())
            stop = max(stop, closed + 1)
            if is_head:
                end = word.start()
                break
            if word[0].strip() and not word[0].startswith("#"):
                stop = word.end()
        elif is_head and word["head"].strip("\"'") == name:
            start, stop = text.rfind("\n", 0, word.start()) + 1, word.end()
        before = word.end()
    if start < 0:
        return None
    stop = max(stop, text.rfind("]", before, end) + 1)
    line = text.find("\n", stop)
    return start, len(text) if line < 0 else line + 1


def _names_of(chain: str) -> int:
    """How many names a key has, with dots between them."""
    if '"' in chain or "'" in chain:
        return sum(1 for _ in re.finditer(_PART, chain))
    return chain.count(".") + 1
