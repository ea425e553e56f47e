"""A scenario in a line of a list, without checking it: fast, and tolerant of every fault."""

from nnhs_tui.errors import ScenarioError
from nnhs_tui.labels import counted
from nnhs_tui.scenario.reading.contents import PathLike
from nnhs_tui.scenario.reading.files import read


def describe(path: PathLike) -> tuple[str, str]:
    """Title and shape of a scenario file for a list, without checking it all.

    The title is the file's own text and still has to be made harmless for a terminal. A file
    that cannot be read has a note for a title and `?` for a shape.
    """
    unreadable = ("(this file cannot be read as a scenario)", "?")
    try:
        data = read(path, "")
    except ScenarioError:
        return unreadable
    title = data.get("title")
    return (title, _rough_shape(data)) if isinstance(title, str) and title else unreadable


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
