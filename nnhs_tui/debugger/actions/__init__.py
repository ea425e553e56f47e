"""What each command does: a module for each group of the table, which names its functions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from nnhs_tui.commands.commands import Command
from nnhs_tui.debugger.outcome import Outcome

Action = Callable[[Any, str], Outcome]
"""(session, argument) → what became of it."""


def action(command: Command) -> Action:
    """The function that carries out a command of the session, given its argument.

    Raises:
        KeyError: there is none.
    """
    # Imported when it is needed: the first frame waits for none of them.
    module = import_module(f"{__name__}.{command.group.name}")
    actions: dict[str, Action] = module.ACTIONS
    return actions[command.word]
