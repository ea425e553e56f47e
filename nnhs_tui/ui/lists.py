"""The place of the matrices: the matrices themselves, or one of the lists that share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.present.lists.listing import Listing, Row
    from nnhs_tui.present.text.lines import Line

LISTS = {
    "breakpoints": "6",
    "watches": "7",
    "where": "8",
    "rounds": "9",
    "training": "0",
    "compare": "d",
    "gradcheck": "k",
}
"""The lists and their keys."""


class Lists:
    """Which list is shown, and which of its rows is the chosen one."""

    def __init__(self) -> None:
        self.shown = ""
        """Name of the list; "" for the matrices."""
        self._rows: dict[str, tuple[str, int]] = {}
        """Of each list its title then, and the place of the chosen row: another question begins
        at its own first row."""

    def draw(self, session: Session, width: int, height: int) -> list[Line]:
        """The list in `width` × `height` cells."""
        from nnhs_tui.present.lists.listing import draw_listing

        listing = self.listing(session)
        number, at = LISTS[self.shown], self._at(listing)
        return draw_listing(listing, number, width, height, at)

    def listing(self, session: Session) -> Listing:
        """The rows there are now."""
        from nnhs_tui.present.lists.by_name import LISTINGS

        return LISTINGS[self.shown](session)

    def _at(self, listing: Listing) -> int:
        title, place = self._rows.get(self.shown, ("", 0))
        place = place if title == listing.name else listing.here
        return max(0, min(place, len(listing.rows) - 1))

    def move(self, session: Session, rows: int) -> None:
        """Choose a row further down."""
        from nnhs_tui.present.lists.listing import moved_place

        listing = self.listing(session)
        self._rows[self.shown] = listing.name, moved_place(listing, self._at(listing), rows)

    def press(self, session: Session, row: int, width: int, height: int) -> str:
        """Choose the row that was clicked; the command of Enter if it was the chosen one."""
        from nnhs_tui.present.lists.listing import place_at

        listing = self.listing(session)
        place = place_at(listing, width, height, self._at(listing), row)
        if place is None:
            return ""
        if place == self._at(listing):
            return listing.rows[place].act
        self._rows[self.shown] = listing.name, place
        return ""

    def chosen(self, session: Session) -> Row | None:
        """The chosen row; None where there is none."""
        from nnhs_tui.present.lists.listing import chosen_row

        listing = self.listing(session)
        return chosen_row(listing, self._at(listing))
