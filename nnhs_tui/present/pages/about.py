"""What to look at in a scenario, and where its numbers come from; or what is wrong with it."""

from __future__ import annotations

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, paragraphs, run, wrap
from nnhs_tui.scenario.model import Scenario


def about_page(scenario: Scenario) -> Page:
    """What to look at in a scenario, and where its numbers come from."""
    return Page(f"about {scenario.name}", lambda width: _about(scenario, width))


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


def faults_page(faults: list[str]) -> Page:
    """What is wrong with a scenario's file."""

    def text(width: int) -> list[Line]:
        told = "The file has faults; what was loaded before stays until they are mended."
        lines = [*wrap((run(told),), width), ()]
        return lines + [part for fault in faults for part in wrap((run(fault, "error"),), width, 2)]

    return Page("faults in the scenario", text)
