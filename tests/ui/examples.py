"""Scenarios for the tests of the screen."""

from __future__ import annotations

from pathlib import Path

from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import scenario_paths
from nnhs_tui.scenario.loading import load

SMALL = """
title = "A small net"
description = \"\"\"
What to look at [in brackets].\"\"\"
source = "made up"

[network]
inputs = 3

[[network.layers]]
name = "hidden"
weights = [[0.5, -0.3], [0.8, 0.2], [0.2, 0.7]]
bias = [0.1, 0.0]
activation = "sigmoid"

[[network.layers]]
name = "output"
weights = [[0.6], [-0.4]]
activation = "sigmoid"

[loss]
kind = "mse"

[[samples]]
x = [1.0, 0.5, -1.0]
t = [1.0]
"""

LARGE = """
title = "A large net"

[network]
inputs = 784

[[network.layers]]
name = "hidden"
neurons = 30
init = { kind = "xavier", seed = 1 }
bias = true
activation = "sigmoid"

[[network.layers]]
name = "output"
neurons = 10
init = { kind = "xavier", seed = 2 }
bias = true
activation = "softmax"

[loss]
kind = "cross_entropy"

[[samples]]
x = [%s]
t = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
"""

SHIPPED = scenario_paths()


def session_of(folder: Path, text: str = SMALL, name: str = "small") -> Session:
    """A session of a scenario's text."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return Session(load(path))


def large_session(folder: Path) -> Session:
    """784 inputs, 30 hidden neurons, 10 outputs."""
    inputs = ", ".join(str(place % 5 / 5) for place in range(784))
    return session_of(folder, LARGE % inputs, "large")
