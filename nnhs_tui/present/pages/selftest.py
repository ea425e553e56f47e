"""The keys of the self-test, and how answers are marked."""

from __future__ import annotations

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, fit, wrap

KEYS = (
    ("digits , . - /", "type the number: 0.37, 0,37, -0.37, 3/8, 1e-3 or 37 %"),
    ("Enter", "mark it; in a grid first go to the next empty cell"),
    ("Tab Shift+Tab", "skip to the next question, or come back to the one before"),
    ("↑ ↓ ← →", "another cell of the grid, or another question"),
    ("Home", "the first question that is still open"),
    ("Backspace Del", "erase a digit, or all; then the number that was marked stands there again"),
    ("h", "a hint: the rule, then the formula, the numbers put in, the result"),
    ("o", "ask only a phase, what went wrong, or every product too; twice, if answered"),
    ("n", "new numbers for the same net; with the same seed they are the same for everybody"),
    ("r", "the report: by phase, by kind of mistake, what to practise next"),
    ("l", "what every sign means"),
)
LEAVE_ON_DISK = ("q Esc", "leave; t in the debugger, or nnhs-tui resume, goes on later")
LEAVE_IN_MEMORY = ("q Esc", "leave; t in the debugger goes on later")

ADVICE = (
    "Right is what is equal to the decimals asked for, exactly or with every step rounded as on "
    "paper; more decimals are welcome. An answer that is right going on from a wrong one of your "
    "own counts as right too. Where a known mistake gives your number, it is named."
)
ON_DISK = (
    "Every key is on the disk before its effect is seen, so nothing is lost if the line is cut."
)
IN_MEMORY = "What you typed is kept until you leave the program."


def selftest_page(*, is_on_disk: bool = True) -> Page:
    """The keys of the self-test, and how answers are marked."""
    leave = LEAVE_ON_DISK if is_on_disk else LEAVE_IN_MEMORY
    advice = f"{ADVICE} {ON_DISK if is_on_disk else IN_MEMORY}"

    def text(width: int) -> list[Line]:
        lines: list[Line] = []
        for key, told in (*KEYS, leave):
            head: Line = ((fit(f"  {key}", 18), "key"), (told, "text"))
            lines += wrap(head, width, 18 if width > 50 else 4)
        return [*lines, (), *wrap(((advice, "text"),), width)]

    return Page("test yourself", text)
