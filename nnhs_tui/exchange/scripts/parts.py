"""What networks and graphs differ in, of a script."""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.exchange.scripts.language import Lines


@dataclass(frozen=True)
class Trained:
    """A parameter of the script."""

    quantity: str
    """`hidden.W`."""
    name: str
    gradient: str
    """The name of its gradient."""
    total: str
    """The name of the sum of its gradients over the samples."""
    decays: bool
    """Whether weight decay is for it."""
    is_frozen: bool
    """Whether no update touches any of it."""
    frozen: tuple[str, ...] = ()
    """Else the entries that none touches, as indices from 0."""


@dataclass(frozen=True)
class Parts:
    """The pieces of a script."""

    is_graph: bool
    parameters: Lines
    trained: tuple[Trained, ...]
    samples: Lines
    of_sample: str
    """What a sample is taken apart into: `x, t`, or `(x,)`."""
    sample: Lines
    """Forward, loss and backward of one sample, and what is printed of it; `where` is there."""
    has_loss: bool
    needs_softmax: bool = False
