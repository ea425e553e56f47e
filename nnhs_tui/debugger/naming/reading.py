"""Names of quantities: full ones and short ones, read and written.

The names are those of docs/scenario-format.md:

    hidden.z[1]   grad hidden.W[2,1]   grad hidden.a[1] via output.z[2]   step hidden.b[1]
    new hidden.W[2,1]   sample 2: loss   round 3: loss   learning_rate
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.naming.short_names import GRADIENT, chosen, objective_sign, short_ids
from nnhs_tui.debugger.quantity import GRAD, NEW, NORM, RATE, VALUE, Quantity
from nnhs_tui.errors import Refusal, nearest, quoted

RATE_NAMES = ("learning_rate", "lr", "learning rate")
"""What the learning rate is called: the first that no input or node of the scenario has taken."""


NAMES_ARE = "names are as in hidden.z[1], grad x[2], or short: z1, dx2"
"""What is said where a name is unknown."""


def kinds(tape: Tape) -> tuple[str, ...]:
    """The words in front of a name: of its gradient, and of what an update has of a parameter."""
    return (GRAD, *tape.scenario.optimizer.kinds)


MOST_COMPARED = 100_000
"""Names that an unknown one is compared with at most."""


_PREFIX = re.compile(r"(sample|round|update) (\d{1,9}): *")


def name_of(names: Names, quantity: Quantity, schedule: Schedule) -> str:
    """A quantity's name."""
    prefix = f"round {quantity.round + 1}: " if quantity.round is not None else ""
    prefix += f"update {quantity.update + 1}: " if quantity.update is not None else ""
    prefix += f"sample {quantity.sample + 1}: " if quantity.sample is not None else ""
    if quantity.kind == RATE:
        return prefix + rate_name(names)
    if quantity.kind == NORM:
        return prefix + NORM
    name = names.name(quantity.node)
    if quantity.kind != VALUE:
        name = f"{quantity.kind} {name}"
    if quantity.path is not None:
        name += f" via {names.name(path_node(schedule, quantity.path.node))}"
    return prefix + name


def rate_name(names: Names) -> str:
    """The name of the learning rate; no value's name has a space in it, as the last one does."""
    return next(each for each in RATE_NAMES if names.id(each) is None)


def path_node(schedule: Schedule, node: int) -> int:
    """The value a path is named after: for a product the z of its neuron."""
    tape = schedule.tape
    if not tape.is_graph and tape.opname(node) == "product":
        layer = next(each for each in tape.layers if each.start <= node < each.rows_stop)
        return layer.z((node - layer.start) // layer.row)
    return node


def read_quantity(
    names: Names,
    schedule: Schedule,
    text: str,
    *,
    near: str = "",
    compared: int = MOST_COMPARED,
) -> Quantity:
    """The quantity of a name, or of a short one that is shown: `w21`, `∂L/∂w21`, `dw21`, `t`, `L`.

    Args:
        near: the layer that a short name means, where more than one has it.
        compared: how many names an unknown one is compared with, to suggest one.

    Raises:
        Refusal: there is none of this name, and the nearest one is suggested; a short name may mean
            several; or it has a sample though it is the same for all of them.
    """
    rest, places = _prefixes(schedule, text)
    quantity = _read_bare(names, schedule, rest) or _read_short(names, schedule, rest, near)
    if quantity is None:
        suggested = None
        if compared and len(rest) < 80:
            known = islice(all_names(names, schedule), compared)
            suggested = _suggested(rest, known, kinds(schedule.tape))
        hint = f"did you mean {suggested}?" if suggested else NAMES_ARE
        raise Refusal(f"there is no quantity {quoted(rest)}; {hint}")
    sample, number, update = (place if place >= 0 else None for place in places.values())
    if sample is not None and is_of_all_samples(schedule, quantity):
        raise Refusal(f"{quoted(text)}: this is the same for all samples, so it has no sample")
    is_parameter = 0 <= quantity.node < schedule.tape.parameters and quantity.path is None
    if update is not None and (sample is not None or not (is_parameter or quantity.is_of_update)):
        raise Refusal(f"{quoted(text)}: this is found in no update, so it has none")
    if schedule.updates == 1:
        # The only one needs no prefix.
        update = None
    return replace(quantity, sample=sample, round=number, update=update)


def _suggested(text: str, known: Iterator[str], before: tuple[str, ...]) -> str | None:
    """The name most like what was typed: of the same kind, whose word makes nothing more alike."""
    kind, _, bare = text.partition(" ")
    if kind not in before:
        kind, bare = "", text
    start = f"{kind} " if kind else ""
    of_kind = (
        name.removeprefix(start)
        for name in known
        if (name.startswith(start) if kind else name.partition(" ")[0] not in before)
    )
    found = nearest(bare, of_kind)
    return None if found is None else start + found


def _prefixes(schedule: Schedule, text: str) -> tuple[str, dict[str, int]]:
    """What stands behind the prefixes, and each of them from 0, −1 where there is none."""
    rest, places = " ".join(text.split()), {"sample": -1, "round": -1, "update": -1}
    most = {"sample": schedule.samples, "update": schedule.updates}
    while found := _PREFIX.match(rest):
        if places[found[1]] >= 0:
            raise Refusal(f"{quoted(text)}: a {found[1]} stands there twice")
        places[found[1]] = int(found[2]) - 1
        rest = rest[found.end() :]
        if not 1 <= int(found[2]) <= most.get(found[1], int(found[2])):
            raise Refusal(f"there is no {found[1]} {found[2]} in {quoted(text)}")
    return rest, places


def find_quantity(names: Names, schedule: Schedule, text: str) -> Quantity | None:
    """The quantity of a name without a prefix, or None where there is none."""
    return _read_bare(names, schedule, " ".join(text.split()))


def is_of_all_samples(schedule: Schedule, quantity: Quantity) -> bool:
    """Whether there is one such number in a round, whatever the sample."""
    if quantity.kind == VALUE:
        return quantity.node < schedule.tape.parameters
    return quantity.kind != GRAD


def _read_bare(names: Names, schedule: Schedule, text: str) -> Quantity | None:
    # First as a plain name: a graph's node may be called grad, step, new or lr.
    node = names.id(text)
    if node is not None:
        return Quantity(VALUE, node)
    if text in RATE_NAMES and schedule.tape.parameters:
        return Quantity(RATE)
    if text == NORM and schedule.entries.before:
        return Quantity(NORM)
    kind, _, rest = text.partition(" ")
    if kind not in kinds(schedule.tape):
        return None
    target, _, via = rest.partition(" via ")
    node = names.id(target)
    if node is None or (kind != GRAD and (via or node >= schedule.tape.parameters)):
        return None
    if kind == GRAD and node in schedule.tape.t:
        return None
    if not via:
        return Quantity(kind, node)
    through = names.id(via)
    for arrival in schedule.arrivals(node):
        if path_node(schedule, arrival.node) == through:
            return Quantity(GRAD, node, arrival)
    return None


def _read_short(names: Names, schedule: Schedule, text: str, near: str) -> Quantity | None:
    """The quantity of a short name.

    Raises:
        Refusal: it may mean several.
    """
    kind, _, rest = text.partition(" ")
    if kind in kinds(schedule.tape):
        return _of_kind(names, schedule, kind, rest, near)
    node = _short_id(names, schedule, text, near)
    if node is not None:
        return Quantity(VALUE, node)
    found = GRADIENT.fullmatch(text)
    if found is None or not _is_of_output(names, schedule, found["of"]):
        return None
    return _of_kind(names, schedule, GRAD, found["name"] or found["short"], near)


def full_name(names: Names, schedule: Schedule, text: str, near: str) -> str:
    """A text with its full name where it is a short one; any other text as it is.

    Raises:
        Refusal: it may mean several.
    """
    prefixes = "".join(found[0] for found in _PREFIX.finditer(text))
    rest = text[len(prefixes) :] if text.startswith(prefixes) else text
    if _read_bare(names, schedule, rest) is not None:
        return text
    quantity = _read_short(names, schedule, rest, near)
    return text if quantity is None else prefixes + name_of(names, quantity, schedule)


def _is_of_output(names: Names, schedule: Schedule, text: str | None) -> bool:
    """Whether what stands above the line is what gradients are of."""
    tape = schedule.tape
    return not text or text == objective_sign(names, tape) or (text == "loss" and bool(tape.loss))


def _of_kind(names: Names, schedule: Schedule, kind: str, text: str, near: str) -> Quantity | None:
    """`grad`, `step`, `new` and the like of a short name, `via` another perhaps."""
    target, _, via = text.partition(" via ")
    ends = []
    for each in filter(None, (target.strip(), via.strip())):
        node = names.id(each)
        node = _short_id(names, schedule, each, near) if node is None else node
        if node is None:
            return None
        ends.append(names.name(node))
    return _read_bare(names, schedule, f"{kind} {' via '.join(ends)}") if ends else None


def _short_id(names: Names, schedule: Schedule, text: str, near: str) -> int | None:
    return chosen(short_ids(names, schedule.tape, text), near, text, names)


def all_names(names: Names, schedule: Schedule, most: int = 20_000) -> Iterator[str]:
    """The names of all quantities of a sample, and of the update; at most so many of each kind."""
    tape = schedule.tape
    every = [names.name(node) for node in range(min(tape.size, most))]
    yield from (name for name in every if name)
    yield from (f"grad {name}" for node, name in enumerate(every) if name and node not in tape.t)
    for kind in (NEW, *(each for each in tape.scenario.optimizer.kinds if each != NEW)):
        yield from (f"{kind} {name}" for name in every[: tape.parameters])
    if schedule.entries.before:
        yield NORM
    if tape.parameters:
        yield rate_name(names)
