"""The parts of the debugger's screen, put together: which there are, and who uses whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnhs_tui.commands.commands import COMMANDS, SCREEN
from nnhs_tui.ui.debugger.autoplay import Autoplay
from nnhs_tui.ui.debugger.drawing import Drawing
from nnhs_tui.ui.debugger.part import Debugger, Part, joined
from nnhs_tui.ui.debugger.parts.asides import Asides
from nnhs_tui.ui.debugger.parts.bookmark import Bookmark
from nnhs_tui.ui.debugger.parts.briefing import Briefing
from nnhs_tui.ui.debugger.parts.carrying_out import CarryingOut
from nnhs_tui.ui.debugger.parts.following import Following
from nnhs_tui.ui.debugger.parts.lessons import Lessons
from nnhs_tui.ui.debugger.parts.playing import Playing
from nnhs_tui.ui.debugger.parts.pointer import Pointer
from nnhs_tui.ui.debugger.parts.presenting import Presenting
from nnhs_tui.ui.debugger.parts.reaching import Reaching
from nnhs_tui.ui.debugger.parts.recorder import Recorder
from nnhs_tui.ui.debugger.parts.replaying import Replaying
from nnhs_tui.ui.debugger.parts.scenario_file import ScenarioFile
from nnhs_tui.ui.debugger.parts.stopping import Stopping
from nnhs_tui.ui.debugger.parts.task import Task
from nnhs_tui.ui.debugger.parts.typed_commands import TypedCommands
from nnhs_tui.ui.debugger.parts.views import Views

if TYPE_CHECKING:
    from nnhs_tui.ui.screens.sized import SizedScreen


class Parts:
    """All that the debugger's screen is made of.

    Args:
        debugger: the screen as its parts know it.
        screen: the same, where timers, slices of work and widgets belong.
        is_fresh: whether to begin at the start though it is kept where one was.
        presented: the panes beside the step in large type; None: the usual screen.

    Raises:
        LookupError: a command of the table has no part that carries it out, or two.
    """

    def __init__(
        self,
        debugger: Debugger,
        screen: SizedScreen,
        *,
        is_fresh: bool,
        presented: Sequence[str] | None,
    ) -> None:
        self.autoplay = Autoplay(lambda: self.playing.step(), screen)
        self.recorder = Recorder(debugger)
        self.reaching = Reaching(debugger, debugger.action_run)
        self.bookmark = Bookmark(debugger, is_fresh=is_fresh)
        self.presenting = Presenting(debugger, presented)
        self.task = Task(debugger, self.presenting)
        self.pointer = Pointer(debugger)
        self.lessons = Lessons(debugger, screen)
        self.typed = TypedCommands(debugger, screen, self.autoplay, self.lessons.asked_for)
        self.views = Views(
            debugger, self.presenting, self.pointer, lambda *place: self.drawing.pane(*place)
        )
        self.drawing: Drawing = Drawing(
            debugger, self.views, self.presenting, self.task, self.pointer, self.typed
        )
        self.carrying_out = CarryingOut(
            debugger, screen, self.views, self.recorder, lambda: self.replaying.go_on()
        )
        self.replaying: Replaying = Replaying(debugger, screen, self.autoplay, self.carrying_out)
        self.playing: Playing = Playing(
            debugger, self.autoplay, self.carrying_out, self.recorder, self.replaying, self.task
        )
        self.file = ScenarioFile(debugger, self.carrying_out)
        self.briefing = Briefing(debugger, self.autoplay, self.replaying, self.task, self.pointer)
        self.following = Following(debugger)
        self.all = self._in_order(debugger)
        self.handlers = joined(self.all, (each for each in COMMANDS if each.scope == SCREEN))

    def _in_order(self, debugger: Debugger) -> tuple[Part, ...]:
        """All of them, in the order in which they are stopped."""
        # What is told when they stop: of the last one that has something to say.
        return (
            self.task,
            self.playing,
            self.replaying,
            self.carrying_out,
            self.views,
            self.pointer,
            self.presenting,
            self.typed,
            self.file,
            self.bookmark,
            self.reaching,
            self.recorder,
            self.lessons,
            self.briefing,
            self.following,
            Asides(debugger, self.autoplay, lambda: self.lessons.at_hand),
            Stopping(debugger, self.let_go),
        )

    def halt(self) -> str:
        """Stop what runs by itself; gives what to say of it."""
        told = ""
        for part in self.all:
            told = part.halt() or told
        return told

    def let_go(self) -> None:
        """Choose nothing, and point at nothing, any more."""
        for part in self.all:
            part.let_go()

    @property
    def is_busy(self) -> bool:
        """Whether a command is under way, or a replay on its way to the end."""
        return self.carrying_out.is_running or self.replaying.is_hurrying
