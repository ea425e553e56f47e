"""What is gone on to, and how much work that may be: counted, and the same whatever else is asked.

What a sheet costs is counted, not timed: `make bench ARGS=marking` has the times.
"""

from __future__ import annotations

from math import exp, log
from random import Random

import numpy as np
import pytest

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.marking import second_look
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.calculation.line import Line
from nnhs_tui.marking.calculation.numbers import own_numbers, right_numbers
from nnhs_tui.marking.judge import FOLLOWS, RIGHT, WRONG, Judge, is_right
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import MOST_ROUNDS, Questions
from nnhs_tui.marking.second_look import FEW_LINES, FEW_LOOKS, TOO_LONG, TOO_MANY
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load

MINI = """
title = "Mini"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[0.5]]
bias = [0.1]
[loss]
kind = "sse"
[training]
rounds = 20
learning_rate = 0.1
[[samples]]
x = [1.0]
t = [2.0]
"""


class Counted:
    """How often a method is called."""

    def __init__(self, patch: pytest.MonkeyPatch, of: type, name: str) -> None:
        self.calls = 0
        method = getattr(of, name)

        def call(*arguments: object) -> object:
            self.calls += 1
            return method(*arguments)

        patch.setattr(of, name, call)


def made(text: str) -> Questions:
    return Questions(from_text(text, "net.toml"))


def names(questions: Questions) -> list[str]:
    """What a worksheet asks at its finest level."""
    schedule = questions.schedule
    return [name_of(questions.names, each, schedule) for each in asked(schedule, "node")]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


class Flowers:
    """A net 4→8→3 with 150 samples, as a scenario and in plain numpy."""

    def __init__(self) -> None:
        random = np.random.default_rng(3)
        self.w1, self.w2 = (random.uniform(-1, 1, n).round(1) for n in ((4, 8), (8, 3)))
        self.b1, self.b2 = np.full(8, 0.1), np.full(3, 0.1)
        self.x = random.uniform(0, 2.5, (150, 4)).round(1)
        self.t = np.eye(3)[np.arange(150) % 3]

    def toml(self) -> str:
        samples = "".join(
            f"[[samples]]\nx = {x.tolist()}\nt = {t.tolist()}\n"
            for x, t in zip(self.x, self.t, strict=True)
        )
        return f"""title = "Flowers"
[network]
inputs = 4
[[network.layers]]
name = "hidden"
weights = {self.w1.tolist()}
bias = {self.b1.tolist()}
activation = "sigmoid"
[[network.layers]]
name = "out"
weights = {self.w2.tolist()}
bias = {self.b2.tolist()}
activation = "softmax"
[loss]
kind = "cross_entropy"
[training]
rounds = 20
learning_rate = 0.5
reduction = "mean"
{samples}"""

    def loss(self, rounds: int) -> float:
        """The loss of a round (from 1), after all the updates before it."""
        for number in range(rounds):
            a = sigmoid(self.x @ self.w1 + self.b1)
            e = np.exp(a @ self.w2 + self.b2)
            o = e / e.sum(axis=1, keepdims=True)
            if number == rounds - 1:
                break
            at_z = (o - self.t) / len(self.x)
            at_hidden = at_z @ self.w2.T * a * (1 - a)
            self.w2, self.b2 = self.w2 - 0.5 * a.T @ at_z, self.b2 - 0.5 * at_z.sum(axis=0)
            self.w1 = self.w1 - 0.5 * self.x.T @ at_hidden
            self.b1 = self.b1 - 0.5 * at_hidden.sum(axis=0)
        return -sum(log(each) for each in o[self.t == 1]) / len(self.x)


def test_every_round_that_the_file_asks_for_can_be_asked_about() -> None:
    flowers = Flowers()
    questions = made(flowers.toml())
    assert questions.most_rounds == MOST_ROUNDS
    # By hand ten rounds of so many samples take a while, and show nothing more.
    questions.hand = None
    right = flowers.loss(10)
    (marked,) = Marker(questions).mark([("round 10: loss", f"{right:.2f}")])
    assert (marked.verdict, abs(marked.question.exact - right) < 1e-9) == (RIGHT, True)


def test_few_answers_about_a_late_round_are_gone_on_from() -> None:
    rows = [("round 15: h.z[1]", "4.20"), ("round 15: loss", "4.84")]
    slip, loss = Marker(made(MINI)).mark(rows)
    # (4.2 − 2)² = 4.84; the right one is 0.00.
    assert (slip.verdict, loss.verdict, loss.question.expected) == (WRONG, FOLLOWS, "0.00")
    assert loss.follows_from == ("round 15: h.z[1]",)


def wide(inputs: int, neurons: int) -> Questions:
    random = Random(inputs)
    weights = [[random.randint(-9, 9) / 10 for _ in range(neurons)] for _ in range(inputs)]
    return made(
        f'title = "W"\n[network]\ninputs = {inputs}\n[[network.layers]]\nname = "h"\n'
        f'weights = {weights}\nactivation = "sigmoid"\n'
        f"[[samples]]\nx = {[0.5] * inputs}\nupstream = {[0.3] * neurons}\n"
    )


def test_what_follows_does_not_depend_on_how_many_other_rows_there_are() -> None:
    questions = wide(25, 15)
    every = names(questions)
    assert len(every) > 1500
    own = [("h.z[1]", "1.23"), ("h.a[1]", f"{1 / (1 + exp(-1.23)):.2f}")]
    others = [each for each in every if each not in ("h.z[1]", "h.a[1]")]
    for count in (0, 1100, len(others)):
        rows = [*own, *((name, questions.question(name).expected) for name in others[:count])]
        slip, follows = Marker(questions).mark(rows)[:2]
        assert (slip.verdict, follows.verdict) == (WRONG, FOLLOWS), count
        assert follows.follows_from == ("h.z[1]",)


@pytest.mark.second
def test_all_that_a_worksheet_asks_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = wide(12, 10)
    rows = [(name, f"{50 + n / 7:.2f}") for n, name in enumerate(names(questions))]
    looks = Counted(monkeypatch, Judge, "look_for_mistakes")
    marked = Marker(questions).mark(rows)
    assert len(rows) > 3 * FEW_LOOKS
    assert looks.calls > 2 * FEW_LOOKS
    assert not any(TOO_MANY in each.message or TOO_LONG in each.message for each in marked)


def many_rounds(questions: Questions) -> list[tuple[str, str]]:
    """Fifteen rounds, every answer wrong; the worksheet asks for one."""
    return [
        (f"round {number}: {name}", f"{number + place / 100:.2f}")
        for number in range(1, 16)
        for place, name in enumerate(names(questions))
    ]


@pytest.mark.slow
def test_known_mistakes_are_looked_for_so_often_and_no_grade_depends_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = load(shipped_folder() / "two-layer-sigmoid.toml")
    questions = Questions(scenario)
    rows = many_rounds(questions)
    looks = Counted(monkeypatch, Judge, "look_for_mistakes")
    marked = Marker(questions).mark(rows)
    assert looks.calls == FEW_LOOKS < len(rows) / 4
    left = [each for each in marked if TOO_MANY in each.message]
    assert len(left) > len(rows) / 2
    assert {each.verdict for each in left} == {WRONG}
    # What one sheet has used up is not missing on the next one.
    assert Marker(questions).mark(rows) == marked
    monkeypatch.setattr(second_look, "FEW_LOOKS", len(rows))
    looked = Marker(questions).mark(rows)
    assert not any(TOO_MANY in each.message for each in looked)
    assert [is_right(each.verdict) for each in looked] == [is_right(e.verdict) for e in marked]


def test_lines_are_bounded_and_near_rounds_followed_beside_far_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions = Questions(load(shipped_folder() / "two-layer-sigmoid.toml"))
    assert questions.scenario.rounds == 1
    own = [("hidden.z[1]", "1.23"), ("hidden.a[1]", f"{1 / (1 + exp(-1.23)):.2f}")]
    far = [("round 60: loss", "77"), ("round 100: loss", "77")]
    lines = questions.lines(1)
    first = Marker(questions)
    first.mark([*own, *far])
    worked = Counted(monkeypatch, Line, "value")
    by_hand = Counted(monkeypatch, Line, "by_hand")
    slip, follows, near, late = first.mark([*own, *far])
    assert (slip.verdict, follows.verdict, near.verdict) == (WRONG, FOLLOWS, WRONG)
    assert (near.message, late.message) == ("wrong", f"wrong; {TOO_LONG}")
    assert FEW_LINES < worked.calls + by_hand.calls <= 4 * FEW_LINES + 4 * lines
    # What one sheet asked for makes the next one no dearer.
    worked.calls = by_hand.calls = 0
    first.mark(own)
    assert worked.calls + by_hand.calls <= 4 * lines


@pytest.mark.slow
def test_a_round_is_the_same_whether_others_were_gone_through_before() -> None:
    scenario = load(shipped_folder() / "two-layer-sigmoid.toml")
    rows = many_rounds(Questions(scenario))
    few = [row for row in rows if row[0].startswith(("round 1:", "round 2:"))]
    after, before = Marker(Questions(scenario)), Marker(Questions(scenario))
    after.mark(rows)
    assert after.mark(few) == before.mark(few)
    assert after.mark(rows) == before.mark(rows)


@pytest.mark.parametrize("name", ["two-layer-sigmoid", "three-samples", "softmax-cross-entropy"])
def test_a_round_made_of_right_lines_has_the_right_numbers(name: str) -> None:
    questions = Questions(load(shipped_folder() / f"{name}.toml"))
    # Lines behind the round, made before and after it was looked at, are not among its numbers.
    for rounds in (2, 4):
        calculation = questions.calculation(rounds)
        lines = np.array([*calculation.values, 0.0])
        own, right = own_numbers(calculation, lines, 1), right_numbers(questions.exact, 1)
        for each in ("before", "used", "step", "after", "last_used", "rate", "loss"):
            np.testing.assert_allclose(getattr(own, each), getattr(right, each), err_msg=each)
        for mine, true in zip(own.records, right.records, strict=True):
            np.testing.assert_allclose(mine.value, true.value)
            targets = list(questions.tape.t)
            assert not mine.gradient[targets].any()
            parameters = slice(questions.tape.parameters)
            np.testing.assert_allclose(mine.gradient[parameters], true.gradient[parameters])
