"""Keys of the self-test that begin another one are asked for twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui.labels import counted

if TYPE_CHECKING:
    from nnhs_tui.selftest.selftest import SelfTest


def asked_twice(test: SelfTest, key: str, told: str, *, is_listed: bool) -> str:
    """What is said when such a key is pressed first: what it does, and what becomes of what was
    answered; "" where nothing was.

    Args:
        is_listed: whether the test can be gone on with later.
    """
    from nnhs_tui.selftest.report import report

    count = report(test).answered
    if not count:
        return ""
    left = "nnhs-tui resume --list lists this test" if is_listed else "this test is left"
    return f"{key} again {told}; {left} with its {counted(count, 'answer')}"
