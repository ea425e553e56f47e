"""Drawing a self-test: the question and its grid, hints, and what is done.

What is still to come is nowhere on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nnhs_tui.autodiff.schedule import FORWARD
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.labels import PHASE, counted
from nnhs_tui.marking.judge import CLOSE, FOLLOWS, NO_ANSWER, Marked, is_right
from nnhs_tui.present.in_words import in_words
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.selftest.givens import given_lines
from nnhs_tui.present.selftest.own import own_lines
from nnhs_tui.present.selftest.picture import home_step
from nnhs_tui.present.solutions import Solver, without_result
from nnhs_tui.present.text.lines import (
    Line,
    Run,
    clip,
    fit,
    line_cells,
    run,
    separated,
    standing_for,
    title,
    window,
    wrap,
)
from nnhs_tui.selftest.asks import Ask
from nnhs_tui.selftest.selftest import HINTS, SelfTest
from nnhs_tui.selftest.setting import Setting

CURSOR = "_"
ROOM_FOR_WORDS = 7
"""Rows of the question from which on it is asked in words as well."""
CELL = 8
"""Columns of a cell of a grid."""


LEAVING = "  Tab leaves it: what goes on from your own number counts as right."

# The question


def draw_head(test: SelfTest, width: int) -> Line:
    """Where one is: scenario, seed, phase, question, how many are right; in short where narrow."""
    setting, ask = test.setting, test.ask
    seed = [] if setting.seed is None else [f"seed {setting.seed}"]
    again = ["what went wrong"] if setting.only else []
    long = f"question {test.at + 1} of {len(test.asks)}"
    counts = f"{test.right} of {test.total} right"
    short = f"{test.at + 1}/{len(test.asks)}"
    for parts in (
        ["test yourself", *seed, *again, PHASE[ask.phase], long, counts],
        [*seed, *again, PHASE[ask.phase], long, counts],
        [*seed, PHASE[ask.phase], short, counts],
        [short, counts],
    ):
        line = separated([run(setting.name, "title"), *map(run, parts)])
        if line_cells(line) <= width:
            return line
    return clip(separated([run(short), run(counts)]), width)


def rule(digits: int) -> str:
    """What is wanted of an answer, in words."""
    return "a whole number" if not digits else counted(digits, "decimal")


def draw_question(test: SelfTest, width: int, height: int) -> list[Line]:
    """The question, what is typed, the verdict on what was marked last, and the hints seen."""
    ask, scene = test.ask, _scene_of(test)
    result = explain_step(scene, scene.step).result
    told = f"  {result}" if result != ask.title else ""
    told = told if len(ask.names) == 1 else f"  now {test.name}"
    lines = [
        title("", "question", width, rule(test.setting.digits)),
        clip((run(ask.title, "title chosen"), run(told, "dim")), width),
    ]
    quantity = replace(test.questions.question(test.name).quantity, round=None)
    if height >= ROOM_FOR_WORDS:
        lines += wrap((run(in_words(scene, quantity)),), width)
    given = [*own_lines(test, width), *given_lines(scene, quantity, width, test.setting)]
    verdicts = [line for each in _told(test) for line in _verdict(test, each, width)]
    hints = list(_hints(test, width))
    room = height - len(lines)
    besides = len(given) + len(verdicts) + len(hints)
    lines += _grid(test, ask, width, max(1, room - min(besides, room // 2)))
    room = height - len(lines)
    # Where there is little room the newest counts: the last hint, then the verdict.
    hints = hints[-room:] if room > 0 else []
    verdicts = verdicts[: room - len(hints)]
    given = given[: max(0, room - len(hints) - len(verdicts))]
    return [*lines, *given, *verdicts, *hints][:height]


def _told(test: SelfTest) -> tuple[Marked, ...]:
    """What was marked last; back at a question, what became of it."""
    answers = test.tries_of(test.name).answers
    return test.last or (answers[-1:] and (answers[-1],)) or ()


def _scene_of(test: SelfTest) -> Scene:
    session = test.session
    index = home_step(test, test.name)
    return Scene(
        test.scenario, session.run, session.names, 0, 1, index, test.setting.digits, "node"
    )


def _grid(test: SelfTest, ask: Ask, width: int, height: int) -> list[Line]:
    """What is typed: `= 0.37_`, or a matrix of cells with the one in work in view."""
    if len(ask.names) == 1:
        return [(("= ", "text"), *_cell(test, ask.names[0], 0))]
    columns = min(ask.columns, max(1, (width - 2) // (CELL + 1)))
    at_row, at_column = divmod(test.cell, ask.columns)
    left, right = window(ask.columns, columns, at_column)
    top, bottom = window(ask.rows, height, at_row)
    lines: list[Line] = []
    for row in range(top, bottom):
        runs: list[Run] = [("► " if row == at_row else "  ", "mark")]
        for column in range(left, right):
            place = row * ask.columns + column
            told = f"cell:{place + 1}"
            cell = _cell(test, ask.names[place], CELL)
            runs += [*((text, standing_for(role, told)) for text, role in cell), (" ", "text")]
        lines.append(clip(tuple(runs), width))
    return lines


def _cell(test: SelfTest, name: str, width: int) -> list[Run]:
    """A cell: what is typed, and a sign for what became of it."""
    text, tries = test.typed.get(name, ""), test.tries_of(name)
    is_here = name == test.name
    was_marked = bool(tries.answers) and tries.answers[-1].answer == text
    sign = ("✓" if tries.is_right else "✗") if was_marked else ""
    shown_text = text + (CURSOR if is_here else "") or ("·" if not is_here else CURSOR)
    if width:
        shown_text = fit(shown_text, width - 1, right=True) + (sign or " ")
    elif sign:
        shown_text += f" {sign}"
    return [run(shown_text, "current" if is_here else "text")]


def _verdict(test: SelfTest, marked: Marked, width: int) -> Iterator[Line]:
    """`✓ hidden.z[1] = -0.75: right`."""
    right = is_right(marked.verdict)
    sign = ("✓ ", "key") if right else ("✗ ", "error")
    if marked.verdict in NO_ANSWER:
        sign = ("? ", "text")
    if len(test.asks[test.last_at].names) > 1 and right and marked.verdict not in (CLOSE, FOLLOWS):
        return
    head = f"{marked.question.name} = {marked.answer}: "
    yield from wrap((sign, run(head, "title"), run(marked.message, "text")), width, 2)
    if not right and marked.verdict not in NO_ANSWER:
        yield from wrap(((LEAVING, "dim"),), width, 2)


def _hints(test: SelfTest, width: int) -> Iterator[Line]:
    """The hints that were looked at for the cell in work."""
    for degree, text in enumerate(hint_texts(test)[: test.hints]):
        head = f"hint {degree + 1}, {HINTS[degree]}: "
        yield from wrap(((head, "dim"), run(text)), width, 2)


def hint_texts(test: SelfTest) -> list[str]:
    """The four hints for the cell in work: why, the formula, the numbers put in, the result."""
    session, name = test.session, test.name
    scene = _scene_of(test)
    question = test.questions.question(name)
    quantity = replace(question.quantity, round=None)
    line = Solver(session, test.setting.level).lines(quantity)[-1]
    result, _, rest = without_result(line).partition(" = ")
    formula, _, numbers = rest.partition(" = ")
    return [
        explain_step(scene, scene.step).why,
        f"{result} = {formula}" if formula else f"{result} is given with the numbers above",
        numbers or _operands(scene) or rest,
        question.right_in(test.setting.arithmetic),
    ]


def _operands(scene: Scene) -> str:
    """`x = 1.00`: what goes into a step whose numbers are its result already."""
    if scene.phase != FORWARD:
        return ""
    nodes = scene.run.tape.operands(scene.step.node).tolist()
    named = [(scene.names.symbol(node), scene.show(scene.record.value[node])) for node in nodes]
    return ", ".join(f"{name} = {value}" for name, value in named if name)


# What is done


def draw_done(test: SelfTest, width: int, height: int) -> list[Line]:
    """Every question with what became of it, the one in work in view."""
    start, stop = window(len(test.asks), height - 1, test.at)
    note = f"{start + 1}–{stop} of {len(test.asks)}" if stop - start < len(test.asks) else ""
    lines = [title("", "what is done", width, note)]
    for place in range(start, stop):
        ask = test.asks[place]
        mark = "►" if place == test.at else " "
        sign, role = _sign(test, ask)
        answers = test.tries_of(ask.names[0]).answers if len(ask.names) == 1 else ()
        answer = answers[-1].answer if answers else ""
        count = f" {sum(test.tries_of(n).is_right for n in ask.names)}/{len(ask.names)}"
        text = f" {ask.title}" + (count if len(ask.names) > 1 else "")
        found: Line = ((mark, "mark"), (sign, role), run(text), run(f"  {answer}", "dim"))
        lines.append(clip(found, width))
    return lines


def _sign(test: SelfTest, ask: Ask) -> tuple[str, str]:
    """✓ right, ✗ wrong by now, ? only hints, · open."""
    tries = [test.tries_of(name) for name in ask.names]
    if all(each.is_right for each in tries):
        return "✓", "key"
    if any(each.answers and not each.is_right for each in tries):
        return "✗", "error"
    return ("?", "text") if any(each.hints for each in tries) else ("·", "unknown")


def new_test_text(setting: Setting) -> str:
    """What a new test asks, in a few words."""
    what = (
        "what went wrong" if setting.only else " and ".join(PHASE[each] for each in setting.phases)
    )
    if not setting.only and len(setting.phases) > 2:
        what = "what a worksheet asks" if setting.level == "neuron" else "everything"
    numbers = (
        "the file's own numbers" if setting.seed is None else f"numbers of seed {setting.seed}"
    )
    return f"a new test: {what}, {numbers}"
