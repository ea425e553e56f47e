"""A thousand sheets of the two-layer net marked, against Python's csv module reading them.

And a thousand that nobody should hand in among a thousand good ones, against the good ones alone;
and sheets that are wrong all over, which are explained like any other, against good ones as long.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.measure import Goal, Measure, Table, duration, in_turn, timed, times
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.sheets.jobs import Job, batches
from nnhs_tui.marking.sheets.marked import SheetMarker, Summary
from nnhs_tui.present.grades import grade_row
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.variants import variant

SHEETS = 1000
SLOWER = Goal(40)
JOBS, CLASS, BY_JOBS = 2, 10_000, Goal(1 / 1.6)
"""Processes, the sheets they share, and what of one process's time that takes at most."""
WITH_HOSTILE = Goal(2)
ALL_WRONG = Goal(2)


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
    yield _hostile_among_good(scenario, count, 1 if quick else 3)
    yield _by_jobs(scenario, CLASS // 20 if quick else CLASS)
    yield _wrong_all_over(count // 5, 1 if quick else 3)


def _by_jobs(scenario: Scenario, count: int) -> Table:
    """A large class marked by several processes, against one: by the clock on the wall."""
    table = Table(
        f"{count:,} sheets marked by {JOBS} processes",
        ("by one", f"by {JOBS}", "of one's time", "goal", ""),
    )
    with tempfile.TemporaryDirectory() as folder:
        paths, _ = _written(Path(folder, "class"), scenario, "neuron", count)
        measured = in_turn(
            timed(lambda: _marked(scenario, paths, JOBS)),
            timed(lambda: _marked(scenario, paths)),
            1,
        )
        several, one = map(duration, measured.medians)
        table.add(one, several, times(measured.ratio), *BY_JOBS.judge(measured.ratio))
    return table


FEWER = 50
"""Sheets of each kind alone."""


HOSTILE = {
    "a first row with a field of 200,000": lambda: f"quantity,{'a' * 200_000}\n",
    "200,000 empty fields behind a row": lambda: f"quantity,answer\nloss,0.30{',' * 200_000}\n",
    "300,000 fields in a bracket": lambda: f"quantity,answer\nloss[{',1' * 300_000}\n",
    "5,000 unknown quantities": lambda: _rows(f"hidden.q[{n}],1" for n in range(5000)),
    "10,000 unknown ones, half known": lambda: _rows(
        f"hidden.q[{n}],1\nround {n % 9 + 1}: loss,1" for n in range(5000)
    ),
    "10,000 times the same": lambda: _rows("loss,1" for _ in range(10_000)),
    "prefixes of 1 MB": lambda: _rows(["round 1: " * 110_000 + "loss,1"]),
    "prefixes of 100 KB": lambda: _rows(["round 1: " * 11_000 + "loss,1"]),
    "an answer of 100,000 digits": lambda: _rows([f"loss,{'9' * 100_000}"]),
    "another seed in each row": lambda: (
        "quantity,answer,worksheet-seed\n" + "".join(f"loss,1,x{n}\n" for n in range(9000))
    ),
    "rounds far off": lambda: _rows(["round 999999999: loss,1", "round 100: loss,7", "loss,7"]),
    "100,000 rows": lambda: _rows("loss,1" for _ in range(100_000)),
    "no text": lambda: "quantity,answer\0" * 50_000,
    "3 MB": lambda: "a" * 3_000_000,
}
"""What is in the sheets that cost too much if anything is done twice."""


def _rows(rows: Iterable[str]) -> str:
    return "quantity,answer\n" + "".join(f"{row}\n" for row in rows)


def _hostile_among_good(scenario: Scenario, count: int, rounds: int) -> Table:
    """As many hostile sheets as good ones, of all kinds in turn and of some kinds alone."""
    table = Table(
        f"as many hostile sheets among good ones of {scenario.name}",
        ("hostile", "with them", "good alone", "ratio", "goal", ""),
    )
    with tempfile.TemporaryDirectory() as folder:
        good, _ = _written(Path(folder, "good"), scenario, "node", count)
        bad = []
        for number, text in enumerate(HOSTILE.values()):
            path = Path(folder, f"hostile-{number}.csv")
            path.write_text(text(), encoding="utf-8")
            bad.append(str(path))
        for name, paths, number in (
            (f"all kinds in turn, {count:,}", bad, count),
            *((name, [path], FEWER) for name, path in zip(HOSTILE, bad, strict=True)),
        ):
            alone = good[:number]
            mixed = [each for n, path in enumerate(alone) for each in (paths[n % len(paths)], path)]
            measured = in_turn(_marking(scenario, mixed), _marking(scenario, alone), rounds)
            costs = map(duration, measured.medians)
            # A kind alone is there to see which one it is; the class is what is promised.
            judged = WITH_HOSTILE.judge(measured.ratio) if paths is bad else ()
            table.add(name, *costs, times(measured.ratio), *judged)
    return table


WRONG_ALL_OVER = (
    ("two-layer-sigmoid", 1),
    ("two-layer-sigmoid", 30),
    ("many-to-many", 1),
    ("sigmoid-circuit", 1),
    ("training-loop", 1),
)
"""Two nets, a graph, and the net with the longest worksheet; and how many rounds are answered."""


def _wrong_all_over(count: int, rounds: int) -> Table:
    """Sheets with every answer wrong: numbers drawn, and those of a neighbour's seed."""
    table = Table(
        f"{count:,} sheets with every answer wrong, against as many with one in ten wrong",
        ("answers", "numbers asked", "wrong", "good", "ratio", "goal", ""),
    )
    for name, answered in WRONG_ALL_OVER:
        scenario = load(shipped_folder() / f"{name}.toml")
        with tempfile.TemporaryDirectory() as folder:
            number = max(1, count // answered)
            good, asked_for = _written(
                Path(folder, "good"), scenario, "node", number, answered=answered
            )
            drawn, _ = _written(Path(folder, "drawn"), scenario, "node", number, 1, answered)
            seeds = _neighbours(Path(folder, "neighbours"), scenario, number, answered)
            for what, paths in (("drawn", drawn), ("of other seeds", seeds)):
                measured = in_turn(_marking(scenario, paths), _marking(scenario, good), rounds)
                costs = map(duration, measured.medians)
                judged = ALL_WRONG.judge(measured.ratio)
                rounds_told = f", {answered} rounds" if answered > 1 else ""
                told = f"{name}{rounds_told}, {what}"
                table.add(told, str(asked_for), *costs, times(measured.ratio), *judged)
    return table


def _neighbours(folder: Path, scenario: Scenario, count: int, rounds: int) -> list[str]:
    """Sheets that are right for the numbers of ten other seeds, in turn."""
    folder.mkdir()
    paths = []
    for seed in range(1, 11):
        questions = Questions(variant(scenario, seed))
        names = _named(questions, "node", rounds)
        path = folder / f"{seed}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["quantity", "answer"])
            writer.writerows((name, questions.question(name).expected) for name in names)
        paths.append(str(path))
    return [paths[number % len(paths)] for number in range(count)]


def _marking(scenario: Scenario, paths: list[str]) -> Measure:
    """The processor's seconds for it: of a whole class, which is long enough to measure once."""

    def measure() -> float:
        begin = time.process_time()
        _marked(scenario, paths)
        return time.process_time() - begin

    return measure


def _written(
    folder: Path,
    scenario: Scenario,
    level: str,
    count: int,
    wrong: float = 0.1,
    answered: int = 1,
) -> tuple[list[str], int]:
    """The sheets of a class, and how many numbers each asks for.

    Args:
        wrong: how likely an answer is wrong.
        answered: how many rounds are answered.
    """
    folder.mkdir()
    random, questions = Random(1), Questions(scenario)
    names = _named(questions, level, answered)
    right = [(name, questions.question(name).expected) for name in names]
    paths = []
    for number in range(count):
        path = folder / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["quantity", "answer"])
            for name, answer in right:
                is_wrong = random.random() < wrong
                writer.writerow([name, f"{random.uniform(-5, 5):.2f}" if is_wrong else answer])
        paths.append(str(path))
    return paths, len(names)


def _named(questions: Questions, level: str, rounds: int = 1) -> list[str]:
    """The names of what is asked, of so many rounds."""
    quantities = asked(questions.schedule, level)
    names = [name_of(questions.names, each, questions.schedule) for each in quantities]
    later = [f"round {number}: {name}" for number in range(2, rounds + 1) for name in names]
    return names + later


def _marked(scenario: Scenario, paths: list[str], jobs: int = 1) -> int:
    summary = Summary()
    for batch in batches(jobs, Job(partial(SheetMarker, scenario), grade_row), paths):
        summary.include(batch.summary)
    return summary.right


def _read(paths: list[str]) -> int:
    rows = 0
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            rows += sum(1 for _ in csv.reader(file))
    return rows
