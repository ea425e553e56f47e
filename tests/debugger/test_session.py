"""The session as a state machine: whatever way a step is reached, it shows the same."""

import decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.commands.commands import BY_WORD, COMMANDS, SESSION, parse
from nnhs_tui.debugger.actions import stepping
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.scenario.library import own_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

NET = """
title = "a net"
digits = 2
[network]
inputs = 2
[[network.layers]]
name = "hidden"
weights = [[0.5, -0.3], [0.8, 0.2]]
bias = [0.1, 0.2]
activation = "tanh"
[[network.layers]]
name = "output"
weights = [[0.7], [-0.4]]
[loss]
kind = "mse"
[training]
learning_rate = 0.5
frozen = ["hidden.b"]
[[samples]]
x = [1.0, 0.5]
t = [0.25]
[[samples]]
x = [-1.0, 2.0]
t = [1.0]
"""
GRAPH = """
title = "a graph"
arithmetic = "hand"
[graph]
inputs = { x = 1.5 }
parameters = { w = -2.0 }
[graph.nodes]
y = "x * w + x * x"
z = "sigmoid(y) * y"
"""
LIMITED = """
title = "hand arithmetic cannot do this"
[graph]
inputs = { x = 0.001 }
parameters = { w = 1.0 }
[graph.nodes]
a = "x * w"
y = "1 / a"
[training]
learning_rate = 1e-9
"""


def session_of(text: str) -> Session:
    return Session(loaded(text))


def state(session: Session) -> tuple[Any, ...]:
    return session.arithmetic_name, session.digits, session.round, session.index


def everything(session: Session) -> tuple[Any, ...]:
    """The state, the level, and how the step is written."""
    return *state(session), session.cursor, session.view


def shown(scene: Scene) -> list[Any]:
    """Everything a screen could show of a scene's numbers."""
    tape = scene.run.tape
    found: list[Any] = [scene.step, scene.phase, scene.sample, scene.loss, scene.digits]
    for node in range(tape.size):
        gradient = scene.gradient(node)
        terms = [(term.value, term.done) for term in gradient.terms]
        found.append((scene.value(node), scene.known(node), terms))
        found.append((gradient.value, gradient.settled, gradient.so_far))
    for node in range(tape.parameters):
        found.append((scene.parameter_gradient(node), scene.updated(node)))
        round_ = scene.round
        found.append((round_.before[node], round_.accumulated[node], round_.after[node]))
    return found


def reached(text: str, goal: tuple[Any, ...]) -> Session:
    """A fresh session taken straight to a state."""
    name, digits, number, index = goal
    session = session_of(text)
    for command in (f"digits {digits}", f"arithmetic {name}"):
        assert session.execute(command).kind != REFUSED, command
    while session.round < number:
        assert session.execute("apply").kind == MOVED
    session.execute(f"goto {index + 1}")
    assert state(session) == goal
    return session


WORDS = [command.word for command in COMMANDS if command.scope == SESSION]
COMMAND_TEXTS = st.one_of(
    st.sampled_from(["next", "back", "next", "back", "next-phase", "previous-phase", "apply"]),
    st.sampled_from([word for word in WORDS if BY_WORD[word].argument is None]),
    st.integers(-1, 120).map(lambda n: f"goto {n}"),
    st.integers(0, 99).map(str),
    st.integers(0, 5).map(lambda n: f"round {n}"),
    st.integers(-1, 8).map(lambda n: f"digits {n}"),
    st.sampled_from(["level layer", "level neuron", "level node", "form", "notation", "draw"]),
    st.sampled_from(
        ["break", "break h", "break loss > 0", "continue", "from", "search h", "watch"]
    ),
    st.sampled_from(["arithmetic", "arithmetic hand", "arithmetic exact", "arithmetic none"]),
    st.sampled_from(["", "nxt", "goto", "goto x", "digits", "next 3", "quit", "pane 2", "²", "\n"]),
)


@settings(max_examples=examples(120))
@given(st.sampled_from([NET, GRAPH, LIMITED]), st.lists(COMMAND_TEXTS, max_size=25))
def test_a_state_shows_the_same_whatever_led_there(text: str, commands: list[str]) -> None:
    session = session_of(text)
    for command in commands:
        before, rounds = everything(session), session.rounds
        outcome = session.execute(command)
        if outcome.kind == MOVED:
            assert everything(session) != before or command in ("reset", "restart")
        else:
            assert outcome.kind in (UNCHANGED, REFUSED)
            assert everything(session) == before, command
            assert session.rounds == rounds
        if outcome.kind == REFUSED:
            assert outcome.message
        assert "\n" not in outcome.message
        assert 0 <= session.index < session.total
        assert 0 <= session.round < session.rounds
    assert shown(session.scene()) == shown(reached(text, state(session)).scene())


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_next_and_back_undo_each_other(text: str, kind: str) -> None:
    try:
        session = Session(loaded(text), arithmetic=kind)
    except ComputationError:
        return
    there = [state(session)]
    first = shown(session.scene())
    while session.execute("next").kind == MOVED:
        there.append(state(session))
    assert len(there) == session.total
    while session.execute("back").kind == MOVED:
        there.pop()
        assert state(session) == there[-1]
    assert len(there) == 1
    assert shown(session.scene()) == first


@settings(max_examples=examples(40))
@given(scenarios())
def test_nothing_becomes_unknown_on_the_way_forward(text: str) -> None:
    session = session_of(text)
    tape = session.tape
    known: set[int] = set()
    settled: set[int] = set()
    sample = 0
    for index in range(session.total):
        session.execute(f"goto {index + 1}")
        scene = session.scene()
        if scene.sample != sample:
            sample, known, settled = scene.sample, set(), set()
        now = {node for node in range(tape.size) if scene.known(node)}
        whole = {node for node in range(tape.size) if scene.gradient(node).settled}
        assert known <= now
        assert settled <= whole
        assert all(scene.value(node) is None for node in set(range(tape.size)) - now)
        if scene.phase == "forward":
            assert scene.step.node in now
            assert not whole
            assert len(now) == scene.step.node + 1
        known, settled = now, whole
    if tape.parameters:
        assert known == set(range(tape.size))


def test_the_gradient_grows_term_by_term() -> None:
    session = session_of(GRAPH)
    x = session.names.id("x")
    sums = []
    for index in range(session.total):
        session.execute(f"goto {index + 1}")
        gradient = session.scene().gradient(x)
        if not sums or gradient.so_far != sums[-1]:
            sums.append(gradient.so_far)
    terms = [term.value for term in session.scene().gradient(x).terms]
    assert len(terms) == 3
    assert sums[0] is None
    assert sums[1:] == [sum(terms[: k + 1]) for k in range(3)]


@settings(max_examples=examples(60))
@given(scenarios())
def test_the_step_on_show_has_been_taken_and_the_next_has_not(text: str) -> None:
    session = session_of(text)
    schedule = session.run.schedule
    for index in range(schedule.forward, schedule.per_sample):
        session.execute(f"goto {index + 1}")
        scene = session.scene()
        step = scene.step
        gradient = scene.gradient(step.target)
        done = [(term.arrival.node, term.arrival.place) for term in gradient.terms if term.done]
        if not step.is_join:
            assert done[-1] == (step.node, step.place)
        last = index - schedule.forward == schedule.settled(step.target)
        assert gradient.settled == last
        if step.is_join:
            assert len(done) == len(gradient.terms)
        assert not any(
            t.done for t in gradient.terms if t.arrival.offset > index - schedule.forward
        )


def test_a_later_round_may_be_where_an_arithmetic_cannot_do_it() -> None:
    """1.004 - 1 is 0.00 by hand: ln 0 in the second round, not in the first."""
    text = """
title = "later"
[graph]
parameters = { w = 1.004 }
[graph.nodes]
y = "log(w) * 0 + w"
[training]
learning_rate = 1
"""
    session = session_of(text)
    assert session.execute("arithmetic hand").kind == MOVED
    assert session.execute("apply").kind == REFUSED
    assert session.execute("arithmetic exact").kind == MOVED
    assert session.execute("apply").kind == MOVED
    before = state(session)
    outcome = session.execute("arithmetic hand")
    assert outcome.kind == REFUSED
    assert "logarithm of 0" in outcome.message
    assert state(session) == before


def test_a_walk_through_two_rounds() -> None:
    session = session_of(NET)
    session.execute("last")
    assert session.execute("next").kind == UNCHANGED
    assert "apply" in session.execute("next").message
    losses = [session.run.round(number).loss for number in (0, 1)]
    told = f"update applied: loss {losses[0]:.2f} → {losses[1]:.2f}; round 2 begins"
    outcome = session.execute("apply")
    assert (outcome.kind, outcome.message) == (MOVED, told)
    assert state(session) == ("exact", 2, 1, 0)
    assert session.execute("back").kind == MOVED
    assert state(session) == ("exact", 2, 0, session.total - 1)
    assert session.execute("next").kind == MOVED
    assert state(session) == ("exact", 2, 1, 0)
    assert session.execute("round 1").kind == MOVED
    assert "round 2 is there already" in session.execute("apply").message
    assert (session.round, session.rounds) == (1, 2)
    assert session.execute("round 3").kind == REFUSED
    assert session.execute("reset").kind == MOVED
    assert (session.rounds, state(session)) == (1, ("exact", 2, 0, 0))
    first = session.execute("back")
    assert first.kind == UNCHANGED
    assert first.message


def test_parameters_of_a_round_are_those_of_the_last_update() -> None:
    session = session_of(NET)
    after = session.scene().round.after.tolist()
    session.execute("apply")
    assert session.scene().record.value[: session.tape.parameters].tolist() == after


@pytest.mark.labels
def test_each_arithmetic_is_a_branch() -> None:
    session = session_of(NET)
    session.execute("apply")
    session.execute("apply")
    exact = session.scene().record.value.tolist()
    assert session.execute("arithmetic").message.startswith("hand arithmetic")
    assert session.round == 2
    assert session.scene().record.value.tolist() != exact
    message = session.execute("branches").message
    assert "exact: 3 rounds" in message
    assert "hand to 2 decimals: 3 rounds" in message
    session.execute("arithmetic exact")
    assert session.scene().record.value.tolist() == exact


@pytest.mark.labels
def test_an_update_in_another_branch_says_that_the_rounds_stay() -> None:
    session = session_of(NET)
    session.execute("apply")
    session.execute("apply")
    session.execute("round 1")
    session.execute("arithmetic hand")
    message = session.execute("apply").message
    assert "branch" in message
    assert "hand to 2 decimals" in message
    assert "exact stay" in message
    session.execute("arithmetic exact")
    assert session.rounds == 3
    assert session.execute("arithmetic exact").kind == UNCHANGED


@pytest.mark.labels
def test_after_a_single_update_the_rounds_of_the_other_branch_stay_too() -> None:
    session = session_of(NET)
    for command in ("apply", "round 1", "reset", "apply", "round 1", "digits 3", "arithmetic hand"):
        session.execute(command)
    assert session.execute("apply").message.endswith(
        "(hand to 3 decimals); the rounds in exact stay"
    )


@pytest.mark.labels
def test_what_an_arithmetic_does_to_the_rounds_before_is_said_where_it_does() -> None:
    session = session_of(NET)
    assert session.execute("arithmetic hand").message.endswith("rounded to 2 decimals")
    session.execute("arithmetic exact")
    session.execute("apply")
    assert session.execute("arithmetic hand").message.endswith("; so was the update before")
    assert session.execute("arithmetic exact").message == "exact arithmetic: no rounding"
    session.execute("apply")
    assert session.execute("arithmetic hand").message.endswith("; so were the 2 updates before")


def test_hand_arithmetic_has_a_branch_for_each_number_of_decimals() -> None:
    session = session_of(GRAPH)
    by_digits = {}
    for digits in range(7):
        session.execute(f"digits {digits}")
        by_digits[digits] = str(session.scene().record.value[session.names.id("z")])
        assert len(by_digits[digits].partition(".")[2]) == digits
    assert session.execute("digits 7").kind == REFUSED
    assert session.execute("digits 6").kind == UNCHANGED
    assert session.execute("more-digits").kind == UNCHANGED
    for digits in range(5, -1, -1):
        session.execute("fewer-digits")
        assert session.digits == digits
        assert str(session.scene().record.value[session.names.id("z")]) == by_digits[digits]
    assert session.execute("fewer-digits").kind == UNCHANGED


@pytest.mark.labels
def test_one_decimal_is_not_called_decimals() -> None:
    session = session_of(GRAPH)
    assert session.execute("digits 1").message == "1 decimal"
    assert session.execute("digits 1").message == "already 1 decimal"
    session.execute("arithmetic exact")
    assert session.execute("arithmetic hand").message.endswith("rounded to 1 decimal")
    assert "hand to 1 decimal: 1 round" in session.execute("branches").message


@pytest.mark.labels
def test_exact_arithmetic_has_one_branch_for_all_decimals() -> None:
    session = session_of(NET)
    value = session.scene().record.value.tolist()
    for digits in range(7):
        session.execute(f"digits {digits}")
        assert session.scene().record.value.tolist() == value
        assert session.scene().digits == digits
    assert session.execute("branches").message == "exact: 1 round"


@pytest.mark.labels
def test_an_arithmetic_that_cannot_do_it_is_refused_and_nothing_changes() -> None:
    session = session_of(LIMITED)
    session.execute("goto 3")
    before, numbers = state(session), shown(session.scene())
    for command in ("arithmetic hand", "arithmetic"):
        outcome = session.execute(command)
        assert outcome.kind == REFUSED
        assert "y" in outcome.message
        assert "division by 0" in outcome.message
        assert state(session) == before
        assert shown(session.scene()) == numbers
    assert session.execute("branches").message == "exact: 1 round"
    session.execute("digits 3")
    assert session.execute("arithmetic hand").kind == MOVED
    assert session.execute("digits 2").kind == REFUSED
    assert state(session) == ("hand", 3, 0, 2)


def test_an_update_that_overflows_is_refused() -> None:
    text = """
title = "explodes"
[graph]
parameters = { w = 1e100 }
[graph.nodes]
y = "w * w * w"
[training]
learning_rate = 1e100
"""
    session = session_of(text)
    before = state(session)
    outcome = session.execute("apply")
    assert outcome.kind == REFUSED
    assert "y" in outcome.message
    assert (state(session), session.rounds) == (before, 1)


def test_a_first_round_that_overflows_opens_no_session() -> None:
    with pytest.raises(ComputationError):
        session_of('title = "no"\n[graph]\ninputs = { x = 0 }\n[graph.nodes]\ny = "1 / x"')


def test_nothing_to_update_is_refused() -> None:
    session = session_of('title = "no"\n[graph]\ninputs = { x = 2 }\n[graph.nodes]\ny = "1 / x"')
    assert session.execute("apply").kind == REFUSED
    assert session.execute("last").kind == MOVED
    assert session.index == session.total - 1


@pytest.mark.parametrize("error", [decimal.Overflow, ZeroDivisionError, FloatingPointError])
def test_what_nobody_thought_of_is_refused_and_never_a_crash(monkeypatch, error) -> None:
    session = session_of(NET)
    before = state(session)

    def fails(session: Session, argument: str) -> None:
        raise error

    monkeypatch.setitem(stepping.ACTIONS, "next", fails)
    outcome = session.execute("next")
    assert outcome.kind == REFUSED
    assert outcome.message == f"next: a number in it cannot be computed ({error.__name__})"
    assert state(session) == before


def test_phases() -> None:
    session = session_of(NET)
    starts = [start for start, _, _ in session.run.schedule.phases()]
    assert len(starts) == 5
    for start in starts[1:]:
        assert session.execute("next-phase").kind == MOVED
        assert session.index == start
    assert session.execute("next-phase").kind == MOVED
    assert session.index == session.total - 1
    assert session.execute("next-phase").kind == UNCHANGED
    session.execute(f"goto {starts[3] + 3}")
    assert session.execute("previous-phase").kind == MOVED
    assert session.index == starts[3]
    assert session.execute("previous-phase").kind == MOVED
    assert session.index == starts[2]
    session.execute("first")
    assert session.execute("previous-phase").kind == UNCHANGED


@pytest.mark.parametrize(
    "command, words",
    [
        ("nxt", "did you mean next?"),
        ("appply", "did you mean apply?"),
        ("aritmetic hand", "did you mean arithmetic?"),
        ("xyzzy", "there is no command 'xyzzy'"),
        ("", "there is no command"),
        ("next 2", "next takes no argument"),
        ("goto", "goto needs STEP"),
        ("goto 0", "from 1 to"),
        ("goto 1000000", "from 1 to"),
        ("goto 99999999999999999999", "from 1 to"),
        ("goto -1", "from 1 to"),
        ("goto 1.5", "from 1 to"),
        ("goto ²", "from 1 to"),
        ("goto ٣", "from 1 to"),
        ("round 2", "from 1 to 1"),
        ("digits 7", "from 0 to 6"),
        ("digits", "digits needs"),
        ("arithmetic approximate", "exact or hand"),
        ("zoom", "screen"),
        ("pane 2", "screen"),
    ],
)
def test_refusals_say_why(command: str, words: str) -> None:
    session = session_of(NET)
    outcome = session.execute(command)
    assert outcome.kind == REFUSED
    assert words in outcome.message
    assert state(session) == ("exact", 2, 0, 0)


def test_commands_may_be_written_with_spaces_and_a_number_alone_is_goto() -> None:
    session = session_of(NET)
    assert session.execute("  goto   7 ").kind == MOVED
    assert session.index == 6
    assert session.execute(" 3 ").kind == MOVED
    assert session.index == 2


EXAMPLES = {
    "edit": "x[1] 2",
    "arithmetic": "hand",
    "level": "neuron",
    "search": "W",
    "run-to": "9",
    "enable": "all",
} | {
    "disable": "all",
    "delete": "all",
}
"""Arguments of commands that cannot be carried out with 1, or do nothing without one."""


@pytest.mark.labels
def test_every_word_is_known_and_every_session_command_has_a_handler(tmp_path: Path) -> None:
    assert len(BY_WORD) == len(COMMANDS)
    path = tmp_path / "net.toml"
    path.write_text(NET, encoding="utf-8")
    session = Session(load(path))
    for command in COMMANDS:
        assert command.help.endswith(".")
        example = EXAMPLES.get(command.word, "1" if command.needs_argument else "")
        argument = example if command.argument is not None else ""
        assert parse(f"{command.word} {argument}")[0] is command
        if command.scope == SESSION:
            session.execute("break hidden")
            if session.rounds == 1:
                # So that there is something to compare.
                session.execute("apply")
            outcome = session.execute(f"{command.word} {argument}")
            assert outcome.kind in (MOVED, UNCHANGED), (command.word, outcome.message)
    (own_folder() / "1.toml").unlink()
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(set(keys)) == len(keys)
    with pytest.raises(Refusal):
        parse("nothing")


def test_the_options_of_a_session_outrank_the_file() -> None:
    session = Session(loaded(NET), arithmetic="hand", digits=0)
    assert (session.arithmetic_name, session.digits) == ("hand", 0)
    session.execute("digits 4")
    session.execute("reset")
    assert (session.arithmetic_name, session.digits) == ("hand", 0)
