"""Tables with very many keys, of which each would be a fault of its own."""

from collections.abc import Iterable, Iterator, Set
from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.scenario.reading.faults import Findings, Path
from nnhs_tui.scenario.reading.limits import MAX_KEYS

_Place = tuple[Path, object]
"""A path, and what stands there."""

_NAMED = ("inputs", "parameters", "nodes")
"""Tables of a graph whose keys are names; the layout has their limit."""


def check_crowds(data: dict[str, Any], words: Set[str], findings: Findings) -> None:
    """Notes tables with too many keys, and takes those out that no table has.

    Args:
        data: the decoded file.
        words: every key that some table has.
        findings: where faults are noted.
    """
    graph = data.get("graph")
    named = {id(graph.get(kind)) for kind in _NAMED} if isinstance(graph, dict) else set()
    inputs = graph.get("inputs") if isinstance(graph, dict) else None
    known = inputs.keys() if isinstance(inputs, dict) else set()
    # One way into each table at a time: a list may hold a million tables.
    ways: list[Iterator[_Place]] = [iter([((), data)])]
    while ways:
        found = next(ways[-1], None)
        if found is None:
            ways.pop()
            continue
        path, here = found
        if isinstance(here, dict) and id(here) not in named:
            # A sample may give each input of a graph another value.
            if len(here) > MAX_KEYS and len(here.keys() - known) > MAX_KEYS:
                crowd = f"a table of {counted(len(here), 'key')}"
                findings.add(path, crowd, f"expected at most {MAX_KEYS:,}")
                for key in here.keys() - words:
                    del here[key]
            ways.append(_inside(path, here.items()))
        elif isinstance(here, list) and here and isinstance(here[0], dict):
            ways.append(_inside(path, enumerate(here)))


def _inside(path: Path, entries: Iterable[tuple[str | int, object]]) -> Iterator[_Place]:
    """What a table or a list holds."""
    return (((*path, key), each) for key, each in entries)
