"""The picker: the scenarios on the left, a preview of the one under the cursor on the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.errors import NnhsError, printable, reason_of
from nnhs_tui.present.text.lines import Line, cells, clip, fit, run, separated, title, window
from nnhs_tui.scenario.library import scenario_paths
from nnhs_tui.scenario.scenario_choice import Choice
from nnhs_tui.ui.keys import bindings, hints
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.program import Program
from nnhs_tui.ui.screens.leaving import PICKER
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.scenario.model import Scenario


class PickerScreen(SizedScreen):
    """Chooses a scenario and opens it."""

    cover = PICKER
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(("help", "quit")),
        Binding("down,j,n", "move(1)", "down", show=False),
        Binding("up,k,p", "move(-1)", "up", show=False),
        Binding("pagedown", "move(10)", "down", show=False),
        Binding("pageup", "move(-10)", "up", show=False),
        Binding("home", "move(-100000)", "first", show=False),
        Binding("end", "move(100000)", "last", show=False),
        Binding("enter,right,space", "open", "open", show=False),
        Binding("escape", "leave", "back to the debugger", show=False),
    ]

    def __init__(self, current: str = "", only: Sequence[Scenario] = ()) -> None:
        """Shows the scenarios.

        Args:
            current: the file of the scenario that is open.
            only: the only ones there are; without them, all files.
        """
        super().__init__()
        if only:
            self.choices = [Choice(Path(each.path), each) for each in only]
        else:
            self.choices = [Choice(path) for path in scenario_paths()]
        self._shapes = [choice.shape() for choice in self.choices]
        here = (n for n, choice in enumerate(self.choices) if current and choice.is_at(current))
        self._current = next(here, None)
        self.at = self._current or 0
        self._previewing = False
        self.row = MessageRow(())
        self._previews: dict[tuple[int, int, int], list[Line]] = {}

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head", classes="-across -row")
        yield Pane(self._draw_list, id="list")
        yield Pane(self._draw_preview, id="preview")
        yield Pane(self._draw_message, id="message", classes="-across -row")

    def _draw_head(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        return [
            clip(separated([("nnhs-tui", "title chosen"), ("choose a scenario", "dim")]), width)
        ]

    def _draw_message(self, width: int, height: int) -> list[Line]:
        if self.row.text:
            return self.row.draw(width, height)
        back: Line = (("Esc", "key"), (" back  ", "dim")) if len(self.app.screen_stack) > 1 else ()
        keys: Line = (("↑ ↓", "key"), (" choose  ", "dim"), ("Enter", "key"), (" open  ", "dim"))
        return [clip((*back, *keys, *hints(("help", "quit"), width)), width)]

    def _draw_list(self, width: int, height: int) -> list[Line]:
        count = len(self.choices)
        start, stop = window(count, height - 1, self.at)
        part = f"{start + 1}–{stop} of {count}" if stop - start < count else ""
        lines = [title("", "scenarios", width, part)]
        names = max((cells(printable(each.name)) for each in self.choices), default=0)
        shapes = max(map(len, self._shapes), default=0)
        for place in range(start, stop):
            text = fit(printable(self.choices[place].name), names)
            if 2 + names + 2 + shapes <= width:
                text += f"  {self._shapes[place]}"
            here = place == self.at
            mark = "► " if here else "  "
            lines.append((run(fit(mark + text, width), "current" if here else "text"),))
        return lines

    def _draw_preview(self, width: int, height: int) -> list[Line]:
        if not self.choices:
            return [(("there are no scenarios", "error"),)]
        if not self._previewing:
            return []
        from nnhs_tui.present.preview import preview

        key = (self.at, width, height)
        if key not in self._previews:
            self._previews[key] = preview(self.choices[self.at], width, height)
        return self._previews[key]

    def _redraw(self) -> None:
        for pane in self.query(Pane):
            pane.redraw()

    def action_move(self, steps: int) -> None:
        """Go so many scenarios down."""
        self.at = max(0, min(len(self.choices) - 1, self.at + steps))
        self.row.say("")
        self._redraw()

    def action_open(self) -> None:
        """Open the scenario under the cursor; what is wrong with it is said in the last row."""
        # A second click may come in one piece with the one that has left the list.
        if not self.choices or not self.is_current:
            return
        if self._over_debugger and self.at == self._current:
            self.dismiss()
            return
        from nnhs_tui.debugger.session import Session

        try:
            session = Session(self.choices[self.at].load())
        except (NnhsError, MemoryError) as error:
            self.row.refuse(reason_of(error).splitlines()[0])
            self._redraw()
            return
        if self._over_debugger:
            self.dismiss(session)
            return
        program: Program = self.app  # type: ignore[assignment]
        program.open_debugger(session)

    def action_leave(self) -> None:
        """Back to the debugger this was opened from, if any."""
        if self._over_debugger:
            self.dismiss()

    @property
    def _over_debugger(self) -> bool:
        """Whether it was opened from a debugger, which goes on with what is chosen."""
        return len(self.app.screen_stack) > 1

    def action_run(self, command: str) -> None:
        """The commands of the table that work here too."""
        if command == "quit":
            self.app.exit(0)
        elif command == "help":
            from nnhs_tui.present.pages.help import help_page
            from nnhs_tui.ui.screens.page import PageScreen

            self.app.push_screen(PageScreen(help_page()))

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_move(1 if message.rows > 0 else -1)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what.startswith("do:"):
            self.action_run(message.what.removeprefix("do:"))
        if message.pane.id != "list" or not message.row:
            return
        start, stop = window(len(self.choices), message.pane.size.height - 1, self.at)
        place = start + message.row - 1
        if place == self.at:
            self.action_open()
        elif place < stop:
            self.action_move(place - self.at)

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin_previews)

    def _begin_previews(self) -> None:
        """Previews bring NumPy with them, which the first frame need not wait for."""
        self._previewing = True
        self._redraw()
