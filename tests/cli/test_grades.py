"""Results for a gradebook, and answer sheets as spreadsheet programs keep them."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from nnhs_tui.cli import main
from nnhs_tui.present.grades import GRADE_COLUMNS

RIGHT = "quantity,answer\nhidden.z[1],-0.75\nhidden.z[2],-1.35\n"
SIGN_LOST = "quantity,answer\nhidden.z[1],0.75\nhidden.z[2],-1.35\nhidden.a[2],\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "class"
    there.mkdir()
    (there / "ada.csv").write_text(RIGHT, encoding="utf-8")
    (there / "ben.csv").write_text(SIGN_LOST, encoding="utf-8")
    return there


def run(*arguments: str | Path) -> int:
    return main(["check", "two-layer-sigmoid", *map(str, arguments)])


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        table = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    table.write_datetime(
                        number, column, cell, book.add_format({"num_format": "dd.mm."})
                    )
                else:
                    table.write(number, column, cell)
    return path


MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest manifest:version="1.3" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "</manifest:manifest>"
)


def opendocument(path: Path, rows: list[list[Any]]) -> Path:
    """A table as LibreOffice keeps it (OpenDocument 1.3, part 3, section 9.1)."""

    def cell(value: Any) -> str:
        if isinstance(value, float):
            told = f'office:value-type="float" office:value="{value}"'
        else:
            told = 'office:value-type="string"'
        return f"<table:table-cell {told}><text:p>{value}</text:p></table:table-cell>"

    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    listed = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.3">'
        f'<office:body><office:spreadsheet><table:table table:name="t">{listed}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        packed.writestr("content.xml", content)
    return path


def told(path: Path) -> list[list[str]]:
    """The rows of a file of grades, as texts."""
    if path.suffix == ".csv":
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf"), "a spreadsheet takes it for UTF-8 by that"
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [
        [str(int(each)) if isinstance(each, float) else str(each) for each in row] for row in rows
    ]


# Grades


@pytest.mark.parametrize("name", ["grades.csv", "grades.xlsx"])
def test_each_pupil_has_a_row(
    folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    grades = tmp_path / name
    assert run(folder, "--grades", grades) == 1
    assert told(grades) == [
        list(GRADE_COLUMNS),
        ["ada", "2", "0", "0", "2", ""],
        ["ben", "1", "1", "1", "3", "sign"],
    ]
    assert "2 of 2 right" in capsys.readouterr().out, "what is printed stays as it is"
    (folder / "ben.csv").write_text(RIGHT, encoding="utf-8")
    assert run(folder, "--grades", grades, "--json") == 0
    assert told(grades)[2] == ["ben", "2", "0", "0", "2", ""], "one's own list is written over"


@pytest.mark.parametrize("name", ["grades.csv", "grades.xlsx"])
def test_a_name_is_text_whatever_it_begins_with(tmp_path: Path, name: str) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text(
        'quantity,answer,name\nhidden.z[1],-0.75,"=HYPERLINK(""x"")\x1b[2J"\n', encoding="utf-8"
    )
    grades = tmp_path / name
    assert run(sheet, "--grades", grades) == 0
    (_, (found, *_)) = told(grades)
    assert "HYPERLINK" in found and "\x1b" not in found
    if grades.suffix == ".csv":
        assert found.startswith("'=")
    else:
        with zipfile.ZipFile(grades) as packed:
            assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml"), "no formula"


def test_a_sheet_that_cannot_be_read_has_a_row_too(folder: Path, tmp_path: Path) -> None:
    (folder / "cem.csv").write_text("no sheet", encoding="utf-8")
    grades = tmp_path / "grades.csv"
    assert run(folder, "--grades", grades) == 2
    assert told(grades)[3] == ["cem", "", "", "", "", "not marked"]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("grades.txt", None, "expected .csv or .xlsx"),
        ("grades.csv", "name,mark\nAda,1\n", "that is no list of grades"),
        ("grades.xlsx", "no workbook", "that is no list of grades"),
        ("none/grades.csv", None, "it cannot be written"),
    ],
)
def test_no_other_file_is_written_over(
    folder: Path,
    tmp_path: Path,
    name: str,
    content: str | None,
    found: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    grades = tmp_path / name
    if content is not None:
        grades.write_text(content, encoding="utf-8")
    assert run(folder, "--grades", grades) == 2
    told_on = capsys.readouterr()
    assert found in told_on.err and "Traceback" not in told_on.err
    if content is not None:
        assert grades.read_text(encoding="utf-8") == content
        assert not told_on.out, "said before anything is marked"


def test_another_workbook_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    mine = workbook(tmp_path / "grades.xlsx", [["Ada", 1]])
    before = mine.read_bytes()
    assert run(folder, "--grades", mine) == 2
    assert mine.read_bytes() == before


# Names, folders


def test_the_name_stands_in_its_column_or_is_the_file_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet-07.csv"
    sheet.write_text("quantity;answer;Name\nhidden.z[1];-0,75;\nhidden.z[2];-1,35;Ada L.\n")
    other = tmp_path / "Ben.csv"
    other.write_text(RIGHT, encoding="utf-8")
    run(sheet, other, "--json")
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found["sheets"]] == ["Ada L.", "Ben"]


def test_of_a_folder_the_answer_sheets_are_marked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("notes.txt", ".hidden.csv", "~$open.xlsx"):
        (folder / name).write_text("nothing", encoding="utf-8")
    run(folder, "--json")
    sheets = json.loads(capsys.readouterr().out)["sheets"]
    assert [Path(each["file"]).name for each in sheets] == ["ada.csv", "ben.csv"]


def test_a_folder_without_sheets_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(empty) == 2
    assert "a folder; expected answer sheets in it" in capsys.readouterr().err


# Workbooks

ROWS = [["quantity", "answer", "name"], ["hidden.z[1]", -0.75, "Ada"], ["hidden.z[2]", "-1,35", ""]]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_an_answer_sheet_may_be_a_workbook(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make = workbook if kind == "xlsx" else opendocument
    sheet = make(tmp_path / f"a.{kind}", ROWS)
    assert run(sheet, "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)["sheets"]
    assert found["name"] == "Ada"
    assert [each["answer"] for each in found["answers"]] == ["-0.75", "-1,35"]


def test_what_a_spreadsheet_took_for_a_date_is_no_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["quantity", "answer"], ["hidden.z[1]", date(2026, 3, 1)], ["hidden.z[2]", -1.35]]
    assert run(workbook(tmp_path / "a.xlsx", rows), "--json") == 1
    (found,) = json.loads(capsys.readouterr().out)["sheets"]
    counts = [found[each] for each in ("of", "right", "wrong", "blank", "unreadable", "asked")]
    assert counts == [2, 1, 0, 0, 1, 1]
    assert found["answers"][0]["answer"].startswith("2026-03-01")


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + bytes(40)])
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_file_that_only_is_called_so_is_refused(
    tmp_path: Path, kind: str, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / f"a.{kind}"
    sheet.write_bytes(data)
    assert run(sheet) == 2
    told_on = capsys.readouterr().err
    assert "it cannot be read" in told_on and len(told_on.splitlines()) == 1


def test_a_small_file_that_unpacks_to_a_great_many_bytes_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "a.xlsx"
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(80 * 2**20))
    assert sheet.stat().st_size < 2**20
    assert run(sheet) == 2
    assert "once it is unpacked" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "arguments"),
    [("python_calamine", ("a.xlsx",)), ("xlsxwriter", ("a.csv", "--grades", "g.xlsx"))],
)
def test_a_library_that_is_not_installed_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    workbook(tmp_path / "a.xlsx", ROWS)
    (tmp_path / "a.csv").write_text(RIGHT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)
    assert run(*arguments) == 2
    assert "pip install 'nnhs-tui[sheets]'" in capsys.readouterr().err
    assert not (tmp_path / "g.xlsx").exists()


def test_names_of_a_list_are_those_of_the_seeds_or_of_the_sheets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "class.txt").write_text("Ada\nBen\nCem\n", encoding="utf-8")
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    for name, head, row in (
        ("a", "quantity,answer,worksheet-seed", "hidden.z[1],1,3"),
        ("b", "quantity,answer", "hidden.z[1],1"),
        ("c", "quantity,answer,name", "hidden.z[1],1,Zoe"),
        ("d", "quantity,answer,worksheet-seed", "hidden.z[1],1,9"),
    ):
        (sheets / f"{name}.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")

    def names(*more: str) -> list[str]:
        options = ["--names", str(tmp_path / "class.txt"), "--json", *more]
        main(["check", "two-layer-sigmoid", str(sheets), *options])
        return [each["name"] for each in json.loads(capsys.readouterr().out)["sheets"]]

    assert names() == ["Cem", "Ben", "Zoe", "d"]
    assert names("--seed", "8") == ["a", "Ben", "Zoe", "Ben"]
    (tmp_path / "class.txt").write_text("", encoding="utf-8")
    assert (
        main(["check", "two-layer-sigmoid", str(sheets), "--names", str(tmp_path / "class.txt")])
        == 2
    )
    assert "it is empty" in capsys.readouterr().err


def test_the_form_of_the_documents_is_marked_as_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = Path(__file__).parents[2] / "docs" / "form" / "answers.csv"
    grades, pages = tmp_path / "grades.csv", tmp_path / "pages"
    options = ["--grades", str(grades), "--output", str(pages)]
    assert main(["check", "two-layer-sigmoid", str(form), *options]) == 1
    assert "a date, which a spreadsheet makes of a number: '01. Mrz'" in capsys.readouterr().out
    with grades.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert rows == [
        ["Dora Muster", "12", "1", "0", "13", "not-updated"],
        ["Emil Muster", "12", "1", "0", "13", "missing-local"],
        ["Finn Muster", "6", "1", "6", "13", "sign"],
    ]
    assert head[0] == "name" and len(list(pages.iterdir())) == 6
