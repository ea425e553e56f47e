"""Lessons on paper: what is read, what is drawn with it, and the tasks, with room or with a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nnhs_tui.errors import printable
from nnhs_tui.lessons.asked import Asked
from nnhs_tui.lessons.course import Course
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.present.pages.lesson import source_of
from nnhs_tui.present.pages.lesson_drawn import compared_lines, draw_pair, starts_lines
from nnhs_tui.present.text.html import html_text
from nnhs_tui.present.text.lines import Line, paragraphs
from nnhs_tui.worksheet.markdown import escaped

COLUMNS = 90
"""Of what is drawn in characters."""
ROOM = "_" * 16
STYLE = """
@page { size: A4; margin: 14mm 15mm; }
:root { color-scheme: light dark; }
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; max-width: 170mm; margin: 1em auto;
  padding: 0 1em; }
h1 { font-size: 16pt; margin: 0 0 .2em; }
.source { color: #777; margin: 0 0 .8em; }
pre { font: 9.5pt/1.25 "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-x: auto;
  break-inside: avoid; }
.task { break-inside: avoid; margin: 1em 0; }
.task > p { margin: .3em 0; }
.room { border-bottom: 1px solid; display: inline-block; min-width: 40mm; height: 1.6em; }
article + article { break-before: page; }
@media screen { article + article { border-top: 1px solid; margin-top: 3em; padding-top: 1em; } }
"""


@dataclass(frozen=True)
class Block:
    """A piece of a handout."""

    kind: str
    """title, source, text, drawn, task, choices, answer or notice."""
    texts: tuple[str, ...]


def blocks_of(course: Course, number: int, *, with_key: bool) -> Iterator[Block]:
    """A lesson in pieces.

    Args:
        number: its place among the lessons, from 1; 0: it has none.
        with_key: whether the answers stand there instead of room for them.
    """
    lesson = course.lesson
    yield Block("title", (f"{number}. {lesson.title}" if number else lesson.title,))
    if told := source_of(lesson):
        yield Block("source", (f"{told}; in the program: nnhs-tui tour {lesson.name}",))
    yield from (Block("text", (each,)) for each in paragraphs(lesson.text) if each)
    yield from (Block("drawn", _plain(draw_pair(pair, COLUMNS))) for pair in lesson.pairs)
    if course.compared is not None:
        yield Block("drawn", _plain(compared_lines(course.compared, COLUMNS)))
    if course.starts is not None:
        yield Block("drawn", _plain(starts_lines(course.starts, COLUMNS)))
    if lesson.code:
        yield Block("drawn", tuple(each.line for each in lesson.code))
    for place, asked in enumerate(course.all_asked, 1):
        yield Block("task", (f"Task {place}", " ".join(asked.task.ask.split())))
        if asked.choices:
            yield Block("choices", asked.choices)
        yield Block("answer", tuple(_answer(asked)) if with_key else ())
    if lesson.notice and with_key:
        yield from (Block("notice", (each,)) for each in paragraphs(lesson.notice) if each)


def _answer(asked: Asked) -> Iterator[str]:
    yield asked.solution
    if asked.task.why:
        yield " ".join(asked.task.why.split())


def _plain(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple("".join(text for text, _ in line).rstrip() for line in lines)


def markdown_handout(courses: Sequence[tuple[int, Course]], *, with_key: bool) -> Iterator[str]:
    """Lessons as lines of Markdown."""
    for number, course in courses:
        for block in blocks_of(course, number, with_key=with_key):
            yield from _markdown(block)


def _markdown(block: Block) -> Iterator[str]:
    texts = block.texts
    if block.kind == "title":
        yield f"# {escaped(texts[0])}"
    elif block.kind == "source":
        yield f"*{escaped(texts[0])}*"
    elif block.kind == "drawn":
        yield from ("```text", *map(printable, texts), "```")
    elif block.kind == "task":
        yield f"**{escaped(texts[0])}** {escaped(texts[1])}"
    elif block.kind == "choices":
        choices = zip(LETTERS, texts, strict=False)
        yield from (f"- ({letter}) {escaped(each)}" for letter, each in choices)
    elif block.kind == "answer":
        yield f"Answer: {'. '.join(map(escaped, texts)) if texts else ROOM}"
    else:
        yield escaped(texts[0])
    yield ""


def html_handout(courses: Sequence[tuple[int, Course]], *, with_key: bool) -> Iterator[str]:
    """Lessons as lines of one HTML file that prints on A4: no scripts, nothing from elsewhere."""
    first = courses[0][1].lesson.title if len(courses) == 1 else "Lessons"
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    yield f"<title>{html_text(first)}</title>"
    yield f"<style>{STYLE}</style></head>"
    yield "<body>"
    for number, course in courses:
        yield "<article>"
        is_open = False
        for block in blocks_of(course, number, with_key=with_key):
            if block.kind == "task":
                yield '<div class="task">'
                is_open = True
            yield _html(block)
            if is_open and block.kind == "answer":
                yield "</div>"
                is_open = False
        yield "</article>"
    yield "</body>"
    yield "</html>"


def _html(block: Block) -> str:
    texts = [html_text(each) for each in block.texts]
    if block.kind == "title":
        return f"<h1>{texts[0]}</h1>"
    if block.kind == "source":
        return f'<p class="source">{texts[0]}</p>'
    if block.kind == "drawn":
        return "<pre>" + "\n".join(texts) + "</pre>"
    if block.kind == "task":
        return f"<p><b>{texts[0]}</b> {texts[1]}</p>"
    if block.kind == "choices":
        return '<ol type="a">' + "".join(f"<li>{each}</li>" for each in texts) + "</ol>"
    if block.kind == "answer":
        told = ". ".join(texts) if texts else '<span class="room"></span>'
        return f"<p>Answer: {told}</p>"
    return f"<p>{texts[0]}</p>"
