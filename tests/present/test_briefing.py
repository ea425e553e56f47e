"""The briefing and how it is drawn; and that nobody else is told what the notes say."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.commands.panes import NAMES
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.explain import explain
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.presenting import notes
from nnhs_tui.present.presenting.briefing import (
    LONGEST,
    LONGEST_NOTES,
    Briefing,
    Shown,
    Told,
    as_line,
    briefing,
    from_line,
    note_paragraphs,
    notes_of,
)
from nnhs_tui.present.text.lines import Line, line_cells
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.ui.examples import SHIPPED, large_session, session_of

SIZES = [(40, 12), (80, 24), (120, 40)]
SOME = [path for path in SHIPPED if path.stem in ("chain-rule", "three-samples", "given-gradient")]


def told(session: Session, shown: Shown | None = None) -> Briefing:
    return briefing(session.scene(), shown or Shown())


def text_of(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return session_of(tmp_path)


# What is told


@pytest.mark.parametrize("level", ["node", "neuron", "layer"])
@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_the_next_step_is_the_one_that_next_leads_to(path: Path, level: str) -> None:
    session = Session(load(path))
    session.execute(f"level {level}")
    session.execute("last")
    session.execute("apply")
    session.execute("round 1")
    before = told(session)
    for _ in range(min(60, 2 * session.total)):
        outcome = session.execute("next")
        here = told(session)
        if outcome.kind != "moved":
            assert before.next is None and before.ending
            break
        assert before.next == here.now
        before = here


def test_the_result_that_comes_next_is_told(session: Session) -> None:
    for _ in range(session.total - 1):
        coming = explain(session.scene(), session.index + 1)
        here = told(session)
        assert here.next is not None
        assert "".join(here.next.formula).endswith(session.scene().show(coming.value))
        session.execute("next")


def test_the_end_of_a_round_says_what_to_do(session: Session) -> None:
    session.execute("last")
    assert told(session).next is None
    assert "begins round 2" in told(session).ending
    session.execute("apply")
    session.execute("round 1")
    session.execute("last")
    assert told(session).ending == ""


def test_where_it_is_goes_without_the_name(session: Session) -> None:
    session.execute("goto 20")
    here = told(session)
    assert here.position[0] == "round 1" and f"step 20/{session.total}" in here.position
    assert "20/" in here.position_short and "small" not in here.position_short
    assert here.scenario == "small" and here.title == "A small net"


def test_an_opened_step_is_told_like_a_closed_one(session: Session) -> None:
    session.execute("goto hidden.a[1]")
    closed = told(session)
    assert session.execute("into").kind == "moved"
    assert replace(told(session), shown=closed.shown) == closed


def test_of_a_neuron_with_hundreds_of_inputs_its_result_is_told(tmp_path: Path) -> None:
    session = large_session(tmp_path)
    session.execute("level neuron")
    scene = session.scene()
    formula = "".join(told(session).now.formula)
    assert formula.startswith("a1 = σ(z1) = ") and len(formula) < 100
    assert formula.endswith(scene.show(explain(scene).value))


# As a line


def test_a_line_makes_the_same_briefing(session: Session) -> None:
    shown = Shown(12.5, "read", "1 s a step", "line 1 of 2: next", "say", "help", True, 30.0, True)
    here = told(session, shown)
    line = as_line(here)
    assert "\n" not in line
    assert from_line(line) == here
    assert from_line(as_line(Briefing())) == Briefing()


def test_control_characters_and_long_texts_are_told_harmlessly(tmp_path: Path) -> None:
    text = 'title = "t\\u001b[31m"\nnotes = """\na\\u001b]0;b\\u0007\nc\\u009b\\nd"""\n'
    text += '[graph]\ninputs = { x = 1 }\n[graph.nodes]\ny = "x + 1"\n'
    session = session_of(tmp_path, text)
    shown = Shown(message="m\x1b[2J" + "m" * 2 * LONGEST, remark="r\n\x07")
    line = as_line(told(session, shown))
    assert line.isprintable()
    here = from_line(line)
    assert here is not None and here.notes == ("a\\x1b]0;b\\x07 c\\x9b d",)
    assert here.shown.message.startswith("m\\x1b[2J") and here.shown.remark == "r\\n\\x07"
    assert len(here.shown.message) <= LONGEST + 10 and here.shown.message.endswith("…")


def test_endless_notes_do_not_make_every_step_long(session: Session) -> None:
    scenario = replace(session.scenario, notes="word " * LONGEST_NOTES)
    assert sum(map(len, notes_of(scenario).notes)) <= LONGEST_NOTES


@settings(max_examples=examples(30))
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_what_is_no_briefing_is_none(found: object) -> None:
    names = ("title", "notes", "now", "next", "shown", "position")
    assert from_line(json.dumps(found)) is None
    for name in names:
        made = from_line(json.dumps({name: found}))
        assert made is None or isinstance(made, Briefing)
        if made is not None:
            for width, height in SIZES:
                _draw_all(made, width, height)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{", b"[]", b"\xff", b'{"title": 3}', b'{"notes": "a"}', b'{"notes": [1]}',
        b'{"shown": {"elapsed": 1e999}}', b'{"shown": {"elapsed": 1' + b"0" * 400 + b"}}",
        b'{"shown": {"blanked": 1}}', b'{"now": null}', b'{"next": []}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_refused(line: bytes) -> None:
    assert from_line(line) is None


def test_a_later_program_may_tell_more() -> None:
    assert from_line('{"title": "t", "mood": "good"}') == Briefing(title="t")


def test_lines_of_notes_become_paragraphs() -> None:
    text = "Ask: why?\n  (Because.)\nExpect: one thing,\nor another.\n\nPause here\n\nthen go on.\n"
    assert list(note_paragraphs(text)) == [
        "Ask: why? (Because.)",
        "Expect: one thing, or another.",
        "Pause here",
        "then go on.",
    ]
    assert list(note_paragraphs("")) == list(note_paragraphs("\n \n")) == []


# Drawn


def _draw_all(here: Briefing | None, width: int, height: int) -> list[Line]:
    clock = notes.Clock(61.0, "09:05", 59.2)
    lines = []
    for rows in (1, 2):
        lines += notes.draw_head(here, clock, width, rows)
    for rows in (2, 3, 8):
        for step in (here.now, here.next) if here is not None else (None,):
            drawn = notes.draw_step("next", step, here.ending if here else "", width, rows)
            assert len(drawn) <= rows
            lines += drawn
    lines += notes.draw_said(here, width, 2)
    drawn = notes.draw_notes(here, width, height, 0)
    assert len(drawn) <= height
    return lines + drawn


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_it_fits_its_terminal(path: Path, size: tuple[int, int]) -> None:
    session = Session(load(path))
    shown = Shown(3599.0, "read " * 30, "1 s", "line 1 of 2: next", "say " * 30, "", True, 9.0)
    for level in ("node", "layer"):
        session.execute(f"level {level}")
        for _ in range(12):
            lines = _draw_all(told(session, shown), *size)
            assert all(line_cells(line) <= size[0] for line in lines)
            session.execute("next-phase")
    lines = _draw_all(None, *size)
    assert all(line_cells(line) <= size[0] for line in lines) and "--present" in text_of(lines)


def test_a_narrow_terminal_keeps_the_result(session: Session) -> None:
    """Of a formula that is too long the middle is left out, never its end."""
    for _ in range(session.total):
        here = told(session)
        value = session.scene().show(explain(session.scene()).value)
        drawn = notes.draw_step("now", here.now, "", 40, 3)
        assert text_of(drawn).rstrip().endswith(value)
        session.execute("next")


def test_a_matrix_gives_up_its_shapes_before_its_numbers() -> None:
    told = Told("", "", ("Z (1×2)   X (1×2)", "[1 2]   = [3 4]"))
    assert "×" in text_of(notes.draw_step("now", told, "", 40, 3))
    assert text_of(notes.draw_step("now", told, "", 40, 2)).endswith("[1 2]   = [3 4]")


def test_the_time_and_what_is_unusual_stand_at_the_right() -> None:
    here = Briefing("name", "Title", shown=Shown(blanked=True, countdown=30.0, playing="1 s"))
    (line, _) = notes.draw_head(here, notes.Clock(754.0, "09:05", 29.1), 80, 2)
    assert text_of([line]).endswith("BLANK  now you 0:30  playing  12:34 · 09:05")
    assert text_of([line]).startswith("name · Title ")


def test_the_notes_can_be_read_to_their_end(session: Session) -> None:
    here = replace(told(session), notes=tuple(f"Ask: number {n}?" for n in range(30)))
    lines = notes.draw_notes(here, 40, 10, 21)
    assert "lines 22–30 of 30" in text_of(lines) and "number 29" in text_of(lines)


def test_what_is_printed_says_the_same(session: Session) -> None:
    scenario = replace(session.scenario, notes="\nAsk: a\x1b?\n  (b)\n")
    assert list(notes.scenario_text(scenario)) == ["A small net", "", "Ask: a\\x1b?", "  (b)"]
    printed = list(notes.briefing_text(told(session)))
    assert printed[0] == "A small net" and printed[1].startswith("round 1 · forward")
    assert notes.NONE in printed and any(line.startswith("next: hidden.p[2,1]") for line in printed)


# Nobody else is told

ROOT = Path(__file__).parents[2] / "nnhs_tui"
READERS = {
    "scenario/reading/build.py",
    "present/presenting/briefing.py",
    "present/presenting/notes.py",
}


def test_only_the_presenter_s_terminal_looks_at_the_notes() -> None:
    """Whatever else reads them could show them."""
    found = set()
    for path in ROOT.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        # The command `notes` is the function of that name in the module of that name.
        nodes = (
            ast.walk(ast.parse(re.sub(r"\bnotes\.notes\b", "x", text))) if "notes" in text else ()
        )
        reads = any(isinstance(node, ast.Attribute) and node.attr == "notes" for node in nodes)
        if reads or re.search(r"""(get\(|\[)["']notes["']""", text):
            found.add(path.relative_to(ROOT).as_posix())
    assert found == READERS


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_pane_shows_a_scenario_s_notes(path: Path) -> None:
    from nnhs_tui.present.presenting.large_step import draw_large_step
    from nnhs_tui.present.text.large_type import SIZES as TYPES

    session = Session(load(path))
    seen = ""
    for _ in range(4):
        scene = session.scene()
        for name in NAMES:
            seen += text_of(draw(name, scene, 120, 40))
        seen += text_of(draw_large_step(scene, 200, 60, (0, 0), TYPES["unicode"]))
        session.execute("next-phase")
    seen = " ".join(seen.split())
    paragraphs = list(note_paragraphs(session.scenario.notes))
    assert paragraphs
    for paragraph in paragraphs:
        words = paragraph.split()
        for start in range(0, max(1, len(words) - 4), 4):
            assert " ".join(words[start : start + 5]) not in seen
