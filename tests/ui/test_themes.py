"""Colours that can be read, and told apart by everybody; on 16 colours too."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.color import Color

from nnhs_tui.cli.shared_options import THEMES as OFFERED
from nnhs_tui.ui.look import FEW_COLOURS, MANY_COLOURS, NO_COLOURS, Look
from nnhs_tui.ui.themes import COLOURED, FAINT, THEMES, Shades, css_colours, shades_of, style_of

PAPERED = [name for name in THEMES if name != "terminal"]
# The colours of the VGA text mode, which Linux consoles have and most terminals lighten.
VGA = [
    *("000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa"),
    *("555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff"),
]
Colour = tuple[float, float, float]
# Viénot, Brettel and Mollon (1999), "Digital video colourmaps for checking the legibility of
# displays by dichromats": what the two frequent kinds make of linear red, green and blue.
DICHROMATS = {
    "protanope": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranope": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def linear(shade: str) -> Colour:
    """A shade as linear light (IEC 61966-2-1)."""
    if shade.isdigit():
        parts = Color.from_ansi(int(shade)).get_truecolor()
    else:
        number = Color.parse(shade).number
        assert number is not None
        parts = tuple(int(VGA[number][place : place + 2], 16) for place in (0, 2, 4))
    values = [part / 255 for part in parts]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def luminance(colour: Colour) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines 2.1."""
    low, high = sorted((luminance(linear(one)), luminance(linear(other))))
    return (high + 0.05) / (low + 0.05)


def inks(shades: Shades) -> dict[str, str]:
    return {role: getattr(shades, role) for role in ("ink", "faint", *COLOURED)}


def test_the_themes_are_those_that_are_offered() -> None:
    assert tuple(THEMES) == OFFERED


@pytest.mark.parametrize("name", PAPERED)
def test_every_role_can_be_read(name: str) -> None:
    """4.5 is the guidelines' AA, 7 its AAA; 16 colours are whatever a terminal makes of them."""
    many, few = THEMES[name]
    least = 7.0 if name == "high-contrast" else 4.5
    for role, shade in inks(many).items():
        assert contrast(shade, many.paper) >= least, role
    for role, shade in inks(few).items():
        assert not shade or contrast(shade, few.paper) >= 3.9, role


def seen(shade: str, by: str) -> Colour:
    """A colour as a dichromat sees it: L*a*b*-like, so that distances mean something."""
    matrix, colour = DICHROMATS[by], linear(shade)
    x, y, z = (max(0.0, sum(a * b for a, b in zip(row, colour, strict=True))) for row in matrix)
    light = [part ** (1 / 3) for part in (x, y, z)]
    return light[0] + light[1], 2 * (light[0] - light[1]), light[2] - light[1]


@pytest.mark.parametrize("by", DICHROMATS)
def test_the_colours_for_the_colour_blind_are_told_apart(by: str) -> None:
    """What is backward, in work, edited or wrong, and ordinary numbers; in the ordinary theme for
    dark terminals some of them fall together, so the measure can fail."""

    def nearest(name: str) -> float:
        shades = THEMES[name][0]
        colours = [getattr(shades, role) for role in ("ink", "backward", "mark", "edited", "error")]
        pairs = combinations([seen(colour, by) for colour in colours], 2)
        return min(sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) for pair in pairs) ** 0.5

    assert nearest("colour-blind") > 1.5 * nearest("dark")


@pytest.mark.parametrize("theme", THEMES)
def test_without_colours_attributes_stay(theme: str) -> None:
    look = Look(colours=NO_COLOURS, theme=theme)
    for roles in ("text", "dim", "current", "backward parameter", "changed", "edited", "pointer"):
        style = style_of(roles, look)
        assert style.color is None and style.bgcolor is None
    assert style_of("current", look).reverse
    assert style_of("backward parameter", look).underline
    assert style_of("changed", look).bold


@pytest.mark.parametrize("colours", [FEW_COLOURS, MANY_COLOURS])
@pytest.mark.parametrize("theme", THEMES)
def test_with_colours_no_more_are_used_than_there_are(theme: str, colours: int) -> None:
    for role in ("text", *COLOURED, *FAINT):
        style = style_of(role, Look(colours=colours, theme=theme))
        for colour in (style.color, style.bgcolor):
            assert colour is None or (colour.number is not None and colour.number < colours)


def test_the_style_sheet_has_the_paper_of_the_theme() -> None:
    assert css_colours(shades_of(Look(theme="light")))["paper"] == "#ffffff"
    assert css_colours(shades_of(Look(theme="terminal")))["paper"] == "ansi_default"
    assert css_colours(shades_of(Look(colours=16, theme="dark")))["paper"] == "ansi_black"
