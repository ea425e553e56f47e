"""Options that several commands have."""

from __future__ import annotations

import argparse
from typing import Any

from nnhs_tui.cli.converters import whole
from nnhs_tui.scenario.reading.limits import MAX_DIGITS, MAX_ROUNDS

SCENARIO = "a scenario's name, or the path of a .toml file"
THEMES = ("terminal", "dark", "light", "high-contrast", "colour-blind")


def step_options(parser: argparse.ArgumentParser) -> None:
    """Which steps."""
    parser.add_argument("--level", choices=("layer", "neuron", "node"))
    parser.add_argument("--rounds", type=whole(1, MAX_ROUNDS), metavar="N")


def number_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--arithmetic",
        choices=("exact", "hand"),
        default="",
        help="with all decimals, or every step rounded; else as the file says",
    )
    parser.add_argument(
        "--digits", type=whole(0, MAX_DIGITS), metavar="0…6", help="decimals; else as the file says"
    )


def look_options(parser: argparse.ArgumentParser, *, on_screen: bool = False) -> None:
    """Signs, and on the screen colours; before the command as well as behind it."""
    kept: Any = argparse.SUPPRESS
    parser.add_argument(
        "--ascii", action="store_true", default=kept, help="draw and print with ASCII signs only"
    )
    if on_screen:
        parser.add_argument("--theme", choices=THEMES, default=kept, help="the colours")
