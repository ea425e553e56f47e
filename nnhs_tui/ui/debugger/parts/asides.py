"""What the debugger does beside stepping: pages and screens over it, and the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nnhs_tui.errors import ComputationError, NnhsError, Refusal, printable, reason_of
from nnhs_tui.labels import counted
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part
from nnhs_tui.ui.themes import THEMES

if TYPE_CHECKING:
    from textual.screen import Screen

    from nnhs_tui.present.pages.page import Page
    from nnhs_tui.ui.debugger.autoplay import Autoplay
    from nnhs_tui.ui.program import Chosen


class Asides(Part):
    """Commands that leave the session as it is.

    Args:
        of_lesson: the commands of the lesson that is open, if any.
    """

    def __init__(
        self, debugger: Debugger, autoplay: Autoplay, of_lesson: Callable[[], tuple[str, ...]]
    ) -> None:
        super().__init__(debugger)
        self._autoplay, self._of_lesson = autoplay, of_lesson
        self._tested: set[str] = set()
        """The scenarios that were tested since the program was begun."""

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "help": self._help,
            "legend": self._legend,
            "about": self._about,
            "nudge": self._nudge,
            "test": self._test,
            "spot": self._spot,
            "boundary": self._boundary,
            "slide": self._slide,
            "batch": self._batch,
            "scenarios": self._scenarios,
            "palette": self._palette,
            "blank": self._blank,
            "copy": self._copy,
            "copy-formula": self._copy_formula,
            "theme": self._theme,
            "suspend": self._suspend,
            "quit": self._quit,
        }

    # What comes over the debugger

    def _show(self, screen: Screen[Any], then: Callable[[Any], object] | None = None) -> None:
        """Show a screen over the debugger; what plays pauses meanwhile."""
        self._autoplay.stop()
        self._debugger.program.push_screen(screen, then)

    def _show_page(self, page: Page) -> None:
        from nnhs_tui.ui.screens.page import PageScreen

        self._show(PageScreen(page))

    def _help(self, _argument: str) -> None:
        from nnhs_tui.present.pages.help import help_page

        scene = self._debugger.scene if self._debugger.is_open else None
        self._show_page(help_page(scene, self._of_lesson()))

    def _legend(self, _argument: str) -> None:
        from nnhs_tui.present.pages.legend import legend_page

        self._show_page(legend_page())

    def _about(self, _argument: str) -> None:
        from nnhs_tui.present.pages.about import about_page

        self._show_page(about_page(self._debugger.scene))

    def _nudge(self, argument: str) -> None:
        from nnhs_tui.present.pages.nudge import nudge_page

        session = self._debugger.session
        self._show_page(nudge_page(session, session.quantity(argument)))

    def _test(self, argument: str) -> None:
        self._debugger.halt()
        from nnhs_tui.selftest.opening import NEW, open_test
        from nnhs_tui.ui.screens.selftest import SelfTestScreen

        program, session = self._debugger.program, self._debugger.session
        if program.files.fresh and session.scenario.path not in self._tested:
            # What somebody else has left is nobody's business here.
            argument = f"{argument} {NEW}"
        self._tested.add(session.scenario.path)
        try:
            opened = open_test(session, argument, program.shelf)
        except (NnhsError, MemoryError) as error:
            raise Refusal(reason_of(error)) from error
        self._show(SelfTestScreen(opened))

    def _spot(self, argument: str) -> None:
        self._debugger.halt()
        from nnhs_tui.lessons.spot import spot_in
        from nnhs_tui.ui.screens.spot import SpotScreen

        session = self._debugger.session
        try:
            found = spot_in(session, argument)
        except (NnhsError, MemoryError) as error:
            raise Refusal(reason_of(error)) from error
        self._show(SpotScreen(found, session))

    def _boundary(self, argument: str) -> None:
        from nnhs_tui.boundary.table import Table
        from nnhs_tui.ui.screens.boundary import BoundaryScreen

        program = self._debugger.program
        if not argument and any(isinstance(each, BoundaryScreen) for each in program.screen_stack):
            # It lies below: the update that was stepped into is left.
            program.screen.dismiss()
            return
        self._debugger.halt()
        self._show(BoundaryScreen(Table(argument or "circle")))

    def _batch(self, _argument: str) -> None:
        from nnhs_tui.present.pages.batch import batch_page

        self._show_page(batch_page(self._debugger.session))

    def _slide(self, argument: str) -> None:
        from nnhs_tui.debugger.slider import slider_at
        from nnhs_tui.ui.screens.slider import SliderScreen

        self._debugger.halt()
        try:
            slider = slider_at(self._debugger.session, argument)
        except ComputationError as error:
            raise Refusal(str(error)) from error
        self._show(SliderScreen(slider, self._debugger.run_command))

    def _scenarios(self, _argument: str) -> None:
        from nnhs_tui.ui.screens.picker import PickerScreen

        path, only = self._debugger.session.scenario.path, self._debugger.program.files.only
        self._show(PickerScreen(path, only), self._go_on)

    def _go_on(self, chosen: Chosen | None) -> None:
        """Go on in what was chosen, if anything was."""
        if chosen is not None:
            self._debugger.go_on_in(chosen.session, chosen.lesson)

    def _palette(self, _argument: str) -> None:
        from nnhs_tui.ui.palette import palette

        self._show(palette())

    def _blank(self, _argument: str) -> None:
        from nnhs_tui.ui.screens.blank import BlankScreen

        self._debugger.program.push_screen(BlankScreen())

    # The clipboard

    def _copy(self, argument: str) -> None:
        from nnhs_tui.debugger.quantities import value_at

        session, scene = self._debugger.session, self._debugger.scene
        quantity = session.quantity(argument)
        value = value_at(scene, quantity)
        if value is None:
            raise Refusal(f"{session.name(quantity)} is not known yet")
        self._to_clipboard(scene.show(value))

    def _copy_formula(self, _argument: str) -> None:
        from nnhs_tui.present.panes.step import text_to_copy

        self._to_clipboard(text_to_copy(self._debugger.scene))

    def _to_clipboard(self, text: str) -> None:
        """OSC 52: the terminal itself copies, so it works over SSH; some have it switched off."""
        lines = list(map(printable, text.split("\n")))
        self._debugger.program.copy_to_clipboard("\n".join(lines))
        first, *others = lines
        told = f"copied {len(others) + 1} lines: {first} …" if others else f"copied: {first}"
        self._debugger.row.say(told)

    # The program

    def _theme(self, argument: str) -> None:
        if argument not in THEMES:
            raise Refusal(f"theme takes one of {', '.join(THEMES)}; found {argument!r}")
        self._debugger.program.wear(argument)

    def _suspend(self, _argument: str) -> None:
        if refusal := self._debugger.program.suspend_to_shell():
            raise Refusal(refusal)

    def _quit(self, _argument: str) -> None:
        hall = self._debugger.program.files.hall
        if hall is not None and not hall.may_end():
            here = counted(len(hall.people), "person who follows")
            raise Refusal(f"{here}: leaving once more ends it for everyone")
        self._debugger.program.exit(0)
