"""Roles → styles.

Only the terminal's own colours and text attributes are used: they read on light and dark
backgrounds, need the fewest bytes, and without colour every role but `backward` keeps its
attribute; what is backward is said in words and signs by whoever draws it.
"""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style

THEME = "ansi-dark"
"""Textual's theme of terminal colours, which leaves the background alone. Its light twin differs
only in parts that are not used here."""

ROLE_STYLES = {
    "text": Style(),
    "dim": Style(dim=True),
    "rule": Style(dim=True),
    "unknown": Style(dim=True),
    "known": Style(),
    "title": Style(),
    "chosen": Style(bold=True),
    "path": Style(),
    # Marked by a * as well.
    "edited": Style(color="magenta"),
    "key": Style(bold=True),
    # The row and the column in work: they only lead the eye to the entry, which is reversed.
    "mark": Style(color="cyan"),
    "changed": Style(bold=True),
    "current": Style(reverse=True),
    # Plain blue cannot be read on the black of many terminals, the bright one also on white.
    "backward": Style(color="bright_blue"),
    "parameter": Style(underline=True),
    "error": Style(color="red", bold=True),
    "pointer": Style(color="bright_magenta", bold=True),
}


@lru_cache(1024)
def style_of(roles: str) -> Style:
    """The style of a run with these roles. Roles that are not known have none."""
    style = Style()
    for role in roles.split():
        style += ROLE_STYLES.get(role, Style())
    if style.bold and style.dim:
        style += Style(dim=False)
    return style
