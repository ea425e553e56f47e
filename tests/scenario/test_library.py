"""Which file a name stands for, and which of the listed scenarios is the one that is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nnhs_tui.errors import ScenarioError
from nnhs_tui.scenario.library import find, own_folder, scenario_paths, shipped_folder
from nnhs_tui.scenario.scenario_choice import Choice

SHIPPED = "two-layer-sigmoid"


@pytest.fixture
def own() -> Iterator[Path]:
    """The user's own folder, with a scenario that is called like a shipped one, and another."""
    folder = own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.toml" for name in (SHIPPED, "zz-mine")]
    for file in files:
        file.write_text('title = "mine"', encoding="utf-8")
    yield folder
    for file in files:
        file.unlink()


def test_a_name_is_that_of_the_shipped_scenario_first(own: Path) -> None:
    """Lessons and sheets name shipped scenarios: no file of one's own comes before them."""
    assert find(SHIPPED) == shipped_folder() / f"{SHIPPED}.toml"
    assert find(str(own / f"{SHIPPED}.toml")) == own / f"{SHIPPED}.toml"
    assert find("zz-mine") == own / "zz-mine.toml"


def test_where_own_files_do_not_count_there_are_none(own: Path) -> None:
    assert own / "zz-mine.toml" in scenario_paths()
    assert all(path.parent == shipped_folder() for path in scenario_paths(own=False))
    with pytest.raises(ScenarioError, match="no scenario has this name"):
        find("zz-mine", own=False)


def test_a_scenario_is_known_by_whatever_path_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('title = "a"', encoding="utf-8")
    (tmp_path / "link.toml").symlink_to(tmp_path / "a.toml")
    monkeypatch.chdir(tmp_path)
    choice = Choice(tmp_path / "a.toml")
    for path in ("a.toml", "./a.toml", f"../{tmp_path.name}/a.toml", "link.toml"):
        assert choice.is_at(path), path
        assert not Choice(tmp_path / "b.toml").is_at(path)
