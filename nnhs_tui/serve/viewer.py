"""One who follows: what they see, and what their keys do. It knows of no line and no browser."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.hall.hall import Hall
from nnhs_tui.hall.people import LONGEST_TYPED, Person
from nnhs_tui.hall.poll import Given, Poll
from nnhs_tui.labels import LEVEL, PHASE
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.present.hall import asked_lines
from nnhs_tui.present.text.lines import Line, clip, run
from nnhs_tui.serve.alone import Place, Reels, begin_alone

NUMBER_SIGNS = frozenset("0123456789.,-+eE/*^()−×·½¼¾ ~≈%")
"""What a number may be written with."""
NOTATIONS = ("rows", "neurons")
STEPS = {
    "n": "next", "right": "next", " ": "next", "p": "back", "left": "back",
    "]": "phase", "[": "before", "home": "first", "end": "last", "l": "level",
}  # fmt: skip
"""What the keys do to whoever steps alone."""


@dataclass(frozen=True)
class Shown:
    """What is to be drawn."""

    key: Hashable
    """The same for everyone who sees the same."""
    scene: Scene


class Viewer:
    """One who follows, or steps alone.

    Args:
        person: who it is in the hall.
    """

    def __init__(self, hall: Hall, reels: Reels, person: Person) -> None:
        self.hall, self._reels, self.person = hall, reels, person
        self.place: Place | None = None
        """Where they step alone; None while following."""
        self.typed = ""
        self.notation = ""
        """"": the presenter's."""
        self._given: Given | None = None
        self._asked: tuple[int, int] = (0, 0)
        """Which question, and which time it was asked, the answer is to."""

    # What is seen

    @property
    def shown(self) -> Shown | None:
        """What there is to see; None before the presenter has begun."""
        if self.place is not None:
            place = self.place
            key: Hashable = ("alone", place.reel.number, place.index, place.level)
            scene = place.scene
        elif self.hall.stage is not None:
            key, scene = ("with", self.hall.stage.number), self.hall.stage.scene
        else:
            return None
        poll = self.poll
        if poll is None or poll.is_revealed:
            return Shown((key, self.notation), self._in_notation(scene))
        hidden = _without_the_answer(poll, scene)
        if hidden is None:
            return None
        unsaid = poll.question.unsaid
        key = key, self.notation, hidden.round_number, hidden.index, hidden.level, unsaid
        return Shown(key, self._in_notation(hidden))

    def _in_notation(self, scene: Scene) -> Scene:
        if not self.notation or scene.view.notation == self.notation:
            return scene
        return replace(scene, view=replace(scene.view, notation=self.notation))

    @property
    def poll(self) -> Poll | None:
        """The question that stands over the step; None where there is none."""
        poll = self.hall.poll
        return None if poll is None or poll.is_put_away else poll

    @property
    def given(self) -> Given | None:
        """Their answer to it, this time it is asked."""
        return self._given if self._asked == self._now else None

    @property
    def _now(self) -> tuple[int, int]:
        poll = self.hall.poll
        return (len(self.hall.polls), len(poll.times)) if poll is not None else (0, 0)

    def question(self, width: int) -> list[Line]:
        """The question with their answer; nothing where nothing is asked."""
        if (poll := self.poll) is None:
            return []
        return asked_lines(poll, self._field, self.given, width, self.hall.seconds_left)

    @property
    def _field(self) -> str:
        return self.typed if self._typed_for == self._now else ""

    _typed_for: tuple[int, int] = (0, 0)

    @property
    def told(self) -> str:
        """Where they are, in a few words."""
        if self.place is not None:
            total = self.place.reel.schedule.total
            return f"alone {self.place.index + 1}/{total} by {LEVEL[self.place.level]}"
        if self.hall.is_waiting:
            return "waiting: the presenter's line has dropped"
        return "following" if self.hall.stage is not None else "waiting for the presenter"

    def foot(self, width: int) -> Line:
        """The last row: where they are, and the keys."""
        return _foot(self.told, self.place is not None, self.hall.is_waiting, width)

    # What is done

    def press(self, key: str) -> bool:
        """A key; whether anything on their screen changes.

        Args:
            key: a character, or enter, backspace, left, right, home, end, escape.
        """
        return self._types(key) or self.press_step(key)

    def press_step(self, key: str) -> bool:
        """A key that is not typed into the answer's field; whether anything changes."""
        if key == "j":
            return self.follow() if self.place is not None else self.leave_alone()
        if key == "N":
            at = NOTATIONS.index(self.notation) + 1 if self.notation else 0
            shown = self.shown
            if not self.notation and shown is not None:
                at = NOTATIONS.index(shown.scene.view.notation) + 1
            self.notation = NOTATIONS[at % len(NOTATIONS)]
            return True
        how = STEPS.get(key)
        if how is None:
            return False
        return self.step(how)

    def step(self, how: str) -> bool:
        """A step alone; whoever follows begins to step alone with it."""
        if self.place is None and not self.leave_alone():
            return False
        assert self.place is not None
        moved = self.place.moved(how)
        if moved == self.place:
            return False
        self._stand(moved)
        return True

    def leave_alone(self) -> bool:
        """Begin to step alone, here."""
        stage = self.hall.stage
        if stage is None:
            return False
        self._stand(begin_alone(self._reels, stage.scene))
        return True

    def follow(self) -> bool:
        """Catch up with the presenter."""
        if self.place is None:
            return False
        self.place = None
        self.hall.stand(self.person, "")
        return True

    def _stand(self, place: Place) -> None:
        self.place = place
        scene = place.scene
        step = f"{PHASE[scene.phase]}, step {place.index + 1} of {scene.total}"
        self.hall.stand(self.person, step)

    def _types(self, key: str) -> bool:
        """Whether a key belonged to the answer's field."""
        poll = self.poll
        if poll is None or not poll.is_open:
            return False
        if key == "enter":
            return self.hand_in(self._field) if self._field.strip() else False
        if key == "backspace":
            self._type(self._field[:-1])
            return True
        letters = LETTERS[: len(poll.question.choices)]
        signs = f"{letters} " if letters else NUMBER_SIGNS
        if len(key) == 1 and key in signs and not (key == " " and not self._field):
            self._type(self._field + key)
            return True
        return False

    def _type(self, text: str) -> None:
        self.typed, self._typed_for = text[:LONGEST_TYPED], self._now
        self.person.typed = self.typed

    def hand_in(self, text: str) -> bool:
        """Hand an answer in; whether it was taken."""
        given = self.hall.answer(self.person, text)
        if given is None:
            return False
        self._given, self._asked = given, self._now
        # The presenter is told what was typed last.
        self.typed = ""
        return True


def _without_the_answer(poll: Poll, scene: Scene) -> Scene | None:
    """What is to be seen while what is asked is not: a later step, or one of a later round, whose
    weights the round before has found, gives way to the last before it; None where there is none.
    """
    number, step = poll.question.seen_from
    if (scene.round_number, scene.index) >= (number, step):
        if step == 0:
            return None
        scene = replace(scene, round_number=number, index=step - 1, level="node", opened=False)
    return replace(scene, view=replace(scene.view, unsaid=poll.question.unsaid))


FOLLOW_KEYS = (
    ("j", "step alone"),
    ("e", "edit, test"),
    ("q", "leave"),
    ("N", "notation"),
    ("t", "colours"),
)
ALONE_KEYS = (
    ("n p", "steps"),
    ("[ ]", "phases"),
    ("l", "level"),
    ("j", "follow"),
    ("e", "edit, test"),
    ("q", "leave"),
    ("N", "notation"),
)


@lru_cache(4_096)
def _foot(told: str, is_alone: bool, is_waiting: bool, width: int) -> Line:
    """Where one is, and the keys: the same for many, at the same step."""
    line: Line = (run(told, "mark" if is_waiting else "text"),)
    for place, (key, does) in enumerate(ALONE_KEYS if is_alone else FOLLOW_KEYS):
        line += (run("  " if place else " · ", "dim"), (key, "key"), run(f" {does}", "dim"))
    return clip(line, width)
