"""Files are written whole or not at all, and never over another one unless that is wanted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.writing import write_whole


@pytest.mark.parametrize("has_links", [True, False])
def test_a_new_file_takes_no_other_one_s_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("no links on this stick")

    if not has_links:
        monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "sheet.md"
    write_whole(path, "first")
    with pytest.raises(FileExistsError):
        write_whole(path, "second")
    assert path.read_text(encoding="utf-8") == "first"
    write_whole(path, "third", over=True)
    assert path.read_text(encoding="utf-8") == "third"
    assert os.listdir(tmp_path) == ["sheet.md"]


def test_a_draft_that_is_refused_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "net.toml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)

    def refuse(draft: Path) -> None:
        assert draft.suffix == ".toml" and draft.read_text(encoding="utf-8") == "new"
        raise Refusal("no")

    with pytest.raises(Refusal):
        write_whole(path, "new", over=True, check=refuse)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["net.toml"]
    write_whole(path, "new", over=True)
    assert path.stat().st_mode & 0o777 == 0o640
