"""What a worksheet asks, as its options say it, and as its sheets carry it with them.

A sheet that comes back says what was to be answered, so that rows that are not there any more are
missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule
from nnhs_tui.debugger.naming.reading import name_of, read_quantity
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.errors import Refusal, Unfit, quoted
from nnhs_tui.marking.asked_quantities import (
    PHASES,
    asked,
    count_asked,
    of_all_samples,
    of_sample,
    of_update,
)

LEVELS = ("node", "neuron", "layer")
FOUR_PAGES = 80
"""Blanks up to which all samples are asked where nothing else is wanted."""
MOST_NAMED = 100_000
"""Quantities among which names are looked for at most."""
ALL = "all"
_KEY, _END = "key", "; "


@dataclass(frozen=True)
class Selection:
    """What is asked: a level, phases, samples, names."""

    level: str = "neuron"
    phases: tuple[str, ...] = PHASES
    samples: tuple[int, ...] | None = None
    """From 1; all where it is empty; None: all of them, or where they are too many the first."""
    names: tuple[str, ...] = ()
    """Quantities, or patterns in which * stands for anything; all where it is empty."""

    def written(self) -> str:
        """It as a sheet carries it: `all`, `level=node; phase=backward; ask=hidden.*`."""
        parts = []
        if self.level != "neuron":
            parts.append(f"level={self.level}")
        if set(self.phases) != set(PHASES):
            parts.append(f"phase={','.join(each for each in PHASES if each in self.phases)}")
        if self.samples is not None:
            parts.append(f"sample={','.join(map(str, self.samples)) or ALL}")
        if self.names:
            parts.append(f"ask={', '.join(self.names)}")
        return _END.join(parts) or ALL


def read_selection(text: str) -> Selection | None:
    """What a sheet carries, with a key's note or without; None where it is nothing of the kind.

    >>> read_selection("level=node; phase=forward; sample=1,2; ask=a*, W[1,2]")
    Selection(level='node', phases=('forward',), samples=(1, 2), names=('a*', 'W[1,2]'))
    >>> read_selection("all") == Selection(), read_selection("some")
    (True, None)
    """
    found, parts = Selection(), text.removeprefix(_KEY + _END).split(_END)
    for part in parts if parts != [ALL] else ():
        word, _, value = part.partition("=")
        if word == "level" and value in LEVELS:
            found = replace(found, level=value)
        elif word == "phase" and set(value.split(",")) <= set(PHASES):
            found = replace(found, phases=tuple(value.split(",")))
        elif word == "sample" and re.fullmatch(r"all|\d{1,6}(,\d{1,6})*", value, re.ASCII):
            samples = () if value == ALL else tuple(map(int, value.split(",")))
            found = replace(found, samples=samples)
        elif word == "ask" and value:
            found = replace(found, names=tuple(split_names(value)))
        else:
            return None
    return found


def of_key(text: str) -> str:
    """What the key of a sheet carries: the same, and that it is one."""
    return f"{_KEY}{_END}{text}"


def is_of_key(text: str) -> bool:
    """Whether that is what a key carries."""
    return text.startswith(_KEY + _END)


def split_names(text: str) -> list[str]:
    """Names at the commas that are in no bracket.

    >>> split_names("hidden.W[1,2], grad *,x[1]")
    ['hidden.W[1,2]', 'grad *', 'x[1]']
    """
    return [each.strip() for each in re.split(r",(?![^\[]*\])", text) if each.strip()]


@dataclass(frozen=True)
class Selected:
    """What a selection asks of a scenario, in the order of the calculation.

    Raises, where it is first asked:
        Refusal: a name is none, or asks nothing.
    """

    selection: Selection
    schedule: Schedule
    names: Names

    def __iter__(self) -> Iterator[Quantity]:
        for update in range(self.schedule.updates):
            for sample in self.samples_of(update):
                for phase in (FORWARD, BACKWARD):
                    if phase in self.phases:
                        yield from self.of_sample(phase, sample)
            if update == self.schedule.updates - 1:
                yield from self.of_all_samples()
            if self.asks_update(update):
                yield from self.of_update(update)

    @property
    def level(self) -> str:
        return self.selection.level

    @property
    def phases(self) -> Sequence[str]:
        return self.selection.phases

    @cached_property
    def samples(self) -> Sequence[int]:
        """Those that are asked, from 0.

        Raises:
            Refusal: there is no such sample.
        """
        count, wanted = self.schedule.samples, self.selection.samples
        if wanted is None:
            blanks = count_asked(self.schedule, self.level, self.phases, FOUR_PAGES)
            return range(count) if blanks <= FOUR_PAGES or self.selection.names else range(1)
        for number in wanted:
            if not 1 <= number <= count:
                there = f"there are {count}" if count > 1 else "there is one"
                raise Refusal(f"there is no sample {number}; {there}")
        return [number - 1 for number in dict.fromkeys(wanted)] or range(count)

    @property
    def others(self) -> Sequence[int]:
        """The samples that are not asked, from 0: what the update needs of them is given."""
        return [each for each in range(self.schedule.samples) if each not in self.samples]

    def of_sample(self, phase: str, sample: int) -> Iterator[Quantity]:
        """What is asked of a sample (from 0) in a phase."""
        return self._kept(lambda level: of_sample(self.schedule, level, phase, sample))

    def of_all_samples(self) -> Iterator[Quantity]:
        """With several samples, what is asked of all together."""
        return self._kept(lambda _: of_all_samples(self.schedule, self.phases))

    def of_update(self, update: int = 0) -> Iterator[Quantity]:
        """What is asked of an update: the new parameters, and what is found on the way to them."""
        return self._kept(lambda _: of_update(self.schedule, update, self.phases))

    def samples_of(self, update: int) -> Sequence[int]:
        """Those that are asked of the samples of an update."""
        samples = self.schedule.samples_of(update)
        if self.schedule.updates == 1:
            return self.samples
        return [each for each in self.samples if each in samples]

    def asks_update(self, update: int) -> bool:
        """Whether anything of an update is asked: of several those whose samples are."""
        several = self.schedule.updates > 1
        has_sums = several and self.schedule.per_update > 1 and BACKWARD in self.phases
        is_there = bool(self.samples_of(update)) or not several or bool(self.selection.names)
        return is_there and (UPDATE in self.phases or has_sums)

    def _kept(self, at_level: Callable[[str], Iterator[Quantity]]) -> Iterator[Quantity]:
        if not self.selection.names:
            return at_level(self.level)
        return (each for each in at_level("node") if each in self._wanted)

    @cached_property
    def _wanted(self) -> frozenset[Quantity]:
        """The quantities that are named, of each sample.

        A pattern asks those of the level, or where it has none of them finer ones.
        """
        if count_asked(self.schedule, "node", most=MOST_NAMED) > MOST_NAMED:
            raise Unfit("the net is too large for choosing by name; choose a phase")
        every = self._by_name("node")
        at_level = every if self.level == "node" else self._by_name(self.level)
        found = set[Quantity]()
        for name in self.selection.names:
            if "*" in name:
                parts = name.split("*")
                matching = (_matching(parts, each) for each in (at_level, every))
                one = next(filter(None, matching), set())
            else:
                quantity = read_quantity(self.names, self.schedule, name)
                bare = name_of(self.names, replace(quantity, sample=None), self.schedule)
                own = quantity.sample
                one = {each for each in every.get(bare, ()) if own in (None, each.sample)}
            if not one:
                raise Refusal(f"{quoted(name)} is nothing that a sheet asks")
            found |= one
        return frozenset(found)

    def _by_name(self, level: str) -> dict[str, list[Quantity]]:
        """What is asked at a level: name without its sample → those of all samples."""
        found: dict[str, list[Quantity]] = {}
        for each in asked(self.schedule, level):
            name = name_of(self.names, replace(each, sample=None), self.schedule)
            found.setdefault(name, []).append(each)
        return found


def matches(pattern: str, name: str) -> bool:
    """Whether a name is this one, or of this pattern, in which * stands for anything.

    >>> matches("grad *.W[*", "grad hidden.W[1,2]"), matches("*.z[1]", "hidden.z[12]")
    (True, False)
    """
    return _matches(pattern.split("*"), name) if "*" in pattern else pattern == name


def _matching(parts: Sequence[str], named: dict[str, list[Quantity]]) -> set[Quantity]:
    """What has a name in which these parts follow each other, the first and last at its ends."""
    return {each for name, found in named.items() if _matches(parts, name) for each in found}


def _matches(parts: Sequence[str], name: str) -> bool:
    first, *between, last = parts
    if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
        return False
    at, end = len(first), len(name) - len(last)
    for part in between:
        at = name.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def selected(
    selection: Selection, schedule: Schedule, names: Names, most: int
) -> tuple[Quantity, ...]:
    """What a selection asks; of a great many the first.

    Raises:
        Refusal: it asks what there is not.
    """
    return tuple(islice(Selected(selection, schedule, names), most))
