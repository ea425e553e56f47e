"""Pages of text over the debugger: help, and what a scenario is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.commands.commands import COMMANDS, key_labels
from nnhs_tui.present.text.lines import Line, clip, fit, paragraphs, run, standing_for, title, wrap
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.ui.screens.leaving import PAGE
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

Text = Callable[[int], list[Line]]
"""width → lines."""

SIGNS: tuple[tuple[str, str, str], ...] = (
    ("·", "unknown", "not known yet"),
    ("0.25", "current", "what this step is about: reversed"),
    ("0.25", "changed", "what this step changed: bold"),
    ("0.25", "backward", "a backward value: blue, and ∂ before it or in its heading"),
    ("0.25", "backward parameter", "the gradient of a parameter: underlined"),
    ("► ▲", "mark", "the row and the column in work"),
    ("═", "path", "the edge in work: a double line"),
    ("◆ ◇", "key", "on the timeline: a breakpoint; a condition is looked at"),
    ("Δ", "backward", "on the timeline: a watched number changes"),
    ("» ›", "dim", "on the timeline: updates of a parameter, done and to come"),
    ("▼ >h1<", "changed", "the step and the node chosen by keys: Enter runs there"),
    ("● ○", "key", "in the list of breakpoints: on, off; on a curve ● is where this step stands"),
    ("a → b", "text", "in the net: z, and what the activation makes of it"),
    ("0.1+", "backward", "a gradient to which more paths are still to come"),
    ("≈", "text", "shown rounded, kept in full; + shows more decimals"),
    ("w21", "text", "the weight from input 2 to neuron 1; p21 is that input times this weight"),
    ("∂L/∂w21", "backward", "how much the loss L grows for a little more of w21: its gradient"),
    ("dW", "backward", "all of ∂L/∂w of a layer as a matrix; dZ, dX and db likewise; δ is dZ"),
    ("Xᵀ", "text", "X with rows and columns changed places"),
    ("∘", "text", "number times number at the same place, no matrix product"),
    ("via", "text", "along one of several paths; what comes along all of them is added up"),
    ("lr", "text", "the learning rate"),
    ("*0.25", "edited", "what if: another number than without the edits"),
)

LEAVE: list[BindingType] = [
    Binding("escape,q,question_mark,f1,i,enter", "leave", "close", show=False),
    Binding("down,j,J", "scroll(1)", "down", show=False),
    Binding("up,k,K", "scroll(-1)", "up", show=False),
    Binding("pagedown,space", "turn(1)", "next page", show=False),
    Binding("pageup,b", "turn(-1)", "previous page", show=False),
    Binding("home", "scroll(-100000)", "to the top", show=False),
    Binding("end", "scroll(100000)", "to the end", show=False),
]


class PageScreen(SizedScreen):
    """Text that can be scrolled."""

    cover = PAGE
    BINDINGS = LEAVE

    def __init__(self, name: str, text: Text, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._name_of_page = name
        self._text = text
        self._top = 0

    def compose(self) -> ComposeResult:
        yield Pane(self._draw)

    def _draw(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        lines, room = self._text(width), height - 2
        last = max(0, len(lines) - room)
        self._top = max(0, min(self._top, last))
        shown = lines[self._top : self._top + room]
        shown += [()] * (room - len(shown))
        close = "do:leave"
        keys: Line = (("Esc", standing_for("key", close)), (" close", standing_for("dim", close)))
        if last:
            keys += (("  ↑ ↓ PgUp PgDn", "key"), (" scroll", "dim"))
            keys += ((f"  lines {self._top + 1}–{self._top + room} of {len(lines)}", "dim"),)
        return [title("", self._name_of_page, width)] + [
            clip(line, width) for line in [*shown, keys]
        ]

    def action_leave(self) -> None:
        self.dismiss()

    def action_scroll(self, rows: int) -> None:
        self._top += rows
        self.query_one(Pane).redraw()

    def action_turn(self, pages: int) -> None:
        self.action_scroll(pages * max(1, self.size.height - 3))

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_scroll(message.rows)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what == "do:leave":
            self.action_leave()


def help_page() -> PageScreen:
    """The keys and the signs."""
    return PageScreen("keys and signs", _help)


def legend_page() -> PageScreen:
    """What every sign means."""
    return PageScreen("signs", _signs)


SELFTEST_KEYS = (
    ("digits , . - /", "type the number: 0.37, 0,37, -0.37, 3/8, 1e-3 or 37 %"),
    ("Enter", "mark it; in a grid first go to the next empty cell"),
    ("Tab Shift+Tab", "skip to the next question, or come back to the one before"),
    ("↑ ↓ ← →", "another cell of the grid, or another question"),
    ("Home", "the first question that is still open"),
    ("Backspace Del", "erase a digit, or all of it"),
    ("h", "a hint: the rule, then the formula, the numbers put in, the result"),
    ("o", "ask only the forward, backward or update phase, or what went wrong"),
    ("n", "new numbers for the same net; with the same seed they are the same for everybody"),
    ("r", "the report: by phase, by kind of mistake, what to practise next"),
    ("l", "what every sign means"),
)
LEAVE_ON_DISK = ("q Esc", "leave; t in the debugger, or nnhs-tui resume, goes on later")
LEAVE_IN_MEMORY = ("q Esc", "leave; t in the debugger goes on later")

SELFTEST_ADVICE = (
    "Right is what is equal to the decimals asked for, exactly or with every step rounded as on "
    "paper; more decimals are welcome. An answer that is right going on from a wrong one of your "
    "own counts as right too. Where a known mistake gives your number, it is named."
)
ON_DISK = (
    "Every key is on the disk before its effect is seen, so nothing is lost if the line is cut."
)
IN_MEMORY = "What you typed is kept until you leave the program."


def selftest_page(*, is_on_disk: bool = True) -> PageScreen:
    """The keys of the self-test, and how answers are marked."""
    leave = LEAVE_ON_DISK if is_on_disk else LEAVE_IN_MEMORY
    advice = f"{SELFTEST_ADVICE} {ON_DISK if is_on_disk else IN_MEMORY}"

    def text(width: int) -> list[Line]:
        lines: list[Line] = []
        for key, told in (*SELFTEST_KEYS, leave):
            head: Line = ((fit(f"  {key}", 18), "key"), (told, "text"))
            lines += wrap(head, width, 18 if width > 50 else 4)
        return [*lines, (), *wrap(((advice, "text"),), width)]

    return PageScreen("test yourself", text)


NOTES_KEYS = (
    ("↑ ↓ j k", "scroll the notes; PgUp and PgDn by pages, Home and End to the ends"),
    ("n p Space …", "step the presentation: every key of the debugger that no file depends on"),
    ("B", "show the audience a blank screen; behind it you can step, and B shows it again"),
    (":", "type a command for the presentation, such as goto 12"),
    ("q", "close the notes; the presentation goes on"),
)


def notes_page() -> PageScreen:
    """The keys of a presenter's own terminal."""

    def text(width: int) -> list[Line]:
        return [
            line
            for key, told in NOTES_KEYS
            for line in wrap(((fit(f"  {key}", 16), "key"), (told, "text")), width, 16)
        ]

    return PageScreen("speaker's notes", text)


def about_page(scenario: Scenario) -> PageScreen:
    """What to look at in a scenario, and where its numbers come from."""
    return PageScreen(f"about {scenario.name}", lambda width: _about(scenario, width))


LONGEST = 30
"""Columns of a command with its argument that has its sentence beside it, not below."""


def _help(width: int) -> list[Line]:
    lines: list[Line] = []
    keys = max(len(key_labels(command)) for command in COMMANDS)
    calls = [command.call for command in COMMANDS]
    words = max(len(call) for call in calls if len(call) <= LONGEST)
    wide = width >= 76
    for group in dict.fromkeys(command.group for command in COMMANDS):
        lines.append(((group.label, "title chosen"),))
        for command in (each for each in COMMANDS if each.group == group):
            key = (fit(key_labels(command), keys if wide else 9), "key")
            call = command.call
            if wide:
                indent = 2 + keys + 1 + words + 1
                head: Line = (("  ", "text"), key, (" ", "text"))
                if len(call) > words:
                    lines += wrap((*head, (call, "text")), width, 2 + keys + 1)
                    head, call = (((" " * (2 + keys + 1)), "text"),), ""
                head = (*head, (fit(call, words + 1), "text"))
                lines += wrap((*head, (command.help, "dim")), width, indent)
            else:
                lines += wrap((key, (" ", "text"), (call, "text")), width, 10)
                lines += wrap((("  ", "text"), (command.help, "dim")), width, 2)
        lines.append(())
    lines += [(("Signs", "title chosen"),), *_signs(width), ()]
    advice = (
        "A command can also be typed: : opens the command line, and Ctrl+P looks for one by its "
        "name. The mouse wheel scrolls the pane it is over; a click on a node, a number or the "
        "timeline runs there, a click on a key in the last row is that key."
    )
    return [*lines, *wrap(((advice, "text"),), width)]


def _signs(width: int) -> list[Line]:
    lines: list[Line] = []
    for sign, roles, meaning in SIGNS:
        space = " " * (9 - len(sign))
        told: Line = (("  ", "text"), (sign, roles), (space, "text"), (meaning, "text"))
        lines += wrap(told, width, 11)
    return lines


def _about(scenario: Scenario, width: int) -> list[Line]:
    lines: list[Line] = wrap((run(scenario.title, "title chosen"),), width)
    lines.append(())
    for paragraph in paragraphs(scenario.description):
        lines += wrap((run(paragraph),), width)
    lines.append(())
    if scenario.source:
        text = " ".join(paragraphs(scenario.source))
        lines += wrap((("Source: ", "dim"), run(text)), width)
    lines += wrap((("File: ", "dim"), run(scenario.path)), width)
    return lines


def faults_page(faults: list[str]) -> PageScreen:
    """What is wrong with a scenario's file."""

    def text(width: int) -> list[Line]:
        told = "The file has faults; what was loaded before stays until they are mended."
        lines = [*wrap((run(told),), width), ()]
        return lines + [part for fault in faults for part in wrap((run(fault, "error"),), width, 2)]

    return PageScreen("faults in the scenario", text)
