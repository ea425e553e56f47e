"""What the tests of the screen share."""

from __future__ import annotations

from typing import Any

import pytest

from nnhs_tui.ui.terminal import differ


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Switches the differ off for the apps that are made from then on."""
    return lambda off: monkeypatch.setattr(differ.DifferApp, "differ_enabled", not off)
