"""How to come in, as it stands on the wall."""

from __future__ import annotations

import pytest
import segno

from nnhs_tui.hall.hall import Hall, Joining
from nnhs_tui.present.hall import draw_hall
from nnhs_tui.present.text.lines import line_cells
from nnhs_tui.serve.joining import BORDER, picture_of, reachable

ADDRESS = "http://192.0.2.17:8080/?code=k7m2xp"
UPPER, LOWER = frozenset("█▀"), frozenset("█▄")
"""The half blocks that are light above, and below."""


def test_the_picture_is_the_code_s_own_squares() -> None:
    picture = picture_of(ADDRESS)
    dark = [[sign not in half for sign in row] for row in picture for half in (UPPER, LOWER)]
    code = segno.make(ADDRESS, error="l", micro=False)
    expected = [[bool(each) for each in row] for row in code.matrix_iter(border=BORDER)]
    assert dark[: len(expected)] == expected


@pytest.mark.parametrize(
    ("size", "is_there"),
    [((80, 24), True), ((120, 40), True), ((60, 24), False), ((80, 12), False)],
)
def test_the_picture_is_shown_where_there_is_room(size: tuple[int, int], is_there: bool) -> None:
    hall = Hall()
    hall.joining = Joining(("browser: http://192.0.2.17:8080/",), "k7m2xp", picture_of(ADDRESS))
    for has_blocks in (True, False):
        lines = draw_hall(hall, *size, has_blocks=has_blocks)
        text = "\n".join("".join(part for part, _ in line) for line in lines)
        assert ("█" in text) == (is_there and has_blocks) and "k7m2xp" in text
        assert all(line_cells(line) <= size[0] for line in lines) and len(lines) <= size[1]


def test_the_address_of_one_s_own_computer_is_shown_as_it_is() -> None:
    assert reachable("127.0.0.1") == "127.0.0.1" and reachable("::1") == "[::1]"
    assert reachable("0.0.0.0") not in ("", "0.0.0.0")
