"""`nnhs-tui worksheet` from outside: texts, files, and what is refused."""

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from tests.cli.test_cli import FILES, PROGRAM, started
from tests.cli.test_cli import run as run_program

NET = "two-layer-sigmoid"
FREE = (
    'title = "<script>&[b] \\u001b[31m"\n[network]\ninputs = 1\n[[network.layers]]\n'
    "weights = [[0.5]]\n[[samples]]\nx = [1.5]\n"
)


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process: a fresh one would take most of the time."""

    def run_here(folder: Path, *arguments: str) -> Done:
        monkeypatch.chdir(folder)
        code = main(arguments)
        told = capsys.readouterr()
        assert "\x1b" not in told.out + told.err
        assert all(line.startswith("nnhs-tui: ") for line in told.err.splitlines())
        return Done(code, told.out, told.err)

    return run_here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("net", "graph", "broken", "overflow", "hand"):
        (tmp_path / f"{name}.toml").write_text(FILES[name], encoding="utf-8")
    (tmp_path / "free.toml").write_text(FREE, encoding="utf-8")
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_sheet_goes_to_standard_output(folder: Path) -> None:
    done = run_program(folder, "worksheet", NET)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# Two layers with sigmoid (3→2→1)\n")
    assert "Give 2 decimals; round half away from zero (0.285 → 0.29)" in done.out
    assert "-0.75" not in done.out
    key = run_program(folder, "worksheet", NET, "--key")
    assert "**-0.75**" in key.out and "0.07 · " not in key.out


@pytest.mark.parametrize(
    ("ending", "start"),
    [
        ("md", "# Zwei Schichten – σ"),
        ("csv", "quantity,answer\n"),
        ("tex", "\\documentclass"),
        ("html", "<!DOCTYPE html>\n"),
    ],
)
def test_formats(run: Run, folder: Path, ending: str, start: str) -> None:
    for name in ("net.toml", "graph.toml", "free.toml"):
        done = run(folder, "worksheet", name, "--format", ending, "--level", "node", "--key")
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(start) or name != "net.toml"


def test_html_is_readable_whatever_the_encoding_of_the_output(folder: Path) -> None:
    arguments = ("worksheet", "net.toml", "--format", "html")
    environment = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    done = started(folder, *PROGRAM, *arguments, encoding="latin-1", **environment)
    assert (done.code, done.err) == (0, "")
    assert done.out.isascii() and "<h1>Zwei Schichten &#8211; &#963;</h1>" in done.out


def test_answers_of_the_command_line_are_those_of_the_trace(run: Run, folder: Path) -> None:
    rows = csv.DictReader(
        io.StringIO(run(folder, "worksheet", NET, "--format", "csv", "--key").out)
    )
    trace = run(folder, "trace", NET).out
    for row in rows:
        line = next(each for each in trace.splitlines() if f"  {row['quantity']}  " in each)
        assert line.endswith(f" {row['answer']}") or f" {row['answer']}    sum" in line


def test_digits_arithmetic_and_phases_are_heard(run: Run, folder: Path) -> None:
    arguments = ("worksheet", NET, "--format", "csv", "--key")
    arguments = (*arguments, "--arithmetic", "exact")
    exact = run(folder, *arguments).out
    by_hand = run(folder, *arguments[:-1], "hand").out
    assert exact != by_hand and exact.count("\n") == by_hand.count("\n")
    assert "hidden.a[1],0.3208" in run(folder, *arguments, "--digits", "4").out
    two = run(folder, *arguments, "--phase", "update", "--phase", "forward").out
    assert "hidden.z[1]" in two and "grad" not in two and "new" in two
    assert two.index("hidden.z[1]") < two.index("new ")
    assert "hidden.p[1,1]" not in exact
    assert "hidden.p[1,1]" in run(folder, *arguments, "--level", "node").out


def test_a_seed_says_which_numbers(run: Run, folder: Path) -> None:
    own, seven, again, eight = (
        run(folder, "worksheet", NET, *more).out
        for more in ((), ("--seed", "7"), ("--seed", "7"), ("--seed", "8"))
    )
    assert seven == again and len({own, seven, eight}) == 3
    assert seven.startswith("# Two layers with sigmoid (3→2→1), seed 7\n")
    table = run(folder, "worksheet", NET, "--seed", "7", "--format", "csv").out
    assert table.startswith("quantity,answer,worksheet-seed\nhidden.z[1],,7\n")


def test_a_class_set_is_written_with_its_keys(run: Run, folder: Path) -> None:
    arguments = ("worksheet", "net.toml", "--count", "3", "--seed", "7", "--output", "set/a")
    done = run(folder, *arguments, "--key")
    assert (done.code, done.err) == (0, "")
    expected = [f"net-seed-{k}{end}.md" for k in (7, 8, 9) for end in ("", "-key")]
    assert names(folder / "set" / "a") == sorted(expected)
    assert done.out.splitlines() == [os.path.join("set", "a", name) for name in expected]
    for k in (7, 8, 9):
        for end, more in (("", ()), ("-key", ("--key",))):
            text = (folder / f"set/a/net-seed-{k}{end}.md").read_text(encoding="utf-8")
            assert text == run(folder, "worksheet", "net.toml", "--seed", str(k), *more).out


def test_a_set_begins_with_seed_1_and_has_keys_only_where_asked(run: Run, folder: Path) -> None:
    done = run(folder, "worksheet", NET, "--count", "2", "--output", ".", "--format", "csv")
    assert done.out.splitlines() == [f"{NET}-seed-1.csv", f"{NET}-seed-2.csv"]


def test_one_sheet_and_its_key_in_a_folder(run: Run, folder: Path) -> None:
    done = run(folder, "worksheet", "net.toml", "--key", "--format", "html", "--output", "new")
    assert (done.code, names(folder / "new")) == (0, ["net-key.html", "net.html"])


def test_files_that_are_there_are_never_overwritten(run: Run, folder: Path) -> None:
    target = folder / "set"
    target.mkdir()
    (target / "net-seed-3-key.md").write_text("mine", encoding="utf-8")
    done = run(folder, "worksheet", "net.toml", "--count", "4", "--key", "--output", "set")
    assert (done.code, done.out) == (2, "")
    place = os.path.join("set", "net-seed-3-key.md")
    assert done.err == f"nnhs-tui: {place} is there already; choose another --output\n"
    assert names(target) == ["net-seed-3-key.md"]
    assert (target / "net-seed-3-key.md").read_text(encoding="utf-8") == "mine"


def test_a_dangling_link_is_a_file_that_is_there(run: Run, folder: Path) -> None:
    (folder / "net-seed-2.md").symlink_to(folder / "elsewhere.md")
    before = names(folder)
    assert run(folder, "worksheet", "net.toml", "--count", "2", "--output", ".").code == 2
    assert names(folder) == before
    assert not (folder / "elsewhere.md").exists()


def test_no_half_written_files_are_left(run: Run, folder: Path) -> None:
    text = (
        FILES["hand"].replace("0.004", "0.0004").replace("[graph]", 'arithmetic = "hand"\n[graph]')
    )
    (folder / "hand.toml").write_text(text, encoding="utf-8")
    done = run(folder, "worksheet", "hand.toml", "--count", "2", "--output", "set")
    assert done.code == 2 and "seed 1: with none of 100 sets of new numbers" in done.err
    assert names(folder / "set") == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["worksheet"], "SCENARIO"),
        (["worksheet", NET, "--count", "3"], "--count needs --output FOLDER"),
        (["worksheet", NET, "--count", "1", "--output", "x"], "expected 2 to 1000"),
        (["worksheet", NET, "--count", "1001", "--output", "x"], "expected 2 to 1000"),
        (["worksheet", NET, "--seed", "-1"], "expected a whole number"),
        (["worksheet", NET, "--format", "pdf"], "invalid choice"),
        (["worksheet", NET, "--phase", "sideways"], "invalid choice"),
        (["worksheet", NET, "--digits", "7"], "expected 0 to 6"),
        (["worksheet", "two-layer-sigmoit"], "did you mean two-layer-sigmoid?"),
        (["worksheet", "broken.toml"], "unknown key"),
        (["worksheet", "overflow.toml"], "overflow.toml: B: "),
        (["worksheet", "hand.toml", "--arithmetic", "hand"], "hand.toml: b: "),
        (["worksheet", "overflow.toml", "--phase", "update"], "nothing to ask in the phase update"),
        (["worksheet", NET, "--output", "net.toml"], "net.toml is no folder"),
        (["worksheet", NET, "--output", "net.toml/x"], "cannot be written: "),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_what_is_refused(run: Run, folder: Path, arguments: list[str], told: str) -> None:
    before = names(folder)
    done = run(folder, *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1 or "broken.toml" in arguments
    assert names(folder) == before


def test_a_title_commands_nothing(run: Run, folder: Path) -> None:
    for ending in ("md", "tex", "html"):
        out = run(folder, "worksheet", "free.toml", "--format", ending).out
        assert "\x1b" not in out and "<script>" not in out


def test_a_wide_net_is_refused_or_written_but_never_hangs(run: Run, folder: Path) -> None:
    text = 'title = "wide"\n[network]\ninputs = 784\n[[network.layers]]\nneurons = 10\n'
    text += f"[[samples]]\nx = [{', '.join(['0.5'] * 784)}]\n"
    (folder / "wide.toml").write_text(text, encoding="utf-8")
    done = run(folder, "worksheet", "wide.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("more than 5,000 blanks; choose a smaller net or --phase\n")
    forward = run(folder, "worksheet", "wide.toml", "--phase", "forward", "--seed", "2")
    assert forward.code == 0 and forward.out.count("________ |") == 10
