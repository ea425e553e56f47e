"""What is too large is refused before any of the work is done, and just above the limit."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.record import Runner
from nnhs_tui.errors import ComputationError
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.reading import graph_checks
from nnhs_tui.scenario.reading.chains import fewest_nodes
from nnhs_tui.scenario.reading.expression import parse
from nnhs_tui.scenario.reading.sizes import costly
from nnhs_tui.training import first_round
from nnhs_tui.training.first_round import TRIED, check_first_round
from tests.random_scenarios import graphs
from tests.scenario.test_validation import NET, faults

GRAPH_OF = """
title = "g"
{top}
[graph]
inputs = {{ x = 0.5 }}
parameters = {{ w = 0.5 }}
[graph.nodes]
{nodes}
"""


@pytest.mark.second
def test_elementary_nodes_are_counted_after_expansion(tmp_path: Path) -> None:
    """Each of these is refused before a node of it is made."""
    many = "".join(f'n{i} = "{"+".join(["x"] * 4_990)}"\n' for i in range(201))
    (fault,) = faults(tmp_path, GRAPH_OF.format(top="", nodes=many))
    assert (fault.where, fault.found) == ("graph.nodes", "more than 1,000,000 elementary nodes")
    assert "at most 1,000,000" in fault.expected


@pytest.mark.parametrize("circuit", [False, True])
def test_the_limit_of_elementary_nodes_is_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, circuit: bool
) -> None:
    """A smaller limit, so that both sides of it can be tried."""
    top = 'sigmoid = "circuit"' if circuit else ""
    nodes = 'a = "sigmoid(x) + 2 * 3 * w"\nb = "max(a, w, x) + 1 + 1"\nc = "2 + 3"\n'
    number = 3 + 3 * circuit + 3 + 1
    text = GRAPH_OF.format(top=top, nodes=nodes)
    monkeypatch.setattr(graph_checks, "MAX_ELEMENTARY", number)
    path = tmp_path / "a.toml"
    path.write_text(text)
    assert len(compile_tape(load(path)).op) == number
    monkeypatch.setattr(graph_checks, "MAX_ELEMENTARY", number - 1)
    (fault,) = faults(tmp_path, text)
    assert fault.where == "graph.nodes" and "elementary nodes" in fault.found


@given(graphs())
def test_no_expression_has_fewer_nodes_than_are_counted_before_it_is_read(text: str) -> None:
    for expression in tomllib.loads(text)["graph"]["nodes"].values():
        assert 1 <= fewest_nodes(expression) <= len(parse("f", expression).nodes)


@pytest.mark.parametrize(
    ("text", "number"),
    [("x", 1), ("1e5", 1), ("1.e5 + 2.5E-3", 1), ("x + x * w", 2), ("max(x, w, x)", 1),
     ("exp (x) + w", 1), ("x\n+ w + x_1 * é", 3)],
)  # fmt: skip
def test_two_names_are_joined_by_one_operation(text: str, number: int) -> None:
    assert fewest_nodes(text) == number


def layers_of(number: int) -> str:
    return 'title = "t"\n[network]\ninputs = 1\n' + "[[network.layers]]\nneurons = 1\n" * number


def test_number_of_layers(tmp_path: Path) -> None:
    sample = "[[samples]]\nx = [1]\n"
    path = tmp_path / "a.toml"
    path.write_text(layers_of(1_000) + sample)
    assert load(path).title == "t"
    (fault,) = faults(tmp_path, layers_of(1_001) + sample)
    assert (fault.where, fault.found) == ("network.layers", "1,001 of them")
    assert fault.expected == "expected at most 1,000"


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
@pytest.mark.parametrize(
    ("neurons", "samples", "found"),
    [(10_000, 10_000, ""),
     (10_001, 10_000, "10,000 samples of a network of 10,001 parameters")],
)  # fmt: skip
def test_samples_times_parameters(
    tmp_path: Path, neurons: int, samples: int, arithmetic: str, found: str
) -> None:
    text = f'title = "t"\narithmetic = "{arithmetic}"\n[network]\ninputs = 1\n'
    text += f"[[network.layers]]\nneurons = {neurons}\n" + "[[samples]]\nx = [1]\n" * samples
    path = tmp_path / "a.toml"
    path.write_text(text)
    if not found:
        assert len(load(path).samples) == samples
        return
    (fault,) = faults(tmp_path, text)
    assert (fault.where, fault.found) == ("samples", found)
    assert "samples times parameters" in fault.expected


def passes_made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many samples are worked from here on, by arithmetic."""
    made: Counter[str] = Counter()
    runs = Runner._run

    def counted(self: Runner, *details: Any) -> Any:
        made[self.ar.name] += 1
        return runs(self, *details)

    monkeypatch.setattr(Runner, "_run", counted)
    return made


@pytest.mark.slow
def test_of_very_much_work_validate_does_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts passes: a graph's samples in doubles, and those by hand, fewer of them."""
    made = passes_made(monkeypatch)
    nodes = "".join(f'n{i} = "x + {i}"\n' for i in range(1_000))
    text = GRAPH_OF.format(top='arithmetic = "hand"\n', nodes=nodes) + "[[samples]]\n" * 1_100
    path = tmp_path / "a.toml"
    path.write_text(text)
    check_first_round(load(path))
    assert made == {"exact": 500, "hand": 100}


def test_of_a_graph_as_large_as_it_may_be_one_sample_is_worked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TRIED, "exact", 1)
    path = tmp_path / "a.toml"
    path.write_text(GRAPH_OF.format(top="", nodes='y = "x + w - 1"\nz = "1 / (y + y)"'))
    with pytest.raises(ComputationError, match=r"^z: .* by 0"):
        check_first_round(load(path))


def test_some_of_the_samples_are_not_taken_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of them drive w beyond 10¹² by themselves; with the others, their mean does not."""
    monkeypatch.setitem(TRIED, "hand", 3)
    text = GRAPH_OF.format(top='arithmetic = "hand"', nodes='y = "w * x"')
    text += "[training]\nlearning_rate = 6_000\n"
    halves = "[[samples]]\nx = 200_000_000\n" * 3, "[[samples]]\nx = 0\n" * 3
    path = tmp_path / "a.toml"
    path.write_text(text + halves[0])
    with pytest.raises(ComputationError, match=r"^new w: .* after the update"):
        check_first_round(load(path))
    path.write_text(text + "".join(halves))
    check_first_round(load(path))


@pytest.mark.parametrize(("node", "found"), [("1 / x", "^y: .* by 0"), ("sqrt(x)", "^grad x: ")])
def test_each_sample_that_is_worked_must_go_through_forward_and_backward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str, found: str
) -> None:
    monkeypatch.setitem(TRIED, "exact", 3)
    path = tmp_path / "a.toml"
    samples = ["[[samples]]\nx = 1\n"] * 6
    for place, refused in ((2, True), (3, False)):
        some = [*samples]
        some[place] = "[[samples]]\nx = 0\n"
        path.write_text(GRAPH_OF.format(top="", nodes=f'y = "{node}"') + "".join(some))
        if refused:
            with pytest.raises(ComputationError, match=found):
                check_first_round(load(path))
        else:
            check_first_round(load(path))


def test_neurons_of_a_softmax(tmp_path: Path) -> None:
    text = layers_of(1).replace("neurons = 1", 'activation = "softmax"\nneurons = {}')
    text += "[[samples]]\nx = [1]\n"
    path = tmp_path / "a.toml"
    path.write_text(text.format(2_500))
    assert load(path).title == "t"
    (fault,) = faults(tmp_path, text.format(2_501))
    assert fault.where == "network.layers[1].activation" and "2,501 neurons" in fault.found


MANY = 100_001


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ("[a]\n" * MANY, "line 100001, column 1", "100,000 tables"),
        ("[[ a ]] # b\n" * MANY, "line 100001, column 1", "100,000 tables"),
        ("a = []\n" * MANY, "line 100001, column 1", "100,000 tables"),
        ("x = [" + "{a={}}," * MANY + "]", "line 1, column", "100,000 tables"),
        ("[" + "a." * 50 + "a]\n" + "a.b = 1\n" * MANY, "line ", "100,000 tables"),
        ("\"a.b\". 'c' = 1\n" * MANY, "line 50001, column 1", "100,000 tables"),
        pytest.param(
            "a=1\n" * 2_000_001, "line 2000001, column 1", "2,000,000 keys", marks=pytest.mark.slow
        ),
        ("x = 0." + "1" * 100_000, "line 1, column 5", "a number of over 100,000 digits"),
        ("x = 0x" + "f" * 100_000, "line 1, column 5", "a number of over 100,000 digits"),
        ("x = -" + "1" * 100_001, "line 1, column 5", "a number of over 100,000 digits"),
        ("x = -0." + "1" * 100_000, "line 1, column 5", "a number of over 100,000 digits"),
        ("x = +0." + "1" * 100_000, "line 1, column 6", "a number of over 100,000 digits"),
        ("x = [-0." + "1" * 100_000 + "]", "line 1, column 6", "a number of over 100,000 digits"),
        ("x = [\n[-0." + "1" * 100_000 + "]]", "line 2, column 2", "a number of over 100,000"),
        ("x = [\n[0." + "1" * 100_000 + "]\n]", "line 2, column 2", "a number of over 100,000"),
        ("x = [\n[-0." + "1" * 100_000 + "]\n]", "line 2, column 2", "a number of over 100,000"),
        ("x = 1e-" + "1" * 100_000, "line 1, column 5", "a number of over 100,000 digits"),
        ("x = 1e+" + "1" * 100_001, "line 1, column 8", "a number of over 100,000 digits"),
        ("[" + "a." * 100 + "a]", "line 1, column 2", "over 100 names"),
    ],
    ids=["tables", "lists", "values", "inline", "dots", "quoted", "keys", "digits", "hex",
         "negative", "negative fraction", "positive", "in a list", "in a matrix", "a row",
         "a negative row", "small", "large", "chain"],
)  # fmt: skip
def test_what_costs_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, where: str, found: str
) -> None:
    def loads(*_: object, **__: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(tomllib, "loads", loads)
    (fault,) = faults(tmp_path, text)
    assert fault.where.startswith(where) and found in fault.found


@pytest.mark.parametrize(
    "text",
    [
        "# " + "[a]\n# " * MANY,
        'x = """\n' + "[a]\n" * MANY + '"""',
        "x = '''\n" + "[a]\n" * MANY + "'''",
        'x = "' + "a.b = [" * MANY + '"',
        "x = [\n" + "[0.5],\n" * MANY + "]",
        "x = [" + "['a = []']," * MANY + "]",
        'x = "' + "1" * 200_000 + '"',
        "# " + "1" * 200_000,
    ],
    ids=["remarks", "long text", "literal", "text", "rows", "literals", "digits", "digits remark"],
)
def test_texts_remarks_and_rows_cost_nothing(text: str) -> None:
    assert costly(text) is None


@pytest.mark.parametrize(
    "piece",
    [" ", "\n", "\t\n", "a", "a.", "a . ", '"a".', "\"", "'", '"\\', '\n\\"""', "\n'''", "[", "{",
     "a=", "0.5,", "0", "#", "\\", '"""', "-", "+", "]\n"],
)  # fmt: skip
def test_looking_at_what_a_text_costs_takes_time_in_proportion(piece: str) -> None:
    """Quadratic time would take minutes; this is done in a moment."""
    for before in ("", '"""', "'''", "[", "x = ["):
        costly(before + piece * (300_000 // len(piece)))


def test_a_table_of_very_many_keys_is_one_fault(tmp_path: Path) -> None:
    keys = "".join(f"k{i} = 1\n" for i in range(10_001))
    for text, where, number in (
        (NET.replace("[training]", "[training]\n" + keys), "training", "10,002"),
        (GRAPH_OF.format(top="", nodes='a = "x"') + "[[samples]]\n" + keys, "samples[1]", "10,001"),
    ):
        (fault,) = faults(tmp_path, text)
        assert (fault.where, fault.found) == (where, f"a table of {number} keys")


def test_names_that_a_graph_gives_are_not_counted_as_keys(tmp_path: Path) -> None:
    """As many parameters as a network may have, and samples that give each input a value."""
    inputs = "".join(f"x{i} = 1\n" for i in range(10_001))
    path = tmp_path / "a.toml"
    path.write_text(
        'title = "g"\n[graph.parameters]\n'
        + inputs.replace("x", "w")
        + f'[graph.inputs]\n{inputs}[graph.nodes]\na = "x1 * w1"\n[[samples]]\n{inputs}'
    )
    scenario = load(path)
    assert len(scenario.samples[0].overrides) == 10_001
    assert len(compile_tape(scenario).frozen) == 10_001
    check_first_round(scenario)


def test_many_samples_of_a_large_softmax_are_worked_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = passes_made(monkeypatch)
    monkeypatch.setattr(first_round, "SOFTMAX_TRIED", 1_000)
    monkeypatch.setitem(TRIED, "hand", 500)
    softmax = 'arithmetic = "hand"\n' + layers_of(1).replace(
        "neurons = 1", 'activation = "softmax"\nneurons = 10'
    )
    path = tmp_path / "a.toml"
    path.write_text(softmax + "[[samples]]\nx = [1]\n" * 20)
    check_first_round(load(path))
    # 10 × 10 derivatives; and by hand 10 products, 10 sums and 10 outputs beside them.
    assert made == {"exact": 10, "hand": 3}


def test_powers_by_hand_count_for_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In decimals one takes as long as some sums: of a hundred samples fewer are worked."""
    monkeypatch.setitem(first_round.TRIED, "hand", 1_000)

    def tried(operation: str) -> int:
        made = passes_made(monkeypatch)
        nodes = "".join(f'n{i} = "x {operation} 2.5"\n' for i in range(20))
        text = GRAPH_OF.format(top='arithmetic = "hand"\n', nodes=nodes) + "[[samples]]\n" * 100
        path = tmp_path / "a.toml"
        path.write_text(text)
        check_first_round(load(path))
        return made["hand"]

    assert tried("**") < tried("+") < 100
