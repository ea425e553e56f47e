"""`check --output`: a page for each pupil."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from nnhs_tui.cli import main

FORM = (
    'name,hidden.z[1],hidden.z[2],"grad output.W[1,1]"\n'
    "Ada,-0.75,-1.35,{grad}\n"
    "<b>Ben & Co,-0.75,,x\n"
    "ada,1,2,3\n"
    "../evil,-0.75,-1.35,\n"
)


class Texts(HTMLParser):
    """The texts of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts, self.tags = list[str](), list[str]()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "form.csv").write_text(FORM.format(grad="0.08"), encoding="utf-8")
    return tmp_path


def check(*arguments: str) -> int:
    return main(["check", "two-layer-sigmoid", "form.csv", "--output", "pages", *arguments])


def test_a_page_a_pupil_and_nothing_of_the_others(folder: Path) -> None:
    assert check() == 1
    names = ["Ada", "ada-2", "b_Ben _ Co", "evil"]
    made = sorted(each.name for each in (folder / "pages").iterdir())
    assert made == sorted(f"{name}.{ending}" for name in names for ending in ("html", "txt"))
    assert sorted(each.name for each in folder.iterdir()) == ["form.csv", "pages"]
    for ending in ("html", "txt"):
        text = (folder / "pages" / f"b_Ben _ Co.{ending}").read_text(encoding="utf-8")
        assert "1 of 3 right, 1 blank, 1 unreadable" in text
        assert "Ada" not in text and "evil" not in text and "Two layers with sigmoid" in text


def test_the_page_says_what_became_of_every_row(folder: Path) -> None:
    check()
    page = Texts((folder / "pages" / "b_Ben _ Co.html").read_text(encoding="utf-8"))
    assert "<b>Ben & Co" in page.texts and "b" not in page.tags
    assert page.tags.count("tr") == 4 and "script" not in page.tags
    for text in ("hidden.z[1]", "-0.75", "✓", "✗", "not a number: 'x'", "nothing is written here"):
        assert text in page.texts, text


def test_what_was_misunderstood_is_said_once_at_the_top(folder: Path) -> None:
    text = "name,quantity,answer\nAda,hidden.z[1],-0.75\nAda,new output.W[1,1],0.9\n"
    text += "Ada,new output.W[2,1],-0.4\n"
    (folder / "form.csv").write_text(text, encoding="utf-8")
    check()
    page = (folder / "pages" / "Ada.txt").read_text(encoding="utf-8")
    head = page.partition("quantity")[0]
    assert head.count("It looks as if") <= 2 and page.startswith("Ada - Two layers")


def test_pages_are_written_over_and_nothing_else_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check()
    before = (folder / "pages" / "Ada.html").read_text(encoding="utf-8")
    (folder / "form.csv").write_text(FORM.format(grad="0.80"), encoding="utf-8")
    assert check() == 1
    assert (folder / "pages" / "Ada.html").read_text(encoding="utf-8") != before
    mine = folder / "pages" / "Ada.html"
    mine.write_text("my own page", encoding="utf-8")
    capsys.readouterr()
    assert check() == 2
    told = capsys.readouterr().err
    assert "pages/Ada.html: there is something of this name already" in told.replace("\\", "/")
    assert mine.read_text(encoding="utf-8") == "my own page"


def test_a_folder_that_cannot_be_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pages").write_text("a file", encoding="utf-8")
    assert check() == 2
    told = capsys.readouterr()
    assert "expected a folder for the pages" in told.err and not told.out


def test_a_sheet_that_cannot_be_marked_has_a_page_that_says_why(folder: Path) -> None:
    (folder / "form.csv").write_text("name,quantity,answer\nAda,nothing,1\n", encoding="utf-8")
    assert check() == 2
    for ending in ("html", "txt"):
        page = (folder / "pages" / f"Ada.{ending}").read_text(encoding="utf-8")
        assert "could not be marked" in page and "line 2" in page


def test_strict_is_what_the_page_shows(folder: Path) -> None:
    (folder / "form.csv").write_text("name,hidden.z[1]\nAda,-0.74\n", encoding="utf-8")
    check()
    page = folder / "pages" / "Ada.txt"
    assert "✓" in page.read_text(encoding="utf-8")
    check("--strict")
    text = page.read_text(encoding="utf-8")
    assert "✗" in text and "0 of 1 right, 1 wrong" in text
