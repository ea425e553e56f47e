"""What stands in the documents of `docs/`: their parts, tables and blocks of code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

_CELLS = re.compile(r"(?<!\\)\|")


def document(name: str) -> str:
    """The text of a document."""
    return (DOCS / name).read_text(encoding="utf-8")


def part(text: str, heading: str) -> str:
    """What stands under a heading, down to the next one of any level; it is there once."""
    found = re.findall(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", _safe(text), re.M | re.S)
    assert len(found) == 1, f"{heading}: {len(found)} times"
    return str(found[0])


def headings(text: str) -> list[str]:
    """All headings, without their signs."""
    return re.findall(r"^#+ (.*)$", _safe(text), re.M)


def marked(text: str, mark: str) -> str:
    """What stands behind a mark `<!-- mark -->`, down to the next mark or heading."""
    (found,) = re.findall(rf"<!-- {mark} -->\n(.*?)(?=^<!-- |^#+ |\Z)", _safe(text), re.M | re.S)
    return str(found)


def rows(text: str) -> list[list[str]]:
    """The cells of the only table in a text, its head left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert set(lines[1]) <= set("|-"), "expected one table"
    assert not any(set(line) <= set("|-") for line in lines[2:]), "expected one table"
    return [[cell.strip() for cell in _CELLS.split(line)[1:-1]] for line in lines[2:]]


def blocks(text: str, language: str = "") -> list[str]:
    """The blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def code(cell: str) -> list[str]:
    """All that stands between backquotes, the names of strings without their quotes."""
    return [each.strip('"') for each in re.findall(r"`([^`]+)`", cell)]


def anchor(heading: str) -> str:
    """What a heading is called in a link, as GitHub does it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _safe(text: str) -> str:
    """The text with remarks in blocks of code that look like headings taken out of the way."""
    return re.sub(
        r"^```.*?^```$",
        lambda found: re.sub(r"^#", " #", found[0], flags=re.M),
        text,
        flags=re.M | re.S,
    )
