"""The hall: questions, answers, tallies, results."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.hall.asking import Asker
from nnhs_tui.hall.hall import Hall
from nnhs_tui.hall.people import LONGEST_NAME, People, clean_name
from nnhs_tui.hall.poll import Poll
from nnhs_tui.hall.results import write_results
from nnhs_tui.present.hall import draw_bars, draw_hall, draw_stuck
from nnhs_tui.present.text.lines import line_cells
from nnhs_tui.public import load


def session_at(step: str, name: str = "two-layer-sigmoid") -> Session:
    session = Session(load(name))
    assert session.execute(f"goto {step}").kind != "refused"
    return session


def texts(lines: list) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def asked(hall: Hall, session: Session, argument: str = "", *, hints: bool = True) -> Poll:
    return hall.ask(Asker().number(session, argument), hints=hints, seconds=None)


def test_answers_are_counted_by_what_became_of_them() -> None:
    hall, session = Hall(), session_at("hidden.a[1]")
    poll = asked(hall, session)
    ada, bo, cy, _ = (hall.come(name) for name in ("Ada", "Bo", "Cy", "Di"))
    # σ(−0.75) = 0.3208…; 1/(1 + e^−0.75) = 0.679 is what a forgotten sign gives.
    assert hall.answer(ada, "0,32").is_right
    assert hall.answer(bo, "0.68").mistake == "exp-sign"
    assert hall.answer(cy, "7").verdict == "wrong"
    tally = poll.tally(-1, len(hall.people))
    assert (tally.asked, tally.answered, tally.right, tally.others) == (4, 3, 1, 1)
    assert tally.mistakes == (("exp-sign", 1),)


def test_what_follows_from_an_earlier_slip_is_told_apart() -> None:
    hall, session = Hall(), session_at("hidden.z[1]")
    ada = hall.come("Ada")
    asked(hall, session)
    hall.answer(ada, "0.75")
    session.execute("goto hidden.a[1]")
    poll = asked(hall, session)
    # σ(0.75) = 0.679…
    assert hall.answer(ada, "0.68").verdict == "follows"
    tally = poll.tally(-1, 1)
    assert (tally.right, tally.follows, tally.mistakes) == (0, 1, ())


def test_what_cannot_be_read_is_no_answer_and_a_later_one_replaces_the_first() -> None:
    hall = Hall()
    poll = asked(hall, session_at("hidden.a[1]"))
    ada = hall.come("Ada")
    assert hall.answer(ada, "hallo").verdict == "unreadable" and not poll.times[-1]
    hall.answer(ada, "7")
    hall.answer(ada, "0.32")
    assert poll.tally(-1, 1).right == 1 and poll.tally(-1, 1).answered == 1


def test_asked_again_both_times_stand_beside_each_other() -> None:
    hall = Hall()
    poll = asked(hall, session_at("hidden.a[1]"))
    ada, bo = hall.come("Ada"), hall.come("Bo")
    hall.answer(ada, "0.68")
    hall.answer(bo, "0.68")
    hall.ask_again()
    hall.answer(ada, "0.32")
    hall.answer(bo, "0.68")
    told = texts(draw_bars(poll, 2, 80))
    assert "first" in told and "then" in told
    rows = [line for line in told.split("\n") if line.startswith(("right", "the sign in exp"))]
    counts = [[int(word) for word in row.split() if word.isdigit()] for row in rows]
    assert counts == [[0, 1], [2, 1]]


def test_the_commonest_mistake_comes_first() -> None:
    hall = Hall()
    poll = asked(hall, session_at("output.a[1]"))
    # σ(0.78) = 0.69; 0.31 has the sign of exp( ) lost, 0.78 is z handed on.
    for number, answer in enumerate(("0.31", "0.78", "0.78", "0.78")):
        assert hall.answer(hall.come(str(number)), answer).mistake
    assert poll.tally(-1, 4).mistakes == (("no-activation", 3), ("exp-sign", 1))


def test_a_bar_is_as_long_as_the_part_that_gave_the_answer() -> None:
    hall = Hall()
    poll = asked(hall, session_at("hidden.a[1]"))
    for number in range(8):
        person = hall.come(str(number))
        if number < 4:
            hall.answer(person, "0.32" if number else "7")
    bars = {
        line.split("  ")[0]: line.count("█") for line in texts(draw_bars(poll, 8, 80)).split("\n")
    }
    room = bars["no answer yet"] * 2
    assert room > 40 and bars["right"] == -(-3 * room // 8)
    assert bars["another wrong answer"] == -(-room // 8)


def test_nothing_is_taken_once_it_is_closed_and_a_time_closes_it() -> None:
    now = iter(count())
    hall = Hall(lambda: next(now) * 4.0)
    poll = hall.ask(Asker().number(session_at("hidden.a[1]"), ""), hints=True, seconds=10)
    ada = hall.come("Ada")
    assert hall.answer(ada, "0.3") is not None
    hall.look_at_the_time()
    hall.look_at_the_time()
    assert not poll.is_open and hall.answer(ada, "0.32") is None
    assert poll.tally(-1, 1).right == 0


def test_the_answer_is_hidden_from_the_step_that_finds_it_on() -> None:
    session = session_at("hidden.a[1]")
    question = Asker().number(session, "")
    assert question.seen_from == (0, session.index)
    assert question.name == "hidden.a[1]" and question.expected == "0.32"
    assert Asker().grows(session).seen_from == (0, session.schedule.update_start(0))


def test_of_several_samples_and_rounds_the_one_on_the_screen_is_asked() -> None:
    session = session_at("sample 2: hidden.a[1]", "three-samples")
    question = Asker().number(session, "")
    assert question.name == "sample 2: hidden.a[1]"
    assert question.seen_from == (0, session.index)
    session = session_at("hidden.a[1]")
    for command in ("last", "apply", "goto hidden.a[1]"):
        session.execute(command)
    question = Asker().number(session, "")
    assert question.name == "round 2: hidden.a[1]" and question.seen_from[0] == 1


def test_edited_numbers_are_asked_as_they_are_and_kept_apart() -> None:
    hall, session = Hall(), session_at("hidden.z[1]")
    session.execute("edit x[1] 4")
    asked(hall, session)
    ada = hall.come("Ada")
    # 4·0.5 − 3·0.8 + 0.5·1.3 = 0.25, by hand in the head.
    assert hall.answer(ada, "0.25").is_right
    assert not hall.has_answers(of_file=True) and "0.25" in hall.results(of_file=False)


def rising(session: Session, names: list[str]) -> list[str]:
    """The parameters that go up: those with a gradient below 0."""
    total = session.run.round(0).total
    gradients = {session.names.name(each): total[each] for each in range(len(total))}
    return [name for name in names if gradients[name] < 0]


def test_the_answer_that_is_revealed_is_the_one_on_the_screen() -> None:
    session = session_at("output.a[1]")
    # By hand every step is rounded: σ(0.78) = 0.69; exact it is σ(0.776…) = 0.68.
    assert Asker().number(session, "").expected == "0.69"
    session.execute("arithmetic exact")
    question = Asker().number(session, "")
    assert question.expected == "0.68" and question.given("0.69", {}).is_right
    for answer in ("0.68", "0.69"):
        assert question.given(answer, {}).is_right


def test_a_question_with_letters_takes_all_that_are_right() -> None:
    session = session_at("grad hidden.W[1,1]")
    question = Asker().grows(session)
    *names, none = question.choices
    assert names == [f"hidden.W[{row},{column}]" for row in (1, 2, 3) for column in (1, 2)]
    assert not rising(session, names) and question.expected == none == "none of them"
    assert question.given("g", {}).is_right and not question.given("a", {}).is_right
    # The slopes of the two neurons have other signs with this weight behind one of them.
    session.execute("edit output.W[1,1] -1.2")
    found = rising(session, names)
    question = Asker().grows(session)
    assert 0 < len(found) < len(names) and question.expected == ", ".join(found)
    letters = " ".join("abcdef"[names.index(name)] for name in found)
    assert question.given(letters, {}).is_right and not question.given("g", {}).is_right
    assert question.given("z", {}).verdict == "unreadable"


def test_the_next_question_is_one_where_the_commonest_mistake_can_be_made() -> None:
    hall, session, asker = Hall(), session_at("hidden.a[1]"), Asker()
    poll = hall.ask(asker.number(session, ""), hints=True, seconds=None)
    assert asker.next_after(session, poll) == ""
    hall.answer(hall.come("Bo"), "0.68")
    name = asker.next_after(session, poll)
    assert name == "hidden.a[2]"


def test_results_are_read_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hall = Hall()
    asked(hall, session_at("hidden.a[1]"))
    for name, answer in (("Ada", "0.32"), ("=1+1", "0.68"), ("Ada", "0.5")):
        hall.answer(hall.come(name), answer)
    path = tmp_path / "results.csv"
    write_results(path, hall.results(of_file=True))
    assert path.stat().st_mode & 0o777 == 0o600
    assert "'=1+1" in path.read_text("utf-8")
    assert main(["check", "two-layer-sigmoid", str(path)]) == 1
    told = capsys.readouterr().out
    assert "3 sheets: 1 of 3 right" in told and "(Ada 3)" in told and "exp( )" in told


def test_who_is_sent_away_is_counted_no_more() -> None:
    hall = Hall()
    gone: list[str] = []
    hall.on_refusal(lambda person: gone.append(person.name))
    poll = asked(hall, session_at("hidden.a[1]"))
    hall.answer(hall.come("Rude"), "0.32")
    hall.refuse("Rude")
    assert gone == ["Rude"] and poll.tally(-1, 0).answered == 0 and len(hall.people) == 0
    with pytest.raises(Refusal, match="nobody here is called 'Rude'"):
        hall.refuse("Rude")


@given(st.text(max_size=80))
def test_a_name_is_one_line_that_moves_no_cursor(name: str) -> None:
    found = clean_name(name)
    assert len(found) <= LONGEST_NAME and found == found.strip()
    assert all(each.isprintable() for each in found)


@given(st.lists(st.sampled_from(("Ada", "Bo", "", "x" * 40)), max_size=12))
def test_no_two_have_one_name(names: list[str]) -> None:
    people = People()
    found = [people.come(each).name for each in names]
    assert len(set(found)) == len(found) and all(found)


@given(st.integers(20, 160), st.integers(1, 50), st.booleans())
def test_what_the_presenter_sees_fits(width: int, height: int, with_names: bool) -> None:
    hall = crowded()
    for lines in (
        draw_hall(hall, width, height, with_names=with_names),
        draw_stuck(hall, width, height),
    ):
        assert len(lines) <= height and all(line_cells(each) <= width for each in lines)


HALLS: list[Hall] = []


def crowded() -> Hall:
    """A hall in which much was answered, twice."""
    if not HALLS:
        hall = Hall()
        asked(hall, session_at("hidden.a[1]"))
        people = [hall.come(f"pupil {number}") for number in range(40)]
        for answers in (("0.32", "0.68", "0.5"), ("0.32", "0.32", "0.68")):
            for person, answer in zip(people, cycle_of(answers), strict=False):
                hall.answer(person, answer)
            hall.ask_again()
        for person in people[::2]:
            hall.stand(person, "forward, step 3 of 55")
        HALLS.append(hall)
    return HALLS[0]


def cycle_of(answers: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from answers


def test_nobody_has_the_name_that_was_made_for_somebody_else() -> None:
    people = People()
    # The third would be called "ada 3", as the first has called themselves.
    names = [people.come(name).name for name in ("ada 3", "ada", "ada", "ada", "ada 3")]
    assert len(set(names)) == 5 and names[:2] == ["ada 3", "ada"]
    assert all(len(people.come("x" * LONGEST_NAME).name) <= LONGEST_NAME for _ in range(3))


@pytest.mark.parametrize("typed", ["0.32\u202e", "0.32\x1b[2J", "0.32\ud800"])
def test_what_is_no_sign_of_a_number_reaches_neither_screen_nor_file(typed: str) -> None:
    hall = Hall()
    asked(hall, session_at("hidden.a[1]"))
    ada = hall.come("Ada")
    hall.stand(ada, "forward")
    assert hall.answer(ada, typed).verdict == "unreadable"
    told = hall.results(of_file=True) + texts(draw_stuck(hall, 80, 24))
    assert typed not in told and told.replace("\n", "").isprintable()
    told.encode("utf-8")
