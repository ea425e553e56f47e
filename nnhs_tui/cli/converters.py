"""What the values of options are made into, for argparse."""

from __future__ import annotations

import argparse
from typing import Any

LEAST_SIZE, MOST_SIZE = (40, 12), (400, 200)
"""Columns and rows of a picture."""
SLOWEST, FASTEST = 0.1, 50.0
"""Lines of a replay a second."""


def whole(least: int, most: int) -> Any:
    """A converter for argparse: a whole number in a range."""

    def convert(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            wanted = f"expected a whole number from {least} on"
            raise argparse.ArgumentTypeError(f"{wanted}, found {text!r}")
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected {least} to {most}, found {text}")
        return int(text)

    return convert


def names(text: str) -> list[str]:
    """A converter for argparse: names with commas between them."""
    from nnhs_tui.marking.selection import split_names

    if not (found := split_names(text)):
        raise argparse.ArgumentTypeError(f"expected quantities such as hidden.z[1], found {text!r}")
    return found


def samples(text: str) -> list[int]:
    """A converter for argparse: a sample's number, or none for all of them."""
    return [] if text == "all" else [whole(1, 999_999)(text)]


def size(text: str) -> tuple[int, int]:
    """A converter for argparse: columns and rows."""
    columns, _, rows = text.partition("x")
    if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in (columns, rows)):
        raise argparse.ArgumentTypeError(f"expected columns and rows as 100x30, found {text!r}")
    size = (int(columns), int(rows))
    for each, least, most in zip(size, LEAST_SIZE, MOST_SIZE, strict=True):
        if not least <= each <= most:
            wanted = f"{LEAST_SIZE[0]}x{LEAST_SIZE[1]} to {MOST_SIZE[0]}x{MOST_SIZE[1]}"
            raise argparse.ArgumentTypeError(f"expected {wanted}, found {text}")
    return size


def speed(text: str) -> float:
    """A converter for argparse: lines a second."""
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not SLOWEST <= speed <= FASTEST:
        wanted = f"expected a number from {SLOWEST:g} to {FASTEST:g}"
        raise argparse.ArgumentTypeError(f"{wanted}, found {text!r}")
    return speed


def port(text: str) -> int | None:
    """A converter for argparse: a port, 0 for any that is free, or none."""
    return None if text == "none" else int(whole(0, 65_535)(text))
