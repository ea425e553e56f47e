"""Presenting: the step in large type, and the panes that stand beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nnhs_tui.commands.panes import BESIDE, STEP
from nnhs_tui.present.presenting.beside_large import read_panes
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part

if TYPE_CHECKING:
    from nnhs_tui.present.text.lines import Line


class Presenting(Part):
    """Whether the step is shown in large type, and what with it.

    Args:
        panes: those beside the large step; None: the usual screen.
    """

    def __init__(self, debugger: Debugger, panes: Sequence[str] | None = None) -> None:
        super().__init__(debugger)
        self.is_on = panes is not None
        """Whether the step is shown in large type."""
        self.wanted = tuple(panes or ())
        """The panes beside it."""

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"present": self._switch, "panes": self._panes}

    def arrange(self) -> None:
        """Lay the screen out as it is to be."""
        self._debugger.set_class(self.is_on, "-presenting")
        for name in BESIDE:
            self._debugger.pane(name).set_class(name in self.wanted, "-wanted")
        self._debugger.redraw_soon()

    def _switch(self, _argument: str) -> None:
        self.is_on = not self.is_on
        self._debugger.set_class(False, "-zoomed")
        self.arrange()

    def _panes(self, argument: str) -> None:
        self.wanted = tuple(read_panes(argument))
        self.is_on = True
        self.arrange()

    def want(self, name: str) -> None:
        """Show a pane beside the step, or take it away; the step alone: take all away."""
        if name == STEP.name:
            self.wanted = ()
        elif name in self.wanted:
            self.wanted = tuple(each for each in self.wanted if each != name)
        else:
            self.wanted = (*self.wanted, name)
        self.arrange()

    def draw(
        self, width: int, height: int, scroll: tuple[int, int], seconds: int | None
    ) -> list[Line]:
        """The step in large type, or the task that is set.

        Args:
            seconds: those left of a task; None where there is none.
        """
        from nnhs_tui.present.presenting.large_step import draw_countdown, draw_large_step
        from nnhs_tui.present.text.large_type import SIZES

        sizes, scene = SIZES[self._debugger.pane(STEP.name).look.signs], self._debugger.scene
        if seconds is not None:
            return draw_countdown(scene, width, height, seconds, sizes)
        return draw_large_step(scene, width, height, scroll, sizes)
