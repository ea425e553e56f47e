"""The steps of an update, in order, without an object per step."""

from __future__ import annotations

import numpy as np

from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.operations.optimizer import NORM


class Entries:
    """The steps of one update: before all the size of the gradients, where they are clipped by it,
    then parameter by parameter what its rule works out and its new value, which alone there is of
    one that is frozen."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        optimizer = tape.scenario.optimizer
        self.parts = optimizer.steps
        self.before = int(optimizer.has_norm and tape.parameters > 0)
        self._stops: np.ndarray | None = None
        """(parameters,) behind the steps of each, in their order; None: all have as many."""
        if len(self.parts) > 1 and tape.frozen.any():
            order = [self.parameter(place) for place in range(tape.parameters)]
            counts = np.where(tape.frozen[order], 1, len(self.parts))
            self._stops = self.before + np.cumsum(counts)
        self.size = self.before + len(self.parts) * tape.parameters
        if self._stops is not None:
            self.size = int(self._stops[-1])

    def parameter(self, place: int) -> int:
        """Id of the parameter at a place (from 0): neuron by neuron, its bias last."""
        if self.tape.is_graph:
            return place
        layer = self._layer_of(place)
        j, i = divmod(place - layer.weights, layer.terms)
        if i == layer.n:
            assert layer.bias is not None
            return layer.bias + j
        return layer.w(i, j)

    def order(self, parameter: int) -> int:
        """The place of a parameter in that order."""
        if self.tape.is_graph:
            return parameter
        layer = self._layer_of(parameter)
        if layer.bias is not None and parameter >= layer.bias:
            i, j = layer.n, parameter - layer.bias
        else:
            i, j = divmod(parameter - layer.weights, layer.m)
        return layer.weights + j * layer.terms + i

    def at(self, offset: int) -> tuple[int, str]:
        """(parameter, part) of a step of the update; (−1, NORM) of the size of all gradients."""
        if offset < self.before:
            return -1, NORM
        if self._stops is None:
            place, part = divmod(offset - self.before, len(self.parts))
        else:
            place = int(np.searchsorted(self._stops, offset, "right"))
            part = len(self.parts) - (int(self._stops[place]) - offset)
        return self.parameter(place), self.parts[part]

    def start(self, place: int) -> int:
        """The first step of the parameter at a place; of the place behind the last the end."""
        if self._stops is None:
            return self.before + place * len(self.parts)
        return int(self._stops[place - 1]) if place else self.before

    def place(self, parameter: int, part: str) -> int:
        """The step that finds a number; what has no step of its own is found with the new value."""
        if parameter < 0:
            return 0
        after = self.start(self.order(parameter) + 1)
        own = self.parts.index(part) if part in self.parts else len(self.parts) - 1
        return max(self.start(self.order(parameter)), after - len(self.parts) + own)

    def owner(self, parameter: int) -> tuple[str, int]:
        """(layer or graph's parameter, neuron) that a parameter belongs to."""
        if self.tape.is_graph:
            return (self.tape.leaf_names[parameter], 0)
        layer = self._layer_of(parameter)
        if layer.bias is not None and parameter >= layer.bias:
            return (layer.name, parameter - layer.bias + 1)
        return (layer.name, (parameter - layer.weights) % layer.m + 1)

    def _layer_of(self, parameter: int) -> LayerBlock:
        """The layer whose parameters, or whose updates, hold this one: they lie side by side."""
        return next(la for la in reversed(self.tape.layers) if parameter >= la.weights)
