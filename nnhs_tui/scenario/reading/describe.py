"""A scenario in a line of a list, without checking it: fast, and tolerant of every fault."""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.errors import ScenarioError
from nnhs_tui.labels import counted
from nnhs_tui.scenario.chapters import OWN, order
from nnhs_tui.scenario.reading.contents import PathLike
from nnhs_tui.scenario.reading.files import read
from nnhs_tui.scenario.reading.limits import MAX_PLACE, PARTS


@dataclass(frozen=True)
class Described:
    """A scenario file as a list shows it. Its texts are the file's own, not made harmless yet."""

    title: str
    shape: str
    chapter: str = OWN
    place: int | None = None
    parts: tuple[int, ...] = ()

    @property
    def order(self) -> tuple[object, ...]:
        """What the list is sorted by."""
        return order(self.chapter, self.place, self.title)


UNREADABLE = Described("(this file cannot be read as a scenario)", "?")


def describe(path: PathLike) -> Described:
    """A scenario file for a list, without checking it all; `UNREADABLE` where that cannot be."""
    try:
        data = read(path, "")
    except ScenarioError:
        return UNREADABLE
    title, chapter, place, parts = (data.get(key) for key in ("title", "chapter", "place", "part"))
    if not isinstance(title, str) or not title:
        return UNREADABLE
    return Described(
        title,
        _rough_shape(data),
        chapter if isinstance(chapter, str) and chapter else OWN,
        place if type(place) is int and 0 <= place <= MAX_PLACE else None,
        tuple(each for each in parts if type(each) is int and 1 <= each <= PARTS)[:PARTS]
        if isinstance(parts, list)
        else (),
    )


def _rough_shape(data: dict[str, object]) -> str:
    graph, network = data.get("graph"), data.get("network")
    if isinstance(graph, dict) and isinstance(nodes := graph.get("nodes"), dict):
        return f"graph, {counted(len(nodes), 'node')}"
    if not isinstance(network, dict) or not isinstance(layers := network.get("layers"), list):
        return "?"
    inputs = network.get("inputs")
    sizes: list[object] = [len(inputs) if isinstance(inputs, list) else inputs]
    for layer in layers:
        table = layer if isinstance(layer, dict) else {}
        rows = table.get("weights")
        first = rows[0] if isinstance(rows, list) and rows else None
        sizes.append(len(first) if isinstance(first, list) else table.get("neurons"))
    # Sizes of thousands of digits are refused by Python when they are written out.
    known = all(type(size) is int and 0 < size < 10**9 for size in sizes)
    return "→".join(map(str, sizes)) if known else "?"
