"""Answer sheets: one that was changed, among good ones."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from fuzz import corpus
from fuzz.command_line import Ran, loaded_json, run, sound
from fuzz.target import Target, require

SCENARIOS = (
    *("two-layer-sigmoid", "three-samples", "chain-rule"),
    *("h1-twice.toml", "half-of-half.toml", "half-sse-term.toml", "forms.toml"),
)
"""Shipped ones, and those of sheets in the corpus."""
FORMS = ("", "--json", "--csv", "--summary", "--all")
FIRST, SHEET, LAST = "first.csv", "input.csv", "last.csv"
WIDEST = 1000
"""Characters of a line of text, whatever an answer holds."""
ASKED = "asked"


@cache
def _key(scenario: str) -> str:
    """The sheet of a scenario with all its answers."""
    if scenario.endswith(".toml"):
        Path(scenario).write_bytes((corpus.FOLDER / "files" / scenario).read_bytes())
    ran = sound(run("worksheet", scenario, "--format", "csv", "--key"))
    require(ran.code == 0, "worksheet fails", ran.err)
    return ran.out


class Sheets(Target):
    name, ending, form = "sheets", ".csv", "csv"

    def aspects(self) -> tuple[str, ...]:
        return tuple(f"{scenario} {form}".strip() for scenario, form in product(SCENARIOS, FORMS))

    def check(self, data: bytes, aspect: str) -> None:
        scenario, *form = aspect.split()
        key = _key(scenario)
        if scenario.endswith(".toml"):
            Path(scenario).write_bytes((corpus.FOLDER / "files" / scenario).read_bytes())
        for name in (FIRST, LAST):
            Path(name).write_text(key, encoding="utf-8", newline="")
        Path(SHEET).write_bytes(data)
        ran = sound(run("check", scenario, FIRST, SHEET, LAST, *form), SHEET)
        if form == ["--json"]:
            _check_json(loaded_json(ran), ran)
        elif form != ["--csv"]:
            longest = max(ran.out.splitlines(), key=len, default="")
            require(len(longest) <= WIDEST, "check prints lines of any length", longest[:300])
            if not form:
                _check_text(ran)

    def more_seeds(self) -> list[bytes]:
        keys = [_key(scenario).encode() for scenario in SCENARIOS]
        return [*keys, *(path.read_bytes() for path in sorted(CLASS.glob("*.csv")))]


CLASS = Path(__file__).resolve().parent.parent / "docs" / "class"


def _check_json(marked: Any, ran: Ran) -> None:
    sheets = marked["sheets"]
    first, *own, last = sheets
    files = [first["file"], *dict.fromkeys(each["file"] for each in own), last["file"]]
    require(files == [FIRST, SHEET, LAST], "a sheet is left out")
    for each in (first, last):
        is_right = each["right"] == each[ASKED] > 0 and not each["faults"]
        require(is_right, "a good sheet is marked wrong beside a bad one", each)
    expected = 0
    for sheet in own:
        require(sheet["right"] <= sheet[ASKED], "more is right than was asked", sheet)
        is_right = sheet["right"] == sheet["of"]
        expected = max(expected, 2 if sheet["faults"] else 0 if is_right else 1)
    require(ran.code == expected, "check's exit code does not fit what it found", own)


def _check_text(ran: Ran) -> None:
    for name in (FIRST, LAST):
        require(name in ran.out, "a good sheet is left out beside a bad one", ran.out[:1000])


TARGET = Sheets()
