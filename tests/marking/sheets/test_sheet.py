"""Answer sheets in every form a spreadsheet gives them, and those that are refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.errors import Fault
from nnhs_tui.marking.asked_quantities import MOST_ROWS
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.sheets.checks import checked
from nnhs_tui.marking.sheets.sheet import SheetRow, read_sheet
from nnhs_tui.marking.sheets.table import MOST_COLUMNS, SheetError
from nnhs_tui.marking.sheets.text import LARGEST
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples

ROWS = [("hidden.z[1]", "-0,75"), ("grad hidden.W[1,2]", "0.16"), ("loss", "")]


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> str:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def rows_of(path: str) -> list[SheetRow]:
    """All rows, or all faults."""
    found = list(read_sheet(path).rows())
    if faults := [each for each in found if isinstance(each, Fault)]:
        raise SheetError(tuple(faults))
    return [each for each in found if isinstance(each, SheetRow)]


def pairs(path: str) -> list[tuple[str, str]]:
    return [(row.quantity, row.answer) for row in rows_of(path)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerow(["name", "quantity", "answer"])
    writer.writerows([["Zoë −", *row] for row in ROWS])
    assert pairs(written(tmp_path, stream.getvalue(), encoding)) == ROWS


def test_latin_1_is_read_too(tmp_path: Path) -> None:
    for encoding in ("latin-1", "cp1252"):
        path = written(tmp_path, "quantity;answer;Prüfer\nloss;0,3;Müller\n", encoding)
        assert pairs(path) == [("loss", "0,3")]
    path = written(tmp_path, "quantity;answer\nloss;–0,3\n", "cp1252")
    assert pairs(path) == [("loss", "–0,3")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The contract's own example: a comma in the name, not quoted.
        ('quantity,answer\ngrad hidden.W[1,2],"0,04"\n', [("grad hidden.W[1,2]", "0,04")]),
        ('quantity,answer\n"grad hidden.W[1,2]",0.04\n', [("grad hidden.W[1,2]", "0.04")]),
        ("quantity,answer\nhidden.W[1,2],0,04\n", [("hidden.W[1,2]", "0,04")]),
        ("quantity,answer\nloss,-0,30\n", [("loss", "-0,30")]),
        ("answer,quantity\n0,3,loss\n", [("loss", "0,3")]),
        ("Quantity , ANSWER,remark\nloss,1,,\n", [("loss", "1")]),
        ("\n\nquantity,answer\n\nloss,1\n,\n", [("loss", "1")]),
        ("quantity,answer\n\nloss,1\n,\n", [("loss", "1")]),
        ("sep=;\nquantity;answer\nloss;0,3\n", [("loss", "0,3")]),
        ("quantity,answer,worksheet-seed\nloss,0,34,7\n", [("loss", "0,34")]),
        ("quantity,answer,remark\nloss,0,34,\n", [("loss", "0,34")]),
        ("quantity,answer,remark\nloss,0.3,a\x0bb\u2028c\n", [("loss", "0.3")]),
        ("quantity,answer,points\nloss,0,3\n", [("loss", "0")]),
        ("quantity\tanswer\nhidden.W[1,2]\t0,04", [("hidden.W[1,2]", "0,04")]),
        ("quantity,answer\nloss\n", [("loss", "")]),
        ("quantity,answer\n hidden.z[1] , 0.3 \n", [("hidden.z[1]", "0.3")]),
        ('quantity,answer\nloss,"0.3\n"\n', [("loss", "0.3")]),
        ('"sep=,"\nquantity,answer\nloss,0.3\n', [("loss", "0.3")]),
        ("quantity,answer\r\nloss,0.3\r\n\x1a", [("loss", "0.3")]),
        # Opened where the list separator is another sign, and filled in beside.
        ("quantity,answer;\nloss,;0,5\n", [("loss", "0,5")]),
        ("quantity,answer\t\nloss,\t0,5\n", [("loss", "0,5")]),
        ('quantity,answer;\n"""hidden.W[1,2]"",";-0,01\n', [("hidden.W[1,2]", "-0,01")]),
        ("quantity,answer,worksheet-seed;\nloss,,7;0,5\n", [("loss", "0,5")]),
        ("quantity,answer;\nloss,0.7;\n", [("loss", "0.7")]),
        ('quantity,answer;;note\nloss,"0,7";;0,3\n', [("loss", "0,7")]),
    ],
)
def test_what_stands_in_a_sheet(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(written(tmp_path, text)) == expected


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", "", "empty"),
        ("\n \n", "", "empty"),
        ("loss,1\n", "line 1", "quantity"),
        ("quantity,result\nloss,1\n", "line 1", "answer"),
        ("quantity,answer,answer\nloss,1,1\n", "line 1", "more than one"),
        ("quantity,answer\nloss,1,x\n", "line 2", "3 columns"),
        ("quantity,answer\nloss,1,2,3\n", "line 2", "4 columns"),
        ("a\0b", "", "no text"),
        ('quantity;answer;note\nloss;1;"he said\nx;1;\n', "line 2", "cannot be read"),
        (f"quantity,answer\nloss,{'9' * 140_000}\n", "line 2", "over 128 KiB"),
        (f"quantity,{'a' * 140_000}\nloss,1\n", "line 1", "over 128 KiB"),
        (f"quantity,answer,{'a' * 140_000}\nloss,1\n", "line 1", "over 128 KiB"),
        ("a" * (LARGEST - 1), "line 1", "over 128 KiB"),
        (f"quantity,answer{',x' * MOST_COLUMNS}\nloss,1\n", "line 1", "over 1,000 columns"),
        (f"quantity,answer\nloss,1{',x' * MOST_COLUMNS}\n", "line 2", "over 1,000 columns"),
        (f"quantity,answer\nloss,1{',x' * 900}\n", "line 2", "902 columns"),
        (f"quantity,answer\n{'loss,1' * 2000}\n", "line 2", "over 1,000 columns"),
        (f'quantity,answer\nloss,"{"9" * 99_999}\n{"9" * 99_999}"', "line 2", "over 131,072 char"),
        (f"quantity,answer,x\nloss,{'9' * 100_000},99\n", "line 2", "expected it in quotes"),
        ("quantity,answer\n" + "x,1\n" * (MOST_ROWS + 1), "", "over 10,000 rows"),
        ("quantity,answer,formula\nhidden.z[1],-0,75\n", "line 2", "is the answer -0 or -0,75"),
    ],
)
def test_what_is_no_sheet_is_refused_by_line(
    tmp_path: Path, text: str, where: str, words: str
) -> None:
    with pytest.raises(SheetError) as caught:
        rows_of(written(tmp_path, text))
    fault = caught.value.faults[0]
    assert fault.where == where
    assert words in str(fault)
    assert fault.expected.startswith("expected")
    assert len(str(fault)) < 300


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_bytes(b"quantity,answer\n" * (LARGEST // 16 + 1))
    for name in ("nothing.csv", "large.csv", ".", "\0"):
        with pytest.raises(SheetError):
            read_sheet(str(tmp_path / name))


def test_unknown_and_doubled_quantities_are_named_by_line_all_at_once(tmp_path: Path) -> None:
    questions = Questions(load(shipped_folder() / "two-layer-sigmoid.toml"))
    text = "quantity;answer\nhiden.z[1];1\nloss;1\nnew  hidden.W[1,1];1\nloss;2\n;3\n"
    path = written(tmp_path, text)
    with pytest.raises(SheetError) as caught:
        checked(read_sheet(path), questions)
    told = [(fault.where, fault.found) for fault in caught.value.faults]
    assert [where for where, _ in told] == ["line 2", "line 5", "line 6"]
    assert "hiden.z[1]" in told[0][1] and "hidden.z[1]" in caught.value.faults[0].expected
    assert "line 3" in told[1][1]


def test_one_quantity_is_one_however_it_is_written(tmp_path: Path) -> None:
    questions = Questions(load(shipped_folder() / "two-layer-sigmoid.toml"))
    for other in ("round 1: hidden.W[1,2]", "hidden.W[1, 2]"):
        path = written(tmp_path, f"quantity;answer\nhidden.W[1,2];1\n{other};2\n")
        with pytest.raises(SheetError, match="stands in line 2 already"):
            checked(read_sheet(path), questions)
    linear = Questions(load(shipped_folder() / "two-layer-linear.toml"))
    layer = linear.tape.layers[0].name
    path = written(tmp_path, f"quantity;answer\n{layer}.z[1];1\n{layer}.a[1];1\n")
    assert len(checked(read_sheet(path), linear)) == 2


def test_a_sheet_of_another_scenario_is_one_fault(tmp_path: Path) -> None:
    questions = Questions(load(shipped_folder() / "chain-rule.toml"))
    rows = "".join(f"hidden.z[{n}];1\n" for n in range(1, 12))
    path = written(tmp_path, f"quantity;answer\n{rows}")
    with pytest.raises(SheetError, match="none of this scenario") as caught:
        checked(read_sheet(path), questions)
    assert len(caught.value.faults) == 1


@settings(max_examples=examples(150))
@given(st.binary(max_size=200))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("sheets") / "sheet.csv"
    for content in (data, b"quantity,answer\n" + data):
        path.write_bytes(content)
        try:
            rows = rows_of(str(path))
        except SheetError as error:
            assert str(error).isprintable() or "\n" in str(error)
        else:
            assert all(row.line >= 1 for row in rows)
