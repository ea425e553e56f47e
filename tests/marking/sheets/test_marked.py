"""What a class did together."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.marking.judge import MISTAKE
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.sheets.marked import MarkedSheet, SheetMarker, Summary
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant


def only(marker: SheetMarker, path: str) -> MarkedSheet:
    """The one sheet of a file."""
    (found,) = marker.marked(path)
    return found


@pytest.mark.parametrize("seed", ["0", "7", "999999999"])
def test_a_sheet_says_with_which_seed_it_was_made(tmp_path: Path, seed: str) -> None:
    """Every seed that `worksheet --seed` takes; no longer number is one."""
    marker = SheetMarker(load(shipped_folder() / "two-layer-sigmoid.toml"))
    right = variant(load(shipped_folder() / "two-layer-sigmoid.toml"), int(seed))
    weight = right.model.layers[0].weights[0][0]  # type: ignore[union-attr, index]
    path = tmp_path / "a.csv"
    text = "quantity,answer,worksheet-seed\nhidden.W[1,1],{},{}\n"
    path.write_text(text.format(weight, seed), encoding="utf-8")
    assert only(marker, str(path)).is_all_right
    path.write_text(text.format(weight, "1234567890"), encoding="utf-8")
    (fault,) = only(marker, str(path)).faults
    assert fault.found == "'1234567890' is no seed"


def test_of_several_mistakes_the_one_counts_that_is_named_first() -> None:
    marker = Marker(Questions(load(shipped_folder() / "two-layer-sigmoid.toml")))
    marked = marker.mark([("grad x[1]", "7"), ("grad x[2]", "8"), ("grad x[3]", "9")])
    made = [("one-path", "missing-local"), ("one-path",), ("one-path", "sign")]
    answers = tuple(
        each._replace(verdict=MISTAKE, mistakes=names)
        for each, names in zip(marked, made, strict=True)
    )
    summary = Summary()
    summary.add(MarkedSheet("a.csv", answers, 0, 3))
    other = answers[0]._replace(mistakes=("missing-local", "one-path"))
    summary.add(MarkedSheet("b.csv", (other,), 0, 1))
    found = {(mistake, tally.sheets) for mistake, _, tally in summary.most_frequent()}
    assert found == {("one-path", 1), ("missing-local", 1)}
    assert summary.quantities["grad x[1]"]["mistake one-path"] == 1
    assert dict(summary.by_people()) == {"one-path": ["a"], "missing-local": ["b"]}


def test_what_is_cut_off_and_counts_is_no_misunderstanding() -> None:
    marker = Marker(Questions(load(shipped_folder() / "two-layer-sigmoid.toml")))
    (marked,) = marker.mark([("hidden.a[1]", "0.32")])
    summary = Summary()
    summary.add(MarkedSheet("a.csv", (marked._replace(mistakes=("truncated",)),), 1, 1))
    assert not summary.people and not summary.most_frequent()
