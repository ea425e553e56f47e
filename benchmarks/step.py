"""A step on the screen: CPU time and bytes, against the same screen built of Static widgets.

Both programs run in this process on drivers that write nowhere, and take the same steps in turn.
The time is the process's own from the key to the last byte. The floor is what the bytes could be
at least: see `floor`.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import textual.screen
from textual import events
from textual.app import App

from benchmarks.measure import Goal, Table, duration, times
from benchmarks.static_screen import StaticApp
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import NnhsError
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.ui.app import NnhsApp
from tests.ui.terminal import RecordingDriver, Terminal, floor

SIZES = ((80, 24), (160, 50))
STRETCH = 15
"""Steps walked in each of forward, backward and update."""
LONG = 200
"""Steps of which the worst is looked for."""
TIME_GOAL, WORST_GOAL, BYTES_GOAL = Goal(1 / 3), Goal(2), Goal(1.1)
FRAME = 1 / 250
"""Seconds from a change to its frame."""
DEADLINE = 0.5
"""Seconds after which a key counts as one that changes nothing."""
WALKED = 3
"""Scenarios that the long walks go through: the longest, a middle one, the shortest."""


class ClockDriver(RecordingDriver):
    """Knows the CPU time of its last output."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.last = 0.0
        self.wrote = asyncio.Event()

    def write(self, data: str) -> None:
        super().write(data)
        self.last = time.process_time()
        self.wrote.set()

    async def settled(self, patience: float, quiet: float = 1.5 * FRAME) -> bool:
        """Wait for output and, `quiet` seconds without any, its end; False where there was none."""
        found = False
        while True:
            try:
                await asyncio.wait_for(self.wrote.wait(), quiet if found else patience)
            except TimeoutError:
                return found
            found = True
            self.wrote.clear()


@dataclass
class Walk:
    """What the steps of one program took."""

    seconds: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    floors: list[int] = field(default_factory=list)

    @property
    def over_floor(self) -> float:
        """All bytes as a multiple of the least that would do."""
        return sum(self.bytes) / max(1, sum(self.floors))


class Stand:
    """A program under measurement."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.driver: ClockDriver = terminal.driver  # type: ignore[assignment]
        self.walk = Walk()
        self.cells = terminal.cells()

    async def press(self, key: str, character: str | None) -> float:
        """Press a key; the CPU time to the last byte of what it changed."""
        self.driver.wrote.clear()
        begin = time.process_time()
        self.driver.process_message(events.Key(key, character))
        drawn = await self.driver.settled(DEADLINE)
        return self.driver.last - begin if drawn else 0.0

    async def step(self, key: str, character: str | None, *, compare: bool) -> None:
        """Press a key and keep what it took; `compare`: with its floor, which takes time."""
        self.walk.seconds.append(await self.press(key, character))
        if compare:
            before = self.cells.copy()
            self.walk.bytes.append(self.look())
            self.walk.floors.append(floor(before, self.cells))
        else:
            self.walk.bytes.append(len(self.driver.take().encode()))

    def look(self) -> int:
        """Take what was written to the screen and into `cells`; how many bytes it was."""
        text, screen = self.terminal.read(), self.terminal.screen
        for y in screen.dirty:
            self.cells[y] = [tuple(screen.buffer[y][x]) for x in range(screen.columns)]
        screen.dirty.clear()
        return len(text.encode())


@asynccontextmanager
async def _running(app: App[Any], size: tuple[int, int]) -> Any:
    """A program on its stand, its first frames drawn."""
    async with app.run_test(headless=False, size=size) as pilot:
        terminal = Terminal(pilot, size)
        stand = Stand(terminal)
        await stand.driver.settled(DEADLINE, 0.1)
        stand.look()
        yield stand


def run(quick: bool) -> Iterator[Table]:
    """The table of the comparison, then that of the worst steps."""
    scenarios = list(_scenarios())[:: 6 if quick else 1]
    if not scenarios:
        yield Table("step: left out, there are no scenarios", ("",))
        return
    # A frame follows its key sooner than at 60 a second: as much work, and less waiting.
    usual, textual.screen.UPDATE_PERIOD = textual.screen.UPDATE_PERIOD, FRAME  # type: ignore[misc]
    try:
        yield _comparison(scenarios, 5 if quick else STRETCH)
        yield _worst_table(scenarios, quick)
    finally:
        textual.screen.UPDATE_PERIOD = usual  # type: ignore[misc]


def _scenarios() -> Iterator[Scenario]:
    for path in sorted(shipped_folder().glob("*.toml")):
        try:
            yield load(path)
        except NnhsError as error:
            print(f"step: left out: {error}")


def _comparison(scenarios: list[Scenario], stretch: int) -> Table:
    table = Table(
        "step: CPU time and bytes of a step; the peer is built of Static widgets and Rich's Tables",
        ("", "ours", "peer", "ratio", "goal", "", "bytes", "peer", "× floor", "peer"),
    )
    everything: list[tuple[Walk, Walk]] = []
    for size in SIZES:
        both = {each.name: asyncio.run(_compare(each, size, stretch)) for each in scenarios}
        everything += both.values()
        ordered = sorted(both, key=lambda name: _ratio(*both[name]))
        steps = sum(len(ours.seconds) for ours, _ in both.values())
        name = f"{size[0]}×{size[1]}, {len(both)} scenarios, {steps} steps"
        table.add(name, *_figures(*_together(list(both.values()))))
        table.add(f"  lowest: {ordered[0]}", *_figures(*both[ordered[0]]))
        table.add(f"  highest: {ordered[-1]}", *_figures(*both[ordered[-1]]))
    ours, peer = _together(everything)
    overall, over = _ratio(ours, peer), ours.over_floor
    table.add("all steps", "", "", times(overall), *TIME_GOAL.judge(overall))
    goal, reached = BYTES_GOAL.judge(over)
    table.notes.append(f"bytes of all our steps: {over:.2f} × floor; goal {goal}: {reached}")
    return table


def _together(walks: list[tuple[Walk, Walk]]) -> tuple[Walk, Walk]:
    """Walks through several scenarios as one."""
    ours, peer = Walk(), Walk()
    for a, b in walks:
        for whole, part in ((ours, a), (peer, b)):
            whole.seconds += part.seconds
            whole.bytes += part.bytes
            whole.floors += part.floors
    return ours, peer


def _ratio(ours: Walk, peer: Walk) -> float:
    """Our time as a multiple of the peer's: the median over the steps that both drew."""
    pairs = zip(ours.seconds, peer.seconds, strict=True)
    return statistics.median(a / b for a, b in pairs if a and b)


def _figures(ours: Walk, peer: Walk) -> tuple[str, ...]:
    ratio = _ratio(ours, peer)
    return (
        duration(statistics.median(ours.seconds)),
        duration(statistics.median(peer.seconds)),
        times(ratio),
        *TIME_GOAL.judge(ratio),
        f"{statistics.median(ours.bytes):,.0f}",
        f"{statistics.median(peer.bytes):,.0f}",
        f"{ours.over_floor:.2f}",
        f"{peer.over_floor:.1f}",
    )


async def _compare(scenario: Scenario, size: tuple[int, int], stretch: int) -> tuple[Walk, Walk]:
    """Walk through a round with both programs in turn."""
    theirs = StaticApp(Session(scenario), driver_class=ClockDriver)
    ours = NnhsApp(Session(scenario), driver_class=ClockDriver)
    async with _running(theirs, size) as peer, _running(ours, size) as own:
        for phase in range(3):
            if phase:
                for stand in (own, peer):
                    await stand.press("right_square_bracket", "]")
                    stand.look()
            for _ in range(stretch):
                for stand in (own, peer):
                    await stand.step(*_key(stand), compare=True)
    gc.unfreeze()
    return own.walk, peer.walk


def _key(stand: Stand) -> tuple[str, str | None]:
    """The next step; from the end of a round to the next one, or where none is to its start."""
    app = stand.terminal.app
    session = app.session if isinstance(app, StaticApp) else app.screen.session
    if session.index + 1 < session.total:
        return "n", "n"
    return ("a", "a") if session.tape.parameters else ("home", None)


def _worst_table(scenarios: list[Scenario], quick: bool) -> Table:
    table = Table(
        f"step: the worst of {LONG} steps beside the median, CPU time at 80×24",
        ("", "median", "worst", "ratio", "goal", ""),
        notes=["of three walks the middle one"] if not quick else [],
    )
    for scenario in _spread(scenarios, 1 if quick else WALKED):
        walks = [asyncio.run(_long_walk(scenario)) for _ in range(1 if quick else 3)]
        found = sorted((max(w) / statistics.median(w), statistics.median(w), max(w)) for w in walks)
        ratio, median, worst = found[len(found) // 2]
        table.add(
            scenario.name, duration(median), duration(worst), times(ratio), *WORST_GOAL.judge(ratio)
        )
    return table


def _spread(scenarios: list[Scenario], count: int) -> list[Scenario]:
    """Some of the scenarios: from that with the most steps to that with the fewest."""
    ordered = sorted(scenarios, key=lambda each: -Session(each).total)
    if len(ordered) <= count:
        return ordered
    return [ordered[place * (len(ordered) - 1) // max(1, count - 1)] for place in range(count)]


async def _long_walk(scenario: Scenario) -> list[float]:
    app = NnhsApp(Session(scenario), driver_class=ClockDriver)
    async with _running(app, SIZES[0]) as own:
        for _ in range(LONG):
            await own.step(*_key(own), compare=False)
    gc.unfreeze()
    return own.walk.seconds
