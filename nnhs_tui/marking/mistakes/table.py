"""The table of known mistakes: a row says what one is called, what to do about it, and its rules.

A rule computes the number that somebody finds who makes the mistake at a quantity of a net; the
rules stand in the modules beside, by where a mistake is made. CONTRIBUTING.md says how a row is
added, and where people made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.marking.calculation.numbers import Numbers
from nnhs_tui.marking.mistakes import anywhere, at_loss, backward, forward, rule, update
from nnhs_tui.marking.mistakes.case import Case


def never(*_: Any) -> Iterable[Any]:
    """The rule of what cannot be made at a place: no number."""
    return ()


AT_STEP, AT_LOSS, WRITTEN = "at a step", "at the loss", "where it is written"
AT_STEP_OF_UPDATE = "at the step of the update"
"""Where a mistake is made: along a path of the gradient; where the gradient comes out of the loss,
which turns or stretches all that come after; in writing down what was found, or in adding it up."""


@dataclass(frozen=True)
class Mistake:
    """A known mistake. Each rule gives any number of numbers, in the arithmetic it is asked in."""

    name: str
    """Part of the contract with users; no other row has it."""
    words: str
    """What becomes of a number "when …"."""
    tip: str
    """What to do about it, in a sentence."""
    forward: Callable[[Case], Iterable[Any]] = never
    """At a value of one sample."""
    backward: Callable[[Case], Iterable[Any]] = never
    """At a gradient of one sample; made alike in every one, it gives that of all samples too."""
    made: str = AT_STEP
    """Where on the way back or in the update it is made."""
    odds: float = 1.0
    """How likely it is beside the others, all the numbers together that it gives at a place."""
    is_carried: bool = False
    """Whether `backward` is looked for at the steps before as well. Other mistakes give the same at
    every step of the way, or, as a neighbour's number, are made where the number is written."""
    is_general: bool = False
    """Whether it can be made with nearly any number, so that it explains only what nothing else
    does."""
    is_slip: bool = False
    """Whether each time it is made is a slip of its own, and not the same idea once more."""
    reaches_update: bool = True
    """Whether one at the gradient is looked for at the updated parameter as well."""
    samples: Callable[[Numbers, Quantity, list[Any]], Iterable[Any]] = never
    """Where several samples become one gradient or loss, from what each of them has."""
    rounds: Callable[[Numbers, int, Any], Iterable[Any]] = never
    """At the gradient of a parameter (its id) in a round behind the first, from the right one."""
    update: Callable[[Numbers, Quantity], Iterable[Any]] = never
    """At a step of a parameter or at its new value."""
    anywhere: Callable[[np.ndarray, np.ndarray, int], Iterable[np.ndarray]] = never
    """At any quantity, from (n,) right numbers, the same as shown, and the decimals shown: (n,)
    doubles, NaN where there is no number."""


TRUNCATED = "truncated"
"""Has no rule: it is looked for at answers that are close, and explains nothing else."""

_ROWS = (
    Mistake(
        "missing-local",
        "the local derivative is left out",
        "Each step back is what arrives times the local derivative: write down both.",
        backward=backward.missing_local,
        is_carried=True,
    ),
    Mistake(
        "missing-upstream",
        "what arrives from in front is left out",
        "The local derivative is one half: multiply by what arrives from in front.",
        backward=backward.missing_upstream,
        is_carried=True,
    ),
    Mistake(
        "reversed-difference",
        "the difference is taken the wrong way round",
        "Output minus target, o - t: the other way round every sign turns.",
        forward=forward.reversed_difference,
        backward=backward.reversed_difference,
        made=AT_LOSS,
        reaches_update=False,
    ),
    Mistake(
        "mean-of-errors",
        "every output gets the mean of the errors",
        "Every output has a gradient of its own; do not average them.",
        backward=backward.mean_of_errors,
        is_carried=True,
    ),
    Mistake(
        "transposed",
        "the matrix is mirrored or reshaped",
        "One row for each input, one column for each neuron: check row and column.",
        odds=0.4,
        forward=forward.transposed,
        backward=backward.transposed,
        is_carried=True,
        update=update.transposed,
    ),
    Mistake(
        "wrong-index",
        "a neighbour's number is taken",
        "Put a finger on the weight in the picture: from which input, to which neuron?",
        odds=0.5,
        is_general=True,
        is_slip=True,
        forward=forward.wrong_index,
        backward=backward.wrong_index,
        made=WRITTEN,
        update=update.wrong_index,
    ),
    Mistake(
        "one-path",
        "only one of the paths is counted",
        "Where a value is used several times, add up what comes back on every path.",
        backward=backward.one_path,
        made=WRITTEN,
        is_carried=True,
        samples=update.one_sample,
    ),
    Mistake(
        "not-zeroed",
        "the gradient of the round before is left in",
        "A new round begins with gradients of 0.",
        rounds=update.not_zeroed,
    ),
    Mistake(
        "updated-weights",
        "the weights in front are taken after their update",
        "Go all the way back with the old weights, and update them at the end.",
        odds=0.5,
        backward=backward.updated_weights,
        is_carried=True,
    ),
    Mistake(
        "relu-gate",
        "the gate of the ReLU is forgotten",
        "Look at z first: at 0 and below, a ReLU lets nothing through, back either.",
        forward=forward.relu_gate,
        backward=backward.relu_gate,
        is_carried=True,
    ),
    Mistake(
        "wrong-derivative",
        "the derivative is taken at the wrong place",
        "The sigmoid's slope is a(1 - a), with the a that came out of it.",
        backward=backward.wrong_derivative,
        is_carried=True,
    ),
    Mistake(
        "added-update",
        "the step is added, not taken away",
        "New weight = old weight minus learning rate times gradient.",
        update=update.added_update,
    ),
    Mistake(
        "missing-learning-rate",
        "the learning rate is left out",
        "The step is the learning rate times the gradient.",
        update=update.missing_learning_rate,
        made=AT_STEP_OF_UPDATE,
    ),
    Mistake(
        "not-updated",
        "the old value is kept",
        "The update makes a new value: old weight minus learning rate times gradient.",
        update=update.not_updated,
    ),
    Mistake(
        "bias-correction",
        "m and v are not corrected for having begun with 0",
        "Divide m by 1 - β1^k and v by 1 - β2^k, with k = 1 in the first update.",
        update=rule.no_correction,
    ),
    Mistake(
        "old-state",
        "m or v of the update before is used",
        "First the new m and v, then the step with them.",
        update=rule.old_state,
    ),
    Mistake(
        "beta-swapped",
        "β and 1 - β are mixed up",
        "β is the large part, and stands before what was there before.",
        update=rule.swapped_beta,
    ),
    Mistake(
        "decay-place",
        "weight decay is put in the wrong place",
        "In AdamW lr·λ·w is taken off beside the step; else λ·w is added to the gradient.",
        update=rule.misplaced_decay,
    ),
    Mistake(
        "loss-factor",
        "the factor ½, 2 or 1/n is another one",
        "Look which loss it is: with 1/n, with ½, or with neither.",
        forward=forward.loss_factor,
        backward=backward.loss_factor,
        made=AT_LOSS,
        samples=update.other_reduction,
    ),
    Mistake(
        "missing-bias",
        "the bias is left out",
        "The sum of a neuron ends with its bias.",
        forward=forward.missing_bias,
    ),
    Mistake(
        "threshold",
        "the bias is taken away, as a threshold",
        "A bias is added; a threshold would be taken away.",
        forward=forward.threshold,
    ),
    Mistake(
        "exp-sign",
        "the sign in exp( ) is the wrong one",
        "In the sigmoid it is exp(-z).",
        forward=forward.exp_sign,
    ),
    Mistake(
        "no-activation",
        "z is handed on as a",
        "Put z into the activation: what goes on to the next layer is a.",
        forward=forward.no_activation,
    ),
    Mistake(
        "no-square",
        "the difference is not squared",
        "The loss has the square of output minus target.",
        forward=at_loss.no_square,
    ),
    Mistake(
        "logarithm",
        "the other logarithm is taken",
        "The loss has the natural logarithm, ln; the key log of a calculator is that to base 10.",
        forward=at_loss.logarithm,
    ),
    Mistake(
        "target",
        "the target is not the right one",
        "Each output has its own target: take it away from the output.",
        forward=at_loss.target,
        backward=at_loss.target_backward,
        is_carried=True,
    ),
    Mistake(
        "wrong-function",
        "another function is taken",
        "Look which activation the layer has, and which slope belongs to it.",
        odds=0.5,
        is_general=True,
        forward=forward.wrong_function,
        backward=backward.wrong_function,
        is_carried=True,
    ),
    Mistake(
        "sign",
        "the sign is lost",
        "Keep an eye on the signs: write minus numbers in brackets.",
        is_general=True,
        is_slip=True,
        anywhere=anywhere.sign,
    ),
    Mistake(
        "arithmetic",
        "the right numbers are put in, and miscounted",
        "Work it out again: each product by itself, then the sum, term by term with its sign.",
        odds=1.6,
        is_general=True,
        is_slip=True,
        forward=forward.arithmetic,
        backward=backward.arithmetic,
        made=WRITTEN,
    ),
    Mistake(
        "power-of-ten",
        "the decimal point is in the wrong place",
        "Count the decimals: a rough guess first shows where the point belongs.",
        odds=0.3,
        is_slip=True,
        anywhere=anywhere.power_of_ten,
    ),
    Mistake(
        "reciprocal",
        "1 is divided by the right number",
        "Which one is divided by which? Guess first whether it is above or below 1.",
        odds=0.05,
        is_slip=True,
        anywhere=anywhere.reciprocal,
    ),
    Mistake(
        TRUNCATED,
        "the decimals behind are cut off, not rounded",
        "Round: from 5 on, the last digit that stays grows by one.",
    ),
)

KNOWN = {each.name: each for each in _ROWS}
"""The rows by name, in the order in which several that give one number are named."""
