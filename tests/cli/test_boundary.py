"""`boundary`: a picture without a terminal, and what is refused."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.cli.in_process import told


def test_a_picture_is_printed_or_written(tmp_path: Path) -> None:
    order = ("boundary", "--three", "--count", "20", "--epochs", "5", "--svg")
    printed = told(*order, "-")
    assert printed.code == 0 and b"2\xe2\x86\x926\xe2\x86\x921 relu, epoch 5" in printed.out
    ElementTree.fromstring(printed.out)
    path = tmp_path / "a.svg"
    assert told(*order, str(path)).code == 0 and path.read_bytes() == printed.out
    assert told(*order, str(path)).code == 0, "a picture of ours may be written over"
    other = tmp_path / "mine.svg"
    other.write_text("<svg/>", encoding="utf-8")
    assert told(*order, str(other)).code == 2 and other.read_text(encoding="utf-8") == "<svg/>"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--points", "square", "--svg", "-"], "invalid choice"),
        (["--hidden", "17", "--svg", "-"], "expected 1 to 16"),
        (["--svg", "a.png"], "a picture is written as SVG"),
        ([], "the boundary needs a terminal"),
    ],
)
def test_what_cannot_be_says_so(arguments: list[str], said: str) -> None:
    code, out, err = told("boundary", *arguments)
    assert (code, out) == (2, b"") and said in err.decode()
