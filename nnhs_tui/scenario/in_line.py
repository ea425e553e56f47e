"""A scenario's text with its samples in it, where they come from a file beside it."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.scenario.model import DataFile, Sample, Scenario
from nnhs_tui.scenario.reading.faults import quote
from nnhs_tui.scenario.reading.sizes import table_at


def in_line(scenario: Scenario, arithmetic: Arithmetic) -> str:
    """The text of a scenario, `[[samples]]` in the place of `[data]`; else it is as it was.

    Args:
        scenario: one that was loaded.
        arithmetic: what it is worked in; by hand, inputs that are scaled are written rounded.
    """
    text, beside = scenario.text, scenario.data
    if beside is None:
        return text
    lines = [*_remarks(beside)]
    for sample in scenario.samples:
        lines += [*([""] if lines else []), *_table(sample, beside, arithmetic)]
    end = "\r\n" if "\r\n" in text else "\n"
    written = "".join(f"{line}{end}" for line in lines)
    place = table_at(text, "data")
    if place is None:
        # Written as `data = { … }` or `data.file = …`, where no table can stand.
        text = _without_data(text)
        gap = "" if text.endswith("\n") else end
        return f"{text}{gap}{end}{written}"
    start, stop = place
    return text[:start] + written + text[stop:]


def _remarks(beside: DataFile) -> Iterator[str]:
    """Where the samples come from; quoted, for in a remark nothing ends but a line."""
    yield f"# The rows of {quote(beside.path.replace(chr(92), '/').rpartition('/')[2])}."
    for place, each in enumerate(beside.scaled, 1):
        off = f"{'+' if each.off < 0 else '-'} {abs(float(each.off))!r}"
        yield f"# x[{place}] = ({quote(each.column)} {off}) / {float(each.by)!r}"
    if beside.words:
        yield f"# t: {', '.join(map(quote, beside.words))}"


def _table(sample: Sample, beside: DataFile, arithmetic: Arithmetic) -> Iterator[str]:
    yield "[[samples]]"
    x = [arithmetic.round(each) for each in sample.x] if beside.scaled else sample.x
    yield f"x = [{', '.join(map(str, x))}]"
    if sample.t is not None:
        yield f"t = [{', '.join(map(str, sample.t))}]"


def _without_data(text: str) -> str:
    import tomlkit  # Hardly anybody writes it so.

    document = tomlkit.parse(text)
    document.remove("data")
    return tomlkit.dumps(document)
