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
from nnhs_tui.present.text.lines import Line, clip, standing_for, title
from nnhs_tui.scenario.chapters import chapter_label
from nnhs_tui.scenario.library import scenario_paths
from nnhs_tui.scenario.reading.describe import UNREADABLE
from nnhs_tui.scenario.scenario_choice import Choice
from nnhs_tui.store.kept import key_of
from nnhs_tui.store.progress import NOTHING, Reached
from nnhs_tui.ui.keys import bindings, hints
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.program import Chosen, Program
from nnhs_tui.ui.screens.leaving import PICKER
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.lessons.choice import LessonChoice
    from nnhs_tui.scenario.model import Scenario

LONGEST_SEARCH = 60
"""Characters of what is looked for."""
WELCOME = "new here? Tab: lessons. Enter opens the first net; / and sigmoid a larger one"


class PickerScreen(SizedScreen):
    """Chooses a scenario and opens it."""

    cover = PICKER
    _previews: dict[tuple[int, int, int], list[Line]]
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(("help", "quit")),
        Binding("down,j,n", "move(1)", "down", show=False),
        Binding("up,k,p", "move(-1)", "up", show=False),
        Binding("pagedown", "move(10)", "down", show=False),
        Binding("pageup", "move(-10)", "up", show=False),
        Binding("home", "move(-100000)", "first", show=False),
        Binding("end", "move(100000)", "last", show=False),
        Binding("enter,right,space", "open", "open", show=False),
        Binding("tab", "other_list", "lessons or scenarios", show=False),
        Binding("escape", "leave", "back to the debugger", show=False),
    ]

    def __init__(
        self, current: str = "", only: Sequence[Scenario] = (), *, are_lessons: bool = False
    ) -> None:
        """Shows the scenarios.

        Args:
            current: the file of the scenario that is open.
            only: the only ones there are; without them, all files.
            are_lessons: whether the lessons are listed first.
        """
        super().__init__()
        self._path, self._only = current, only
        self._fill(are_lessons=are_lessons)
        self.search: str | None = None
        """What is looked for; None: nothing is."""
        self._previewing = False
        self.row = MessageRow()

    def _fill(self, *, are_lessons: bool) -> None:
        """Have the list of the scenarios, or that of the lessons."""
        self.are_lessons = are_lessons
        self._has_chapters = not self._only
        self.choices: list[Choice | LessonChoice]
        if are_lessons:
            from nnhs_tui.lessons.choice import LessonChoice
            from nnhs_tui.lessons.library import shipped_lessons

            self.choices = [LessonChoice(each) for each in shipped_lessons()]
        elif self._only:
            self.choices = [Choice(Path(each.path), each) for each in self._only]
        else:
            self.choices = [Choice(path) for path in scenario_paths()]
        described = [choice.described() for choice in self.choices]
        if self._has_chapters:
            order = sorted(range(len(self.choices)), key=lambda place: described[place].order)
            self.choices = [self.choices[place] for place in order]
            described = [described[place] for place in order]
        self._described = described
        here = (n for n, each in enumerate(self.choices) if self._is_open(each))
        self._current = next(here, None)
        self.at = self._current or 0
        self._previews = {}
        vars(self).pop("entries", None)

    def _is_open(self, choice: Choice | LessonChoice) -> bool:
        """Whether it is the scenario that is open."""
        return bool(self._path) and isinstance(choice, Choice) and choice.is_at(self._path)

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head", classes="-across -row")
        yield Pane(self._draw_list, id="list")
        yield Pane(self._draw_preview, id="preview")
        yield Pane(self._draw_message, id="message", classes="-across -row")

    @cached_property
    def entries(self) -> list[Entry]:
        """The scenarios, or the lessons, as the list shows them."""
        reached = self._lessons_reached() if self.are_lessons else self._scenarios_reached()
        found = []
        for choice, each, so_far in zip(self.choices, self._described, reached, strict=True):
            chapter = chapter_label(each.chapter) if self._has_chapters else ""
            title = each.title if each is not UNREADABLE else choice.name
            found.append(
                Entry(
                    choice.name,
                    title,
                    each.shape,
                    chapter,
                    so_far.is_seen,
                    so_far.asked,
                    so_far.wrong,
                    so_far.is_opened,
                )
            )
        return found

    @property
    def _program(self) -> Program:
        program: Program = self.app  # type: ignore[assignment]
        return program

    def _scenarios_reached(self) -> list[Reached]:
        kept = self._program.progress.all_reached()
        return [kept.get(key_of(str(choice.path)), NOTHING) for choice in self.choices]

    def _lessons_reached(self) -> list[Reached]:
        from nnhs_tui.lessons.course import AT_ONCE, OPEN, answered

        kept = self._program.learned.all_learned()
        found = []
        for choice in self.choices:
            outcomes = kept.get(key_of(str(choice.path)))
            if outcomes is None:
                found.append(NOTHING)
                continue
            is_done, asked = OPEN not in outcomes, answered(outcomes)
            wrong = asked - sum(each == AT_ONCE for each in outcomes)
            found.append(Reached(True, is_done, asked, wrong))
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
        return [clip(draw_head(self.entries, self.search, width, self._noun), width)]

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
        if self._has_chapters:
            other = "scenarios" if self.are_lessons else "lessons"
            what = "do:other-list"
            find += (("Tab", standing_for("key", what)), (f" {other}  ", standing_for("dim", what)))
        return [clip((*back, *keys, *find, *hints(("help", "quit"), width)), width)]

    def _draw_list(self, width: int, height: int) -> list[Line]:
        if self.choices and not self._rows:
            return [title("", self._noun, width), ((" nothing has that in it", "dim"),)]
        return draw_path(self.entries, self._rows, self.at, width, height, self._noun)

    def _draw_preview(self, width: int, height: int) -> list[Line]:
        if not self.choices:
            return [(("there are no scenarios", "error"),)]
        if not self._previewing:
            return []
        from nnhs_tui.present.preview import preview, preview_lesson

        key = (self.at, width, height)
        if key not in self._previews:
            choice = self.choices[self.at]
            if isinstance(choice, Choice):
                self._previews[key] = preview(choice, width, height)
            else:
                self._previews[key] = preview_lesson(choice.lesson, width, height)
        return self._previews[key]

    @property
    def _noun(self) -> str:
        return "lessons" if self.are_lessons else "scenarios"

    def action_other_list(self) -> None:
        """From the scenarios to the lessons, and back; in a kiosk there are none."""
        if self.search is None and self._has_chapters:
            self._fill(are_lessons=not self.are_lessons)
            self._begin_at()
            self.row.say("")
            self._redraw()

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

        choice = self.choices[self.at]
        try:
            session = Session(choice.load())
        except (NnhsError, MemoryError) as error:
            self.row.refuse(reason_of(error).splitlines()[0])
            self._redraw()
            return
        lesson = None if isinstance(choice, Choice) else choice.lesson
        if self._over_debugger:
            self.dismiss(Chosen(session, lesson))
            return
        self._program.open_debugger(session, lesson)

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
        if message.what == "do:other-list":
            self.action_other_list()
        elif message.what.startswith("do:"):
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
        self._begin_at()
        if self.at == 0 and not any(each.is_opened for each in self.entries) and self.choices:
            self.row.say(WELCOME if self._has_chapters else "")
        self.call_after_refresh(self._begin_previews)

    def _begin_at(self) -> None:
        """Have the cursor on what comes next, unless what is open is not seen to the end yet."""
        is_left = self._current is not None and not self.entries[self._current].is_seen
        if self._has_chapters and not is_left:
            self.at = comes_next(self.entries)

    def _begin_previews(self) -> None:
        """Previews bring NumPy with them, which the first frame need not wait for."""
        self._previewing = True
        self._redraw()
