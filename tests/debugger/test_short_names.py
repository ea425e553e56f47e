"""Short names: what is shown can be typed, and means what stands there."""

from __future__ import annotations

import pytest

from nnhs_tui.autodiff.names import Names
from nnhs_tui.debugger.naming.reading import all_names, name_of, read_quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.questions import Questions
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load

SHIPPED = sorted(shipped_folder().glob("*.toml"))


def session_of(name: str = "two-layer-sigmoid") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"))


def meant(session: Session, text: str) -> str:
    return session.name(session.quantity(text))


@pytest.mark.parametrize(
    ("text", "in_hidden", "in_output"),
    [
        ("w21", "hidden.W[2,1]", "output.W[2,1]"),
        ("W[2,1]", "hidden.W[2,1]", "output.W[2,1]"),
        ("z1", "hidden.z[1]", "output.z[1]"),
        ("a[1]", "hidden.a[1]", "output.a[1]"),
        ("p11", "hidden.p[1,1]", "output.p[1,1]"),
        ("w32", "hidden.W[3,2]", "hidden.W[3,2]"),
        ("output.w11", "output.W[1,1]", "output.W[1,1]"),
        ("hidden.a2", "hidden.a[2]", "hidden.a[2]"),
        ("h2", "hidden.a[2]", "hidden.a[2]"),
        ("o1", "output.a[1]", "output.a[1]"),
        ("t", "t[1]", "t[1]"),
        ("t1", "t[1]", "t[1]"),
        ("x3", "x[3]", "x[3]"),
        ("L", "loss", "loss"),
        ("lr", "learning_rate", "learning_rate"),
        ("loss1", "loss[1]", "loss[1]"),
        ("dw21", "grad hidden.W[2,1]", "grad output.W[2,1]"),
        ("∂L/∂w21", "grad hidden.W[2,1]", "grad output.W[2,1]"),
        ("∂L / ∂hidden.a1", "grad hidden.a[1]", "grad hidden.a[1]"),
        ("dL/dz1", "grad hidden.z[1]", "grad output.z[1]"),
        ("grad w21", "grad hidden.W[2,1]", "grad output.W[2,1]"),
        ("new w21", "new hidden.W[2,1]", "new output.W[2,1]"),
        ("step output.w11", "step output.W[1,1]", "step output.W[1,1]"),
        ("∂L/∂x1 via hidden.z2", "grad x[1] via hidden.z[2]", "grad x[1] via hidden.z[2]"),
        ("sample 1: z2", "sample 1: hidden.z[2]", "sample 1: hidden.z[2]"),
    ],
)
def test_a_short_name_means_the_one_of_the_step_s_layer(
    text: str, in_hidden: str, in_output: str
) -> None:
    session = session_of()
    session.execute("goto hidden.z[1]")
    assert meant(session, text) == in_hidden
    session.execute("goto output.z[1]")
    assert meant(session, text) == in_output


def test_where_it_may_mean_several_they_are_named() -> None:
    session = session_of()
    session.execute("goto loss")
    outcome = session.execute("goto z1")
    assert outcome.kind == "refused"
    assert "hidden.z[1] or output.z[1]" in outcome.message
    session = session_of("many-to-many")
    assert session.execute("watch t").kind == "refused"
    assert meant(session, "t2") == "t[2]"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_symbol_that_a_formula_shows_can_be_typed(path) -> None:
    session = Session(load(path))
    tape, names = session.tape, session.names
    for index in range(session.schedule.total):
        session.cursor = session.at(index)
        step = session.schedule.step(index)
        nodes = [step.node, step.target] if step.target is not None else [step.node]
        for node in (each for each in nodes if names.name(each)):
            within = session.layer_in_work
            full = names.name(node)
            symbol = names.symbol(node, within)
            assert meant(session, symbol) == full, symbol
            if node not in tape.t:
                assert meant(session, f"d{symbol}") == f"grad {full}" or names.id(f"d{symbol}")
                assert meant(session, f"∂{objective(session)}/∂{symbol}") == f"grad {full}"


def objective(session: Session) -> str:
    from nnhs_tui.present.text.notation import objective

    return objective(session.scene())


TAKEN = """
title = "taken"
[graph]
inputs = { w = 2.0, dw = 3.0, L = 1.0, t = 4.0, lr = 5.0, h1 = 2.0 }
nodes = { f = "w * dw + L * t * lr + h1" }
"""


def test_what_the_scenario_calls_so_goes_before() -> None:
    scenario = from_text(TAKEN, "taken.toml")
    session = Session(scenario)
    for name in ("w", "dw", "L", "t", "lr", "h1"):
        assert meant(session, name) == name
    assert meant(session, "∂f/∂w") == "grad w" and meant(session, "ddw") == "grad dw"
    with pytest.raises(Refusal):
        session.quantity("∂g/∂w")


def test_a_layer_s_name_never_hides_a_full_one() -> None:
    for path in SHIPPED:
        session = Session(load(path))
        for name in all_names(session.names, session.schedule, 60):
            assert meant(session, name) == name


def test_commands_take_short_names_and_keep_full_ones() -> None:
    session = session_of()
    session.execute("goto hidden.z[1]")
    assert session.execute("edit w21 0.5").kind != "refused"
    assert session.edits[0].name == "hidden.W[2,1]"
    session.execute("break z1")
    session.execute("break abs(dw21) < 0.01 and L > 0")
    session.execute("break ∂L/∂a1 < 5")
    session.execute("watch dw21")
    assert [each.text for each in session.breakpoints.all] == [
        "hidden.z[1]",
        "abs(grad hidden.W[2,1]) < 0.01 and loss > 0",
        "grad hidden.a[1] < 5",
    ]
    session.execute("goto output.z[1]")
    # Set again by the same name it would be another one: it is the output's now.
    session.execute("break z1")
    assert session.breakpoints.all[-1].text == "output.z[1]"
    session.execute("edit lr 0.1")
    assert session.edits[-1].name.endswith("learning_rate")


def test_in_a_sheet_only_where_one_alone_has_the_name() -> None:
    questions = Questions(load(shipped_folder() / "two-layer-sigmoid.toml"))
    assert questions.question("w32").plain_name == questions.question("hidden.W[3,2]").plain_name
    assert (
        questions.question("∂L/∂w32").expected == questions.question("grad hidden.W[3,2]").expected
    )
    with pytest.raises(Refusal, match=r"hidden.z\[1\] or output.z\[1\]"):
        questions.question("z1")


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("hiden.z[1]", "hidden.z[1]"),
        ("grad hidden.Z[1]", "grad hidden.z[1]"),
        ("grad w99", None),
        ("q7", None),
        ("learning_rat", "learning_rate"),
    ],
)
def test_suggestions_that_are_nonsense_are_not_made(typed: str, suggested: str | None) -> None:
    session = session_of()
    message = session.execute(f"goto {typed}").message
    assert (f"did you mean {suggested}?" in message) if suggested else "did you mean" not in message


def test_more_than_nine_have_a_comma() -> None:
    session = session_of("perceptron-given-gradient")
    names: Names = session.names
    session.execute("goto 1")
    layer = session.tape.layers[0]
    symbol = names.symbol(layer.w(9, 1), layer.name)
    assert symbol == "w10,2" and meant(session, symbol) == names.name(layer.w(9, 1))
    # Two digits that are one index each are meant as written, a vector's is one number.
    assert (
        name_of(names, read_quantity(names, session.schedule, "x10"), session.schedule) == "x[10]"
    )
