"""A new scenario, written with remarks: a network of some layers, with numbers to work with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.labels import counted
from nnhs_tui.operations.losses import LOSSES, Targets
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.table import OPERATIONS, activations
from nnhs_tui.scenario.loading import from_text
from nnhs_tui.scenario.model import Layer, Network, Scenario
from nnhs_tui.training.variants import variant

MOST_LAYERS, MOST_NEURONS = 10, 50
"""Of a draft: whoever wants more writes `neurons` and `init` by hand."""
WEIGHTS = tuple(map(Decimal, ("0.8", "-0.5", "1.2", "0.4", "-0.9", "0.6", "-1.1")))
INPUTS = tuple(map(Decimal, ("2.0", "1.5", "-1.0", "0.5", "3.0")))
TARGETS = tuple(map(Decimal, ("0.8", "0.2", "0.6")))
"""The numbers to begin with, again from the first where they do not suffice."""
BIASES = tuple(map(Decimal, ("0.1", "-0.2", "0.3")))


@dataclass(frozen=True)
class GivenLayer:
    """A layer whose numbers are those of a net from elsewhere, written as a file has them."""

    name: str
    weights: Sequence[Sequence[str]]
    """One row per input, one column per neuron."""
    bias: Sequence[str] | None
    remark: str
    """Where they come from."""


@dataclass(frozen=True)
class Draft:
    """What is wanted of a scenario."""

    sizes: tuple[int, ...] = (2, 2, 1)
    """Inputs, then the neurons of each layer."""
    activation: tuple[str, ...] = ()
    """One for each layer, or one for all; none: sigmoid."""
    loss: str = "mse"
    has_bias: bool = False
    title: str = ""
    arithmetic: str = "hand"
    digits: int = 2
    samples: int = 1
    seed: int = 1
    """Of the numbers."""
    given: tuple[GivenLayer, ...] = ()
    """The layers, where they come from elsewhere: nothing is drawn. `sizes` are theirs."""
    remarks: tuple[str, ...] = ()
    """What is said above the net."""

    @property
    def activations(self) -> tuple[str, ...]:
        """One for each layer."""
        given = self.activation or ("sigmoid",)
        layers = len(self.sizes) - 1
        return given * layers if len(given) == 1 else given


def read_sizes(text: str) -> tuple[int, ...]:
    """Sizes with hyphens between them.

    >>> read_sizes("3-2-1")
    (3, 2, 1)

    Raises:
        Refusal: they are none.
    """
    parts = text.replace("→", "-").replace(",", "-").split("-")
    sound = all(part.strip().isascii() and part.strip().isdigit() for part in parts)
    sizes = tuple(int(part) for part in parts) if sound and len(text) < 100 else ()
    if not 2 <= len(sizes) <= MOST_LAYERS + 1 or not all(1 <= n <= MOST_NEURONS for n in sizes):
        told = f"expected inputs and neurons such as 3-2-1, each from 1 to {MOST_NEURONS}"
        raise Refusal(f"{told}; found {quoted(text)}")
    return sizes


def check_draft(draft: Draft) -> None:
    """See that a draft goes together.

    Raises:
        Refusal: it does not.
    """
    layers = len(draft.sizes) - 1
    if len(draft.activations) != layers:
        told = f"{counted(layers, 'layer')}, but {len(draft.activations)} activations"
        raise Refusal(f"{told}; expected one for each layer, or one for all")
    for name in draft.activations:
        if name not in activations():
            raise Refusal(f"{quoted(name)} is no activation; expected {', '.join(activations())}")
    if draft.loss not in LOSSES:
        raise Refusal(f"{quoted(draft.loss)} is no loss; expected {', '.join(LOSSES)}")
    if any(OPERATIONS[name].of_layer for name in draft.activations[:-1] if name in OPERATIONS):
        raise Refusal("a softmax can only be the last activation")


def write_draft(draft: Draft) -> str:
    """The text of a scenario file.

    Raises:
        Refusal: the draft does not go together.
        NnhsError: no numbers are found that it can be computed with.
    """
    check_draft(draft)
    if draft.given:
        return "\n".join(_lines(draft, None)) + "\n"
    skeleton = from_text("\n".join(_lines(draft, None)), "new.toml")
    made = variant(skeleton, draft.seed)
    return "\n".join(_lines(draft, made)) + "\n"


def _lines(draft: Draft, made: Scenario | None) -> Iterator[str]:
    """The file; with None the numbers to begin with."""
    sizes = "→".join(map(str, draft.sizes))
    title = draft.title or f"A net of my own ({sizes})"
    yield f"title = {_quoted(title)}"
    yield 'description = """'
    yield "What is it about? One or two sentences."
    yield "Look at: what should one notice?"
    yield "Try: what should one predict before pressing n?"
    yield '"""'
    yield f'arithmetic = "{draft.arithmetic}"      # "hand" rounds every step, "exact" none'
    yield f"digits = {draft.digits}                # decimals that are shown"
    yield ""
    yield from (f"# {remark}" for remark in draft.remarks)
    yield "[network]"
    yield f"inputs = {draft.sizes[0]}"
    layers = len(draft.sizes) - 1
    for place in range(layers):
        if draft.given:
            yield from _given(draft.given[place], draft.activations[place])
        else:
            yield from _layer(draft, place, None if made is None else _layers(made)[place])
    yield ""
    yield "[loss]"
    yield f'kind = "{draft.loss}"             # {LOSSES[draft.loss].convention}'
    yield ""
    yield "[training]"
    yield "learning_rate = 0.5       # how far each update goes; usual are 0.1 to 0.5"
    for number in range(draft.samples):
        yield ""
        yield "[[samples]]"
        if made is None:
            yield f"x = {_row(_taken(INPUTS, draft.sizes[0], number))}"
            yield f"t = {_row(_targets(draft, number))}"
        else:
            yield f"x = {_row(made.samples[number].x)}"
            yield f"t = {_row(made.samples[number].t or ())}"


def _layers(made: Scenario) -> tuple[Layer, ...]:
    assert isinstance(made.model, Network)
    return made.model.layers


def _layer(draft: Draft, place: int, made: Layer | None) -> Iterator[str]:
    rows, columns = draft.sizes[place], draft.sizes[place + 1]
    is_last = place == len(draft.sizes) - 2
    name = "output" if is_last else "hidden" if len(draft.sizes) == 3 else f"hidden{place + 1}"
    weights: Sequence[Sequence[Decimal]]
    if made is None:
        weights = [_taken(WEIGHTS, columns, row * columns + place) for row in range(rows)]
        bias: Sequence[Decimal] = _taken(BIASES, columns, place)
    else:
        weights, bias = made.weights or (), made.bias or ()
    yield ""
    yield "[[network.layers]]"
    yield f'name = "{name}"'
    yield "weights = [               # a row for each input, a column for each neuron"
    yield from (f"    {_row(row)}," for row in weights)
    yield "]"
    if draft.has_bias:
        yield f"bias = {_row(bias)}"
    yield _activation(draft.activations[place])


def _given(layer: GivenLayer, activation: str) -> Iterator[str]:
    yield ""
    yield "[[network.layers]]"
    yield f'name = "{layer.name}"    # {layer.remark}'
    yield "weights = [               # a row for each input, a column for each neuron"
    yield from (f"    [{', '.join(row)}]," for row in layer.weights)
    yield "]"
    if layer.bias is not None:
        yield f"bias = [{', '.join(layer.bias)}]"
    yield _activation(activation)


def _activation(name: str) -> str:
    return f'activation = "{name}"    # {", ".join(activations())}'


def _targets(draft: Draft, number: int) -> Sequence[Decimal]:
    count = draft.sizes[-1]
    if LOSSES[draft.loss].targets is Targets.DISTRIBUTION:
        return [Decimal(int(place == number % count)) for place in range(count)]
    if LOSSES[draft.loss].targets is Targets.SIGNS:
        return [Decimal(1 if (place + number) % 2 == 0 else -1) for place in range(count)]
    return _taken(TARGETS, count, number)


def _taken(numbers: Sequence[Decimal], count: int, start: int) -> Sequence[Decimal]:
    return [numbers[(start + n) % len(numbers)] for n in range(count)]


def _row(numbers: Sequence[Decimal]) -> str:
    return f"[{', '.join(map(_literal, numbers))}]"


def _literal(number: Decimal) -> str:
    text = plain(number)
    return text if "." in text or "e" in text else f"{text}.0"


def _quoted(text: str) -> str:
    # TOML wants the delete character escaped, JSON does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


Ask = Callable[[str], str]
"""Asks a question, and gives the answer."""


def ask_for(draft: Draft, ask: Ask) -> Draft:
    """A draft out of the answers to a few questions; an empty answer keeps what is there.

    Raises:
        Refusal: an answer means nothing.
    """
    title = ask("Title? ").strip()
    sizes = ask("Inputs and neurons of each layer, such as 3-2-1 [2-2-1]? ").strip()
    names = ask(f"Activation ({', '.join(activations())}) [sigmoid]? ").strip()
    loss = ask(f"Loss ({', '.join(LOSSES)}) [mse]? ").strip()
    bias = ask("With a bias [no]? ").strip().casefold()
    found = replace(
        draft,
        title=title or draft.title,
        sizes=read_sizes(sizes) if sizes else draft.sizes,
        activation=tuple(each.strip() for each in names.split(",")) if names else draft.activation,
        loss=loss or draft.loss,
        has_bias=bias in ("y", "yes", "true", "1", "j", "ja"),
    )
    check_draft(found)
    return found
