"""Drawing the report of a self-test: by phase, by kind of mistake, what to practise next."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.labels import PHASE
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.present.selftest.screen import rule
from nnhs_tui.present.text.lines import Line, clip, fit, run, wrap
from nnhs_tui.selftest.report import Report, advice, report
from nnhs_tui.selftest.selftest import SelfTest


def report_lines(test: SelfTest, width: int) -> list[Line]:
    """What came out of it: by phase, by kind of mistake, what to practise next."""
    found = report(test)
    setting = test.setting
    seed = "" if setting.seed is None else f", seed {setting.seed}"
    lines = wrap((run(f"{setting.name}{seed}, {rule(setting.digits)}", "title chosen"),), width)
    lines += [(), *_phases(found, width), ()]
    if found.mistakes or found.unknown:
        lines.append((("mistakes", "title chosen"),))
        for name, count in found.mistakes:
            lines += wrap((run(f"  {count} × {KNOWN[name].words} ({name})"),), width, 6)
        if found.unknown:
            lines.append((run(f"  {found.unknown} × wrong in a way that has no name"),))
        lines.append(())
    told = advice(found)
    if told:
        lines.append((("what to practise next", "title chosen"),))
        for each in told:
            lines += wrap((run(f"  {each}"),), width, 2)
    if found.went_wrong:
        lines.append(())
        names = ", ".join(found.went_wrong)
        lines += wrap((("worth another try (o asks only these): ", "dim"), run(names)), width, 2)
    return lines


def _phases(found: Report, width: int) -> Iterator[Line]:
    head = ("", "asked", "right at once", "right later", "wrong", "open", "with hints")
    rows = [
        (PHASE[name], each.asked, each.at_once, each.later, each.wrong, each.left, each.hinted)
        for name, each in found.phases.items()
    ]
    texts = [head, *(tuple(map(str, row)) for row in rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(head))]
    if sum(widths) + 2 * len(widths) > width:
        for row in texts[1:]:
            told = ", ".join(f"{text} {what}" for text, what in zip(row[1:], head[1:], strict=True))
            yield from wrap((run(f"{row[0]}: ", "title"), run(told)), width, 2)
        return
    for place, row in enumerate(texts):
        line = "  ".join(
            fit(text, size, right=column > 0)
            for column, (text, size) in enumerate(zip(row, widths, strict=True))
        )
        yield clip((run(line, "text" if place else "dim"),), width)
