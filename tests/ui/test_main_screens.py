"""Goldens of whole screens: each chapter's main scenario, there and back, at three sizes.

Written anew where NNHS_GOLDENS=write is set; each is to be looked at then.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.ui.terminal import running

GOLDENS = Path(__file__).parent / "goldens"
SIZES = [(80, 24), (120, 40), (160, 50)]
STEPS = {
    "many-to-many": ("output.p[3,1]", "grad output.W[2,2]", "new output.W[1,1]"),
    "chain-rule": ("o", "grad y", "new w"),
    "two-layer-sigmoid": ("hidden.a[1]", "grad hidden.W[2,1]", "new hidden.W[1,1]"),
    "training-loop": ("hidden.z[2]", "grad hidden.W[3,4]", "new output.W[5,2]"),
    "softmax-cross-entropy": ("output.a[2]", "grad output.z[2]", "new output.b[1]"),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", STEPS)
async def test_main_screens(name: str, size: tuple[int, int]) -> None:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    drawn = []
    async with running(session, size) as terminal:
        for step in STEPS[name]:
            if session.execute(f"goto {step}").kind == "refused":
                session.execute("last")
            terminal.app.screen.redraw_soon()  # type: ignore[attr-defined]
            await terminal.settle()
            terminal.read()
            drawn.append("\n".join(line.rstrip() for line in terminal.screen.display))
    text = f"\n{'─' * size[0]}\n".join(drawn) + "\n"
    golden = GOLDENS / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("NNHS_GOLDENS") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
