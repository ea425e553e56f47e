"""What each command does: a module for each group of the table, a function for each word."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING

from nnhs_tui.core.commands import Command

if TYPE_CHECKING:
    from nnhs_tui.core.session import Outcome, Session

MODULES = {
    "Stepping": "stepping",
    "Breakpoints": "breakpoints",
    "Finding out": "finding_out",
    "What if": "what_if",
    "Rounds": "rounds",
    "Numbers": "numbers",
}


def action(command: Command) -> Callable[[Session, str], Outcome]:
    """The function that carries out a command of the session, given its argument."""
    # Imported when it is needed: the first frame waits for none of them.
    module = import_module(f"{__name__}.{MODULES[command.group]}")
    name = command.word.replace("-", "_").replace("!", "_over")
    found: Callable[[Session, str], Outcome] = getattr(module, f"{name}_" * iskeyword(name) or name)
    return found
