"""Marking: one verdict and one message for each answer, in the order of cli.md.

Right to the digits asked, right when every step is rounded, close, right given one's own earlier
answers, a known mistake, wrong. Half a unit is inclusive, and a hair more, so that no double
decides; at a tie both neighbours are right; more digits than asked are welcome; 0 and −0 are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from nnhs_tui.core.marking.answers import read_answer
from nnhs_tui.core.marking.following import Following
from nnhs_tui.core.marking.judge import CLOSE, Judge, Marked, Row, largest_answer
from nnhs_tui.core.marking.questions import Questions

MOST_LINES = 300_000
"""Lines of a calculation that are worked out again from a person's own numbers."""

FEW_ROUNDS, MOST_FOR_ONE = 10, 50
"""So many rounds always are, more only where there are answers for them: so many lines for each."""

MOST_FOLLOWED = 1000
"""Answers of a sheet that are gone on from: each may follow from each of those before it."""


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
        rows = []
        for place, (name, text) in enumerate(answers):
            read = read_answer(text)
            question = self.questions.question(name)
            is_one = read is not None and abs(read.value) <= largest_answer(question.exact)
            typed = float(read.value) if read is not None and is_one else None
            rows.append(Row(question, text, typed, place=place))
        for row in rows:
            row.verdict, row.message = self._judge.first_look(row)
        if not all(row.verdict for row in rows):
            self._second_look(rows)
        return [
            Marked(r.question, r.text, r.verdict, r.message, r.mistakes, r.follows_from)
            if r.verdict != CLOSE
            else self._judge.close(r)
            for r in rows
        ]

    def _second_look(self, rows: Sequence[Row]) -> None:
        """Settle what the right numbers did not: follow-through, then known mistakes."""
        rounds = max(row.question.quantity.round or 0 for row in rows) + 1
        answered = sum(row.typed is not None for row in rows)
        lines = self.questions.lines
        most = min(MOST_LINES, max(lines(FEW_ROUNDS), MOST_FOR_ONE * answered))
        if answered < 2 or answered > MOST_FOLLOWED or lines(rounds) > most:
            for row in rows:
                if not row.verdict:
                    self._judge.look_for_mistakes(row)
            return
        calculation = self.questions.calculation(rounds)
        by_line: dict[int, list[Row]] = {}
        for row in rows:
            number = calculation.number(row.question.quantity)
            if row.typed is not None and number is not None:
                by_line.setdefault(number, []).append(row)
            elif not row.verdict:
                self._judge.look_for_mistakes(row)
        with np.errstate(all="ignore"):
            Following(self._judge, calculation, rows, by_line).run()
