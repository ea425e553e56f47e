"""Reading which panes are wanted beside the step in large type."""

from __future__ import annotations

from nnhs_tui.commands.panes import BESIDE
from nnhs_tui.errors import Refusal, quoted


def read_panes(text: str) -> tuple[str, ...]:
    """The names of panes, between blanks or commas; "none" for no pane.

    Raises:
        Refusal: one of them is no pane that can be shown beside the step.
    """
    names = text.replace(",", " ").split()
    if names == ["none"]:
        return ()
    wrong = [name for name in names if name not in BESIDE]
    if wrong or not names:
        raise Refusal(f"panes takes some of {', '.join(BESIDE)}, or none; found {quoted(text)}")
    return tuple(name for name in BESIDE if name in names)
