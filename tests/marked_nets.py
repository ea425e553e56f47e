"""Random nets with their markers, which several tests put many answers to."""

from __future__ import annotations

from functools import cache

from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from tests.mistakes_reference import random_net
from tests.random_scenarios import loaded


@cache
def marker_of_net(seed: int, digits: int) -> Marker:
    """The same marker each time: what mistakes give at a quantity is worked out once for all.

    That a sheet is marked alike whichever came before has a test of its own.
    """
    return Marker(Questions(loaded(random_net(seed).toml(digits))))
