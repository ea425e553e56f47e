"""How much is tried: all of it, and in `make quick` less."""

from __future__ import annotations

import os

from hypothesis import settings

USUAL, QUICK = 100, 25
"""Examples of each hypothesis."""


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
