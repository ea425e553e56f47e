"""`page`: one HTML file in which every step can be walked, with nothing from elsewhere.

What a step looks like is drawn by the debugger's own panes, in three widths; lines that several
steps share stand in the file once. Without a script, and on paper, all steps stand in a table.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from importlib.resources import files

from nnhs_tui.boundary.field import right
from nnhs_tui.boundary.plane import Plane, edge_of, has_boundary, points_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import printable
from nnhs_tui.labels import ARITHMETIC, counted
from nnhs_tui.present.boundary import plane_svg
from nnhs_tui.present.step_rows import html_tables
from nnhs_tui.present.text.html import html_text
from nnhs_tui.present.text.lines import paragraphs
from nnhs_tui.web.frames import WIDTHS, Frame, frames
from nnhs_tui.web.markup import line_html

MADE_HERE = "made by nnhs-tui page"
"""Stands at the beginning of every page, so that it is known which files may be written over."""
BUTTONS = (
    ("first", "|◀", "first step"),
    ("before", "[", "previous phase"),
    ("back", "◀ back", "one step back"),
    ("next", "next ▶", "next step"),
    ("phase", "]", "next phase"),
    ("last", "▶|", "last step"),
)
BOUNDARY_TOLD = (
    "The boundary: on one side of the black line the output is above 0.5, on the other below; "
    "the bluer, the nearer to 1. A circle is a sample whose target is 0, a cross one whose is 1."
)
IN_THE_PROGRAM = "Try:"
SLIDER = (
    '<nav><input type="range" id="slider" min="1" value="1" aria-label="step">'
    '<span id="place"></span>'
    '<button type="button" data-does="all" aria-expanded="false">all steps</button></nav>'
)
KEYS = (
    "Keys: n or → next step, p or ← back, ] and [ phases, Home and End. "
    "On a phone: swipe over the picture."
)


def page(session: Session, rounds: int, level: str) -> str:
    """The file, as a text in UTF-8.

    Raises:
        Unfit: there would be too many steps.
        ComputationError: a round cannot be computed.
    """
    scenario = session.scenario
    told = list(html_tables(session, rounds, level))
    steps = list(frames(session, rounds, level))
    css, js = asset("page.css"), asset("page.js")
    title = html_text(scenario.title)
    policy = f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'"
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta name="generator" content="{MADE_HERE}">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{css}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{title}</h1>",
            '<section id="walk" aria-label="walk the steps" hidden>',
            "<nav>",
            *map(_button, BUTTONS),
            "</nav>",
            '<pre id="frame" aria-hidden="true"></pre>',
            SLIDER,
            '<p id="said" aria-live="polite"></p>',
            f'<p class="keys">{html_text(KEYS)}</p>',
            "</section>",
            *(f"<p>{html_text(each)}</p>" for each in _description(session)),
            *_boundary(session, rounds),
            '<section id="all" class="all" aria-label="all steps">',
            *told,
            "</section>",
            "</main>",
            f'<script type="application/json" id="steps">{_data(steps)}</script>',
            f"<script>{js}</script>",
            "</body>",
            "</html>",
            "",
        )
    )


def _description(session: Session) -> Iterator[str]:
    """What the scenario is about, but for what one could press in the program; how is rounded."""
    for each in paragraphs(session.scenario.description):
        if each and not each.startswith(IN_THE_PROGRAM):
            yield each
    arithmetic = ARITHMETIC[session.arithmetic_name]
    yield f"{arithmetic} arithmetic, {counted(session.digits, 'decimal')}"


def _boundary(session: Session, rounds: int) -> Iterator[str]:
    """Of two classes in the plane, which of them the network says where, at first and at last."""
    tape = session.tape
    if not has_boundary(tape):
        return
    shown = sorted({0, rounds - 1})
    nets = [Plane(tape, session.run.parameters(each)) for each in shown]
    points = points_of(session.run, 0)
    heads = [
        f"round {number + 1}: {right(net, points)} of {len(points)} right"
        for number, net in zip(shown, nets, strict=True)
    ]
    yield f"<figure>{plane_svg(nets, heads, points, edge_of(points))}"
    yield f"<figcaption>{html_text(BOUNDARY_TOLD)}</figcaption></figure>"


def _button(row: tuple[str, str, str]) -> str:
    does, sign, told = row
    return f'<button type="button" data-does="{does}" aria-label="{told}">{sign}</button>'


def _data(steps: Sequence[Frame]) -> str:
    """The steps as JSON that ends no script."""
    numbers: dict[str, int] = {}

    def number(html: str) -> int:
        return numbers.setdefault(html, len(numbers))

    rows = [
        {
            "phase": step.phase,
            "round": step.round,
            "said": printable(step.said),
            "lines": [[number(line_html(line)) for line in lines] for lines in step.drawn],
        }
        for step in steps
    ]
    data = {"widths": WIDTHS, "steps": rows, "lines": list(numbers)}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def asset(name: str) -> str:
    return files("nnhs_tui.web").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{b64encode(digest).decode()}"
