"""Sheets with the numbers of another one of the class."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from nnhs_tui.marking.judge import FOLLOWS, RIGHT, WRONG
from nnhs_tui.marking.sheets.marked import MarkedSheet, SheetMarker
from nnhs_tui.marking.sheets.neighbours import NumbersOf
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.worksheet.orders import Order

Write = Callable[..., str]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(shipped_folder() / "two-layer-bias.toml")


@pytest.fixture
def write(tmp_path: Path, scenario: Scenario) -> Write:
    """Writes the sheet of a seed with the answers of another."""

    def written(name: str, seed: int, answers: int | None, *, rows: int = 99) -> str:
        key = list(csv.reader(io.StringIO(Order("csv", key=True).text(scenario, answers))))
        head = ["quantity", "answer", "worksheet-seed", "name"]
        made = [[*row[:2], str(seed), name] for row in key[1 : rows + 1]]
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *made])
        return str(path)

    return written


def mark(scenario: Scenario, *paths: str, **options: bool) -> list[MarkedSheet]:
    marker = SheetMarker(scenario, beside=paths, **options)  # type: ignore[arg-type]
    return [sheet for path in paths for sheet in marker.marked(path)]


def test_a_copied_sheet_is_told_with_whose_numbers_it_has(scenario: Scenario, write: Write) -> None:
    vera, willi = mark(scenario, write("Vera", 22, 23), write("Willi", 23, 23))
    assert willi.numbers_of is None and willi.is_all_right
    assert vera.numbers_of == NumbersOf(23, "Willi")
    assert vera.numbers_of.told == "seed 23 (Willi)"
    assert all(each.verdict != FOLLOWS for each in vera.answers)
    own = {
        row[0]: row[1] for row in csv.reader(io.StringIO(Order("csv", key=True).text(scenario, 22)))
    }
    for each in vera.answers:
        # What counts is only what is right, or off by one, for her own numbers too.
        if each.verdict == RIGHT:
            assert abs(float(each.answer) - float(own[each.question.name])) < 0.011
        elif each.verdict == WRONG:
            assert each.message == "wrong: right for seed 23, not for this sheet's numbers"
    assert vera.right < 16 < vera.asked


def test_without_the_other_sheet_the_seeds_of_a_class_are_tried(
    scenario: Scenario, write: Write
) -> None:
    (vera,) = mark(scenario, write("Vera", 7, 31))
    assert vera.numbers_of == NumbersOf(31)
    (own,) = mark(scenario, write("Own", 7, None))
    assert own.numbers_of == NumbersOf(None) and own.numbers_of.told == "the file itself"


def test_a_few_answers_suffice_and_two_do_not(scenario: Scenario, write: Write) -> None:
    (few,) = mark(scenario, write("Few", 22, 23, rows=4))
    assert few.numbers_of == NumbersOf(23)
    (two,) = mark(scenario, write("Two", 22, 23, rows=2))
    assert two.numbers_of is None


def test_a_sheet_that_is_only_wrong_is_nobody_s(scenario: Scenario, write: Write) -> None:
    path = Path(write("Bad", 22, 22))
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [line if "hidden.z" not in line else _plus_one(line) for line in lines]
    path.write_text("\n".join(changed), encoding="utf-8")
    (bad,) = mark(scenario, str(path))
    assert bad.numbers_of is None
    assert any(each.verdict == WRONG for each in bad.answers)


def _plus_one(line: str) -> str:
    quantity, answer, *rest = line.split(",")
    return ",".join((quantity, f"{float(answer) + 1.37:.2f}", *rest))


def test_what_goes_on_from_a_slip_of_one_s_own_still_follows(
    scenario: Scenario, write: Write
) -> None:
    path = Path(write("Slip", 22, 22, rows=3))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = _plus_one(lines[1])
    path.write_text("\n".join(lines), encoding="utf-8")
    (slip,) = mark(scenario, str(path))
    assert slip.numbers_of is None
