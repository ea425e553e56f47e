"""Screens as SVG: letters at their places, rules and bars drawn."""

from __future__ import annotations

import xml.etree.ElementTree as Tree

import pytest

from nnhs_tui.present.text.svg import MADE_HERE, Cell, Pen, svg
from nnhs_tui.present.text.svg_shapes import DOUBLE, HEIGHT, LIGHT, WIDTH, areas, is_shape, lines

INK = Pen("#000000", "#ffffff")
BOLD = Pen("#000000", "#ffffff", bold=True)
UNDERLINED = Pen("#000000", "#ffffff", underline=True)
BOX = Pen("#ffffff", "#0000ff")
NAMES = {"s": "http://www.w3.org/2000/svg"}


def row(text: str, pen: Pen = INK) -> list[Cell]:
    return [(sign, pen) for sign in text]


def drawn(*rows: list[Cell]) -> Tree.Element:
    return Tree.fromstring(svg(rows, "#ffffff", "a <net>"))


def written(*rows: list[Cell]) -> list[tuple[str | None, str | None]]:
    """Every text, and where its characters are."""
    return [(each.text, each.get("x")) for each in drawn(*rows).iterfind(".//s:text", NAMES)]


def test_every_character_has_its_place() -> None:
    assert written(row("ab  c d")) == [("ab", "0 12"), ("c d", "48 60 72")]


def test_signs_of_xml_are_written_as_text() -> None:
    assert written(row("a<&b>")) == [("a<&b>", "0 12 24 36 48")]


def test_what_takes_two_cells_or_two_characters_keeps_the_others_in_place() -> None:
    wide = [("世", INK), ("", INK), ("b", INK)]
    assert written(wide) == [("世b", "0 24")]
    assert written([("e\u0301", INK), ("b", INK)]) == [("e\u0301", "0"), ("b", "12")]
    assert written([("𝜎", INK), ("", INK), ("b", INK)]) == [("𝜎", "0"), ("b", "24")]


def test_other_pens_make_other_texts() -> None:
    picture = drawn([*row("a"), *row("b", BOLD), *row("c", BOX)])
    found = [
        (each.text, each.get("fill"), each.get("font-weight"))
        for each in picture.iterfind(".//s:text", NAMES)
    ]
    bold = ("b", "#000000", "bold")
    assert found == [("a", "#000000", None), bold, ("c", "#ffffff", None)]
    _, paper = picture.findall("s:rect", NAMES)
    place = [paper.get(name) for name in ("x", "y", "width", "height", "fill")]
    assert place == ["24", "0", "12", "24", "#0000ff"]


def test_blanks_are_underlined_too() -> None:
    (path,) = drawn(row("   "), [*row(" "), *row("a ", UNDERLINED)]).iterfind("s:path", NAMES)
    assert path.get("d") == "M12 45h24"


def test_rules_of_one_colour_are_one_path() -> None:
    (path,) = drawn(row("┌─"), row("│a")).iterfind("s:path", NAMES)
    assert path.get("d") == "M6 12H12M6 12V24M18 12H12M18 12H24M6 36V24M6 36V48"
    assert written(row("┌─"), row("│a")) == [("a", "12")]


@pytest.mark.parametrize("rules", [LIGHT, DOUBLE])
def test_rules_reach_the_sides_they_go_to_and_no_other(rules: dict[str, str]) -> None:
    sides = {"l": "H0", "r": f"H{WIDTH}", "u": "V0", "d": f"V{HEIGHT}"}
    for sign, arms in rules.items():
        strokes = lines(sign, 0, 0).split("M")[1:]
        for side, end in sides.items():
            reaching = sum(each.endswith(end) for each in strokes)
            assert reaching == (side in arms) * (1 if rules is LIGHT else 2), (sign, side)


def test_the_lines_of_a_double_corner_meet() -> None:
    assert lines("╔", 0, 0) == "M4 10H12M8 14H12M4 10V24M8 14V24"
    assert lines("╝", 0, 0) == "M4 10H0M8 14H0M4 10V0M8 14V0"


@pytest.mark.parametrize(
    ("sign", "path"),
    [
        ("█", "M0 0h12v24h-12z"),
        ("▁", "M0 21h12v3h-12z"),
        ("▀", "M0 0h12v12h-12z"),
        ("▐", "M6 0h6v12h-6zM6 12h6v12h-6z"),
        ("▙", "M0 0h6v12h-6zM0 12h12v12h-12z"),
        ("▞", "M6 0h6v12h-6zM0 12h6v12h-6z"),
    ],
)
def test_bars_and_quarters_fill_their_part(sign: str, path: str) -> None:
    assert areas(sign, 0, 0) == path


def test_braille_is_a_dot_for_each_bit() -> None:
    assert areas("⠁", 0, 0).startswith("M3 3m") and areas("⢀", 12, 24).startswith("M21 45m")
    assert areas("⣿", 0, 0).count("z") == 8
    assert not is_shape("⠀") and not is_shape("a") and not is_shape("")


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    text = svg([row("a")], "#ffffff", "a <net>")
    assert text.count("http") == 1, "the name of the language"
    for word in ("url(", "@import", "font-face", "href", "<script", "<style", "<image"):
        assert word not in text
    assert MADE_HERE in text[:1000]
    title = drawn(row("a")).find("s:title", NAMES)
    assert title is not None and title.text == "a <net>"
