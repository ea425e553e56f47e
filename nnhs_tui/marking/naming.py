"""Which mistake is named for a wrong answer, going by the whole sheet.

Several mistakes can give one number. People have few misunderstandings and make them again, so the
ones that are named explain the most answers with the fewest ideas; what explains an answer but
fewer of the others is not named beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nnhs_tui.marking.judge import MISTAKE, WRONG, Marked, Row, in_words
from nnhs_tui.marking.mistakes.table import KNOWN

MOST_TOLD = 2
"""Mistakes that are told of for one answer at most."""

FAR = 1e50
CHANCE = 32.0
"""How likely any of a hundred numbers near the right one is, beside a mistake with odds of 1."""

CERTAIN = 0.5
"""A mistake as likely as this is named however few decimals there are."""

OFTEN = 0.15
"""Of the wrong answers of a sheet, twice at least: what explains so many is made, not met."""

_ORDER = {name: place for place, name in enumerate(KNOWN)}


def name_mistakes(rows: Sequence[Row], unit: float) -> None:
    """Say for every answer that mistakes explain which it is likeliest to be.

    Args:
        rows: those of one sheet; what has `candidates` is settled.
        unit: one of the last decimal that is asked for.
    """
    left = [row for row in rows if row.verdict == MISTAKE and row.candidates]
    often = Counter(name for row in left for name in row.candidates)
    for row in left:
        chance = _chance(row, unit)
        row.candidates = {
            name: likely
            for name, likely in row.candidates.items()
            if often[name] >= max(2, OFTEN * len(left)) or likely.weight >= chance
        }
        if not row.candidates:
            row.verdict = WRONG
    left = [row for row in left if row.candidates]
    while left:
        explained: dict[str, list[Row]] = {}
        for row in left:
            for name in row.candidates:
                explained.setdefault(name, []).append(row)
        best = min(
            explained,
            key=lambda name: (
                -len(explained[name]),
                KNOWN[name].is_general,
                _narrowness(name),
            ),
        )
        for row in explained[best]:
            _name(row, best, explained)
        left = [row for row in left if best not in row.candidates]
    _tell_repeated(rows)


def misunderstandings(answers: Iterable[Marked]) -> tuple[str, ...]:
    """The mistakes that explain a sheet, the most frequent first."""
    often = Counter(each.mistakes[0] for each in answers if each.verdict == MISTAKE)
    return tuple(sorted(often, key=lambda name: (-often[name], *_narrowness(name))))


def _chance(row: Row, unit: float) -> float:
    """How likely a mistake has to be, so that it is not more likely chance that gives the number.

    Wrong numbers mostly lie near the right one, and the fewer decimals there are, the more often
    one of them is by chance what some mistake gives.
    """
    assert row.typed is not None
    # Further off than that it is never by chance; the power of it is no number any more.
    off = min(FAR, max(1.0, abs(row.typed - row.question.exact)))
    return min(CHANCE * unit / off**4, CERTAIN)


def _tell_repeated(rows: Sequence[Row]) -> None:
    """Say where a misunderstanding is the same as in an answer above."""
    first: dict[str, str] = {}
    for row in rows:
        if row.verdict != MISTAKE or not row.mistakes or KNOWN[row.mistakes[0]].is_slip:
            continue
        before = first.setdefault(row.mistakes[0], row.question.name)
        if before != row.question.name:
            row.repeats = before
            row.message = f"{row.message}; the same idea as at {before}"


def _narrowness(name: str) -> tuple[bool, int]:
    """What comes first where two explain the same."""
    return KNOWN[name].is_general, _ORDER.get(name, len(_ORDER))


def _name(row: Row, best: str, explained: dict[str, list[Row]]) -> None:
    """Name the best, and beside it what explains the same answers just as well."""
    others = [
        name
        for name in sorted(set(row.candidates) - {best}, key=_narrowness)
        if len(explained[name]) == len(explained[best]) and not KNOWN[name].is_general
    ]
    row.mistakes = (best, *others)
    told = in_words({name: row.candidates[name] for name in row.mistakes[:MOST_TOLD]})
    row.message = f"{row.goes_on}this comes out when {told}"
