"""Memory: one budget for all rounds, and a refusal instead of the end where it is used up."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.nets import net
from nnhs_tui.autodiff import memory
from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.memory import Budget
from nnhs_tui.debugger.outcome import MOVED, REFUSED
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import OutOfMemory
from nnhs_tui.operations.arithmetic import Exact, Hand
from nnhs_tui.training.branches import Branches
from nnhs_tui.training.round import Round
from nnhs_tui.training.rounds import Run

ROW = 8 * (40 * 15 + 15 + 1)
"""Bytes of a round of 40→15."""


def small(monkeypatch: pytest.MonkeyPatch, limit: int, arithmetic: str = "exact") -> Session:
    """A session whose rounds may take so many bytes."""
    monkeypatch.setattr(memory, "UNLIMITED", limit)
    return Session(net((40, 15)), arithmetic=arithmetic)


def too_large() -> MemoryError:
    """NumPy's own."""
    try:
        np.empty(2**60, np.uint8)
    except MemoryError as error:
        return error
    raise AssertionError


def budget_of(session: Session) -> Budget:
    return session.run.budget


def test_arrays_count_as_long_as_they_live() -> None:
    budget = Budget(1000)
    first = budget.array((10, 10), float)
    view = first[3]
    assert budget.used == 800
    with pytest.raises(MemoryError, match="would take more than 1 MiB"):
        budget.array((30,), float)
    del first
    assert budget.used == 800
    del view
    assert budget.used == 0
    with pytest.raises(OutOfMemory):
        budget.array((100,), object)


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_a_training_stops_at_the_budget_and_everything_goes_on(
    arithmetic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 60 * ROW
    session = small(monkeypatch, limit, arithmetic)
    outcome = session.execute("train 100000")
    assert outcome.kind == MOVED and session.round > 40
    assert "would take more than" in outcome.message and "before it stay" in outcome.message
    reached, loss = session.round, session.run.loss(0)
    assert budget_of(session).used <= limit
    assert session.execute("train 5").kind == REFUSED
    assert session.execute("edit x[1] 3").kind == MOVED
    outcome = session.execute("train 2000")
    assert "would take more than" in outcome.message
    assert budget_of(session).used <= limit
    assert session.execute("goto 30").kind == MOVED
    assert session.execute("next").kind == MOVED
    assert session.execute("undo").kind == MOVED
    assert session.execute("round 1").kind == MOVED and session.run.loss(0) == loss
    assert len(session.run) > reached
    assert session.execute("reset").kind == MOVED and budget_of(session).used <= 4 * 2**14
    assert session.execute("train 10").kind == MOVED and session.round == 10


def test_the_rounds_before_an_edit_are_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    session = small(monkeypatch, 10**9)
    session.execute("train 300")
    before = budget_of(session).used
    for number in range(5):
        session.execute(f"edit x[{number + 1}] 3")
    assert budget_of(session).used - before <= 5 * 2 * 2**14


def test_branches_that_are_not_in_use_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    session = small(monkeypatch, 100 * ROW)
    session.execute("train 60")
    session.execute("round 1")
    session.execute("arithmetic hand")
    outcome = session.execute("train 60")
    assert outcome.kind == MOVED and session.round == 60
    assert session.execute("arithmetic exact").kind == REFUSED
    session.execute("round 10")
    assert session.execute("arithmetic exact").kind == MOVED
    assert session.round == 9


def test_a_branch_there_is_no_room_for_is_refused_and_nothing_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = small(monkeypatch, 60 * ROW)
    session.execute("train 100")
    before = (session.branch, session.cursor, session.rounds)
    outcome = session.execute("arithmetic hand")
    assert outcome.kind == REFUSED and "would take more than" in outcome.message
    assert (session.branch, session.cursor, session.rounds) == before
    assert session.execute("apply").kind == MOVED


@pytest.mark.parametrize("error", [MemoryError(), too_large()])
def test_a_memory_error_anywhere_is_a_refusal(
    error: MemoryError, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = small(monkeypatch, 10**6)

    def fails(*_arguments: object) -> None:
        raise error

    for command, name in (("train 3", "extend"), ("apply", "round"), ("edit x[1] 2", "fork")):
        with monkeypatch.context() as patch:
            patch.setattr(type(session.run), name, fails)
            outcome = session.execute(command)
        assert outcome.kind == REFUSED and "not enough memory" in outcome.message, command
        assert (session.round, session.edits) == (0, ())
    assert session.execute("train 3").kind == MOVED


def test_a_run_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    tape = compile_tape(net((40, 15)))
    needed = memory.working_bytes(tape, Exact())
    assert memory.working_bytes(tape, Hand(2)) > 10 * needed
    monkeypatch.setattr(memory, "room", lambda: needed)
    memory.check_room(tape, Exact())
    with pytest.raises(OutOfMemory, match="by hand, and"):
        memory.check_room(tape, Hand(2))
    monkeypatch.setattr(memory, "room", lambda: needed - 1)
    with pytest.raises(OutOfMemory, match="expected a smaller net"):
        Session(net((40, 15)))


def test_a_session_that_is_left_gives_everything_back_at_once() -> None:
    """Not when the collector finds it: what lived when the program had started it never does."""
    import gc

    session = Session(net((40, 15)))
    for command in ("train 30", "edit x[1] 2", "train 5", "arithmetic hand"):
        session.execute(command)
    budget = budget_of(session)
    gc.collect()
    gc.disable()
    try:
        del session
        assert budget.used == 0
    finally:
        gc.enable()


def test_all_branches_have_one_budget() -> None:
    session = Session(net((4, 3)))
    for command in ("edit x[1] 2", "arithmetic hand", "edit x[2] 2"):
        session.execute(command)
    runs: Branches = session.runs
    assert {id(run.budget) for run in runs._runs.values()} == {id(budget_of(session))}


LIMITED = """
import resource, sys
kind = getattr(resource, sys.argv[1])
from nnhs_tui.scenario.loading import load
from nnhs_tui.debugger.session import Session
scenario = load(sys.argv[2])
size = int(open("/proc/self/statm").read().split()[0 if kind == resource.RLIMIT_AS else 5])
limit = size * resource.getpagesize() + (int(sys.argv[3]) << 20)
resource.setrlimit(kind, (limit, limit))
session = Session(scenario, arithmetic=sys.argv[4])
for command in sys.argv[5:]:
    outcome = session.execute(command)
    print(outcome.kind, session.round, outcome.message)
    assert session.scene().record.value.size
"""

needs_limits = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")


def middling(folder: Path, width: int) -> Path:
    """A net of width² + 11 width + 10 parameters."""
    path = folder / "middling.toml"
    numbers = ", ".join(["0.1"] * width)
    path.write_text(
        f'title = "middling"\n[network]\ninputs = {width}\n[[network.layers]]\nneurons = {width}\n'
        'activation = "tanh"\n[[network.layers]]\nneurons = 10\n[loss]\nkind = "mse"\n'
        "[training]\nlearning_rate = 0.001\n"
        f"[[samples]]\nx = [{numbers}]\nt = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]\n",
        encoding="utf-8",
    )
    return path


@needs_limits
@pytest.mark.slow
@pytest.mark.parametrize(
    "limit, arithmetic, width, spare",
    [
        ("RLIMIT_AS", "exact", 200, 60),
        ("RLIMIT_DATA", "exact", 200, 60),
        ("RLIMIT_DATA", "hand", 100, 35),
    ],
)
def test_under_a_limit_of_the_process_the_refusal_comes_first(
    limit: str, arithmetic: str, width: int, spare: int, tmp_path: Path
) -> None:
    commands = ["edit x[1] 3", "train 100000", "goto 500", "next", "undo", "next"]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, limit, middling(tmp_path, width), str(spare), arithmetic,
         *commands],
        capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["moved"] * 6
    assert "would take more than" in lines[1] and int(lines[1].split()[1]) > 5


def test_records_and_rounds_walked_make_room_for_the_next_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = small(monkeypatch, 10**6)
    session.execute("train 3")
    run, made = session.run, type(session.run)._made
    for number in range(3):
        run.round(number)

    def fails_while_something_is_kept(self: Run, number: int, *, keep: bool) -> Round:
        if self._records:
            raise MemoryError
        return made(self, number, keep=keep)

    monkeypatch.setattr(Run, "_made", fails_while_something_is_kept)
    assert run.record(0, 0).value.size
    run.extend()
    run.extend()
    assert len(run) == 6


@needs_limits
@pytest.mark.slow
@pytest.mark.parametrize("command", ["validate", "trace", "gradcheck"])
@pytest.mark.parametrize("mib", [40, 120, 300])
def test_a_command_under_a_limit_says_so_in_one_line(
    command: str, mib: int, tmp_path: Path
) -> None:
    """Of 2 million parameters there is no room for the numbers, or not even for NumPy."""
    path = tmp_path / "largest.toml"
    path.write_text(
        'title = "largest"\n[network]\ninputs = 1000\n[[network.layers]]\nneurons = 1995\n'
        f"[[samples]]\nx = [{', '.join(['0.1'] * 1000)}]\nupstream = [{', '.join(['1'] * 1995)}]\n",
        encoding="utf-8",
    )
    limit = mib * 2**20
    done = subprocess.run(
        [sys.executable, "-m", "nnhs_tui", command, path],
        capture_output=True, encoding="utf-8", timeout=120, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"nnhs-tui: {path}: ") and done.stderr.count("\n") == 1
