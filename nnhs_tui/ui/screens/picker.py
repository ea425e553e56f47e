"""The picker: the scenarios on the left, a preview of the one under the cursor on the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.errors import NnhsError, reason_of
from nnhs_tui.present.scenario_path import (
    Entry,
    Row,
    comes_next,
    draw_head,
    draw_path,
    rows_of,
    shown_rows,
)
from nnhs_tui.present.text.lines import Line, clip, title
from nnhs_tui.scenario.chapters import chapter_label
from nnhs_tui.scenario.library import scenario_paths
from nnhs_tui.scenario.reading.describe import UNREADABLE
from nnhs_tui.scenario.scenario_choice import Choice
from nnhs_tui.store.kept import key_of
from nnhs_tui.store.progress import NOTHING
from nnhs_tui.ui.keys import bindings, hints
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.program import Program
from nnhs_tui.ui.screens.leaving import PICKER
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.scenario.model import Scenario

LONGEST_SEARCH = 60
"""Characters of what is looked for."""
WELCOME = "new here? Enter opens the first one; / and sigmoid finds the two-layer net"


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
        described = [choice.described() for choice in self.choices]
        if not only:
            order = sorted(range(len(self.choices)), key=lambda place: described[place].order)
            self.choices = [self.choices[place] for place in order]
            described = [described[place] for place in order]
        self._described, self._has_chapters = described, not only
        here = (n for n, choice in enumerate(self.choices) if current and choice.is_at(current))
        self._current = next(here, None)
        self.at = self._current or 0
        self.search: str | None = None
        """What is looked for; None: nothing is."""
        self._previewing = False
        self.row = MessageRow()
        self._previews: dict[tuple[int, int, int], list[Line]] = {}

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head", classes="-across -row")
        yield Pane(self._draw_list, id="list")
        yield Pane(self._draw_preview, id="preview")
        yield Pane(self._draw_message, id="message", classes="-across -row")

    @cached_property
    def entries(self) -> list[Entry]:
        """The scenarios as the list shows them."""
        program: Program = self.app  # type: ignore[assignment]
        kept = program.progress.all_reached()
        found = []
        for choice, each in zip(self.choices, self._described, strict=True):
            reached = kept.get(key_of(str(choice.path)), NOTHING)
            chapter = chapter_label(each.chapter) if self._has_chapters else ""
            is_known = each is not UNREADABLE
            found.append(
                Entry(
                    choice.name,
                    each.title if is_known else choice.name,
                    each.shape,
                    chapter,
                    reached.is_seen,
                    reached.asked,
                    reached.wrong,
                )
            )
        return found

    @property
    def _rows(self) -> list[Row]:
        """The rows of the list, of what is looked for."""
        found = range(len(self.entries))
        words = self.search or ""
        return rows_of(self.entries, [n for n in found if self.entries[n].has(words)])

    def _draw_head(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        return [clip(draw_head(self.entries, self.search, width), width)]

    def _draw_message(self, width: int, height: int) -> list[Line]:
        if self.row.text:
            return self.row.draw(width, height)
        back: Line = (("Esc", "key"), (" back  ", "dim")) if len(self.app.screen_stack) > 1 else ()
        if self.search is not None:
            back = (("Esc", "key"), (" all again  ", "dim"))
        keys: Line = (("↑ ↓", "key"), (" choose  ", "dim"), ("Enter", "key"), (" open  ", "dim"))
        if self.search is not None:
            return [clip((*back, *keys), width)]
        find: Line = (("/", "key"), (" find  ", "dim"))
        return [clip((*back, *keys, *find, *hints(("help", "quit"), width)), width)]

    def _draw_list(self, width: int, height: int) -> list[Line]:
        if self.choices and not self._rows:
            return [title("", "scenarios", width), ((" nothing has that in it", "dim"),)]
        return draw_path(self.entries, self._rows, self.at, width, height)

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
        places = [row for row in self._rows if isinstance(row, int)]
        if places:
            here = places.index(self.at) if self.at in places else 0
            self.at = places[max(0, min(len(places) - 1, here + steps))]
        self.row.say("")
        self._redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is looked for, letters are letters."""
        return self.search is None or action != "run"

    def on_key(self, event: events.Key) -> None:
        """What is typed into the search: here, since a binding has its effect later than the key
        that may come in one piece with it."""
        text, sign = self.search, event.character
        if text is None:
            if sign != "/":
                return
            text = ""
        elif event.key == "backspace":
            text = text[:-1]
        elif sign is not None and sign.isprintable() and len(text) < LONGEST_SEARCH:
            text += sign
        else:
            return
        event.stop()
        event.prevent_default()
        self.search = text
        self.action_move(0)

    def action_open(self) -> None:
        """Open the scenario under the cursor; what is wrong with it is said in the last row."""
        # A second click may come in one piece with the one that has left the list.
        if not self._rows or not self.is_current:
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
        """Back to all scenarios; then to the debugger this was opened from, if any."""
        if self.search is not None:
            self.search = None
            self._redraw()
        elif self._over_debugger:
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
            from nnhs_tui.present.pages.picker import picker_page
            from nnhs_tui.ui.screens.page import PageScreen

            self.app.push_screen(PageScreen(picker_page()))

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_move(1 if message.rows > 0 else -1)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what.startswith("do:"):
            self.action_run(message.what.removeprefix("do:"))
        if message.pane.id != "list" or not message.row:
            return
        rows = self._rows
        start, stop = shown_rows(rows, self.at, message.pane.size.height)
        place = start + message.row - 1
        row = rows[place] if place < stop else ""
        if row == self.at:
            self.action_open()
        elif isinstance(row, int):
            self.at = row
            self.action_move(0)

    def on_mount(self) -> None:
        if self._current is None and self._has_chapters:
            program: Program = self.app  # type: ignore[assignment]
            kept = program.progress.all_reached()
            keys = [key_of(str(choice.path)) for choice in self.choices]
            self.at = comes_next(self.entries, lambda n: kept.get(keys[n], NOTHING).is_opened)
            if not any(kept.get(key, NOTHING).is_opened for key in keys) and self.choices:
                self.row.say(WELCOME)
        self.call_after_refresh(self._begin_previews)

    def _begin_previews(self) -> None:
        """Previews bring NumPy with them, which the first frame need not wait for."""
        self._previewing = True
        self._redraw()
