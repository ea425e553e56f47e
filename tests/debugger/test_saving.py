"""Saving edits: the saved file is the same calculation, and nothing else is touched."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger import saving
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.scenario.in_line import in_line
from nnhs_tui.scenario.library import find, own_folder, scenario_paths, shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.random_scenarios import scenarios

DRAWN = """
title = "drawn at random"
[network]
inputs = 2
[[network.layers]]
name = "h"
neurons = 3
init = { kind = "xavier", seed = 4, bias = true }  # a remark
activation = "tanh"
[[network.layers]]
name = "o"
neurons = 1
[loss]
kind = "mse"
[[samples]]
x = [1, 2]
t = [0.5]
"""


def session_at(folder: Path, text: str, arithmetic: str = "exact") -> Session:
    path = folder / "first.toml"
    path.write_text(text, encoding="utf-8")
    return Session(load(path), arithmetic=arithmetic)


def assert_same(saved: Path, session: Session) -> None:
    """The saved file begins with the very numbers of the round in work, and goes on like it."""
    number = session.round
    again = Session(load(saved), arithmetic=session.arithmetic_name, digits=session.digits)
    for sample in range(session.schedule.samples):
        mine, theirs = again.run.record(0, sample), session.run.record(number, sample)
        assert mine.value.tolist() == theirs.value.tolist()
        assert mine.gradient.tolist() == theirs.gradient.tolist()
    assert again.run.round(0).after.tolist() == session.run.round(number).after.tolist()


def edit_something(session: Session, random: Random) -> None:
    """An edit of an input, target, parameter or the learning rate."""
    tape = session.tape
    nodes = [*range(tape.parameters), *tape.x, *tape.t]
    names = [session.names.name(node) for node in nodes] + ["learning_rate"] * 2
    prefix = f"sample {random.randint(1, session.schedule.samples)}: "
    name = random.choice(names)
    is_sample_s = name not in names[: tape.parameters] and name != "learning_rate"
    value = random.choice(["2", "0.7", "-1.25", "1/3", "1e-3", "0"])
    session.execute(f"edit {prefix * is_sample_s}{name} {value.lstrip('-')}")


@settings(max_examples=examples(80))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.integers(0, 2**32), st.integers(0, 2))
def test_what_is_saved_is_the_same_calculation(
    text: str, arithmetic: str, seed: int, rounds: int
) -> None:
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        try:
            session = session_at(Path(folder), text, arithmetic)
        except ComputationError:
            # Rounded, an output of a cross-entropy may be 0.
            assume(False)
        for _ in range(random.randint(0, 3)):
            edit_something(session, random)
        if rounds and session.tape.parameters:
            session.execute(f"train {rounds}")
            edit_something(session, random)
        outcome = session.execute(f"save {folder}/second.toml")
        assert outcome.kind == UNCHANGED, outcome.message
        assert_same(Path(folder, "second.toml"), session)
        assert sorted(os.listdir(folder)) == ["first.toml", "second.toml"]


@pytest.mark.parametrize("path", scenario_paths(), ids=lambda path: path.stem)
def test_of_a_shipped_file_only_the_numbers_and_the_title_change(
    path: Path, tmp_path: Path
) -> None:
    session = Session(load(path))
    name = session.names.name(session.tape.x[0])
    session.execute(f"edit {name} 0.375")
    session.execute(f"save {tmp_path}/mine.toml")
    old = in_line(session.scenario, session.run.arithmetic).splitlines()
    new = (tmp_path / "mine.toml").read_text(encoding="utf-8").splitlines()
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == 2
    assert changed[0][1].startswith(changed[0][0].removesuffix('"') + "; what if ")
    assert changed[0][1].endswith(f'{name} = 0.375"')
    assert changed[1][0].split("#")[1:] == changed[1][1].split("#")[1:]
    assert "0.375" in changed[1][1]
    assert_same(tmp_path / "mine.toml", session)


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_weights_drawn_at_random_become_numbers(tmp_path: Path, arithmetic: str) -> None:
    session = session_at(tmp_path, DRAWN.replace(", bias = true", ""), arithmetic)
    session.execute("edit h.W[2,3] 0.5")
    assert session.execute(f"save {tmp_path}/second.toml").kind == UNCHANGED
    text = (tmp_path / "second.toml").read_text(encoding="utf-8")
    assert text.count("neurons") == 1 and "init" not in text
    assert_same(tmp_path / "second.toml", session)


def test_a_learning_rate_that_was_left_out_is_put_in(tmp_path: Path) -> None:
    session = session_at(tmp_path, DRAWN.replace(", bias = true", ""))
    session.execute("edit lr 0.3")
    session.execute(f"save {tmp_path}/second.toml")
    assert load(tmp_path / "second.toml").learning_rate * 10 == 3
    assert_same(tmp_path / "second.toml", session)


def three() -> Session:
    session = Session(load(shipped_folder() / "three-samples.toml"))
    session.execute("edit hidden.W[1,2] 0.7")
    return session


def test_a_bare_name_is_one_of_the_user_s_own_scenarios() -> None:
    outcome = three().execute("save my net")
    assert outcome.kind == UNCHANGED and "nnhs-tui run 'my net'" in outcome.message
    path = own_folder() / "my net.toml"
    assert find("my net") == path and path in scenario_paths()
    assert load(path).title.endswith("what if hidden.W[1,2] = 0.7")
    path.unlink()


def test_the_title_names_two_edits_and_counts_the_others(tmp_path: Path) -> None:
    session = three()
    endings = (
        "hidden.W[1,2] = 0.7, hidden.W[1,1] = 2",
        "hidden.W[1,2] = 0.7, hidden.W[1,1] = 2 and 1 more",
    )
    for edit, ending in zip(("hidden.W[1,1] 2", "learning_rate 0.3"), endings, strict=True):
        session.execute(f"edit {edit}")
        assert session.execute(f"save! {tmp_path}/a.toml").kind == UNCHANGED
        assert load(tmp_path / "a.toml").title.endswith(f"; what if {ending}")


def test_a_file_that_is_there_stays_unless_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    session = three()
    outcome = session.execute(f"save {path}")
    assert outcome.kind == REFUSED and "save!" in outcome.message
    assert path.read_text(encoding="utf-8") == "old"
    assert session.execute(f"save! {path}").kind == UNCHANGED
    assert_same(path, session)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text("old", encoding="utf-8")
    (tmp_path / "link.toml").symlink_to(tmp_path / "real.toml")
    assert three().execute(f"save! {tmp_path}/link.toml").kind == UNCHANGED
    assert (tmp_path / "link.toml").is_symlink()
    assert load(tmp_path / "real.toml").title.startswith("Three samples")


@pytest.mark.parametrize(
    "name, word",
    [
        ("three-samples", "another name"),
        (str(shipped_folder() / "three-samples.toml"), "another name"),
        ("no/such/folder/a.toml", "no such folder"),
        ("folder/a", "ends in .toml"),
        (".toml", "ends in .toml"),
        (".hidden", "begins with"),
        ("a\x1b[31m", "no file"),
        ("x" * 1500, "no file"),
    ],
)
def test_what_no_scenario_can_be_called(name: str, word: str) -> None:
    before = sorted(shipped_folder().iterdir())
    for command in ("save", "save!"):
        outcome = three().execute(f"{command} {name}")
        assert outcome.kind == REFUSED and word in outcome.message
    assert sorted(shipped_folder().iterdir()) == before


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    assert "folder" in three().execute(f"save! {tmp_path}/a.toml").message


def test_without_an_edit_it_is_a_copy(tmp_path: Path) -> None:
    path = shipped_folder() / "three-samples.toml"
    session = Session(load(path))
    assert "no edit" in session.execute(f"save {tmp_path}/copy.toml").message
    assert (tmp_path / "copy.toml").read_bytes() == path.read_bytes()
    session.execute("train 2")
    assert session.execute(f"save {tmp_path}/a.toml").kind == UNCHANGED
    assert load(tmp_path / "a.toml").title.endswith("from round 3")
    assert_same(tmp_path / "a.toml", session)


def test_an_edit_of_a_later_round_is_not_in_an_earlier_one(tmp_path: Path) -> None:
    session = three()
    session.execute("train 2")
    session.execute("edit x[1] 5")
    session.execute("round 1")
    session.execute(f"save {tmp_path}/a.toml")
    assert_same(tmp_path / "a.toml", session)


def test_a_file_that_changed_meanwhile_is_not_mixed_up(tmp_path: Path) -> None:
    text = (shipped_folder() / "three-samples.toml").read_text(encoding="utf-8")
    session = session_at(tmp_path, text)
    session.execute("edit x[1] 5")
    (tmp_path / "first.toml").write_text(text.replace("1.9", "1.8"), encoding="utf-8")
    assert "has changed" in session.execute(f"save {tmp_path}/a.toml").message
    (tmp_path / "first.toml").unlink()
    assert "has changed" in session.execute(f"save {tmp_path}/a.toml").message
    assert not (tmp_path / "a.toml").exists()


@pytest.mark.parametrize("broken", ["fsync", "replace", "chmod"])
def test_a_full_disk_leaves_everything_as_it_was(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old", encoding="utf-8")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    session = three()
    monkeypatch.setattr(saving.os, broken, full)
    outcome = session.execute(f"save! {path}")
    assert outcome.kind == REFUSED and "No space left" in outcome.message
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["a.toml"]


def test_a_file_that_appears_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fsync = tmp_path / "a.toml", os.fsync

    def meanwhile(handle: int) -> None:
        fsync(handle)
        path.write_text("another's", encoding="utf-8")

    monkeypatch.setattr(saving.os, "fsync", meanwhile)
    assert three().execute(f"save {path}").kind == REFUSED
    assert path.read_text(encoding="utf-8") == "another's"
    assert os.listdir(tmp_path) == ["a.toml"]


def test_a_draft_with_other_numbers_is_never_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = (shipped_folder() / "three-samples.toml").read_text(encoding="utf-8")
    monkeypatch.setattr(saving, "text_of", lambda _session: wrong)
    with pytest.raises(Refusal, match="cannot be put into"):
        saving.save(three(), str(tmp_path / "a.toml"), over=False)
    assert not os.listdir(tmp_path)


def test_a_draft_with_another_learning_rate_is_never_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = (shipped_folder() / "three-samples.toml").read_text(encoding="utf-8")
    wrong = re.sub(r"(?m)^learning_rate = .*$", "learning_rate = 0.375", own)
    assert wrong != own
    monkeypatch.setattr(saving, "text_of", lambda _session: wrong)
    with pytest.raises(Refusal, match="cannot be put into"):
        saving.save(
            Session(load(shipped_folder() / "three-samples.toml")),
            str(tmp_path / "a.toml"),
            over=False,
        )
    assert not os.listdir(tmp_path)


def test_lines_end_as_they_did(tmp_path: Path) -> None:
    text = (shipped_folder() / "one-to-one.toml").read_text(encoding="utf-8")
    path = tmp_path / "first.toml"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    session = Session(load(path))
    assert session.execute("edit x[1] 5").kind == MOVED
    session.execute(f"save {tmp_path}/b.toml")
    saved = (tmp_path / "b.toml").read_bytes()
    assert saved.count(b"\r\n") == saved.count(b"\n") > 10


@pytest.mark.parametrize(
    "name",
    ["~nosuchuser/x.toml", "x" * 300, f"{'x' * 300}.toml", "folder/" + "y" * 300 + ".toml",
     "circle.toml", "circle.toml/a.toml"],
)  # fmt: skip
def test_a_name_the_system_cannot_bear_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "circle.toml").symlink_to(tmp_path / "circle.toml")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    for command in ("save", "save!"):
        outcome = three().execute(f"{command} {name}")
        assert outcome.kind == REFUSED and "no file can be called" in outcome.message
    assert sorted(os.listdir(tmp_path)) == ["circle.toml", "folder"]
    assert os.listdir(tmp_path / "folder") == []


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_over_the_open_file_the_session_begins_with_what_it_says(
    arithmetic: str, tmp_path: Path
) -> None:
    text = (shipped_folder() / "three-samples.toml").read_text(encoding="utf-8")
    session = session_at(tmp_path, text)
    for command in ("train 3", f"arithmetic {arithmetic}", "break hidden.z[1]", "watch loss"):
        session.execute(command)
    for command in ("edit hidden.W[1,2] 0.5", "notation neurons", "goto hidden.a[2]"):
        session.execute(command)
    before, step = session.scene().record.value.tolist(), session.index
    outcome = session.execute(f"save! {tmp_path}/../{tmp_path.name}/first.toml")
    assert outcome.kind == MOVED and "round 1" in outcome.message
    assert (session.round, session.rounds, session.edits, session.index) == (0, 1, (), step)
    assert (session.arithmetic_name, session.view.notation) == (arithmetic, "neurons")
    assert len(session.watches) == len(session.breakpoints.all) == 1
    assert session.scenario == load(tmp_path / "first.toml")
    assert session.scene().record.value.tolist() == before
    assert session.execute("continue").kind == MOVED
    assert session.execute("reset").kind == MOVED and session.run.round(0)


def test_the_open_file_saved_as_it_is_leaves_the_rounds(tmp_path: Path) -> None:
    text = (shipped_folder() / "three-samples.toml").read_text(encoding="utf-8")
    session = session_at(tmp_path, text)
    session.execute("train 3")
    session.execute("round 1")
    session.execute(f"save! {tmp_path}/first.toml")
    assert session.rounds == 4


MATRICES = """
title = "matrices"
[graph]
inputs = { X = [[1.0, 2.0], [0.5, -1.0]], v = [1.5] }
parameters = { W = [[0.5], [-0.3]], b = [0.1, 0.2], c = [[0.3]] }
[graph.nodes]
L = "sum(X @ W + b) * c + v"
[[samples]]
[[samples]]
X = [[0.0, 1.0], [1.0, 0.0]]
"""


def test_entries_of_matrices_are_put_into_their_places(tmp_path: Path) -> None:
    session = session_at(tmp_path, MATRICES)
    session.execute("edit W[2,1] 0.25")
    session.execute("edit b[2] -0.5")
    session.execute("edit c 0.75")
    session.execute("edit sample 1: X[2,1] 4")
    target = tmp_path / "saved.toml"
    saving.save(session, str(target), over=False)
    assert_same(target, session)
    text = target.read_text(encoding="utf-8")
    assert "W = [[0.5], [0.25]], b = [0.1, -0.5], c = [[0.75]]" in text
    session.execute("last")
    session.execute("apply")
    saving.save(session, str(target), over=True)
    assert_same(target, session)
