"""The picture of the screen for the README."""

from __future__ import annotations

from pathlib import Path

from nnhs_tui.ui.picture import main


def test_a_picture_is_drawn_after_commands(tmp_path: Path) -> None:
    file = tmp_path / "screen.svg"
    assert main(["three-samples", str(file), "--run", "zoom", "--at", "40"]) == 0
    drawn = file.read_text(encoding="utf-8").replace("&#160;", " ")
    assert "step 40/114" in drawn and ">net<" in drawn and "matrices" not in drawn


def test_it_waits_for_a_training(tmp_path: Path) -> None:
    file = tmp_path / "screen.svg"
    assert main(["three-samples", str(file), "--run", "train 700", "--at", "3"]) == 0
    assert "round&#160;701" in file.read_text(encoding="utf-8")
