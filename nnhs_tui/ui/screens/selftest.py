"""Test yourself: a question, a grid to fill in, the verdict, hints, and what is done."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from nnhs_tui.errors import NnhsError, reason_of
from nnhs_tui.operations.written import LONGEST, as_typed, is_of_number
from nnhs_tui.present.text.lines import Line
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.screens.leaving import SELF_TEST
from nnhs_tui.ui.screens.selftest_sure import asked_twice
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.selftest_keys import BINDINGS, KEYS, SIGNS
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.present.pages.page import Page
    from nnhs_tui.selftest.opening import Opened
    from nnhs_tui.selftest.selftest import SelfTest
    from nnhs_tui.selftest.setting import Setting
    from nnhs_tui.store.progress import Progress
    from nnhs_tui.ui.screens.page import PageScreen


class SelfTestScreen(SizedScreen):
    """One self-test on the screen. Every key is written down before its effect is seen."""

    cover = SELF_TEST
    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.row = MessageRow(keys=KEYS)
        self._went_wrong: tuple[str, ...] = ()
        """What went wrong in the last test in which anything did."""
        self.asked_for = ""
        """The key that has only said what it does, and does it when it is pressed again."""
        self._take(opened)

    def _take(self, opened: Opened) -> None:
        self.test: SelfTest = opened.test
        self.log_file, self.shelf = opened.log, opened.shelf
        self.row.say(opened.message)
        self._unkept = opened.message
        """Why nothing is kept, where nothing is."""

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head", classes="-across -row")
        yield Pane(self._draw_picture, id="picture")
        yield Pane(self._draw_done, id="done")
        yield Pane(self._draw_question, id="question", classes="-across")
        yield Pane(self.row.draw, id="message", classes="-across -row")

    def on_unmount(self) -> None:
        self._close_log()

    def _close_log(self) -> None:
        """What was done is kept, and for the list of scenarios how it went."""
        from nnhs_tui.selftest.report import report

        if self.log_file is not None:
            self.log_file.close()
        found, program = report(self.test), self.app
        if found.answered:
            progress: Progress = program.progress  # type: ignore[attr-defined]
            wrong = len(found.went_wrong)
            progress.reach(self.test.setting.path, asked=found.answered, wrong=wrong)

    # Drawing

    def _draw_head(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.selftest.screen import draw_head

        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        return [draw_head(self.test, width)]

    def _draw_picture(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.selftest.picture import draw_picture

        return draw_picture(self.test, width, height)

    def _draw_done(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.selftest.screen import draw_done

        return draw_done(self.test, width, height)

    def _draw_question(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.selftest.screen import draw_question

        return draw_question(self.test, width, height)

    # What moves the test on

    def _do(self, line: str) -> None:
        """Write a line down, then let it have its effect."""
        fault = ""
        if self.log_file is not None:
            fault = self.log_file.add(line, settle=line in ("mark", "finish"))
        try:
            self.test.apply(line)
        except MemoryError as error:
            self.row.refuse(reason_of(error))
        if fault:
            self.row.refuse(f"not on the disk yet: {fault}; it is tried again with the next key")

    def _said(self, message: str = "") -> None:
        """Say something; where nothing is kept, that stays on the screen."""
        self.row.say(message)
        self.asked_for = ""
        if not message and self.log_file is None:
            self.row.refuse(self._unkept)

    def on_key(self, event: events.Key) -> None:
        """A key that does nothing says so."""
        if not event.is_printable or not event.character:
            return
        event.stop()
        if is_of_number(event.character):
            self.action_type(event.character)
        else:
            self._said(f"{event.character} is no part of a number, and no key here: ? lists them")
            self._redraw()

    def on_paste(self, event: events.Paste) -> None:
        """Numbers out of a spreadsheet fill cell after cell; empty cells stay as they are."""
        event.stop()
        first, names = self.test.cell, self.test.ask.names
        for place, text in enumerate(re.split(r"\t|\r?\n|\r", event.text.strip("\r\n"))):
            if first + place < len(names) and text.strip():
                self._do(f"cell {first + place + 1}")
                self._do(f"type {as_typed(text)[:LONGEST]}")
        self._redraw()

    def action_type(self, key: str) -> None:
        """A digit or a sign goes into the cell; after a verdict it begins a new number."""
        self._said()
        before = "" if self.test.is_fresh else self.test.text
        self._do(f"type {(before + dict(SIGNS).get(key, key))[:LONGEST]}")
        self._redraw()

    async def action_letter(self, key: str, action: str) -> None:
        """What a letter does, unless a number is being typed."""
        if self.test.is_half_typed:
            self._said(f"{key} is no part of a number: Enter marks it, Ctrl+U takes it back")
            self._redraw()
        else:
            await self.run_action(action)

    def action_erase(self, count: int) -> None:
        """So many characters less; where none is left the number that was marked comes back."""
        self._said()
        self._do(f"type {self.test.text[:-count]}")
        self._redraw()

    def action_mark(self) -> None:
        """Mark; in a grid go to the next cell that is empty first."""
        self._said()
        test = self.test
        empty = [n for n, name in enumerate(test.ask.names) if not test.typed.get(name, "").strip()]
        behind = [n for n in empty if n > test.cell]
        if test.text.strip() and behind:
            self._do(f"cell {behind[0] + 1}")
        elif len(empty) == len(test.ask.names):
            self._said("type a number first; Tab goes on without one, h gives a hint")
        else:
            self._do("mark")
            if test.finished:
                self._do("finish")
                self.action_report()
        self._redraw()

    def action_question(self, by: int) -> None:
        """The next question, or the one before."""
        self._said()
        self._do(f"go {(self.test.at + by) % len(self.test.asks) + 1}")
        self._redraw()

    def action_first(self) -> None:
        """The first question that is still open."""
        self._said()
        test = self.test
        places = (n for n, ask in enumerate(test.asks) if not test.is_done(ask))
        self._do(f"go {next(places, 0) + 1}")
        self._redraw()

    def action_move(self, rows: int, columns: int) -> None:
        """Another cell of the grid; above and below it are the other questions."""
        self._said()
        ask = self.test.ask
        row, column = divmod(self.test.cell, ask.columns)
        if not 0 <= row + rows < ask.rows:
            self.action_question(rows)
            return
        if columns:
            place = max(0, min(self.test.cell + columns, len(ask.names) - 1))
        else:
            place = (row + rows) * ask.columns + column
        self._do(f"cell {place + 1}")
        self._redraw()

    def action_hint(self) -> None:
        """The next of four hints."""
        from nnhs_tui.selftest.selftest import HINTS

        self._said()
        if self.test.hints >= len(HINTS):
            self._said("that was the last hint")
        self._do("hint")
        self._redraw()

    # Another test

    def action_new_numbers(self) -> None:
        """The same questions with other numbers; whoever has the same seed has the same ones."""
        setting = self.test.setting
        if _is_sure(self, "n", "begins new numbers"):
            self._begin(replace(setting, seed=(setting.seed or 0) + 1))

    def action_only(self) -> None:
        """Everything, one phase by itself, or only what went wrong: the next of these."""
        from nnhs_tui.selftest.report import report
        from nnhs_tui.selftest.setting import following

        if not _is_sure(self, "o", "asks something else"):
            return
        setting = self.test.setting
        self._went_wrong = report(self.test).went_wrong or self._went_wrong
        for each in following(setting, self._went_wrong):
            if self._begin(each):
                return

    def _begin(self, setting: Setting) -> bool:
        """Begin another test; what was done of this one is kept."""
        from nnhs_tui.present.selftest.screen import new_test_text
        from nnhs_tui.selftest.opening import begin_test

        try:
            opened = begin_test(setting, self.shelf)
        except (NnhsError, MemoryError) as error:
            self.row.refuse(reason_of(error))
            self._redraw()
            return False
        self._close_log()
        self._take(opened)
        if not opened.message:
            self._said(new_test_text(setting))
        self._redraw()
        return True

    # Looking

    def action_report(self) -> None:
        """What came out of it so far."""
        from nnhs_tui.present.pages.page import Page
        from nnhs_tui.present.selftest.report import report_lines

        test = self.test
        self.app.push_screen(_shown(Page("report", lambda width: report_lines(test, width))))

    def action_legend(self) -> None:
        from nnhs_tui.present.pages.legend import legend_page

        self.app.push_screen(_shown(legend_page()))

    def action_help(self) -> None:
        from nnhs_tui.present.pages.selftest import selftest_page
        from nnhs_tui.selftest.shelf import Memory

        self.app.push_screen(_shown(selftest_page(is_on_disk=not isinstance(self.shelf, Memory))))

    async def on_pane_pressed(self, message: Pane.Pressed) -> None:
        """A click on a key, a cell or a question does what it stands for, or goes to it."""
        from nnhs_tui.present.text.lines import window

        kind, _, what = message.what.partition(":")
        if kind == "do":
            await self.run_action(what)
        elif kind == "cell":
            self._do(f"cell {what}")
            self._redraw()
        elif message.pane.id == "done" and message.row > 0:
            test = self.test
            start, stop = window(len(test.asks), message.pane.size.height - 1, test.at)
            place = start + message.row - 1
            if start <= place < stop:
                self._do(f"go {place + 1}")
                self._redraw()

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        if message.pane.id == "done":
            place = self.test.at + (1 if message.rows > 0 else -1)
            if 0 <= place < len(self.test.asks):
                self._do(f"go {place + 1}")
                self._redraw()

    def action_leave(self) -> None:
        """Back to the debugger; where the program was begun with the test, end it."""
        self._close_log()
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit(0)

    def action_quit(self) -> None:
        self._close_log()
        self.app.exit(0)


def _is_sure(screen: SelfTestScreen, key: str, told: str) -> bool:
    """Whether this key was pressed twice, where something was answered."""
    from nnhs_tui.selftest.shelf import Memory

    is_listed = screen.log_file is not None and not isinstance(screen.shelf, Memory)
    asked = asked_twice(screen.test, key, told, is_listed=is_listed)
    if not asked or screen.asked_for == key:
        return True
    screen.asked_for = key
    screen.row.say(asked)
    screen.query_one("#message", Pane).redraw()
    return False


def _shown(page: Page) -> PageScreen:
    from nnhs_tui.ui.screens.page import PageScreen

    return PageScreen(page)
