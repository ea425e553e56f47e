"""What is fuzzed: where inputs come from, and what must hold for every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from fuzz import corpus
from fuzz.mutate import mutated

LARGEST_SEED = 16_000
"""Bytes of a corpus member that is still changed and tried again; larger ones cost too much."""


class Fault(Exception):
    """Something an input did that it must not do.

    Args:
        kind: a few words, the same for the same fault, without anything of the input.
        detail: what was seen.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind, self.detail = kind, detail


def require(holds: object, kind: str, detail: object = "") -> None:
    """Raise a Fault unless something holds."""
    if not holds:
        raise Fault(kind, str(detail))


@dataclass(frozen=True)
class Case:
    """One input, and which of its target's aspects is looked at."""

    data: bytes
    aspect: str


class Target:
    """A kind of input. Each is a module of this package that ends in `TARGET = …`."""

    name = ""
    ending = ""
    """Of files that hold an input."""
    form = "text"
    """What `mutate` knows about it."""
    seconds = 10.0
    """An input that takes longer is a stall."""
    is_costly = False
    """Whether one input takes seconds: then less is spent on making it small."""

    def aspects(self) -> tuple[str, ...]:
        """What can be done with an input, each by its name."""
        raise NotImplementedError

    def check(self, data: bytes, aspect: str) -> None:
        """Do that with an input.

        Raises:
            Fault: what must hold does not.
        """
        raise NotImplementedError

    def more_seeds(self) -> list[bytes]:
        """Inputs to start from, beside the corpus."""
        return []

    def make(self, random: Random) -> bytes:
        """An input: a seed, changed in a few places."""
        return mutated(random, self.seeds, self.form)

    @property
    def seeds(self) -> list[bytes]:
        """All inputs to start from."""
        if not hasattr(self, "_seeds"):
            stored = corpus.members(self.name).values()
            small = [data for data in stored if len(data) <= LARGEST_SEED]
            self._seeds = [*small, *self.more_seeds()]
        return self._seeds

    def case(self, random: Random) -> Case:
        """An input and one of its aspects."""
        return Case(self.make(random), random.choice(self.aspects()))
