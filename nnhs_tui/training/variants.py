"""New numbers for the same shape: a sheet of one's own for every pupil.

The numbers of a seed are the same on every machine: all of them come from `Random(seed).random()`,
whose sequence Python promises to keep, and each is a whole number of units of its last decimal.
Weights that the file has drawn (`init`) are drawn by its own rule with another seed, and written
out with as many decimals as the scenario shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import TypeVar

import numpy as np

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.errors import ComputationError, Unfit
from nnhs_tui.operations.arithmetic import Exact, Hand
from nnhs_tui.operations.losses import LOSSES, Targets
from nnhs_tui.operations.numerals import as_decimal, half_away
from nnhs_tui.scenario.model import Graph, Layer, Network, Sample, Scenario
from nnhs_tui.training.rounds import Run

Item = TypeVar("Item")

TRIES = 100
"""How often numbers are drawn before there is none that can be computed with."""
MOST_TRIES, MOST_DRAWN = 400, 20_000
"""How often they are drawn, and how many, in search of better ones than the first."""
LEAST_SHOWN = 3
"""Units of its last decimal that a gradient should have: a smaller one is nearly 0."""
HIDDEN = 4
"""As many small gradients one counts that is shown as 0."""
MOST_LOOKED_AT = 20_000
"""Gradients that are looked at in search of small ones; of larger nets those of the update."""
SIGNIFICANT = 12
"""Digits of a number that are drawn; the ones behind them are left out."""
ONE = Decimal(1)
NONE_FOUND = (
    "seed {}: with none of {} sets of new numbers the first round of {} can be computed, {}; "
    "expected a scenario whose numbers may change a little, or another seed"
)


class VariantError(Unfit):
    """No numbers were found that the scenario can be computed with."""


def titled(title: str, seed: int) -> str:
    """The title of a variant.

    >>> titled("Two layers with sigmoid (3→2→1)", 7)
    'Two layers with sigmoid (3→2→1), seed 7'
    """
    return f"{title}, seed {seed}"


def variant(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with other inputs, targets and parameters, always the same ones for a seed.

    Each number keeps its decimals and lies between half and one and a half times what it was; 0
    stays 0, and an input of 1 stays 1 where there is anything else to change. Numbers that belong
    together keep their signs where all are alike, else the signs change places. Texts that speak of
    the old numbers are left out.

    Everybody is to have as much to work out: of many draws the first is taken, or that which comes
    nearest to it, whose gradients are all shown as three units of the last decimal at least and
    whose updates are seen, as far as the file's own gradients are not 0.

    Args:
        seed: 0 or more. The file's own numbers have none.

    Raises:
        VariantError: with none of the numbers tried the first round can be computed, exact and,
            where the file's own can, by hand.
    """
    if seed < 0:
        raise ValueError(f"expected a seed of 0 or more, found {seed}")
    scenario = _settled(scenario)
    dice, wanted = _Dice(seed), _wanted(scenario)
    # Numbers beyond what a pupil works with by hand are no reason to refuse a sheet.
    by_hand = scenario.arithmetic == "hand" or _computes_by_hand(scenario)
    best, fewest = None, math.inf
    enough = min(MOST_TRIES, MOST_DRAWN // max(1, _count(scenario)) + 1)
    for tried in range(max(TRIES, enough)):
        if fewest == 0 or (tried >= enough and best is not None):
            break
        other = _drawn(scenario, dice)
        small = _too_small(other, wanted)
        if small is None:
            continue
        same = (other.model, other.samples) == (scenario.model, scenario.samples)
        score = math.inf if same else small
        if (best is None or score < fewest) and (not by_hand or _computes_by_hand(other)):
            best, fewest = other, score
    if best is None:
        how = "exact" + " and by hand" * by_hand
        raise VariantError(NONE_FOUND.format(seed, TRIES, scenario.name, how))
    return replace(
        best,
        title=titled(scenario.title, seed),
        description="",
        notes="",
        source=f"The shape is that of {scenario.name}; its numbers are drawn with seed {seed}.",
    )


def _settled(scenario: Scenario) -> Scenario:
    """The scenario with samples of its own; inputs that were scaled have decimals for paper."""
    data = scenario.data
    if data is None or not data.scaled:
        return replace(scenario, data=None)
    places = max(1, scenario.digits)
    samples = [
        replace(each, x=tuple(half_away(number, places) for number in each.x))
        for each in scenario.samples
    ]
    return replace(scenario, samples=tuple(samples), data=None)


class _Dice:
    """Whole numbers out of one sequence."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + (int(self._random.random() * 2**53) * (high - low + 1) >> 53)

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order."""
        mixed = list(items)
        for place in range(len(mixed) - 1, 0, -1):
            other = self.whole(0, place)
            mixed[place], mixed[other] = mixed[other], mixed[place]
        return mixed


@dataclass(frozen=True)
class _Written:
    """A number other than 0 as units of its last decimal: 2.5 is 25 units of 10^−1."""

    units: int
    exponent: int

    @classmethod
    def of(cls, number: Decimal) -> _Written:
        _, digits, exponent = number.as_tuple()
        assert isinstance(exponent, int)
        kept = digits[:SIGNIFICANT]
        return cls(int("".join(map(str, kept))), exponent + len(digits) - len(kept))

    def number(self, is_negative: bool) -> Decimal:
        return Decimal((is_negative, tuple(map(int, str(self.units))), self.exponent))


def _numbers(
    dice: _Dice, numbers: Sequence[Decimal], most: Decimal | None = None
) -> tuple[Decimal, ...]:
    """New numbers for a group of them, in size at most `most`."""
    signs = iter(dice.shuffled([each < 0 for each in numbers if each]))
    return tuple(_number(dice, each, next(signs), most) if each else each for each in numbers)


def _inputs(dice: _Dice, numbers: Sequence[Decimal], *, may_stay: bool) -> tuple[Decimal, ...]:
    """New inputs; 0 and 1 stay where they may: they mostly mean no and yes."""
    stay = [may_stay and each in (0, 1) for each in numbers]
    new = iter(
        _numbers(dice, [each for each, stays in zip(numbers, stay, strict=True) if not stays])
    )
    return tuple(each if stays else next(new) for each, stays in zip(numbers, stay, strict=True))


def _has_others(scenario: Scenario) -> bool:
    """Whether there are numbers to change beside inputs of 0 and 1."""
    model = scenario.model
    if isinstance(model, Network):
        return True
    inputs = [
        *model.inputs.values(),
        *(n for each in scenario.samples for n in each.overrides.values()),
    ]
    return any(model.parameters.values()) or any(each not in (0, 1) for each in inputs)


def _number(dice: _Dice, number: Decimal, is_negative: bool, most: Decimal | None) -> Decimal:
    """A number of about the size of this one, with as many decimals."""
    old = _Written.of(number)
    low, high = (old.units + 1) // 2, max(old.units + 1, old.units * 3 // 2)
    if most is not None:
        high = min(high, max(low, int(most.scaleb(-old.exponent))))
    return _Written(dice.whole(low, high), old.exponent).number(is_negative)


def _drawn(scenario: Scenario, dice: _Dice) -> Scenario:
    """The scenario with new numbers, whatever comes of them."""
    model = scenario.model
    if isinstance(model, Graph):
        may_stay = _has_others(scenario)
        fixed = {name: each for name, each in model.inputs.items() if may_stay and each in (0, 1)}
        old = {**model.inputs, **model.parameters}
        free = [name for name in old if name not in fixed]
        new = dict(zip(free, _numbers(dice, [old[name] for name in free]), strict=True)) | fixed
        graph = replace(
            model,
            inputs={name: new[name] for name in model.inputs},
            parameters={name: new[name] for name in model.parameters},
        )
        samples = [_overrides(each, dice, may_stay=may_stay) for each in scenario.samples]
        return replace(scenario, model=graph, samples=tuple(samples))
    layers = tuple(_layer(scenario, model, each, dice) for each in model.layers)
    samples = [_sample(each, model.loss, dice) for each in scenario.samples]
    return replace(scenario, model=replace(model, layers=layers), samples=tuple(samples))


def _overrides(sample: Sample, dice: _Dice, *, may_stay: bool) -> Sample:
    new = _inputs(dice, list(sample.overrides.values()), may_stay=may_stay)
    return replace(sample, overrides=dict(zip(sample.overrides, new, strict=True)))


def _sample(sample: Sample, loss: str | None, dice: _Dice) -> Sample:
    t = None if sample.t is None else _target(sample.t, loss, dice)
    return replace(sample, x=_inputs(dice, sample.x, may_stay=True), t=t)


def _target(t: tuple[Decimal, ...], loss: str | None, dice: _Dice) -> tuple[Decimal, ...]:
    """New targets that the loss can be taken of, and that an output within 0 … 1 can reach."""
    is_choice = set(t) <= {Decimal(0), ONE}
    wanted = Targets.ANY if loss is None else LOSSES[loss].targets
    if wanted is Targets.DISTRIBUTION or (wanted is Targets.SHARES and is_choice):
        return tuple(dice.shuffled(t))
    if wanted is Targets.SIGNS:
        return tuple(ONE if dice.whole(0, 1) else -ONE for _ in t)
    return _numbers(dice, t, ONE if all(0 <= each <= 1 for each in t) else None)


def _layer(scenario: Scenario, network: Network, layer: Layer, dice: _Dice) -> Layer:
    bias = None if layer.bias is None else _numbers(dice, layer.bias)
    if layer.weights is not None:
        flat = _numbers(dice, [number for row in layer.weights for number in row])
    else:
        flat = _by_its_rule(scenario, network, layer, dice)
    rows = tuple(flat[i * layer.neurons : (i + 1) * layer.neurons] for i in range(layer.inputs))
    return replace(layer, weights=rows, init=None, bias=bias)


def _by_its_rule(
    scenario: Scenario, network: Network, layer: Layer, dice: _Dice
) -> tuple[Decimal, ...]:
    """Weights as the layer's `init` draws them, row by row, with decimals that fit on paper."""
    assert layer.init is not None
    alone = replace(layer, bias=None, init=replace(layer.init, seed=dice.whole(0, 2**31 - 1)))
    model = replace(network, layers=(alone,))
    drawn = initial_parameters(replace(scenario, model=model), Exact())
    places = max(1, scenario.digits)
    unit = ONE.scaleb(-places)
    rounded = [half_away(as_decimal(each), places) for each in drawn]
    return tuple(
        number if number or not each else unit.copy_sign(as_decimal(each))
        for number, each in zip(rounded, drawn, strict=True)
    )


def _count(scenario: Scenario) -> int:
    """How many numbers are drawn."""
    model = scenario.model
    if isinstance(model, Graph):
        own = len(model.inputs) + len(model.parameters)
        return own + sum(len(each.overrides) for each in scenario.samples)
    own = sum(layer.inputs * layer.neurons + layer.neurons for layer in model.layers)
    return own + sum(len(each.x) + len(each.t or ()) for each in scenario.samples)


def _round_of(scenario: Scenario) -> tuple[np.ndarray, np.ndarray] | None:
    """The first round, exact; None where it cannot be computed.

    Returns:
        (numbers,) the gradients of one sample after the other, then those the update uses;
        (parameters,) what the update changes of each, infinite where it is frozen.
    """
    try:
        run = Run(compile_tape(scenario), Exact(scenario.digits))
        first = run.round(0)
        samples = range(
            len(run.samples) if len(run.samples) * run.tape.size <= MOST_LOOKED_AT else 0
        )
        gradients = [run.record(0, sample).gradient for sample in samples]
    except ComputationError:
        return None
    changes = np.where(run.tape.frozen, np.inf, np.abs(first.after - first.before))
    return np.concatenate([*gradients, first.accumulated]), changes


def _wanted(scenario: Scenario) -> np.ndarray | None:
    """(numbers,) bool: which gradients of a round are not 0; None where there are none."""
    found = _round_of(scenario)
    return None if found is None else found[0] != 0


def _shows(numbers: np.ndarray, digits: int, least: int) -> np.ndarray:
    """(numbers,) bool: which are shown as this many units of their last decimal at least."""
    shows: np.ndarray = np.abs(numbers) >= float(Decimal(2 * least - 1).scaleb(-digits)) / 2
    return shows


def _too_small(scenario: Scenario, wanted: np.ndarray | None) -> int | None:
    """How far a draw is from being as hard as others; None where it cannot be computed.

    A wanted gradient counts that is so small that 0 is nearly right, more where it is shown as 0;
    and a new parameter that is shown as the old one.
    """
    found = _round_of(scenario)
    if found is None:
        return None
    gradients, changes = found
    # A gate that is shut in the file is what there is to see: it stays shut.
    wanted = np.ones(len(gradients), bool) if wanted is None else wanted
    opened = (gradients != 0) & ~wanted
    small, hidden = (~_shows(gradients, scenario.digits, least) for least in (LEAST_SHOWN, 1))
    unseen = changes < float(Decimal(1).scaleb(-scenario.digits))
    of_update = wanted[len(wanted) - len(changes) :]
    counts = (small & wanted, unseen & of_update, *[hidden & wanted] * HIDDEN, *[opened] * HIDDEN)
    return sum(int(each.sum()) for each in counts)


def _computes_by_hand(scenario: Scenario) -> bool:
    try:
        Run(compile_tape(scenario), Hand(scenario.digits)).round(0)
    except ComputationError:
        return False
    return True
