"""A thousand sheets of the two-layer net marked, against Python's csv module reading them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.measure import Goal, Table, duration, in_turn, timed, times
from nnhs_tui.core.asked import asked
from nnhs_tui.core.library import shipped_folder
from nnhs_tui.core.marking.questions import Questions
from nnhs_tui.core.marking.sheets import SheetMarker, Summary, marked
from nnhs_tui.core.quantities import name_of
from nnhs_tui.core.scenario import Scenario, load

SHEETS = 1000
SLOWER = Goal(100)


def run(quick: bool) -> Iterator[Table]:
    """The table."""
    scenario = load(shipped_folder() / "two-layer-sigmoid.toml")
    table = Table(
        f"marking {SHEETS:,} sheets of {scenario.name}: every quantity, one answer in ten wrong",
        ("numbers asked", "marked", "read by csv", "slower", "goal", ""),
    )
    count = SHEETS // 10 if quick else SHEETS
    with tempfile.TemporaryDirectory() as folder:
        for level in ("node", "neuron"):
            paths, asked_for = _written(Path(folder, level), scenario, level, count)
            measured = in_turn(
                timed(lambda paths=paths: _marked(scenario, paths)),  # type: ignore[misc]
                timed(lambda paths=paths: _read(paths)),  # type: ignore[misc]
                1 if quick else 5,
            )
            costs = map(duration, measured.medians)
            judged = SLOWER.judge(measured.ratio)
            table.add(str(asked_for), *costs, times(measured.ratio), *judged)
    yield table


def _written(folder: Path, scenario: Scenario, level: str, count: int) -> tuple[list[str], int]:
    """The sheets of a class, and how many numbers each asks for."""
    folder.mkdir()
    random, questions = Random(1), Questions(scenario)
    quantities = asked(questions.schedule, level)
    names = [name_of(questions.names, each, questions.schedule) for each in quantities]
    right = [(name, questions.question(name).expected) for name in names]
    paths = []
    for number in range(count):
        path = folder / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["quantity", "answer"])
            for name, answer in right:
                is_wrong = random.random() < 0.1
                writer.writerow([name, f"{random.uniform(-5, 5):.2f}" if is_wrong else answer])
        paths.append(str(path))
    return paths, len(names)


def _marked(scenario: Scenario, paths: list[str]) -> int:
    summary = Summary()
    for _ in marked(SheetMarker(scenario), paths, summary):
        pass
    return summary.right


def _read(paths: list[str]) -> int:
    rows = 0
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            rows += sum(1 for _ in csv.reader(file))
    return rows
