"""What may stand directly behind a value of an expression: `.T`, and indices such as `[2,1]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nnhs_tui.operations.matrices.shapes import TRANSPOSED
from nnhs_tui.operations.matrices.table import matrix_functions
from nnhs_tui.operations.table import functions

SUFFIXES = ("[", ".")
"""The words that one begins with."""
SUFFIX_EXPECTED = "expected .T for the transpose, or an index such as [2,1], [2] or [:,1]"

_INDEX = re.compile(r"\[(?:[0-9]{1,7}|[0-9]{1,7},[0-9]{1,7}|[0-9]{1,7},:|:,[0-9]{1,7})\]")
_LONGEST = 5
"""Words of an index."""


def suffix_of(words: Sequence[str], at: int) -> tuple[int, str | None]:
    """What begins at a place among the words.

    Returns:
        The place behind it and the operation it stands for; where it is none, the place that is
        wrong and None.
    """
    if words[at] == ".":
        is_transposed = words[at + 1] == TRANSPOSED
        return (at + 2, TRANSPOSED) if is_transposed else (at, None)
    text = ""
    for place in range(at, min(at + _LONGEST, len(words))):
        text += words[place]
        if words[place] == "]":
            return (place + 1, text) if _INDEX.fullmatch(text) else (at, None)
    return at, None


_ONLY = [name for name in matrix_functions() if name not in functions()]
_OF_MATRICES = re.compile(rf"[@\[]|\.\s*{TRANSPOSED}\b|\b(?:{'|'.join(_ONLY)})\s*\(")


def may_be_of_matrices(text: str) -> bool:
    """Whether an expression may have something only matrices have; quick, and not exact."""
    return _OF_MATRICES.search(text) is not None
