"""What spotting the mistake is, and its keys."""

from __future__ import annotations

from nnhs_tui.lessons.spot import FULL, LOOK, WRONG_NAME, WRONG_PLACE
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, fit, wrap

KEYS = (
    ("↑ ↓ j k", "choose a number; PgUp and PgDn by ten, Home and End to the ends"),
    ("Enter", "look: see what was written there, and what it should be made of"),
    ("m", "the mistake was made here"),
    ("a b …", "once the place is found: which mistake it was"),
    ("n", "another mistake in the same scenario"),
    ("q Esc", "leave"),
)
TOLD = (
    "Somebody has worked the scenario out and made one mistake, at one number. Everything behind "
    "it goes on rightly from the wrong number. Find the number at which it was made.",
    "A number that comes out of those it is made of was worked out rightly, even where it is "
    "another one than yours: then the mistake is before it, or elsewhere.",
    f"There are {FULL} points: a look costs {LOOK}, a wrong place {WRONG_PLACE}, and a wrong name "
    f"of the mistake {WRONG_NAME}.",
)


def spot_page() -> Page:
    """What is searched for, what it costs, and the keys."""

    def text(width: int) -> list[Line]:
        lines: list[Line] = []
        for paragraph in TOLD:
            lines += [*wrap(((paragraph, "text"),), width), ()]
        for key, told in KEYS:
            lines += wrap(((fit(f"  {key}", 11), "key"), (told, "text")), width, 11)
        return lines

    return Page("spot the mistake", text)
