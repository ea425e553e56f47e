"""The row above a command line being typed: how it may go on, or what its command does."""

from __future__ import annotations

from nnhs_tui.commands.commands import BY_WORD
from nnhs_tui.debugger.naming.completion import Candidate
from nnhs_tui.present.text.lines import Line, Run, cells, clip, run

WIDEST_WANTED = 36
"""Cells that what may stand behind a command may take, so that there is room for examples."""


def draw_question(question: str, width: int) -> Line:
    """What the line that is being typed answers."""
    return clip((run(f" {question}", "title"),), width)


def draw_candidates(line: str, found: list[Candidate], chosen: int | None, width: int) -> Line:
    """The candidates, the chosen one marked and in view; where there are none, the command's help.

    Args:
        chosen: the place of the candidate that stands in the line now; None for none of them.
    """
    if not found:
        command = BY_WORD.get(line.split(" ")[0])
        if command is None:
            return ((" Esc leaves", "dim"),)
        usage = f" {command.call}"
        return clip((run(usage, "key"), run(f"  {command.help}", "dim")), width)
    wanted = _wanted(line)
    start = _start([each.label for each in found], chosen or 0, width - 8 - cells(wanted))
    runs: list[Run] = [(wanted, "dim"), ("Tab", "key"), (" … " if start else "  ", "dim")]
    for place in range(start, len(found)):
        runs += [run(found[place].label, "current" if place == chosen else "text"), ("  ", "text")]
    return clip(tuple(runs), width)


def _wanted(line: str) -> str:
    """What may stand behind a command, where nothing does yet."""
    word, _, typed = line.partition(" ")
    command = BY_WORD.get(word)
    if command is None or typed.strip() or not line.endswith(" "):
        return ""
    told = command.call.removeprefix(word).strip(" []")
    return f" {told}  " if cells(told) <= WIDEST_WANTED else ""


def _start(labels: list[str], chosen: int, width: int) -> int:
    """The first label to show so that the chosen one is whole."""
    room, start = width, chosen
    while start >= 0 and room >= cells(labels[start]) + 2:
        room -= cells(labels[start]) + 2
        start -= 1
    return min(start + 1, chosen)
