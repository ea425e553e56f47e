"""Sheets that nobody should hand in: faults of their own, cheap, and the others are marked.

What they cost is counted, not timed: `make bench ARGS=marking` has the times.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from nnhs_tui.autodiff.names import Names
from nnhs_tui.cli import main
from nnhs_tui.debugger.naming import reading
from nnhs_tui.marking import questions
from nnhs_tui.marking.asked_quantities import MOST_ROWS
from nnhs_tui.marking.questions import MOST_ROUNDS, Questions
from nnhs_tui.marking.sheets import checks as sheet_checks
from nnhs_tui.marking.sheets import sheet
from nnhs_tui.marking.sheets import text as sheet_text
from nnhs_tui.marking.sheets.checks import (
    COMPARED,
    MOST_FOUND,
    MOST_LISTED,
    SUGGESTED,
)
from nnhs_tui.marking.sheets.marked import MarkedSheet, SheetMarker
from nnhs_tui.marking.sheets.sheet import read_sheet
from nnhs_tui.marking.sheets.text import LARGEST
from nnhs_tui.operations import written as numbers
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.scenario.reading import contents

NAMES = [f"hidden.{letter}[{n}]" for letter in "za" for n in (1, 2)]
HEAD = "quantity,answer\n"
GOOD = HEAD + "hidden.z[1],-0.75\ngrad hidden.W[1,2],0.16\nloss,9\n"


def rows(them: Iterable[str]) -> str:
    return HEAD + "".join(f"{each}\n" for each in them)


HOSTILE = {
    "a first row of 200,000": f"quantity,{'a' * 200_000}\n",
    "one line of 1 MB": "a" * 1_000_000,
    "unknown by the thousand": rows(f"hidden.q[{n}],1" for n in range(9000)),
    "the same by the thousand": rows("loss,1" for _ in range(9000)),
    "too many rows": rows("loss,1" for _ in range(MOST_ROWS + 1)),
    "too many rows in UTF-16": rows("x,1" for _ in range(MOST_ROWS + 1)),
    "too large": HEAD + " " * LARGEST,
    "a bracket of 300,000": f"{HEAD}loss[{',1' * 300_000}\n",
    "a bracket of 500": f"{HEAD}loss[{',1' * 500}\n",
    "prefixes": rows(["round 1: " * 10_000 + "loss,1"]),
    "a long name": rows([f"{'z' * 100_000},1"]),
    "a round far off": rows(["round 999999999: loss,1"]),
    "a seed of 100,000": f"quantity,answer,worksheet-seed\nloss,1,{'1' * 100_000}\n",
    "a seed in each row": "quantity,answer,worksheet-seed\n"
    + "".join(f"loss,1,{n}\n" for n in range(9000)),
    "zeros": "\0" * 100_000,
    "open quotes": HEAD + 'loss,"' + "9\n" * 9000,
}

ODD = {
    "empty fields": f"{HEAD}hidden.z[1],-0.75{',' * 200_000}\n",
    "digits": rows([f"hidden.z[1],{'9' * 100_000}"]),
    "dates": "quantity;answer\r\nhidden.z[1];01. Mai\r\nhidden.a[1];Jan 37\r\n",
    "of double clicks": 'quantity,answer;\nhidden.z[1],;0,5\n"""grad hidden.W[2,1]"",";-0,011\n',
    "marks": "quantity,answer\r\nhidden.z[1],\u200f0.5\u200e\r\n",
    "fullwidth": "quantity,answer\r\nhidden.z[1],\uff10\uff0e\uff15\r\n",
}
"""Marked, whatever becomes of the answers."""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], str]:
    def write(name: str, text: str) -> str:
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-16" if "UTF-16" in name else "utf-8", newline="")
        return str(path)

    return write


def only(marker: SheetMarker, path: str) -> MarkedSheet:
    """The one sheet of a file."""
    (found,) = marker.marked(path)
    return found


@pytest.fixture
def sheets() -> SheetMarker:
    return SheetMarker(load(shipped_folder() / "two-layer-sigmoid.toml"))


def told(marked: MarkedSheet) -> list[str]:
    return [str(fault) for fault in marked.faults]


def test_the_others_are_marked_as_without_them(
    written: Callable[[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    good = written("good", GOOD)
    bad = [written(name, text) for name, text in HOSTILE.items()]
    odd = [written(name, text) for name, text in ODD.items()]
    command = ["check", "two-layer-sigmoid"]
    assert main([*command, good, "--json"]) == 1
    (alone,) = json.loads(capsys.readouterr().out)["sheets"]
    for form in ("--json", "--csv", "--all"):
        both = [each for path in (*bad, *odd) for each in (path, good)]
        assert main([*command, *both, form]) == 2
        out, err = capsys.readouterr()
        lines = err.splitlines()
        assert {line.split(": ")[1] for line in lines} == set(bad)
        assert all(line.startswith("nnhs-tui: ") and len(line) < 400 for line in lines)
        if form == "--json":
            found = json.loads(out)["sheets"]
            assert found[1::2] == [alone] * (len(bad) + len(odd))
            assert all(len(each["faults"]) <= MOST_LISTED + 1 for each in found)
            assert [bool(each["faults"]) for each in found[::2]] == (
                [True] * len(bad) + [False] * len(odd)
            )


def test_tables_shorten_an_answer_and_json_keeps_it(
    written: Callable[[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = written("digits", ODD["digits"])
    assert main(["check", "two-layer-sigmoid", path, "--all"]) == 1
    assert max(map(len, capsys.readouterr().out.splitlines())) < 250
    assert main(["check", "two-layer-sigmoid", path, "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["sheets"]
    assert found["answers"][0]["answer"] == "9" * 100_000


def test_empty_fields_behind_a_row_are_passed_over(
    written: Callable[[str, str], str], sheets: SheetMarker
) -> None:
    for fields in (1, 900, 999, 1000, 1001, 200_000):
        for end in ("\n", "\r\n", ""):
            row = f"hidden.z[1],-0.75{',' * fields}{end}"
            marked = only(sheets, written("a", HEAD + row + "hidden.z[2],-1.35"[: 99 * bool(end)]))
            assert (marked.right, marked.asked) == ((2, 2) if end else (1, 1)), (fields, end)


class Counting(list[str]):
    """A list that counts what is copied of it."""

    copied = 0

    def __getitem__(self, key):  # type: ignore[no-untyped-def, override]
        found = super().__getitem__(key)
        if isinstance(key, slice):
            Counting.copied += len(found)
            return Counting(found)
        return found


def test_empty_fields_are_left_out_in_one_go() -> None:
    for count in (1000, 10_000):
        Counting.copied = 0
        fields = Counting(["loss", "1", *[""] * count])
        assert sheet._fitted(fields, ["quantity", "answer"], ",") == ["loss", "1"]
        assert Counting.copied <= 2 * count


def test_a_sheet_that_is_too_large_is_not_read(
    written: Callable[[str, str], str], sheets: SheetMarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written("large", HOSTILE["too large"])
    monkeypatch.setattr(contents.os, "read", lambda *_: pytest.fail("it was read"))
    assert "over 1 MiB" in told(only(sheets, path))[0]


def test_too_many_rows_are_seen_before_anything_is_decoded(
    written: Callable[[str, str], str], sheets: SheetMarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_text, "decoded", lambda _: pytest.fail("it was decoded"))
    for name in ("too many rows", "one line of 1 MB", "a first row of 200,000"):
        assert told(only(sheets, written(name, HOSTILE[name])))


def counted(
    monkeypatch: pytest.MonkeyPatch, of: object, name: str
) -> list[tuple[tuple[object, ...], dict[str, object]]]:
    """What a function is called with from here on."""
    calls: list[tuple[tuple[object, ...], dict[str, object]]] = []
    function = getattr(of, name)

    def call(*arguments: object, **named: object) -> object:
        calls.append((arguments, named))
        return function(*arguments, **named)

    monkeypatch.setattr(of, name, call)
    return calls


def test_rows_are_bounded_to_the_row(
    written: Callable[[str, str], str], sheets: SheetMarker
) -> None:
    for end in ("\n", "\r\n", "\r", "\n\n\n"):
        for count, is_too_many in ((MOST_ROWS, False), (MOST_ROWS + 1, True)):
            text = (HEAD + "x,1\n" * (count - 1) + "y,1").replace("\n", end[:2]) + end
            for name in ("a", "in UTF-16"):
                found = told(only(sheets, written(name, text)))
                assert ("over 10,000 rows" in found[0]) == (is_too_many or end == "\n\n\n")


def test_of_unknown_quantities_few_are_looked_at_and_none_is_guessed(
    written: Callable[[str, str], str], sheets: SheetMarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearest = counted(monkeypatch, reading, "nearest")
    for count in (10, 1000, 9000):
        looked = counted(monkeypatch, Names, "id")
        (fault,) = told(only(sheets, written("a", rows(f"q[{n}],1" for n in range(count)))))
        few = min(count, MOST_FOUND)
        of = f"its {count}" if count < MOST_FOUND else f"its first {MOST_FOUND}"
        assert f"{few} of {of} quantities are none of this scenario" in fault
        assert "line 2: " in fault
        assert len(looked) <= 4 * MOST_FOUND
        monkeypatch.undo()
        nearest = counted(monkeypatch, reading, "nearest")
    assert not nearest


@pytest.mark.parametrize(("unknown", "asked"), [(1, 1), (3, 3), (15, 3), (19, 3), (21, 0), (40, 0)])
def test_suggestions_are_few_and_only_where_all_faults_are_listed(
    written: Callable[[str, str], str],
    sheets: SheetMarker,
    monkeypatch: pytest.MonkeyPatch,
    unknown: int,
    asked: int,
) -> None:
    nearest = counted(monkeypatch, reading, "nearest")
    known = [f"round {n}: {name},1" for n in range(1, 20) for name in NAMES]
    wrong = [f"hiden.z[{n}],1" for n in range(unknown)]
    found = told(only(sheets, written("a", rows([*known, *wrong]))))
    assert len(nearest) == asked <= SUGGESTED
    assert sum("did you mean hidden.z[" in each for each in found) == asked
    more = unknown - MOST_LISTED
    assert len(found) == (unknown if more <= 0 else MOST_LISTED + 1)
    if more > 0:
        assert f"{more} more fault{'s' * (more > 1)}; mend the ones above first" in found[-1]


def test_a_name_is_compared_with_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    lists: list[int] = []
    monkeypatch.setattr(reading, "nearest", lambda _, known: lists.append(len(list(known))))
    wide = Questions(net(70, 70))
    with pytest.raises(reading.Refusal):
        wide.question("hiden.z[1]", compared=COMPARED)
    with pytest.raises(reading.Refusal):
        wide.question("hiden.z[1]", compared=0)
    assert lists == [COMPARED]


def test_more_faults_are_counted_and_rows_behind_them_not_looked_at(
    written: Callable[[str, str], str], sheets: SheetMarker
) -> None:
    found = told(only(sheets, written("a", rows(["loss,1"] * 5000))))
    assert len(found) == MOST_LISTED + 1
    assert "line 3: loss stands in line 2 already" in found[0]
    left = 5000 - MOST_FOUND - 1
    assert f"{MOST_FOUND - MOST_LISTED} more faults, and {left:,} more rows that" in found[-1]
    found = told(only(sheets, written("a", rows(["loss,1"] * 22))))
    assert found[-1].endswith("1 more fault; mend the ones above first")
    # Rows that cannot be read count as well.
    found = told(only(sheets, written("a", rows(["loss,1,2,3"] * 200))))
    assert len(found) == MOST_LISTED + 1 and "4 columns" in found[0]


def net(inputs: int, neurons: int) -> object:
    weights = [[0.001] * neurons] * inputs
    return from_text(
        f'title = "T"\n[network]\ninputs = {inputs}\n[[network.layers]]\nname = "hidden"\n'
        f"weights = {weights}\n"
        f"[[samples]]\nx = {[0.1] * inputs}\nupstream = {[0.1] * neurons}\n",
        "net.toml",
    )


@pytest.mark.slow
def test_no_sheet_has_more_rounds_computed_than_it_may(
    written: Callable[[str, str], str], sheets: SheetMarker
) -> None:
    path = written("a", rows([f"round {MOST_ROUNDS + 1}: loss,1", "round 999: loss,1"]))
    assert f"only the first {MOST_ROUNDS} rounds" in told(only(sheets, path))[0]
    asked = sheets._marker(None).questions
    assert len(asked.exact) <= 2
    only(sheets, written("a", rows([f"round {MOST_ROUNDS}: loss,1"])))
    assert len(asked.exact) <= MOST_ROUNDS
    wide = Questions(net(250, 250))
    operations = len(wide.tape.op) + questions.OVERHEAD
    assert wide.most_rounds == questions.MOST_COMPUTED // operations < MOST_ROUNDS
    assert Questions(load(shipped_folder() / "training-loop.toml")).most_rounds == 100


def test_a_prefix_stands_once() -> None:
    asked = Questions(load(shipped_folder() / "three-samples.toml"))
    assert asked.question("round 2: sample 1: loss").plain_name == "round 2: sample 1: loss"
    for twice in ("round 1: round 2: loss", "sample 1: round 1: sample 1: loss"):
        with pytest.raises(reading.Refusal, match="stands there twice"):
            asked.question(twice)


def test_what_is_asked_under_ever_new_names_is_not_all_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "KEPT", 10)
    asked = Questions(load(shipped_folder() / "two-layer-sigmoid.toml"))
    for n in range(1, 60):
        question = asked.question(f"round {n}: loss")
        asked.mistakes(question)
        assert asked.question(f"round {n}: loss") is question
    assert len(asked._found) <= 10 and len(asked._mistakes) <= 10
    taken = numbers._read.cache_info().currsize
    assert numbers.read_answer("9" * 1000) is None
    assert numbers._read.cache_info().currsize == taken


def test_a_seed_is_looked_for_in_the_first_rows(
    written: Callable[[str, str], str], sheets: SheetMarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "quantity,answer,worksheet-seed\n"
    body = "".join(f"q{n},1,\n" for n in range(9000))
    made = counted(monkeypatch, sheet, "_fitted")
    assert "none of this scenario" in told(only(sheets, written("a", head + body)))[0]
    assert len(made) <= 3 * MOST_FOUND
    mixed = head + "hidden.z[1],1,7\nhidden.z[2],1,7\nloss,1,8\n"
    (fault,) = told(only(sheets, written("a", mixed)))
    assert "line 4: another seed than above" in fault
    late = head + "hidden.z[1],1,\nhidden.z[2],1,7\nloss,1,\n"
    assert not only(sheets, written("a", late)).faults


def test_reading_stops_where_a_sheet_is_given_up(
    written: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Questions(load(shipped_folder() / "chain-rule.toml"))
    for count in (1000, 9000):
        with monkeypatch.context() as patched:
            made = counted(patched, sheet, "bare_cell")
            with pytest.raises(sheet.SheetError):
                path = written("a", rows(f"q{n},1" for n in range(count)))
                sheet_checks.checked(read_sheet(path), asked)
            assert len(made) == MOST_FOUND
