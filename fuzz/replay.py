"""Replay files."""

from __future__ import annotations

from pathlib import Path

from fuzz.command_line import UNSAFE, run, sound
from fuzz.commands import carry_out
from fuzz.target import Target, require
from nnhs_tui.commands.commands import SESSION, parse
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import find
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.debugger.replay import Replay

FILE, SCENARIO = "input.txt", "two-layer-sigmoid"
MOST_LINES = 300
DEMO = Path(__file__).resolve().parent.parent / "docs" / "demo.txt"


class Replays(Target):
    name, ending = "replay", ".txt"

    def aspects(self) -> tuple[str, ...]:
        return ("read", "played")

    def check(self, data: bytes, aspect: str) -> None:
        Path(FILE).write_bytes(data)
        if aspect == "read":
            ran = run("run", SCENARIO, "--replay", FILE)
            sound(ran, FILE, notes=("no terminal to open the program in",))
            require(ran.code != 1, "run with exit code 1")
            require(ran.code == 0 or not ran.out, "run prints half, then refuses")
            return
        try:
            replay = Replay(data.decode().splitlines())
        except UnicodeDecodeError:
            return
        told = replay.told_faults()
        require(not UNSAFE.search(told), "a fault of a replay with signs", told[:300])
        require(len(told) <= 500, "a fault of a replay of over 500 characters", told[:300])
        session = Session(load(find(SCENARIO, own=False)))
        for _ in range(min(replay.left, MOST_LINES)):
            command = replay.next().command
            if parse(command)[0].scope == SESSION:
                carry_out(session, command)

    def more_seeds(self) -> list[bytes]:
        return [
            DEMO.read_bytes(),
            b"# a caption\nnext\n\n# and\n# another\ngoto hidden.z[1]\nquit\n",
        ]


TARGET = Replays()
