"""Graph expressions: structure, precedence, folding, limits and the words of every fault."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.operations.table import functions
from nnhs_tui.scenario.reading import expression
from nnhs_tui.scenario.reading.elementary import Node
from nnhs_tui.scenario.reading.expression import parse
from nnhs_tui.scenario.reading.literals import Constant
from nnhs_tui.scenario.reading.tokens import is_name
from tests.hostile import DEPENDENT, is_refused


def structure(text: str) -> list[str]:
    """The nodes as short lines, numbers as doubles."""
    parsed = parse("f", text)
    assert parsed.problems == ()
    return [
        " ".join([node.name, node.op, *(_shown(operand) for operand in node.operands)])
        for node in parsed.nodes
    ]


def _shown(operand: str | Constant) -> str:
    return operand if isinstance(operand, str) else repr(operand.exact)


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("x", ["f copy x"]),
        ("((x))", ["f copy x"]),
        ("-x", ["f neg x"]),
        ("x - 2", ["f sub x 2.0"]),
        ("1 / C", ["f div 1.0 C"]),
        ("(w + z) * y", ["f.1 add w z", "f mul f.1 y"]),
        ("a*b + c*d", ["f.1 mul a b", "f.2 mul c d", "f add f.1 f.2"]),
        ("a - b - c", ["f.1 sub a b", "f sub f.1 c"]),
        ("a / b * c", ["f.1 div a b", "f mul f.1 c"]),
        ("-x ** 2", ["f.1 pow x 2.0", "f neg f.1"]),
        ("2 ** -x", ["f.1 neg x", "f pow 2.0 f.1"]),
        ("2 ** -x * y", ["f.1 neg x", "f.2 pow 2.0 f.1", "f mul f.2 y"]),
        ("2 ** -x ** y", ["f.1 pow x y", "f.2 neg f.1", "f pow 2.0 f.2"]),
        ("x ** y ** z", ["f.1 pow y z", "f pow x f.1"]),
        ("a * -b", ["f.1 neg b", "f mul a f.1"]),
        ("--x", ["f.1 neg x", "f neg f.1"]),
        ("max(a, b, -c)", ["f.1 neg c", "f max a b f.1"]),
        ("min((a), 2)", ["f min a 2.0"]),
        ("sigmoid(w * x + b)", ["f.1 mul w x", "f.2 add f.1 b", "f sigmoid f.2"]),
        ("exp(1)", ["f exp 1.0"]),
        ("abs(x) + tan(y)", ["f.1 abs x", "f.2 tan y", "f add f.1 f.2"]),
        ("e ** x", [f"f pow {math.e!r} x"]),
        ("2 * pi * x", [f"f mul {2 * math.pi!r} x"]),
        ("pi - x", [f"f sub {math.pi!r} x"]),
        ("x*\n\tx", ["f mul x x"]),
        ("größe_2 * 2", ["f mul größe_2 2.0"]),
    ],
)
def test_structure(text: str, nodes: list[str]) -> None:
    assert structure(text) == nodes


def test_inner_nodes_belong_to_the_named_one() -> None:
    assert parse("loss", "(a + b) / 2").nodes == (
        Node("loss.1", "loss", "add", ("a", "b")),
        Node("loss", "loss", "div", ("loss.1", Constant(2.0, Decimal(2)))),
    )


@pytest.mark.parametrize(
    ("text", "exact", "written"),
    [
        ("2 * 3", 6.0, "6"),
        ("-2.0", -2.0, "-2.0"),
        ("0.1 + 0.2", 0.1 + 0.2, "0.3"),
        ("1 - 0.9 - 0.1", 1 - 0.9 - 0.1, "0"),
        ("1 / 3", 1 / 3, "0." + "3" * 50),
        (".5", 0.5, "0.5"),
        ("1.", 1.0, "1"),
        ("1E-3", 0.001, "0.001"),
        ("2 ** 3 ** 2", 512.0, "512"),
        ("-2 ** 2", -4.0, "-4"),
        ("2 ** -1", 0.5, "0.5"),
        ("2 ** 0.5", 2**0.5, "1.4142135623730950488016887242096980785696718753769"),
        ("0 ** 0", 1.0, "1"),
        ("(-8) ** 3", -512.0, "-512"),
        ("0.285", 0.285, "0.285"),
        ("1e-999999999999999999999", 0.0, "0"),
        ("1e-400 + 1", 1.0, "1"),
    ],
)
def test_numbers_are_folded_twice(text: str, exact: float, written: str) -> None:
    (node,) = parse("f", text).nodes
    assert node.op == "copy"
    (constant,) = node.operands
    assert isinstance(constant, Constant)
    assert constant.exact == exact
    assert constant.written == Decimal(written)


def test_only_neighbouring_numbers_are_folded() -> None:
    assert structure("2 * 3 * x") == ["f mul 6.0 x"]
    assert structure("x * 2 * 3") == ["f.1 mul x 2.0", "f mul f.1 3.0"]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("w + * z", "\"w + * z\" at column 5: '*'", "a number, a name or '('"),
        ("", "at column 1: the end", "a number, a name or '('"),
        ("w +", "at column 4: the end", "a number, a name or '('"),
        ("+x", "at column 1: '+'", "leave out"),
        ("(a", "at column 3: the end", "')' for what column 1 opens"),
        ("a)", "at column 2: ')'", "a '(' before it"),
        ("exp()", "at column 5: ')'", "a number, a name or '('"),
        ("max(a,)", "at column 7: ')'", "a number, a name or '('"),
        ("exp x", "exp without brackets", "exp(…)"),
        ("exp(a, b)", "exp of 2 values", "one value"),
        ("max(a)", "max of one value", "two or more"),
        ("sigmod(x)", "sigmod is not a function", "sigmoid?"),
        ("w(x)", "w is not a function", "a product is written with *"),
        ("2x", "at column 2: 'x'", "2 * x"),
        ("a b", "at column 3: 'b'", "between two values"),
        ("0,5 * x", "at column 2: ','", "decimals have a point"),
        ("x^2", "at column 2: '^'", "** for a power"),
        ("x²", "at column 2: '²'", "** for a power"),
        ("a × b", "at column 3: '×'", "* for a product"),
        ("a · b", "at column 3: '·'", "* for a product"),
        ("a ÷ b", "at column 3: '÷'", "/ for a quotient"),
        ("a : b", "at column 3: ':'", "/ for a quotient"),
        ("−x", "at column 1: '−'", "ordinary minus"),
        ("a // b", "at column 4: '/'", "a number, a name or '('"),
        ("a == b", "at column 3: '='", "right-hand side alone"),
        ("1_000", "at column 2: '_000'", "between two values"),
        ("0x10", "at column 2: 'x10'", "between two values"),
        ("__import__('os')", "at column 12: '''", "numbers, names"),
        ("x.real", "at column 2: '.'", ".T for the transpose"),
        ("9 ** 9 ** 9", "at column 3: 9 ** 387420489 is too large", "has a result"),
        ("1e200 * 1e200", "1e+200 * 1e+200 is too large", "has a result"),
        ("1 / 0", "1 / 0 divides by 0", "has a result"),
        ("0 ** -1", "0 ** -1 divides by 0", "has a result"),
        ("(-8) ** 0.5", "(-8) ** 0.5 is the root of a negative number", "has a result"),
        ("1e400", "1e400 is too large", "1.8e308"),
    ],
)
def test_fault_says_place_and_cure(text: str, found: str, expected: str) -> None:
    parsed = parse("f", text)
    assert parsed.nodes == ()
    assert found in parsed.problems[0].found
    assert expected in parsed.problems[0].expected


def test_all_faults_of_an_expression_at_once() -> None:
    parsed = parse("f", "foo(x) + 1 / 0 + max(y)")
    assert [problem.found.split(": ")[1] for problem in parsed.problems] == [
        "foo is not a function",
        "1 / 0 divides by 0",
        "max of one value",
    ]
    assert parsed.names == ("x", "y")


def test_fault_in_a_long_expression_shows_its_surroundings() -> None:
    (problem,) = parse("f", "x + " * 100 + "* y").problems
    assert "at column 401: '*'" in problem.found
    assert len(problem.found) < 120


def test_chain_is_not_nesting() -> None:
    assert len(parse("f", "+".join(["x"] * 3000)).nodes) == 2999
    assert len(parse("f", "*".join(["x"] * 3000)).nodes) == 2999


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("exp(", ")"), ("-", ""), ("max(1, ", ")"), ("1 + 2 * (", ")")],
)
def test_a_hundred_deep_is_the_limit(opening: str, closing: str) -> None:
    assert parse("f", opening * 100 + "x ** 2" + closing * 100).problems == ()
    (problem,) = parse("f", opening * 101 + "x" + closing * 101).problems
    assert "nested too deep" in problem.found


def test_powers_in_exponents_are_nesting() -> None:
    assert parse("f", " ** ".join(["x"] * 102)).problems == ()
    assert "nested too deep" in parse("f", " ** ".join(["x"] * 103)).problems[0].found
    assert (
        "nested too deep" in parse("f", "2 ** -" * 60 + "x ** y ** " * 60 + "x").problems[0].found
    )


def test_length_is_limited() -> None:
    assert parse("f", "x".ljust(10_000)).problems == ()
    assert "10,001 characters" in parse("f", "x".ljust(10_001)).problems[0].found


@pytest.mark.parametrize("name", ["x", "_", "W_1", "größe", "λ2", "loss"])
def test_names(name: str) -> None:
    assert is_name(name)
    assert parse("f", f"{name} + 1").names == (name,)


@pytest.mark.parametrize("name", ["", "1a", "a b", "a.b", "x²", "a-b", "½", "a\n", "²"])
def test_not_names(name: str) -> None:
    assert not is_name(name)


def leaves() -> st.SearchStrategy[str]:
    numbers = st.integers(0, 20).map(str) | st.floats(0.01, 20).map(lambda v: f"{v:.3f}")
    return st.sampled_from(["x", "y"]) | numbers


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["+", "-", "*", "/", "**"])
    return (
        st.tuples(inner, binary, inner).map(" ".join)
        | inner.map("-{}".format)
        | inner.map("({})".format)
        | inner.map("tanh({})".format)
        | st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})")
    )


@pytest.mark.parametrize("name", ["e", "pi", "abs", "tan"])
def test_a_name_that_the_file_gives_hides_its_meaning(name: str) -> None:
    """But directly before a bracket a function is the function, also behind the name."""
    for text in (f"{name} + x", f"{name} + (x)", f"x * ({name})"):
        assert name in parse("f", text, frozenset({name})).names
    if name in functions():
        (inner, outer) = parse("f", f"{name} - {name}({name})", {name}).nodes
        assert (inner.op, inner.operands, outer.operands) == (name, (name,), (name, "f.1"))
        (problem,) = parse("f", f"{name} + x").problems
        assert problem.found.endswith(f"the function {name} without brackets")
    else:
        (problem,) = parse("f", f"{name}(x)", {name}).problems
        assert f"{name} is not a function" in problem.found


def test_names_of_numbers_are_exact_by_hand() -> None:
    (node,) = parse("f", "x * pi").nodes
    assert str(node.operands[1].written).startswith("3.14159265358979323846264338327950288")
    (node,) = parse("f", "x * e").nodes
    assert str(node.operands[1].written).startswith("2.71828182845904523536028747135266249")
    (node,) = parse("f", "x * (-2 * pi)").nodes
    assert node.operands[1].name == "(-2·pi)"


def evaluate(nodes: tuple[Node, ...], values: dict[str, float]) -> float:
    """Runs elementary nodes as Python computes."""
    run = {
        "copy": lambda a: a,
        "neg": lambda a: -a,
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "pow": lambda a, b: a**b,
        "tanh": math.tanh,
        "max": max,
    }
    values = dict(values)
    for node in nodes:
        given = [values[o] if isinstance(o, str) else o.exact for o in node.operands]
        values[node.name] = run[node.op](*given)
    return values[nodes[-1].name]


@given(st.recursive(leaves(), compound, max_leaves=12))
def test_means_what_python_means(text: str) -> None:
    values = {"x": 1.5, "y": -0.75}
    scope = {"tanh": math.tanh, "max": max, "__builtins__": {}}
    parsed = parse("f", text)
    try:
        # Numbers as doubles, so that powers are no large integers.
        wanted = eval(_with_doubles(text), scope, values)
    except (ArithmeticError, TypeError):
        return
    if isinstance(wanted, complex) or not math.isfinite(wanted):
        return
    if parsed.problems:
        # Doubles that overflow on the way to a finite result are refused when folded.
        assert "is too large" in parsed.problems[0].found
        return
    assert evaluate(parsed.nodes, values) == wanted
    assert parsed.nodes[-1].name == "f"


def _with_doubles(text: str) -> str:
    return " ".join(
        word if "." in word or not word.isdigit() else word + ".0"
        for word in text.replace("(", " ( ")
        .replace(")", " ) ")
        .replace(",", " , ")
        .replace("-", " - ")
        .split()
    )


TOKENS = [
    *functions(),
    *"+-*/(),xy^ ²\n\x1b",
    "**",
    "1",
    "2.5",
    "1e400",
    "0",
    "(-8)",
    "1e-999",
    "**9",
]


@given(st.lists(st.sampled_from(TOKENS), max_size=60).map("".join) | st.text(max_size=60))
def test_never_raises(text: str) -> None:
    parsed = parse("f", text)
    assert bool(parsed.nodes) != bool(parsed.problems)
    known = {*parsed.names, *(node.name for node in parsed.nodes)}
    operands = {o for node in parsed.nodes for o in node.operands if isinstance(o, str)}
    assert operands <= known
    for problem in parsed.problems:
        assert not any(map(is_refused, set(problem.found + problem.expected) - DEPENDENT))


@given(
    st.lists(st.sampled_from(["x", "w_1", "_", "exp", "max", "sigmoid", "é", "2"]), min_size=1),
    st.lists(st.sampled_from(["+", "-", " - ", "*", "\t* ", "/", "**", "+-"]), min_size=20),
    st.booleans(),
)
def test_a_chain_is_read_as_what_is_in_brackets(
    terms: list[str], signs: list[str], is_one_kind: bool
) -> None:
    """The quick way through chains of names finds what the reader finds, fault for fault."""
    if is_one_kind:
        signs = [sign for sign in signs if sign.strip() in "+-"] or [" + "]
    text = terms[0] + "".join(
        signs[place % len(signs)] + term for place, term in enumerate(terms[1:])
    )
    assert parse("f", text) == expression._Reader("f", text, frozenset(), False).read()


def test_a_long_chain_is_not_read_word_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expression, "words_of", lambda text: pytest.fail("it was"))
    for signs in ("+-", "*/"):
        parsed = parse("f", "x" + "".join(f" {signs[i % 2]} y_{i % 3}" for i in range(1_500)))
        assert len(parsed.nodes) == 1_500
        assert parsed.names == ("x", "y_0", "y_1", "y_2")
        assert parsed.nodes[-1].operands == ("f.1499", "y_2")
