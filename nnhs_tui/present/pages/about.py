"""What to look at in a scenario, and where its numbers come from; or what is wrong with it."""

from __future__ import annotations

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.pages.card import aim_lines
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, paragraphs, run, wrap


def about_page(scene: Scene) -> Page:
    """What to look at in a scenario, and where its numbers come from."""
    return Page(f"about {scene.scenario.name}", lambda width: _about(scene, width))


def _about(scene: Scene, width: int) -> list[Line]:
    scenario = scene.scenario
    lines = [*aim_lines(scene, width), ()]
    if scenario.source:
        text = " ".join(paragraphs(scenario.source))
        lines += wrap((("Source: ", "dim"), run(text)), width)
    lines += wrap((("File: ", "dim"), run(scenario.path)), width)
    return lines


def faults_page(faults: list[str]) -> Page:
    """What is wrong with a scenario's file."""

    def text(width: int) -> list[Line]:
        told = "The file has faults; what was loaded before stays until they are mended."
        lines = [*wrap((run(told),), width), ()]
        return lines + [part for fault in faults for part in wrap((run(fault, "error"),), width, 2)]

    return Page("faults in the scenario", text)
