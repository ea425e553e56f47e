"""Where scenarios are found: those shipped with the program, and the user's own folder."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from nnhs_tui.errors import Fault, ScenarioError, nearest, printable

PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """The scenarios inside an installed package, else those of the repository."""
    inside = PACKAGE / "scenarios"
    return inside if inside.is_dir() else PACKAGE.parent / "scenarios"


def own_folder() -> Path:
    """The user's own scenarios (platformdirs' data folder)."""
    from platformdirs import user_data_path

    return user_data_path("nnhs-tui", appauthor=False) / "scenarios"


def scenario_paths(*, own: bool = True) -> list[Path]:
    """Every scenario that can be opened by its name: the shipped ones, then the user's own."""
    paths = sorted(shipped_folder().glob("*.toml"))
    if not own:
        return paths
    # A folder that cannot be read holds no scenario that could be opened.
    with contextlib.suppress(OSError):
        paths += sorted(own_folder().glob("*.toml"))
    return paths


def find(name: str, *, own: bool = True) -> Path:
    """The file behind a scenario's name or path.

    Args:
        own: whether the user's own folder is searched too.

    Raises:
        ScenarioError: there is none; the nearest name is suggested.
    """
    path = Path(name)
    if name.endswith(".toml") or os.sep in name:
        return path
    known = {each.stem: each for each in reversed(scenario_paths(own=own))}
    if name in known:
        return known[name]
    # Unlike Path.is_file, os.path.isfile is also quiet about names too long for a file.
    if os.path.isfile(name):
        return path
    near = nearest(name, known)
    cure = f"did you mean {near}? " if near else ""
    raise ScenarioError(
        (
            Fault(
                printable(name),
                "",
                "no scenario has this name",
                f"{cure}expected a name that `nnhs-tui list` shows, or the path of a .toml file",
            ),
        )
    )
