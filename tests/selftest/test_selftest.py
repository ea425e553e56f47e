"""The self-test as a machine moved by lines of text: what it asks, marks, notes and reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import NnhsError, Refusal
from nnhs_tui.marking.judge import CLOSE, FOLLOWS, RIGHT
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.operations.written import is_of_number
from nnhs_tui.present.selftest.screen import draw_question, hint_texts
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest.asks import CELLS
from nnhs_tui.selftest.opening import open_test, setting_of_session, wanted
from nnhs_tui.selftest.report import advice, report
from nnhs_tui.selftest.selftest import HINTS, SelfTest
from nnhs_tui.selftest.setting import Setting, setting_of
from tests.effort import examples
from tests.random_scenarios import scenarios


def setting(name: str = "two-layer-sigmoid", words: str = "", level: str = "node") -> Setting:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    return wanted(setting_of_session(session), [level, *words.split()])


def begun(*lines: str, words: str = "", level: str = "node", name: str = "two-layer-sigmoid"):
    made = SelfTest(setting(name, words, level))
    for line in lines:
        made.apply(line)
    return made


def answered(made: SelfTest) -> SelfTest:
    """All of it answered with what is right."""
    while not made.finished:
        for place, name in enumerate(made.ask.names):
            made.apply(f"cell {place + 1}")
            made.apply(f"type {made.questions.question(name).expected}")
        made.apply("mark")
    return made


def test_a_right_answer_goes_on_and_a_wrong_one_stays() -> None:
    made = begun("type 1", "mark")
    assert made.ask.title == "hidden.p[2,1]"
    assert made.last[0].verdict == RIGHT
    made.apply("type 2.4")
    made.apply("mark")
    assert made.ask.title == "hidden.p[2,1]"
    assert made.last[0].mistakes == ("sign",)
    assert made.text == "2.4" and made.is_fresh
    made.apply("type -2.4")
    assert not made.is_fresh
    made.apply("mark")
    assert made.right == 2


def test_what_follows_from_one_s_own_number_is_right() -> None:
    made = begun("type 1.3", "mark", "go 4", "type -0.45", "mark")
    assert made.tries_of("hidden.z[1]").answers[0].verdict == FOLLOWS
    assert made.tries_of("hidden.z[1]").answers[0].follows_from == ("hidden.p[1,1]",)


def test_nothing_typed_is_not_marked_and_what_is_no_number_not_counted() -> None:
    made = begun("mark", "type 1.2.3", "mark")
    assert made.right == 0 and not made.tries_of(made.name).answers
    assert "not a number" in made.last[0].message


def test_at_the_level_layer_a_whole_matrix_is_asked() -> None:
    made = begun(level="layer")
    shapes = {ask.title: (ask.rows, ask.columns) for ask in made.asks}
    assert shapes["hidden.z[ ]"] == (1, 2)
    assert shapes["grad hidden.W[ ]"] == (3, 2)
    assert shapes["new output.W[ ]"] == (2, 1)
    assert shapes["loss"] == (1, 1)
    weights = next(ask for ask in made.asks if ask.title == "grad hidden.W[ ]")
    assert weights.names[:3] == (
        *("grad hidden.W[1,1]", "grad hidden.W[1,2]"),
        "grad hidden.W[2,1]",
    )
    made.apply("type -0.75")
    made.apply("mark")
    assert made.at == 0 and made.cell == 1  # the other one is still open
    made.apply("type -1.35")
    made.apply("mark")
    assert made.at == 1


@pytest.mark.parametrize("level", ["layer", "neuron", "node"])
@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.toml")), ids=lambda p: p.stem)
def test_every_scenario_can_be_answered_to_the_end(path: Path, level: str) -> None:
    made = answered(begun(name=path.stem, level=level))
    assert made.right == made.total == len(set(made.names))
    assert max(len(ask.names) for ask in made.asks) <= CELLS
    found = report(made)
    assert sum(each.at_once for each in found.phases.values()) == made.total
    assert not found.mistakes and not found.went_wrong
    assert "All right" in advice(found)[0]


def test_phases_and_what_went_wrong_can_be_asked_alone() -> None:
    made = begun(words="backward")
    assert {ask.phase for ask in made.asks} == {"backward"}
    only = Setting(**{**made.setting.as_data(), "only": ("grad output.z[1]",)})
    assert [ask.title for ask in SelfTest(only).asks] == ["grad output.z[1]"]
    with pytest.raises(Refusal, match="nothing to ask"):
        begun(name="sigmoid-circuit", words="update")
    with pytest.raises(Refusal, match="test takes"):
        begun(words="sideways")


def test_a_seed_gives_everybody_the_same_new_numbers() -> None:
    first, second, own = (begun(words=each) for each in ("seed 7", "seed 7", ""))
    asked = [made.questions.question("hidden.z[1]").exact for made in (first, second, own)]
    assert asked[0] == asked[1] != asked[2]
    assert list(first.names) == list(own.names)
    assert "seed 7" in first.scenario.title


def test_hints_are_noted_and_the_result_makes_it_no_first_try() -> None:
    made = begun("hint", "hint", "type 1", "mark", *["hint"] * 6, "type -2.4", "mark")
    assert made.tries_of("hidden.p[1,1]").hints == 2
    assert made.tries_of("hidden.p[2,1]").hints == len(HINTS)
    forward = report(made).phases["forward"]
    assert (forward.at_once, forward.later, forward.hinted) == (1, 1, 2)
    assert report(made).went_wrong == ("hidden.p[2,1]",)


def test_the_report_counts_by_phase_and_by_mistake_and_says_what_to_practise() -> None:
    made = begun(*["type 1", "mark", "type 2.4", "mark", "type 3.33", "mark", "type -2.4", "mark"])
    made.apply("type 9")
    made.apply("mark")
    found = report(made)
    assert found.mistakes == [("sign", 1)] and found.unknown == 2
    forward = found.phases["forward"]
    assert (forward.at_once, forward.later, forward.wrong) == (1, 1, 1)
    assert forward.left == forward.asked - 3
    assert advice(found)[0] == KNOWN["sign"].tip
    assert all(each.words and each.tip for each in KNOWN.values())


def test_of_several_mistakes_that_give_one_number_one_is_counted() -> None:
    made = begun(words="backward")
    place = [ask.title for ask in made.asks].index("grad output.z[1]")
    for line in (f"go {place + 1}", "type 0.21", "mark"):
        made.apply(line)
    assert made.last[0].mistakes == ("missing-local", "missing-upstream")
    assert report(made).mistakes == [("missing-local", 1)]


@pytest.mark.labels
def test_a_single_slip_makes_no_phase_the_weakest() -> None:
    told = "Most went wrong in the forward phase: practise it by itself."
    slips = ["type 2", "mark", "type 1", "mark", "type 3", "mark", "type -2.4", "mark"]
    assert told not in advice(report(begun(*slips[:4])))
    assert told in advice(report(begun(*slips)))
    assert told not in advice(report(begun(*slips, words="forward"))), "there is no other phase"


def test_while_questions_are_open_nobody_is_told_that_all_is_right() -> None:
    made = begun("type 1", "mark")
    assert made.right == 1 and advice(report(made)) == []
    assert "All right" in advice(report(answered(begun())))[0]


def test_too_much_is_refused() -> None:
    text = 'title = "large"\n[network]\ninputs = 90\n[[network.layers]]\nneurons = 90\n'
    text += f"init = {{ kind = 'zeros' }}\n[[samples]]\nx = {[0.1] * 90}\n"
    large = Setting("large", "large.toml", text, 2)
    with pytest.raises(Refusal, match="one phase, or a smaller net"):
        SelfTest(large)


LINES = st.one_of(
    st.builds("type {}".format, st.text("0123456789.,-/e", max_size=6)),
    st.builds("go {}".format, st.integers(0, 50)),
    st.builds("cell {}".format, st.integers(0, 9)),
    st.sampled_from(["mark", "hint", "finish", "", "type", "go x", "nothing", "mark now"]),
    st.text(max_size=12),
)


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["layer", "neuron", "node"]), st.lists(LINES, max_size=25))
def test_any_lines_leave_a_sound_state_and_lead_there_again(
    text: str, level: str, lines: list[str]
) -> None:
    about = Setting("made", "made.toml", text, 2, level=level)
    try:
        made = SelfTest(about)
    except NnhsError:
        return
    for line in lines:
        made.apply(line)
        assert 0 <= made.at < len(made.asks)
        assert 0 <= made.cell < len(made.ask.names)
        assert all(map(is_of_number, made.text))
        assert 0 <= made.right <= made.total
    again = SelfTest(about)
    for line in lines:
        again.apply(line)
    assert (again.at, again.cell, again.typed) == (made.at, made.cell, made.typed)
    assert again.tries == made.tries
    found = report(made)
    assert sum(each.asked for each in found.phases.values()) == made.total
    assert all(each.wrong >= 0 for each in found.phases.values())


def test_a_setting_survives_json_and_nonsense_is_none() -> None:
    about = setting(words="backward seed 3", level="layer")
    assert setting_of(about.as_data()) == about
    good = about.as_data()
    for bad in (None, [], {}, {**good, "digits": 9}, {**good, "level": "x"}, {**good, "more": 1},
                {**good, "seed": -1}, {**good, "phases": ["x"]}, {**good, "text": 3}):  # fmt: skip
        assert setting_of(bad) is None


def test_a_slip_that_is_mended_takes_back_what_followed_from_it() -> None:
    made = begun("type 1.3", "mark", "go 4", "type -0.45", "mark", "go 1", "type 1", "mark")
    assert made.tries_of("hidden.p[1,1]").is_right
    assert not made.tries_of("hidden.z[1]").is_right


def test_a_wrong_number_that_still_stands_there_counts_once() -> None:
    made = begun(level="layer")
    for line in ("type 9", "cell 2", "type 8", "mark", "type -0.75", "mark", "mark"):
        made.apply(line)
    assert report(made).unknown == 2
    assert len(made.tries_of("hidden.z[2]").answers) == 1


def test_hints_fall_back_where_nothing_can_be_done_by_hand() -> None:
    made = begun(name="softmax-cross-entropy", words="seed 1")
    by_hand = Setting(**{**made.setting.as_data(), "digits": 0, "arithmetic": "hand"})
    for seed in range(1, 12):
        test = SelfTest(replace(by_hand, seed=seed))
        assert test.session.arithmetic_name in ("hand", "exact")


def test_large_matrices_are_asked_in_parts_that_say_so() -> None:
    made = begun(name="training-loop", level="layer")
    titles = [ask.title for ask in made.asks]
    assert "grad hidden.W[ ] rows 1–9" in titles and "grad hidden.W[ ] row 10" in titles


def test_the_third_hint_says_what_goes_in_where_the_numbers_are_the_result() -> None:
    made = begun(name="sigmoid-circuit")
    assert hint_texts(made)[1:] == ["A = -x", "x = 1.00", "-1.00"]


def test_it_says_that_edits_and_later_rounds_are_not_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    for command, words in (("apply", "round 1"), ("edit x[1] 7", "without your edits")):
        session.execute(command)
        opened = open_test(session, "new")
        assert words in opened.message
        assert ("without your edits" in opened.message) == bool(session.edits)
        assert opened.log is not None
        opened.log.close()


def question(made: SelfTest) -> str:
    lines = draw_question(made, 100, 20)
    return "\n".join("".join(text for text, _ in line) for line in lines)


def test_in_a_grid_what_is_simply_right_says_nothing_and_the_rest_why() -> None:
    made = begun(level="layer")
    for line in ("type 9", "cell 2", "type -1.35", "mark"):
        made.apply(line)
    assert "✗ hidden.z[1] = 9: " in question(made) and "hidden.z[2] = " not in question(made)
    for line in ("go 2", "type 1.00", "cell 2", "type 0.22", "mark"):
        made.apply(line)
    assert [each.verdict for each in made.last] == [FOLLOWS, CLOSE]
    drawn = question(made)
    assert "✓ hidden.a[1] = 1.00: right, going on from your own hidden.z[1]" in drawn
    assert "✓ hidden.a[2] = 0.22: close" in drawn
