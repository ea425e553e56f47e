"""All samples as one matrix, against numpy."""

from __future__ import annotations

import re

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
