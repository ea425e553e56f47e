"""Marking whole sheets, one or a class, one after the other: nothing of a sheet is kept."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.errors import Fault, NnhsError, Refusal, ScenarioError, printable, quoted, shorten
from nnhs_tui.marking.judge import BLANK, MISTAKE, NO_ANSWER, RIGHT, UNREADABLE, Marked
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.noted import Notes
from nnhs_tui.marking.naming import misunderstandings
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.selection import read_selection, selected
from nnhs_tui.marking.sheets.checks import checked
from nnhs_tui.marking.sheets.many import sheets_of
from nnhs_tui.marking.sheets.neighbours import Neighbours, NumbersOf, without_follows
from nnhs_tui.marking.sheets.sheet import ASKS, NAME, SEED, Rows, says
from nnhs_tui.marking.sheets.table import SheetError
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.variants import variant

VARIANTS = 64
"""Of how many worksheets with numbers of their own the solutions are kept."""

MOST_MISSED = 10_000
"""Rows that are missed of a sheet at most."""


@dataclass(frozen=True)
class MarkedSheet:
    """A sheet, marked or refused."""

    file: str
    answers: tuple[Marked, ...] = ()
    right: int = 0
    """The answers that cost no mark."""
    asked: int = 0
    """The rows that are answers."""
    faults: tuple[Fault, ...] = ()
    """Why it was refused; then nothing of it is marked."""

    pupil: str = ""
    """Whose it is, where it says that."""
    numbers_of: NumbersOf | None = None
    """Whose numbers it has, where they are those of another sheet."""

    @property
    def name(self) -> str:
        """Whose it is; where it does not say that, going by its file."""
        return printable(self.pupil or Path(self.file).stem)

    @cached_property
    def misunderstandings(self) -> tuple[str, ...]:
        """The mistakes that explain it with the fewest ideas, the most frequent first."""
        return misunderstandings(self.answers)

    @property
    def is_all_right(self) -> bool:
        """Whether all that was asked for is there and right."""
        return not self.faults and self.right == self.of

    @property
    def of(self) -> int:
        """What it was to answer: right, wrong, blank and unreadable together."""
        return len(self.answers)

    @property
    def wrong(self) -> int:
        """The answers that cost a mark."""
        return self.asked - self.right

    @property
    def blank(self) -> int:
        """The rows in which nothing stands."""
        return sum(each.verdict == BLANK for each in self.answers)

    @property
    def unreadable(self) -> tuple[str, ...]:
        """What stands there that is no number."""
        return tuple(each.answer for each in self.answers if each.verdict == UNREADABLE)


class SheetMarker:
    """Marks sheets of a scenario.

    Args:
        arithmetic: "exact" or "hand" where only that one is accepted, "" for both.
        seed: of the worksheets that do not say theirs; None: the scenario's own numbers.
        strict: whether `close` and `follows` do not count.
        beside: the files of the class, to say whose numbers a sheet has that are not its own.
        names: of the pupils, in the order of the seeds of their worksheets, from `seed` or 1 on,
            or where sheets have none in the order of the files.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        digits: int | None = None,
        arithmetic: str = "",
        seed: int | None = None,
        strict: bool = False,
        beside: Sequence[str] = (),
        names: Sequence[str] = (),
    ) -> None:
        self.strict = strict
        self._seed, self._names = seed, names
        self._places = {path: place for place, path in enumerate(beside)} if names else {}
        notes = Notes()

        @lru_cache(VARIANTS)
        def marker(number: int | None) -> Marker:
            varied = scenario if number is None else variant(scenario, number)
            return Marker(Questions(varied, digits, notes), arithmetic)

        self._marker = marker
        self._neighbours = Neighbours(marker, lambda: _owners(beside, marker(seed).questions))
        # What is wrong with the scenario is said before the first sheet.
        marker(seed)

    def marked(self, path: str) -> Iterator[MarkedSheet]:
        """Mark the sheets of a file, mostly one; what cannot be read is refused as a whole."""
        try:
            questions = self._marker(self._seed).questions
            for sheet in sheets_of(path, questions.knows):
                yield self._mark(path, sheet)
        except ScenarioError as error:
            yield MarkedSheet(path, faults=error.faults)

    def _named(self, path: str, seed: str) -> str:
        """The name that the list has for a sheet; "" where it has none."""
        place = int(seed) - (1 if self._seed is None else self._seed) if seed else -1
        place = place if seed else self._places.get(path, -1)
        return self._names[place] if 0 <= place < len(self._names) else ""

    def _mark(self, path: str, sheet: Rows) -> MarkedSheet:
        pupil = _pupil(sheet)
        try:
            seed = _seed_of(sheet)
            pupil = pupil or self._named(path, seed)
            number = int(seed) if seed else self._seed
            marker = self._marker(number)
            answers = _answers(sheet, marker, checked(sheet, marker.questions, seed))
            other = self._neighbours.numbers_of(answers, number)
            if other is not None:
                answers = tuple(without_follows(answers, other, self._marker(other.seed)))
        except ScenarioError as error:
            return MarkedSheet(path, faults=error.faults, pupil=pupil)
        except NnhsError as error:
            fault = Fault(printable(path), "", str(error), "expected the sheet of another seed")
            return MarkedSheet(path, faults=(fault,), pupil=pupil)
        given = [each for each in answers if each.verdict not in NO_ANSWER]
        asked = len(given)
        unsure = [each for each in given if each.verdict != RIGHT]
        wrong = sum(each.costs(strict=self.strict) for each in unsure)
        return MarkedSheet(path, answers, asked - wrong, asked, pupil=pupil, numbers_of=other)


def _owners(paths: Iterable[str], questions: Questions) -> Iterator[tuple[int | None, str]]:
    """(seed, whose sheet) of the sheets in files; of those that cannot be read none."""
    for path in paths:
        with contextlib.suppress(ScenarioError):
            for sheet in sheets_of(path, questions.knows):
                if seed := _seed_of(sheet):
                    yield int(seed), printable(_pupil(sheet) or Path(path).stem)


def _seed_of(sheet: Rows) -> str:
    """The seed that a worksheet says it was made with; "" for none.

    Raises:
        SheetError: it is no seed.
    """
    line, seed = says(sheet, SEED)
    if not seed or (seed.isascii() and seed.isdigit() and len(seed) < 10):
        return seed
    told = f"{quoted(seed)} is no seed"
    raise SheetError((Fault(sheet.file, f"line {line}", told, "expected a whole number"),))


def _pupil(sheet: Rows) -> str:
    """Whose it is; "" where it does not say that."""
    name = says(sheet, NAME)[1]
    # What keeps a name from being a formula is not part of it.
    return shorten(name[1:] if name[:1] == "'" and name[1:2] in tuple("=+-@") else name)


def _answers(sheet: Rows, marker: Marker, rows: list[tuple[str, str]]) -> tuple[Marked, ...]:
    """Its answers, marked, and behind them what it asked and does not have any more."""
    missing = _missing(sheet, marker.questions, [name for name, _ in rows])
    answers = marker.mark([*rows, *((name, "") for name in missing)])
    for place in range(len(rows), len(answers)):
        answers[place] = answers[place]._replace(message="its row is missing")
    return tuple(answers)


def _missing(sheet: Rows, questions: Questions, there: list[str]) -> list[str]:
    """The quantities that a sheet says it asked, and that are not there."""
    selection = read_selection(says(sheet, ASKS)[1])
    if selection is None:
        return []
    try:
        wanted = selected(selection, questions.schedule, questions.names, MOST_MISSED)
    except Refusal:
        # What another scenario's sheet asks is not missed here.
        return []
    answered = {questions.question(name).in_its_round for name in there}
    return [
        name_of(questions.names, each, questions.schedule)
        for each in wanted
        if each not in answered
    ]


@dataclass
class Tally:
    """How often something happened, and at which quantities."""

    sheets: int = 0
    quantities: Counter[str] = field(default_factory=Counter)


@dataclass
class Summary:
    """What a class did: for each quantity, and for each kind of mistake at each layer."""

    sheets: int = 0
    refused: int = 0
    right: int = 0
    asked: int = 0
    of: int = 0
    copied: list[tuple[str, str]] = field(default_factory=list)
    """(whose sheet, whose numbers it has) of those with the numbers of another."""
    quantities: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """For each quantity how often each verdict was given; and each mistake, by its name."""
    mistakes: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """(mistake, layer or graph node) → on how many sheets, and where."""
    people: dict[str, list[str]] = field(default_factory=dict)
    """Mistake → who made it."""

    def add(self, sheet: MarkedSheet) -> None:
        """Count a sheet in."""
        self.sheets += 1
        self.refused += bool(sheet.faults)
        self.right += sheet.right
        self.asked += sheet.asked
        self.of += sheet.of
        if sheet.numbers_of is not None:
            self.copied.append((sheet.name, sheet.numbers_of.told))
        made: set[tuple[str, str]] = set()
        for mistake in sheet.misunderstandings:
            self.people.setdefault(mistake, []).append(sheet.name)
        for each in sheet.answers:
            name = each.question.plain_name
            counts = self.quantities[name]
            counts[each.verdict] += 1
            # What counts as right is no mistake; of several names the first is the likeliest.
            if each.verdict == MISTAKE and each.mistakes:
                mistake = each.mistakes[0]
                counts[f"mistake {mistake}"] += 1
                key = (mistake, each.question.owner)
                self.mistakes.setdefault(key, Tally()).quantities[name] += 1
                made.add(key)
        for key in made:
            self.mistakes[key].sheets += 1

    def include(self, other: Summary) -> None:
        """Count in what others have marked, behind what is there."""
        for name in ("sheets", "refused", "right", "asked", "of"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.copied += other.copied
        for quantity, counts in other.quantities.items():
            self.quantities[quantity].update(counts)
        for key, tally in other.mistakes.items():
            own = self.mistakes.setdefault(key, Tally())
            own.sheets += tally.sheets
            own.quantities.update(tally.quantities)
        for mistake, names in other.people.items():
            self.people.setdefault(mistake, []).extend(names)

    def by_people(self) -> list[tuple[str, list[str]]]:
        """(mistake, who made it), what most people made first."""
        return sorted(self.people.items(), key=lambda each: (-len(each[1]), each[0]))

    def most_frequent(self) -> list[tuple[str, str, Tally]]:
        """(mistake, layer, tally), the most frequent first."""
        order = sorted(self.mistakes.items(), key=lambda each: (-each[1].sheets, each[0]))
        return [(mistake, owner, tally) for (mistake, owner), tally in order]
