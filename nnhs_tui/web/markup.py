"""Drawn lines as HTML: runs of text, their roles as classes."""

from __future__ import annotations

from nnhs_tui.present.text.html import html_text
from nnhs_tui.present.text.lines import ROLES, Line

PLAIN = "text"


def line_html(line: Line) -> str:
    """A line; only roles that are known become classes.

    >>> line_html((("a<", "text"), ("0.25", "backward parameter")))
    'a&lt;<span class="backward parameter">0.25</span>'
    """
    parts = []
    for text, role in line:
        shown = html_text(text)
        classes = " ".join(word for word in role.split() if word in CLASSES)
        parts.append(f'<span class="{classes}">{shown}</span>' if classes else shown)
    return "".join(parts)


CLASSES = frozenset((*ROLES, "chosen")) - {PLAIN}
