"""`check --jobs`: several processes, and the same output to the byte."""

from __future__ import annotations

import csv
import pickle
from pathlib import Path
from random import Random

import pytest

from nnhs_tui.cli import main
from nnhs_tui.marking.sheets import jobs
from nnhs_tui.marking.sheets.jobs import jobs_for
from nnhs_tui.marking.sheets.marked import SheetMarker, Summary
from nnhs_tui.operations.update_rules import UPDATE_RULES
from nnhs_tui.scenario.library import scenario_paths, shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.worksheet.orders import Order

SHEETS = 3 * jobs.CHUNK + 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class whose sheets differ; one cannot be read, one has a neighbour's numbers."""
    path, random = tmp_path_factory.mktemp("class"), Random(1)
    scenario = load(shipped_folder() / "many-to-one.toml")
    keys = [Order("csv", key=True).text(scenario, seed).splitlines() for seed in range(1, 9)]
    for number in range(SHEETS):
        head, *rows = csv.reader(keys[number % 8])
        for row in rows:
            if random.random() < 0.2:
                row[1] = random.choice(("", "x", "1.00", row[1].replace("-", "")))
            row[2] = str(number % 8 + 1 if number != 50 else 3)
        with (path / f"{number:03}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    (path / "060.csv").write_text("nothing", encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",), ("--summary", "--json")])
def test_several_processes_print_what_one_prints(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, form: tuple[str, ...]
) -> None:
    told = {}
    for number in ("1", "2"):
        grades, pages = tmp_path / f"{number}.csv", tmp_path / number
        options = [*form, "--jobs", number, "--grades", str(grades), "--output", str(pages)]
        code = main(["check", "many-to-one", str(folder), *options])
        made = {each.name: each.read_bytes() for each in sorted(pages.iterdir())}
        told[number] = code, capsys.readouterr(), grades.read_bytes(), made
    assert told["1"][0] == 2 and len(told["1"][3]) == 2 * SHEETS
    assert told["1"] == told["2"]


def test_a_class_counted_in_parts_is_the_class(folder: Path) -> None:
    marker = SheetMarker(load(shipped_folder() / "many-to-one.toml"))
    sheets = [sheet for path in sorted(folder.iterdir()) for sheet in marker.marked(str(path))]
    whole, parts = Summary(), Summary()
    for start in range(0, len(sheets), 7):
        part = Summary()
        for sheet in sheets[start : start + 7]:
            part.add(sheet)
            whole.add(sheet)
        parts.include(part)
    assert parts == whole and whole.sheets == SHEETS and whole.mistakes
    assert parts.by_people() == whole.by_people()


def test_how_many_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_cores", lambda: 4)
    assert [jobs_for(None, each) for each in (1, jobs.MANY - 1, jobs.MANY)] == [1, 1, 4]
    assert [jobs_for(8, each) for each in (1, 33, 10_000)] == [1, 2, 8]
    assert jobs_for(1000, 10**6) == jobs.MOST


@pytest.mark.parametrize("path", scenario_paths(), ids=lambda path: path.stem)
def test_a_scenario_goes_to_another_process(path: Path) -> None:
    scenario = load(str(path))
    there = pickle.loads(pickle.dumps(scenario))
    assert there == scenario
    assert there.optimizer.rule is UPDATE_RULES[scenario.optimizer.rule.name]
