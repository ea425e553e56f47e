"""The passes: networks layer by layer as numpy calls over whole layers; graphs: `graph_passes`.

A pass is a workspace over flat arrays of a tape's ids. The views of a network's layers are cut
once; every run fills the same arrays again, and the record takes copies of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.losses import softmax_cross_entropy_slope
from nnhs_tui.operations.softmax import softmax, softmax_slopes
from nnhs_tui.scenario.model import Graph, Sample


def blank(ar: Arithmetic, size: int) -> np.ndarray:
    """A vector of zeros of the arithmetic's own kind."""
    return np.zeros(size) if ar.name == "exact" else np.full(size, Decimal(0), object)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A sample in an arithmetic, ready to be run."""

    leaves: np.ndarray
    """Inputs, targets and constants: the leaves behind the parameters."""
    upstream: np.ndarray
    """(outputs,) what arrives at them; empty where the loss says it."""


KEPT = 8_000_000
"""Numbers of all samples that are kept. No file lists so many, but of a graph's samples only what
they change is listed. Of more than that each sample is made anew when it is wanted."""


class Samples(Sequence[Prepared]):
    """The samples of a tape's scenario in an arithmetic."""

    def __init__(self, tape: Tape, ar: Arithmetic) -> None:
        self._ar, self._of = ar, tape.scenario.samples
        self._targets = len(tape.t)
        hand = ar.name == "hand"
        constants = [ar.number(c.written) if hand else np.float64(c.exact) for c in tape.constants]
        self._constants: np.ndarray = np.array(constants, ar.dtype)
        model = tape.scenario.model
        self._places = {}
        if isinstance(model, Graph):
            self._places = {name: place for place, name in enumerate(model.inputs)}
            self._inputs = ar.array(model.inputs.values())
        self._is_graph = isinstance(model, Graph)
        data = tape.scenario.data
        self._rounds = data is not None and bool(data.scaled)
        self._ones = (Decimal(1),) * (len(tape.outputs) if self._is_graph else 0)
        """What arrives at a graph's output where nothing is given."""
        self._upstream: tuple[tuple[Decimal, ...] | None, np.ndarray] = ((), ar.array(()))
        self._made: dict[int, Prepared] = {}
        self._keeps = len(self._of) * (tape.leaves - tape.parameters) <= KEPT

    def __len__(self) -> int:
        return len(self._of)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if place not in self._made:
            made = self.prepared(self._of[place])
            if not self._keeps:
                return made
            self._made[place] = made
        return self._made[place]

    def prepared(self, sample: Sample) -> Prepared:
        """Take a sample's numbers over into the arithmetic."""
        ar = self._ar
        if self._is_graph:
            own = self._inputs.copy()
            for name, number in sample.overrides.items():
                own[self._places[name]] = ar.number(number)
        else:
            own = ar.array([*sample.x, *(sample.t or ())[: self._targets]])
            if self._rounds:
                own[: len(sample.x)] = ar.round(own[: len(sample.x)])
        # What arrives is mostly the same for all samples, and then it is kept once.
        if sample.upstream is not self._upstream[0]:
            self._upstream = (sample.upstream, ar.array(sample.upstream or self._ones))
        return Prepared(np.concatenate((own, self._constants)), self._upstream[1])


class Pass(ABC):
    """The workspace: what a forward and a backward pass fill in."""

    def __init__(self, tape: Tape, ar: Arithmetic, terms: int, slopes: int) -> None:
        self.tape, self.ar = tape, ar
        self.value = blank(ar, tape.size)
        self.gradient = blank(ar, tape.size)
        self.terms = blank(ar, terms)
        """What arrives along each path where several may join; see `Record.arriving`."""
        self.slopes = blank(ar, slopes)
        """Local derivatives that are not a value already; see `Record.local`."""

    def load(self, parameters: np.ndarray, sample: Prepared) -> None:
        """Put in the leaves."""
        self.value[: self.tape.parameters] = parameters
        self.value[self.tape.parameters : self.tape.leaves] = sample.leaves

    @abstractmethod
    def forward(self) -> None:
        """From the leaves to every value."""

    @abstractmethod
    def backward(self, sample: Prepared) -> None:
        """From the end to every gradient."""


class _LayerViews:
    """A layer's part of the workspace: values, then gradients with a leading d."""

    def __init__(self, layer: LayerBlock, work: Pass, terms: int, slopes: int) -> None:
        n, m = layer.n, layer.m
        self.layer = layer
        rows = work.value[layer.start : layer.rows_stop].reshape(m, layer.row)
        drows = work.gradient[layer.start : layer.rows_stop].reshape(m, layer.row)
        source = slice(layer.source, layer.source + (n - 1) * layer.source_step + 1)
        inputs = slice(source.start, source.stop, layer.source_step)
        out = slice(layer.out, layer.out + (m - 1) * layer.out_step + 1, layer.out_step)
        self.products, self.z, self.a = rows[:, :n], rows[:, n], work.value[out]
        self.circuit = rows[:, n + 1 :].T
        self.weights = layer.matrix(work.value).T
        self.bias, self.x = layer.vector(work.value), work.value[inputs]
        self.x_column = self.x[:, None]
        self.dproducts, self.dz, self.da = drows[:, :n], drows[:, n], work.gradient[out]
        self.dz_column = drows[:, n : n + 1]
        self.dcircuit = drows[:, n + 1 :].T
        self.dweights = layer.matrix(work.gradient)
        self.dbias, self.dx = layer.vector(work.gradient), work.gradient[inputs]
        self.terms = work.terms[terms : terms + n * m].reshape(m, n)
        self.slopes = work.slopes[slopes : slopes + layer.slopes]


class NetworkPass(Pass):
    """Layer by layer: a handful of numpy calls for all neurons at once."""

    def __init__(self, tape: Tape, ar: Arithmetic) -> None:
        last, loss = tape.layers[-1], tape.loss
        self.softmax = last.is_softmax and not (loss and loss.fused)
        weights = sum(layer.n * layer.m for layer in tape.layers)
        extra = last.m**2 if self.softmax else 0
        super().__init__(tape, ar, weights + extra, sum(la.slopes for la in tape.layers) + extra)
        self.layers = []
        terms = slopes = 0
        for layer in tape.layers:
            self.layers.append(_LayerViews(layer, self, terms, slopes))
            terms += layer.n * layer.m
            slopes += layer.slopes
        self.softmax_terms = self.terms[weights:].reshape(-1, last.m)
        self.softmax_slopes = self.slopes[slopes:].reshape(-1, last.m)
        self.targets = self.value[tape.t.start : tape.t.stop]
        if loss is not None:
            self.loss_terms = self.value[loss.start : loss.total]
            self.gradient[loss.start : loss.total + 1] = ar.one

    def forward(self) -> None:
        ar = self.ar
        for views in self.layers:
            layer, z = views.layer, views.z
            ar.multiply(views.weights, views.x, views.products)
            np.add.reduce(views.products, axis=1, out=z)
            if layer.bias is not None:
                np.add(z, views.bias, z)
            ar.settle(z)
            if layer.is_softmax:
                views.a[...] = softmax(ar, z)
            elif layer.is_circuit:
                views.circuit[0] = a = ar.round(-z)
                views.circuit[1] = b = ar.round(ar.function("exp", a))
                views.circuit[2] = c = ar.round(1 + b)
                views.circuit[3] = ar.round(np.true_divide(ar.one, c))
            elif layer.is_formula:
                for own, each in zip(views.circuit.T, z, strict=True):
                    own[:] = layer.tail.forward(ar, each, self.value[list(layer.constants)])
            elif layer.single is not None:
                views.a[...] = layer.single.forward(ar, z)
        loss = self.tape.loss
        if loss is not None:
            terms = loss.loss.term(ar, self.layers[-1].a, self.targets)
            self.loss_terms[...] = terms
            self.value[loss.total] = loss.loss.total(ar, terms)

    def backward(self, sample: Prepared) -> None:
        """From the loss, or the given upstream gradient, back to every parameter and input."""
        ar, loss, last = self.ar, self.tape.loss, self.layers[-1]
        if loss is None:
            last.da[...] = sample.upstream
        elif loss.fused:
            last.dz[...] = softmax_cross_entropy_slope(ar, last.a, self.targets)
        else:
            last.da[...] = loss.loss.slope(ar, last.a, self.targets, loss.n)
        if self.softmax:
            self._through_softmax(last)
        for views in self.layers[::-1]:
            if views.layer.is_circuit:
                _through_circuit(ar, views)
            elif views.layer.is_formula:
                _through_formula(ar, views, self.value[list(views.layer.constants)])
            elif views.layer.acts:
                _through_activation(ar, views)
            _through_sum(ar, views)

    def _through_softmax(self, last: _LayerViews) -> None:
        """Σ_j r(g_j · r(a_j(δ_ij − a_i))): slopes and terms are (z, outputs)."""
        self.softmax_slopes[...] = softmax_slopes(self.ar, last.a)
        self.ar.multiply(self.softmax_slopes, last.da, self.softmax_terms)
        np.add.reduce(self.softmax_terms, axis=1, out=last.dz)
        self.ar.settle(last.dz)


def _through_circuit(ar: Arithmetic, views: _LayerViews) -> None:
    """a = 1/C, C = 1 + B, B = exp A, A = −z, backwards; the local derivatives, row by row."""
    _, b, c, _ = views.circuit
    d = views.dcircuit
    slopes = views.slopes.reshape(4, -1)
    slopes[0], slopes[1], slopes[2] = -ar.one, b, ar.one
    slopes[3] = down = ar.round(np.true_divide(-ar.one, c * c))
    d[2] = at_c = ar.round(d[3] * down)
    d[1] = at_b = ar.round(at_c)
    d[0] = at_a = ar.round(at_b * b)
    views.dz[...] = ar.round(-at_a)


def _through_formula(ar: Arithmetic, views: _LayerViews, constants: np.ndarray) -> None:
    """Neuron by neuron, from a through the operations of a formula to z."""
    tail = views.layer.tail
    slopes = views.slopes.reshape(tail.slopes, -1)
    for j, z in enumerate(views.z):
        values, at_a = views.circuit[:, j], views.da[j]
        gradients, views.dz[j], slopes[:, j] = tail.backward(ar, z, values, constants, at_a)
        views.dcircuit[:, j] = gradients


def _through_activation(ar: Arithmetic, views: _LayerViews) -> None:
    operation = views.layer.single
    assert operation is not None
    (local,) = operation.local(ar, views.a, views.z)
    views.slopes[...] = local
    ar.multiply(views.da, views.slopes, views.dz)


def _through_sum(ar: Arithmetic, views: _LayerViews) -> None:
    """From z to products, bias, weights and inputs.

    dW = xᵀ·dz entry by entry, dx = dz·Wᵀ with every term kept: (neurons, inputs).
    """
    views.dproducts[...] = views.dz_column
    if views.layer.bias is not None:
        views.dbias[...] = views.dz
    ar.multiply(views.x_column, views.dz, views.dweights)
    ar.multiply(views.weights, views.dz_column, views.terms)
    np.add.reduce(views.terms, axis=0, out=views.dx)
    ar.settle(views.dx)
