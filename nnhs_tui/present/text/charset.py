"""Which signs a terminal has, by its environment; `signs` spells a drawing in them."""

from __future__ import annotations

from collections.abc import Mapping

UNICODE, CONSOLE, ASCII = "unicode", "console", "ascii"
COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python itself puts into LC_CTYPE, where the locale knows only ASCII (PEP 538)."""


def signs_of(environment: Mapping[str, str], encoding: str) -> str:
    """The set of signs of a terminal, by its environment and the encoding Python found.

    >>> signs_of({"LANG": "de_DE.UTF-8", "TERM": "linux"}, "utf-8")
    'console'
    >>> signs_of({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "utf-8")
    'ascii'
    """
    everything, kind, usual = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if kind in COERCED and usual:
        kind = ""
    locale = everything or kind or usual or "UTF-8"
    if not all("utf8" in each.lower().replace("-", "") for each in (locale, encoding)):
        return ASCII
    return CONSOLE if environment.get("TERM") == "linux" else UNICODE
