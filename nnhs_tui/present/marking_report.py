"""What `check` prints: a table for each sheet, and what the class did together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nnhs_tui.characters import as_cell
from nnhs_tui.errors import printable, shorten
from nnhs_tui.labels import VERDICT, counted
from nnhs_tui.marking.judge import (
    NO_ANSWER,
    RIGHT,
    ROUNDED,
    VERDICTS,
    Marked,
    is_right,
)
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.sheets.marked import MarkedSheet, Summary, Tally
from nnhs_tui.present.text.lines import cells, fit

SCHEMA = "nnhs-check/1"
SUMMARY_SCHEMA = "nnhs-check-summary/1"

NAMED = 4
"""Quantities that are named beside a mistake."""

ANSWER_COLUMNS = (
    *("file", "quantity", "answer", "verdict", "mistakes"),
    *("expected", "expected_hand", "follows_from", "message"),
)
SUMMARY_COLUMNS = ("quantity", *VERDICTS, "mistakes")


def sheet_text(sheet: MarkedSheet, *, whole: bool, strict: bool) -> Iterator[str]:
    """A sheet as lines: how much is right, and a table of the other rows, or of all."""
    name = printable(f"{sheet.file} ({sheet.pupil})" if sheet.pupil else sheet.file)
    if sheet.faults:
        yield f"{name}: not marked"
        return
    yield f"{name}: {sheet.right} of {sheet.of} right{_others(sheet)}"
    if sheet.numbers_of is not None:
        yield f"  these are the numbers of {sheet.numbers_of.told}"
    if not whole and not sheet.asked and not sheet.unreadable:
        return
    told = [each for each in sheet.answers if whole or each.verdict not in (RIGHT, ROUNDED)]
    rows = [
        (
            "✓" if is_right(each.verdict, strict=strict) else " " if _is_blank(each) else "✗",
            each.question.name,
            shorten(each.answer) or "·",
            right_is(each),
            each.message,
        )
        for each in told
    ]
    yield from table(("", "quantity", "answer", "right is", "what became of it"), rows)


def _is_blank(each: Marked) -> bool:
    return each.verdict in NO_ANSWER


def _others(sheet: MarkedSheet) -> str:
    """What is not right: `, 2 wrong, 39 blank, 1 unreadable ('abc')`."""
    if not sheet.asked and not sheet.unreadable:
        return ", nothing is answered"
    parts = [(sheet.wrong, "wrong"), (sheet.blank, "blank")]
    told = "".join(f", {number} {word}" for number, word in parts if number)
    unread = sheet.unreadable
    if not unread:
        return told
    quotes = ", ".join(f"'{shorten(printable(text))}'" for text in unread[:NAMED])
    more = f" and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
    return f"{told}, {len(unread)} unreadable ({quotes}{more})"


def right_is(each: Marked) -> str:
    """What is right; where rounding every step gives another number, both."""
    exact, by_hand = each.question.expected, each.question.expected_hand
    return exact if by_hand in (None, exact) else f"{exact} / {by_hand}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns under each other; the last one is as long as it is."""
    if not rows:
        return
    told = [[printable(each) for each in row] for row in (head, *rows)]
    widths = [max(cells(row[place]) for row in told) for place in range(len(head) - 1)]
    for row in told:
        fitted = [fit(text, width) for text, width in zip(row, widths, strict=False)]
        yield ("  " + "  ".join([*fitted, row[-1]])).rstrip()


def summary_text(summary: Summary) -> Iterator[str]:
    """What the class did: for each quantity, then for each mistake."""
    refused = f", {summary.refused} not marked" if summary.refused else ""
    sheets = counted(summary.sheets, "sheet")
    unanswered = summary.of - summary.asked
    counts = ((summary.asked - summary.right, "wrong"), (unanswered, "without an answer"))
    others = "".join(f", {number} {word}" for number, word in counts if number)
    yield f"{sheets}{refused}: {summary.right} of {summary.of} right{others}"
    for name, told in summary.copied:
        yield f"  {name} has the numbers of {told}"
    rows = [
        (name, *(str(counts[each] or "·") for each in VERDICTS), _most(counts))
        for name, counts in summary.quantities.items()
    ]
    yield ""
    yield from table(("quantity", *map(VERDICT.__getitem__, VERDICTS), "most often"), rows)
    if summary.people:
        yield ""
        yield "misunderstandings, those of most people first"
    marked = summary.sheets - summary.refused
    for name, people in summary.by_people():
        yield f"  {len(people)} of {marked}: {KNOWN[name].words}"
        yield f"    {name}: {', '.join(people)}"
        for mistake, owner, tally in summary.most_frequent():
            if mistake == name:
                yield f"    {owner}: {_where(tally)}"


def _most(counts: dict[str, int]) -> str:
    """The most frequent mistake at a quantity."""
    made = {name: n for name, n in counts.items() if name.startswith("mistake ")}
    if not made:
        return ""
    name = max(made, key=made.__getitem__)
    return f"{name.removeprefix('mistake ')} {made[name]}×"


def _where(tally: Tally) -> str:
    names = [name for name, _ in tally.quantities.most_common(NAMED)]
    more = len(tally.quantities) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def sheet_json(sheet: MarkedSheet) -> dict[str, Any]:
    """A sheet as the schema of docs/cli.md has it."""
    return {
        "file": sheet.file,
        "name": sheet.name,
        "of": sheet.of,
        "right": sheet.right,
        "wrong": sheet.wrong,
        "blank": sheet.blank,
        "unreadable": len(sheet.unreadable),
        "asked": sheet.asked,
        "misunderstandings": list(sheet.misunderstandings),
        **_numbers_of(sheet),
        "faults": [str(fault) for fault in sheet.faults],
        "answers": [answer_json(each) for each in sheet.answers],
    }


def _numbers_of(sheet: MarkedSheet) -> dict[str, Any]:
    """Whose numbers it has, where they are those of another sheet."""
    other = sheet.numbers_of
    return {} if other is None else {"numbers_of": {"seed": other.seed, "name": other.name}}


def answer_json(each: Marked) -> dict[str, Any]:
    """An answer as the schema has it."""
    return {
        "quantity": each.question.name,
        "answer": each.answer,
        "verdict": each.verdict,
        "mistakes": list(each.mistakes),
        "expected": each.question.expected,
        "expected_hand": each.question.expected_hand,
        "follows_from": list(each.follows_from),
        "message": each.message,
    }


def summary_json(summary: Summary, scenario: str) -> dict[str, Any]:
    """The summary as an object."""
    return {
        "schema": SUMMARY_SCHEMA,
        "scenario": scenario,
        "sheets": summary.sheets,
        "not_marked": summary.refused,
        "right": summary.right,
        "asked": summary.asked,
        "of": summary.of,
        "quantities": {
            name: {each: counts[each] for each in VERDICTS if counts[each]}
            for name, counts in summary.quantities.items()
        },
        "misunderstandings": [
            {"mistake": mistake, "sheets": len(people), "names": people}
            for mistake, people in summary.by_people()
        ],
        "mistakes": [
            {
                "mistake": mistake,
                "where": owner,
                "sheets": tally.sheets,
                "quantities": dict(tally.quantities),
            }
            for mistake, owner, tally in summary.most_frequent()
        ],
    }


def answer_rows(sheet: MarkedSheet) -> Iterator[list[str]]:
    """A sheet as rows under ANSWER_COLUMNS."""
    for each in sheet.answers:
        asked = each.question
        yield [
            as_cell(sheet.file),
            asked.name,
            as_cell(each.answer),
            each.verdict,
            " ".join(each.mistakes),
            asked.expected,
            asked.expected_hand or "",
            "; ".join(each.follows_from),
            printable(each.message),
        ]


def summary_rows(summary: Summary) -> Iterator[list[str]]:
    """The summary as rows under SUMMARY_COLUMNS."""
    for name, counts in summary.quantities.items():
        mistakes = {n.removeprefix("mistake "): k for n, k in counts.items() if n not in VERDICTS}
        told = "; ".join(f"{mistake} {count}" for mistake, count in mistakes.items())
        yield [name, *(str(counts[each]) for each in VERDICTS), told]
