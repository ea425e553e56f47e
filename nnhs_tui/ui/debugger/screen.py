"""The debugger: panes around the cursor of a session, moved by commands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from nnhs_tui.commands.commands import SESSION, parse
from nnhs_tui.commands.panes import GRADIENTS, PANES, TIMELINE
from nnhs_tui.errors import Refusal
from nnhs_tui.present.text.lines import Line, clip
from nnhs_tui.ui.debugger.all_parts import Parts
from nnhs_tui.ui.keys import FOOTER, bindings
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.program import Program
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.terminal.collector import settle_memory
from nnhs_tui.ui.widgets.last_row import LastRow
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.debugger.scene import Scene
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.lessons.lesson import Lesson


class DebuggerScreen(SizedScreen):
    """One session on the screen. Before it is there, the empty panes.

    It holds the session and lays out the panes; what can be done is the business of its parts.

    Args:
        is_fresh: whether to begin at the start though it is kept where one was.
        presented: the panes beside the step in large type; None: the usual screen.
        lesson: begins with the session.

    Raises:
        LookupError: a command of the table has no part that carries it out, or two.
    """

    BINDINGS = bindings(in_order=True)

    def __init__(
        self,
        session: Session | None = None,
        *,
        is_fresh: bool = False,
        presented: Sequence[str] | None = None,
        lesson: Lesson | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._scene: Scene | None = None
        self._drawing_due = False
        self._waiting: list[str] = []
        self.row = MessageRow(self._at_hand, self._has_timeline)
        self.parts = Parts(self, self, is_fresh=is_fresh, presented=presented)
        self.parts.lessons.coming = lesson

    def compose(self) -> ComposeResult:
        drawing, chosen = self.parts.drawing, self.parts.views.chosen
        yield Pane(self._draw_position, id="position", classes="-across -row")
        for view in PANES:
            classes = f"-view {'-chosen' if view.name == chosen else ''} {view.places}"
            yield Pane(partial(drawing.view, view), id=view.name, classes=classes)
        yield Pane(self.parts.lessons.draw, id="lesson")
        with LastRow(id="last-row", classes="-across -row"):
            yield Pane(self.row.draw, id="message")

    def on_mount(self) -> None:
        if self.parts.presenting.is_on:
            self.parts.presenting.arrange()
        if self._session is not None:
            self._begin()

    # The session

    @property
    def session(self) -> Session:
        """The session, once it is there."""
        assert self._session is not None
        return self._session

    @property
    def is_open(self) -> bool:
        """Whether the session is there."""
        return self._session is not None

    @property
    def program(self) -> Program:
        """The program the screen belongs to."""
        program: Program = self.app  # type: ignore[assignment]
        return program

    def open(self, session: Session) -> None:
        """Begin with a session."""
        self._session = session
        self._begin()
        for command in self._waiting:
            self.run_command(command)

    def _begin(self) -> None:
        """Begin with the session that has just come."""
        if self.parts.lessons.coming is None:
            self.parts.bookmark.go_back()
        is_new = not self._waiting and not self.parts.bookmark.is_fresh
        self.parts.reaching.begin(with_card=is_new and self.parts.lessons.coming is None)
        self.parts.file.watch()
        self.parts.lessons.begin()
        self.fit_net()
        self.redraw_soon()
        self.call_after_refresh(settle_memory)

    def fit_net(self) -> None:
        """Give the net the columns it needs, and the matrices the others."""
        if self._session is None or not {"-columns", "-wide"} & self.classes:
            return
        from nnhs_tui.present.panes.widths import net_width

        width = net_width(self.session.scene(), self.app.size.width - self.columns_taken)
        self.styles.grid_columns = f"{width} 1fr"

    def on_resize(self) -> None:
        self.parts.lessons.fit()
        self.fit_net()

    def move_into(self, session: Session) -> None:
        """Go on with another session of the same scenario, at its own place."""
        self.halt()
        self._session = session
        self.parts.views.follow()
        self.redraw_soon()

    def go_on_in(self, session: Session, lesson: Lesson | None = None) -> None:
        """Go on in another scenario, in the place of this one, with a lesson or without."""
        self._leave()
        was_recorded = self.parts.recorder.end()
        self.parts.replaying.end()
        self.parts.views.close_list()
        self.move_into(session)
        self.parts.bookmark.is_fresh = False
        self.parts.lessons.coming = lesson
        self._begin()
        if was_recorded:
            self.row.say("the recording ended with the other scenario")

    def _leave(self) -> None:
        """The scenario is left: keep the place, end the recording. What runs ends where it is."""
        if self.is_open:
            self.parts.carrying_out.leave()
            self.parts.recorder.close()
            # A lesson begins at its own place, and has the debugger do things for its tasks.
            if self.parts.lessons.course is None:
                self.parts.bookmark.keep()

    def on_unmount(self) -> None:
        self._leave()
        self.parts.briefing.end()

    # Drawing

    def pane(self, name: str) -> Pane:
        """A pane by its name."""
        return self.query_one(f"#{name}", Pane)

    @cached_property
    def _panes(self) -> list[Pane]:
        """All panes, shown or not."""
        return list(self.query(Pane))

    @property
    def scene(self) -> Scene:
        """What is on the screen, or soon will be."""
        if self._scene is None:
            self._scene = self.session.scene()
        return self._scene

    def _draw_position(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        if self._session is None:
            return [clip((("opening …", "dim"),), width)]
        from nnhs_tui.present.panes import table as panes

        return [panes.position(self.scene, width)]

    def _at_hand(self) -> tuple[str, ...]:
        """The commands whose keys stand in the last row."""
        if self._session is None:
            return FOOTER
        from nnhs_tui.debugger.at_hand import at_hand

        return (*self.parts.lessons.at_hand, *at_hand(self.scene))

    def _has_timeline(self) -> bool:
        """Whether the row above the last one is the timeline, which a long message may take."""
        timeline = self.pane(TIMELINE.name)
        return bool(timeline.display) and timeline.size.height == 1

    def redraw_soon(self) -> None:
        """Draw once for all commands that are waiting, however many keys were pressed."""
        # What comes next, perhaps in the same piece, is about the new step.
        self._scene = None
        if not self._drawing_due:
            self._drawing_due = True
            self.app.call_later(self._redraw)

    def _redraw(self) -> None:
        self._drawing_due = False
        self._scene = None
        self._give_room()
        for pane in self._panes:
            # One that is only now given its room is not displayed yet.
            pane.redraw() if pane.display else pane.put_off()
        self.parts.briefing.brief()
        self.parts.following.show()
        if self.is_open:
            self.parts.reaching.look()

    def _give_room(self) -> None:
        """The gradients' pane gives its room away where there is nothing in it to see."""
        is_wanted = self.parts.presenting.is_on or self.parts.views.chosen == GRADIENTS.name
        self.set_class(
            self.is_open and not is_wanted and not self.scene.has_gradients, "-without-gradients"
        )

    def on_screen_resume(self) -> None:
        """What covered the step has gone; what comes over it comes with a command."""
        self.parts.briefing.brief()

    # Commands

    def run_command(self, command: str) -> None:
        """Carry out a command string; what becomes of it is seen on the screen."""
        self.row.say("")
        self.redraw_soon()
        if self._session is None and command != "quit":
            # Typed while the scenario is being opened.
            self._waiting.append(command)
            return
        try:
            found, argument = parse(command)
            if found.scope == SESSION:
                self.halt()
                self.parts.carrying_out.start(command)
            else:
                self.parts.recorder.add(command)
                self.parts.handlers[found.word](argument)
        except Refusal as refusal:
            self.row.refuse(str(refusal))
        except MemoryError as error:
            self.row.refuse(self.session.short_of_memory(error).message)

    def halt(self) -> str:
        """Stop what runs by itself; what was computed stays. Gives what to say of that."""
        return self.parts.halt()

    # Keys and the mouse

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a command is being typed its letters are not keys."""
        return self.parts.typed.typing.is_key(action, parameters)

    def action_run(self, command: str) -> None:
        """Carry out the command of a key; run to here goes to what is chosen, if anything is."""
        if command == "run-to" and self.is_open:
            command = self.parts.views.pointed_at() or command
        self.parts.typed.press(command)

    def on_command_line_typed(self) -> None:
        """How the line may go on stands in the place of the timeline."""
        self.pane(TIMELINE.name).redraw()

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.parts.lessons.turn(message)
        self.parts.views.turn(message)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if self.parts.pointer.press(message):
            return
        kind, _, what = message.what.partition(":")
        if kind == "do":
            self.action_run(what)
        self.parts.views.press(message)
