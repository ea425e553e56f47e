"""`tour`: listing the lessons, and printing them."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nnhs_tui.lessons.course import AT_ONCE, OPEN
from nnhs_tui.lessons.library import shipped_lessons
from nnhs_tui.store import learned
from tests.cli.in_process import told


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_the_list_says_what_is_done() -> None:
    first = shipped_lessons()[0]
    learned.learn(first.path, [AT_ONCE, OPEN, AT_ONCE])
    code, out, err = told("tour", "--list")
    lines = out.decode().splitlines()
    assert (code, err, len(lines)) == (0, b"", len(shipped_lessons()))
    assert lines[0].split(maxsplit=4) == ["1", "dot-product", "Forward", "2/3", "The dot product"]
    objects = json.loads(told("tour", "--list", "--json").out)
    assert [each["number"] for each in objects] == list(range(1, len(lines) + 1))
    assert objects[0]["done"] == 2 and objects[0]["tasks"] == 3 and objects[0]["part"] == [1]
    assert [each["title"] for each in objects] == [each.title for each in shipped_lessons()]


def test_without_a_terminal_it_lists() -> None:
    code, out, err = told("tour", environment={"TERM": "xterm"})
    assert code == 0 and out == told("tour", "--list").out
    assert err.decode().startswith("nnhs-tui: no terminal") and err.count(b"\n") == 1


def test_a_handout_has_room_for_answers_and_with_a_key_the_answers() -> None:
    plain = told("tour", "dot-product", "--print").out.decode()
    assert plain.startswith("# 1. The dot product\n") and "Answer: ____" in plain
    assert "2.80" not in plain and "- (b) no: each number needs a partner" in plain
    with_key = told("tour", "1", "--print", "--key").out.decode()
    assert "Answer: 2.80" in with_key and "Answer: b" in with_key


class Reader(HTMLParser):
    """What is open, and the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.articles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name in ("src", "href", "onclick") for name, _ in attrs) and tag != "script"
        self.articles += tag == "article"
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_all_lessons_make_one_page_of_sound_html() -> None:
    reader = Reader()
    reader.feed(told("tour", "--print", "--format", "html", "--key").out.decode())
    assert not reader.open and reader.articles == len(shipped_lessons())
    assert "as printed: the loss has risen in" in reader.text
    assert all(each.title in reader.text for each in shipped_lessons())


HOSTILE = """title = "<b>[red]t\\u001b[31m"
scenario = "one-to-one"
text = "</pre><script>alert(1)</script> `x` *y*"
[[tasks]]
ask = "<i>?"
choices = ["<u>", "b"]
right = [1]
"""


def test_texts_of_a_file_are_text(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HOSTILE, encoding="utf-8")
    path = str(tmp_path / "own.toml")
    for form in ("md", "html"):
        out = told("tour", path, "--print", "--format", form).out
        assert b"\x1b" not in out and b"<script>" not in out and b"<u>" not in out
    assert b"\x1b" not in told("tour", path, "--list").out
    assert json.loads(told("tour", path, "--list", "--json").out)[0]["number"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "nonsense: no lesson has this name"),
        (["--list", "--print"], "not allowed with"),
        (["--json"], "--json says how --list lists"),
        (["--key"], "say how --print prints"),
        (["--format", "pdf", "--print"], "invalid choice"),
        (["missing.toml", "--print"], "missing.toml"),
    ],
)
def test_what_means_nothing_says_so(arguments: list[str], said: str) -> None:
    code, out, err = told("tour", *arguments)
    assert (code, out) == (2, b"") and said in err.decode() and err.startswith(b"nnhs-tui: ")


def test_a_task_without_meaning_names_the_file_and_the_task(tmp_path: Path) -> None:
    text = HOSTILE.partition("[[tasks]]")[0]
    text += '[[tasks]]\nask = "?"\nquantity = "output.z[7]"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    code, out, err = told("tour", str(tmp_path / "own.toml"), "--print")
    assert (code, out) == (2, b"") and b"own.toml: tasks[1]: " in err and b"output.z[7]" in err
