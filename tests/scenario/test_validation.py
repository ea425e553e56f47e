"""Bad scenario files: every fault with its place, what was found and what was expected."""

import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnhs_tui.errors import Fault, ScenarioError
from nnhs_tui.scenario.loading import load

NET = """title = "T"
digits = 2
[network]
inputs = 2
[[network.layers]]
name = "hidden"
weights = [[0.5, -0.3], [0.8, 0.2]]
bias = [0.1, 0.0]
activation = "sigmoid"
[[network.layers]]
weights = [[1.0], [2.0]]
[loss]
kind = "mse"
[training]
learning_rate = 0.1
[[samples]]
x = [1.0, 2.0]
t = [0.5]
"""
FREE = NET.replace('[loss]\nkind = "mse"\n', "").replace("t = [0.5]\n", "")
GRAPH = """title = "G"
[graph]
inputs = { x = 1.0 }
parameters = { w = -2.0 }
[graph.nodes]
A = "-x"
B = "exp(A) * w"
"""


def faults(folder: Path, content: str | bytes) -> tuple[Fault, ...]:
    path = folder / "a.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioError) as caught:
        load(path, shown_as="a.toml")
    for line in str(caught.value).split("\n"):
        assert line.startswith("a.toml: ")
        assert line.isprintable()
        assert "; " in line
    assert len(str(caught.value).split("\n")) == len(caught.value.faults)
    return caught.value.faults


def change(base: str, old: str, new: str) -> str:
    assert old in base
    return base.replace(old, new, 1)


HIDDEN = "weights = [[0.5, -0.3], [0.8, 0.2]]"
OUTPUT = "weights = [[1.0], [2.0]]"

# (text replaced, by what, key path, found, expected): one fault each.
NETWORKS = [
    ('title = "T"', "", "title", "missing", "one line of text"),
    ('"T"', '""', "title", "an empty text", "one line of text"),
    ('"T"', '" "', "title", 'the text " "', "one line of text"),
    ('"T"', r'"a\nb"', "title", r"several lines", "one line of text"),
    ('"T"', r'"a\n"', "title", r"several lines", "one line of text"),
    ('"T"', "3", "title", "3", "one line of text"),
    ('"T"', '"T"\nnotes = []', "notes", "an empty list", "text in quotes"),
    ('"T"', '"T"\nsource = 1979-05-27', "source", "a date or time", "text in quotes"),
    ("digits = 2", "digits = 7", "digits", "7", "from 0 to 6"),
    ("digits = 2", "digits = -1", "digits", "-1", "from 0 to 6"),
    ("digits = 2", "digits = true", "digits", "true", "from 0 to 6"),
    ("digits = 2", "digits = 2.0", "digits", "2.0", "whole number"),
    ("digits = 2", 'digits = "2"', "digits", 'the text "2"', "whole number"),
    ("digits = 2", f"digits = 0x{'f' * 9000}", "digits", "about 10837 digits", "from 0 to 6"),
    ("digits = 2", 'level = "neurone"', "level", '"neurone"', '"layer", "neuron" or "node"'),
    ("digits = 2", 'arithmetic = "Hand"', "arithmetic", '"Hand"', '"exact" or "hand"'),
    ("digits = 2", "sigmoid = 1", "sigmoid", "1", '"shortcut" or "circuit"'),
    ("digits = 2", "digit = 2", "digit", "unknown key", 'did you mean "digits"?'),
    ("digits = 2", "rounds = 2", "rounds", "unknown key", "rounds in [training]"),
    ("digits = 2", "zzz = 2", "zzz", "unknown key", "one of title, description"),
    ("digits = 2", r'"\u001b[1m" = 2', r'"\x1b[1m"', "unknown key", "one of title"),
    ("inputs = 2", "inputs = 0", "network.inputs", "0", "how many"),
    ("inputs = 2", "inputs = true", "network.inputs", "true", "how many"),
    ("inputs = 2", "inputs = []", "network.inputs", "an empty list", "how many"),
    ("inputs = 2", "", "network.inputs", "missing", "how many"),
    ("inputs = 2", "inputs = 10_000_000_000_000", "network.inputs", "10000000000000", "2,000,000"),
    ("inputs = 2", 'inputs = ["a", 3]', "network.inputs[2]", "3", "name in quotes"),
    ("inputs = 2", 'inputs = ["a", "a"]', "network.inputs[2]", '"a"', "input 1 has this one"),
    ("inputs = 2", 'inputs = ["a", "1b"]', "network.inputs[2]", '"1b"', "letters, digits"),
    ("inputs = 2", 'inputs = ["a", ""]', "network.inputs[2]", "an empty text", "letters, digits"),
    ("inputs = 2", 'inputs = ["a", "loss"]', "network.inputs[2]", '"loss"', "another name"),
    (
        "inputs = 2",
        'inputs = ["layer2", "a"]',
        "network.inputs[1]",
        '"layer2"',
        "layer 2 is called",
    ),
    ("inputs = 2", 'inputs = ["hidden", "a"]', "network.layers[1].name", '"hidden"', "input 1 has"),
    ('"hidden"', '"layer2"', "network.layers[1].name", '"layer2"', "layer 2 is called"),
    ('"hidden"', '"hid den"', "network.layers[1].name", '"hid den"', "letters, digits"),
    ('"hidden"', '"x²"', "network.layers[1].name", '"x²"', "letters, digits"),
    ('"hidden"', '"loss"', "network.layers[1].name", '"loss"', "another name"),
    ('"hidden"', "3", "network.layers[1].name", "3", "text in quotes"),
    (OUTPUT, OUTPUT + '\nname = "hidden"', "network.layers[2].name", '"hidden"', "layer 1 has"),
    (OUTPUT, "", "network.layers[2]", "an empty layer", "or neurons = 3"),
    (OUTPUT, "bias = [1.0]", "network.layers[2]", "neither weights nor neurons", "or neurons"),
    (OUTPUT, OUTPUT + "\nneurons = 1", "network.layers[2].neurons", "both", "one of them"),
    (OUTPUT, OUTPUT + "\ninit = {}", "network.layers[2].init", "init beside weights", "neurons"),
    (OUTPUT, "neurons = 1\ninit = 3", "network.layers[2].init", "3", "init = { … }"),
    (OUTPUT, "neurons = 0", "network.layers[2].neurons", "0", "from 1"),
    (
        OUTPUT,
        "neurons = 1_000_000_000_000",
        "network.layers[2].neurons",
        "1000000000000",
        "2,000,000",
    ),
    (
        OUTPUT,
        'neurons = 1\ninit = {kind = "gauss"}',
        "network.layers[2].init.kind",
        '"gauss"',
        '"normal", "uniform"',
    ),
    (
        OUTPUT,
        "neurons = 1\ninit = {scale = -1}",
        "network.layers[2].init.scale",
        "-1",
        "at least 0",
    ),
    (OUTPUT, "neurons = 1\ninit = {scale = inf}", "network.layers[2].init.scale", "inf", "finite"),
    (OUTPUT, "neurons = 1\ninit = {seed = -1}", "network.layers[2].init.seed", "-1", "at least 0"),
    (OUTPUT, "neurons = 1\ninit = {seed = 1.5}", "network.layers[2].init.seed", "1.5", "whole"),
    (OUTPUT, "weights = [[1.0]]", "network.layers[2].weights", "1 row", "2 rows, one per neuron"),
    (
        HIDDEN,
        "weights = [[0.5, -0.3]]",
        "network.layers[1].weights",
        "a matrix of 1 row",
        "2 rows, one per input (it looks transposed",
    ),
    (HIDDEN, "weights = [[1, 2], [3]]", "network.layers[1].weights[2]", "a row of 1 number", "2"),
    (HIDDEN, "weights = [1, 2]", "network.layers[1].weights", "a list of 2", "list of rows"),
    (HIDDEN, "weights = [[1, 2], 3]", "network.layers[1].weights[2]", "3", "a row"),
    (HIDDEN, "weights = []", "network.layers[1].weights", "an empty list", "list of rows"),
    (HIDDEN, "weights = 0.5", "network.layers[1].weights", "0.5", "list of rows"),
    (HIDDEN, "weights = [[1, 2], [nan, 3]]", "network.layers[1].weights[2,1]", "nan", "finite"),
    (HIDDEN, "weights = [[1, -inf], [2, 3]]", "network.layers[1].weights[1,2]", "-inf", "finite"),
    (
        HIDDEN,
        "weights = [[1, 1e400], [2, 3]]",
        "network.layers[1].weights[1,2]",
        "1e+400",
        "finite",
    ),
    (
        HIDDEN,
        f"weights = [[1, 1{'0' * 400}], [2, 3]]",
        "network.layers[1].weights[1,2]",
        "a whole number of about 400 digits",
        "finite",
    ),
    (
        HIDDEN,
        "weights = [[1, 1e99999999999999999999], [2, 3]]",
        "network.layers[1].weights[1,2]",
        "inf",
        "finite",
    ),
    (HIDDEN, "weights = [[1, true], [2, 3]]", "network.layers[1].weights[1,2]", "true", "a number"),
    (
        HIDDEN,
        'weights = [[1, "2"], [2, 3]]',
        "network.layers[1].weights[1,2]",
        '"2"',
        "without the quotes",
    ),
    (
        HIDDEN,
        "weights = [[1, [2]], [2, 3]]",
        "network.layers[1].weights[1,2]",
        "a list",
        "a number",
    ),
    ("[0.1, 0.0]", "[0.1]", "network.layers[1].bias", "1 number", "2, one per neuron"),
    ("[0.1, 0.0]", "0.1", "network.layers[1].bias", "0.1", "one number per neuron"),
    ("[0.1, 0.0]", "[0.1, nan]", "network.layers[1].bias[2]", "nan", "finite"),
    ("[0.1, 0.0]", "[0.1, 1.8e308]", "network.layers[1].bias[2]", "1.8e+308", "at most 1.8e308"),
    ("[0.1, 0.0]", "[0.1, -9e308]", "network.layers[1].bias[2]", "-9e+308", "at most 1.8e308"),
    ('"sigmoid"', '"softmax"', "network.layers[1].activation", "softmax before", "in the last"),
    ('"sigmoid"', '"sigmoit"', "network.layers[1].activation", '"sigmoit"', '"sigmoid"'),
    ('"sigmoid"', '["relu"]', "network.layers[1].activation", "a list of 1 value", '"sigmoid"'),
    ('"mse"', '"rmse"', "loss.kind", '"rmse"', '"mse", "sse"'),
    ('kind = "mse"', "", "loss.kind", "missing", '"mse", "sse"'),
    ('kind = "mse"', 'kind = "mse"\nfactor = 2', "loss.factor", "unknown key", "kind"),
    ('"mse"', '"cross_entropy"', "samples[1].t", "add up to 0.5", "probabilities"),
    ("t = [0.5]", "", "samples[1].t", "missing", "the target"),
    ("t = [0.5]", "t = 0.5", "samples[1].t", "0.5", "list of numbers"),
    ("t = [0.5]", "t = []", "samples[1].t", "an empty list", "1, one per output"),
    ("t = [0.5]", "t = [0.5, 0.5]", "samples[1].t", "2 numbers", "1, one per output"),
    ("t = [0.5]", "t = [nan]", "samples[1].t[1]", "nan", "finite"),
    ("t = [0.5]", "t = [0.5]\nupstream = [1]", "samples[1].upstream", "beside a loss", "none"),
    ("x = [1.0, 2.0]", "x = [1.0]", "samples[1].x", "1 number", "2, one per input"),
    ("x = [1.0, 2.0]", "", "samples[1].x", "missing", "inputs of this sample"),
    ("x = [1.0, 2.0]", "x = [1.0, 2.0]\ny = [1]", "samples[1].y", "unknown key", "x, t, upstream"),
    ("[[samples]]\nx", "[[samples]]\nX = [1]\nx", "samples[1].X", "unknown key", '"x"?'),
    ("[[samples]]\nx", "[samples]\nx", "samples", "a table", "[[samples]]"),
    ("[[samples]]\nx = [1.0, 2.0]\nt = [0.5]", "", "samples", "missing", "at least one"),
    ("[training]", "[[training]]", "training", "a list", "a table: [training]"),
    ("rate = 0.1", "rate = -1", "training.learning_rate", "-1", "at least 0"),
    ("rate = 0.1", "rate = nan", "training.learning_rate", "nan", "finite"),
    ("rate = 0.1", "rate = false", "training.learning_rate", "false", "a number"),
    ("learning_rate", "lerning_rate", "training.lerning_rate", "unknown key", '"learning_rate"?'),
    ("rate = 0.1", "rate = 0.1\nrounds = 0", "training.rounds", "0", "from 1 to 1,000,000"),
    ("rate = 0.1", "rate = 0.1\nrounds = 1000001", "training.rounds", "1000001", "1,000,000"),
    ("rate = 0.1", 'rate = 0.1\nreduction = "max"', "training.reduction", '"max"', '"mean" or'),
    ("rate = 0.1", 'rate = 0.1\ntitle = "a"', "training.title", "unknown key here", "at the top"),
    (
        "learning_rate = 0.1",
        'frozen = "hidden.b"',
        "training.frozen",
        '"hidden.b"',
        "list of names",
    ),
    ("learning_rate = 0.1", "frozen = [1]", "training.frozen[1]", "1", "name in quotes"),
    (
        "learning_rate = 0.1",
        'frozen = ["hiden.b"]',
        "training.frozen[1]",
        '"hiden.b"',
        '"hidden.b"?',
    ),
    ("learning_rate = 0.1", 'frozen = ["hidden"]', "training.frozen[1]", '"hidden"', '"hidden.W"?'),
    ("learning_rate = 0.1", 'frozen = ["layer2.b"]', "training.frozen[1]", '"layer2.b"', "no bias"),
    (
        "learning_rate = 0.1",
        'frozen = ["hidden.W[3,1]"]',
        "training.frozen[1]",
        "W[3,1]",
        "hidden.W[2,2]",
    ),
    ("learning_rate = 0.1", 'frozen = ["hidden.b[0]"]', "training.frozen[1]", "b[0]", "from 1"),
    ("learning_rate = 0.1", 'frozen = ["x[1]"]', "training.frozen[1]", '"x[1]"', "a parameter"),
]

GRAPHS = [
    ('B = "exp(A) * w"', "B = 2", "graph.nodes.B", "2", "an expression in quotes"),
    ('B = "exp(A) * w"', 'B.1 = "x"', "graph.nodes.B", "a table", "an expression in quotes"),
    ('B = "', 'exp = "', "graph.nodes.exp", '"exp"', "not a function's"),
    ("{ x = 1.0", "{ tanh = 1, x = 1.0", "graph.inputs.tanh", '"tanh"', "not a function's"),
    ("{ w = -2.0", "{ max = 1, w = -2.0", "graph.parameters.max", '"max"', "not a function's"),
    ('B = "', 'x = "', "graph.nodes.x", '"x" a second time', "among the inputs"),
    ('B = "', '"f.1" = "', 'graph.nodes."f.1"', '"f.1"', "letters, digits"),
    ('B = "', '2b = "', "graph.nodes.2b", '"2b"', "not beginning with a digit"),
    ("{ w =", "{ x = 1, w =", "graph.parameters.x", '"x" a second time', "among the inputs"),
    ("{ w = -2.0", '{ w = "-2"', "graph.parameters.w", '"-2"', "without the quotes"),
    ("{ x = 1.0", "{ x = inf", "graph.inputs.x", "inf", "finite"),
    ("{ x = 1.0 }", '["x"]', "graph.inputs", "a list of 1 value", "a table of names"),
    ("exp(A) * w", "exp(C) * w", "graph.nodes.B", 'unknown name "C"', '"x", "w" or "A"'),
    ("exp(A) * w", "exp(AA) * w", "graph.nodes.B", 'unknown name "AA"', '"A"?'),
    ("-x", "-B", "graph.nodes.A", '"B" before it is defined', "further down"),
    ("-x", "-A", "graph.nodes.A", '"A" in its own expression', "cannot use itself"),
    ("-x", "w + * x", "graph.nodes.A", "at column 5: '*'", "a number, a name"),
    ("-x", "exq(x)", "graph.nodes.A", "exq is not a function", "exp?"),
    ("-x", "x" + "+x" * 5000, "graph.nodes.A", "10,001 characters", "10,000"),
    ("-x", "(" * 101 + "x" + ")" * 101, "graph.nodes.A", "nested too deep", "100"),
    ("-x", "9**9**9", "graph.nodes.A", "9 ** 387420489 is too large", "has a result"),
    ("[graph.nodes]", 'output = "x"\n[graph.nodes]', "graph.output", "one of the inputs", "a node"),
    ("[graph.nodes]", 'output = "b"\n[graph.nodes]', "graph.output", '"b"', '"B"?'),
    ("[graph.nodes]", "outputs = 1\n[graph.nodes]", "graph.outputs", "unknown key", '"output"?'),
    ('A = "-x"\nB = "exp(A) * w"', "", "graph.nodes", "no node", "at least one"),
    ('[graph.nodes]\nA = "-x"\nB = "exp(A) * w"', "", "graph.nodes", "missing", "[graph.nodes]"),
    ("[graph]", '[loss]\nkind = "mse"\n[graph]', "loss", "beside a [graph]", "with a [network]"),
    (
        "[graph]",
        "[backward]\nupstream = [1, 2]\n[graph]",
        "backward.upstream",
        "1×2",
        "a number or 1×1",
    ),
    (
        "[graph]",
        '[training]\nfrozen = ["x"]\n[graph]',
        "training.frozen[1]",
        "inputs",
        "a parameter",
    ),
    ("[graph]", '[training]\nfrozen = ["W"]\n[graph]', "training.frozen[1]", '"W"', '"w"?'),
    ("[graph]", "[[samples]]\nz = 1\n[graph]", "samples[1].z", '"z"', 'an input of the graph: "x"'),
    ("[graph]", "[[samples]]\nw = 1\n[graph]", "samples[1].w", "one of the parameters", "an input"),
    ("[graph]", "[[samples]]\nx = [1, 2]\n[graph]", "samples[1].x", "1×2", "expected 1×1"),
    ("[graph]", "samples = []\n[graph]", "samples", "an empty list", "[[samples]]"),
]


@pytest.mark.parametrize(
    ("base", "case"),
    [(NET, case) for case in NETWORKS] + [(GRAPH, case) for case in GRAPHS],
    ids=lambda value: "-".join(value[1:3]) if isinstance(value, tuple) else "",
)
def test_one_fault(tmp_path: Path, base: str, case: tuple[str, str, str, str, str]) -> None:
    old, new, where, found, expected = case
    (fault,) = faults(tmp_path, change(base, old, new))
    assert fault.where == where
    assert found in fault.found
    assert expected in fault.expected
    assert len(str(fault)) < 300


@pytest.mark.parametrize("target", ["1.5", "-0.1", "1.0000000001"])
def test_targets_of_bce(tmp_path: Path, target: str) -> None:
    text = change(NET, '"mse"', '"bce"').replace("t = [0.5]", f"t = [{target}]")
    (fault,) = faults(tmp_path, text)
    assert fault.where == "samples[1].t[1]"
    assert "from 0 to 1, for bce" in fault.expected


def test_targets_of_cross_entropy_are_not_negative(tmp_path: Path) -> None:
    text = change(NET, '"mse"', '"cross_entropy"').replace("[[1.0], [2.0]]", "[[1, 1], [2, 2]]")
    below, above = faults(tmp_path, text.replace("t = [0.5]", "t = [-0.5, 1.5]"))
    assert (below.where, above.where) == ("samples[1].t[1]", "samples[1].t[2]")


@pytest.mark.parametrize(
    ("third", "is_fine"),
    [("0.3333333333", True), ("0.333333333333", True), ("0.3333333", False), ("0.33", False)],
)
def test_targets_of_cross_entropy_are_one_together(
    tmp_path: Path, third: str, is_fine: bool
) -> None:
    """Written with ten decimals a third is a third; what shows as another sum is refused."""
    text = change(NET, '"mse"', '"cross_entropy"').replace(
        "[[1.0], [2.0]]", "[[1, 1, 1], [2, 2, 2]]"
    )
    text = text.replace("t = [0.5]", f"t = [{', '.join([third] * 3)}]")
    if is_fine:
        (tmp_path / "fine.toml").write_text(text, encoding="utf-8")
        assert load(tmp_path / "fine.toml")
    else:
        (fault,) = faults(tmp_path, text)
        assert fault.where == "samples[1].t" and "probabilities" in fault.expected


@pytest.mark.parametrize("count", [12, 13])
def test_what_there_is_to_choose_from_is_listed_while_it_can_be_read(
    tmp_path: Path, count: int
) -> None:
    names = [f"k{place}" for place in range(count)]
    inputs = ", ".join(f"{name} = 1" for name in names)
    text = f'title = "g"\n[graph]\ninputs = {{ {inputs} }}\n[graph.nodes]\ny = "k0 + unlike"\n'
    (fault,) = faults(tmp_path, text)
    listed = [name for name in names if f'"{name}"' in fault.expected]
    assert listed == (names if count == 12 else [])


@pytest.mark.parametrize(
    ("header", "where"),
    [("[backward]\nupstream = [1, 2]", "backward.upstream"), ("[backward]", "backward.upstream")],
)
def test_upstream(tmp_path: Path, header: str, where: str) -> None:
    (fault,) = faults(tmp_path, change(FREE, "[training]", f"{header}\n[training]"))
    assert fault.where == where
    (fault,) = faults(tmp_path, FREE + "upstream = [1, 2]\n")
    assert fault.where == "samples[1].upstream"


def test_loss_and_upstream_exclude_each_other(tmp_path: Path) -> None:
    text = change(NET, "[training]", "[backward]\nupstream = [1]\n[training]")
    (fault,) = faults(tmp_path, text)
    assert fault.where == "backward"
    assert "a loss says itself" in fault.expected


def test_network_and_graph(tmp_path: Path) -> None:
    both = NET.replace("[training]", GRAPH.split("\n", 1)[1] + "[training]")
    (fault,) = faults(tmp_path, both)
    assert (fault.where, fault.found) == ("graph", "a [graph] beside a [network]")
    (fault,) = faults(tmp_path, 'title = "t"\n')
    assert (fault.where, fault.expected) == ("network", "expected a [network] or a [graph]")


def test_faults_of_all_kinds_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        NET.replace("digits = 2", "digits = 9")
        .replace(HIDDEN, "weights = [[0.5, nan], [0.8, 0.2], [1, 1]]")
        .replace('"mse"', '"bce"')
        .replace("learning_rate = 0.1", 'learnrate = 1\nfrozen = ["hidden.c"]')
        .replace("t = [0.5]", "t = [1.5, 3]")
    )
    assert [fault.where for fault in faults(tmp_path, text)] == [
        "digits",
        "network.layers[1].weights",
        "network.layers[1].weights[1,2]",
        "training.learnrate",
        "training.frozen[1]",
        "samples[1].t",
        "samples[1].t[1]",
        "samples[1].t[2]",
    ]


def test_every_faulty_layer_and_sample_is_named(tmp_path: Path) -> None:
    text = NET.replace("0.2]]", "inf]]").replace("[[1.0], [2.0]]", "[[1.0], [nan]]")
    text += "[[samples]]\nx = [1, 'a']\n[[samples]]\nt = [1]\nx = [1, 2]\n[[samples]]\nt = [true]\n"
    assert [fault.where for fault in faults(tmp_path, text)] == [
        "network.layers[1].weights[2,2]",
        "network.layers[2].weights[2,1]",
        "samples[2].x[2]",
        "samples[2].t",
        "samples[4].t[1]",
        "samples[4].x",
    ]


def test_a_fault_brings_no_others_with_it(tmp_path: Path) -> None:
    """What an unsound value would have said is not guessed at."""
    text = NET.replace("learning_rate = 0.1", 'frozen = ["hidden.b"]')
    (fault,) = faults(tmp_path, text.replace(HIDDEN, 'weights = "[[1]]"'))
    assert fault.where == "network.layers[1].weights"
    (fault,) = faults(tmp_path, text.replace('"hidden"', "7"))
    assert fault.where == "network.layers[1].name"
    (fault,) = faults(tmp_path, GRAPH.replace("{ x = 1.0 }", "3"))
    assert fault.where == "graph.inputs"
    (fault,) = faults(tmp_path, GRAPH.replace('"-x"', '"-"'))
    assert fault.where == "graph.nodes.A"


@pytest.mark.parametrize(
    ("content", "where", "found", "expected"),
    [
        (b"", "", "an empty file", "a scenario"),
        (b" \n", "", "an empty file", "a scenario"),
        (b"title = 'a'\n# \xe4", "line 2", "byte 15 (0xe4) is not UTF-8", "saved as UTF-8"),
        ("title = 'a'".encode("utf-16"), "line 1", "byte 1 (0xff)", "saved as UTF-8"),
        (b"a = 1\na = 2\n", "line 2, column 6", "a value already", "each key once"),
        (b"[a]\n[a]\n", "line 2, column 3", "was there before", "each [table] once"),
        (b"x = -y", "line 1, column 5", 'in the line "x = -y"', "such as 0.5"),
        (b"x = .5", "line 1, column 5", "cannot read", "not .5"),
        (b"x = [1, 2", "line 1, column 10", "a list that is not closed", "]"),
        (b"x = 'a", "line 1, column 7", "", "expected"),
        (b"x = 1 y = 2", "line 1, column 7", "more text", "new line"),
        (b"title: 'a'", "line 1, column 6", "a key without =", "key = value"),
        (b"x = '\x1b'", "line 1, column 6", "no TOML file has", "expected"),
        (b"\x00", "line 1, column 1", r'"\x00"', "expected"),
        (b"x = " + b"[" * 100_000, "line 1, column 5", "nested too deep", "a matrix"),
        (b"x = " + b"9" * 5000, "line 1, column 5", "over 4,300 digits", "ordinary size"),
        (b"a" + b".a" * 100_000 + b" = 1", "line 1, column 1", "over 100 names", "short key"),
        (b'"a b"' + b" . 'c'" * 100_000 + b" = 1", "line 1, column 1", "over 100 names", "short"),
    ],
    ids=range(18),
)
def test_no_toml(tmp_path: Path, content: bytes, where: str, found: str, expected: str) -> None:
    (fault,) = faults(tmp_path, content)
    assert fault.where == where
    assert found in fault.found
    assert expected in fault.expected
    assert len(str(fault)) < 300


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, found in {
        tmp_path: "a folder",
        tmp_path / "pipe": "a pipe",
        tmp_path / "none.toml": "there is no such file",
        Path("/dev/zero"): "a device",
        Path("a\0b"): "no file can have this name",
        tmp_path / ("x" * 5000): "cannot be read",
    }.items():
        with pytest.raises(ScenarioError) as caught:
            load(path)
        (fault,) = caught.value.faults
        assert found in fault.found
        assert fault.where == ""
        assert str(fault).isprintable()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(NET)
    path.chmod(0)
    with pytest.raises(ScenarioError, match="Permission denied"):
        load(path)


def test_file_name_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\n.toml"
    path.write_text("x")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(caught.value).isprintable()
    assert r"a\x1b[31m\n.toml: line 1" in str(caught.value)


def test_size_of_the_file(tmp_path: Path) -> None:
    limit = 8 * 1024 * 1024
    filled = NET + "#" * (limit - len(NET))
    path = tmp_path / "a.toml"
    path.write_text(filled)
    assert load(path).title == "T"
    (fault,) = faults(tmp_path, filled + "#")
    assert fault.found == "a file of 8,388,609 bytes"


def test_number_of_parameters(tmp_path: Path) -> None:
    network = """title = "t"
[network]
inputs = 999
[[network.layers]]
neurons = 1000
bias = true
[[network.layers]]
neurons = {}
init = {{ kind = "zeros" }}
[[samples]]
x = {}
"""
    path = tmp_path / "a.toml"
    path.write_text(network.format(1000, [0] * 999))
    assert load(path).title == "t"
    (fault,) = faults(tmp_path, network.format(1001, [0] * 999))
    assert fault.where == "network.layers[2]"
    assert "2,001,000 parameters" in fault.found
    assert "2,000,000" in fault.expected


@pytest.mark.second
def test_number_of_samples_and_nodes(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    sample = "[[samples]]\nx = [1, 2]\n"
    path.write_text(FREE + sample * 9_999)
    assert len(load(path).samples) == 10_000
    (fault,) = faults(tmp_path, FREE + sample * 10_000)
    assert (fault.where, fault.found) == ("samples", "10,001 of them")
    nodes = "".join(f'n{i} = "{f"n{i - 1}" if i else "x"} + 1"\n' for i in range(9_998))
    path.write_text(GRAPH + nodes)
    assert load(path).title == "G"
    (fault,) = faults(tmp_path, GRAPH + nodes + 'last = "x"\n')
    assert (fault.where, fault.found) == ("graph.nodes", "10,001 nodes")


@pytest.mark.parametrize(
    "text",
    [
        NET.replace("[1.0, 2.0]", "[" + "nan," * 30_000 + "]"),
        FREE + ("[[samples]]\nx = [1, 2]\n" + "".join(f"k{i} = 1\n" for i in range(900))) * 12,
        NET.replace(OUTPUT, "weights = [" + "[1, nan]," * 30_000 + "]"),
        NET.replace("learning_rate = 0.1", "frozen = [" + '"hiddem.b",' * 30_000 + "]"),
        GRAPH + "".join(f'v{i} = "w{i} + u{i}(1) + u{i}{i}(1)"\n' for i in range(9_000)),
        FREE + "[[samples]]\nx = 3\nt = 3\ny = 3\n" * 9_000,
    ],
    ids=["numbers", "keys", "rows", "frozen", "names", "samples"],
)
@pytest.mark.second
def test_faults_without_number_end_with_a_last_word(tmp_path: Path, text: str) -> None:
    found = faults(tmp_path, text)
    assert len(found) == 10_001
    assert "not listed" in found[-1].found


def test_classes_alone_need_no_validation_library() -> None:
    script = """
import sys, nnhs_tui.scenario.model
from nnhs_tui.scenario.reading.describe import describe
describe(sys.argv[1])
print({"numpy", "textual", "voluptuous"} & set(sys.modules))
"""
    here = Path(__file__)
    run = subprocess.run(
        [sys.executable, "-c", script, str(here)],
        capture_output=True,
        text=True,
        check=True,
        cwd=here.parents[2],
    )
    assert run.stdout.strip() == "set()"


def toml(value: object) -> str:
    """A value in TOML, tables inline."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in value) + '"'
    return str(value).replace("Infinity", "inf").replace("NaN", "nan").lower()


MORE_KEYS = "backward upstream neurons init scale seed rounds frozen output"
KEYS = sorted(set(re.findall(r"\w+", f"{NET} {GRAPH} {MORE_KEYS}")))
SCALARS = (
    st.sampled_from(
        [True, "mse", "bce", "softmax", "hidden.W", "x", "-x", "A + 1", "1/0", "normal"]
    )
    | st.integers(-2, 3)
    | st.integers()
    | st.decimals(allow_nan=True).filter(lambda v: not v.is_snan() and "E" not in str(v))
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    | st.just(Decimal("0.5"))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text("aé\x1b.", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
SOUND: dict[str, dict[str, object]] = {
    "network": {"inputs": 1, "layers": [{"weights": [[1, 2]]}, {"neurons": 1}]},
    "graph": {"inputs": {"x": 1}, "parameters": {"w": 1}, "nodes": {"A": "x * w"}},
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["network", "graph", None]),
    st.dictionaries(st.sampled_from(["inputs", "layers", "nodes", "output"]), VALUES, max_size=1),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4),
    st.lists(st.dictionaries(st.sampled_from(["x", "t", "upstream"]), VALUES), max_size=2),
)
def test_any_structure_loads_or_is_refused(
    tmp_path: Path,
    kind: str | None,
    inner: dict[str, object],
    outer: dict[str, object],
    samples: list[dict[str, object]],
) -> None:
    data: dict[str, object] = {"title": "t", "samples": samples, **outer}
    if kind:
        data[kind] = {**SOUND[kind], **inner}
    path = tmp_path / "a.toml"
    path.write_text("".join(f"{key} = {toml(value)}\n" for key, value in data.items()))
    check_loads_or_is_refused(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([NET, GRAPH]), st.data())
def test_any_damage_is_refused_or_harmless(tmp_path: Path, base: str, data: st.DataObject) -> None:
    pieces = re.findall(r"\w+|\W", base)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(pieces) - 1))
        pieces[place] = data.draw(st.sampled_from(["", *pieces]) | st.text(max_size=3))
    path = tmp_path / "a.toml"
    path.write_bytes("".join(pieces).encode("utf-8", "surrogatepass"))
    check_loads_or_is_refused(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100))
def test_any_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError):
        load(path)


def check_loads_or_is_refused(path: Path) -> None:
    try:
        scenario = load(path)
    except ScenarioError as error:
        assert error.faults
        assert all(line.isprintable() for line in str(error).split("\n"))
    else:
        assert scenario.title.strip()
        assert scenario.samples


def test_a_fault_repeats_no_key_of_any_length(tmp_path: Path) -> None:
    long = "k" * 5_000
    assert len(str(faults(tmp_path, f"{long} = 1\n{NET}")[0])) < 600
