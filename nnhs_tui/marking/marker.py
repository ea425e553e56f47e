"""Marking: one verdict and one message for each answer, in the order of docs/cli.md.

Right to the digits asked, right when every step is rounded, close, right given one's own earlier
answers, a known mistake, wrong. Half a unit is inclusive, and a hair more, so that no double
decides; at a tie both neighbours are right; more digits than asked are welcome; 0 and −0 are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from nnhs_tui.marking.following import Following
from nnhs_tui.marking.judge import (
    CLOSE,
    LARGEST,
    RIGHT,
    ROUNDED,
    Judge,
    Marked,
    Row,
    largest_answer,
)
from nnhs_tui.marking.naming import name_mistakes
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.second_look import TOO_LONG, Bounds, Looks, bounds
from nnhs_tui.operations.written import read_answer


class Marker:
    """Marks answers to the questions of a scenario.

    Args:
        arithmetic: "exact" or "hand" where only that one is accepted, "" for both.
    """

    def __init__(self, questions: Questions, arithmetic: str = "") -> None:
        self.questions = questions
        self._judge = Judge(questions, arithmetic)

    def mark(self, answers: Iterable[tuple[str, str]]) -> list[Marked]:
        """Mark the answers of one person: (name of the quantity, what was written).

        Raises:
            Refusal: a name is not that of a quantity.
        """
        rows = self._rows((self.questions.question(name), text) for name, text in answers)
        if not all(row.verdict for row in rows):
            self._second_look(rows)
        return [
            Marked(r.question, r.text, r.verdict, r.message, r.mistakes, r.follows_from, r.repeats)
            if r.verdict != CLOSE
            else self._judge.close(r)
            for r in rows
        ]

    def right_at_once(self, answers: Iterable[tuple[Question, str]]) -> int:
        """How many answers the right numbers alone settle as right."""
        return sum(row.verdict in (RIGHT, ROUNDED) for row in self._rows(answers))

    def _rows(self, answers: Iterable[tuple[Question, str]]) -> list[Row]:
        """Answers, as far as the right numbers settle them."""
        rows = []
        for place, (question, text) in enumerate(answers):
            read = read_answer(text)
            typed = None if read is None else float(read.value)
            if typed is not None and abs(typed) > LARGEST:
                # What is meant for an answer may be as large where the right number is.
                typed = typed if abs(typed) <= largest_answer(question.exact) else None
            row = Row(question, text, typed, place=place)
            row.verdict, row.message = self._judge.first_look(row)
            rows.append(row)
        return rows

    @cached_property
    def bounds(self) -> Bounds:
        """What the second look at a sheet may take."""
        questions = self.questions
        return bounds(questions.schedule, questions.lines(1), questions.scenario.rounds)

    def _second_look(self, rows: Sequence[Row]) -> None:
        """Settle what the right numbers did not: follow-through, then known mistakes."""
        looks = Looks(self._judge, self.bounds.looks)
        is_alone = sum(row.typed is not None for row in rows) < 2
        open_in = {_round(row) for row in rows if not row.verdict}
        within = [number for number in open_in if number < self.bounds.rounds]
        if within and not is_alone:
            self._follow(rows, max(within) + 1, looks)
        for row in rows:
            if not row.verdict:
                looks.look_for_mistakes(row)
                if row.message == "wrong" and not is_alone:
                    row.message = f"wrong; {TOO_LONG}"
        name_mistakes(rows, self.questions.unit)

    def _follow(self, rows: Sequence[Row], rounds: int, looks: Looks) -> None:
        """Settle the answers about so many rounds."""
        calculation = self.questions.calculation(rounds)
        by_line: dict[int, list[Row]] = {}
        for row in rows:
            if row.typed is None or _round(row) >= rounds:
                continue
            number = self.questions.line(row.question)
            if number is not None:
                by_line.setdefault(number, []).append(row)
            elif not row.verdict:
                looks.look_for_mistakes(row)
        with np.errstate(all="ignore"):
            Following(looks, calculation, rows, by_line, rounds).run()


def _round(row: Row) -> int:
    return row.question.quantity.round or 0
