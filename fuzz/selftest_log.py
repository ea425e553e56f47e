"""The file of a self-test: opened or refused, never half."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from fuzz.command_line import run, sound
from fuzz.target import Target, require
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import NnhsError
from nnhs_tui.scenario.library import find
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest import log
from nnhs_tui.selftest.opening import setting_of_session
from nnhs_tui.selftest.report import report
from nnhs_tui.selftest.selftest import SelfTest

SCENARIOS = ("chain-rule", "two-layer-sigmoid", "neuron-with-bias")


class SelfTestLogs(Target):
    name, ending = "selftest_log", log.ENDING

    def aspects(self) -> tuple[str, ...]:
        return ("go on", "list")

    def check(self, data: bytes, aspect: str) -> None:
        log.folder().mkdir(parents=True, exist_ok=True)
        path = log.folder() / f"input{log.ENDING}"
        path.write_bytes(data)
        if aspect == "list":
            require(sound(run("resume", "--list")).code == 0, "resume --list fails")
            log.went_wrong_last_time("")
            return
        opened = _opened(path)
        if opened is None:
            require(path.read_bytes() == data, "a file that is refused is changed")
            return
        require(data.startswith(path.read_bytes()), "a line that was whole is lost")
        again = _opened(path, "go 1", "type 0.5", "mark", "hint")
        require(again == opened, "opened again it is another test", (opened, again))
        require(_opened(path) is not None, "what it adds itself it does not open again")

    def more_seeds(self) -> list[bytes]:
        return [_log_of(name, seed) for seed, name in enumerate(SCENARIOS)]

    def make(self, random: Random) -> bytes:
        """A changed log; more often its lines than the long first one."""
        data = super().make(random)
        head, _, _ = random.choice(self.seeds).partition(b"\n")
        return head + b"\n" + data.partition(b"\n")[2] if random.random() < 0.6 else data


def _opened(path: Path, *lines: str) -> tuple[Any, ...] | None:
    """What a test was like when it was opened, before some lines; None where it is refused."""
    try:
        test, file = log.go_on(path)
    except NnhsError:
        return None
    try:
        seen = _state_of(test)
        for line in lines:
            test.apply(line)
            require(not file.add(line), "a line cannot be added", file.fault)
    finally:
        file.close()
    return seen


def _state_of(test: SelfTest) -> tuple[Any, ...]:
    tries = {
        name: (each.verdict, each.hints, len(each.answers)) for name, each in test.tries.items()
    }
    told = report(test).went_wrong
    return test.at, test.cell, dict(test.typed), tries, test.finished, told


def _log_of(name: str, seed: int) -> bytes:
    """A log as the program writes it."""
    random = Random(seed)
    setting = setting_of_session(Session(load(find(name, own=False))))
    setting = replace(setting, level="neuron", seed=seed or None)
    lines = [json.dumps({"format": log.FORMAT, **setting.as_data()})]
    for _ in range(12):
        number = random.randint(1, 9)
        answer = f"type {random.randint(-9, 9) / 10}"
        lines += [answer, random.choice(("mark", "hint", f"go {number}", f"cell {number}"))]
    return "\n".join([*lines, "mark", "finish", ""]).encode()


TARGET = SelfTestLogs()
