"""The keys of the list of scenarios."""

from __future__ import annotations

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, fit, wrap

KEYS = (
    ("↑ ↓ j k", "choose; PgUp and PgDn by ten, Home and End to the ends"),
    ("Enter", "open it; a second click does too"),
    ("Tab", "from the scenarios to the lessons, and back"),
    ("/", "find: type some letters of a title, a name or a chapter; Esc shows all again"),
    ("Esc", "back to the scenario that is open"),
    ("q", "leave the program"),
)
TOLD = (
    "The list is a path: the chapters stand in the order in which one learns it, and the cursor is "
    "on what comes next. ✓ in front: you have seen a round to its end. Behind the title: how many "
    "numbers of your last self-test were not right at once (✗), or that all were (✓).",
    "The lessons go through the article step by step, each in a scenario, with tasks. ✓ in front: "
    "all its tasks are done.",
    "Once a scenario is open, n takes a step, ] goes to the next phase, t asks you for the "
    "numbers, and ? shows the keys that matter.",
)


def picker_page() -> Page:
    """The keys of the list, and what its signs mean."""

    def text(width: int) -> list[Line]:
        lines: list[Line] = []
        for key, told in KEYS:
            lines += wrap(((fit(f"  {key}", 12), "key"), (told, "text")), width, 12)
        for paragraph in TOLD:
            lines += [(), *wrap(((paragraph, "text"),), width)]
        return lines

    return Page("the list of scenarios", text)
