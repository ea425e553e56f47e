"""A debugger without a screen, for a part that is built alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.geometry import Region, Size

from nnhs_tui.debugger.session import Session
from nnhs_tui.selftest.shelf import Memory
from nnhs_tui.store.places import InMemory
from nnhs_tui.store.progress import InMemory as ProgressInMemory
from nnhs_tui.ui.look import Look
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.program import Files


class StandInPane:
    """A pane that only has a place, and style classes."""

    def __init__(self, name: str) -> None:
        self.id, self.look = name, Look()
        self.region, self.size = Region(2, 3, 40, 10), Size(40, 10)
        self.classes = {"-view"}
        self.drawn = 0

    def set_class(self, on: bool, name: str) -> None:
        self.classes = self.classes | {name} if on else self.classes - {name}

    def has_class(self, name: str) -> bool:
        return name in self.classes

    def redraw(self) -> None:
        self.drawn += 1


class StandInTimer:
    """A timer that rings when a test says so."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.ring, self.is_stopped = call, False

    def stop(self) -> None:
        self.is_stopped = True


class StandInProgram:
    """A program that remembers what it was asked for."""

    def __init__(self) -> None:
        self.look, self.files = Look(), Files()
        self.size = Size(80, 24)
        self.shelf, self.places = Memory(), InMemory()
        self.progress = ProgressInMemory()
        self.pushed: list[Any] = []
        self.copied: list[str] = []
        self.worn: list[str] = []
        self.rings = 0
        self.exited: list[int] = []
        self.shell = "there is no shell"
        self.screen: object = None

    def push_screen(self, screen: object, callback: object = None, /) -> None:
        self.pushed.append(screen)
        self.screen = screen

    def call_later(self, call: Callable[..., object], /, *arguments: Any) -> None:
        call(*arguments)

    def copy_to_clipboard(self, text: str, /) -> None:
        self.copied.append(text)

    def exit(self, result: int, /) -> None:
        self.exited.append(result)

    def ring(self) -> None:
        self.rings += 1

    def wear(self, theme: str) -> None:
        self.worn.append(theme)

    def suspend_to_shell(self) -> str:
        return self.shell


class StandIn:
    """What a part may use, and what it did with it."""

    def __init__(self, session: Session | None) -> None:
        self._session = session
        self.row = MessageRow()
        self.program: Any = StandInProgram()
        self.program.screen = self
        self.panes: dict[str, StandInPane] = {}
        self.classes: set[str] = set()
        self.timers: list[StandInTimer] = []
        self.commands: list[str] = []
        self.halts = 0
        self.moved_into: list[Session] = []

    @property
    def session(self) -> Session:
        assert self._session is not None
        return self._session

    @property
    def scene(self) -> Any:
        return self.session.scene()

    @property
    def is_open(self) -> bool:
        return self._session is not None

    def pane(self, name: str) -> Any:
        return self.panes.setdefault(name, StandInPane(name))

    def run_command(self, command: str) -> None:
        self.commands.append(command)
        self.row.say("")
        outcome = self.session.execute(command)
        if outcome.kind == "refused":
            self.row.refuse(outcome.message)

    def halt(self) -> str:
        self.halts += 1
        return "halted"

    def redraw_soon(self) -> None:
        pass

    def move_into(self, session: Session) -> None:
        self.moved_into.append(session)
        self._session = session

    def go_on_in(self, session: Session, lesson: object = None) -> None:
        self.move_into(session)

    def set_class(self, on: bool, name: str, /) -> None:
        self.classes = self.classes | {name} if on else self.classes - {name}

    def has_class(self, name: str, /) -> bool:
        return name in self.classes

    def set_interval(self, seconds: float, call: Callable[[], object], /) -> Any:
        self.timers.append(StandInTimer(call))
        return self.timers[-1]
