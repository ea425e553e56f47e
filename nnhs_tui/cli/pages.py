"""The pages that `check --output` writes: for each pupil one as HTML, and one as text."""

from __future__ import annotations

import re
from pathlib import Path

from nnhs_tui.cli.placing import refused, unwritable
from nnhs_tui.marking.sheets.marked import MarkedSheet
from nnhs_tui.present.marked_page import MADE_HERE, page_html, page_text
from nnhs_tui.scenario.reading.contents import Unreadable, first_bytes
from nnhs_tui.scenario.writing import write_whole

LONGEST = 60
"""Characters of a file's name at most, its ending not counted."""
_BEGINNING = 400
"""Bytes of a page within which it says that it is one."""


class Pages:
    """Pages of pupils, each written when its sheet is marked.

    Args:
        folder: made where it is missing.
        title: of the scenario.

    Raises:
        ScenarioError: there can be no such folder.
    """

    def __init__(self, folder: str, title: str, *, strict: bool) -> None:
        self._folder, self._title, self._strict = Path(folder), title, strict
        self._taken: set[str] = set()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise unwritable(folder, error, "expected a folder for the pages") from None

    def write(self, sheet: MarkedSheet) -> None:
        """Write the pages of a sheet; those that were written before are written over.

        Raises:
            ScenarioError: there is something else of this name, or it cannot be written.
        """
        name = self._free(file_name(sheet.name))
        for ending, lines in ((".html", page_html), (".txt", page_text)):
            path = self._folder / f"{name}{ending}"
            text = "\n".join(lines(sheet, self._title, strict=self._strict)) + "\n"
            try:
                write_whole(path, text, over=_is_ours(path))
            except FileExistsError:
                told = "there is something of this name already that is no page of a pupil"
                raise refused(str(path), told, "expected another folder") from None
            except OSError as error:
                raise unwritable(str(path), error, "expected another folder") from None

    def _free(self, name: str) -> str:
        """A name that no other pupil's page has, whatever the file system makes of capitals."""
        found, number = name, 2
        while found.casefold() in self._taken:
            found, number = f"{name}-{number}", number + 1
        self._taken.add(found.casefold())
        return found


def file_name(pupil: str) -> str:
    """What a pupil's files are called, without their ending.

    >>> file_name("Ada Love"), file_name("../x"), file_name("???"), file_name("Björn 2.b")
    ('Ada Love', 'x', 'pupil', 'Björn 2.b')
    """
    plain = re.sub(r"[^\w .-]+", "_", pupil)[:LONGEST]
    return plain.strip("._ -") or "pupil"


def _is_ours(path: Path) -> bool:
    try:
        return MADE_HERE.encode() in first_bytes(path, _BEGINNING)
    except (Unreadable, OSError):
        return False
