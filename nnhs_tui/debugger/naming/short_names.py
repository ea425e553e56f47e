"""Short names: what formulas and pictures show, `w21`, `∂L/∂w21`, `t`, `L`, as one types it.

Without a layer a short name means the one of the layer in work, else the only one there is. What a
scenario itself calls so goes before: these are asked only where no full name fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.errors import Refusal

GRADIENT = re.compile(r"(?:∂|d)(?P<of>\w*?) */ *(?:∂|d) *(?P<name>\S.*)|(?:∂|d)(?P<short>\S.*)")
"""`∂L/∂w21`, in ASCII `dL/dw21`, or `dw21`."""
_SHORT = re.compile(
    r"(?:(?P<layer>\w+)\.)?(?P<letter>[A-Za-z]+(?:[0-9]+(?=\[))?)"
    r"(?:\[(?P<index>[0-9]{1,9}(?:, *[0-9]{1,9})?)\]|(?P<digits>[0-9]{0,9}(?:,[0-9]{1,9})?))"
)
LETTERS = {"w": "W", "h": "a", "o": "a"}
"""Letters that stand for another: `w21` for W, and the neurons of the picture for their results."""
PAIRS = ("W", "p")
"""Letters with two indices."""


def short_ids(names: Names, tape: Tape, text: str) -> list[tuple[str, int]]:
    """(layer, id) of every value that a short name may mean; the layer is "" where it needs none.

    >>> from nnhs_tui.debugger.session import Session
    >>> from nnhs_tui.scenario.library import find
    >>> from nnhs_tui.scenario.loading import load
    >>> session = Session(load(find("two-layer-sigmoid")))
    >>> [layer for layer, _ in short_ids(session.names, session.tape, "w11")]
    ['hidden', 'output']
    """
    if tape.is_graph:
        return []
    found = _SHORT.fullmatch(text)
    if found is None:
        return []
    letter, index = found["letter"], found["index"] or found["digits"]
    if not found["layer"]:
        node = _without_layer(names, tape, letter, index)
        if node is not None:
            return [("", node)]
    wanted = [each.name for each in tape.layers if found["layer"] in (None, each.name)]
    if letter in ("h", "o") and not found["layer"]:
        # The picture calls the neurons of the last layer o, those before it h.
        wanted = [tape.layers[-1].name] if letter == "o" else wanted[:-1]
    letter = LETTERS.get(letter, letter)
    ids = []
    for layer in wanted:
        for told in _indices(letter, index):
            node = names.id(f"{layer}.{letter}[{told}]")
            if node is not None:
                ids.append((layer, node))
    return ids


def _without_layer(names: Names, tape: Tape, letter: str, index: str) -> int | None:
    """The id of `t`, `L`, `x2`, `loss1`."""
    if letter in ("L", "loss") and not index:
        return names.id("loss")
    if letter not in ("x", "t", "loss"):
        return None
    if not index:
        only = {"x": tape.x, "t": tape.t}[letter]
        return only[0] if len(only) == 1 else None
    return names.id(f"{letter}[{index}]")


def _indices(letter: str, index: str) -> Iterator[str]:
    """How an index may be meant: `21` is 2,1 of a matrix, and of a vector 21."""
    if letter not in PAIRS:
        if index and "," not in index:
            yield index
    elif "," in index:
        yield index
    else:
        # Where both are below ten the formulas write them without a comma.
        yield from (f"{index[0]},{index[1]}",) if len(index) == 2 else ()


def chosen(found: list[tuple[str, int]], near: str, text: str, names: Names) -> int | None:
    """The id that is meant.

    Args:
        near: the layer in work; "" where there is none.

    Raises:
        Refusal: it may be one of several; they are named.
    """
    if len(found) < 2:
        return found[0][1] if found else None
    for layer, node in found:
        if layer == near:
            return node
    listed = " or ".join(names.name(node) for _, node in found[:4])
    raise Refusal(f"{text} is in several layers; which one? expected {listed}")


def objective_sign(names: Names, tape: Tape) -> str:
    """What is differentiated: L with a loss, a graph's output, f for a given upstream gradient."""
    if tape.is_graph:
        # What arrives makes one number of the output: upstream times output, added up.
        given = [each.upstream for each in tape.scenario.samples if each.upstream is not None]
        is_itself = len(tape.outputs) == 1 and all(part == 1 for each in given for part in each)
        return names.name(int(tape.outputs[0])) if is_itself else "f"
    return "L" if tape.loss else "f"


def symbols(names: Names, tape: Tape, layer: str, most: int) -> Iterator[str]:
    """The short names of a layer's values and of what has no layer, and of their gradients."""
    if tape.is_graph:
        return
    listed = []
    for node in islice(range(tape.size), most):
        name = names.name(node)
        if name and (not layer or "." not in name or name.startswith(f"{layer}.")):
            listed.append("L" if name == "loss" else names.symbol(node, layer))
    yield from listed
    targets = {names.symbol(node) for node in tape.t}
    of = objective_sign(names, tape)
    for before in ("d", f"∂{of}/∂"):
        yield from (before + each for each in listed if each not in targets)
