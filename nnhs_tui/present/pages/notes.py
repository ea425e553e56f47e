"""The keys of a presenter's own terminal."""

from __future__ import annotations

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, fit, wrap

KEYS = (
    ("↑ ↓ j k", "scroll the notes; PgUp and PgDn by pages, Home and End to the ends"),
    ("n p Space …", "step the presentation: every key of the debugger that no file depends on"),
    ("B", "show the audience a blank screen; behind it you can step, and B shows it again"),
    (":", "type a command for the presentation, such as goto 12"),
    ("q", "close the notes; the presentation goes on"),
)


def notes_page() -> Page:
    """The keys of a presenter's own terminal."""

    def text(width: int) -> list[Line]:
        return [
            line
            for key, told in KEYS
            for line in wrap(((fit(f"  {key}", 16), "key"), (told, "text")), width, 16)
        ]

    return Page("speaker's notes", text)
