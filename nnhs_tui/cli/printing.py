"""The commands that print."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nnhs_tui.cli.common import (
    BAD_INPUT,
    FINE,
    NOT_RIGHT,
    as_json,
    complain,
    in_file,
    is_utf8,
    load,
    print_rows,
    session_of,
    use_own_keys,
)
from nnhs_tui.errors import ComputationError, ScenarioError, printable

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session


def keys(options: argparse.Namespace) -> int:
    from nnhs_tui.present.keys_table import keys_as_text, keys_as_toml

    use_own_keys()
    for line in keys_as_toml() if options.toml else keys_as_text():
        print(line)
    return FINE


def list_scenarios(options: argparse.Namespace) -> int:
    from nnhs_tui.scenario.chapters import chapter_label
    from nnhs_tui.scenario.library import scenario_paths
    from nnhs_tui.scenario.reading.describe import describe

    paths = scenario_paths()
    # A file of the user's own that has a shipped scenario's name is opened by its path.
    taken = {path.stem: path for path in reversed(paths)}
    rows = [
        (path.stem if taken[path.stem] == path else str(path), path, describe(path))
        for path in paths
    ]
    rows.sort(key=lambda row: row[2].order)
    if options.json:
        import json

        keys = ("name", "title", "shape", "path", "chapter", "place")
        objects = [
            (name, each.title, each.shape, str(path), each.chapter, each.place)
            for name, path, each in rows
        ]
        print(json.dumps([dict(zip(keys, each, strict=True)) for each in objects], indent=2))
        return FINE
    lines = []
    for name, _, each in rows:
        place = "" if each.place is None else f" {each.place}"
        lines.append((name, each.shape, f"{chapter_label(each.chapter)}{place}", each.title))
    print_rows(lines)
    return FINE


def show(options: argparse.Namespace) -> int:
    from nnhs_tui.scenario.library import find
    from nnhs_tui.scenario.reading.files import read_text
    from nnhs_tui.scenario.reading.harmless import harmless_toml

    if options.format:
        return _show_script(options)
    path = find(options.scenario)
    text = read_text(path, printable(options.scenario))
    if _has_data(text):
        text = _with_samples(path, options.scenario)
    sys.stdout.write(harmless_toml(text, sys.stdout.encoding or "ascii"))
    return FINE


def _show_script(options: argparse.Namespace) -> int:
    """A program that computes the same; the same bytes in every locale."""
    from nnhs_tui.cli.placing import put, refused
    from nnhs_tui.errors import Unfit
    from nnhs_tui.exchange.scripts.script import script

    scenario = load(options.scenario)
    try:
        put(None, "", script(scenario, options.format))
    except Unfit as unfit:
        raise refused(options.scenario, *str(unfit).split("; ", 1)) from None
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error
    return FINE


def _has_data(text: str) -> bool:
    """Whether a text is TOML with samples in a file beside it."""
    from nnhs_tui.scenario.reading.files import decode

    try:
        return "data" in text and "data" in decode(text, "")
    except ScenarioError:
        return False


def _with_samples(path: Path, name: str) -> str:
    """The text of a scenario with its samples in line.

    Raises:
        ScenarioError: the scenario or its data file has faults.
    """
    from nnhs_tui.operations.arithmetic import Exact, Hand
    from nnhs_tui.scenario.in_line import in_line
    from nnhs_tui.scenario.loading import load

    scenario = load(path, shown_as=name)
    is_hand = scenario.arithmetic == "hand"
    return in_line(scenario, (Hand if is_hand else Exact)(scenario.digits))


def validate(options: argparse.Namespace) -> int:
    from nnhs_tui.scenario import loading
    from nnhs_tui.training.first_round import check_first_round

    code = FINE
    for name in options.files:
        try:
            # A million nodes of a graph would be looked through for cycles again and again.
            with _uncollected():
                check_first_round(loading.load(name))
        except (ComputationError, MemoryError) as error:
            complain(str(in_file(name, error)))
            code = BAD_INPUT
        except ScenarioError as error:
            for line in str(error).splitlines():
                complain(line)
            code = BAD_INPUT
    return code


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage that refers to itself within."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def trace(options: argparse.Namespace) -> int:
    from nnhs_tui.present.trace import trace_json, trace_text

    session = session_of(options)
    rounds = options.rounds or session.scenario.rounds
    level = options.level or session.scenario.level
    try:
        session.run.round(rounds - 1)
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error
    if options.json:
        print(as_json(trace_json(session, level, rounds), sys.stdout))
    elif options.csv or options.html or options.latex:
        _print_worked(options, session, level, rounds)
    else:
        for line in trace_text(session, level, rounds):
            print(line)
    return FINE


def _print_worked(options: argparse.Namespace, session: Session, level: str, rounds: int) -> None:
    """The steps for other uses; the same bytes in every locale."""
    from nnhs_tui.worksheet.worked import trace_csv, trace_html, trace_latex

    if options.csv:
        text = trace_csv(session, level, rounds)
    else:
        made = trace_html if options.html else trace_latex
        text = "".join(f"{line}\n" for line in made(session, level, rounds))
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())


def worksheet(options: argparse.Namespace) -> int:
    from nnhs_tui.cli.worksheet import worksheet as make

    return make(options)


def check(options: argparse.Namespace) -> int:
    from nnhs_tui.cli import check as marking

    scenario = load(options.scenario)
    try:
        return marking.check(options, scenario, complain, ascii_only=not is_utf8(sys.stdout))
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error


def gradcheck(options: argparse.Namespace) -> int:
    from nnhs_tui.autodiff.gradcheck import Verdicts
    from nnhs_tui.autodiff.gradcheck import gradcheck as checks_of
    from nnhs_tui.operations.numerals import shown
    from nnhs_tui.training.first_round import check_first_round

    scenario = load(options.scenario)
    try:
        # Gradients are checked in doubles, whatever the file's own arithmetic can hold.
        check_first_round(scenario)
        checks = list(checks_of(scenario))
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error
    from nnhs_tui.present.text.lines import cells, fit

    width = max((cells(check.name) for check in checks), default=0)
    for check in checks:
        analytic, numeric = (shown(each, 9) for each in (check.analytic, check.numeric))
        line = f"{fit(printable(check.name), width)}  {analytic:>12}  {numeric:>12}  "
        print(printable(f"{line}{check.difference:.1e}  {check.told}"))
    found = Verdicts.of(checks)
    told = f"{found.agree} of {found.checked} gradients agree with central differences"
    told += f"; {found.kinks} are at a place without a derivative" if found.kinks else ""
    print(told + (f"; {found.untried} cannot be tried" if found.untried else ""))
    return FINE if found.agree == found.checked else NOT_RIGHT
