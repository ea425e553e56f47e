"""The picture of elementary nodes: a circle an operation, value above, gradient below an edge."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.signs import sign_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.pictures.circuit import places_of
from nnhs_tui.present.panes.pictures.circuit_places import operands_of
from nnhs_tui.present.panes.table import draw, move_marker
from nnhs_tui.present.selftest.picture import draw_picture
from nnhs_tui.present.text.lines import Line, cells, line_cells, what_of
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest.opening import setting_of_session, wanted
from nnhs_tui.selftest.selftest import SelfTest
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

SIZES = [(44, 11), (60, 20), (78, 18), (118, 36), (158, 46)]


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != "refused", command
    return session


def drawn(session: Session, size: tuple[int, int], *, has_dots: bool = False) -> list[Line]:
    return draw("net", session.scene(), *size, has_dots=has_dots)


def text_of(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def told(lines: list[Line]) -> dict[str, tuple[int, int, str, str]]:
    """Row, column, text and roles of everything that stands for something, by what that is."""
    found = {}
    for row, line in enumerate(lines):
        column = 0
        for text, role in line:
            if what_of(role) and what_of(role) not in found:
                found[what_of(role)] = (row, column, text, role)
            column += cells(text)
    return found


def at_value(session: Session, lines: list[Line], name: str) -> tuple[str, str, str]:
    """(value, gradient, roles of the gradient) of a value, "" where none is drawn.

    The gradient stands two rows below the value, with the edge between them.
    """
    node = session.names.id(name)
    assert node is not None
    where = told(lines)
    value = where.get(f"value:{node}") or where.get(f"new:{node}")
    assert value is not None, name
    gradient = where.get(f"grad:{node}")
    if gradient is None:
        return value[2], "", ""
    assert gradient[0] == value[0] + 2
    assert set("─═") & set(text_of([lines[value[0] + 1]])), "an edge between them"
    return value[2], gradient[2], gradient[3]


# What is on it


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_article_s_chain_rule_stands_on_the_edges(size: tuple[int, int]) -> None:
    """(w + z)·y with w = 2, z = -0.5, y = 4: part 4 of the article prints 4, 4 and 1.5."""
    session = session_of("chain-rule", "goto grad w")
    lines = drawn(session, size)
    session.execute("last")
    lines = drawn(session_of("chain-rule", "goto grad z"), size)
    found = {name: at_value(session, lines, name)[:2] for name in "wzyof"}
    assert found["y"] == ("4.00", "1.50") and found["o"] == ("1.50", "4.00")
    assert found["f"] == ("6.00", "1.00") and found["z"][0] == "-0.50"
    assert "(+)" in text_of(lines) and "(·)" in text_of(lines)


def test_every_gradient_of_a_parameter_is_underlined_in_the_two_layer_net() -> None:
    """Part 17: redrawn as elementary nodes, the gradients that the update uses underlined."""
    session = session_of("two-layer-sigmoid", "draw nodes", "goto new hidden.W[1,1]")
    session.execute("back")
    lines = drawn(session, (158, 46), has_dots=True)
    scene = session.scene()
    for node in range(session.tape.parameters):
        value, gradient, role = at_value(session, lines, session.names.name(node))
        assert value == scene.show(scene.record.value[node])
        assert gradient == scene.show(scene.record.gradient[node])
        assert "parameter" in role.split()
    assert "elementary nodes" in text_of(lines[:1])
    others = [each for each in told(lines).values() if "parameter" in each[3].split()]
    assert len(others) == session.tape.parameters


@pytest.mark.parametrize("name", ["one-to-many", "softmax-cross-entropy", "two-layer-sigmoid"])
def test_where_no_step_finds_a_gradient_none_is_drawn(name: str) -> None:
    """Targets have none, nor has what a loss's slope passes over on its way to the outputs."""
    session = session_of(name, "draw nodes", "last")
    lines = drawn(session, (200, 60))
    tape, schedule = session.tape, session.schedule
    drawn_for = {int(what[5:]) for what in told(lines) if what.startswith("grad:")}
    assert tape.loss is not None
    ends = {node for node in range(tape.size) if schedule.arrivals(node)} | {tape.loss.total}
    assert drawn_for == ends


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("1 / (1 + exp(-x))", ["-", "exp", "1+", "1/"]),
        ("x ** 2 - x", ["^2", "-"]),
        ("2 ** x * 3", ["2^", "·3"]),
        ("max(x, 0) + log(x)", ["max", "ln", "+"]),
        ("sigmoid(x) / sqrt(x)", ["σ", "√", "/"]),
    ],
)
def test_what_stands_in_a_circle(text: str, signs: list[str]) -> None:
    scenario = loaded(
        f"title = 't'\n[graph]\noutput = 'f'\n[graph.inputs]\nx = 2\n[graph.nodes]\nf = '{text}'\n"
    )
    tape = Session(scenario).tape
    assert [
        sign_of(tape, node).removesuffix("0") for node in range(tape.leaves, tape.size)
    ] == signs


# Where it stands


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(SIZES), st.integers(0, 2**16), st.booleans())
def test_nothing_lies_over_another_and_operations_stand_behind_their_operands(
    text: str, size: tuple[int, int], place: int, has_dots: bool
) -> None:
    session = Session(loaded(text))
    session.execute("draw nodes")
    session.execute(f"goto {place % session.total + 1}")
    lines = drawn(session, size, has_dots=has_dots)
    assert len(lines) <= size[1] and all(line_cells(line) <= size[0] for line in lines)
    where = told(lines)
    nodes = {int(what[5:]): each for what, each in where.items() if what.startswith("node:")}
    for node, (_, column, _, _) in nodes.items():
        for operand in operands_of(session.tape, node):
            if operand in nodes:
                assert nodes[operand][1] < column
    rows = [(row - 1, column) for row, column, _, _ in nodes.values()]
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(
    "name", ["chain-rule", "sigmoid-circuit", "two-layer-sigmoid", "three-samples"]
)
@pytest.mark.parametrize("size", [(44, 11), (158, 46)], ids=str)
def test_what_is_whole_does_not_move_from_step_to_step(name: str, size: tuple[int, int]) -> None:
    session = session_of(name, "draw nodes")
    if "around" in text_of(drawn(session, size)[:1]):
        return
    places = set()
    for index in range(session.total):
        session.cursor = session.at(index)
        where = told(drawn(session, size))
        places.add(
            tuple(sorted((what, *each[:2]) for what, each in where.items() if "node" in what))
        )
    assert len(places) == 1


def test_a_sum_of_many_says_how_many_of_them_are_seen() -> None:
    session = session_of("given-gradient", "draw nodes", "level node", "goto output.z[1]")
    lines = drawn(session, (78, 18))
    assert "around output.z[1], 5 of 10 terms" in text_of(lines[:1])
    further = draw("net", session.scene(), 78, 18, (3, 0))
    assert text_of(further) != text_of(lines), "the others are scrolled to"


def test_around_a_node_stands_all_that_what_uses_it_is_made_of() -> None:
    lines = drawn(session_of("two-layer-sigmoid", "draw nodes", "goto output.z[1]"), (78, 18))
    assert {"t1", "output.w11", "output.w21"} <= set(text_of(lines).split())


# The step


@pytest.mark.parametrize("has_dots", [True, False])
def test_the_edges_in_work_are_marked_and_point_their_way(has_dots: bool) -> None:
    session = session_of("chain-rule", "goto o")
    forward = drawn(session, (60, 20), has_dots=has_dots)
    path = [text for line in forward for text, role in line if "path" in role.split()]
    assert "►" in "".join(path) and "◄" not in "".join(path)
    session.execute("goto grad y")
    backward = drawn(session, (60, 20), has_dots=has_dots)
    told_back = [(text, role) for line in backward for text, role in line if "path" in role.split()]
    assert "◄" in "".join(text for text, _ in told_back)
    row = next(line for line in backward if "◄" in text_of([line]))
    assert "y ═" in text_of([row])


def test_what_is_not_known_yet_is_not_drawn() -> None:
    session = session_of("two-layer-sigmoid", "draw nodes", "goto hidden.p[1,1]")
    lines = drawn(session, (158, 46))
    known = {
        int(w[6:]) for w, each in told(lines).items() if w.startswith("value:") and each[2] != "·"
    }
    assert known == {*range(session.tape.leaves), session.tape.leaves}
    assert "∂" not in text_of(lines)


def test_at_the_update_the_new_weight_is_drawn_but_not_in_a_self_test() -> None:
    session = session_of("chain-rule", "goto new w")
    assert at_value(session, drawn(session, (60, 20)), "w")[0] == "1.60"
    test = SelfTest(wanted(setting_of_session(session_of("chain-rule")), []))
    for place in range(len(test.asks)):
        test.apply(f"go {place + 1}")
        assert "1.60" not in text_of(draw_picture(test, 60, 20))


def test_the_keys_choose_among_the_elementary_nodes() -> None:
    session = session_of("one-to-one", "draw nodes")
    scene, seen, marker = session.scene(), set(), None
    for by in [(0, -9), (-9, 0), (1, 0), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1)]:
        marker = move_marker("net", scene, 118, 30, marker, by)
        seen.add(session.names.name(marker or 0))
        assert ">" in text_of(draw("net", scene, 118, 30, (0, 0), marker))
    assert {"output.W[1,1]", "x[1]", "output.p[1,1]", "output.z[1]", "loss"} <= seen


# The command


def test_a_network_is_drawn_as_layers_until_one_asks() -> None:
    session = session_of("two-layer-sigmoid")
    assert "(·)" not in text_of(drawn(session, (158, 46)))
    assert "elementary nodes" in session.execute("draw").message
    assert "(·)" in text_of(drawn(session, (158, 46)))
    assert "already" in session.execute("draw nodes").message
    assert session.execute("draw circles").message == "draw is layers or nodes, found 'circles'"
    session.execute("draw layers")
    assert "(·)" not in text_of(drawn(session, (158, 46)))
    assert "a graph is drawn" in session_of("chain-rule").execute("draw").message


# What passes a column


@settings(max_examples=examples(60))
@given(scenarios(), st.integers(60, 400), st.integers(20, 120))
def test_a_value_that_passes_a_column_passes_beside_its_nodes(
    text: str, width: int, height: int
) -> None:
    scene = Session(loaded(text)).scene()
    at, _ = places_of(scene, width, height)
    for number, column in enumerate(at.columns):
        taken = [row for node in column for row in range(at.rows[node] - 1, at.rows[node] + 2)]
        taken += [row for (_, passed), row in at.passing.items() if passed == number]
        assert len(set(taken)) == len(taken)
        assert all(0 <= row < max(height, 3) for row in taken)


def test_a_value_used_twice_goes_around_what_it_is_used_in_first() -> None:
    """f = g·σ(g): the line of g to the product may not run through the σ."""
    scenario = loaded(
        "title = 't'\n[graph]\noutput = 'f'\n[graph.inputs]\nx = 2\n"
        "[graph.nodes]\ng = '3*x'\ns = 'sigmoid(g)'\nf = 's*g'\n"
    )
    session = Session(scenario)
    at, _ = places_of(session.scene(), 80, 12)
    g, s, f = (session.names.id(name) for name in "gsf")
    assert g is not None and s is not None and f is not None
    passed = at.passing[g, at.column(s)]
    assert abs(passed - at.rows[s]) >= 2
    assert at.way((g, f)) == [
        (at.column(g), at.rows[g]),
        (at.column(s), passed),
        (at.column(f), at.rows[f]),
    ]
