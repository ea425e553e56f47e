"""The message row: a command's message until the next command, else the most useful keys."""

from __future__ import annotations

from nnhs_tui.present.lines import Line, clip, run
from nnhs_tui.ui.keys import hints

REFUSED_MARK = "✗ "


class MessageRow:
    """What stands in the last row."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        """The commands whose keys are shown, the most useful first."""
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
        return [clip(self._message, width) if self._message else hints(self.words, width)]
