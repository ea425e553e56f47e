"""Tables that samples come from, beside a scenario that is fine."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from fuzz.command_line import run, sound
from fuzz.target import Target, require
from nnhs_tui.errors import NnhsError
from nnhs_tui.operations.arithmetic import Exact, Hand
from nnhs_tui.scenario.in_line import in_line
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.scenario.reading.limits import SCALES

FILE, TABLE = "input.toml", "irises.csv"
WORDS, NUMBERS = "words", "numbers"
ROWS = 10
"""Of the shipped table, to begin with."""


def _scenario(scale: str, targets: str) -> str:
    text = (shipped_folder() / "irises.toml").read_text(encoding="utf-8")
    text = text.replace("first = 6 ", f'scale = "{scale}" ')
    if targets == NUMBERS:
        text = text.replace("onehot = true", "onehot = false").replace('"cross_entropy"', '"mse"')
        text = text.replace('["species"]', '["sepal length", "sepal width", "petal length"]')
    return text


class Tables(Target):
    name, ending, form = "tables", ".csv", "csv"

    def aspects(self) -> tuple[str, ...]:
        return tuple(map(" ".join, product(SCALES, (WORDS, NUMBERS))))

    def check(self, data: bytes, aspect: str) -> None:
        """Refused with its faults; or its samples are the same when they are written in line."""
        Path(FILE).write_text(_scenario(*aspect.split()), encoding="utf-8")
        Path(TABLE).write_bytes(data)
        ran = sound(run("show", FILE), FILE, TABLE)
        try:
            scenario = load(FILE)
        except NnhsError:
            require(ran.code == 2, "show takes what does not load", ran.out)
            return
        require(ran.code == 0, "show refuses what loads", ran.err)
        exact = from_text(in_line(scenario, Exact(2)), FILE)
        require(exact.samples == scenario.samples, "in line there are other samples", ran.out)
        by_hand = from_text(in_line(scenario, Hand(2)), FILE)
        shown = from_text(ran.out, FILE)
        require(shown.samples == by_hand.samples, "other samples are shown", ran.out)

    def more_seeds(self) -> list[bytes]:
        rows = (shipped_folder() / TABLE).read_bytes().splitlines(keepends=True)[:ROWS]
        table = b"".join(rows)
        return [table, table.replace(b",", b";").replace(b".", b","), table.replace(b",", b"\t")]


TARGET = Tables()
