"""One who follows in a browser: the messages that are sent to them, as JSON.

Frames are drawn once for everyone at a width; a message has only the rows that differ.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from nnhs_tui.errors import printable
from nnhs_tui.hall.poll import Poll
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.present.hall import draw_bars
from nnhs_tui.serve.limits import DIFFERENCE_BYTES, FRAME_BYTES
from nnhs_tui.serve.painting import Kept
from nnhs_tui.serve.viewer import Shown, Viewer
from nnhs_tui.web.frames import WIDTHS, frame_lines, said
from nnhs_tui.web.markup import line_html

BARS = 44
"""Columns of the bars, so that a phone shows them."""


class WebPainter:
    """Draws what browsers show, once for everyone."""

    def __init__(self) -> None:
        self._frames: Kept[tuple[str, ...]] = Kept(FRAME_BYTES, lambda rows: sum(map(len, rows)))
        self._messages: Kept[str] = Kept(DIFFERENCE_BYTES, len)

    def frame(self, shown: Shown, width: int) -> tuple[str, ...]:
        """The rows as HTML."""
        return self._frames.made(
            (shown.key, width), lambda: tuple(map(line_html, frame_lines(shown.scene, width)))
        )

    def message(self, old: Shown | None, new: Shown, width: int) -> str:
        """What turns one frame into another; None for nothing."""
        key: Hashable = (None if old is None else old.key), new.key, width
        return self._messages.made(key, lambda: self._message(old, new, width))

    def _message(self, old: Shown | None, new: Shown, width: int) -> str:
        after = self.frame(new, width)
        before: Sequence[str | None] = [None] * len(after)
        if old is not None:
            before = self.frame(old, width)
        if len(before) != len(after):
            before = [None] * len(after)
        rows: dict[int, str] = {y: row for y, row in enumerate(after) if row != before[y]}
        return _frame(width, after, rows, printable(said(new.scene)))


def _frame(width: int, frame: Sequence[str], rows: Mapping[int, str], told: str) -> str:
    """The rows of a frame that differ, and the step in one sentence."""
    return _json({"is": "frame", "width": width, "of": len(frame), "rows": rows, "said": told})


def _json(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def fitting(width: object) -> int:
    """The width that a browser asked for; the smallest where it asked for none there is."""
    return width if isinstance(width, int) and width in WIDTHS else WIDTHS[0]


class WebViewer:
    """One who follows in a browser: which messages there are to send.

    Args:
        width: of the browser's frame, one of `WIDTHS`.
    """

    def __init__(self, viewer: Viewer, painter: WebPainter, width: int) -> None:
        self.viewer, self._painter = viewer, painter
        self._width = width
        self._last: Shown | None = None
        self._told = ""

    def widen(self, width: int) -> None:
        """The browser has room for another width."""
        if width != self._width:
            self._width, self._last = width, None

    def messages(self) -> list[str]:
        """What has changed since the last time."""
        found = []
        shown = self.viewer.shown
        if shown is None and self._last is not None:
            found.append(_frame(self._width, ("",), {0: ""}, ""))
            self._last = None
        if shown is not None and (self._last is None or shown.key != self._last.key):
            found.append(self._painter.message(self._last, shown, self._width))
            self._last = shown
        told = _json({"is": "place", **self._place(), "ask": self._ask()})
        if told != self._told:
            found.append(told)
            self._told = told
        return found

    def _place(self) -> dict[str, Any]:
        viewer = self.viewer
        return {
            "told": viewer.told,
            "alone": viewer.place is not None,
            "waiting": viewer.hall.is_waiting or viewer.shown is None,
            "name": viewer.person.name,
        }

    def _ask(self) -> dict[str, Any] | None:
        """The question, as this one sees it."""
        poll = self.viewer.poll
        if poll is None:
            return None
        given, hall = self.viewer.given, self.viewer.hall
        return {
            "number": len(hall.polls),
            "time": len(poll.times),
            "title": poll.question.title,
            "choices": list(zip(LETTERS, poll.question.choices, strict=False)),
            "open": poll.is_open,
            "left": hall.seconds_left if poll.is_open else None,
            "given": "" if given is None else printable(given.text),
            "verdict": "" if given is None or not _tells(poll) else printable(given.message),
            "right": given is not None and _tells(poll) and given.is_right,
            "expected": poll.question.expected if poll.is_revealed else "",
            "bars": self._bars(poll),
        }

    def _bars(self, poll: Poll) -> list[str]:
        """How all of them answered, once it is revealed."""
        if not poll.is_revealed:
            return []
        return [line_html(line) for line in draw_bars(poll, len(self.viewer.hall.people), BARS)]


def _tells(poll: Poll) -> bool:
    """Whether one is told what became of one's answer."""
    return poll.hints or poll.is_revealed
