"""The inputs that once showed a fault, by target: files in `corpus/`, and what `recipes` makes."""

from __future__ import annotations

from pathlib import Path

from fuzz import recipes

FOLDER = Path(__file__).resolve().parent / "corpus"
ABOUT = "README.md"
"""In each folder: a line a member that says what it showed."""


def members(target: str) -> dict[str, bytes]:
    """The inputs of a target by name, those of a recipe too."""
    paths = sorted(path for path in (FOLDER / target).iterdir() if path.name != ABOUT)
    stored = {path.name: path.read_bytes() for path in paths}
    return stored | {name: make() for name, make in recipes.RECIPES.get(target, {}).items()}
