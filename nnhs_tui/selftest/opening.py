"""Beginning a self-test, or going on with one."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from nnhs_tui.autodiff.levels import LEVELS
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import NnhsError, Refusal, quoted
from nnhs_tui.labels import counted
from nnhs_tui.selftest import log as on_disk
from nnhs_tui.selftest.selftest import SelfTest
from nnhs_tui.selftest.setting import PHASES, Setting
from nnhs_tui.selftest.shelf import Lines, Shelf

AGAIN, NEW, SEED = "again", "new", "seed"
LAYER, SHEET = "layer", "neuron"
"""The levels that ask whole matrices, and what a worksheet asks."""


@dataclass
class Opened:
    """A self-test that can be answered."""

    test: SelfTest
    log: Lines | None
    """What it is written into; None where nothing could be made."""
    message: str
    shelf: Shelf = on_disk
    """Where it is kept, and the next one too."""


def open_test(session: Session, argument: str, shelf: Shelf = on_disk) -> Opened:
    """The self-test that a command asks for.

    Args:
        argument: any of forward, backward, update; node, neuron, layer; again; new; seed N. Without
            a word a test of this scenario that was left goes on.
        shelf: where tests are kept.

    Raises:
        Refusal: the words mean nothing, or there is nothing to ask.
        NnhsError: the scenario cannot be computed.
    """
    setting = setting_of_session(session)
    words = argument.split()
    if not words and (left := _left(setting, shelf)):
        return left
    opened = begin_test(wanted(setting, words, shelf), shelf)
    if not opened.message and (session.edits or session.round):
        told = "round 1" + (" without your edits" if session.edits else "")
        opened.message = f"this asks about the file's own numbers: {told}"
    return opened


def setting_of_session(session: Session) -> Setting:
    """What a worksheet asks of a session's scenario, with its decimals; where it is stepped by
    whole layers, a matrix at a time."""
    scenario = session.scenario
    path = os.path.abspath(scenario.path)
    return Setting(
        scenario.name,
        path,
        scenario.text,
        session.digits,
        session.arithmetic_name,
        LAYER if session.level == LAYER else SHEET,
        beside=None if scenario.data is None else scenario.data.text,
    )


def wanted(setting: Setting, words: list[str], shelf: Shelf = on_disk) -> Setting:
    """A setting narrowed down by the words of a command.

    Raises:
        Refusal: a word means nothing, or nothing went wrong last time.
    """
    phases = tuple(each for each in PHASES if each in words)
    levels = [each for each in words if each in LEVELS]
    if levels:
        setting = replace(setting, level=levels[-1])
    rest = [each for each in words if each not in (*PHASES, *LEVELS, NEW)]
    if AGAIN in rest:
        rest.remove(AGAIN)
        setting = replace(setting, only=_went_wrong(setting, shelf))
    if SEED in rest and rest.index(SEED) + 1 < len(rest):
        place = rest.index(SEED)
        number = rest[place + 1]
        if number.isascii() and number.isdigit() and len(number) < 10:
            setting = replace(setting, seed=int(number))
            del rest[place : place + 2]
    if rest:
        known = f"{', '.join(PHASES)}, {', '.join(LEVELS)}, {AGAIN}, {NEW}, {SEED} N"
        raise Refusal(f"test takes {known}; found {quoted(' '.join(rest))}")
    return replace(setting, phases=phases or setting.phases)


def _went_wrong(setting: Setting, shelf: Shelf) -> tuple[str, ...]:
    found = shelf.went_wrong_last_time(setting.path)
    if not found:
        raise Refusal("nothing went wrong last time, or there was no test of this scenario yet")
    return found


def _left(setting: Setting, shelf: Shelf) -> Opened | None:
    """A test of this scenario that was left, at this level and with these decimals."""
    for kept, found in shelf.unfinished(setting.path):
        is_same = (found.text, found.beside, found.digits, found.level == LAYER) == (
            setting.text,
            setting.beside,
            setting.digits,
            setting.level == LAYER,
        )
        if not is_same:
            continue
        try:
            test, log = shelf.go_on(kept)
        except NnhsError:
            # Another program has it, or its scenario is no longer one: begin a new one.
            continue
        others = sum(1 for _ in shelf.unfinished(setting.path)) - 1
        told = "going on where you left it; :test new begins another one"
        if others > 0 and shelf is on_disk:
            listed = f"{counted(others, 'test left')}: nnhs-tui resume --list"
            told = f"going on where you left it; {listed}"
        return Opened(test, log, told, shelf)
    return None


def begin_test(setting: Setting, shelf: Shelf = on_disk) -> Opened:
    """A new self-test; where no file can be made it goes on without one, and says so.

    Raises:
        NnhsError: there is nothing to ask, or the scenario cannot be computed.
    """
    test = SelfTest(setting)
    try:
        return Opened(test, shelf.begin(setting), "", shelf)
    except OSError as error:
        told = f"nothing is kept ({error.strerror or error}): leaving loses your answers"
        return Opened(test, None, told, shelf)


def resume(name: str = "") -> Opened:
    """The self-test that was left last, the last one of a scenario, or one of `resume --list`.

    Args:
        name: a scenario's name or path; the number of the test in the list, or its own path.

    Raises:
        Refusal: there is none.
        NnhsError: it cannot be gone on with.
    """
    for number, (path, setting) in enumerate(on_disk.unfinished(), 1):
        if name in ("", setting.name, setting.path, str(path), str(number)):
            test, log = on_disk.go_on(path)
            return Opened(test, log, "going on where you left it")
    of = f" of {name}" if name else ""
    raise Refusal(f"there is no self-test{of} to go on with: t begins one in the debugger")
