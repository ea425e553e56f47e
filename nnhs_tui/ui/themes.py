"""Roles → styles, in the colours of a theme.

Every role but `backward` keeps a text attribute or a sign where there are no colours; what is
backward is said in words and signs by whoever draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.color import Color
from rich.style import Style

from nnhs_tui.ui.look import FEW_COLOURS, NO_COLOURS, Look

THEME = "ansi-dark"
"""Textual's theme of terminal colours, which leaves the background alone. Its light twin differs
only in parts that are not used here."""


@dataclass(frozen=True)
class Shades:
    """The colours of a theme. A number is one of the 256 every terminal has alike; "" leaves the
    terminal's own."""

    paper: str = ""
    ink: str = ""
    backward: str = "bright_blue"
    mark: str = "cyan"
    edited: str = "magenta"
    error: str = "red"
    pointer: str = "bright_magenta"
    faint: str = ""
    """For what has little weight; "" makes it dim."""


# Plain blue cannot be read on the black of many terminals, the bright one also on white.
TERMINAL = Shades()
THEMES: dict[str, tuple[Shades, Shades]] = {
    "terminal": (TERMINAL, TERMINAL),
    "dark": (
        Shades("234", "253", "117", "80", "213", "210", "207", "246"),
        Shades(
            "black", "white", "bright_blue", "cyan", "bright_magenta", "bright_red", "bright_green"
        ),
    ),
    "light": (
        Shades("231", "234", "25", "23", "90", "124", "161", "241"),
        Shades("bright_white", "black", "blue", "magenta", "red", "red", "magenta", "bright_black"),
    ),
    "high-contrast": (
        Shades("16", "231", "51", "226", "219", "217", "226", "252"),
        Shades(
            *("black", "bright_white", "bright_cyan", "bright_yellow"),
            *("bright_magenta", "bright_red", "bright_yellow", "white"),
        ),
    ),
    # The hues that Okabe and Ito found to be told apart with every kind of colour blindness
    # (Color Universal Design, 2008), as near as the 256 colours come.
    "colour-blind": (
        Shades("234", "255", "74", "227", "214", "208", "227", "248"),
        Shades(
            *("black", "bright_white", "bright_cyan", "bright_yellow"),
            *("yellow", "yellow", "bright_yellow", "white"),
        ),
    ),
}
"""The themes, with 256 colours and with 16."""

ATTRIBUTES = {
    "dim": Style(dim=True),
    "rule": Style(dim=True),
    "unknown": Style(dim=True),
    "chosen": Style(bold=True),
    "key": Style(bold=True),
    "changed": Style(bold=True),
    "current": Style(reverse=True),
    "parameter": Style(underline=True),
    "error": Style(bold=True),
    "pointer": Style(bold=True),
}
FAINT = ("dim", "rule", "unknown")
# The row and the column in work are only marked to lead the eye to the entry, which is reversed;
# what is edited has a * as well.
COLOURED = ("backward", "mark", "edited", "error", "pointer")


def shades_of(look: Look) -> Shades:
    """The colours of a look."""
    many, few = THEMES[look.theme]
    return few if look.colours == FEW_COLOURS else many


@lru_cache(2048)
def style_of(roles: str, look: Look = Look()) -> Style:  # noqa: B008
    """The style of a run with these roles. Roles that are not known have none."""
    shades = TERMINAL if look.colours == NO_COLOURS else shades_of(look)
    style = _colour(shades.ink, shades.paper)
    for role in roles.split():
        style += ATTRIBUTES.get(role, Style())
        if role in COLOURED and look.colours:
            style += _colour(getattr(shades, role))
        elif role in FAINT and shades.faint:
            style += _colour(shades.faint) + Style(dim=False)
    if style.bold and style.dim:
        style += Style(dim=False)
    return style


def _colour(front: str, back: str = "") -> Style:
    front, back = (f"color({each})" if each.isdigit() else each for each in (front, back))
    return Style(color=front or None, bgcolor=back or None)


def css_colours(shades: Shades) -> dict[str, str]:
    """The colours of paper and ink for the style sheet."""
    return {"paper": _css(shades.paper), "ink": _css(shades.ink)}


def _css(shade: str) -> str:
    """A shade as the style sheet writes it.

    >>> _css(""), _css("black"), _css("231")
    ('ansi_default', 'ansi_black', '#ffffff')
    """
    if not shade.isdigit():
        return f"ansi_{shade or 'default'}"
    return Color.from_ansi(int(shade)).get_truecolor().hex
