"""What can go wrong, in words a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from nnhs_tui.characters import printable as printable

SHOWN = 40
"""Longest piece of what a person wrote that a message repeats."""


WHERE_SHOWN = 200
"""Longest key path that a message tells."""


def shorten(text: str, limit: int = SHOWN) -> str:
    """The text, cut to `limit` characters where it is longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str) -> str:
    r"""What a person typed, as a message repeats it: in quotes, harmless and short.

    >>> print(quoted("red\x1b[31m"), quoted("x" * 100))
    'red\x1b[31m' 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
    """
    return f"'{printable(shorten(text))}'"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, for "did you mean …?"; None where none is like it.

    >>> nearest("tanhh", ["sigmoid", "tanh"])
    'tanh'
    """
    import difflib  # Most runs make no mistakes, and should not wait for it.

    return next(iter(difflib.get_close_matches(word, known, 1)), None)


class NnhsError(Exception):
    """Everything a person may see; `str()` of it is the message, one line a fault."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file."""

    file: str
    """The file as the person named it."""
    where: str
    """Key path such as `network.layers[1].weights`, or a line; empty for the file itself."""
    found: str
    """What stands there."""
    expected: str
    """What should stand there, beginning with "expected" or another cure in words."""

    def __str__(self) -> str:
        # A key path may hold a key of any length.
        where = shorten(self.where, WHERE_SHOWN)
        parts = (self.file, where, f"{self.found}; {self.expected}")
        return printable(": ".join(part for part in parts if part))


class ScenarioError(NnhsError):
    """A scenario file that is refused, with all its faults at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class ComputationError(NnhsError):
    """A computation without a result: an overflow, the logarithm of 0, a division by it."""

    def __init__(self, node: str, found: str, expected: str) -> None:
        super().__init__(node, found, expected)
        self.node, self.found, self.expected = node, found, expected

    def __str__(self) -> str:
        return printable(f"{self.node}: {self.found}; {self.expected}")


class OutOfMemory(NnhsError, MemoryError):
    """What would take more memory than there may be. It is a `MemoryError` like Python's own."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found, expected)
        self.found, self.expected = found, expected

    def __str__(self) -> str:
        return printable(f"{self.found}; {self.expected}")


def shortage(error: MemoryError) -> OutOfMemory:
    """A `MemoryError`, wherever it comes from, with its message."""
    if isinstance(error, OutOfMemory):
        return error
    return OutOfMemory(
        "there is not enough memory for this", "expected a smaller net or fewer rounds"
    )


def reason_of(error: NnhsError | MemoryError) -> str:
    """What is said of a computation that did not come to its end."""
    return str(shortage(error) if isinstance(error, MemoryError) else error)


class Refusal(NnhsError):
    """A command that cannot be carried out; the message says why."""


class Unfit(Refusal):
    """What cannot be had of this scenario, though there is nothing wrong with its file."""
