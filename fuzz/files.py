"""Scenario files, through every command that reads one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from fuzz.command_line import Ran, loaded_json, run, sound
from fuzz.mutate import CHANGES
from fuzz.target import Target, require
from nnhs_tui.errors import NnhsError
from nnhs_tui.operations.arithmetic import Hand
from nnhs_tui.scenario.library import own_folder, shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Network, Scenario
from nnhs_tui.training.first_round import check_first_round
from tests.random_scenarios import Maker

FILE, COPY, KEY = "input.toml", "copy.toml", "key.csv"
TABLE = "irises.csv"
"""Lies beside the file, for those that have samples in a table."""
FILES = (FILE, TABLE)
"""What faults may be about."""
VISIBLE = 1e-6
"""A gradient that is no rounding error."""
SMALL = 3_000
"""Multiplications, or elementary nodes, of a pass that is also printed step by step."""


def _valid() -> Scenario | None:
    """The scenario of the file; None where `validate` is to refuse it."""
    try:
        scenario = load(FILE)
        check_first_round(scenario)
    except NnhsError:
        return None
    return scenario


def _is_small(scenario: Scenario) -> bool:
    model = scenario.model
    if isinstance(model, Network):
        size = sum(layer.inputs * layer.neurons for layer in model.layers)
    else:
        size = len(model.nodes)
    return size * len(scenario.samples) <= SMALL


def _validate(scenario: Scenario | None) -> None:
    """Refused or not, it says so, and nothing else."""
    ran = sound(run("validate", FILE), *FILES)
    require(not ran.out, "validate prints something", ran)
    require(ran.code == (2 if scenario is None else 0), "validate with another exit code", ran)


def _show(scenario: Scenario | None) -> None:
    """What it shows of a file that is fine says the same."""
    shown = sound(run("show", FILE), *FILES)
    if scenario is None:
        return
    require(shown.code == 0, "show refuses what validates", shown)
    Path(COPY).write_text(shown.out, encoding="utf-8", newline="")
    again = sound(run("validate", COPY), COPY)
    require(again.code == 0, "what is shown does not validate", again.err)
    same = replace(load(COPY), name=scenario.name, path=scenario.path)
    data = scenario.data
    if data is not None and data.scaled and scenario.arithmetic == "hand":
        # By hand what was scaled is shown as it is used.
        number = Hand(scenario.digits).round
        samples = [replace(each, x=tuple(map(number, each.x))) for each in scenario.samples]
        scenario = replace(scenario, samples=tuple(samples))
    is_same = same == replace(scenario, data=None)
    require(is_same, "what is shown says something else", shown.out)


def _ran(scenario: Scenario | None, *arguments: str) -> Ran | None:
    """A command on the file, where the file is small enough; it works exactly if it validates."""
    if scenario is not None and not _is_small(scenario):
        return None
    ran = sound(run(*arguments), *FILES)
    what = " ".join(each for each in arguments if each != FILE)
    require(ran.code != 2 or not ran.out, f"{what} prints half, then refuses", ran)
    works = ran.code != 2
    refuses = "refuses what validates" if not works else "takes what does not validate"
    require(works == (scenario is not None), f"{what} {refuses}", ran.err)
    return ran


def _trace(*more: str) -> Callable[[Scenario | None], None]:
    def check(scenario: Scenario | None) -> None:
        ran = _ran(scenario, "trace", FILE, "--rounds", "1", *more)
        if ran is None or scenario is None:
            return
        require("--ascii" not in more or ran.out.isascii(), "--ascii prints other signs")
        if "--json" in more:
            traced = loaded_json(ran)
            require(traced["schema"] == "nnhs-trace/1", "trace --json without its schema")
            require(traced["title"] == scenario.title, "trace --json with another title")

    return check


def _other_numbers(scenario: Scenario | None) -> None:
    """Two rounds by hand at other digits: they may overflow where the file's own do not."""
    if scenario is not None and _is_small(scenario):
        more = ("--arithmetic", "hand", "--digits", "0", "--rounds", "2")
        ran = sound(run("trace", FILE, "--json", *more), *FILES)
        require(ran.code != 1, "trace with exit code 1")
        if ran.code == 0:
            loaded_json(ran)
        else:
            require(not ran.out, "trace prints half, then refuses", ran)


def _levels(scenario: Scenario | None) -> None:
    """The same numbers come out whatever the level."""
    if scenario is None or not _is_small(scenario):
        return
    found: list[Any] = []
    for level in ("node", "neuron", "layer"):
        traced = loaded_json(
            sound(run("trace", FILE, "--json", "--rounds", "1", "--level", level), *FILES)
        )
        blocks = [{k: v for k, v in each.items() if k != "steps"} for each in traced["rounds"]]
        found.append(blocks)
    require(found[0] == found[1] == found[2], "the levels do not agree")


def _gradcheck(scenario: Scenario | None) -> None:
    """Every gradient is right, so none disagrees; none is ok that is as far off as it is large."""
    ran = _ran(scenario, "gradcheck", FILE)
    if ran is None:
        return
    require(ran.code != 1, "gradcheck calls a right gradient wrong", ran.out)
    for row in re.findall(r" (\S+) +(\S+)  (\S+)  ok$", ran.out, re.MULTILINE):
        analytic, numeric, difference = map(float, row)
        largest = max(abs(analytic), abs(numeric))
        is_far = largest > VISIBLE and difference >= largest
        require(not is_far, "gradcheck calls a gradient ok that is far off", row)


def _worksheet(form: str, *more: str) -> Callable[[Scenario | None], None]:
    def check(scenario: Scenario | None) -> None:
        _ran(scenario, "worksheet", FILE, "--format", form, *more)

    return check


def _key_is_right(scenario: Scenario | None) -> None:
    """A worksheet's own answers are all right."""
    key = _ran(scenario, "worksheet", FILE, "--format", "csv", "--key")
    if key is None or scenario is None:
        return
    Path(KEY).write_text(key.out, encoding="utf-8", newline="")
    ran = sound(run("check", FILE, KEY), *FILES, KEY)
    require(ran.code == 0, "check finds a worksheet's own key wrong", ran.out + ran.err)


def _list(scenario: Scenario | None) -> None:
    """The list shows what there is, whatever a file holds."""
    folder = own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    os.replace(FILE, folder / FILE)
    try:
        require(sound(run("list")).code == 0, "list fails")
        names = [each["name"] for each in loaded_json(sound(run("list", "--json")))]
        require("input" in names, "list leaves a file out", names)
    finally:
        (folder / FILE).unlink()


ASPECTS: dict[str, Callable[[Scenario | None], None]] = {
    "validate": _validate,
    "show": _show,
    "trace": _trace(),
    "trace --ascii": _trace("--ascii"),
    "trace --json": _trace("--json"),
    "trace --level layer": _trace("--level", "layer"),
    "other numbers": _other_numbers,
    "levels": _levels,
    "gradcheck": _gradcheck,
    "worksheet md": _worksheet("md"),
    "worksheet md --key": _worksheet("md", "--key", "--level", "node"),
    "worksheet csv": _worksheet("csv"),
    "worksheet tex --key": _worksheet("tex", "--key"),
    "worksheet html --key": _worksheet("html", "--key", "--level", "layer"),
    "key is right": _key_is_right,
    "list": _list,
}


class Files(Target):
    name, ending, form = "files", ".toml", "toml"

    def aspects(self) -> tuple[str, ...]:
        return tuple(ASPECTS)

    def check(self, data: bytes, aspect: str) -> None:
        Path(FILE).write_bytes(data)
        Path(TABLE).write_bytes((shipped_folder() / TABLE).read_bytes())
        ASPECTS[aspect](_valid())

    def more_seeds(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(shipped_folder().glob("*.toml"))]

    def make(self, random: Random) -> bytes:
        """A seed that was changed; or a random net or graph, mostly one that is fine."""
        if random.random() < 0.6:
            return super().make(random)
        maker = Maker(random.getrandbits(32), random.choice((0, 1, 2, 6)))
        if random.random() < 0.5:
            text = maker.network(
                random.randint(1, 3), random.randint(1, 3), random.choice((1.5, 40, 1000))
            )
        else:
            text = maker.graph(random.randint(1, 4), random.randint(0, 3))
        data = text.encode()
        while random.random() < 0.5:
            data = random.choice(CHANGES[self.form])(random, data, self.seeds)
        return data


TARGET = Files()
