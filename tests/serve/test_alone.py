"""Stepping alone goes where the debugger goes."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.public import load
from nnhs_tui.serve.alone import Reels, begin_alone
from nnhs_tui.serve.limits import REELS

WALKS = {
    "n": ("next",), "p": ("back",), "]": ("next-phase",), "[": ("previous-phase",),
    "home": ("first",), "end": ("last",),
}  # fmt: skip
KEYS = {"n": "next", "p": "back", "]": "phase", "[": "before", "home": "first", "end": "last"}


@pytest.mark.parametrize("name", ["two-layer-sigmoid", "three-samples", "chain-rule"])
@pytest.mark.parametrize("level", ["node", "neuron", "layer"])
@pytest.mark.parametrize("keys", ["nnnnpp", "]nn]p]]", "]]nn[[p[", "end p p p"])
def test_each_key_leads_where_its_command_does(name: str, level: str, keys: str) -> None:
    session = Session(load(name))
    session.execute(f"level {level}")
    session.execute("first")
    place = begin_alone(Reels(), session.scene())
    for key in keys.split() if " " in keys else keys:
        for command in WALKS[key]:
            if command == "back":
                # Back undoes what was done; what is meant is the step before.
                start = session.scene().span[0]
                if start:
                    session.jump_to(session.at(start - 1))
            else:
                session.execute(command)
        place = place.moved(KEYS[key])
        assert (place.index, place.level) == (session.index, session.level), key


def test_the_levels_follow_each_other_and_keep_the_place() -> None:
    session = Session(load("two-layer-sigmoid"))
    session.execute("goto grad hidden.a[1]")
    place = begin_alone(Reels(), session.scene())
    seen = []
    for _ in range(3):
        before, place = place, place.moved("level")
        seen.append(place.level)
        assert place.scene.span[0] <= before.index < place.scene.span[1]
    assert sorted(seen) == ["layer", "neuron", "node"] and seen[-1] == "node"


def test_what_is_kept_of_rounds_has_an_end() -> None:
    reels = Reels()
    sessions = [Session(load("chain-rule")) for _ in range(REELS + 5)]
    found = [reels.of(each.scene()) for each in sessions]
    assert len(reels._kept) == REELS
    assert reels.of(sessions[-1].scene()) is found[-1]
    assert reels.of(sessions[0].scene()) is not found[0]
