"""What the hall answered, as bars; and the question as those who follow see it."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.hall.hall import Hall
from nnhs_tui.hall.poll import Given, Poll, Tally
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.present.text.lines import (
    Line,
    cells,
    clip,
    clip_text,
    fit,
    line_cells,
    run,
    wrap,
)

RIGHT, FOLLOWS, OTHERS, NONE = (
    "right",
    "right, going on from a slip before",
    "another wrong answer",
    "no answer yet",
)
BAR = "█"
LEAST_BAR = 6
LEAST_TOLD = 40
"""Columns for how to come in, where its picture stands beside it."""
NOTHING_ASKED = "Nothing was asked yet: q goes to the step, Q there asks for its number."
MOST_LINES = 3
"""Of the choices of a question, as they are shown to who follows."""
Names = dict[str, list[str]]


def draw_hall(
    hall: Hall, width: int, height: int, *, with_names: bool = False, has_blocks: bool = True
) -> list[Line]:
    """The presenter's view: how to join, the question, and how it was answered each time.

    Args:
        with_names: whether it is told who answered what.
        has_blocks: whether the terminal has the blocks that a picture is made of.
    """
    poll = hall.poll
    if poll is None:
        lines = _welcome(hall, width, height, has_blocks=has_blocks)
    else:
        lines = [_in_one_line(hall), *_fault(hall), ()]
        lines += [*_head(hall, poll, width), (), *draw_bars(poll, len(hall.people), width)]
        if with_names:
            lines += [(), *_names(hall, poll, width)]
    return [clip(line, width) for line in lines[:height]]


def _welcome(hall: Hall, width: int, height: int, *, has_blocks: bool) -> list[Line]:
    """How to come in; beside it the address for a camera, where there is room."""
    picture = hall.joining.picture
    wide = cells(picture[0]) + 2 if picture else 0
    has_picture = bool(picture) and has_blocks and width - wide >= LEAST_TOLD
    has_picture = has_picture and len(picture) <= height
    room = width - wide if has_picture else width
    lines: list[Line] = [(run("the hall", "title"), run(f" · {len(hall.people)} here")), ()]
    told = room - 2 if has_picture else room
    for each in hall.joining.lines:
        lines += wrap((run(each),), told, 2)
    if hall.joining.code:
        lines += [(), (run("code ", "dim"), run(hall.joining.code, "key"))]
    lines += [(), *_fault(hall), *wrap((run(NOTHING_ASKED, "dim"),), told)]
    if not has_picture:
        return lines
    lines += [()] * (len(picture) - len(lines))
    beside = [*picture, *[""] * (len(lines) - len(picture))]
    return [
        (*line, run(" " * (room - line_cells(line))), run(part))
        for line, part in zip(lines, beside, strict=True)
    ]


def _in_one_line(hall: Hall) -> Line:
    joining = hall.joining
    code = (run(" · code ", "dim"), run(joining.code, "key")) if joining.code else ()
    address = tuple(run(f" · {each}", "dim") for each in joining.lines[:1])
    return (run("the hall", "title"), run(f" · {len(hall.people)} here"), *code, *address)


def _fault(hall: Hall) -> list[Line]:
    return [(run(hall.fault, "error"),)] if hall.fault else []


def _head(hall: Hall, poll: Poll, width: int) -> Iterator[Line]:
    """The question, and whether it is still open."""
    yield (run(poll.question.title, "title"),)
    for letter, each in _lettered(poll):
        yield (run(f"  {letter} ", "key"), run(each))
    yield clip((run(_state(hall, poll), "dim"),), width)
    if poll.is_revealed:
        yield (run("right: ", "dim"), run(poll.question.expected, "key"))


def _lettered(poll: Poll) -> Iterator[tuple[str, str]]:
    return zip(LETTERS, poll.question.choices, strict=False)


def _state(hall: Hall, poll: Poll) -> str:
    tally = poll.tally(-1, len(hall.people))
    told = f"{tally.answered} of {tally.asked} answered"
    if len(poll.times) > 1:
        told = f"asked {len(poll.times)} times · {told}"
    if not poll.is_open:
        return f"{told} · closed"
    left = hall.seconds_left
    return told if left is None else f"{told} · {left} s left"


def draw_bars(poll: Poll, here: int, width: int) -> list[Line]:
    """A bar for each kind of answer; beside it that of the time before, where it was asked twice.

    Args:
        here: how many could answer.
    """
    times = [poll.tally(place, here) for place in range(-len(poll.times), 0)][-2:]
    kinds = list(_kinds(times))
    told = max((cells(label) for label, _ in kinds), default=0)
    told = max(12, min(told, width - len(times) * (LEAST_BAR + 6)))
    room = max(LEAST_BAR, (width - told - 2) // len(times) - 6)
    most = max((each.asked for each in times), default=0)
    lines: list[Line] = []
    if len(times) > 1:
        heads = "".join(fit(each, room + 6) for each in ("first", "then"))
        lines.append((run(" " * (told + 2) + heads, "dim"),))
    for label, counts in kinds:
        role = "key" if label == RIGHT else "text"
        line: Line = (run(fit(clip_text(label, told), told) + "  ", role),)
        for count in counts:
            length = -(-count * room // most) if most else 0
            line += (run(f"{count:4} ", role), run(fit(BAR * length, room + 1), role))
        lines.append(line)
    return lines


def _kinds(times: list[Tally]) -> Iterator[tuple[str, list[int]]]:
    """Each kind of answer that there is, with its count each time; right ones always."""
    named = {name: 0 for each in reversed(times) for name, _ in each.mistakes}
    rows: list[tuple[str, list[int]]] = [
        (RIGHT, [each.right for each in times]),
        (FOLLOWS, [each.follows for each in times]),
        *((_words(name), [dict(each.mistakes).get(name, 0) for each in times]) for name in named),
        (OTHERS, [each.others for each in times]),
        (NONE, [each.asked - each.answered for each in times]),
    ]
    return (row for row in rows if row[0] == RIGHT or any(row[1]))


def _words(mistake: str) -> str:
    """A known mistake in words; a wrong choice is its own letters."""
    return KNOWN[mistake].words if mistake in KNOWN else mistake


def _names(hall: Hall, poll: Poll, width: int) -> Iterator[Line]:
    """Who gave which kind of answer, the last time."""
    found: Names = {}
    people = {each.number: each.name for each in hall.people}
    for number, given in poll.times[-1].items():
        if number in people:
            found.setdefault(_kind(given), []).append(people[number])
    for kind, names in sorted(found.items(), key=lambda each: (each[0] != RIGHT, each[0])):
        yield from wrap((run(f"{kind}: ", "dim"), run(", ".join(sorted(names)))), width, 2)


def _kind(given: Given) -> str:
    if given.mistake:
        return _words(given.mistake)
    return RIGHT if given.is_right else OTHERS


def draw_stuck(hall: Hall, width: int, height: int) -> list[Line]:
    """Where each one is who steps alone, and what they typed last."""
    alone = hall.people.alone
    following = len(hall.people) - len(alone)
    lines: list[Line] = [(run("who is where", "title"), run(f" · {following} follow"))]
    named = max((cells(each.name) for each in alone), default=0)
    for each in alone:
        typed = f"  typed {each.typed}" if each.typed else ""
        lines.append((run(fit(each.name, named)), run(f"  {each.where}", "key"), run(typed)))
    if not alone:
        lines.append((run("nobody steps alone", "dim"),))
    if len(lines) > height:
        hidden = len(lines) - height + 1
        lines = [*lines[: height - 1], (run(f"{hidden} more", "dim"),)]
    return [clip(line, width) for line in lines]


def asked_lines(
    poll: Poll, typed: str, given: Given | None, width: int, seconds: int | None = None
) -> list[Line]:
    """The question as one who follows sees it, with their own answer; as many lines each time.

    Args:
        typed: what stands in the field.
        given: what became of their answer, this time it is asked.
        seconds: those left.
    """
    left = "" if seconds is None else f"  {seconds} s"
    lines: list[Line] = [(run("? ", "key"), run(poll.question.title, "title"), run(left, "dim"))]
    if poll.question.choices:
        letters = "  ".join(
            f"{letter} {each}"
            for letter, each in zip("abcdefghi", poll.question.choices, strict=False)
        )
        lines.append((run(letters),))
    answer = "" if given is None else given.text
    if poll.is_open:
        shown = f"{typed}_" if typed or not answer else answer
        lines.append((run("your answer: ", "dim"), run(shown, "key")))
    else:
        told = answer or "none"
        lines.append((run("your answer: ", "dim"), run(told, "key"), run("  closed", "dim")))
    lines.append(_verdict(poll, given))
    return [clip(line, width) for line in lines]


def _verdict(poll: Poll, given: Given | None) -> Line:
    if poll.is_revealed:
        told = f" · {given.message}" if given is not None else ""
        return (run("right: ", "dim"), run(poll.question.expected, "key"), run(told))
    if given is None:
        return (run("Enter hands it in", "dim"),) if poll.is_open else ()
    if poll.hints:
        return (run(given.message, "key" if given.is_right else "error"),)
    return (run("handed in; another number may still take its place", "dim"),)
