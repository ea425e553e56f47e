"""What everyone in the hall sees, and what the presenter knows of them.

It is changed by the presenter's program and by those who follow, in one thread; whoever shows any
of it is told and looks for themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal, printable, quoted
from nnhs_tui.hall.people import LONGEST_TYPED, People, Person
from nnhs_tui.hall.poll import Given, Poll, Question
from nnhs_tui.hall.results import last_answers, results_text

SHOWN, ASKED, ANSWERED, CAME = "shown", "asked", "answered", "came"
"""What may have changed: the step, the question, an answer, who is here."""

SURE_SECONDS = 5.0

Listener = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Stage:
    """What the presenter shows."""

    number: int
    """Another one for everything that is shown, from 1."""
    scene: Scene


def _is_the_same(one: Scene, other: Scene) -> bool:
    """Whether two scenes look the same."""
    return _parts(one) == _parts(other)


def _parts(scene: Scene) -> tuple[object, ...]:
    return tuple(getattr(scene, each.name) for each in fields(scene))


@dataclass(frozen=True)
class Joining:
    """How to come in, as it is shown on the wall."""

    lines: tuple[str, ...] = ()
    code: str = ""
    """"": nothing is needed."""
    picture: tuple[str, ...] = ()
    """The address for a telephone's camera, in half blocks."""


class Hall:
    """A presentation that is followed.

    Args:
        now: the time in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.people = People()
        self.stage: Stage | None = None
        """None before anything is shown."""
        self.is_waiting = False
        """Whether the presenter's line has dropped."""
        self.polls: list[Poll] = []
        self.joining = Joining()
        """How to come in."""
        self.until: float | None = None
        """When the question ends by itself."""
        self._now = now
        self._listeners: list[Listener] = []
        self._refuse: Callable[[Person], None] = lambda person: None
        self._change_code: Callable[[str], str] = lambda code: code
        self.session: Session | None = None
        """What the presenter steps through, for whoever presents next."""
        self.ends_with_presenter = False
        """Whether everyone's connection ends when the presenter leaves."""
        self._warned = -SURE_SECONDS
        self.fault = ""
        """Why the results could not be written, the last time."""

    # Listening

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of what changes; gives what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _tell(self, what: str) -> None:
        for listener in tuple(self._listeners):
            listener(what)

    # The presenter

    def show(self, scene: Scene) -> None:
        """Show everyone a step; the one that is shown already is nothing new."""
        if self.stage is not None and _is_the_same(self.stage.scene, scene):
            self.wait(is_waiting=False)
            return
        self.is_waiting = False
        self.stage = Stage(1 if self.stage is None else self.stage.number + 1, scene)
        self._tell(SHOWN)

    def wait(self, *, is_waiting: bool) -> None:
        """The presenter has gone, and may come back; or is here again."""
        if self.is_waiting != is_waiting:
            self.is_waiting = is_waiting
            self._tell(SHOWN)

    @property
    def poll(self) -> Poll | None:
        """What is asked now, or was asked last."""
        return self.polls[-1] if self.polls else None

    def ask(self, question: Question, *, hints: bool, seconds: int | None) -> Poll:
        """Ask everyone.

        Args:
            hints: whether each is told at once what became of the answer.
            seconds: after which no more answers are taken; None: until it is closed.
        """
        poll = Poll(question, hints=hints)
        self.polls.append(poll)
        self.until = None if seconds is None else self._now() + seconds
        self._tell(ASKED)
        return poll

    def ask_again(self) -> None:
        """Ask the same once more.

        Raises:
            Refusal: nothing was asked.
        """
        self._asked().ask_again()
        self.until = None
        self._tell(ASKED)

    def close(self) -> None:
        """Take no more answers."""
        self._asked().is_open = False
        self.until = None
        self._tell(ASKED)

    def reveal(self) -> None:
        """Show everyone the right answer, and take no more."""
        poll = self._asked()
        poll.is_open, poll.is_revealed = False, True
        self.until = None
        self._tell(ASKED)

    def put_away(self) -> None:
        """Let everyone see the whole step again."""
        poll = self.poll
        if poll is not None and not poll.is_put_away:
            poll.is_open, poll.is_put_away = False, True
            self.until = None
            self._tell(ASKED)

    def look_at_the_time(self) -> None:
        """End a question whose time is over."""
        if self.until is not None and self._now() >= self.until:
            self.close()

    @property
    def seconds_left(self) -> int | None:
        """Of the question's time; None where there is no end."""
        return None if self.until is None else max(0, round(self.until - self._now()))

    def refuse(self, name: str) -> None:
        """Send somebody away.

        Raises:
            Refusal: nobody here has this name.
        """
        person = self.people.named(name.strip())
        if person is None:
            raise Refusal(f"nobody here is called {quoted(name.strip())}")
        person.is_refused = True
        for poll in self.polls:
            for given in poll.times:
                given.pop(person.number, None)
        self._refuse(person)
        self._tell(CAME)

    def change_code(self, code: str) -> str:
        """Let in only who knows another code; "": one that is drawn. Gives it.

        Raises:
            Refusal: it cannot be one, or nobody needs any.
        """
        if not self.joining.code:
            raise Refusal("everyone is let in without a code (--open)")
        found = self._change_code(code)
        lines = tuple(line.replace(self.joining.code, found) for line in self.joining.lines)
        # The picture is of the address with the old code.
        self.joining = Joining(lines, found)
        self._tell(CAME)
        return found

    def may_end(self) -> bool:
        """Whether the presenter may leave: where that ends it for others, only if they mean it,
        and leave twice within some seconds."""
        now = self._now()
        is_sure = now - self._warned < SURE_SECONDS
        self._warned = now
        return is_sure or not self.ends_with_presenter or not len(self.people)

    def on_code(self, act: Callable[[str], str]) -> None:
        """Have the code changed by this; gives the new one."""
        self._change_code = act

    def on_refusal(self, act: Callable[[Person], None]) -> None:
        """Have something done with who is sent away."""
        self._refuse = act

    def _asked(self) -> Poll:
        if self.poll is None:
            raise Refusal("nothing was asked yet: ask asks for the number of this step")
        return self.poll

    # Those who follow

    def come(self, name: str) -> Person:
        """Somebody joins."""
        person = self.people.come(name)
        self._tell(CAME)
        return person

    def back(self, person: Person) -> None:
        """Somebody is here again."""
        person.is_here = True
        self._tell(CAME)

    def go(self, person: Person) -> None:
        """Somebody leaves; what they answered stays."""
        person.is_here, person.where = False, ""
        self._tell(CAME)

    def stand(self, person: Person, where: str) -> None:
        """Somebody steps alone, and is at a step; "" follows again."""
        if person.where != where:
            person.where = where
            self._tell(CAME)

    def answer(self, person: Person, text: str) -> Given | None:
        """Somebody's answer, marked and kept; None where nothing is asked."""
        self.look_at_the_time()
        poll = self.poll
        if poll is None or not poll.is_open or person.is_refused:
            return None
        # What is seen as its number is no number: it cannot be read, and stands in no file.
        text = printable(text.strip())[:LONGEST_TYPED]
        person.typed = text
        given = poll.answer(person.number, text, person.answers)
        if person.number in poll.times[-1]:
            person.answers[poll.name] = text
        self._tell(ANSWERED)
        return given

    def has_answers(self, *, of_file: bool) -> bool:
        """Whether `results` has anything to tell."""
        return any(any(each.times) for each in self.polls if each.question.of_file == of_file)

    def results(self, *, of_file: bool) -> str:
        """All answers, as a file's text.

        Args:
            of_file: those that `check` reads; else those to other questions.
        """
        polls = [each for each in self.polls if each.question.of_file == of_file]
        return results_text(last_answers(polls, self.people.everyone))
