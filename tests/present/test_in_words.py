"""A quantity in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.debugger.naming.reading import all_names, read_quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.in_words import in_words
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load


def words(name: str, quantity: str) -> str:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    return in_words(session.scene(), session.quantity(quantity))


@pytest.mark.parametrize(
    ("name", "quantity", "told"),
    [
        ("two-layer-sigmoid", "hidden.p[2,1]", "input 2 times its weight to neuron 1 of hidden"),
        ("two-layer-sigmoid", "hidden.z[2]", "the sum of neuron 2 of hidden"),
        ("two-layer-bias", "hidden.z[2]", "the sum of neuron 2 of hidden, bias included"),
        (
            "two-layer-sigmoid",
            "output.a[1]",
            "the result of neuron 1 of output: what the sigmoid makes of its sum",
        ),
        (
            "two-layer-sigmoid",
            "output.p[2,1]",
            "the result of neuron 2 of hidden times its weight to neuron 1 of output",
        ),
        ("two-layer-sigmoid", "loss[1]", "the loss's term of output 1"),
        ("two-layer-sigmoid", "loss", "the loss"),
        (
            "two-layer-sigmoid",
            "grad hidden.W[2,1]",
            "how much L grows for a little more of the weight from input 2 to neuron 1 of hidden",
        ),
        (
            "two-layer-sigmoid",
            "new output.W[1,1]",
            "the weight from neuron 1 of hidden to neuron 1 of output, after the update",
        ),
        (
            "two-layer-bias",
            "step hidden.b[1]",
            "what the update takes off the bias of neuron 1 of hidden",
        ),
        ("many-to-many", "t[2]", "target 2"),
        ("chain-rule", "grad w", "how much f grows for a little more of the parameter w"),
        ("one-to-many", "learning_rate", "the learning rate"),
    ],
)
def test_it_says_what_is_meant(name: str, quantity: str, told: str) -> None:
    assert words(name, quantity) == told


@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.toml")), ids=lambda p: p.stem)
def test_every_quantity_has_words_of_its_own(path: Path) -> None:
    session = Session(load(path))
    scene, schedule, names = session.scene(), session.schedule, session.names
    told = [
        in_words(scene, read_quantity(names, schedule, name)) for name in all_names(names, schedule)
    ]
    assert all(told) and len(set(told)) == len(told)
