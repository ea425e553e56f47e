"""The fuzz itself: it finds what is planted, makes it small, saves it, and repeats."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from random import Random

import pytest

from fuzz import guard
from fuzz.__main__ import TARGETS, target_of
from fuzz.command_line import UNSAFE, Ran, run, sound
from fuzz.corpus import FOLDER
from fuzz.guard import tried
from fuzz.minimise import minimised
from fuzz.mutate import CHANGES, LARGEST, mutated
from fuzz.run import Tally, _try_next, case_of, fuzzed, table, told
from fuzz.target import Fault, Target
from nnhs_tui.cli import printing
from nnhs_tui.debugger.outcome import REFUSED, Outcome
from nnhs_tui.debugger.session import Session

ROOT = Path(__file__).resolve().parents[2]


class Planted(Target):
    """Fails wherever a line begins with b and another holds a 7."""

    name, ending = "planted", ".txt"

    def aspects(self) -> tuple[str, ...]:
        return ("only",)

    def check(self, data: bytes, aspect: str) -> None:
        has_b = any(line.startswith(b"b") for line in data.splitlines())
        if has_b and b"7" in data:
            raise ZeroDivisionError("planted")

    @property
    def seeds(self) -> list[bytes]:
        return [b"a 1\nb 2\nc 3\n", b"a 7\nd 4\n"]


class Doing(Target):
    """Does what it is given."""

    def __init__(self, action: object, seconds: float = 60.0) -> None:
        self.action, self.seconds = action, seconds

    def check(self, data: bytes, aspect: str) -> None:
        self.action()  # type: ignore[operator]


def test_a_planted_fault_is_found_made_small_and_saved(tmp_path: Path) -> None:
    tally = Tally(Planted())
    while not tally.failures:
        _try_next(tally, 1, tmp_path)
    (failure,) = tally.failures.values()
    assert failure.path is not None and failure.path.parent == tmp_path / "planted"
    assert sorted(failure.path.read_bytes()) in (sorted(b"b7"), sorted(b"b\n7"))
    assert "ZeroDivisionError" in failure.path.with_suffix(".seen").read_text("utf-8")
    assert f"python -m fuzz planted --repeat {failure.path}" in told(failure)
    _try_next(tally, 1, tmp_path)
    assert len(list((tmp_path / "planted").iterdir())) == 2, "saved once a kind"


def test_each_target_has_its_turn(tmp_path: Path) -> None:
    class Good(Planted):
        name = "good"

        def check(self, data: bytes, aspect: str) -> None:
            time.sleep(0.001)

    tallies = list(fuzzed([Good(), Good(), Planted()], 0.5, 1, tmp_path))
    assert all(each.inputs for each in tallies)
    assert [len(each.failures) for each in tallies[:2]] == [0, 0]
    assert len(list(table(tallies))) == 4


@pytest.mark.slow
def test_a_run_tells_its_seed_and_what_it_found_by_its_exit_code(tmp_path: Path) -> None:
    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "fuzz", *arguments, "--save", str(tmp_path)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    done = ran("paths", "keys", "--seconds", "0", "--seed", "12")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("seed 12, 0 s\ntarget ")
    assert ran("nothing").returncode == 2
    right = FOLDER / "sheets" / "h1-twice.csv"
    assert ran("replay", "--repeat", str(right)).returncode == 0


@pytest.mark.parametrize("name", TARGETS)
def test_a_seed_makes_the_same_inputs_again(name: str) -> None:
    target, again = target_of(name), target_of(name)
    first = [case_of(target, 5, number) for number in range(20)]
    assert first == [case_of(again, 5, number) for number in range(20)]
    assert first != [case_of(target, 6, number) for number in range(20)]
    assert len({case.data for case in first}) > 10


@pytest.mark.parametrize("form", CHANGES)
def test_changes_change_and_stay_small(form: str) -> None:
    pool = [b'title = "t"\nx = [1, 2.5]\n[a]\nb = "c"\n', b"quantity,answer\nx,1\n"]
    made = [mutated(Random(seed), pool, form) for seed in range(300)]
    assert len(set(made) - set(pool)) > 150
    assert max(map(len, made)) <= LARGEST


def test_an_input_is_made_as_small_as_it_can_be() -> None:
    data = b"".join(b"line %d\n" % number for number in range(200))
    tries = []

    def fails(found: bytes) -> bool:
        tries.append(found)
        return b"17" in found and b"9\n" in found

    assert sorted(minimised(data, fails, 60)) in (sorted(b"179\n"), sorted(b"17\n9\n"))
    assert len(tries) < 400


def test_making_small_ends_when_its_time_is_up() -> None:
    assert minimised(b"abc", lambda data: True, 0) == b"abc"


def test_a_stall_an_exception_a_warning_an_exit_and_memory_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wait() -> None:
        while True:
            try:
                signal.pause()
            except Exception:
                continue

    def leave() -> None:
        raise SystemExit(3)

    def warn() -> None:
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)

    def take() -> None:
        b"x" * 64 * 2**20

    assert _kind(wait, 0.2) == "stall: over 0.2 s"
    assert _kind(leave).startswith("SystemExit")
    assert _kind(warn) == "RuntimeWarning: overflow"
    assert _kind(lambda: 1 // 0).startswith("ZeroDivisionError in")
    assert tried(Doing(lambda: None), b"", "") is None
    monkeypatch.setattr(guard, "MEGABYTES", 32)
    if Path("/proc/self/clear_refs").exists():
        assert _kind(take).startswith("memory")


def _kind(action: object, seconds: float = 60.0) -> str:
    found = tried(Doing(action, seconds), b"", "")
    assert found is not None
    return found.kind


@pytest.mark.parametrize("sign", "\x1b\x7f\x9b\r\u200b\u2028\u202e\u2066\ufeff")
def test_what_commands_a_terminal_is_seen(sign: str) -> None:
    assert UNSAFE.search(f"a{sign}b")
    for out, err in ((sign, ""), ("", f"nnhs-tui: f{sign}")):
        with pytest.raises(Fault, match="control character"):
            sound(Ran(("trace",), 2 if err else 0, out, err), "f")


@pytest.mark.parametrize(
    ("code", "err"),
    [
        (3, ""),
        (2, ""),
        (0, "nnhs-tui: f: x\n"),
        (2, "Traceback\n"),
        (2, "nnhs-tui: f" + "x" * 2000),
    ],
)
def test_codes_and_faults_are_held_to_the_contract(code: int, err: str) -> None:
    with pytest.raises(Fault):
        sound(Ran(("trace",), code, "", err), "f")


def test_what_is_right_is_found_right() -> None:
    sound(run("validate", "nowhere.toml"), "nowhere.toml")
    assert sound(run("trace", "chain-rule", "--json")).code == 0


def test_a_command_that_prints_half_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(options: object) -> int:
        print("half")
        print("nnhs-tui: input.toml: x; y", file=__import__("sys").stderr)
        return 2

    monkeypatch.setattr(printing, "trace", half)
    found = tried(target_of("files"), b"title = 3", "trace")
    assert found is not None and found.kind == "trace --rounds 1 prints half, then refuses"


def test_a_refusal_that_changes_something_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def execute(session: Session, command: str, **keywords: object) -> Outcome:
        session.digits += 1
        return Outcome(REFUSED, "no")

    monkeypatch.setattr(Session, "execute", execute)
    found = tried(target_of("commands"), b"next", "chain-rule")
    assert found is not None and found.kind == "a refused next changes something"


def test_a_good_sheet_marked_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from nnhs_tui.marking.sheets import marked as sheets

    target = target_of("sheets")
    assert tried(target, b"quantity,answer\nx,1\n", "chain-rule --json") is None
    monkeypatch.setattr(sheets, "sheets_of", lambda *arguments, **keywords: 1 // 0)
    assert tried(target, b"quantity,answer\nx,1\n", "chain-rule --json") is not None


@pytest.mark.slow
def test_a_program_that_a_key_ends_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is that for leaving, which this time none may be."""
    import re

    from fuzz import terminal

    assert tried(terminal.TARGET, b"n\n", "debugger") is None
    monkeypatch.setattr(terminal, "QUITTING", re.compile(rb"Z"))
    found = tried(terminal.TARGET, b"n\nq\n", "debugger")
    assert found is not None and found.kind == "it was left without a key for it"
