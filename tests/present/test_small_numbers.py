"""Numbers too small for the decimals shown: written in one way wherever training tells of them."""

from __future__ import annotations

from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.numerals import telling
from nnhs_tui.present.lists.by_name import round_listing
from nnhs_tui.present.lists.training_progress import draw_losses, training_listing
from nnhs_tui.present.pages.legend import signs
from nnhs_tui.present.text.lines import Line
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load


def plain(line: Line) -> str:
    return "".join(text for text, _ in line)


def test_a_small_loss_reads_alike_in_message_list_curve_and_rounds() -> None:
    session = Session(load(shipped_folder() / "training-loop.toml"))
    message = session.execute("train 100").message
    loss = session.run.loss(100)
    small = telling(loss, session.digits)
    assert small == f"{loss:.3g}" == "0.00339"
    assert message.endswith(f"→ {small}")
    training, rounds = training_listing(session), round_listing(session)
    assert f"→ {small}" in plain(training.above[0])
    assert plain(rounds.rows[100].line).endswith(f"loss {small}")
    assert "e-0" not in plain(training.above[0])
    assert any("size of the gradient" in plain(row.line) for row in training.rows)
    assert any("of a layer's gradient" in plain(line) for line in signs(80))


def test_the_curve_of_the_losses_stands_on_0() -> None:
    session = Session(load(shipped_folder() / "training-loop.toml"))
    session.execute("train 5")
    losses = session.run.losses()
    assert losses.min() > 0.01
    rows = [plain(line) for line in draw_losses(losses, 0, 40, 8)]
    assert rows[6].split()[0] == "0"
    # The last loss is high above the axis, as it is a good share of the first.
    assert not any("⠀" < sign <= "⣿" for sign in rows[6])


def test_a_training_ends_where_the_numbers_as_they_are_shown_stay() -> None:
    """Three digits of a small loss still change where two decimals do not."""
    session = Session(load(shipped_folder() / "training-loop.toml"))
    told = session.execute("train 2000 until 10 rounds without change").message
    assert "nothing has changed" in told
    assert session.run.loss(session.round) != session.run.loss(session.round - 1)
