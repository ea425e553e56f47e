"""The gradients' pane: numbers in columns, and what is underlined."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.autodiff.schedule import UPDATE
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.table import draw
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

ONE_SAMPLE = [
    path
    for path in sorted(shipped_folder().glob("*.toml"))
    if (made := Session(load(path))).tape.parameters and made.schedule.samples == 1
]


@pytest.mark.parametrize("width", [59, 80])
@pytest.mark.parametrize("path", ONE_SAMPLE, ids=lambda path: path.stem)
def test_gradients_line_up_at_the_decimal_point_at_every_step(path: Path, width: int) -> None:
    """-0.40 below 0.70: the points in one column, where no sum is written out."""
    session = Session(load(path))
    for index in range(0, session.total, max(1, session.total // 60)):
        session.execute(f"goto {index + 1}")
        points = set()
        for line in draw("gradients", session.scene(), width, 14)[1:]:
            used = 0
            for text, role in line:
                if "parameter" in role and " " not in text and "." in text:
                    points.add(used + text.index("."))
                used += len(text)
        assert len(points) <= 1, (index, points)


@pytest.mark.parametrize("path", ONE_SAMPLE, ids=lambda path: path.stem)
def test_only_the_gradient_itself_is_underlined_in_the_update(path: Path) -> None:
    """lr·gradient is no gradient: plain beside its matrix and in the list alike."""
    session = Session(load(path))
    session.execute("last")
    scene = session.scene()
    assert scene.phase == UPDATE
    gradients = {scene.show(each) for each in scene.round.accumulated}
    underlined = [
        text
        for name in ("matrices", "gradients")
        for line in draw(name, scene, 80, 20)
        for text, role in line
        if "parameter" in role
    ]
    assert underlined and {text.strip("*") for text in underlined} <= gradients
    if not session.tape.is_graph:
        matrices = draw("matrices", scene, 80, 20)
        assert not any("backward" in role for line in matrices for _, role in line)
