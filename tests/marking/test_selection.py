"""What a worksheet asks: by level, phase, sample and name, and as a sheet carries it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.asked_quantities import PHASES, asked
from nnhs_tui.marking.selection import (
    FOUR_PAGES,
    Selected,
    Selection,
    is_of_key,
    of_key,
    read_selection,
    selected,
)
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load

XOR = """
title = "XOR"
loss = { kind = "half_sse" }
[network]
inputs = 2
[[network.layers]]
name = "hidden"
activation = "sigmoid"
weights = [[0.5, -0.4], [0.3, 0.8]]
bias = [0.1, -0.2]
[[network.layers]]
name = "output"
activation = "sigmoid"
weights = [[0.7], [-0.6]]
bias = [0.2]
[[samples]]
x = [0, 0]
t = [0]
[[samples]]
x = [0, 1]
t = [1]
[[samples]]
x = [1, 0]
t = [1]
[[samples]]
x = [1, 1]
t = [0]
"""


def names_of(session: Session, selection: Selection) -> list[str]:
    schedule, names = session.schedule, session.names
    return [name_of(names, each, schedule) for each in Selected(selection, schedule, names)]


def three() -> Session:
    return Session(load(shipped_folder() / "three-samples.toml"))


@pytest.mark.parametrize("phases", [PHASES, PHASES[1:2]])
@pytest.mark.parametrize("level", ["node", "neuron"])
def test_without_names_and_samples_all_is_asked(level: str, phases: tuple[str, ...]) -> None:
    session = three()
    wanted = list(asked(session.schedule, level, phases))
    every = Selected(Selection(level, phases, ()), session.schedule, session.names)
    assert list(every) == wanted and not every.others


def test_a_sample_is_asked_alone_and_with_it_what_is_of_all() -> None:
    session = three()
    found = names_of(session, Selection(samples=(2,)))
    assert {each.partition(":")[0] for each in found if ":" in each} == {"sample 2"}
    assert "loss" in found and "new hidden.W[1,1]" in found
    chosen = Selected(Selection(samples=(2,)), session.schedule, session.names)
    assert list(chosen.samples) == [1] and list(chosen.others) == [0, 2]


def test_by_itself_the_first_sample_is_asked_where_all_are_too_many() -> None:
    session = Session(from_text(XOR, "xor"))
    assert len(list(asked(session.schedule, "neuron"))) > FOUR_PAGES
    by_itself = names_of(session, Selection())
    assert by_itself == names_of(session, Selection(samples=(1,)))
    assert len(by_itself) <= FOUR_PAGES
    every = names_of(session, Selection(samples=()))
    assert len(every) == len(list(asked(session.schedule, "neuron")))
    assert len(names_of(three(), Selection())) == len(list(asked(three().schedule, "neuron")))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("hidden.z[1]",), ["sample 1: hidden.z[1]", "sample 2: hidden.z[1]"]),
        (("sample 2: hidden.z[1]",), ["sample 2: hidden.z[1]"]),
        (("sample 1: dw21",), None),
        (
            ("new output.W*", "loss"),
            ["sample 1: loss", "sample 2: loss", "loss", "new output.W[1,1]", "new output.W[2,1]"],
        ),
        (("hidden.p[2,*",), None),
    ],
)
def test_names_and_patterns(names: tuple[str, ...], expected: list[str] | None) -> None:
    session = three()
    if expected is None and "dw21" in names[0]:
        with pytest.raises(Refusal, match="which"):
            names_of(session, Selection(names=names))
        return
    found = names_of(session, Selection(samples=(1, 2), names=names))
    if expected is None:
        assert found and all(each.partition(": ")[2].startswith("hidden.p[2,") for each in found)
    else:
        assert found == expected


@pytest.mark.parametrize("name", ["hiden.*", "x[1]", "grad nothing", "new hidden.z[1]"])
def test_what_asks_nothing_is_refused(name: str) -> None:
    with pytest.raises(Refusal):
        names_of(three(), Selection(names=(name,)))


def test_a_sample_that_is_none_is_refused() -> None:
    for number in (0, 4, 999_999):
        with pytest.raises(Refusal, match=f"no sample {number}; there are 3"):
            names_of(three(), Selection(samples=(number,)))


def test_a_pattern_of_stars_takes_no_time() -> None:
    with pytest.raises(Refusal):
        names_of(three(), Selection(names=("*a" * 200 + "!",)))


NAMES = st.text(alphabet="abW12*,. ", min_size=1, max_size=12).filter(
    lambda name: name.strip() == name and "," not in name
)


@given(
    st.sampled_from(("node", "neuron", "layer")),
    st.sets(st.sampled_from(PHASES), min_size=1),
    st.none() | st.lists(st.integers(1, 999), max_size=3, unique=True),
    st.lists(NAMES | st.just("hidden.W[1,2]"), max_size=3),
)
def test_what_a_sheet_carries_is_read_again(
    level: str, phases: set[str], samples: list[int] | None, names: list[str]
) -> None:
    in_order = tuple(each for each in PHASES if each in phases)
    chosen = None if samples is None else tuple(samples)
    selection = Selection(level, in_order, chosen, tuple(names))
    text = selection.written()
    assert read_selection(text) == read_selection(of_key(text)) == selection
    assert is_of_key(of_key(text)) and not is_of_key(text)


@given(st.text(max_size=40))
def test_whatever_else_stands_there_breaks_nothing(text: str) -> None:
    read = read_selection(text)
    session = three()
    if read is not None:
        with contextlib.suppress(Refusal):
            selected(read, session.schedule, session.names, 100)
