"""The help: every key and command, group by group, and the signs."""

from __future__ import annotations

from nnhs_tui.commands.commands import COMMANDS, key_labels
from nnhs_tui.present.pages.legend import signs
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, fit, wrap

LONGEST = 30
"""Columns of a command with its argument that has its sentence beside it, not below."""


def help_page() -> Page:
    """The keys and the signs."""
    return Page("keys and signs", _help)


def _help(width: int) -> list[Line]:
    lines: list[Line] = []
    keys = max(len(key_labels(command)) for command in COMMANDS)
    calls = [command.call for command in COMMANDS]
    words = max(len(call) for call in calls if len(call) <= LONGEST)
    wide = width >= 76
    for group in dict.fromkeys(command.group for command in COMMANDS):
        lines.append(((group.label, "title chosen"),))
        for command in (each for each in COMMANDS if each.group == group):
            key = (fit(key_labels(command), keys if wide else 9), "key")
            call = command.call
            if wide:
                indent = 2 + keys + 1 + words + 1
                head: Line = (("  ", "text"), key, (" ", "text"))
                if len(call) > words:
                    lines += wrap((*head, (call, "text")), width, 2 + keys + 1)
                    head, call = (((" " * (2 + keys + 1)), "text"),), ""
                head = (*head, (fit(call, words + 1), "text"))
                lines += wrap((*head, (command.help, "dim")), width, indent)
            else:
                lines += wrap((key, (" ", "text"), (call, "text")), width, 10)
                lines += wrap((("  ", "text"), (command.help, "dim")), width, 2)
        lines.append(())
    lines += [(("Signs", "title chosen"),), *signs(width), ()]
    advice = (
        "A command can also be typed: : opens the command line, and Ctrl+P looks for one by its "
        "name. The mouse wheel scrolls the pane it is over; a click on a node, a number or the "
        "timeline runs there, a click on a key in the last row is that key."
    )
    return [*lines, *wrap(((advice, "text"),), width)]
