"""A step-debugger for the arithmetic of small neural networks, in a terminal.

The folders, each knowing only those before it: `operations` (arithmetics, tables), `scenario`
(files), `autodiff` (the tape and its passes), `training` (rounds), `commands`, `debugger` (the
session), `marking`, `selftest`, `store`, `present` (what to show), `worksheet`, `ui` (the screen),
and the command line on top. Importing the package itself loads none of them.
"""

__version__ = "0.1.0"
"""The version of the package; the build reads it from here."""

_PUBLIC = ("NnhsError", "Scenario", "Session", "from_text", "load", "mark", "mark_sheets", "trace")
"""What a notebook or a script finds here; see `public.py`."""

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> object:
    """Loaded when it is asked for: the command line waits for none of it."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    # By its name, as no other part of the program depends on it.
    return getattr(import_module("nnhs_tui.public"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
