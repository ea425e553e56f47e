"""Every label people read, turned round: what programs go by must not notice.

As a plugin of pytest (`-p tests.reversed_labels`) it does so for a whole run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from nnhs_tui import labels
from nnhs_tui.commands.commands import COMMANDS
from nnhs_tui.commands.panes import PANES
from nnhs_tui.marking.mistakes.table import KNOWN

_OF_ROWS = (
    *((pane, "label") for pane in PANES),
    *((group, "label") for group in {command.group for command in COMMANDS}),
    *((command.row, "title") for command in COMMANDS),
    *((command.row, "help") for command in COMMANDS),
    *((mistake, each) for mistake in KNOWN.values() for each in ("words", "tip")),
)


@contextmanager
def reversed_labels() -> Iterator[None]:
    """Every label is its reverse."""
    with ExitStack() as undoing:
        for table in labels.TABLES:
            turned = {name: label[::-1] for name, label in table.items()}
            undoing.enter_context(patch.dict(table, turned))
        for row, field in _OF_ROWS:
            old = getattr(row, field)
            # The rows are frozen, as the program never changes them.
            object.__setattr__(row, field, old[::-1])
            undoing.callback(object.__setattr__, row, field, old)
        yield


def pytest_configure() -> None:
    """From here on they are reversed."""
    _whole_run.enter_context(reversed_labels())


_whole_run = ExitStack()
