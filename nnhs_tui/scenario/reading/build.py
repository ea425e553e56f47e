"""From a decoded and checked file to a scenario, defaults filled in."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from nnhs_tui.operations.matrices.shapes import SINGLE
from nnhs_tui.operations.matrices.table import size_of
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.scenario.chapters import OWN
from nnhs_tui.scenario.model import Graph, Init, Layer, Network, Sample, Scenario
from nnhs_tui.scenario.reading.elementary import Expression
from nnhs_tui.scenario.reading.formulas import formula_of
from nnhs_tui.scenario.reading.matrices.values import entries, numbers_of, shape_of
from nnhs_tui.scenario.reading.training_values import built_optimizer, built_update


def build(data: dict[str, Any], expressions: tuple[Expression, ...], path: str) -> Scenario:
    """The scenario a sound file describes; what is not sound never gets here."""
    training = data.get("training", {})
    model = _network(data) if "network" in data else _graph(data["graph"], expressions)
    if isinstance(model, Network):
        # One for all samples: there may be ten thousand of them, and as many outputs.
        given = data.get("backward", {}).get("upstream")
        ones = (Decimal(1),) * model.layers[-1].neurons
        upstream = ones if given is None else _numbers(given)
        # Samples with the same word of a data file share their targets.
        listed = {id(each["t"]): each["t"] for each in data["samples"] if "t" in each}
        targets = {key: _numbers(each) for key, each in listed.items()}
        samples = tuple(_sample(each, model, targets, upstream) for each in data["samples"])
    else:
        overrides = data.get("samples", [{}])
        arriving = _arriving(data, model)
        samples = tuple(Sample((), None, arriving, entries(each)) for each in overrides)
    return Scenario(
        name=Path(path).stem,
        path=path,
        title=data["title"],
        description=data.get("description", ""),
        source=data.get("source", ""),
        notes=data.get("notes", ""),
        digits=data.get("digits", 2),
        arithmetic=data.get("arithmetic", "exact"),
        level=data.get("level", "node"),
        sigmoid=data.get("sigmoid", "shortcut"),
        model=model,
        learning_rate=Decimal(training.get("learning_rate", Decimal("0.1"))),
        rounds=training.get("rounds", 1),
        optimizer=built_optimizer(training),
        reduction=REDUCTIONS[training.get("reduction", "mean")],
        frozen=frozenset(training.get("frozen", ())),
        samples=samples,
        chapter=data.get("chapter", OWN),
        place=data.get("place"),
        update=built_update(training),
        parts=tuple(data.get("part", ())),
    )


def _numbers(values: list[Any]) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def _arriving(data: dict[str, Any], graph: Graph) -> tuple[Decimal, ...] | None:
    """What arrives at the entries of a graph's output; None where that is 1."""
    if "backward" not in data:
        return None
    given = numbers_of(data["backward"]["upstream"])
    count = size_of(graph.shapes.get(graph.output, SINGLE))
    return tuple(given * count if len(given) == 1 else given)


def _network(data: dict[str, Any]) -> Network:
    given = data["network"]["inputs"]
    names = tuple(given) if isinstance(given, list) else ()
    inputs = arriving = len(names) or given
    layers: list[Layer] = []
    by_neurons = data["network"].get("rows") == "neurons"
    for place, each in enumerate(data["network"]["layers"]):
        layers.append(_layer(f"layer{place + 1}", each, arriving, by_neurons=by_neurons))
        arriving = layers[-1].neurons
    loss = data["loss"]["kind"] if "loss" in data else None
    return Network(names, inputs, tuple(layers), loss)


def _layer(default: str, layer: dict[str, Any], inputs: int, *, by_neurons: bool) -> Layer:
    weights = tuple(map(_numbers, layer["weights"])) if "weights" in layer else None
    if weights and by_neurons:
        weights = tuple(zip(*weights, strict=True))
    neurons = len(weights[0]) if weights else layer["neurons"]
    init = layer.get("init", {})
    drawn = Init(init.get("kind", "normal"), Decimal(init.get("scale", 1)), init.get("seed", 0))
    bias = layer.get("bias", False)
    if isinstance(bias, list):
        values: tuple[Decimal, ...] | None = _numbers(bias)
    else:
        values = (Decimal(0),) * neurons if bias else None
    activation = layer.get("activation", "identity")
    return Layer(
        name=layer.get("name", default),
        inputs=inputs,
        neurons=neurons,
        weights=weights,
        init=None if weights else drawn,
        bias=values,
        activation=activation,
        formula=formula_of(activation),
    )


def _sample(
    sample: dict[str, Any],
    network: Network,
    targets: dict[int, tuple[Decimal, ...]],
    shared: tuple[Decimal, ...],
) -> Sample:
    target = targets[id(sample["t"])] if "t" in sample else None
    upstream = None
    if network.loss is None:
        upstream = _numbers(sample["upstream"]) if "upstream" in sample else shared
    return Sample(_numbers(sample["x"]), target, upstream, {})


def _graph(graph: dict[str, Any], expressions: tuple[Expression, ...]) -> Graph:
    inputs, parameters = graph.get("inputs", {}), graph.get("parameters", {})
    shapes = {name: shape_of(value) for name, value in {**inputs, **parameters}.items()}
    shapes |= {each.owner: each.shape for each in expressions}
    return Graph(
        inputs=entries(inputs),
        parameters=entries(parameters),
        expressions=expressions,
        output=graph.get("output", expressions[-1].owner),
        shapes={name: shape for name, shape in shapes.items() if shape not in (None, SINGLE)},
    )
