"""Worksheets as PDF: read back by another library."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet import portable
from nnhs_tui.worksheet.making import make_sheet
from nnhs_tui.worksheet.orders import Order
from nnhs_tui.worksheet.portable import pdf, pdf_of, quoted
from nnhs_tui.worksheet.sheet import Sheet
from tests.random_scenarios import loaded

pytest.importorskip("typst")
pypdf = pytest.importorskip("pypdf")

SHIPPED = sorted(shipped_folder().glob("*.toml"))
TWO_LAYER = shipped_folder() / "two-layer-sigmoid.toml"
HOSTILE = """#panic("x") "\\" $x^2$ *b* _i_ @a <end1> `c` \\u{41} [b] // no /* no */ 数ü"""


def pages(made: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages
    ]


def sheet(seed: int = 3, **changes: object) -> Sheet:
    made = make_sheet(Session(variant(load(TWO_LAYER), seed)), seed=seed)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_every_page_says_which_sheet_it_is_whose_and_which_page() -> None:
    found = pages(pdf(sheet(pupil="Ada Lovelace")))
    assert len(found) > 1
    for number, text in enumerate(found, 1):
        assert "Two layers with sigmoid (3→2→1), seed 3" in text
        assert "Name: Ada Lovelace" in text and "Date:" in text
        assert f"{number}/{len(found)}" in text
    assert "Give 2 decimals" in found[0] and "Working:" in "".join(found)


def test_all_blanks_are_there_and_in_a_key_their_answers() -> None:
    asked = sheet()
    text = "".join(pages(pdf(asked)))
    assert all(name in text for name, _ in asked.answers)
    key = make_sheet(Session(variant(load(TWO_LAYER), 3)), seed=3, is_key=True)
    told = "".join(pages(pdf(key)))
    assert all(answer in told for _, answer in key.answers)
    assert "Working:" not in told and "hidden.W[1,1]·x[1]" in told


def test_sheets_are_joined_and_each_counts_its_own_pages() -> None:
    alone = len(pages(pdf(sheet(1))))
    found = pages(pdf_of([sheet(1), sheet(2)]))
    assert len(found) == 2 * alone
    assert f"1/{alone}" in found[0] and f"1/{alone}" in found[alone]
    assert "seed 1" in found[0] and "seed 2" in found[alone]


XOR = """
title = "XOR"
loss = { kind = "half_sse" }
[network]
inputs = 2
[[network.layers]]
activation = "sigmoid"
weights = [[0.5, -0.4], [0.3, 0.8]]
bias = [0.1, -0.2]
[[network.layers]]
activation = "sigmoid"
weights = [[0.7], [-0.6]]
bias = [0.2]
""" + "".join(f"[[samples]]\nx = [{a}, {b}]\nt = [{a ^ b}]\n" for a in (0, 1) for b in (0, 1))


@pytest.mark.parametrize("name", ["xor", "three-samples"])
def test_several_samples_fit_four_pages(name: str) -> None:
    scenario = loaded(XOR) if name == "xor" else load(shipped_folder() / "three-samples.toml")
    found = pages(Order("pdf").text(scenario))  # type: ignore[arg-type]
    assert len(found) <= 4
    assert "All samples together" in "".join(found) and "Update" in "".join(found)


def test_texts_of_a_file_stay_texts() -> None:
    changed = sheet(title=HOSTILE, pupil=HOSTILE, facts=(HOSTILE,), rules=(HOSTILE,), drawn=HOSTILE)
    text = "".join(pages(pdf(changed)))
    for part in ('#panic("x")', "$x^2$", "<end1>", "// no /* no */", "\\u{41}"):
        assert text.count(part) >= 5, part
    assert quoted("\x1b[31m\n") == r'"\\x1b[31m\\n"'


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario(path: Path) -> None:
    for is_key in (False, True):
        assert pages(pdf(make_sheet(Session(load(path)), is_key=is_key)))


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--format", "pdf", "--count", "2", "--key", "--output", str(tmp_path)]
    assert main(["worksheet", "one-to-one", *options]) == 0
    assert main(["worksheet", "one-to-one", *options, "--join"]) == 0
    made = sorted(each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*.pdf"))
    assert made == [
        *("keys/one-to-one-keys.pdf", "keys/one-to-one-seed-1-key.pdf"),
        *("keys/one-to-one-seed-2-key.pdf", "one-to-one-seed-1.pdf", "one-to-one-seed-2.pdf"),
        "one-to-one-sheets.pdf",
    ]
    capsys.readouterr()


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_module: str, extra: str, what: str) -> None:
        raise Refusal(f"{what} needs nnhs-tui[{extra}]")

    monkeypatch.setattr(portable, "needed", missing)
    with pytest.raises(Refusal, match=r"a worksheet as PDF needs nnhs-tui\[pdf\]"):
        Order("pdf").text(load(TWO_LAYER))
