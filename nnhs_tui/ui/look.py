"""How the program looks on a terminal: its signs, its colours, and the theme that was chosen."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from nnhs_tui.present.text.charset import ASCII, UNICODE, signs_of

NO_COLOURS, FEW_COLOURS, MANY_COLOURS = 0, 16, 256


@dataclass(frozen=True)
class Look:
    """What is the same for everything on the screen."""

    signs: str = UNICODE
    """The set of signs, see `present.signs`."""
    colours: int = MANY_COLOURS
    """How many there are: none, 16 or 256. Nothing needs more."""
    theme: str = "terminal"
    """See `ui.themes`."""
    jumps: bool = True
    """Whether the cursor can be sent to a column alone, which the first terminals cannot."""

    @property
    def has_dots(self) -> bool:
        """Whether pictures may be made of Braille dots."""
        return self.signs == UNICODE


def look_here(*, ascii_only: bool = False, theme: str = "terminal") -> Look:
    """The look on the terminal this process is on."""
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    signs = ASCII if ascii_only else signs_of(os.environ, encoding)
    colours, jumps = _abilities(os.environ.get("TERM", ""))
    return Look(signs, without_colours(os.environ, colours), theme, jumps)


def look_afar(environment: Mapping[str, str], theme: str = "terminal") -> Look:
    """The look on a terminal somewhere else, of which only what it sends is known: its name, and
    perhaps its locale."""
    term = environment.get("TERM", "")
    jumps = not term.startswith("vt")
    return Look(signs_of(environment, "utf-8"), _by_name(term), theme, jumps)


def without_colours(environment: Mapping[str, str], colours: int) -> int:
    """The colours that are left where a person may have asked for none."""
    return NO_COLOURS if "NO_COLOR" in environment else colours


def _abilities(term: str) -> tuple[int, bool]:
    """Colours, and whether the cursor jumps to a column, as the terminal's description says.

    Where there is none its name has to do.
    """
    try:
        import curses

        curses.setupterm(term)
    except (ImportError, ValueError, OSError):
        return _by_name(term), True
    except Exception:  # The module's own error is no class that can be named without it.
        return _by_name(term), True
    found = curses.tigetnum("colors")
    few = NO_COLOURS if found < 8 else FEW_COLOURS
    return (MANY_COLOURS if found >= MANY_COLOURS else few), bool(curses.tigetstr("hpa"))


def _by_name(term: str) -> int:
    """How many colours a terminal without a description has."""
    if "256" in term or "direct" in term or "truecolor" in term:
        return MANY_COLOURS
    return NO_COLOURS if term.startswith("vt") or term.endswith("-m") else FEW_COLOURS
