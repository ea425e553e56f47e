"""Which activations are formulas in z, such as `z ** 2`, and what they are made of."""

from nnhs_tui.operations.table import activations
from nnhs_tui.scenario.reading.elementary import Expression
from nnhs_tui.scenario.reading.expression import parse
from nnhs_tui.scenario.reading.tokens import is_name

SUM = "z"
"""The neuron's sum, the only name that a formula may have."""


def is_formula(activation: object) -> bool:
    """Whether an activation is to be read as a formula; a name of one word is looked up."""
    if not isinstance(activation, str) or activation in activations():
        return False
    return activation == SUM or bool(activation.strip() and not is_name(activation))


def formula_of(activation: str) -> Expression | None:
    """The operations of an activation that is a sound formula; None where it has a name."""
    return parse(SUM, activation).expression if is_formula(activation) else None
