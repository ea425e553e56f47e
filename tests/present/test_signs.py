"""The same drawing with fewer signs: nothing lost, nothing out of place."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes import table as panes
from nnhs_tui.present.text.charset import ASCII, CONSOLE, UNICODE, signs_of
from nnhs_tui.present.text.lines import Line, cells, line_cells
from nnhs_tui.present.text.signs import (
    ON_A_CONSOLE,
    drawn_in,
    one_cell_each,
    respelled,
    spelled_line,
    spelled_text,
)
from nnhs_tui.scenario.loading import load
from tests.ui.examples import SHIPPED

SIZES = {"net": (44, 12), "step": (80, 8), "matrices": (60, 14), "gradients": (80, 8)}
NUMBER = re.compile(r"\d+\.\d+")


def text(lines: object) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)  # type: ignore[attr-defined]


@pytest.mark.parametrize("signs", [ASCII, CONSOLE])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_pane_is_spelled_in_its_size_with_all_its_numbers(path: Path, signs: str) -> None:
    session = Session(load(path))
    allowed = set(map(chr, range(32, 127))) | (ON_A_CONSOLE if signs == CONSOLE else set())
    for index in range(0, session.total, max(7, session.total // 12)):
        session.execute(f"goto {index + 1}")
        scene = session.scene()
        for pane, (width, height) in SIZES.items():
            draw = partial(panes.draw, pane, scene)
            found = drawn_in(draw, width, height, signs)
            assert len(found) <= height
            assert all(line_cells(line) <= width for line in found)
            assert set(text(found)) - {"\n"} <= allowed
            # The pictures may show less, where arrows of two signs leave less room.
            if pane in ("step", "gradients"):
                expected = NUMBER.findall(text(draw(width, height)))
                assert NUMBER.findall(text(found)) == expected, (pane, index)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("∂L/∂w11 = ∂L/∂p11 · x1 ≈ 0.08", "dL/dw11 = dL/dp11 * x1 ~ 0.08"),
        ("½·(o1 − t1)²", "1/2*(o1 - t1)^2"),
        ("dW = Xᵀ·dZ", "dW = X^T*dZ"),
        ("dZ = dA ∘ g′(Z)", "dZ = dA .* g'(Z)"),
        ("σ(z) ∈ 10⁻¹⁶ … 1", "sigmoid(z) ? 10^-16 .. 1"),
        ("·→·   0.25", ".->.   0.25"),
        ("hidden  ·", "hidden  ."),
        ("·", "."),
        ("Größe, λ, Ω, é", "Groesse, lambda, Omega, e"),
        ("数", "??"),
        ("a\u0301", "a"),
    ],
)
def test_formulas_keep_their_meaning(written: str, spelled: str) -> None:
    assert spelled_text(written) == spelled


def test_what_gets_longer_takes_its_room_from_the_blanks_behind_it() -> None:
    line = (("σ(z)²", "text"), ("          ", "text"), ("0.25", "changed"))
    found = spelled_line(line, ASCII)
    assert text([found]) == "sigmoid(z)^2   0.25"
    assert found[-1] == ("0.25", "changed")


@pytest.mark.parametrize("signs", [CONSOLE, ASCII])
def test_what_stands_before_a_text_that_gets_longer_stays_where_it_is(signs: str) -> None:
    names = ("two-layer-sigmoid", "three-samples", "softmax-cross-entropy")
    rows = [f"{mark}{name:<21}  3→2→1      " for mark in ("► ", "  ") for name in names]
    for row in rows:
        found = text([spelled_line(((row, "text"),), signs)])
        assert found == f"{row[:25].replace('►', '>')}3->2->1    "


def test_where_nothing_is_free_behind_it_the_nearest_blanks_before_it_are_taken() -> None:
    assert text([spelled_line((("  w    3→2", "text"), ("  9", "text")), ASCII)]) == "  w   3->2  9"


def test_a_dot_between_two_places_is_no_product() -> None:
    line = (("net", "title"), (" · ", "dim"), ("step 3", "text"), (" · 2", "text"))
    assert text([spelled_line(line, ASCII)]) == "net | step 3 * 2"
    assert text([spelled_line((("  · ·", "unknown"),), ASCII)]) == "  . ."


def test_where_a_line_grows_too_long_all_is_drawn_for_less_room() -> None:
    """As a formula that is broken at the width there is."""

    def draw(width: int, _height: int) -> list[Line]:
        words = "σ(z1) = σ(0.25)"
        return (
            [((words, "text"),)] if len(words) <= width else [((w, "text"),) for w in words.split()]
        )

    assert text(drawn_in(draw, 20, 5, ASCII)).split("\n") == ["sigmoid(z1)", "=", "sigmoid(0.25)"]
    assert text(drawn_in(draw, 15, 5, UNICODE)) == "σ(z1) = σ(0.25)"


@given(st.text(max_size=40), st.sampled_from([ASCII, CONSOLE]))
def test_any_text_can_be_spelled(written: str, signs: str) -> None:
    allowed = ON_A_CONSOLE if signs == CONSOLE else frozenset()
    for found in (spelled_text(written, signs), one_cell_each(written, signs)):
        assert all(each.isascii() or each in allowed for each in found)
    if written.isprintable():
        assert cells(one_cell_each(written, signs)) == cells(written)


@given(st.text(alphabet="ab ·²⁻½→ä0", max_size=12), st.data())
def test_a_part_is_spelled_as_it_is_in_the_whole(written: str, data: st.DataObject) -> None:
    """Python asks for what an encoding lacks piece by piece."""
    cut = data.draw(st.integers(0, len(written)))
    parts = [
        respelled(written, *ends) for ends in ((0, cut), (cut, len(written))) if ends[0] < ends[1]
    ]
    assert "".join(parts) == spelled_text(written)


@pytest.mark.parametrize(
    ("environment", "encoding", "signs"),
    [
        ({}, "utf-8", UNICODE),
        ({"LANG": "en_GB.UTF-8"}, "utf-8", UNICODE),
        ({"LC_CTYPE": "UTF-8"}, "utf-8", UNICODE),
        ({"LANG": "de_DE.utf8", "TERM": "linux"}, "utf-8", CONSOLE),
        ({"LANG": "C", "TERM": "linux"}, "utf-8", ASCII),
        ({"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, "utf-8", ASCII),
        ({"LC_ALL": "", "LC_CTYPE": "de_DE@euro"}, "utf-8", ASCII),
        ({"LANG": "C.UTF-8"}, "latin-1", ASCII),
        # Python has put LC_CTYPE there.
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", ASCII),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, "utf-8", UNICODE),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8", UNICODE),
        ({"LANG": "C.UTF-8"}, "ascii", ASCII),
    ],
    ids=str,
)
def test_the_signs_of_a_terminal(environment: dict[str, str], encoding: str, signs: str) -> None:
    assert signs_of(environment, encoding) == signs
