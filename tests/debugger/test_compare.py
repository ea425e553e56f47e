"""Two calculations side by side, and the gradient check of the round in work."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.gradcheck import DISAGREES
from nnhs_tui.commands.panes import NAMES
from nnhs_tui.debugger.asked import ARITHMETICS
from nnhs_tui.debugger.carrying_out import CatchingUp, begin
from nnhs_tui.debugger.compare import CARRIED, Comparison, _shown_apart, compare
from nnhs_tui.debugger.outcome import MOVED, REFUSED
from nnhs_tui.debugger.quantities import value_at
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError
from nnhs_tui.present.lists.by_name import LISTINGS
from nnhs_tui.present.lists.listing import draw_listing
from nnhs_tui.present.panes.table import draw
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.branches import RoundsAhead
from nnhs_tui.training.round_checks import round_checks
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios


def shipped(name: str, arithmetic: str = "exact") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"), arithmetic=arithmetic)


def listed(session: Session, *, among_all: bool = False) -> dict[str, tuple[str, str]]:
    """Name → (before, after) as they are shown."""
    found = compare(session)
    assert found is not None
    count = found.count if among_all else found.differing
    pairs = [found.pair(place, among_all=among_all) for place in range(count)]
    show = session.scene().show
    return {session.name(p.quantity): (show(p.before), show(p.after)) for p in pairs}


def test_where_there_is_nothing_to_compare_the_list_says_what_to_do() -> None:
    session = shipped("two-layer-sigmoid")
    session.execute("apply")
    session.execute("compare")
    session.execute("reset")
    told = LISTINGS["compare"](session).empty
    assert all(word in told for word in ("e edits a value", "a begins another round", "compare 1"))


def test_an_edit_is_seen_in_all_that_depends_on_it_and_nowhere_else() -> None:
    session = shipped("two-layer-sigmoid")
    assert compare(session) is None
    session.execute("edit hidden.W[1,2] 2")
    found = listed(session)
    assert found["hidden.W[1,2]"] == ("0.90", "2.00")
    assert {"hidden.p[1,2]", "hidden.z[2]", "hidden.a[2]", "output.z[1]", "loss"} <= set(found)
    assert not {"x[1]", "hidden.z[1]", "hidden.W[1,1]", "learning_rate"} & set(found)
    everything = listed(session, among_all=True)
    assert set(found) < set(everything)
    assert all(a == b for name, (a, b) in everything.items() if name not in found)
    assert all(a != b for a, b in found.values())


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_numbers_are_those_of_the_two_rounds(text: str, arithmetic: str) -> None:
    """Asked one by one, as a watch would."""
    try:
        session = Session(loaded(text), arithmetic=arithmetic)
    except ComputationError:
        assume(False)
        raise
    assume(session.tape.parameters)
    assume(session.execute("apply").kind == MOVED)
    session.execute("last")
    found = compare(session)
    assert isinstance(found, Comparison)
    scene = session.scene()
    for place in range(found.count):
        pair = found.pair(place, among_all=True)
        name = session.name(pair.quantity)
        for number, value in ((1, pair.before), (2, pair.after)):
            asked = session.quantity(f"round {number}: {name}")
            if pair.quantity.kind == "value" and pair.quantity.node < session.tape.parameters:
                assert value == session.run.parameters(number - 1)[pair.quantity.node]
            else:
                assert value == value_at(scene, asked), name


def test_any_round_can_be_asked_for() -> None:
    session = shipped("three-samples")
    session.execute("train 4")
    assert session.execute("compare 5").kind == REFUSED
    assert session.execute("compare 9").kind == REFUSED
    assert session.execute("compare 2").kind != REFUSED
    found = compare(session)
    assert found is not None and (found.before.name, found.after.name) == ("round 2", "round 5")
    session.execute("compare")
    assert compare(session).before.name == "round 4"
    assert session.asked.compared == (None, False)
    session.execute("compare")
    assert session.asked.compared == (None, True)


LARGE = """
title = "too large to be worked by hand"
[graph]
inputs = { x = 10000000.0 }
parameters = { w = 2.0 }
[graph.nodes]
y = "x * x * w"
"""


@pytest.mark.parametrize("command", ["compare", "compare hand", "compare exact"])
def test_with_nothing_to_compare_it_says_what_to_do(command: str) -> None:
    outcome = Session(loaded(LARGE)).execute(command)
    assert outcome.kind == REFUSED
    assert command != "compare" or "e edits" in outcome.message
    assert outcome.message.startswith("in hand arithmetic round 1 cannot be computed: y.1: ")


# Exact beside hand


class Worked:
    """The net two-layer-sigmoid, forward, backward and update, with one rounding rule."""

    def __init__(self, number: Callable[[str], Any], rounded: Callable[[Any], Any]) -> None:
        self.number, self.rounded = number, rounded
        self.values: dict[str, Any] = {}
        self.operands: dict[str, tuple[str, ...]] = {}
        self.given({"learning_rate": "0.5", "t[1]": "0.1"})
        self.given({"x[1]": "2", "x[2]": "3", "x[3]": "0.5"})
        weights = ("0.5", "0.9"), ("-0.8", "-1.1"), ("1.3", "0.3")
        for i, row in enumerate(weights, 1):
            self.given({f"hidden.W[{i},{j}]": text for j, text in enumerate(row, 1)})
        self.given({"output.W[1,1]": "1.2", "output.W[2,1]": "1.9"})
        for j in (1, 2):
            self.neuron("hidden", j, ["x[1]", "x[2]", "x[3]"])
        self.neuron("output", 1, ["hidden.a[1]", "hidden.a[2]"])
        self.make("loss[1]", lambda o, t: (o - t) ** 2, "output.a[1]", "t[1]")
        self.make("loss", lambda term: term, "loss[1]")
        self.make("grad output.a[1]", lambda o, t: 2 * (o - t), "output.a[1]", "t[1]")
        self.back("output", 1, ["hidden.a[1]", "hidden.a[2]"])
        for j in (1, 2):
            self.back("hidden", j, ["x[1]", "x[2]", "x[3]"])
        for i in (1, 2, 3):
            places = [(f"grad hidden.p[{i},{j}]", f"hidden.W[{i},{j}]") for j in (1, 2)]
            paths = [self.rounded(self.values[g] * self.values[w]) for g, w in places]
            self.values[f"grad x[{i}]"] = self.rounded(sum(paths))
            self.operands[f"grad x[{i}]"] = tuple(name for place in places for name in place)
        for name in [each for each in self.values if ".W" in each and not each.startswith("grad")]:
            step = self.rounded(self.values["learning_rate"] * self.values[f"grad {name}"])
            made_of = name, f"grad {name}", "learning_rate"
            self.make(f"new {name}", lambda w, *_, step=step: w - step, *made_of)

    def given(self, texts: dict[str, str]) -> None:
        self.values |= {name: self.number(text) for name, text in texts.items()}

    def make(self, name: str, rule: Callable[..., Any], *operands: str) -> None:
        self.values[name] = self.rounded(rule(*(self.values[each] for each in operands)))
        self.operands[name] = operands

    def neuron(self, layer: str, j: int, inputs: list[str]) -> None:
        products = [f"{layer}.p[{i},{j}]" for i in range(1, len(inputs) + 1)]
        for i, (product, x) in enumerate(zip(products, inputs, strict=True), 1):
            self.make(product, lambda w, x: w * x, f"{layer}.W[{i},{j}]", x)
        self.make(f"{layer}.z[{j}]", lambda *terms: sum(terms), *products)
        self.make(f"{layer}.a[{j}]", self.sigmoid, f"{layer}.z[{j}]")

    def sigmoid(self, z: Any) -> Any:
        return 1 / (1 + ((-z).exp() if isinstance(z, Decimal) else math.exp(-z)))

    def back(self, layer: str, j: int, inputs: list[str]) -> None:
        a, z = f"{layer}.a[{j}]", f"{layer}.z[{j}]"
        slope = self.rounded(self.values[a] * (1 - self.values[a]))
        self.make(f"grad {z}", lambda g, *_: g * slope, f"grad {a}", a)
        for i, x in enumerate(inputs, 1):
            product, weight = f"grad {layer}.p[{i},{j}]", f"{layer}.W[{i},{j}]"
            self.make(product, lambda g: g, f"grad {z}")
            self.make(f"grad {weight}", lambda g, x: g * x, product, x)
            if layer == "output":
                self.make(f"grad {x}", lambda g, w: g * w, product, weight)


def half_up(digits: int) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def as_rows(session: Session) -> dict[str, tuple[str, str, str]]:
    """Name → (exact, by hand, what is said of the difference)."""
    rows = {}
    for row in LISTINGS["compare"](session).rows:
        text = "".join(part for part, _ in row.line)
        found = re.fullmatch(r"(\S.*?\S|\S) +(-?[\d.]+) +(\*?-?[\d.]+) *(-?[\d.]*) ?(.*)", text)
        assert found is not None, text
        name, exact, hand, apart, told = found.groups()
        if "*" in hand:
            assert Decimal(apart) == Decimal(hand[1:]) - Decimal(exact)
        else:
            assert (apart, told, exact) == ("", "", hand)
        rows[name] = exact, hand.removeprefix("*"), told
    return rows


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
@pytest.mark.parametrize("digits", [1, 2, 3])
def test_every_number_stands_beside_the_one_by_hand_with_where_it_differs_from(
    digits: int, arithmetic: str
) -> None:
    session = shipped("two-layer-sigmoid", arithmetic)
    session.execute(f"digits {digits}")
    assert session.execute("compare hand").pane == "compare"
    rows = as_rows(session)
    exact = Worked(float, lambda value: value)
    hand = Worked(Decimal, half_up(digits))
    assert set(rows) == set(exact.values) and len(rows) == 62
    is_given = [name for name in rows if name not in exact.operands]
    shown = {name: str(half_up(digits)(repr(value))) for name, value in exact.values.items()}
    by_hand = {name: str(half_up(digits)(value)) for name, value in hand.values.items()}
    zero = {str(half_up(digits)("-0")): str(half_up(digits)("0"))}
    differing = []
    for name, (before, after, told) in rows.items():
        expected = [zero.get(each, each) for each in (shown[name], by_hand[name])]
        assert [before, after] == expected, name
        if before == after:
            continue
        from_ = [each for each in exact.operands[name] if each in differing]
        if not differing:
            assert told == "they part here"
        elif from_:
            names = told.removeprefix("from ").split(", ")
            assert names == from_[:3] or (set(names) - {"…"} <= set(from_)), (name, told, from_)
            assert len(names) == min(4, len(from_)), name
        else:
            assert told == "begins here by rounding", name
        differing.append(name)
    assert differing and not set(differing) & set(is_given)
    first = f"{len(differing)} of 62 differ, whole round 1; they part at {differing[0]}"
    (line, _) = LISTINGS["compare"](session).above
    assert "".join(text for text, _ in line) == first


def test_once_more_lists_only_what_differs_and_enter_goes_there() -> None:
    session = shipped("two-layer-sigmoid")
    assert "once more: those that differ" in session.execute("compare").message
    assert len(LISTINGS["compare"](session).rows) == 62
    assert "once more: all numbers" in session.execute("compare exact").message
    rows = LISTINGS["compare"](session).rows
    assert len(rows) == 11
    assert session.execute(rows[0].act).kind == MOVED
    assert session.index + 1 == 12 and session.names.name(session.scene().step.node) == (
        "output.p[2,1]"
    )
    session.execute("compare")
    assert len(LISTINGS["compare"](session).rows) == 62


@settings(max_examples=examples(60))
@given(scenarios(decimals=3), st.integers(0, 5), st.booleans(), st.booleans())
def test_the_two_arithmetics_are_those_of_sessions_of_their_own(
    text: str, digits: int, applies: bool, from_hand: bool
) -> None:
    try:
        sessions = [Session(loaded(text), arithmetic=a, digits=digits) for a in ("exact", "hand")]
    except ComputationError:
        assume(False)
        raise
    if applies:
        assume(sessions[0].tape.parameters)
        assume(all(each.execute("apply").kind == MOVED for each in sessions))
    for each in sessions:
        each.execute("last")
    here = sessions[from_hand]
    assert here.execute("compare hand").kind != REFUSED
    found = compare(here)
    assert found is not None
    ends = [each.scene() for each in sessions]
    differing = set()
    for place in range(found.count):
        pair = found.pair(place, among_all=True)
        if not (pair.quantity.kind == "value" and pair.quantity.node < here.tape.parameters):
            values = tuple(value_at(each, pair.quantity) for each in ends)
            assert (pair.before, pair.after) == values, here.name(pair.quantity)
        is_other = ends[0].differs(pair.before, pair.after)
        origin = found.origin(place, among_all=True)
        assert (origin is not None) == is_other
        if is_other:
            differing.add(pair.quantity)
            assert origin is not None and (origin.kind == CARRIED) == bool(origin.parts)
            assert all(each in differing or each.sample is not None for each in origin.parts)
    assert len(differing) == found.differing
    assert found.first is None or found.first in differing


def test_edits_hold_in_both_arithmetics() -> None:
    session = shipped("two-layer-sigmoid")
    session.execute("edit hidden.W[1,2] 2")
    session.execute("edit x[1] -0.75")
    assert session.execute("compare hand").pane == "compare"
    rows = as_rows(session)
    by_hand = shipped("two-layer-sigmoid", "hand")
    for command in ("edit hidden.W[1,2] 2", "edit x[1] -0.75", "last"):
        by_hand.execute(command)
    for name, (_, after, _) in rows.items():
        quantity = by_hand.quantity(name)
        if not (quantity.kind == "value" and quantity.node < by_hand.tape.parameters):
            assert after == by_hand.scene().show(value_at(by_hand.scene(), quantity)), name
    assert rows["hidden.W[1,2]"][:2] == ("2.00", "2.00")


def test_in_a_later_round_parameters_that_differ_come_from_the_update_before() -> None:
    session = shipped("three-samples")
    session.execute("train 3")
    session.execute("compare hand")
    rows = as_rows(session)
    assert rows["hidden.W[1,1]"][2] == "from the update of round 3"
    assert "they part here" not in [told for _, _, told in rows.values()]
    above = LISTINGS["compare"](session).above[0]
    assert "they parted in an earlier round" in "".join(text for text, _ in above)
    assert rows["grad output.W[2,1]"][2] == "from sample 3: grad output.W[2,1]"
    assert rows["grad hidden.W[1,1]"][2] == "from samples 2, 3"


def test_the_other_arithmetic_s_rounds_are_run_when_asked_for_and_not_by_drawing() -> None:
    session = shipped("training-loop")
    session.execute("train 120")
    with pytest.raises(RoundsAhead):
        session.execute("compare hand", at_once=False)
    session.asked.compared = (ARITHMETICS, True)
    text = " ".join(drawn(session).split())
    assert "in hand arithmetic 0 rounds of 121 were computed" in text
    assert session.runs.there(session.other_branch) is None
    work = begin(session, "compare hand")
    assert isinstance(work, CatchingUp) and work.total == 121
    while work.advance():
        pass
    assert work.finish().pane == "compare"
    assert "differ, whole round 121" in drawn(session)


def test_the_other_arithmetic_comes_along_through_a_few_rounds() -> None:
    session = shipped("two-layer-sigmoid")
    session.execute("compare")
    for number in (2, 3):
        session.execute("apply")
        session.execute("compare hand")
        session.execute("round 1")
        assert f"whole round {number}" not in drawn(session)
        session.execute(f"round {number}")
        assert f"differ, whole round {number}" in drawn(session)
    session.execute("apply")
    assert "differ, whole round 4" in drawn(session)


def test_what_cannot_be_worked_by_hand_any_more_says_so_in_the_list() -> None:
    session = Session(loaded(LARGE.replace("10000000.0", "2.0")))
    assert session.execute("compare").pane == "compare"
    assert session.execute("edit x 10000000").kind == MOVED
    session.asked.compared = (ARITHMETICS, True)
    session.execute("last")
    text = " ".join(drawn(session).split())
    assert "in hand arithmetic round 1 cannot be computed: " in text
    assert session.execute("compare hand").kind == REFUSED
    session.execute("undo")
    assert "they part" in drawn(session) or "0 of" in drawn(session)


def test_numbers_are_apart_as_they_are_shown_however_close_to_half_a_unit() -> None:
    """Found by a difference of doubles, so looked at on both sides of each half."""
    for exact, by_hand, expected in (
        ("0.125", "0.13", False),
        ("0.125", "0.12", True),
        ("0.12499999", "0.12", False),
        ("0.12499999", "0.13", True),
        ("-0.005", "0.00", True),
        ("-0.0049", "0.00", False),
        ("123456789.125", "123456789.13", False),
        ("123456789.125", "123456789.12", True),
        ("1e11", "100000000000.00", False),
    ):
        a, b = np.array([float(exact)]), np.array([Decimal(by_hand)], object)
        scene = shipped("one-to-one").scene()
        assert (len(_shown_apart(a, b, scene)) == 1) == expected, (exact, by_hand)


# A run without the edits that is not there

TOO_FAST = """
title = "a learning rate far too large"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[1.0]]
[loss]
kind = "sse"
[training]
learning_rate = 1e60
[[samples]]
x = [1.0]
t = [3.0]
"""


def drawn(session: Session) -> str:
    """All panes and lists as text."""
    scene = session.scene()
    lines = [line for pane in NAMES for line in draw(pane, scene, 100, 20)]
    for name in LISTINGS:
        lines += draw_listing(LISTINGS[name](session), "0", 100, 20, 0)
    return "\n".join("".join(text for text, _ in line) for line in lines)


def test_a_run_without_the_edits_that_overflows_is_no_reason_not_to_draw() -> None:
    session = Session(loaded(TOO_FAST))
    session.execute("compare 1")
    assert session.execute("edit lr 0.01").kind == MOVED
    assert session.execute("train 20").kind == MOVED
    session.execute("compare")
    text = drawn(session)
    assert "without the edits round 4 cannot be computed: " in " ".join(text.split())
    assert session.scene().beside is None and "*" not in text
    session.execute("round 2")
    assert session.scene().beside is not None and "*" in drawn(session)


def test_drawing_computes_no_rounds() -> None:
    session = shipped("training-loop")
    session.execute("edit lr 0.11")
    session.execute("train 3")
    assert session.scene().beside is not None, "a few rounds are run beside"
    session.execute("train 197")
    session.execute("arithmetic hand")
    base = session.scene().base
    assert base is not None
    count = len(base)
    session.asked.compared = (None, False)
    there = f"{count} round{'s' * (count != 1)} of 201 were computed"
    assert there in " ".join(drawn(session).split())
    assert len(base) == count < 100
    session.execute("undo")
    session.execute("redo")
    assert session.scene().beside is not None


# The gradient check of the round in work


def test_a_check_that_exact_arithmetic_cannot_make_is_a_list_that_says_so() -> None:
    text = """
title = "a quotient"
arithmetic = "hand"
[graph]
inputs = { x = 0.01 }
parameters = { w = 1.0 }
[graph.nodes]
y = "1 / (w * x - 0.005)"
"""
    session = Session(loaded(text))
    assert session.execute("gradcheck").pane == "gradcheck"
    assert session.execute("edit w 0.5").kind == MOVED
    assert "division by 0" in drawn(session)
    assert session.execute("gradcheck").kind == REFUSED


def test_of_many_samples_only_the_first_are_checked_on_the_screen() -> None:
    rows = ", ".join(f"0.{k}" for k in range(10, 40))
    samples = "".join(f"[[samples]]\nx = [{k / 100}]\nt = [0.5]\n" for k in range(300))
    net = TOO_FAST[: TOO_FAST.index("[[samples]]")].replace("[[1.0]]", f"[[{rows}]]")
    net += "[[network.layers]]\nweights = [" + "[0.5], " * 30 + "]\n"
    session = Session(loaded(net.replace("1e60", "0.1") + samples))
    checks = round_checks(session.run, 0)
    assert checks.samples < 300 and not [each for each in checks[:8] if each.verdict != "ok"]
    session.execute("gradcheck")
    assert f"of 300 samples only the first {checks.samples}" in drawn(session)
    assert not checks.are_quick and len(checks._made) < 40, "made when they come into view"


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.integers(0, 2))
def test_gradients_of_any_round_agree(text: str, arithmetic: str, rounds: int) -> None:
    try:
        session = Session(loaded(text), arithmetic=arithmetic)
    except ComputationError:
        assume(False)
        raise
    assume(session.tape.parameters)
    if rounds:
        assume(session.execute(f"train {rounds}").kind == MOVED)
    try:
        checks = round_checks(session.run, session.round)
    except ComputationError:
        assume(False)
    assert not [check for check in checks if check.verdict == DISAGREES]
    if arithmetic == "exact":
        analytic = [checks[node].analytic for node in range(session.tape.parameters)]
        assert analytic == pytest.approx(session.run.round(session.round).accumulated.tolist())


def test_the_check_knows_the_edits() -> None:
    """dL/dx of the edited net, by plain differences of the loss."""
    session = shipped("two-layer-sigmoid")
    session.execute("edit x[2] 1.5")
    session.execute("edit hidden.W[1,1] -1")
    checks = {check.name: check for check in round_checks(session.run, 0)}
    for name in ("x[2]", "hidden.W[1,1]", "output.W[2,1]"):
        quantity = session.quantity(name)
        value = float(value_at(session.scene(), quantity))
        losses = []
        for moved in (value + 1e-5, value - 1e-5):
            session.execute(f"edit {name} {moved:.12f}")
            losses.append(float(session.run.loss(0)))
            session.execute("undo")
        numeric = (losses[0] - losses[1]) / 2e-5
        assert checks[f"grad {name}"].analytic == pytest.approx(numeric, rel=1e-6)
        assert checks[f"grad {name}"].numeric == pytest.approx(numeric, rel=1e-6)


def test_a_check_is_made_once_and_by_itself() -> None:
    session = shipped("three-samples", "hand")
    checks = round_checks(session.run, 0)
    assert checks is round_checks(session.run, 0)
    assert len(checks) == len(list(checks)) == 6 + 3 * 2
    assert checks[-1].name == "sample 3: grad x[2]" and checks[2] is checks[2]
    assert [each.name for each in checks[1:3]] == ["grad hidden.W[1,2]", "grad hidden.W[2,1]"]
    with pytest.raises(IndexError):
        checks[99]
    gradient = np.array([check.analytic for check in checks[:6]])
    assert gradient == pytest.approx(
        shipped("three-samples").run.round(0).accumulated.astype(float)
    )
    assert session.quantity(checks[-1].name) == Quantity("grad", session.tape.x[1], sample=2)
