"""Verdicts, in the order of the contract, and follow-through."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger.naming.reading import all_names, name_of
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.judge import (
    CLOSE,
    FOLLOWS,
    MISTAKE,
    NO_ANSWER,
    RIGHT,
    ROUNDED,
    WRONG,
    Marked,
    is_right,
    listed,
)
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.mistakes_reference import Net, random_net, worked
from tests.random_scenarios import loaded, scenarios


def shipped(name: str, digits: int | None = None, arithmetic: str = "") -> Marker:
    return Marker(Questions(load(shipped_folder() / f"{name}.toml"), digits), arithmetic)


def made(toml: str, digits: int | None = None, arithmetic: str = "") -> Marker:
    return Marker(Questions(loaded(toml), digits), arithmetic)


GRAPH = """
title = "made"
digits = 2
[graph]
inputs = { x = %s }
[graph.nodes]
y = "x * 1"
"""


def verdict(marker: Marker, name: str, answer: str) -> Marked:
    (marked,) = marker.mark([(name, answer)])
    return marked


@pytest.mark.parametrize(("beyond", "found"), [("1e-9", RIGHT), ("1e-7", CLOSE)])
def test_a_hair_beyond_the_border_counts_as_the_border(beyond: str, found: str) -> None:
    """A hundred-thousandth of a unit is none: what doubles are off by is far less than a hair."""
    marker = made(GRAPH % f"{0.285 + float(beyond):.10f}")
    assert verdict(marker, "y", "0.28").verdict == found


def test_the_digits_asked_decide_inclusive_at_ties_and_more_digits_are_welcome() -> None:
    marker = made(GRAPH % "0.285")
    for answer in ("0.28", "0.29", "0.285", "0.2850001", "0.28999", "29 %", "0,29", "57/200"):
        assert verdict(marker, "y", answer).verdict == RIGHT, answer
    assert verdict(marker, "y", "0.3").verdict == CLOSE
    minus = made(GRAPH % "-0.825")
    assert {verdict(minus, "y", each).verdict for each in ("-0.83", "−0.82")} == {RIGHT}
    zero = made(GRAPH % "0.004")
    assert {verdict(zero, "y", each).verdict for each in ("0", "-0", "−0.00")} == {RIGHT}


def test_rounded_at_every_step_is_right_too_and_each_arithmetic_can_be_asked_for() -> None:
    name = "output.p[2,1]"  # 0.39 exactly, 0.40 by hand
    both, exact, hand = (shipped("two-layer-sigmoid", arithmetic=a) for a in ("", "exact", "hand"))
    assert verdict(both, name, "0.39").verdict == RIGHT
    assert verdict(both, name, "0.40").verdict == ROUNDED
    assert verdict(exact, name, "0.40").verdict == CLOSE
    assert verdict(hand, name, "0.40").verdict == ROUNDED
    assert verdict(hand, name, "0.39").verdict == CLOSE


def test_close_is_one_unit_and_says_where_a_number_was_cut_off() -> None:
    marker = made(GRAPH % "0.5678")
    marked = verdict(marker, "y", "0.56")
    assert (marked.verdict, marked.mistakes) == (CLOSE, ("truncated",))
    assert "cut off" in marked.message
    marked = verdict(marker, "y", "0.58")
    assert (marked.verdict, marked.mistakes) == (CLOSE, ())
    assert verdict(marker, "y", "0.59").verdict == WRONG
    minus = made(GRAPH % "-0.5678")
    assert verdict(minus, "y", "-0.56").mistakes == ("truncated",)


def test_who_gives_too_few_decimals_is_told() -> None:
    marker = made(GRAPH % "2.34")
    for answer in ("2", "2.3"):
        told = verdict(marker, "y", answer)
        assert (told.verdict, told.message) == (WRONG, "wrong: too few decimals, 2 are asked for")
    for answer in ("3", "2.4", "2.20"):
        assert verdict(marker, "y", answer).message == "wrong", answer


@pytest.mark.parametrize(
    ("right", "answer", "name"),
    [
        ("4", "0.25", "reciprocal"),
        ("20", "0.05", ""),
        ("4.72", "0.47", "power-of-ten"),
        ("0.72", "0.07", ""),
    ],
)
def test_a_single_digit_is_no_sign_of_a_mistake(right: str, answer: str, name: str) -> None:
    """0.05 may come from anywhere: to call it 1/20 would be a guess."""
    marked = verdict(made(GRAPH % right), "y", answer)
    assert marked.verdict == (MISTAKE if name else WRONG)
    assert marked.mistakes == ((name,) if name else ())


def test_how_large_an_answer_may_be() -> None:
    """A thousand times what is right; beside a small number anything up to 10^15."""
    large, small = made(GRAPH % "1e14"), made(GRAPH % "2")
    for marker, answer in ((large, "9.9e16"), (small, "9.9e14")):
        assert verdict(marker, "y", answer).verdict == WRONG
    for marker, answer in ((large, "1.1e17"), (small, "1.1e15")):
        assert verdict(marker, "y", answer).verdict in NO_ANSWER


def test_what_goes_on_from_rounded_numbers_says_so() -> None:
    """33.00 is 100 times the 0.33 that was found right before; in full it is 33.33."""
    nodes = 'y = "x / 3"\nz = "y * 100"\n'
    text = (GRAPH % "1").replace('y = "x * 1"\n', nodes)
    _, marked = made(text, arithmetic="exact").mark([("y", "0.33"), ("z", "33.00")])
    assert (marked.verdict, marked.follows_from) == (FOLLOWS, ())
    assert marked.message == "right, going on from your own rounded numbers"


def test_of_many_slips_two_are_named_and_the_others_counted() -> None:
    assert listed(["a"]) == "a" and listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c", "d"]) == "a, b and 2 more"
    assert listed([*"abcdefg"]) == "a, b and 5 more"


@pytest.mark.parametrize("answer", ["", "  ", "?", "1/0", "[b]", "\x1b[31m"])
def test_what_is_no_answer_is_not_counted(answer: str) -> None:
    marked = verdict(shipped("two-layer-sigmoid"), "hidden.z[1]", answer)
    assert marked.verdict in NO_ANSWER
    assert not is_right(marked.verdict)
    assert marked.message.isprintable()


def test_two_mistakes_that_give_one_number_are_both_named() -> None:
    marked = verdict(shipped("two-layer-sigmoid"), "grad output.a[1]", "-1.17")
    assert marked.question.expected == "1.17"
    assert marked.verdict == MISTAKE
    # That the sign is lost explains only what nothing else does.
    assert marked.mistakes == ("reversed-difference",)
    marked = verdict(shipped("two-layer-sigmoid"), "grad output.z[1]", "0.21")
    assert marked.mistakes == ("missing-local", "missing-upstream")
    assert " or when " in marked.message


def test_no_message_speaks_of_rounding_where_the_number_is_wrong() -> None:
    marked = verdict(shipped("two-layer-sigmoid"), "grad output.a[1]", "5.55")
    assert (marked.verdict, marked.message) == (WRONG, "wrong")


def test_strict_counts_neither_close_nor_follows() -> None:
    assert [is_right(each) for each in (RIGHT, ROUNDED, CLOSE, FOLLOWS)] == [True] * 4
    strict = [is_right(each, strict=True) for each in (RIGHT, ROUNDED, CLOSE, FOLLOWS, WRONG)]
    assert strict == [True, True, False, False, False]


# Follow-through


def worked_from(net: Net, k: int, j: int, z: float) -> dict[str, list[np.ndarray]]:
    """The rest of a round after one z was taken for another number; plain numpy.

    A bias that makes the wrong sum stands for the slip; all that comes later is worked out anew.
    """
    right = net.rounds[0]
    biases = [np.array(b, float) for b in right["b"]]
    biases[k][j] += z - right["z"][k][j]
    return worked(net, right["W"], list(biases))


def answers_of(net: Net, numbers: dict[str, list[np.ndarray]], digits: int) -> list[tuple]:
    """All numbers of a round but the parameters' new values, as somebody writes them down."""
    found = []
    for k in range(len(net.weights)):
        for letter in ("z", "a", "grad a", "grad z"):
            kind, _, bare = letter.rpartition(" ")
            for j, value in enumerate(numbers[letter][k].tolist()):
                name = f"{kind} layer{k + 1}.{bare}[{j + 1}]".strip()
                found.append((name, shown(value, digits)))
        for (i, j), value in np.ndenumerate(numbers["grad W"][k]):
            found.append((f"grad layer{k + 1}.W[{i + 1},{j + 1}]", shown(float(value), digits)))
    return found


@settings(max_examples=examples(60))
@given(st.integers(0, 10_000), st.integers(0, 2), st.integers(0, 3), st.data())
def test_all_that_follows_from_a_slip_is_right(
    seed: int, layer: int, neuron: int, data: st.DataObject
) -> None:
    net = random_net(seed)
    k, digits = layer % len(net.weights), 4
    j = neuron % len(net.rounds[0]["z"][k])
    slip = f"layer{k + 1}.z[{j + 1}]"
    off = data.draw(st.sampled_from([0.37, 0.61, 1.23]))
    numbers = worked_from(net, k, j, net.rounds[0]["z"][k][j] + off)
    marker = made(net.toml(digits))
    marked = {each.question.name: each for each in marker.mark(answers_of(net, numbers, digits))}
    if is_right(marked[slip].verdict):
        return
    assert marked[slip].verdict in (WRONG, MISTAKE)
    # A gate may shut; and where nothing squeezes the numbers, rounding grows on the way.
    is_loose = bool({"relu", "identity"} & set(net.activations))
    for name, each in marked.items():
        if name == slip or (is_loose and not is_right(each.verdict)):
            continue
        assert is_right(each.verdict), (name, each)
        if each.verdict == FOLLOWS:
            assert is_loose or each.follows_from == (slip,)


def test_a_second_slip_is_found_named_and_followed_too() -> None:
    marker = shipped("two-layer-sigmoid")
    given = {
        "hidden.p[1,1]": "1.30",  # 1.00 is right
        "hidden.z[1]": "-0.45",
        "hidden.a[1]": "0.39",
        "output.p[1,1]": "0.47",
        "output.z[1]": "0.86",
        "output.a[1]": "0.70",
        "grad output.a[1]": "1.20",
        "grad output.z[1]": "1.20",  # the local derivative is left out; 0.25 would follow
        "grad output.W[1,1]": "0.47",
        "step output.W[1,1]": "0.24",
        "new output.W[1,1]": "0.96",
    }
    marked = {each.question.name: each for each in marker.mark(given.items())}
    assert marked["hidden.p[1,1]"].verdict == WRONG
    second = marked["grad output.z[1]"]
    assert second.verdict == MISTAKE and "missing-local" in second.mistakes
    assert "hidden.p[1,1]" in second.message
    others = set(given) - {"hidden.p[1,1]", "grad output.z[1]"}
    assert {marked[name].verdict for name in others} == {FOLLOWS, CLOSE}
    assert marked["output.z[1]"].follows_from == ("hidden.p[1,1]",)
    # Both slips are in it: the gradient at z, and by hidden.a[1] the product.
    both = marked["new output.W[1,1]"].follows_from
    assert both == ("hidden.p[1,1]", "grad output.z[1]")


def filled(questions: Questions, changed: dict[str, str]) -> list[tuple[str, str]]:
    """What a worksheet asks, answered right but for some."""
    schedule, names = questions.schedule, questions.names
    asks = [name_of(names, each, schedule) for each in asked(schedule, "neuron")]
    return [(name, changed.get(name, questions.question(name).expected)) for name in asks]


def settled(marker: Marker, changed: dict[str, str]) -> dict[str, Marked]:
    rows = filled(marker.questions, changed)
    return {each.question.name: each for each in marker.mark(rows)}


def test_no_mistake_further_back_explains_what_goes_on_from_right_numbers() -> None:
    """0.11 comes out where a slope is left out at hidden.z[1], which is right on this sheet."""
    marker, name = shipped("two-layer-sigmoid"), "grad hidden.W[1,1]"
    assert settled(marker, {name: "0.11"})[name].mistakes == ()
    # Where z's gradient is blank, it may have been made there; nearer by there is none.
    left_out = {f"grad hidden.W[{n},1]": each for n, each in ((1, "0.11"), (2, "0.17"))}
    blank = settled(marker, {**left_out, "grad hidden.z[1]": "", "grad hidden.a[1]": ""})
    assert blank[name].mistakes[0] == "missing-local"


def test_a_bias_left_out_twice_is_found_twice_though_the_first_slip_is_carried_on() -> None:
    marker = shipped("two-layer-bias")
    of = marker.questions.question
    z = {n: of(f"hidden.z[{n}]").exact - of(f"hidden.b[{n}]").exact for n in (1, 2)}
    a = {n: round(1 / (1 + np.exp(-round(each, 2))), 2) for n, each in z.items()}
    changed = {f"hidden.z[{n}]": f"{each:.2f}" for n, each in z.items()}
    changed |= {f"hidden.a[{n}]": f"{each:.2f}" for n, each in a.items()}
    for j in (1, 2):
        products = [round(of(f"output.W[{n},{j}]").exact * each, 2) for n, each in a.items()]
        # Each product rounded, as on paper.
        changed[f"output.z[{j}]"] = f"{sum(products):.2f}"
    marked = settled(marker, changed)
    for name in ("hidden.z[1]", "hidden.z[2]", "output.z[1]", "output.z[2]"):
        assert marked[name].mistakes[0] == "missing-bias", marked[name]
    assert marked["output.z[1]"].message.startswith("going on from your own hidden.z[1]")


def test_a_matrix_mirrored_behind_an_earlier_slip_is_recognised() -> None:
    marker = shipped("two-layer-bias")
    of = marker.questions.question
    delta = {1: 0.83, 2: -0.41}
    changed = {f"grad output.z[{j}]": f"{each:.2f}" for j, each in delta.items()}
    for i in (1, 2):
        for j in (1, 2):
            mirrored = of(f"hidden.a[{j}]").exact * delta[i]
            changed[f"grad output.W[{i},{j}]"] = f"{mirrored:.2f}"
    marked = settled(marker, changed)
    for name in ("grad output.W[1,2]", "grad output.W[2,1]"):
        assert marked[name].mistakes[0] == "transposed", marked[name]


TERMS = """
title = "two terms"
digits = 4
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[0.7514, 0.7729]]
[loss]
kind = "%s"
[[samples]]
x = [1.0]
t = [0.01, 0.99]
"""


@pytest.mark.parametrize(("loss", "divisor"), [("half_sse", 2), ("mse", 2), ("sse", 1)])
def test_a_term_of_the_loss_is_right_with_its_factor_too(loss: str, divisor: int) -> None:
    """½(o − t)² is how the most copied example prints it: 0.2748 and 0.0236, together 0.2984."""
    first, second = (0.7514 - 0.01) ** 2, (0.7729 - 0.99) ** 2
    for factor in {1, divisor}:
        rows = [("loss[1]", f"{first / factor:.4f}"), ("loss[2]", f"{second / factor:.4f}")]
        total = f"{(first + second) / divisor:.4f}"
        marked = made(TERMS % loss).mark([*rows, ("loss", total)])
        assert {each.verdict for each in marked} == {RIGHT}, factor
    # Behind a slip too.
    rows = [("o.z[1]", "0.9000"), ("loss[1]", f"{(0.9 - 0.01) ** 2 / divisor:.4f}")]
    total = ((0.9 - 0.01) ** 2 + second) / divisor
    marked = made(TERMS % loss).mark([*rows, ("loss", f"{total:.4f}")])
    assert [each.verdict for each in marked[1:]] == [FOLLOWS, FOLLOWS]


@pytest.mark.labels
@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        (
            "grad output.a[1]",
            "{2:grad output.a[1]}",
            "twice as large as it should be, 2/n with n = 2 is 1",
        ),
        ("grad output.a[2]", "{0.5:grad output.a[2]}", "half of what it should be"),
        ("hidden.z[1]", "{1:hidden.z[2]}", "a neighbour's number is taken: this is hidden.z[2]"),
        ("grad hidden.W[1,2]", "{1:grad hidden.W[2,1]}", "this is grad hidden.W[2,1]"),
    ],
)
def test_it_is_said_which_factor_and_which_neighbour(name: str, answer: str, told: str) -> None:
    marker = shipped("two-layer-bias")
    factor, _, other = answer.strip("{}").partition(":")
    number = float(factor) * marker.questions.question(other).exact
    assert told in verdict(marker, name, f"{number:.2f}").message


def test_the_order_on_the_sheet_does_not_matter() -> None:
    marker = shipped("two-layer-sigmoid")
    rows = [("hidden.a[1]", "0.39"), ("hidden.z[1]", "-0.45"), ("hidden.p[1,1]", "1.30")]
    assert [each.verdict for each in marker.mark(rows)] == [FOLLOWS, FOLLOWS, WRONG]


def test_a_slip_that_leaves_nothing_to_work_out_is_not_followed() -> None:
    marker = shipped("two-layer-sigmoid")
    marked = marker.mark([("grad output.z[1]", "0"), ("grad output.W[1,1]", "0")])
    assert [each.verdict for each in marked] == [WRONG, WRONG]
    assert "this is 0, and nothing is left to work out" in marked[1].message
    gate = shipped("relu-gate")
    (z, a) = gate.mark([("hidden.z[1]", "-3"), ("hidden.a[1]", "0")])
    assert gate.questions.question("hidden.z[1]").expected == "1.60"
    assert (z.verdict, a.verdict) == (WRONG, WRONG)


def test_a_slip_is_carried_into_the_reduced_gradient_and_the_next_round() -> None:
    marker = made((shipped_folder() / "three-samples.toml").read_text(encoding="utf-8"))
    asked = marker.questions.question
    wrong = asked("sample 2: grad output.W[1,1]").exact + 3
    used = asked("grad output.W[1,1]").exact + 1  # the mean of three
    new = 1.6 - 0.5 * used
    product = new * asked("round 2: sample 1: hidden.a[1]").exact
    rows = [
        ("sample 2: grad output.W[1,1]", f"{wrong:.2f}"),
        ("grad output.W[1,1]", f"{used:.2f}"),
        ("new output.W[1,1]", f"{new:.2f}"),
        ("round 2: sample 1: output.p[1,1]", f"{product:.2f}"),
    ]
    marked = marker.mark(rows)
    assert [each.verdict for each in marked] == [WRONG, FOLLOWS, FOLLOWS, FOLLOWS]
    assert marked[3].follows_from == ("sample 2: grad output.W[1,1]",)


def test_one_s_own_rounded_numbers_are_followed_without_a_slip() -> None:
    toml = 'title = "made"\ndigits = 1\n[graph]\ninputs = { x = 0.24 }\n[graph.nodes]\n'
    marker = made(f'{toml}a = "x * 1.0"\nb = "a * 10"\n')
    a, b = marker.mark([("a", "0.2"), ("b", "2.0")])
    assert (a.verdict, b.verdict) == (RIGHT, ROUNDED)
    a, b = marker.mark([("a", "0.3"), ("b", "3.0")])  # close, and then going on from it
    assert (a.verdict, b.verdict, b.follows_from) == (CLOSE, FOLLOWS, ())


def test_what_follows_by_hand_rounds_the_local_derivative_too() -> None:
    marker = shipped("two-layer-sigmoid")
    rows = [("output.a[1]", "0.69"), ("grad output.a[1]", "1.97"), ("grad output.z[1]", "0.41")]
    # a(1 - a) = 0.69 · 0.31 → 0.21, and 1.97 · 0.21 → 0.41
    assert [each.verdict for each in marker.mark(rows)] == [ROUNDED, WRONG, FOLLOWS]
    exact = shipped("two-layer-sigmoid", arithmetic="exact")
    assert exact.mark(rows)[2].verdict == WRONG


def test_a_number_that_only_rounds_to_0_leaves_something_to_work_out() -> None:
    toml = 'title = "made"\ndigits = 1\n[graph]\ninputs = { x = 5.0, y = 0.02 }\n[graph.nodes]\n'
    marker = made(f'{toml}a = "x * 1"\nb = "a * y"\nc = "b * 5"\n')
    marked = marker.mark([("a", "1.5"), ("b", "0.0"), ("c", "0.0")])
    assert marked[1].question.exact == 0.1 and marked[2].question.exact == 0.5
    assert marked[0].verdict == WRONG
    # 0.03, which is shown as 0.0, times 5.
    assert marked[2].verdict == FOLLOWS
    marked = marker.mark([("a", "0"), ("b", "0"), ("c", "0")])
    assert [each.verdict for each in marked] == [WRONG, CLOSE, WRONG]
    assert "this is 0, and nothing is left to work out" in marked[2].message


def test_a_0_that_is_right_ends_nothing() -> None:
    toml = 'title = "made"\ndigits = 1\n[graph]\ninputs = { x = 5.0, y = 0.008 }\n[graph.nodes]\n'
    marker = made(f'{toml}a = "x * 1"\nb = "a * y"\nc = "b * 5"\n', arithmetic="exact")
    marked = marker.mark([("a", "0"), ("b", "0.0"), ("c", "0.0")])
    assert marked[1].question.exact == 0.04 and marked[2].question.exact == pytest.approx(0.2)
    # After a slip that leads to 0 everywhere, 0.0 is right all the same, and so is what it gives.
    assert [each.verdict for each in marked] == [WRONG, RIGHT, FOLLOWS]
    assert marked[2].follows_from == ()


def test_an_update_by_a_step_of_0_says_so_beside_a_number_that_is_not_0() -> None:
    marker = shipped("two-layer-sigmoid")
    old = marker.questions.question("output.W[1,1]").expected
    marked = marker.mark([("grad output.W[1,1]", "0"), ("new output.W[1,1]", old)])
    assert [each.verdict for each in marked] == [WRONG, WRONG]
    told = "after your own grad output.W[1,1] the step is 0, and nothing is left to work out"
    assert marked[1].message == f"not counted as right: {told}"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("-0.8", "wrong: too few decimals, 2 are asked for"),
        ("-1", "wrong: too few decimals, 2 are asked for"),
        ("0", "wrong"),
        ("-0.7", "wrong"),
        ("-0.80", "wrong"),
    ],
)
def test_decimals_are_missing_only_where_the_rounded_number_fits(answer: str, told: str) -> None:
    toml = 'title = "made"\n[graph]\ninputs = { x = -0.763 }\n[graph.nodes]\na = "x * 1"\n'
    assert verdict(made(toml), "a", answer).message == told


def test_what_is_refused_as_trivial_is_no_slip_of_its_own() -> None:
    gate = shipped("relu-gate")
    a, p = gate.questions.question("hidden.a[1]"), "output.p[1,1]"
    assert a.exact > 0
    marked = gate.mark(
        [("hidden.z[1]", "-3"), ("hidden.a[1]", "0"), (p, "0"), ("output.z[1]", "0")]
    )
    assert all("hidden.a[1]" not in each.message for each in marked[2:])


def test_a_right_number_of_one_s_own_ends_what_follows_from_a_slip() -> None:
    marker = shipped("two-layer-sigmoid")
    rows = [
        ("grad output.z[1]", "-0.25"),
        ("grad output.W[1,1]", "0.08"),
        ("new output.W[1,1]", "1.24"),
    ]
    marked = marker.mark(rows)
    assert [each.verdict for each in marked] == [MISTAKE, RIGHT, MISTAKE]
    assert marked[2].mistakes == ("added-update",)


def test_nothing_follows_from_an_overflow() -> None:
    marker = shipped("two-layer-sigmoid")
    rows = [("output.a[1]", "1e12"), ("loss[1]", "1e24"), ("loss", "7")]
    assert FOLLOWS not in {each.verdict for each in marker.mark(rows)}
    assert verdict(marker, "output.a[1]", "1e200").verdict in NO_ANSWER


def test_too_few_decimals_are_said() -> None:
    marked = verdict(shipped("two-layer-sigmoid"), "hidden.a[1]", "0.3")
    assert (marked.verdict, "2 are asked for" in marked.message) == (WRONG, True)


def test_large_numbers_are_marked_to_the_unit() -> None:
    marker = made(GRAPH.replace("digits = 2", "digits = 5") % "668756000.0")
    assert verdict(marker, "y", "668756000.00001").verdict == CLOSE
    assert verdict(marker, "y", "668756000.00003").verdict != RIGHT
    huge = made('title = "made"\n[graph]\ninputs = { x = 1e15 }\n[graph.nodes]\na = "x * x"\n')
    assert verdict(huge, "a", "1").verdict in (WRONG, MISTAKE)


def test_what_cannot_be_done_by_hand_is_still_marked() -> None:
    toml = """
title = "made"
digits = 1
[network]
inputs = 1
[[network.layers]]
name = "layer1"
weights = [[4.0]]
activation = "sigmoid"
[loss]
kind = "bce"
[[samples]]
x = [1.0]
t = [0.0]
"""
    marker = made(toml)
    assert marker.questions.question("loss").expected_hand is None
    assert verdict(marker, "layer1.W[1,1]", "3").verdict == WRONG
    assert verdict(marker, "grad layer1.z[1]", "1.0").verdict == RIGHT


# Names


def test_names_that_mean_no_one_number_are_refused_with_a_cure() -> None:
    marker = shipped("three-samples")
    for name, words in (
        ("hidden.z[1]", "which sample"),
        ("hiden.z[1]", "hidden.z[1]"),
        ("sample 2: new hidden.W[1,1]", "sample"),
        ("sample 4: loss", "no sample 4"),
        ("round 5000: loss", "rounds"),
    ):
        with pytest.raises(Refusal, match=words.replace("[", r"\[")):
            marker.mark([(name, "1")])
    fused = shipped("softmax-cross-entropy")
    with pytest.raises(Refusal, match="no gradient"):
        fused.mark([("grad output.a[1]", "1")])


def test_given_numbers_may_be_copied_wrongly() -> None:
    marker = shipped("two-layer-sigmoid")
    marked = marker.mark([("x[1]", "0.5"), ("hidden.p[1,1]", "0.25")])
    assert [each.verdict for each in marked] == [MISTAKE, FOLLOWS]
    assert marked[0].mistakes == ("wrong-index",)  # x[3] is 0.5


@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_scenario_s_own_numbers_are_right(path: Path) -> None:
    check_own_numbers(Marker(Questions(load(path))))


@settings(max_examples=examples(60))
@given(scenarios())
def test_any_scenario_s_own_numbers_are_right(text: str) -> None:
    check_own_numbers(made(text))


def check_own_numbers(marker: Marker) -> None:
    """What the program itself shows must be right, in both arithmetics."""
    questions = marker.questions
    prefixes = [f"sample {n + 1}: " for n in range(questions.schedule.samples)]
    names = []
    for name in all_names(questions.names, questions.schedule):
        for full in (name, *(prefix + name for prefix in prefixes)):
            try:
                questions.question(full)
            except Refusal:
                continue
            names.append(full)
    assert names
    rows = [(name, questions.question(name).expected) for name in names]
    assert {each.verdict for each in marker.mark(rows)} == {RIGHT}
    rows = [(name, questions.question(name).expected_hand or "") for name in names]
    by_hand = {each.verdict for each in marker.mark(rows)}
    assert by_hand <= {RIGHT, ROUNDED, *NO_ANSWER}
    calculation = questions.calculation(2)
    for line, value in zip(calculation.lines, calculation.values, strict=True):
        again = float(questions.value(questions.exact, line.quantity))
        assert abs(float(value) - again) <= 1e-9 * max(1.0, abs(again)), line.quantity
