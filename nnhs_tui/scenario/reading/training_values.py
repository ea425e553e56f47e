"""What the keys of [training] may hold that say how parameters change."""

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from voluptuous import Invalid, MultipleInvalid

from nnhs_tui.operations.optimizer import BY_NORM, BY_VALUE, Clip, Optimizer
from nnhs_tui.operations.rates import RATE_RULES, RateSchedule
from nnhs_tui.operations.update_rules import UPDATE_RULES
from nnhs_tui.scenario.reading import limits
from nnhs_tui.scenario.reading.faults import choices, describe_value
from nnhs_tui.scenario.reading.values import Finding, not_negative, number, one_of, whole

KIND = "kind"
BATCH, SAMPLE = "batch", "sample"
"""Parameters change after all samples of a round, or after each."""
CLIPS = (BY_NORM, BY_VALUE)
_WHOLE = ("every",)
"""Numbers of a schedule that are whole."""
_EXAMPLE_OF_CLIP = "expected { norm = 1.0 } or { value = 0.5 }"


def optimizer(value: object) -> object:
    """A rule of the table, as it is when it is asked; or a table with its numbers."""
    if not isinstance(value, dict):
        return one_of(UPDATE_RULES)(value)
    kind = _kind(value, UPDATE_RULES, '{ kind = "adam" }')
    if kind is None:
        return value
    return _table(value, (KIND, *UPDATE_RULES[kind].numbers), _number_of_rule)


def schedule(value: object) -> object:
    """A table of a schedule and its numbers."""
    expected = '{ kind = "step", every = 10, factor = 0.5 }'
    if not isinstance(value, dict):
        raise Finding(describe_value(value), f"expected {expected}")
    kind = _kind(value, RATE_RULES, expected)
    if kind is None:
        return value
    needs = RATE_RULES[kind].needs
    missing = [each for each in needs if each not in value]
    if missing:
        raise Finding(f"no {missing[0]}", f"expected {' and '.join(needs)} beside kind")
    return _table(value, (KIND, *needs), _number_of_schedule)


def clip(value: object) -> object:
    """A table with one limit."""
    if not isinstance(value, dict):
        raise Finding(describe_value(value), _EXAMPLE_OF_CLIP)
    _table(value, CLIPS, _positive)
    if len(value) != 1:
        raise Finding(f"a table of {len(value)} keys", _EXAMPLE_OF_CLIP)
    return value


def update(value: object) -> object:
    """When parameters change."""
    if value in (BATCH, SAMPLE):
        return value
    if type(value) is int:
        return whole(1, limits.MAX_SAMPLES, f', "{BATCH}" or "{SAMPLE}"')(value)
    raise Finding(
        describe_value(value), f'expected "{BATCH}", "{SAMPLE}" or after how many samples: 2'
    )


def _kind(value: dict[str, Any], known: Collection[str], example: str) -> str | None:
    """The kind of a table; None where its fault is noted already."""
    if KIND not in value:
        raise Finding("no kind", f"expected {choices(known)}: {example}")
    kind = value[KIND]
    if not isinstance(kind, str) or kind not in tuple(known):
        raise Finding(describe_value(kind), f"expected {choices(known)}", (KIND,))
    return kind


def _table(
    value: dict[str, Any], keys: Collection[str], check: Callable[[str, Any], object]
) -> object:
    """A table of numbers with these keys.

    Raises:
        MultipleInvalid: every key that is none of them, and every number that cannot be.
    """
    found = list[Invalid]()
    for key, each in value.items():
        try:
            if key not in keys:
                known = ", ".join(keys)
                raise Finding("unknown key", f"expected {'one of ' * (len(keys) > 1)}{known}")
            if key != KIND:
                check(key, each)
        except Finding as fault:
            found.append(Finding(fault.found, fault.error_message, (key,)))
    if found:
        raise MultipleInvalid(found)
    return value


def _number_of_rule(name: str, value: Any) -> object:
    if not name.startswith("beta"):
        return not_negative(value)
    number(value)
    if not 0 <= value < 1:
        raise Finding(describe_value(value), "expected a number of at least 0 and below 1")
    return value


def _number_of_schedule(name: str, value: Any) -> object:
    return whole(1, limits.MAX_ROUNDS)(value) if name in _WHOLE else not_negative(value)


def _positive(name: str, value: Any) -> object:
    number(value)
    if value <= 0:
        raise Finding(describe_value(value), "expected a number above 0")
    return value


def built_optimizer(training: dict[str, Any]) -> Optimizer:
    """How parameters change, as a sound [training] says it."""
    given = training.get("optimizer", "sgd")
    table = given if isinstance(given, dict) else {KIND: given}
    own = tuple((name, Decimal(each)) for name, each in table.items() if name != KIND)
    limit = next(((kind, Decimal(each)) for kind, each in training.get("clip", {}).items()), None)
    rates = training.get("schedule")
    numbers = tuple((name, Decimal(each)) for name, each in (rates or {}).items() if name != KIND)
    return Optimizer(
        UPDATE_RULES[table[KIND]],
        own,
        Decimal(training.get("weight_decay", 0)),
        None if limit is None else Clip(*limit),
        None if rates is None else RateSchedule(rates[KIND], numbers),
    )


def built_update(training: dict[str, Any]) -> int | None:
    """After how many samples parameters change; None: after all."""
    given = training.get("update", BATCH)
    return {BATCH: None, SAMPLE: 1}.get(given, given)
