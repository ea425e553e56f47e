"""What a sound scenario file becomes: every key, every default, numbers as they are written."""

import functools
import operator
from decimal import Decimal
from pathlib import Path

import pytest

from nnhs_tui.errors import ScenarioError
from nnhs_tui.operations.optimizer import Optimizer
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.operations.update_rules import SGD
from nnhs_tui.scenario.chapters import order
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.scenario.model import Graph, Init, Layer, Network, Sample, Scenario, shape
from nnhs_tui.scenario.reading.describe import UNREADABLE, describe
from nnhs_tui.scenario.reading.elementary import Node
from nnhs_tui.scenario.reading.literals import Constant

FULL = """
title = "Two-layer sigmoid net"
description = '''Plain text,
several lines.'''
source = "a book"
notes = "say this"
digits = 4
arithmetic = "hand"
level = "layer"
sigmoid = "circuit"

[network]
inputs = ["height", "width", "age"]

[[network.layers]]
name = "hidden"
weights = [[0.5, -0.3], [0.8, 0.20], [0.2, 7]]
bias = [0.1, 0]
activation = "sigmoid"

[[network.layers]]
name = "output"
neurons = 1
init = { kind = "xavier", scale = 0.5, seed = 7 }
bias = true
activation = "tanh"

[loss]
kind = "half_sse"

[training]
learning_rate = 0.25
rounds = 3
reduction = "sum"
frozen = ["hidden.b", "hidden.W[2,1]", "output.W", "output.b[1]"]

[[samples]]
x = [1.0, 2.0, 3.0]
t = [0.5]
[[samples]]
x = [1, 2, 3]
t = [0]
"""

SMALL = """
title = "small"
[network]
inputs = 2
[[network.layers]]
weights = [[1.0], [2.0]]
[[samples]]
x = [1.0, 2.0]
"""

GRAPH = """
title = "graph"
[graph]
inputs = { x = 1.0 }
parameters = { w = -2 }
[graph.nodes]
A = "-x"
f = "(w + A) * 2"
"""


def read(folder: Path, text: str) -> Scenario:
    path = folder / "net.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def numbers(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def test_every_key_of_a_network(tmp_path: Path) -> None:
    scenario = read(tmp_path, FULL)
    assert scenario == Scenario(
        name="net",
        path=str(tmp_path / "net.toml"),
        title="Two-layer sigmoid net",
        description="Plain text,\nseveral lines.",
        source="a book",
        notes="say this",
        digits=4,
        arithmetic="hand",
        level="layer",
        sigmoid="circuit",
        model=Network(
            input_names=("height", "width", "age"),
            inputs=3,
            layers=(
                Layer(
                    name="hidden",
                    inputs=3,
                    neurons=2,
                    weights=(numbers("0.5", "-0.3"), numbers("0.8", "0.2"), numbers("0.2", "7")),
                    init=None,
                    bias=numbers("0.1", "0"),
                    activation="sigmoid",
                ),
                Layer(
                    name="output",
                    inputs=2,
                    neurons=1,
                    weights=None,
                    init=Init("xavier", Decimal("0.5"), 7),
                    bias=numbers("0"),
                    activation="tanh",
                ),
            ),
            loss="half_sse",
        ),
        learning_rate=Decimal("0.25"),
        rounds=3,
        optimizer=Optimizer(SGD),
        reduction=REDUCTIONS["sum"],
        frozen=frozenset({"hidden.b", "hidden.W[2,1]", "output.W", "output.b[1]"}),
        samples=(
            Sample(numbers("1", "2", "3"), numbers("0.5"), None, {}),
            Sample(numbers("1", "2", "3"), numbers("0"), None, {}),
        ),
    )
    assert isinstance(scenario.model, Network)
    assert str(scenario.model.layers[0].weights[1][1]) == "0.20"  # type: ignore[index]


def test_defaults_of_a_network(tmp_path: Path) -> None:
    scenario = read(tmp_path, SMALL)
    layer = Layer("layer1", 2, 1, (numbers("1"), numbers("2")), None, None, "identity")
    assert scenario.model == Network((), 2, (layer,), None)
    assert (scenario.description, scenario.source, scenario.notes) == ("", "", "")
    assert (scenario.digits, scenario.arithmetic, scenario.level) == (2, "exact", "node")
    assert (scenario.sigmoid, scenario.rounds, scenario.reduction.name) == ("shortcut", 1, "mean")
    assert scenario.learning_rate == Decimal("0.1")
    assert scenario.frozen == frozenset()
    assert scenario.samples == (Sample(numbers("1", "2"), None, numbers("1"), {}),)


def test_defaults_of_drawn_weights(tmp_path: Path) -> None:
    text = SMALL.replace("weights = [[1.0], [2.0]]", "neurons = 1")
    model = read(tmp_path, text).model
    assert isinstance(model, Network)
    assert model.layers[0].init == Init("normal", Decimal(1), 0)
    assert model.layers[0].weights is None


@pytest.mark.parametrize(
    ("bias", "values"),
    [("false", None), ("true", ("0",)), ("[0.5]", ("0.5",))],
)
@pytest.mark.parametrize("size", ["weights = [[1.0], [2.0]]", "neurons = 1"])
def test_bias(tmp_path: Path, size: str, bias: str, values: tuple[str, ...] | None) -> None:
    text = SMALL.replace("weights = [[1.0], [2.0]]", f"{size}\nbias = {bias}")
    model = read(tmp_path, text).model
    assert isinstance(model, Network)
    assert model.layers[0].bias == (None if values is None else numbers(*values))


def test_upstream_of_the_sample_goes_before_the_common_one(tmp_path: Path) -> None:
    text = SMALL.replace("[[samples]]", "[backward]\nupstream = [2]\n[[samples]]")
    text += "[[samples]]\nx = [0, 0]\nupstream = [3.5]\nt = [1]\n"
    first, second = read(tmp_path, text).samples
    assert first.upstream == numbers("2")
    assert second.upstream == numbers("3.5")
    # A target without a loss is a remark.
    assert second.t == numbers("1")


def test_graph(tmp_path: Path) -> None:
    scenario = read(tmp_path, GRAPH)
    model = scenario.model
    assert isinstance(model, Graph)
    assert (model.inputs, model.parameters) == ({"x": Decimal("1.0")}, {"w": Decimal(-2)})
    assert model.nodes == (
        Node("A", "A", "neg", ("x",)),
        Node("f.1", "f", "add", ("w", "A")),
        Node("f", "f", "mul", ("f.1", Constant(2.0, Decimal(2)))),
    )
    assert model.output == "f"
    assert scenario.samples == (Sample((), None, None, {}),)


def test_samples_output_and_training_of_a_graph(tmp_path: Path) -> None:
    text = GRAPH.replace("[graph.nodes]", 'output = "A"\n[graph.nodes]')
    text += '[training]\nfrozen = ["w"]\n[[samples]]\nx = 2.5\n[[samples]]\n'
    scenario = read(tmp_path, text)
    assert isinstance(scenario.model, Graph)
    assert scenario.model.output == "A"
    assert scenario.frozen == {"w"}
    assert [sample.overrides for sample in scenario.samples] == [{"x": Decimal("2.5")}, {}]


def test_graph_of_numbers_alone(tmp_path: Path) -> None:
    model = read(tmp_path, 'title = "t"\n[graph.nodes]\nf = "2 * 3"\n').model
    constant = Constant(6.0, Decimal(6))
    assert isinstance(model, Graph)
    assert (model.inputs, model.parameters, model.output) == ({}, {}, "f")
    assert model.nodes == (Node("f", "f", "copy", (constant,)),)


def test_graphs_that_say_the_same_in_other_words_are_equal(tmp_path: Path) -> None:
    """So nothing is loaded again where only a remark or a bracket is new."""
    graph = 'title = "t"\n[graph]\ninputs = {{ x = 1 }}\n[graph.nodes]\nf = "{}"\n'
    first = read(tmp_path, graph.format("x*6 + 1"))
    assert read(tmp_path, graph.format("(x * (2*3)) + 1.0")) == first
    for other in ("x*6 - 1", "x*6 + 2", "6*x + 1", "x*6 + 1 + x"):
        assert read(tmp_path, graph.format(other)) != first


def test_order_of_nodes_is_the_order_of_the_file(tmp_path: Path) -> None:
    names = ["z", "b", "q", "a"]
    nodes = "".join(f'{name} = "1"\n' for name in names)
    model = read(tmp_path, f'title = "t"\n[graph.nodes]\n{nodes}').model
    assert isinstance(model, Graph)
    assert [node.owner for node in model.nodes] == names
    assert model.output == "a"


@pytest.mark.parametrize(
    ("loss", "target"),
    [("bce", "0"), ("bce", "1.0"), ("cross_entropy", "1"), ("mse", "-7")],
)
def test_targets_at_their_limits(tmp_path: Path, loss: str, target: str) -> None:
    text = SMALL.replace("[[samples]]", f'[loss]\nkind = "{loss}"\n[[samples]]')
    assert read(tmp_path, text + f"t = [{target}]\n").samples[0].t == numbers(target)


def test_probabilities_need_not_add_up_to_the_last_bit(tmp_path: Path) -> None:
    text = SMALL.replace("[[1.0], [2.0]]", f"[{[0.5] * 10}, {[0.5] * 10}]")
    text = text.replace("[[samples]]", '[loss]\nkind = "cross_entropy"\n[[samples]]')
    assert functools.reduce(operator.add, [0.1] * 10) != 1
    assert read(tmp_path, text + f"t = {[0.1] * 10}\n").samples[0].t == numbers("0.1") * 10


def test_any_text_is_data(tmp_path: Path) -> None:
    text = SMALL + ""
    text = text.replace('"small"', r'"[red]\u001b[31m{0} %s"' + '\nnotes = "[/]\\u0000"')
    scenario = read(tmp_path, text)
    assert scenario.title == "[red]\x1b[31m{0} %s"
    assert scenario.notes == "[/]\x00"


def test_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    path = tmp_path / "dos.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load(path).title == "small"


def test_numbers_no_double_tells_from_zero_are_zero(tmp_path: Path) -> None:
    text = SMALL.replace("x = [1.0, 2.0]", "x = [1e-999999999, 0e999999999]")
    assert [str(value) for value in read(tmp_path, text).samples[0].x] == ["0", "0"]


def test_long_decimals_keep_the_side_of_a_tie_they_are_on(tmp_path: Path) -> None:
    value = "0.285" + "0" * 5000
    text = SMALL.replace("x = [1.0, 2.0]", f"x = [{value}, {value}1]")
    tie, above = read(tmp_path, text).samples[0].x
    assert tie == Decimal("0.285")
    assert above > Decimal("0.285")
    assert max(len(str(tie)), len(str(above))) < 1100


@pytest.mark.parametrize(
    ("text", "wanted"), [(FULL, "3→2→1"), (SMALL, "2→1"), (GRAPH, "graph, 2 nodes")]
)
def test_shape_is_known_with_and_without_loading(tmp_path: Path, text: str, wanted: str) -> None:
    scenario = read(tmp_path, text)
    assert shape(scenario) == wanted
    described = describe(scenario.path)
    assert (described.title, described.shape) == (scenario.title, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('title = "a"', ("a", "?")),
        ('title = "a"\n[network]\ninputs = "b"\nlayers = [3]', ("a", "?")),
        ('title = "a"\n[network]\ninputs = 2\nlayers = [{neurons = 3}]', ("a", "2→3")),
        ('title = "a"\n[network]\ninputs = 0\nlayers = [{neurons = 3}]', ("a", "?")),
        ('title = "a"\n[network]\ninputs = []\nlayers = [{neurons = 3}]', ("a", "?")),
        (f'title = "a"\n[network]\ninputs = 0x{"f" * 9000}\nlayers = []', ("a", "?")),
        ("title = 3", ("(this file cannot be read as a scenario)", "?")),
        ("title = ", ("(this file cannot be read as a scenario)", "?")),
    ],
)
def test_describe_never_fails(tmp_path: Path, text: str, wanted: tuple[str, str]) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text)
    described = describe(path)
    assert (described.title, described.shape) == wanted
    assert describe(tmp_path) == UNREADABLE


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("", ("own", None, ())),
        ('chapter = "net"\nplace = 30\npart = [12, 17]\n', ("net", 30, (12, 17))),
        ('chapter = "Class 11b"\nplace = 0\n', ("Class 11b", 0, ())),
        ('chapter = 3\nplace = "x"\npart = 7\n', ("own", None, ())),
        ('chapter = ""\nplace = -1\npart = [true, 0, 25, 24]\n', ("own", None, (24,))),
    ],
)
def test_where_it_is_listed(
    tmp_path: Path, keys: str, wanted: tuple[str, int | None, tuple[int, ...]]
) -> None:
    """Of a file with faults as far as it is sound; of a sound one the same as when it is loaded."""
    path = tmp_path / "a.toml"
    path.write_text(keys + SMALL, encoding="utf-8")
    found = describe(path)
    assert (found.chapter, found.place, found.parts) == wanted
    if keys.startswith(('chapter = "net"', 'chapter = "C')) or not keys:
        scenario = load(path)
        assert (scenario.chapter, scenario.place, scenario.parts) == wanted
    else:
        with pytest.raises(ScenarioError, match=r"chapter|place|part"):
            load(path)


def test_the_order_of_the_list() -> None:
    """Known chapters as the article has them, then others by name, one's own without any last."""
    wanted = [
        *(("forward", 20, "b"), ("forward", None, "a"), ("forward", None, "b"), ("slopes", 1, "")),
        *(("net", 0, ""), ("training", 0, ""), ("further", 0, "")),
        *(("Class 11a", 5, ""), ("Class 11b", 1, ""), ("own", 1, ""), ("own", None, "")),
    ]
    assert sorted(reversed(wanted), key=lambda each: order(*each)) == wanted


def test_a_digit_recogniser_loads(tmp_path: Path) -> None:
    def matrix(rows: int, columns: int) -> str:
        return str([[round(0.001 * (i - j), 4) for j in range(columns)] for i in range(rows)])

    samples = f"[[samples]]\nx = {[0.5] * 784}\nt = {[0.1] * 10}\n" * 10
    text = f"""title = "large"
[network]
inputs = 784
[[network.layers]]
weights = {matrix(784, 30)}
[[network.layers]]
weights = {matrix(30, 10)}
[loss]
kind = "mse"
{samples}"""
    scenario = read(tmp_path, text)
    assert shape(scenario) == "784→30→10"


def test_a_scenario_is_made_of_its_own_text_again(tmp_path: Path) -> None:
    scenario = read(tmp_path, "\ufeff" + FULL.replace("\n", "\r\n"))
    again = from_text(scenario.text, scenario.path)
    assert (again, again.text) == (scenario, scenario.text)
    assert scenario == read(tmp_path, FULL + "# a remark") and "remark" not in scenario.text


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "an empty file"), ("\ud800", "not UTF-8"), ("a" * (8 * 2**20 + 1), "at most 8,388,608")],
)
def test_a_text_is_looked_at_as_a_file_is(text: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        from_text(text, "gone.toml")
