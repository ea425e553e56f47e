"""A hall of hundreds: how soon the last one sees a step, beside a process for each and tmux.

Everything is on the loopback device. The clients are one process, in Python, on the other core:
what it takes them to read is in the figures.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp

from benchmarks.hall_clients import Client, all_heard, come_by_ssh, come_by_web, quiet
from benchmarks.hall_server import SCENARIO, HallProcess
from benchmarks.measure import Goal, Table, duration
from benchmarks.memory_of import resident
from benchmarks.pty_group import PtyGroup

MIXED, ALONE, EVERYONE = Goal(100, "ms"), Goal(100, "ms"), Goal(150, "ms")
STEADY, ANSWERED = Goal(5, "ms"), Goal(50, "ms")
SHARE, JOINS = Goal(0.01), Goal(150, "a second", at_least=True)
LEFT_BEHIND = Goal(0, "")
GROWN = Goal(3, "MB")
PEERS = 20
"""Processes, and tmux clients, that are measured beside it."""


def run(quick: bool) -> Iterator[Table]:
    """The table."""
    size = 100 if quick else 500
    table = Table(
        f"a hall on the loopback device ({size} who follow)",
        ("what", "median", "worst", "goal", ""),
    )
    hall = HallProcess()
    try:
        asyncio.run(_measure(hall, table, size, quick=quick))
    finally:
        hall.close()
    _beside(table)
    table.notes.append("the goals are for 500, 1,000 and 2,000; --quick has a fifth of them")
    yield table


async def _measure(hall: HallProcess, table: Table, size: int, *, quick: bool) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        before = hall.ask("memory")
        begun = time.monotonic()
        web = [client async for client in _come(size // 2, come_by_web, http, hall.web)]
        web_rate = size // 2 / (time.monotonic() - begun)
        begun = time.monotonic()
        ssh = [client async for client in _come(size // 2, come_by_ssh, hall.ssh)]
        ssh_rate = size // 2 / (time.monotonic() - begun)
        clients: list[Any] = [*web, *ssh]
        await quiet(clients)
        each = (hall.ask("memory") - before) / size
        times = await _steps(hall, clients, 5 if quick else 20)
        _row(table, f"{size // 2} by SSH, {size // 2} by WebSocket: the last screen", times, MIXED)
        own = _one_process()
        told = f"{each / 2**20:.3f} MB", f"a process {own / 2**20:.1f} MB"
        table.add(
            "memory of one of them, as part of a process each", *told, *SHARE.judge(each / own)
        )
        table.add("joins by WebSocket", f"{web_rate:.0f} a second", "", *JOINS.judge(web_rate))
        table.add("joins by SSH", f"{ssh_rate:.0f} a second", "", *JOINS.judge(ssh_rate))
        await _alone(clients, table, size)
        more = [client async for client in _come(2 * size - len(web), come_by_web, http, hall.web)]
        await _leave(ssh)
        await quiet([*web, *more])
        times = await _steps(hall, [*web, *more], 5 if quick else 20)
        _row(table, f"{2 * size} by WebSocket: the last screen", times, EVERYONE)
        await _answers(hall, [*web, *more][:size], table, size)
        await _leave([*web, *more])
        await _come_and_go(hall, http, table, 4 * size)


async def _come(number: int, come: Any, *where: Any) -> AsyncIterator[Any]:
    """So many, twenty at a time, as a class does."""
    for first in range(0, number, 20):
        group = (come(*where) for _ in range(min(20, number - first)))
        for client in await asyncio.gather(*group):
            yield client


async def _leave(clients: list[Any]) -> None:
    await asyncio.gather(*(client.leave() for client in clients))


async def _steps(hall: HallProcess, clients: list[Client], number: int) -> list[float]:
    """Seconds from the presenter's key to the last screen, for some steps."""
    hall.ask("do", "first")
    await quiet(clients)
    found = []
    for _ in range(number):
        begun = hall.ask("do", "next")
        found.append(await all_heard(clients, begun) - begun)
        await quiet(clients, 0.05)
    return found


async def _alone(clients: list[Any], table: Table, size: int) -> None:
    """All step alone: first all at once, then one after the other at random."""
    await asyncio.gather(*(client.press("j") for client in clients))
    await quiet(clients)
    times = []
    for _ in range(5):
        begun = time.monotonic()
        await asyncio.gather(*(client.press("n") for client in clients))
        times.append(await all_heard(clients, begun) - begun)
        await quiet(clients, 0.05)
    _row(table, f"{size} step alone, all at once: the last screen", times, ALONE)
    chosen, steady = random.Random(1), []
    for _ in range(400):
        client = chosen.choice(clients)
        begun = time.monotonic()
        await client.press(chosen.choice("nnp"))
        while client.heard < begun and time.monotonic() - begun < 1:
            await asyncio.sleep(0)
        if client.heard > begun:
            steady.append(client.heard - begun)
    _row(table, "one of them at a time", steady, STEADY, worst=_p99(steady), name="p99")
    await asyncio.gather(*(client.press("j") for client in clients))
    await quiet(clients)


async def _answers(hall: HallProcess, web: list[Any], table: Table, size: int) -> None:
    """All who came by WebSocket answer within some seconds, right and wrong."""
    hall.ask("do", "goto hidden.a[1]")
    hall.ask("ask", "hidden.a[1]")
    await quiet(web)
    begun, times = time.monotonic(), []
    chosen = random.Random(2)

    async def one(place: int, client: Any) -> None:
        await asyncio.sleep(5 * place / size)
        at, text = time.monotonic(), chosen.choice(("0.32", "0.68", f"{chosen.random():.2f}"))
        await client.answer(text)
        while not (client.told.get("ask") or {}).get("given"):
            await asyncio.sleep(0.001)
        times.append(client.heard - at)

    await asyncio.gather(*(one(place, client) for place, client in enumerate(web)))
    told = f"{len(web)} answers in {time.monotonic() - begun:.1f} s, marked"
    assert hall.ask("tally").answered == len(web)
    _row(table, told, times, ANSWERED, worst=_p99(times), name="p99")
    hall.ask("do", "first")


async def _come_and_go(
    hall: HallProcess, http: aiohttp.ClientSession, table: Table, number: int
) -> None:
    """Many come and leave again: nothing of them may be left."""
    for _ in range(2):
        # The first time what is kept for browsers that come back fills up.
        before = hall.ask("memory")
        for _ in range(number // 40):
            clients = [client async for client in _come(20, come_by_web, http, hall.web)]
            clients += [client async for client in _come(20, come_by_ssh, hall.ssh)]
            await _leave(clients)
    while hall.ask("here") != (0, 0):
        await asyncio.sleep(0.05)
    grown = (hall.ask("memory") - before) / 2**20
    left = hall.ask("here")[0]
    table.add(
        f"sessions left after {number} came and left", str(left), "", *LEFT_BEHIND.judge(left)
    )
    table.add("memory more than before they came", f"{grown:.1f} MB", "", *GROWN.judge(grown))


def _row(
    table: Table, what: str, times: list[float], goal: Goal, worst: float = 0.0, name: str = ""
) -> None:
    most = worst or max(times)
    told = f"{name} {duration(most)}".strip()
    table.add(what, duration(statistics.median(times)), told, *goal.judge(1000 * most))


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _one_process() -> int:
    """The memory of a debugger of one's own."""
    with PtyGroup([[sys.executable, "-m", "nnhs_tui", "run", SCENARIO]]) as group:
        group.wait_quiet()
        return resident(group.pids[0])


def _beside(table: Table) -> None:
    """The same step with a process for each, and with tmux."""
    program = [sys.executable, "-m", "nnhs_tui", "run", "--kiosk", SCENARIO]
    with PtyGroup([program] * PEERS) as group:
        group.wait_quiet()
        times = [group.press_all("n") for _ in range(5)]
    table.add(f"{PEERS} processes that step at once: the last screen", *_told(times), "", "")
    tmux = shutil.which("tmux")
    if tmux is None:
        return
    name = f"nnhs-bench-{os.getpid()}"
    call = [tmux, "-L", name, "-f", "/dev/null"]
    subprocess.run([*call, "new", "-d", "-x", "80", "-y", "24", *program], check=True)
    try:
        with PtyGroup([[*call, "attach", "-r"]] * PEERS) as group:
            group.wait_quiet()
            press = [*call, "send-keys", "n"]
            times = [group.when_all_heard(lambda: subprocess.run(press)) for _ in range(5)]
        table.add(f"{PEERS} of tmux attach -r: the last screen", *_told(times), "", "")
    finally:
        subprocess.run([*call, "kill-server"], check=False)


def _told(times: list[float]) -> tuple[str, str]:
    return duration(statistics.median(times)), duration(max(times))
