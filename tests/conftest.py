"""What every test relies on: a plain environment, a home of its own, settled hypotheses."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.store import progress
from tests import effort

# Textual and Rich read these when they are imported, and draw otherwise because of them.
for _name in list(os.environ):
    if _name in {"NO_COLOR", "FORCE_COLOR", "COLORTERM"} or _name.startswith("TEXTUAL"):
        del os.environ[_name]

# Under nohup the programs that the tests start would not hear that their terminal is gone.
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def not_new(*paths: Path) -> None:
    """These scenarios were opened before, so they have no first card."""
    for path in paths:
        progress.reach(str(path), is_opened=True)


LONG = ("slow", "second")
"""Marks of tests that `--quick` leaves out."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="no long test, and of many cases a part")
    parser.addoption("--part", action="store_true", help="of the many cases of a test a part")


def pytest_configure(config: pytest.Config) -> None:
    effort.settle(is_quick=config.option.quick or config.option.markexpr == "not slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not (config.option.quick or config.option.part):
        return
    left_out = LONG if config.option.quick else ()
    is_long = {each for each in items for name in left_out if each.get_closest_marker(name)}
    kept = effort.part_of([each for each in items if each not in is_long])
    chosen = set(kept)
    config.hook.pytest_deselected(items=[each for each in items if each not in chosen])
    items[:] = kept


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps the scenarios and settings of whoever runs the tests out of them, and the reverse."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            patch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
        patch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
        not_new(*shipped_folder().glob("*.toml"))
        yield
