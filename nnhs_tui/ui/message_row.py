"""The message row: a command's message until the next command, else the most useful keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nnhs_tui.present.text.lines import Line, Run, clip, line_cells, run, wrap
from nnhs_tui.ui.keys import KeyTold, hints, key_row

REFUSED_MARK = "✗ "


class MessageRow:
    """What stands in the last row; a long message begins in the row above, where there is one."""

    def __init__(
        self,
        words: Callable[[], tuple[str, ...]] = tuple,
        has_row_above: Callable[[], bool] = lambda: False,
        keys: Sequence[KeyTold] = (),
    ) -> None:
        self._words = words
        """The commands whose keys are shown, the most useful first: as many as fit."""
        self._has_row_above = has_row_above
        self._keys = keys
        """Those of a screen that has keys of its own, which stand there instead."""
        self.typing = False
        """Whether a command is being typed beside it; then only its `:` stands here."""
        self._message: Line = ()

    def say(self, text: str) -> None:
        """Show a message; "" takes it away."""
        self._message = (run(" ".join(text.split())),) if text else ()

    def refuse(self, text: str) -> None:
        """Show why a command cannot be carried out."""
        self._message = ((REFUSED_MARK, "error"), run(" ".join(text.split()), "error"))

    @property
    def is_refusal(self) -> bool:
        """Whether the message says why something cannot be done."""
        return bool(self._message) and self._message[0] == (REFUSED_MARK, "error")

    @property
    def text(self) -> str:
        """The message as text, "" if there is none."""
        return "".join(part for part, _ in self._message)

    def draw(self, width: int, height: int) -> list[Line]:
        """The row."""
        if self.typing:
            return [((":", "key"),)]
        if not self._message:
            return [key_row(self._keys, width) if self._keys else hints(self._words(), width)]
        return [clip(self._parts(width)[1], width)]

    def above(self, width: int) -> Line:
        """The beginning of a message too long for one row; () where it is not."""
        return () if self.typing else self._parts(width)[0]

    def _parts(self, width: int) -> tuple[Line, Line]:
        """A message as what stands in the row above, and in this one."""
        if line_cells(self._message) <= width or not self._has_row_above():
            return (), self._message
        if whole := self._in_two(width):
            return whole
        first, *others = wrap(self._message, width)
        rest: list[Run] = []
        for line in others:
            rest += [*line, (" ", line[-1][1])]
        return first, tuple(rest[:-1])

    def _in_two(self, width: int) -> tuple[Line, Line] | None:
        """A message parted at a `;`, so that no row holds the mere end of what the other says."""
        *mark, (text, role) = self._message
        last = text.rfind("; ")
        while last > 0:
            parts = (*mark, (text[: last + 1], role)), ((text[last + 2 :], role),)
            if all(line_cells(each) <= width for each in parts):
                return parts
            last = text.rfind("; ", 0, last)
        return None
