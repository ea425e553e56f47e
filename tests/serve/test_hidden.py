"""What is asked stands nowhere on a screen of the audience before it is revealed."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.hall.asking import Asker
from nnhs_tui.hall.hall import Hall
from nnhs_tui.present.text.charset import UNICODE
from nnhs_tui.present.whole_screen import whole_screen
from nnhs_tui.public import load
from nnhs_tui.serve.alone import Reels
from nnhs_tui.serve.viewer import Viewer
from nnhs_tui.web.frames import WIDTHS, frame_lines, said

SIZES = ((80, 24), (120, 40))


def session_of(name: str) -> Session:
    """With so many digits that two numbers are hardly ever alike, and a second round."""
    session = Session(load(name))
    for command in ("arithmetic exact", "digits 6", "last", "apply", "round 1"):
        assert session.execute(command).kind != "refused", command
    return session


def seen(scene: Scene | None) -> str:
    """All that terminals and browsers show of it, and say."""
    if scene is None:
        return ""
    lines = [line for size in SIZES for line in whole_screen(scene, *size, UNICODE)]
    lines += [line for width in WIDTHS for line in frame_lines(scene, width)]
    return "\n".join(["".join(text for text, _ in line) for line in lines] + [said(scene)])


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        # The update is told beside the gradient, from its last term on.
        ("two-layer-sigmoid", "new hidden.W[1,1]"),
        ("three-samples", "new output.W[2,1]"),
        # The sum over the paths stands in the net before the step that adds them.
        ("two-layer-sigmoid", "grad x[1]"),
        ("three-samples", "sample 2: grad x[2]"),
        # The mean over the samples is told before the update takes it.
        ("three-samples", "grad hidden.W[2,1]"),
        ("two-layer-sigmoid", "hidden.a[1]"),
    ],
)
@pytest.mark.parametrize("at", ["round 1", "round 2"])
def test_it_stands_on_no_screen(name: str, quantity: str, at: str) -> None:
    session, hall = session_of(name), Hall()
    question = Asker().number(session, quantity)
    for command in (at, "level layer", "last"):
        session.execute(command)
    hall.show(session.scene())
    viewer = Viewer(hall, Reels(), hall.come("Ada"))
    hall.ask(question, hints=True, seconds=None)
    for keys in ("", "j", "ll", "["):
        for key in keys:
            viewer.press_step(key)
        shown = viewer.shown
        assert question.expected not in seen(shown.scene if shown else None), keys
    hall.put_away()
    viewer.follow()
    there = "last" if "W" in quantity else f"goto {quantity}"
    for command in ("round 1", there, "level node"):
        session.execute(command)
    hall.show(session.scene())
    assert question.expected in seen(viewer.shown.scene if viewer.shown else None)


def test_which_weights_grow_is_not_told_before_their_update() -> None:
    session, hall = session_of("two-layer-sigmoid"), Hall()
    session.execute("goto new hidden.W[1,1]")
    question = Asker().grows(session)
    hall.show(session.scene())
    viewer = Viewer(hall, Reels(), hall.come("Ada"))
    assert "0.433989" in seen(viewer.shown.scene if viewer.shown else None)
    hall.ask(question, hints=True, seconds=None)
    # Its gradient, by which it is to be found, is there: 0.132022, and not 0.5 − 0.5·0.132022.
    told = seen(viewer.shown.scene if viewer.shown else None)
    assert "0.132022" in told and "0.433989" not in told


def test_the_loss_of_a_later_round_is_not_told_before_it_is_found() -> None:
    session, hall = session_of("two-layer-sigmoid"), Hall()
    for command in ("round 2", "goto loss"):
        session.execute(command)
    question = Asker().number(session, "")
    assert question.name == "round 2: loss"
    for command in ("first", "goto output.a[1]"):
        session.execute(command)
        hall.show(session.scene())
        viewer = Viewer(hall, Reels(), hall.come("Ada"))
        assert question.expected in seen(viewer.shown.scene if viewer.shown else None)
        hall.ask(question, hints=True, seconds=None)
        assert question.expected not in seen(viewer.shown.scene if viewer.shown else None)
        hall.put_away()
