"""How much is tried: all of it, and in `make quick` less."""

from __future__ import annotations

import os
from itertools import groupby

import pytest
from hypothesis import settings

USUAL, QUICK = 100, 25
"""Examples of each hypothesis."""
EACH = USUAL // QUICK
"""Of the cases of a test with more than this many every so manieth is tried."""


def settle(*, is_quick: bool) -> None:
    """Settle how all hypotheses are tried; the continuous build tries the same ones every time."""
    is_continuous = bool(os.environ.get("CI"))
    settings.register_profile(
        "tests",
        # A test's time depends on what else the machine does, so no single example has a deadline.
        deadline=None,
        max_examples=QUICK if is_quick else USUAL,
        derandomize=is_continuous,
        print_blob=is_continuous,
    )
    settings.load_profile("tests")


def examples(count: int) -> int:
    """For `max_examples` of a hypothesis that others than the usual number of examples suit."""
    return max(1, count * settings.default.max_examples // USUAL)


def part_of(items: list[pytest.Item]) -> list[pytest.Item]:
    """Every test, and of many cases of one a quarter: the first, and others evenly."""
    kept = []
    for _, group in groupby(items, key=lambda each: each.nodeid.partition("[")[0]):
        cases = list(group)
        kept += cases[::EACH] if len(cases) > EACH else cases
    return kept
