"""Files with the answers of many people."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.marking.judge import BLANK, RIGHT
from nnhs_tui.marking.sheets.marked import MarkedSheet, SheetMarker
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant


@pytest.fixture(scope="module")
def marker() -> SheetMarker:
    return SheetMarker(load(shipped_folder() / "two-layer-sigmoid.toml"))


def marked(
    marker: SheetMarker, path: Path, text: str, encoding: str = "utf-8"
) -> list[MarkedSheet]:
    path.write_text(text, encoding=encoding, newline="")
    return list(marker.marked(str(path)))


FORM = (
    'Timestamp,Email Address,{name},hidden.z[1],"grad hidden.W[1,2]",hidden.z[2]\n'
    "2026-11-01 10:00,ada@school.example,Ada,-0.75,0.16,-1.35\n"
    '2026-11-01 10:01,ben@school.example,Ben,"-0,75",,1.4\n'
    ",,,,,\n"
    "2026-11-01 10:02,cem@school.example,,,,\n"
)


@pytest.mark.parametrize("name", ["Name", "name", "Your full name", "Vor- und Nachname", "Nom"])
def test_a_row_a_pupil_as_form_services_export_it(
    marker: SheetMarker, tmp_path: Path, name: str
) -> None:
    ada, ben, cem = marked(marker, tmp_path / "form.csv", FORM.format(name=name))
    assert [each.name for each in (ada, ben, cem)] == ["Ada", "Ben", "line 5"]
    assert [(each.right, each.wrong, each.blank, each.of) for each in (ada, ben, cem)] == [
        *((3, 0, 0, 3), (1, 1, 1, 3), (0, 0, 3, 3)),
    ]
    assert [each.question.name for each in ada.answers] == [
        *("hidden.z[1]", "grad hidden.W[1,2]", "hidden.z[2]"),
    ]


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("First name,Last name,z1,hidden.z[2]", "Ada,Love,1,2", None),
        ("First name,Last name,hidden.z[1]", "Ada,Love,1", "Ada Love"),
        ("Username,First name,hidden.z[1]", "al,Ada,1", "Ada"),
        ("Username,hidden.z[1]", "al,1", "al"),
        ("Username,E-Mail,hidden.z[1]", "al,a@b.c,1", "a@b.c"),
        ("Zeit,hidden.z[1]", "10:00,1", "line 2"),
        ("氏名,hidden.z[1]", "愛,1", "愛"),
        ("hidden.z[1],name", "1,Ada", "Ada"),
    ],
)
def test_whose_a_row_is(
    marker: SheetMarker, tmp_path: Path, head: str, row: str, expected: str | None
) -> None:
    (sheet,) = marked(marker, tmp_path / "form.csv", f"{head}\n{row}\n")
    if expected is None:
        # A short name counts too, where one quantity alone has it: here two layers have z1.
        assert [each.question.name for each in sheet.answers] == ["hidden.z[2]"]
    else:
        assert sheet.name == expected


def test_semicolons_and_decimal_commas_and_seeds(marker: SheetMarker, tmp_path: Path) -> None:
    scenario = load(shipped_folder() / "two-layer-sigmoid.toml")
    weights = [
        variant(scenario, seed).model.layers[0].weights[0][0]  # type: ignore[union-attr, index]
        for seed in (3, 4)
    ]
    rows = [
        f"{n};{seed};{weight}".replace(".", ",")
        for n, seed, weight in zip("AB", (3, 4), weights, strict=True)
    ]
    text = "\n".join(["name;worksheet-seed;hidden.W[1,1]", *rows])
    sheets = marked(marker, tmp_path / "form.csv", text, "utf-16")
    assert [(each.name, each.is_all_right) for each in sheets] == [("A", True), ("B", True)]


def test_a_column_that_looks_like_a_quantity_and_is_none_is_refused(
    marker: SheetMarker, tmp_path: Path
) -> None:
    (sheet,) = marked(marker, tmp_path / "form.csv", "name,hidden.z[1],hidden.z[9]\nAda,1,2\n")
    (fault,) = sheet.faults
    assert (fault.where, "hidden.z[9]" in fault.found) == ("line 1", True)


def test_a_row_that_cannot_be_read_spoils_no_other(marker: SheetMarker, tmp_path: Path) -> None:
    text = "name,hidden.z[1]\nAda,-0.75\nBen,1,2,3\nCem,-0.75\n"
    ada, ben, cem = marked(marker, tmp_path / "form.csv", text)
    assert ada.is_all_right and cem.is_all_right
    assert ben.faults[0].where == "line 3" and "4 columns" in ben.faults[0].found


def test_one_file_with_the_rows_of_many(marker: SheetMarker, tmp_path: Path) -> None:
    text = (
        "name,quantity,answer\nAda,hidden.z[1],-0.75\n,hidden.z[2],-1.35\n"
        "Ben,hidden.z[1],\nBen,hidden.z[2],-1.35\nAda,hidden.a[1],0.32\n"
    )
    ada, ben = marked(marker, tmp_path / "all.csv", text)
    assert (ada.name, ada.right, ada.of, ada.is_all_right) == ("Ada", 3, 3, True)
    assert (ben.name, ben.right, ben.blank, ben.of) == ("Ben", 1, 1, 2)
    assert [each.verdict for each in ben.answers] == [BLANK, RIGHT]


def test_a_fault_is_that_of_whose_row_it_is(marker: SheetMarker, tmp_path: Path) -> None:
    text = "name,quantity,answer\nAda,hidden.z[1],-0.75\nBen,nothing,1\nBen,hidden.z[2],-1.35\n"
    ada, ben = marked(marker, tmp_path / "all.csv", text)
    assert ada.is_all_right
    assert (ben.name, ben.faults[0].where) == ("Ben", "line 3")


def test_seeds_are_those_of_each(marker: SheetMarker, tmp_path: Path) -> None:
    text = (
        "name,quantity,answer,worksheet-seed\nAda,hidden.z[1],9,1\nBen,hidden.z[1],9,2\n"
        "Cem,hidden.z[1],9,1\nCem,hidden.z[2],9,2\n"
    )
    ada, ben, cem = marked(marker, tmp_path / "all.csv", text)
    assert not ada.faults and not ben.faults
    assert ada.answers[0].question.exact != ben.answers[0].question.exact
    assert (cem.faults[0].where, cem.faults[0].found) == ("line 5", "another seed than above")
