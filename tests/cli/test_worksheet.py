"""`nnhs-tui worksheet` from outside: texts, files, and what is refused."""

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
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
        ("csv", "quantity,answer,worksheet-asks\n"),
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
    assert table.startswith("quantity,answer,worksheet-seed,worksheet-asks\nhidden.z[1],,7,all\n")


def test_a_class_set_is_written_with_its_keys(run: Run, folder: Path) -> None:
    arguments = ("worksheet", "net.toml", "--count", "3", "--seed", "7", "--output", "set/a")
    done = run(folder, *arguments, "--key")
    assert (done.code, done.err) == (0, "")
    assert names(folder / "set" / "a") == ["keys", *(f"net-seed-{k}.md" for k in (7, 8, 9))]
    assert names(folder / "set" / "a" / "keys") == [f"net-seed-{k}-key.md" for k in (7, 8, 9)]
    expected = [f"{end}net-seed-{k}" for k in (7, 8, 9) for end in ("", "keys/")]
    told = [Path(line).relative_to("set/a").as_posix() for line in done.out.splitlines()]
    assert [each.removesuffix(".md").removesuffix("-key") for each in told] == expected
    for k in (7, 8, 9):
        for name, more in ((f"net-seed-{k}", ()), (f"keys/net-seed-{k}-key", ("--key",))):
            text = (folder / f"set/a/{name}.md").read_text(encoding="utf-8")
            assert text == run(folder, "worksheet", "net.toml", "--seed", str(k), *more).out


def test_a_set_begins_with_seed_1_and_has_keys_only_where_asked(run: Run, folder: Path) -> None:
    done = run(folder, "worksheet", NET, "--count", "2", "--output", ".", "--format", "csv")
    assert done.out.splitlines() == [f"{NET}-seed-1.csv", f"{NET}-seed-2.csv"]


def test_one_sheet_and_its_key_in_a_folder(run: Run, folder: Path) -> None:
    done = run(folder, "worksheet", "net.toml", "--key", "--format", "html", "--output", "new")
    assert (done.code, names(folder / "new")) == (0, ["keys", "net.html"])
    assert names(folder / "new" / "keys") == ["net-key.html"]


def test_files_are_in_the_order_of_their_seeds(run: Run, folder: Path) -> None:
    run(folder, "worksheet", "net.toml", "--count", "12", "--output", "set")
    assert names(folder / "set") == [f"net-seed-{k:02}.md" for k in range(1, 13)]


PUPILS = ("Ada", "Björn & Söhne", "=Cem()", "<b>Dora")


@pytest.fixture
def pupils(folder: Path) -> Path:
    path = folder / "pupils.txt"
    path.write_text("\ufeff" + "\n\n".join(PUPILS) + "\n", encoding="utf-8")
    return path


def test_a_sheet_for_each_name_with_the_name_on_it(run: Run, folder: Path, pupils: Path) -> None:
    told = {"md": "Name: &lt;b&gt;Dora", "html": "Name: &lt;b&gt;Dora", "tex": "Name: \\textless"}
    for ending, expected in told.items():
        made = ("--names", pupils.name, "--format", ending, "--key", "--output", ending)
        assert run(folder, "worksheet", NET, *made).code == 0
        for name in (f"{NET}-seed-4.{ending}", f"keys/{NET}-seed-4-key.{ending}"):
            text = (folder / ending / name).read_text(encoding="utf-8")
            assert expected in text, (ending, text[:300])
            assert "Name: ___" not in text


def test_one_file_for_the_printer(run: Run, folder: Path, pupils: Path) -> None:
    for ending, mark in (("html", '<table class="sheet">'), ("tex", r"\sheetend{end")):
        made = ("--names", pupils.name, "--format", ending, "--key", "--join", "--output", ending)
        done = run(folder, "worksheet", NET, *made)
        assert done.code == 0 and len(done.out.splitlines()) == 2
        for name in (f"{NET}-sheets.{ending}", f"keys/{NET}-keys.{ending}"):
            text = (folder / ending / name).read_text(encoding="utf-8")
            assert text.count(mark) == len(PUPILS) and "Ada" in text and "seed 4" in text
    done = run(folder, "worksheet", NET, "--names", pupils.name, "--join", "--output", "md")
    assert done.code == 2 and "sheets as md cannot be joined; expected html, tex, pdf" in done.err
    assert not (folder / "md").exists()


def test_a_name_goes_to_the_gradebook_and_is_no_formula(
    run: Run, folder: Path, pupils: Path
) -> None:
    made = ("--names", pupils.name, "--format", "csv", "--key", "--output", "csv")
    assert run(folder, "worksheet", NET, *made).code == 0
    keys = sorted((folder / "csv" / "keys").iterdir())
    with keys[2].open(encoding="utf-8") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {"'=Cem()"}
    done = run(folder, "check", NET, "csv/keys", "--grades", "grades.csv")
    assert (done.code, done.err) == (0, "")
    with (folder / "grades.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["Ada", "Björn & Söhne", "'=Cem()", "<b>Dora"]
    assert {(row["right"], row["of"]) for row in rows} == {("33", "33")}


def test_names_that_are_none_are_refused(run: Run, folder: Path) -> None:
    (folder / "empty.txt").write_text("\n \n", encoding="utf-8")
    (folder / "long.txt").write_text("Ada\n" + "a" * 81, encoding="utf-8")
    (folder / "many.txt").write_text("Ada\n" * 1001, encoding="utf-8")
    for name, told in (
        ("empty.txt", "it is empty"),
        ("long.txt", "line 2: a name of 81 characters"),
        ("many.txt", "1,001 names"),
        ("nothing.txt", "there is no such file"),
    ):
        done = run(folder, "worksheet", NET, "--names", name, "--output", "set")
        assert done.code == 2 and told in done.err and not (folder / "set").exists()


def test_a_csv_for_a_double_click(run: Run, folder: Path) -> None:
    for separator, sign, point in ((";", ";", ","), (",", ",", "."), ("tab", "\t", ".")):
        arguments = ("--format", "csv", "--key", "--separator", separator)
        out = run(folder, "worksheet", NET, *arguments).out
        assert out.startswith(f"\ufeffquantity{sign}answer{sign}worksheet-asks\n")
        rows = list(csv.reader(io.StringIO(out), delimiter=sign))
        assert rows[1][:2] == ["hidden.z[1]", f"-0{point}75"]
        (folder / "key.csv").write_text(out, encoding="utf-8")
        assert run(folder, "check", NET, "key.csv").code == 0


@pytest.mark.parametrize("form", ["md", "html", "tex"])
def test_a_row_for_each_neuron(run: Run, folder: Path, form: str) -> None:
    rows, neurons = (
        run(folder, "worksheet", NET, "--notation", each, "--format", form).out
        for each in ("rows", "neurons")
    )
    plain = run(folder, "worksheet", NET, "--format", form).out
    assert plain == rows != neurons
    if form == "md":
        assert "Z = X·W" in rows and "z = W·x" in neurons
        assert "**`1`** | 0.50 | 0.90 |" in rows
        assert "**`1`** | 0.50 | -0.80 | 1.30 |" in neurons and "(2×3)" in neurons
        assert "row j, column i of W" in neurons


def test_what_a_sheet_asks_is_chosen(run: Run, folder: Path) -> None:
    def asked(*arguments: str) -> list[str]:
        out = run(folder, "worksheet", "net.toml", "--format", "csv", *arguments).out
        return [row["quantity"] for row in csv.DictReader(io.StringIO(out))]

    every = asked("--sample", "all")
    assert asked("--ask", "new *") == [each for each in every if each.startswith("new ")]
    ones = asked("--ask", "hidden.z[1], loss", "--ask", "grad hidden.z[2]")
    bare = {each.rpartition(": ")[2] for each in ones}
    assert bare == {"hidden.z[1]", "loss", "grad hidden.z[2]"}
    assert all("sample 2" not in each for each in asked("--sample", "1"))


def test_what_is_not_asked_of_other_samples_is_given(run: Run, folder: Path) -> None:
    key = run(folder, "worksheet", "three-samples", "--sample", "1", "--key").out
    told = run(folder, "worksheet", "three-samples", "--sample", "1").out
    assert "## Samples 2 and 3 added up (given)" in told
    assert "Sample 2." not in told and "## All samples together" in told
    answers = {
        row["quantity"]: Decimal(row["answer"])
        for row in csv.DictReader(
            io.StringIO(
                run(
                    folder,
                    *("worksheet", "three-samples", "--sample", "all", "--key"),
                    *("--format", "csv"),
                ).out
            )
        )
    }
    # By hand numbers have two decimals, and so has their sum.
    part = key.partition("added up (given)")[2].partition("\n## ")[0]
    given = part.partition("`grad hidden.W`")[2].partition("**`1`** | ")[2].partition(" |")[0]
    name = "grad hidden.W[1,1]"
    both = sum(answers[f"sample {k}: {name}"] for k in (2, 3))
    assert Decimal(given) == both


def test_files_that_are_there_are_never_overwritten(run: Run, folder: Path) -> None:
    target = folder / "set"
    target.mkdir()
    (target / "net-seed-3.md").write_text("mine", encoding="utf-8")
    done = run(folder, "worksheet", "net.toml", "--count", "4", "--key", "--output", "set")
    assert (done.code, done.out) == (2, "")
    place = os.path.join("set", "net-seed-3.md")
    assert done.err == f"nnhs-tui: {place} is there already; choose another --output\n"
    assert names(target) == ["net-seed-3.md"]
    assert (target / "net-seed-3.md").read_text(encoding="utf-8") == "mine"


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
        (["worksheet", NET, "--join"], "--join needs --output FOLDER"),
        (["worksheet", NET, "--names", "x"], "--names needs --output FOLDER"),
        (["worksheet", NET, "--separator", ";"], "--separator is for --format csv"),
        (["worksheet", NET, "--sample", "2"], "there is no sample 2; there is one"),
        (["worksheet", NET, "--sample", "two"], "expected a whole number"),
        (["worksheet", NET, "--ask", "nothing"], "there is no quantity 'nothing'"),
        (["worksheet", NET, "--ask", " , "], "expected quantities"),
        (["worksheet", NET, "--count", "1", "--output", "x"], "expected 2 to 1000"),
        (["worksheet", NET, "--count", "1001", "--output", "x"], "expected 2 to 1000"),
        (["worksheet", NET, "--seed", "-1"], "expected a whole number"),
        (["worksheet", NET, "--format", "docx"], "invalid choice"),
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
