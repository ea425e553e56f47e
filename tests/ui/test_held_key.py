"""A key that is held down: all of it is taken, however long, where the program keeps up."""

from __future__ import annotations

import asyncio
from threading import Event, Thread
from typing import Any

import pytest
from textual.events import Key

pytest.importorskip("termios")

from nnhs_tui.ui.terminal import posix_driver
from nnhs_tui.ui.terminal.posix_driver import MOST_WAITING, TerminalDriver


class Taker:
    """A program that has always taken what it was given."""

    message_queue_size, _exit, focused = 0, False, None
    screen_stack: tuple[Any, ...] = ()


class Slow(Taker):
    """One that never has."""

    message_queue_size = 1


def driver_of(app: Taker, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> Any:
    driver: Any = object.__new__(TerminalDriver)
    driver._app, driver._loop, driver.exit_event = app, loop, Event()
    driver._waiting, driver._flooded, driver.handed = 0, None, []
    monkeypatch.setattr(TerminalDriver, "process_message", lambda self, m: self.handed.append(m))
    return driver


def test_where_the_program_keeps_up_nothing_is_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it lasts: the clock is far ahead with each look."""
    now = iter(range(0, 10**9, 1000))
    monkeypatch.setattr(posix_driver.time, "monotonic", lambda: next(now))
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        driver = driver_of(Taker(), loop, monkeypatch)
        for _ in range(10 * MOST_WAITING):
            driver._hand_on([Key("n", "n")])
        assert len(driver.handed) == 10 * MOST_WAITING and driver._flooded is None
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_where_it_does_not_the_rest_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        driver = driver_of(Slow(), loop, monkeypatch)
        ended = Thread(target=driver._hand_on, args=([Key("n", "n")] * 2 * MOST_WAITING,))
        ended.start()
        ended.join(0.3)
        assert ended.is_alive() and len(driver.handed) == MOST_WAITING
        driver.exit_event.set()
        ended.join(10)
        assert not ended.is_alive() and len(driver.handed) == MOST_WAITING
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_few_keys_do_not_wait_behind_those_that_were_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Typed while the program computes for long, they would be dropped for a flood."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        driver = driver_of(Taker(), loop, monkeypatch)
        driver._hand_on([Key("n", "n")] * (MOST_WAITING - 1))
        driver._rest()
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()
        driver._app = Slow()
        driver._rest()
        few = Thread(target=driver._hand_on, args=([Key("n", "n")] * 20,))
        few.start()
        few.join(10)
        assert not few.is_alive() and len(driver.handed) == MOST_WAITING + 19
        # While it is busy, they are not forgotten.
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()
        driver._rest()
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()
        assert driver._waiting == 20
    finally:
        driver.exit_event.set()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
