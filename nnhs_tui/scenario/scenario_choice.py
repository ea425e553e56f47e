"""A scenario that can be chosen: a file, or one that is loaded already."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnhs_tui.scenario.model import Scenario
    from nnhs_tui.scenario.reading.describe import Described


@dataclass(frozen=True)
class Choice:
    """What a list of scenarios offers."""

    path: Path
    loaded: Scenario | None = None
    """The scenario, where no file is to be read any more."""

    @property
    def name(self) -> str:
        """What it is called in a list."""
        return self.path.stem

    def is_at(self, path: str) -> bool:
        """Whether it is the scenario of this file."""
        if self.loaded is not None:
            return self.loaded.path == path
        return os.path.realpath(self.path) == os.path.realpath(path)

    def described(self) -> Described:
        """What a list shows of it; its texts are not made harmless yet."""
        from nnhs_tui.scenario.model import shape
        from nnhs_tui.scenario.reading.describe import Described, describe

        if self.loaded is None:
            return describe(self.path)
        made = self.loaded
        return Described(made.title, shape(made), made.chapter, made.place, made.parts)

    def load(self, shown_as: str | None = None) -> Scenario:
        """The scenario.

        Args:
            shown_as: what messages call its file, when that is not its path.

        Raises:
            ScenarioError: its file has faults.
        """
        from nnhs_tui.scenario.loading import load

        return self.loaded or load(self.path, shown_as=shown_as)
