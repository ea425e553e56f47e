"""Worksheets as XLSX: what can be changed in them, and that they are read back."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.sheets.sheet import ASKS, NAME, SEED, SheetRow, read_sheet, says
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet import workbook
from nnhs_tui.worksheet.orders import Copy, Order

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SCENARIO = load(shipped_folder() / "two-layer-sigmoid.toml")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (path,) = Order("xlsx").write(SCENARIO, tmp_path, [Copy(3, "=Ada()")])
    return path


def test_it_is_read_back_as_the_csv_is(written: Path, tmp_path: Path) -> None:
    (plain,) = Order("csv").write(SCENARIO, tmp_path, [Copy(3, "=Ada()")])
    found, expected = ([*read_sheet(str(each)).rows()] for each in (written, plain))
    assert found == expected and len(found) == 33
    sheet = read_sheet(str(written))
    assert [says(sheet, each)[1] for each in (SEED, NAME, ASKS)] == ["3", "'=Ada()", "all"]
    assert all(isinstance(row, SheetRow) and row.answer == "" for row in found)


def test_only_the_blanks_can_be_changed_and_take_text(written: Path) -> None:
    with zipfile.ZipFile(written) as packed:
        answers, given = (ET.fromstring(packed.read(f"xl/worksheets/sheet{n}.xml")) for n in (1, 2))
        styles = ET.fromstring(packed.read("xl/styles.xml"))
    formats = styles.find(f"{MAIN}cellXfs")
    assert formats is not None
    unlocked = {
        number
        for number, each in enumerate(formats)
        if (rule := each.find(f"{MAIN}protection")) is not None and rule.get("locked") == "0"
    }
    # 49 is the number of the format of text.
    assert {formats[number].get("numFmtId") for number in unlocked} == {"49"}
    for page in (answers, given):
        assert page.find(f"{MAIN}sheetProtection").get("sheet") == "1"  # type: ignore[union-attr]
    open_cells = {
        cell.get("r") for cell in answers.iter(f"{MAIN}c") if int(cell.get("s") or 0) in unlocked
    }
    assert open_cells == {f"B{row}" for row in range(2, 35)}
    assert not any(int(cell.get("s") or 0) in unlocked for cell in given.iter(f"{MAIN}c"))


def test_another_reader_sees_it_so(written: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    answers, given = openpyxl.load_workbook(written)
    assert answers.protection.sheet and given.protection.sheet
    cells = [cell for row in answers.iter_rows() for cell in row]
    blanks = [cell for cell in cells if not cell.protection.locked]
    assert [cell.coordinate for cell in blanks] == [f"B{row}" for row in range(2, 35)]
    assert {(cell.value, cell.number_format) for cell in blanks} == {(None, "@")}
    assert all(cell.protection.locked for row in given.iter_rows() for cell in row)


def test_numbers_typed_in_a_spreadsheet_are_read(written: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(written)
    typed = ["-0,26", "11/25", -0.2, "≈ 0.45"]
    for row, value in enumerate(typed, 2):
        book["answers"].cell(row, 2).value = value
    book.save(written)
    rows = [row for row in read_sheet(str(written)).rows() if isinstance(row, SheetRow)]
    found = [(row.quantity, row.answer) for row in rows if row.answer]
    assert [quantity for quantity, _ in found] == [
        "hidden.z[1]",
        "hidden.a[1]",
        "hidden.z[2]",
        "hidden.a[2]",
    ]
    marker = Marker(Questions(variant(SCENARIO, 3)))
    assert [each.verdict for each in marker.mark(found)] == ["right"] * 4


def test_it_prints_as_wide_as_the_paper(written: Path) -> None:
    with zipfile.ZipFile(written) as packed:
        for number in (1, 2):
            page = ET.fromstring(packed.read(f"xl/worksheets/sheet{number}.xml"))
            fits = page.find(f"{MAIN}sheetPr/{MAIN}pageSetUpPr")
            setup = page.find(f"{MAIN}pageSetup")
            assert fits is not None and fits.get("fitToPage") == "1"
            assert setup is not None
            assert (setup.get("fitToHeight"), setup.get("paperSize")) == ("0", "9")


def test_filled_in_numbers_wear_no_warning(written: Path) -> None:
    with zipfile.ZipFile(written) as packed:
        page = ET.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    (ignored,) = page.iter(f"{MAIN}ignoredError")
    assert (ignored.get("sqref"), ignored.get("numberStoredAsText")) == ("B2:B34", "1")


def test_the_second_page_has_all_that_is_given(written: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(written.read_bytes()))
    assert book.sheet_names == ["answers", "given"]
    text = str(book.get_sheet_by_name("given").to_python())
    for told in ("seed 3", "Give 2 decimals", "hidden.W (3×2)", "lr = 0.5"):
        assert told in text


def test_a_filled_in_workbook_is_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (_, key) = Order("xlsx", key=True).write(SCENARIO, tmp_path, [Copy(3)])
    assert main(["check", "two-layer-sigmoid", str(key)]) == 0
    assert "33 of 33 right" in capsys.readouterr().out


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_module: str, extra: str, what: str) -> None:
        raise Refusal(f"{what} needs nnhs-tui[{extra}]")

    monkeypatch.setattr(workbook, "needed", missing)
    with pytest.raises(Refusal, match=r"a worksheet of this kind needs nnhs-tui\[sheets\]"):
        Order("xlsx").text(SCENARIO)
