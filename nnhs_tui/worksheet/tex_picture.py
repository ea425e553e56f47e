r"""A picture in characters of one width as TeX's own picture: lines are drawn, texts put on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nnhs_tui.worksheet.tex_text import tex_formula

_ARMS = {sign: arms for arms, sign in enumerate(" ╵╶└╷│┌├╴┘─┴┐┤┬┼")}
"""Where a sign's lines go: 1 up, 2 right, 4 down, 8 left of its middle."""
_UP, _RIGHT, _DOWN, _LEFT = 1, 2, 4, 8
_TEXT = re.compile(rf"[^{''.join(sign for sign in _ARMS)}]+(?: [^{''.join(_ARMS)}]+)*")
TALL = 2.1
"""How much higher than wide a character is."""


def picture(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a drawing as a picture; its unit is the width of a character."""
    width, height = max(map(len, lines)), len(lines)
    yield r"{\footnotesize\ttfamily\settowidth{\unitlength}{0}\par"
    yield rf"\begin{{picture}}({width},{height * TALL:g})"
    for row, line in enumerate(lines):
        y = (height - row - 0.5) * TALL
        for start, stop in _stretches(_halves(line, _LEFT, _RIGHT)):
            yield rf"\put({start:g},{y:g}){{\line(1,0){{{stop - start:g}}}}}"
        for found in _TEXT.finditer(line):
            text = tex_formula(found[0])
            yield rf"\put({found.start()},{y:g}){{\makebox(0,0)[l]{{{text}}}}}"
    for column in range(width):
        signs = "".join(line[column : column + 1] or " " for line in lines)
        for start, stop in _stretches(_halves(signs, _UP, _DOWN)):
            top = (height - start) * TALL
            length = (stop - start) * TALL
            yield rf"\put({column + 0.5:g},{top:g}){{\line(0,-1){{{length:g}}}}}"
    yield r"\end{picture}\par}"


def _halves(signs: str, first: int, second: int) -> Iterator[float]:
    """Where along a row or column a line covers half a character: the starts of these halves."""
    for place, sign in enumerate(signs):
        arms = _ARMS.get(sign, 0)
        if arms & first:
            yield place
        if arms & second:
            yield place + 0.5


def _stretches(halves: Iterable[float]) -> Iterator[tuple[float, float]]:
    """(start, stop) of halves that follow one another."""
    start = stop = None
    for half in halves:
        if start is None or half != stop:
            if start is not None and stop is not None:
                yield start, stop
            start = half
        stop = half + 0.5
    if start is not None and stop is not None:
        yield start, stop
