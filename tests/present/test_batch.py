"""All samples as one matrix, against numpy."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.present.pages.batch import batch_page
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load


def session_of(name: str, arithmetic: str = "exact") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"), arithmetic=arithmetic, digits=6)


def matrices(session: Session) -> dict[str, np.ndarray]:
    """Each heading's first letters with the numbers below it."""
    found: dict[str, list[list[float]]] = {}
    name = ""
    for line in batch_page(session).text(200):
        text = "".join(part for part, _ in line)
        if text.startswith("  ["):
            found[name].append([float(each) for each in re.findall(r"-?\d+\.\d+", text)])
        elif text and not text.startswith("Row"):
            name = text.split(" ")[0]
            found[name] = []
    return {key: np.array(rows) for key, rows in found.items()}


@pytest.mark.parametrize("layer", ["hidden", "output"])
@pytest.mark.parametrize("name", ["three-samples", "circle", "two-layer-bias", "irises"])
def test_the_matrices_are_those_of_numpy(name: str, layer: str) -> None:
    session = session_of(name)
    if layer not in {each.name for each in session.tape.layers}:
        layer = session.tape.layers[-1].name
    session.execute(f"goto {'sample 1: ' * (len(session.run.samples) > 1)}{layer}.z[1]")
    found = matrices(session)
    count = len(session.scenario.samples)
    assert len(found["X"]) == len(found["Z"]) == len(found["dZ"]) == count
    b = found.get("b", np.zeros((1, found["W"].shape[1])))
    assert found["Z"] == pytest.approx(found["X"] @ found["W"] + b, abs=2e-5)
    assert found["dW"] == pytest.approx(found["X"].T @ found["dZ"] / count, abs=2e-5)
    assert found["dX"] == pytest.approx(found["dZ"] @ found["W"].T, abs=2e-5)
    if "db" in found:
        assert found["db"][0] == pytest.approx(found["dZ"].sum(axis=0) / count, abs=2e-5)


def test_the_matrix_product_is_one_matrix() -> None:
    session = Session(load(shipped_folder() / "matrix-product.toml"))
    text = "\n".join("".join(part for part, _ in line) for line in batch_page(session).text(80))
    assert "X (2×3)" in text and "Z = X·W (2×2)" in text and "dW = Xᵀ·dZ (3×2)" in text
    assert "[  7.0   6.0 ]" in text or "7.0" in text


def test_a_graph_has_none() -> None:
    with pytest.raises(Refusal, match="a graph has no layers"):
        batch_page(session_of("chain-rule"))


def test_of_several_updates_it_shows_the_samples_of_one(tmp_path: Path) -> None:
    text = """
title = "Two updates"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[0.0]]
[loss]
kind = "sse"
[training]
learning_rate = 0.25
update = 2
"""
    rows = "".join(f"[[samples]]\nx = [1.0]\nt = [{each}]\n" for each in (1, 3, 5))
    path = tmp_path / "two.toml"
    path.write_text(text + rows, encoding="utf-8")
    session = Session(load(path))
    session.execute("goto update 2: new o.W[1,1]")
    page = batch_page(session)
    shown = "\n".join("".join(text for text, _ in line) for line in page.text(80))
    # The first update has made w 1, half of the mean of 1 and 3.
    assert "update 2" in page.name and "X (1×1)" in shown and "1.00" in shown
    assert "belongs to sample 3 of 3 samples" in shown and "-8.00" in shown
