"""Loading a scenario: its file or text is read, checked whole, and built."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from nnhs_tui.errors import printable
from nnhs_tui.scenario.model import Scenario

if TYPE_CHECKING:
    from nnhs_tui.scenario.reading.contents import PathLike


def load(path: "PathLike", *, shown_as: str | None = None) -> Scenario:
    """Reads and checks a scenario file.

    Args:
        path: The file.
        shown_as: What messages call it, when that is not its path.

    Raises:
        ScenarioError: With all faults at once, in the order of the file.
    """
    from nnhs_tui.scenario.reading.files import read_text

    file = printable(os.fsdecode(path) if shown_as is None else shown_as)
    return _made(read_text(path, file), os.fsdecode(path), file)


def from_text(text: str, path: str, *, beside: str | None = None) -> Scenario:
    """Checks the text of a scenario file, which need not be there any more.

    Args:
        text: What it holds.
        path: Where it is, or was; also what messages call it.
        beside: What its data file holds; None: that is read, if there is one.

    Raises:
        ScenarioError: With all faults at once, in the order of the file.
    """
    from nnhs_tui.scenario.reading.files import text_of

    content, file = text.encode("utf-8", "surrogatepass"), printable(path)
    return _made(text_of(content, file), path, file, beside)


def _made(text: str, path: str, file: str, beside: str | None = None) -> Scenario:
    """The scenario of a text that was read; see `load`."""
    # Imported here: whoever only needs the classes does not wait for the validation.
    from nnhs_tui.scenario.reading.build import build
    from nnhs_tui.scenario.reading.checks import check
    from nnhs_tui.scenario.reading.faults import Findings
    from nnhs_tui.scenario.reading.files import decode
    from nnhs_tui.scenario.reading.schema import check_structure
    from nnhs_tui.scenario.reading.table.taking import take

    data = decode(text, file)
    findings = Findings()
    check_structure(data, findings)
    taken = take(data, path, file, findings, beside)
    expressions = check(data, findings, taken)
    if len(findings):
        raise findings.error(file, data)
    return replace(build(data, expressions, path), data=taken, text=text)
