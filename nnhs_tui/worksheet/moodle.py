"""A sheet as questions of a Moodle quiz, in its XML: each blank a numerical question.

The numbers of a known mistake are wrong answers with a feedback of their own: `check` would name
them there. In a quiz the numbers drawn with other seeds are further variants in the same category.
Format: https://docs.moodle.org/en/Moodle_XML_format
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from xml.sax.saxutils import escape

from nnhs_tui.errors import printable
from nnhs_tui.marking.judge import Judge, is_right
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import as_decimal, half_away
from nnhs_tui.worksheet.sheet import Grid, Part, Sheet

MOST_MISTAKES = 200
"""Wrong answers with a feedback of their own, for each question."""
PARTLY = 50
"""What a close answer is worth where marking is strict, of a hundred."""

_ROUNDED = "Right, rounded at every step."
_CLOSE = "Close: one unit of the last digit off, by rounding."


@dataclass(frozen=True)
class Choice:
    """A number that somebody may answer."""

    value: Decimal
    tolerance: Decimal
    fraction: int
    """What it is worth, of a hundred."""
    feedback: str = ""


def moodle(title: str, sheets: Sequence[tuple[Sheet, Questions]], *, strict: bool) -> str:
    """The questions of sheets, those about one quantity in one category.

    Args:
        title: of the category in which those of the quantities are.
        sheets: the same blanks with other numbers; each with what is asked in it.
        strict: whether a close answer is worth only half.
    """
    first = sheets[0][0]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for place, (name, _) in enumerate(first.answers, 1):
        # Two strokes are one that is part of a name.
        named = f"{place:03} {name}".replace("/", "//")
        lines += _category(f"{title.replace('/', '//')}/{named}")
        for sheet, questions in sheets:
            lines += _question(sheet, questions, name, place, strict=strict)
    return "\n".join([*lines, "</quiz>"]) + "\n"


def _category(name: str) -> Iterator[str]:
    yield '<question type="category">'
    yield f"<category><text>$course$/top/{_text(name)}</text></category>"
    yield "</question>"


def _question(
    sheet: Sheet, questions: Questions, name: str, place: int, *, strict: bool
) -> Iterator[str]:
    title = f"{place:03} {name}" + ("" if sheet.seed is None else f", seed {sheet.seed}")
    yield '<question type="numerical">'
    yield f"<name><text>{_text(title)}</text></name>"
    yield f'<questiontext format="html"><text>{_text(_asked(sheet, name))}</text></questiontext>'
    yield "<defaultgrade>1</defaultgrade>"
    yield "<penalty>0.3333333</penalty>"
    for choice in choices(questions, questions.question(name), strict=strict):
        yield f'<answer fraction="{choice.fraction}" format="moodle_auto_format">'
        yield f"<text>{choice.value:f}</text>"
        yield f"<tolerance>{choice.tolerance:f}</tolerance>"
        yield f'<feedback format="html"><text>{_text(escape(choice.feedback))}</text></feedback>'
        yield "</answer>"
    yield "<unitgradingtype>0</unitgradingtype>"
    yield "<unitpenalty>0.1</unitpenalty>"
    yield "<showunits>3</showunits>"
    yield "<unitsleft>0</unitsleft>"
    yield "</question>"


def choices(questions: Questions, question: Question, *, strict: bool) -> Iterator[Choice]:
    """What may be answered, in the order in which Moodle looks for the first that fits.

    It is that of the marking: right, right when every step is rounded, close, known mistakes.
    """
    judge, hand = Judge(questions), question.hand
    # A term of the loss is right with and without what the sum is divided by.
    divisors = dict.fromkeys((1, question.divisor))
    rounded = [] if hand is None or hand == question.exact else [hand]
    for told, values in (("Right.", [question.exact]), (_ROUNDED, rounded)):
        for value in (each / divisor for each in values for divisor in divisors):
            yield _near(judge, value, 0.5, 100, told)
    worth = PARTLY if strict else 100
    near = [question.exact, float(question.expected), *rounded]
    for value in dict.fromkeys(each / divisor for each in near for divisor in divisors):
        yield _near(judge, value, 1, worth, _CLOSE)
    yield from _mistakes(judge, question)


def _near(judge: Judge, value: float, units: float, worth: int, told: str) -> Choice:
    """All that is so many units of the last decimal off at most."""
    return Choice(as_decimal(value), as_decimal(judge.limit(value, units)), worth, told)


def _mistakes(judge: Judge, question: Question) -> Iterator[Choice]:
    """The wrong answers that the marking of a sheet with this answer alone would name.

    The likeliest first, as often as there is room for them.
    """
    questions = judge.questions
    marker, seen, count = Marker(questions), set[Decimal](), 0
    for value in chain.from_iterable(map(_written(judge), _likeliest(questions, question))):
        if value in seen:
            continue
        seen.add(value)
        (marked,) = marker.mark([(question.name, f"{value:f}")])
        if is_right(marked.verdict) or not marked.mistakes:
            continue
        told = KNOWN[marked.mistakes[0]]
        yield _near(judge, float(value), 0.5, 0, f"{_sentence(marked.message)} {told.tip}")
        count += 1
        if count == MOST_MISTAKES:
            return


def _likeliest(questions: Questions, question: Question) -> list[float]:
    """The numbers that known mistakes give, the likeliest first."""
    mistaken = questions.mistakes(question)
    found = [each for each in mistaken.found if math.isfinite(each.value)]
    found.sort(key=lambda each: -mistaken.weights[each.name][bool(each.through)])
    return [each.value for each in found]


def _written(judge: Judge) -> Callable[[float], list[Decimal]]:
    """A function that says how a number is written: at a tie in both ways."""
    digits = judge.questions.digits
    unit = Decimal(1).scaleb(-digits)

    def written(value: float) -> list[Decimal]:
        nearest = half_away(as_decimal(value), digits)
        ways = (nearest, nearest - unit, nearest + unit)
        return [each for each in ways if judge.within(float(each), value, 0.5)]

    return written


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _asked(sheet: Sheet, name: str) -> str:
    """The question as HTML: what is given, and the number that is wanted."""
    parts = [f"<p>{escape(printable(sheet.title))}</p>"]
    parts += [f"<p>{escape(printable(rule))}</p>" for rule in sheet.rules]
    parts += [f"<p>{escape(printable(fact))}</p>" for fact in sheet.facts]
    for part in sheet.given:
        parts += _given(part)
    parts.append(f"<p><b>{escape(printable(name))} = ?</b></p>")
    return "".join(parts)


def _given(part: Part) -> Iterator[str]:
    yield f"<p><i>{escape(printable(part.title))}</i></p>"
    for grid in part.grids:
        yield from _table(grid)


def _table(grid: Grid) -> Iterator[str]:
    label = grid.label or ", ".join(grid.columns)
    rows = (
        "".join(f"<td>{escape(printable(cell.text))}</td>" for cell in cells)
        for _, cells in grid.rows
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    head = "".join(f"<th>{escape(printable(each))}</th>" for each in grid.columns)
    head = "" if grid.is_matrix else f"<tr>{head}</tr>"
    caption = f"<caption>{escape(printable(label))}</caption>"
    yield f'<table border="1">{caption}{head}{body}</table>'


def _text(text: str) -> str:
    """A text, or HTML as a text, within an element."""
    return escape(printable(text))
