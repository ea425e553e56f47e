"""The keys of the self-test: digits and signs are answers there, letters are commands."""

from textual.binding import Binding

from nnhs_tui.operations.written import LONGEST

KEYS = (
    ("Enter", "mark", "mark"),
    ("Tab", "skip", "question(1)"),
    ("h", "hint", "hint"),
    ("q", "leave, kept", "leave"),
    ("?", "help", "help"),
    ("o", "only …", "only"),
    ("n", "new", "new_numbers"),
    ("r", "report", "report"),
)
"""The last row, and what a click does there; on a small screen the last ones are left out."""


SIGNS = (
    *((digit, digit) for digit in "0123456789eE"),
    *(("full_stop", "."), ("comma", ","), ("minus", "-"), ("plus", "+"), ("slash", "/")),
    *(("percent_sign", "%"), ("circumflex_accent", "^"), ("asterisk", "*"), ("space", " ")),
    *(("left_parenthesis", "("), ("right_parenthesis", ")"), ("minus_sign", "−")),
    *(("middle_dot", "·"), ("multiplication_sign", "×")),
)
"""The keys that a number is written with, and what each writes."""

COMMANDS = (
    ("enter,ctrl+j", "mark"),
    ("tab", "question(1)"),
    ("shift+tab", "question(-1)"),
    ("down", "move(1, 0)"),
    ("up", "move(-1, 0)"),
    ("right", "move(0, 1)"),
    ("left", "move(0, -1)"),
    ("home", "first"),
    ("backspace", "erase(1)"),
    ("delete,ctrl+u", f"erase({LONGEST})"),
    ("h", "letter('h', 'hint')"),
    ("n", "letter('n', 'new_numbers')"),
    ("o", "letter('o', 'only')"),
    ("r", "letter('r', 'report')"),
    ("l", "letter('l', 'legend')"),
    ("question_mark,f1", "help"),
    ("q", "letter('q', 'leave')"),
    ("escape", "leave"),
    ("ctrl+q", "quit"),
)
"""The other keys, and what each does."""

# All with priority: keys that come in one piece take effect one after the other.
BINDINGS = [
    *(Binding(key, f"type('{key}')", sign, show=False, priority=True) for key, sign in SIGNS),
    *(Binding(key, action, action, show=False, priority=True) for key, action in COMMANDS),
]
