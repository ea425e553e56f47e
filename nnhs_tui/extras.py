"""Libraries that only some commands need, and that come with an extra of the package."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from nnhs_tui.errors import Refusal


def needed(module: str, extra: str, what: str) -> ModuleType:
    """A module of an extra, loaded where it is used.

    Args:
        what: what needs it, as a sentence begins: `an .xlsx file`.

    Raises:
        Refusal: it is not installed; says how to install it.
    """
    try:
        return import_module(module)
    except ImportError:
        told = f"{what} needs a library that is not installed"
        raise Refusal(f"{told}; expected pip install 'nnhs-tui[{extra}]'") from None
