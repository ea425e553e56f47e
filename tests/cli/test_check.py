"""The command `check`, from outside: sheets of one and of a class."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.questions import Questions
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant

PARTS = ["right", "rounded", "close", "follows", "mistake", "wrong", "blank", "unreadable"]

COUNTS = ("of", "right", "wrong", "blank", "unreadable", "asked")

ALL_RIGHT = "quantity,answer\nhidden.z[1],-0.75\ngrad hidden.W[1,2],0.16\noutput.p[2,1],0.40\n"
ONE_WRONG = "quantity;answer\nhidden.z[1];0,75\nhidden.z[2];-1,35\nhidden.a[2];\n"


@pytest.fixture
def sheet(tmp_path: Path):
    def write(name: str, text: str, encoding: str = "utf-8") -> str:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def run(*arguments: str) -> int:
    return main(["check", "two-layer-sigmoid", *arguments])


@pytest.mark.labels
def test_all_right_is_0_and_a_wrong_answer_1(sheet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sheet("a.csv", ALL_RIGHT)) == 0
    out, err = capsys.readouterr()
    assert "3 of 3 right" in out and not err
    assert run(sheet("b.csv", ONE_WRONG)) == 1
    out, err = capsys.readouterr()
    assert "1 of 3 right, 1 wrong, 1 blank" in out
    assert "the sign is lost" in out and not err


def test_json_is_the_schema_of_the_contract(sheet, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = sheet("a.csv", ALL_RIGHT), sheet("b.csv", ONE_WRONG)
    assert run(a, b, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["scenario"]) == ("nnhs-check/1", "two-layer-sigmoid")
    first, second = found["sheets"]
    of_sheet = ("file", "name", *COUNTS, "misunderstandings", "faults", "answers")
    assert set(first) == {*of_sheet}
    assert (first["file"], first["right"], first["asked"], first["faults"]) == (a, 3, 3, [])
    assert [each["verdict"] for each in first["answers"]] == ["right", "right", "rounded"]
    sign = second["answers"][0]
    assert sign == {
        "quantity": "hidden.z[1]",
        "answer": "0,75",
        "verdict": "mistake",
        "mistakes": ["sign"],
        "expected": "-0.75",
        "expected_hand": "-0.75",
        "follows_from": [],
        "message": f"this comes out when {KNOWN['sign'].words}",
    }
    assert [each["verdict"] for each in second["answers"]] == ["mistake", "right", "blank"]
    assert set(found) == {"schema", "scenario", "sheets"}
    assert run(a, b, "--json", "--summary") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["sheets"]) == ("nnhs-check-summary/1", 2)
    assert found["mistakes"][0]["mistake"] == "sign"


def test_a_sheet_that_cannot_be_read_is_2_and_the_others_are_still_marked(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = sheet("bad.csv", "quantity,answer\nhiden.z[1],1\nloss,1\nloss,2\n")
    good = sheet("good.csv", ALL_RIGHT)
    gone = str(Path(good).with_name("gone.csv"))
    assert run(bad, gone, good, "--json") == 2
    out, err = capsys.readouterr()
    sheets = json.loads(out)["sheets"]
    assert [each["right"] for each in sheets] == [0, 0, 3]
    assert [len(each["faults"]) for each in sheets] == [2, 1, 0]
    lines = err.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"nnhs-tui: {bad}: line 2: ")
    assert "did you mean hidden.z[1]?" in lines[0]
    assert lines[1].startswith(f"nnhs-tui: {bad}: line 4: ")
    assert run(bad, sheet("b.csv", ONE_WRONG)) == 2


def test_options(sheet, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet("a.csv", ALL_RIGHT)
    for arguments, code, verdict in (
        ([], 0, "rounded"),
        (["--arithmetic", "hand"], 0, "rounded"),
        (["--arithmetic", "exact"], 0, "close"),
        (["--arithmetic", "exact", "--strict"], 1, "close"),
        (["--digits", "1"], 0, "right"),
    ):
        assert run(path, "--json", *arguments) == code, arguments
        answers = json.loads(capsys.readouterr().out)["sheets"][0]["answers"]
        assert answers[2]["verdict"] == verdict, arguments


def test_csv_has_a_row_for_every_answer_and_no_formula(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sheet(
        "a.csv",
        'quantity,answer\nhidden.z[1],"=1+1"\nhidden.z[2],-1.35\nloss,@SUM(A1)\noutput.z[1],+cmd|x\n',
    )
    assert run(path, "--csv") == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["answer"] for row in rows] == ["'=1+1", "-1.35", "'@SUM(A1)", "'+cmd|x"]
    assert [row["verdict"] for row in rows] == ["unreadable", "right", *["unreadable"] * 2]
    assert run(path, "--csv", "--summary") == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["quantity"] for row in rows][:2] == ["hidden.z[1]", "hidden.z[2]"]
    assert rows[0].keys() == {"quantity", *PARTS, "mistakes"}


@pytest.mark.labels
def test_a_class_is_summed_up_by_quantity_and_by_mistake(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "quantity,answer\n"
    right, forgotten = "grad output.z[1],0.25\n", "grad output.z[1],1.17\n"
    sheets = [sheet(f"{n}.csv", head + (forgotten if n % 3 else right)) for n in range(6)]
    assert run(*sheets) == 1
    out = capsys.readouterr().out
    assert "6 sheets: 2 of 6 right, 4 wrong" in out
    assert "4 of 6: the local derivative is left out" in out
    assert "    missing-local: 1, 2, 4, 5\n    output: grad output.z[1]\n" in out
    (row,) = (line for line in out.splitlines() if line.startswith("  grad output.z[1] "))
    assert row.endswith(" missing-local 4×")
    assert run(*sheets, "--summary") == 1
    assert "0.csv" not in capsys.readouterr().out


def added(seed: int) -> str:
    """A sheet that is right but for every update, where the step is added."""
    questions = Questions(variant(load(shipped_folder() / "two-layer-sigmoid.toml"), seed))
    asks = asked(questions.schedule, "neuron")
    rows = ["quantity,answer,worksheet-seed"]
    for name in (name_of(questions.names, each, questions.schedule) for each in asks):
        number = questions.question(name).exact
        if name.startswith("new "):
            number = 2 * questions.question(name.removeprefix("new ")).exact - number
        rows.append(f'"{name}",{number:.2f},{seed}')
    return "\n".join(rows)


def test_one_idea_costs_one_mark_and_the_summary_says_whose_it_is(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [sheet(f"{name}.csv", added(seed)) for name, seed in (("Finn", 1), ("Ida", 2))]
    assert run(*paths, "--json") == 1
    for marked in json.loads(capsys.readouterr().out)["sheets"]:
        wrong = [each for each in marked["answers"] if each["verdict"] == "mistake"]
        assert len(wrong) > 3 and {each["mistakes"][0] for each in wrong} == {"added-update"}
        assert marked["right"] == marked["asked"] - 1
        assert marked["misunderstandings"] == ["added-update"]
        assert "the same idea" not in wrong[0]["message"]
        told = f"the same idea as at {wrong[0]['quantity']}"
        assert all(each["message"].endswith(told) for each in wrong[1:])
    assert run(*paths, "--json", "--strict") == 1
    for marked in json.loads(capsys.readouterr().out)["sheets"]:
        assert marked["right"] < marked["asked"] - 3
    assert run(*paths, "--summary") == 1
    assert "\n    added-update: Finn, Ida\n" in capsys.readouterr().out
    assert run(*paths, "--summary", "--json") == 1
    (made,) = json.loads(capsys.readouterr().out)["misunderstandings"]
    assert made == {"mistake": "added-update", "sheets": 2, "names": ["Finn", "Ida"]}


def test_a_sign_lost_twice_is_two_slips(sheet, capsys: pytest.CaptureFixture[str]) -> None:
    text = "quantity,answer\nhidden.z[1],0.75\nhidden.z[2],1.35\n"
    assert run(sheet("a.csv", text), "--json") == 1
    (marked,) = json.loads(capsys.readouterr().out)["sheets"]
    assert [each["mistakes"] for each in marked["answers"]] == [["sign"], ["sign"]]
    assert marked["right"] == 0


def test_the_summary_names_the_mistake_that_a_sheet_has_most_often(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("docs/class/carl.csv", "docs/class/ada.csv", "--json", "--summary") == 1
    found = json.loads(capsys.readouterr().out)
    made = {(each["mistake"], each["where"]) for each in found["mistakes"]}
    assert ("added-update", "hidden") in made and ("transposed", "hidden") in made
    assert not {name for name, _ in made} & {"reversed-difference", "wrong-derivative"}


def test_a_seed_without_numbers_is_a_fault_of_its_sheet(
    tmp_path: Path, sheet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnhs_tui.marking.sheets import marked as module
    from nnhs_tui.training.variants import VariantError

    def none(*_: object) -> None:
        raise VariantError("no numbers")

    monkeypatch.setattr(module, "variant", none)
    seeded = sheet("s.csv", "quantity,answer,worksheet-seed\nloss,1,3\n")
    assert run(seeded, sheet("a.csv", ALL_RIGHT), "--json") == 2
    found = json.loads(capsys.readouterr().out)["sheets"]
    assert [len(each["faults"]) for each in found] == [1, 0]


def test_what_sheets_hold_never_commands_a_terminal(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "quantity,answer\nhidden.z[1],\x1b[31m[b]\nhidden.z[2]\x1b]0;x\x07,1\n"
    assert run(sheet("\x1bx.csv", text)) == 2
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert run(sheet("y.csv", "quantity,answer\nhidden.z[1],\x1b[31m[b]\n")) == 1
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err and "[31m[b]" in out
    for form in ("--csv", "--json"):
        run(sheet("z.csv", "quantity,answer\nhidden.z[1],\x1b[31m\u009b31m\n"), form)
        assert not {"\x1b", "\x9b"} & set(capsys.readouterr().out)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "two-layer-sigmoid"],
        ["check", "nothing", "a.csv"],
        ["check", "two-layer-sigmoid", "a.csv", "--json", "--csv"],
        ["check", "two-layer-sigmoid", "a.csv", "--digits", "7"],
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert not out and len(err.splitlines()) == 1


@pytest.mark.parametrize(("level", "arithmetic"), [("node", "exact"), ("layer", "hand")])
@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.toml")), ids=lambda p: p.stem)
def test_a_worksheet_filled_from_its_own_key_is_entirely_right(
    path: Path, level: str, arithmetic: str, sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--format", "csv", "--level", level, "--arithmetic", arithmetic]
    for seed in ([], ["--seed", "5"]):
        assert main(["worksheet", path.stem, "--key", *asked, *seed]) == 0
        key = capsys.readouterr().out
        filled = sheet("key.csv", key)
        assert main(["check", path.stem, filled, "--json", "--arithmetic", arithmetic]) == 0
        (marked,) = json.loads(capsys.readouterr().out)["sheets"]
        assert marked["right"] == marked["asked"] == len(key.splitlines()) - 1
        assert {each["verdict"] for each in marked["answers"]} <= {"right", "rounded"}
        rows = list(csv.reader(io.StringIO(key)))
        stream = io.StringIO()
        csv.writer(stream, delimiter=";").writerows(
            [[cell.replace(".", ",") if n == 1 else cell for n, cell in enumerate(r)] for r in rows]
        )
        as_german = sheet("german.csv", stream.getvalue(), "utf-16")
        assert main(["check", path.stem, as_german]) == 0
        capsys.readouterr()


def test_an_empty_worksheet_asks_everything_and_is_no_mistake(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["worksheet", "two-layer-sigmoid", "--format", "csv"]) == 0
    empty = sheet("empty.csv", capsys.readouterr().out)
    assert run(empty, "--json") == 1
    (marked,) = json.loads(capsys.readouterr().out)["sheets"]
    assert marked["asked"] == 0 and marked["wrong"] == 0
    assert marked["blank"] == marked["of"] == len(marked["answers"]) > 30
    run(empty)
    assert f"0 of {marked['of']} right, nothing is answered" in capsys.readouterr().out


@pytest.mark.labels
def test_every_row_counts_and_what_is_no_number_is_quoted(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "quantity,answer\nhidden.z[1],-0.75\nhidden.z[2],1.35\nhidden.a[1],\nhidden.a[2],abc\n"
    path = sheet("a.csv", text)
    assert run(path, "--json") == 1
    (marked,) = json.loads(capsys.readouterr().out)["sheets"]
    assert [marked[each] for each in COUNTS] == [4, 1, 1, 1, 1, 2]
    run(path)
    assert "1 of 4 right, 1 wrong, 1 blank, 1 unreadable ('abc')" in capsys.readouterr().out


@pytest.mark.labels
@pytest.mark.parametrize("options", [(), ("--phase", "backward"), ("--level", "node")])
def test_a_row_that_was_deleted_is_missed(
    sheet, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    key = ["worksheet", "two-layer-sigmoid", "--format", "csv", "--key", *options]
    assert main(key) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    kept = [row for row in rows if "output" in row]
    assert 3 < len(kept) < len(rows)
    path = sheet("a.csv", "\n".join([head, *kept]))
    assert run(path, "--json") == 1
    (marked,) = json.loads(capsys.readouterr().out)["sheets"]
    missing = len(rows) - len(kept)
    assert [marked[each] for each in COUNTS] == [len(rows), len(kept), 0, missing, 0, len(kept)]
    answers = marked["answers"]
    assert [each["verdict"] for each in answers[len(kept) :]] == ["blank"] * missing
    asked_for = {next(csv.reader([row]))[0] for row in rows}
    assert {each["quantity"] for each in answers} == asked_for
    run(path)
    out = capsys.readouterr().out
    assert f"{len(kept)} of {len(rows)} right, {missing} blank" in out
    assert "its row is missing" in out


def test_a_sheet_of_another_scenario_s_worksheet_misses_nothing(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    for asks in ("ask=nothing.*", "sample=9", "whatever", "level=node; ask="):
        text = f"quantity,answer,worksheet-asks\nhidden.z[1],-0.75,{asks}\n"
        assert run(sheet("a.csv", text), "--json") == 0
        (marked,) = json.loads(capsys.readouterr().out)["sheets"]
        assert marked["of"] == 1


def test_keys_beside_sheets_are_left_out_and_alone_are_marked(
    sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["worksheet", "two-layer-sigmoid", "--format", "csv", "--key"]) == 0
    text = capsys.readouterr().out
    key, other = sheet("net-key.csv", text), sheet("mine-key.csv", ONE_WRONG)
    assert run(key) == 0
    capsys.readouterr()
    assert run(key, other, "--json") == 1
    told = capsys.readouterr()
    assert [each["file"] for each in json.loads(told.out)["sheets"]] == [other]
    assert told.err == f"nnhs-tui: {key}: a key, left out\n"
    # Only what is called a key and says that it is one is left out.
    plain = sheet("ada.csv", text)
    assert run(plain, other, "--json") == 1
    assert len(json.loads(capsys.readouterr().out)["sheets"]) == 2


def test_each_pupil_s_own_numbers_are_marked_by_the_seed_on_the_sheet(
    tmp_path: Path, sheet, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "class"
    asked = ["--format", "csv", "--key", "--count", "3", "--output", str(folder)]
    assert main(["worksheet", "two-layer-sigmoid", *asked]) == 0
    capsys.readouterr()
    keys = sorted(map(str, folder.glob("keys/*-key.csv")))
    assert len(keys) == 3
    assert run(*keys) == 0
    assert "3 sheets" in capsys.readouterr().out
    text = Path(keys[0]).read_text(encoding="utf-8")
    other = text.replace(",1,key", ",x,key")
    assert run(sheet("odd.csv", other)) == 2
    assert "is no seed" in capsys.readouterr().err


@pytest.mark.slow
def test_a_bar_on_the_terminal_leaves_the_results_where_they_belong(sheet, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    good, bad = sheet("b.csv", ONE_WRONG), sheet("bad.csv", "quantity,answer\nnothing,1\n")
    master, slave = pty.openpty()
    out = tmp_path / "out.json"
    command = [sys.executable, "-m", "nnhs_tui", "check", "two-layer-sigmoid", "--json"]
    with out.open("w") as file:
        done = subprocess.run(
            [*command, *[good] * 30, bad], stdin=slave, stdout=file, stderr=slave, timeout=60
        )
    os.close(slave)
    told = os.read(master, 1_000_000).decode()
    os.close(master)
    assert done.returncode == 2
    assert len(json.loads(out.read_text(encoding="utf-8"))["sheets"]) == 31
    assert "marking" in told and "bad.csv" in told and "quantity" in told


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_sheets(sheet) -> None:
    script = (
        "import resource, sys\n"
        "from nnhs_tui.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
    )
    path = sheet("b.csv", ONE_WRONG)

    def peak(count: int) -> int:
        command = [sys.executable, "-c", script, "check", "two-layer-sigmoid", "--json"]
        done = subprocess.run([*command, *[path] * count], capture_output=True, text=True)
        assert done.returncode == 0
        return int(done.stderr)

    assert peak(4000) < peak(200) + 4000
