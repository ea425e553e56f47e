"""Makes a picture of the real screen, without a terminal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.color import Color, blend_rgb
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.pilot import Pilot

from nnhs_tui.commands.commands import parse
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal, printable
from nnhs_tui.present.diagrams.as_svg import diagram_svg
from nnhs_tui.present.diagrams.net import net_diagram
from nnhs_tui.present.text.svg import Cell, Pen, svg
from nnhs_tui.ui.app import NnhsApp
from nnhs_tui.ui.debugger.replay import can_be_replayed
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.look import Look
from nnhs_tui.ui.message_row import REFUSED_MARK
from nnhs_tui.ui.terminal.differ import cells
from nnhs_tui.ui.themes import shades_of, style_of

ROUNDS = 3
"""How often what widgets were told may tell others more before nothing is new."""
MOMENT = 0.001
"""Seconds in which a timer or a training under way has its turn."""


@dataclass(frozen=True)
class Order:
    """A command that is carried out before the picture is made."""

    command: str
    asked: str
    """How it was asked for, on one line; what goes wrong is said of this."""


def picture(
    session: Session,
    orders: Sequence[Order],
    size: tuple[int, int],
    theme: str,
    *,
    net_alone: bool = False,
) -> str:
    """The screen after some commands, as SVG.

    Args:
        size: columns and rows.
        theme: one of `ui.themes.THEMES` that has a paper and an ink of its own.
        net_alone: whether it is the net alone, as circles and lines.

    Raises:
        Refusal: a command is none, or cannot be carried out, or not for a picture.
    """
    for order in orders:
        _check(order)
    # A picture has its colours wherever it is made; Textual would take them away.
    os.environ.pop("NO_COLOR", None)
    app = NnhsApp(session, look=Look(theme=theme))
    return asyncio.run(_picture(app, orders, size, net_alone=net_alone))


def _check(order: Order) -> None:
    try:
        command, _ = parse(order.command)
    except Refusal as refusal:
        raise Refusal(f"{order.asked}: {refusal}") from refusal
    # The theme is an option: one that leaves colours to the terminal has none for a picture.
    if not can_be_replayed(command) or command.word == "theme":
        raise Refusal(f"{order.asked}: {command.word} is left out of a picture")


async def _picture(
    app: NnhsApp, orders: Sequence[Order], size: tuple[int, int], *, net_alone: bool
) -> str:
    told = drawn = ""
    async with app.run_test(size=size) as pilot:
        screen: DebuggerScreen = app.screen  # type: ignore[assignment]
        rows = await _settled(pilot, screen)
        for order in orders:
            screen.run_command(order.command)
            rows = await _settled(pilot, screen)
            if screen.row.is_refusal:
                told = f"{order.asked}: {screen.row.text.removeprefix(REFUSED_MARK)}"
                break
        else:
            title = printable(f"nnhs-tui: {screen.session.scenario.title}")
            if net_alone:
                drawn = _net(screen.session, size, app.look, title)
            else:
                drawn = svg(rows, _paper(app.look).hex, title)
    if told:
        raise Refusal(told)
    return drawn


def _net(session: Session, size: tuple[int, int], look: Look, title: str) -> str:
    """The net of the session's step."""
    diagram = net_diagram(session.scene(), *size)
    return diagram_svg(diagram, lambda role: _pen(style_of(role, look), look), title)


async def _settled(pilot: Pilot[int], screen: DebuggerScreen) -> list[list[Cell]]:
    """What is on the screen when a command, such as a training, is done and nothing changes."""
    app: NnhsApp = pilot.app  # type: ignore[assignment]
    await _handled(pilot)
    while screen.parts.is_busy:
        await _handled(pilot)
    before: list[list[Cell]] = []
    while before != (now := _rows(app)):
        before = now
        await _handled(pilot)
    return now


async def _handled(pilot: Pilot[int]) -> None:
    """Wait until every widget has handled what it was told, and what came of that is drawn.

    Without a delay the pilot would wait until this whole process rests: much longer.
    """
    for _ in range(ROUNDS):
        await pilot.pause(MOMENT)


def _rows(app: NnhsApp) -> list[list[Cell]]:
    """The cells of what is on the screen, a page over the debugger too."""
    return [
        [
            (sign, pen)
            for text, style, _ in strip
            for pen in [_pen(style or Style(), app.look)]
            for sign in cells(text)
        ]
        for strip in app.strips()
    ]


def _paper(look: Look) -> ColorTriplet:
    return Color.from_ansi(int(shades_of(look).paper)).get_truecolor()


@lru_cache(256)
def _pen(style: Style, look: Look) -> Pen:
    """A style; what it leaves open is in the theme's ink and paper."""
    ink = Color.from_ansi(int(shades_of(look).ink)).get_truecolor()
    front, back = (
        other if color is None or color.is_default else color.get_truecolor()
        for color, other in ((style.color, ink), (style.bgcolor, _paper(look)))
    )
    if style.dim:
        front = blend_rgb(front, back, 0.4)
    if style.reverse:
        front, back = back, front
    return Pen(front.hex, back.hex, bool(style.bold), bool(style.underline))
