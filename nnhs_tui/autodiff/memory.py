"""How much memory the numbers may take: one budget for all rounds of all branches and edits."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakMethod, finalize

import numpy as np

from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.errors import OutOfMemory
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.room import room

UNLIMITED = 512 * 2**20
"""What all rounds together may take where the process has no limit."""

DECIMAL = 13
"""By hand a number takes so many times the eight bytes of its place in an array: an object."""

RECORDS, ROUNDS = 2, 2
"""How many records, and rounds already walked, a run keeps at least."""


def round_bytes(tape: Tape, ar: Arithmetic) -> int:
    """About what the arrays of one round take: before, total, accumulated and after of each update,
    what is worked out on the way, and what the update rule has kept of the updates before.
    """
    optimizer, samples = tape.scenario.optimizer, len(tape.scenario.samples)
    arrays = 3 + len(optimizer.kinds) + 2 * len(optimizer.keeps)
    updates = -(-samples // (tape.scenario.update or samples))
    return updates * arrays * tape.parameters * 8 * weight(ar)


def weight(ar: Arithmetic) -> int:
    """How many times eight bytes a number takes in an array."""
    return DECIMAL if ar.name == "hand" else 1


def working_bytes(tape: Tape, ar: Arithmetic) -> int:
    """About what a run takes however few rounds it has: its workspace, and the least it keeps."""
    paths = 2 * len(tape.inputs) if tape.is_graph else tape.parameters
    record = (2 * tape.size + paths) * 8 * weight(ar)
    return (1 + RECORDS) * record + ROUNDS * round_bytes(tape, ar)


def check_room(tape: Tape, ar: Arithmetic) -> None:
    """See to it that a run can work.

    Raises:
        OutOfMemory: it needs more memory than the process may take.
    """
    left, needed = room(), working_bytes(tape, ar)
    if left is not None and needed > left:
        by_hand = " by hand" if ar.name == "hand" else ""
        raise OutOfMemory(
            f"its numbers take about {_mib(needed)} MiB{by_hand}, and {left >> 20} MiB are left "
            "of what this process may take",
            "expected a smaller net",
        )


class Budget:
    """What all rounds of all branches may take together. Arrays count as long as they live.

    Args:
        limit: bytes.
    """

    def __init__(self, limit: int = UNLIMITED) -> None:
        self.limit = limit
        self.used = 0
        """Bytes of all arrays that it gave."""
        self._lets_go: WeakMethod[Callable[[object], None]] | None = None

    def ask(self, lets_go: Callable[[object], None]) -> None:
        """Ask this method where room is needed: it lets go of what can be made again."""
        # Not held: whoever has the budget as well is gone at once when it is no longer needed.
        self._lets_go = WeakMethod(lets_go)

    def make_room(self, keep: object) -> None:
        """Let go of what can be made again, but for what a run (`keep`) holds."""
        lets_go = self._lets_go() if self._lets_go is not None else None
        if lets_go is not None:
            lets_go(keep)

    @classmethod
    def beside(cls, needed: int) -> Budget:
        """Of what the process may take, half of what is left beside what a run needs.

        The other half is for drawing, and for what a second branch keeps. What a run needs is
        reckoned high, so that an eighth is there in any case.
        """
        left = room()
        if left is None:
            return cls(UNLIMITED)
        return cls(min(UNLIMITED, max((left - needed) // 2, left // 8)))

    def is_nearly_full(self, row: int) -> bool:
        """Whether only single rounds of so many bytes more are to be computed.

        So an edit still finds its place when a training has gone as far as it can.
        """
        return self.used > self.limit - max(self.limit // 10, 3 * row)

    def array(self, shape: tuple[int, ...], dtype: type, *, is_first: bool = False) -> np.ndarray:
        """An array whose entries are still to be filled in.

        Args:
            is_first: of the round a run begins with, which there always is.

        Raises:
            OutOfMemory: it would be more than there may be.
        """
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if dtype is object:
            size *= DECIMAL
        if self.used + size > self.limit and not is_first:
            raise self.refusal()
        made: np.ndarray = np.empty(shape, dtype)
        self.used += size
        finalize(made, self._give_back, size).atexit = False
        return made

    def refusal(self) -> OutOfMemory:
        """Why there can be no more rounds."""
        return OutOfMemory(
            f"the rounds of this net would take more than {_mib(self.limit)} MiB, "
            "what-ifs and branches included",
            "expected fewer rounds",
        )

    def _give_back(self, size: int) -> None:
        self.used -= size


def _mib(size: int) -> int:
    return max(1, size >> 20)
