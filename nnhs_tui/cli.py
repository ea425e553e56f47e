"""The command line (cli.md). Every command imports only what it needs."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nnhs_tui.arguments import COMMANDS, UsageError, parser
from nnhs_tui.core.errors import ComputationError, Fault, NnhsError, ScenarioError, printable

if TYPE_CHECKING:
    from nnhs_tui.core.scenario import Scenario
    from nnhs_tui.core.session import Session

FINE, NOT_RIGHT, BAD_INPUT = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _steady_streams()
    # NumPy's linear algebra is not used; starting its threads would take a sixth of the start-up.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if arguments and arguments[0] not in COMMANDS and not arguments[0].startswith("-"):
        arguments.insert(0, "run")
    try:
        options = parser().parse_args(arguments)
        code = ACTIONS[options.command](options)
        sys.stdout.flush()
        return code
    except NnhsError as error:
        for line in str(error).splitlines():
            _complain(line)
        return BAD_INPUT
    except UsageError as error:
        _complain(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _cannot_write(error)


def _steady_streams() -> None:
    """Make the standard streams usable where one is closed, or cannot show every sign."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _cannot_write(error: OSError) -> int:
    """Whoever reads has seen enough, which is fine; or the results cannot be put anywhere."""
    # Python would complain once more when it closes the stream.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return FINE
    _complain(f"the results cannot be written: {error.strerror or error}")
    return BAD_INPUT


def _complain(line: str) -> None:
    with contextlib.suppress(OSError):
        print(f"nnhs-tui: {printable(line)}", file=sys.stderr)


def _load(name: str) -> Scenario:
    from nnhs_tui.core.library import find
    from nnhs_tui.core.scenario import load

    path = find(name)
    return load(path, shown_as=name if name.endswith(".toml") else str(path))


def _session(options: argparse.Namespace) -> Session:
    """The scenario of the options, with its first round computed."""
    return _open(_load(options.scenario), options)


def _open(scenario: Scenario, options: argparse.Namespace) -> Session:
    """A session of a scenario; an overflow in its first round names the file."""
    from nnhs_tui.core.session import Session

    try:
        return Session(scenario, arithmetic=options.arithmetic, digits=options.digits)
    except ComputationError as error:
        raise _in_file(options.scenario, error) from error


def _in_file(name: str, error: ComputationError) -> ScenarioError:
    return ScenarioError((Fault(printable(name), error.node, error.found, error.expected),))


def has_terminal() -> bool:
    """Whether a person sits at a terminal that can show a screen."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    is_screen = os.environ.get("TERM", "dumb") not in ("", "dumb")
    return is_screen and all(each is not None and each.isatty() for each in streams)


def _pick(options: argparse.Namespace) -> int:
    if not has_terminal():
        _complain("no terminal to open the program in: printing what `nnhs-tui list` prints")
        options.json = False
        return _list(options)
    _use_own_keys()
    from nnhs_tui.ui.app import Files, run

    return run(None, Files(keeps_places=True))


def _run(options: argparse.Namespace) -> int:
    if options.replay is None and (options.speed or options.stepwise):
        told = "--speed and --stepwise say how --replay FILE is played"
        raise UsageError(f"{told}; see nnhs-tui run --help")
    replay = None if options.replay is None else _lines(options.replay)
    if not has_terminal():
        _complain("no terminal to open the program in: printing what `nnhs-tui trace` prints")
        return _trace(options)
    scenario = _load(options.scenario)
    _use_own_keys()
    from nnhs_tui.ui.app import Files, run

    recording = None
    if options.record is not None:
        from nnhs_tui.ui.recording import Recording

        recording = Recording(options.record)
    files = Files(
        replay=replay or (),
        speed=options.speed,
        stepwise=options.stepwise,
        recording=recording,
        keeps_places=replay is None,
        fresh=options.fresh,
    )
    return run(lambda: _open(scenario, options), files)


def _use_own_keys() -> None:
    """Give the commands the keys of the user's own file, if there is one."""
    from nnhs_tui.core.commands import use_keys
    from nnhs_tui.core.keymap import keys_file, load_keys

    use_keys(load_keys(keys_file()))


def _keys(options: argparse.Namespace) -> int:
    from nnhs_tui.present.keys_table import keys_as_text, keys_as_toml

    _use_own_keys()
    for line in keys_as_toml() if options.toml else keys_as_text():
        print(line)
    return FINE


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a UTF-8 text"
        raise ScenarioError(
            (Fault(printable(path), "", str(reason), "expected a text file, one command a line"),)
        ) from error


def _list(options: argparse.Namespace) -> int:
    from nnhs_tui.core.library import scenario_paths
    from nnhs_tui.core.reading.describe import describe

    paths = scenario_paths()
    # A file of the user's own that has a shipped scenario's name is opened by its path.
    taken = {path.stem: path for path in reversed(paths)}
    names = [path.stem if taken[path.stem] == path else str(path) for path in paths]
    rows = [(name, *describe(path), path) for name, path in zip(names, paths, strict=True)]
    if options.json:
        import json

        keys = ("name", "title", "shape", "path")
        objects = [(*texts, str(path)) for *texts, path in rows]
        print(json.dumps([dict(zip(keys, each, strict=True)) for each in objects], indent=2))
        return FINE
    longest = max((len(name) for name in names), default=0)
    shapes = max((len(shape) for _, _, shape, _ in rows), default=0)
    for name, title, shape, _ in rows:
        print(printable(f"{name:<{longest}}  {shape:<{shapes}}  {title}"))
    return FINE


def _show(options: argparse.Namespace) -> int:
    from nnhs_tui.core.library import find

    path = find(options.scenario)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a UTF-8 text"
        raise ScenarioError(
            (Fault(printable(options.scenario), "", str(reason), "expected a scenario file"),)
        ) from error
    sys.stdout.write("".join(map(_harmless, text)))
    return FINE


def _harmless(character: str) -> str:
    """A character of a file as it is, unless it would command a terminal."""
    is_command = not character.isprintable() and character not in "\n\t\xa0"
    return printable(character) if is_command else character


def _validate(options: argparse.Namespace) -> int:
    from nnhs_tui.core.rounds import check_first_round
    from nnhs_tui.core.scenario import load

    code = FINE
    for name in options.files:
        try:
            check_first_round(load(name))
        except ComputationError as error:
            _complain(str(_in_file(name, error)))
            code = BAD_INPUT
        except ScenarioError as error:
            for line in str(error).splitlines():
                _complain(line)
            code = BAD_INPUT
    return code


def _trace(options: argparse.Namespace) -> int:
    from nnhs_tui.present.trace import trace_json, trace_text

    session = _session(options)
    rounds = options.rounds or session.scenario.rounds
    level = options.level or session.scenario.level
    try:
        session.run.round(rounds - 1)
    except ComputationError as error:
        raise _in_file(options.scenario, error) from error
    if options.json:
        import json

        traced = trace_json(session, level, rounds)
        json.dump(traced, sys.stdout, ensure_ascii=not _is_utf8(sys.stdout), allow_nan=False)
        print()
    else:
        for line in trace_text(session, level, rounds):
            print(line)
    return FINE


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower() in ("utf-8", "utf8")


def _worksheet(options: argparse.Namespace) -> int:
    if options.count is not None and options.output is None:
        raise UsageError("--count needs --output FOLDER; see nnhs-tui worksheet --help")
    from nnhs_tui.present.worksheet.orders import Order, seeds

    scenario = _load(options.scenario)
    numbers = (options.arithmetic, options.digits)
    order = Order(options.format, options.level, options.phase, *numbers, key=options.key)
    try:
        if options.output is None:
            text = order.text(scenario, options.seed)
            if options.format == "html" and not _is_utf8(sys.stdout):
                text = text.encode("ascii", "xmlcharrefreplace").decode()
            sys.stdout.write(text)
            return FINE
        which = seeds(options.seed, options.count)
        for path in order.write(scenario, Path(options.output), which):
            print(printable(str(path)))
    except ComputationError as error:
        raise _in_file(options.scenario, error) from error
    return FINE


def _resume(options: argparse.Namespace) -> int:
    from nnhs_tui.core.selftest.log import unfinished
    from nnhs_tui.core.selftest.opening import resume

    if options.list:
        for path, setting in unfinished():
            seed = "" if setting.seed is None else f", seed {setting.seed}"
            print(printable(f"{setting.name}{seed}  {path}"))
        return FINE
    if not has_terminal():
        raise UsageError("a self-test needs a terminal; --list lists those that were left")
    opened = resume(options.scenario or "")
    from nnhs_tui.ui.app import run_selftest

    return run_selftest(opened)


def _check(options: argparse.Namespace) -> int:
    from nnhs_tui.check_command import check

    scenario = _load(options.scenario)
    try:
        return check(options, scenario, _complain, ascii_only=not _is_utf8(sys.stdout))
    except ComputationError as error:
        raise _in_file(options.scenario, error) from error


def _gradcheck(options: argparse.Namespace) -> int:
    from nnhs_tui.core.gradcheck import DISAGREES, KINK, gradcheck

    scenario = _load(options.scenario)
    try:
        checks = list(gradcheck(scenario))
    except ComputationError as error:
        raise _in_file(options.scenario, error) from error
    width = max((len(check.name) for check in checks), default=0)
    for check in checks:
        print(
            f"{printable(check.name):<{width}}  {check.analytic: .9f}  {check.numeric: .9f}  "
            f"{check.difference:.1e}  {check.verdict}"
        )
    wrong = [check for check in checks if check.verdict == DISAGREES]
    kinks = sum(check.verdict == KINK for check in checks)
    checked = len(checks) - kinks
    told = f"{checked - len(wrong)} of {checked} gradients agree with central differences"
    print(told + (f"; {kinks} are at a place without a derivative" if kinks else ""))
    return NOT_RIGHT if wrong else FINE


ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "pick": _pick,
    "run": _run,
    "list": _list,
    "show": _show,
    "validate": _validate,
    "trace": _trace,
    "worksheet": _worksheet,
    "check": _check,
    "resume": _resume,
    "gradcheck": _gradcheck,
    "keys": _keys,
}
