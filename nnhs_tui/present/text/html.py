"""Text that a browser shows as it is."""

from __future__ import annotations

from html import escape

from nnhs_tui.errors import printable


def html_text(text: str) -> str:
    r"""A text as HTML, within an element or an attribute.

    >>> html_text("a<b & \x1b[31m")
    'a&lt;b &amp; \\x1b[31m'
    """
    return escape(printable(text))
