"""The order in which scenarios are listed: the chapters of the article, then others."""

from __future__ import annotations

from nnhs_tui.labels import CHAPTER

OWN = "own"
"""The chapter of a scenario that names none; it comes last."""


def chapter_label(chapter: str) -> str:
    """A chapter as people read it; one that is not known names itself.

    >>> chapter_label("net"), chapter_label("Class 11b")
    ('The whole net', 'Class 11b')
    """
    return CHAPTER.get(chapter, chapter)


def order(chapter: str, place: int | None, title: str) -> tuple[int, str, bool, int, str]:
    """What scenarios are sorted by: chapter, place in it, those without a place by their title.

    >>> sorted([order("own", None, "b"), order("Mine", 2, ""), order("net", 3, "")])[0]
    (2, '', False, 3, '')
    """
    known = list(CHAPTER)
    if chapter == OWN:
        rank, name = len(known), ""
    elif chapter in CHAPTER:
        rank, name = known.index(chapter), ""
    else:
        rank, name = known.index(OWN), chapter
    return rank, name, place is None, place or 0, title
