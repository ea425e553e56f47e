"""The rounds as they are kept: the same numbers, in few bytes."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.autodiff.memory import Budget
from nnhs_tui.operations.arithmetic import LARGEST, Exact, Hand
from nnhs_tui.training.history import BLOCK_BYTES, History

doubles = st.floats(allow_nan=False, allow_infinity=False)
decimals = st.decimals(-LARGEST, LARGEST, allow_nan=False, allow_infinity=False, places=6)
written = st.decimals(-LARGEST, LARGEST, allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(doubles, doubles, doubles), min_size=1, max_size=12))
def test_doubles_come_back_as_they_were(rows: list[tuple[float, float, float]]) -> None:
    first, *others = rows
    history = History(Exact(), np.array(first[:2]), Budget())
    for *after, loss in others:
        history.append(np.array(after), loss)
    assert len(history) == len(others)
    assert [history.numbers(k).tolist() for k in range(len(rows))] == [[*r[:2]] for r in rows]
    assert [history.loss(k) for k in range(len(others))] == [row[2] for row in others]
    assert history.losses().tolist() == [row[2] for row in others]


@given(
    st.lists(written, min_size=2, max_size=2),
    st.lists(st.tuples(decimals, decimals, decimals), max_size=12),
)
def test_decimals_come_back_as_they_were(
    first: list[Decimal], others: list[tuple[Decimal, Decimal, Decimal]]
) -> None:
    """Those the scenario begins with have as many places as somebody typed."""
    history = History(Hand(6), np.array(first, object), Budget())
    for *after, loss in others:
        history.append(np.array([first[0], *after[1:]], object), loss)
    assert history.numbers(0).tolist() == first
    for number, (_, after, loss) in enumerate(others):
        assert history.numbers(number + 1).tolist() == [first[0], after]
        assert history.loss(number) == loss
        assert history.losses()[number] == pytest.approx(float(loss))


def test_a_decimal_takes_eight_bytes() -> None:
    first = np.array([Decimal("0.125"), Decimal("1e11")], object)
    history = History(Hand(2), first, Budget())
    for number in range(1000):
        history.append(np.array([Decimal(number) / 100, Decimal("1e11")], object), Decimal("0.5"))
    assert history.nbytes <= 1001 * 3 * 8 + BLOCK_BYTES


def test_a_copy_has_the_rounds_before_alone() -> None:
    history = History(Exact(), np.array([1.0]), Budget())
    for number in range(5):
        history.append(np.array([number + 2.0]), number / 10)
    copy = history.until(2)
    assert (len(copy), copy.numbers(2).tolist(), copy.loss(1)) == (2, [3.0], 0.1)
    copy.append(np.array([-1.0]), 9.0)
    assert (copy.numbers(3).tolist(), history.numbers(3).tolist()) == ([-1.0], [4.0])
    with pytest.raises(IndexError):
        copy.loss(3)
    with pytest.raises(IndexError):
        copy.numbers(-1)
