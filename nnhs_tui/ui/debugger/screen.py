"""The debugger: panes around the cursor of a session, moved by commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from nnhs_tui.commands.commands import SESSION, parse
from nnhs_tui.commands.panes import BY_NUMBER, MATRICES, NET, PANES, STEP, TIMELINE, PaneRow
from nnhs_tui.errors import Refusal
from nnhs_tui.present.text.lines import Line, chosen_row, chosen_title, clip, title
from nnhs_tui.ui.debugger.autoplay import Autoplay
from nnhs_tui.ui.debugger.briefing import BriefingScreen
from nnhs_tui.ui.debugger.messages import MessageRow
from nnhs_tui.ui.debugger.pointed import Pointing
from nnhs_tui.ui.debugger.pointing import SCROLLS
from nnhs_tui.ui.debugger.sliced_work import WorkRunner
from nnhs_tui.ui.debugger.typing import LastRow
from nnhs_tui.ui.keys import FOOTER, bindings
from nnhs_tui.ui.lists import LISTS, Lists
from nnhs_tui.ui.terminal.collector import settle_memory
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.debugger.outcome import Outcome
    from nnhs_tui.debugger.scene import Scene
    from nnhs_tui.debugger.session import Session


class DebuggerScreen(BriefingScreen):
    """One session on the screen. Before it is there, the empty panes."""

    BINDINGS = bindings(in_order=True)

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self._session = session
        self._scene: Scene | None = None
        self.row = MessageRow(FOOTER, self._has_timeline)
        self.chosen = NET.name
        """The pane that is scrolled and zoomed, and on small screens the one that is shown."""
        self.zoomed = False
        self.scrolls: dict[str, tuple[int, int]] = {}
        self.lists = Lists()
        self.pointing = Pointing()
        self.autoplay = Autoplay(self._play_step, self)
        self.work = WorkRunner(self, self._show_progress, self._show_work)
        self._drawing_due = False
        self._waiting: list[str] = []

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_position, id="position", classes="-across -row")
        for view in PANES:
            chosen = "-chosen" if view.name == self.chosen else ""
            classes = f"-view {chosen} {view.places}"
            yield Pane(partial(self._draw_view, view), id=view.name, classes=classes)
        with LastRow(id="last-row", classes="-across -row"):
            yield Pane(self.row.draw, id="message")

    def on_mount(self) -> None:
        if self._session is not None:
            self.begin()

    @property
    def session(self) -> Session:
        """The session, once it is there."""
        assert self._session is not None
        return self._session

    @property
    def is_open(self) -> bool:
        """Whether the session is there."""
        return self._session is not None

    def open(self, session: Session) -> None:
        """Begin with a session."""
        self._session = session
        self.begin()
        for command in self._waiting:
            self.run_command(command)

    def begin(self) -> None:
        """Begin with the session that has just come."""
        if self.keeps_place and not self.is_fresh:
            self.return_to_place()
        self.watch_file()
        self.redraw_soon()
        self.call_after_refresh(settle_memory)

    def replace_session(self, session: Session) -> None:
        """Go on with another session, at its own place."""
        self.halt()
        self._session = session
        self.scrolls.clear()
        self.pointing.clear()
        self.redraw_soon()

    # Drawing

    @cached_property
    def panes(self) -> list[Pane]:
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

    def _draw_view(self, view: PaneRow, width: int, height: int) -> Sequence[Line]:
        name = view.name
        if self._session is None:
            lines = [title(view.number, name, width)]
        else:
            lines = self.draw_pane(name, width, height, self.scrolls.get(name, (0, 0)))
        if name == self.chosen and lines:
            first = chosen_title(lines[0]) if height > 1 else chosen_row(lines[0])
            lines = [first, *lines[1:]]
        return self.under_pointer(name, lines, width, height)

    def draw_pane(self, name: str, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
        """A pane, or what has taken its place."""
        # The drawing of a session brings NumPy with it, which the first frame need not wait for.
        from nnhs_tui.present.panes import table as panes

        if name == TIMELINE.name and self.row.typing:
            return [self.draw_typing(width)]
        if name == TIMELINE.name and self.row.above(width):
            return [self.row.above(width)]
        if name == MATRICES.name and self.lists.shown and not self.scene.opened:
            return self.lists.draw(self.session, width, height)

        if name == STEP.name and self.is_presenting:
            return self.draw_large(width, height)
        marker = self.pointing.marker(name)
        return panes.draw(name, self.scene, width, height, scroll, marker)

    def _has_timeline(self) -> bool:
        """Whether the row above the last one is the timeline, which a long message may take."""
        timeline = self.query_one(f"#{TIMELINE.name}", Pane)
        return bool(timeline.display) and timeline.size.height == 1

    def redraw_soon(self) -> None:
        """Draw once for all commands that are waiting, however many keys were pressed."""
        if not self._drawing_due:
            self._drawing_due = True
            self.app.call_later(self._redraw)

    def _redraw(self) -> None:
        self._drawing_due = False
        self._scene = None
        for pane in self.panes:
            if pane.display:
                pane.redraw()
        self.brief()

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
        except Refusal as refusal:
            self.row.refuse(str(refusal))
            return
        if found.scope == SESSION:
            self.halt()
            self.carry_out(command)
            return
        self.record(command)
        if found.word in SCROLLS:
            self.scroll_by(*SCROLLS[found.word])
            return
        handler: Callable[[str], None] = getattr(self, "_" + found.word.replace("-", "_"))
        try:
            handler(argument)
        except MemoryError as error:
            self.row.refuse(self.session.short_of_memory(error).message)

    def _show_outcome(self, outcome: Outcome) -> None:
        # What comes next, perhaps in the same piece, is about the new step.
        self._scene = None
        self.redraw_soon()
        if outcome.kind == "refused":
            self.row.refuse(outcome.message)
            return
        self.row.say(outcome.message)
        if outcome.pane:
            self.show_list(outcome.pane)
        if outcome.kind == "moved":
            # The panes follow the cursor again.
            self.scrolls.clear()
            self.pointing.clear()

    def _show_work(self, outcome: Outcome, leads_there: str) -> None:
        """A command has been carried out, at once or after a while."""
        self._show_outcome(outcome)
        if leads_there:
            self.record(leads_there)
        self.replay_on()

    def _play_step(self) -> bool:
        """A step of playing, or a line of the replay; False at the end."""
        if self.replay is not None and self.replay.left:
            # While the class is at work, a replay that plays waits for it.
            is_asked = self.countdown is not None and self.countdown.left
            return True if is_asked and self.autoplay.playing else self.replay_next()
        if self.work.is_running:
            # The last line of the replay.
            return True
        if self.session.index + 1 >= self.session.total:
            self.row.say("the round is complete: apply takes the new parameters (key a)")
            self.redraw_soon()
            return False
        return self._play_next()

    def _play_next(self) -> bool:
        """Play one step; False where a breakpoint, or the end of the round, stops it."""
        from nnhs_tui.debugger.actions.breakpoints import play_on

        self.end_countdown()
        outcome, stopped_at = play_on(self.session)
        self._show_outcome(outcome)
        self.record("next" if stopped_at is None else "continue")
        self.redraw_soon()
        if stopped_at is not None:
            self.row.say(f"paused at {outcome.message}; Space plays on")
            return False
        more = self.session.index + 1 < self.session.total
        self.row.say(self.autoplay.describe() if more else "the end of the round")
        return more

    def _show_progress(self, text: str) -> None:
        """A command is under way: only the last row tells of it."""
        self.row.say(text)
        self.query_one("#message", Pane).redraw()

    def _play(self, _argument: str) -> None:
        if self.autoplay.playing:
            self.autoplay.stop()
            self.row.say("paused")
            return
        if not self.is_replaying:
            self.work.stop()
        if self._play_step():
            self.autoplay.start()
            self.row.say(self.autoplay.describe())

    def _faster(self, _argument: str) -> None:
        self.autoplay.change(-1)
        self.row.say(self.autoplay.describe())

    def _slower(self, _argument: str) -> None:
        self.autoplay.change(1)
        self.row.say(self.autoplay.describe())

    def _pane(self, argument: str) -> None:
        lists = {key: name for name, key in LISTS.items()}
        if argument in lists:
            self.show_list(lists[argument])
        elif argument in BY_NUMBER:
            name = BY_NUMBER[argument].name
            was_list = name == MATRICES.name and bool(self.lists.shown)
            if was_list:
                self.lists.shown = ""
            if self.is_presenting and not (was_list and name in self.wanted):
                self.want(name)
            self.choose(name)
        else:
            self.row.refuse(f"pane takes a number from 0 to 9, found {argument!r}")

    def show_list(self, name: str) -> None:
        """Show a list in the place of the matrices."""
        self.lists.shown = name
        if self.is_presenting and MATRICES.name not in self.wanted:
            self.want(MATRICES.name)
        self.choose(MATRICES.name)

    def choose(self, name: str) -> None:
        """Make a pane the chosen one."""
        self.chosen = name
        self.set_class(name == MATRICES.name and bool(self.lists.shown), "-listing")
        for view in PANES:
            self.query_one(f"#{view.name}", Pane).set_class(view.name == name, "-chosen")

    def _zoom(self, _argument: str) -> None:
        self.zoomed = not self.zoomed
        self.set_class(self.zoomed, "-zoomed")

    def _quit(self, _argument: str) -> None:
        self.app.exit(0)
