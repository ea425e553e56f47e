"""A program that computes what a scenario does: which one, and whether it can be written at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.errors import Unfit, printable, quoted
from nnhs_tui.exchange.scripts.graph import graph_parts
from nnhs_tui.exchange.scripts.language import (
    Language,
    Lines,
    indented,
    literal,
    numpy_language,
    shown,
    torch_language,
)
from nnhs_tui.exchange.scripts.network import network_parts
from nnhs_tui.exchange.scripts.parts import Parts
from nnhs_tui.exchange.scripts.update import numbers_of, update
from nnhs_tui.operations.optimizer import Optimizer
from nnhs_tui.operations.spellings import (
    LOSS_SPELLINGS,
    RATE_SPELLINGS,
    SPELLINGS,
    UPDATE_SPELLINGS,
)
from nnhs_tui.scenario.model import Graph, Layer, Network, Sample, Scenario

FORMATS = ("numpy", "torch")
MOST_OPERATIONS = 20_000
"""Elementary operations of a graph, each of which is a line or more."""
MOST_NUMBERS = 200_000
"""Parameters, which stand in the script."""

_UNDERSTOOD = {
    Scenario: (
        *("name", "path", "title", "description", "source", "notes", "chapter", "place", "parts"),
        *("digits", "arithmetic", "level", "sigmoid", "model", "learning_rate", "rounds"),
        *("optimizer", "reduction", "update", "frozen", "samples", "data", "text"),
    ),
    Network: ("input_names", "inputs", "layers", "loss"),
    Layer: ("name", "inputs", "neurons", "weights", "init", "bias", "activation", "formula"),
    Graph: ("inputs", "parameters", "expressions", "output", "shapes"),
    Optimizer: ("rule", "own", "weight_decay", "clip", "schedule"),
    Sample: ("x", "t", "upstream", "overrides"),
}
"""What of a scenario a script computes with, or need not know: nothing else is passed over."""


def script(scenario: Scenario, form: str) -> str:
    """The text of a program.

    Args:
        form: one of `FORMATS`.

    Raises:
        Unfit: the scenario has something that scripts cannot compute yet, or is too large.
    """
    is_torch = form == FORMATS[1]
    by_hand = scenario.arithmetic == "hand" and not is_torch
    several = scenario.rounds > 1 or len(scenario.samples) > 1
    language = (
        torch_language(several)
        if is_torch
        else numpy_language(scenario.digits if by_hand else None, several)
    )
    tape = compile_tape(scenario)
    _check(scenario, tape, language)
    parts = (graph_parts if tape.is_graph else network_parts)(scenario, tape, language)
    lines = [
        *_head(scenario, form, language),
        *_helpers(language, parts, _operations(tape)),
        *parts.parameters,
        f"learning_rate = {literal(scenario.learning_rate)}",
        f"rounds = {scenario.rounds}",
        *numbers_of(scenario.optimizer, parts, language),
        "",
        *parts.samples,
        "",
        *_rounds(scenario, language, parts),
    ]
    return "".join(f"{line}\n" for line in lines)


def _check(scenario: Scenario, tape: Tape, language: Language) -> None:
    """See that all of a scenario can be written.

    Raises:
        Unfit: something cannot.
    """
    model = scenario.model
    if tape.has_matrices:
        raise _unfit("a matrix in a graph", language)
    if tape.is_graph and any(each.upstream for each in scenario.samples):
        raise _unfit("[backward] upstream in a graph", language)
    layers = model.layers if isinstance(model, Network) else ()
    for part in (scenario, model, *layers, *scenario.samples, scenario.optimizer):
        for name in _not_understood(part):
            raise _unfit(f"{name} in a scenario", language)
    rule, schedule = scenario.optimizer.rule, scenario.optimizer.schedule
    if rule.name not in UPDATE_SPELLINGS:
        raise _unfit(f"the update rule {rule.name}", language)
    if schedule is not None and schedule.kind not in RATE_SPELLINGS:
        raise _unfit(f"the schedule {schedule.kind}", language)
    if tape.loss is not None and tape.loss.loss.name not in LOSS_SPELLINGS:
        raise _unfit(f"the loss {tape.loss.loss.name}", language)
    for name in _operations(tape):
        if not language.can(name):
            raise _unfit(f"the operation {name}", language)
    if tape.is_graph and len(tape.op) > MOST_OPERATIONS:
        raise Unfit(f"a graph of {len(tape.op):,} operations; expected at most {MOST_OPERATIONS:,}")
    if tape.parameters > MOST_NUMBERS:
        raise Unfit(f"a net of {tape.parameters:,} numbers; expected at most {MOST_NUMBERS:,}")


def _not_understood(part: Scenario | Network | Graph | Layer | Sample | Optimizer) -> Iterator[str]:
    """What a part of a scenario holds that a script would leave out."""
    known = next(names for kind, names in _UNDERSTOOD.items() if isinstance(part, kind))
    for each in fields(part):
        default = each.default if each.default_factory is MISSING else each.default_factory()
        if each.name not in known and getattr(part, each.name) != default:
            yield each.name


def _operations(tape: Tape) -> list[str]:
    """The names of the operations that have to be written."""
    if tape.is_graph:
        return sorted({tape.opname(n) for n in range(tape.leaves, tape.size)})
    names = [name for layer in tape.layers for name in (layer.function, *layer.tail.ops)]
    return sorted(set(filter(None, names)))


def _unfit(what: str, language: Language) -> Unfit:
    expected = "expected a scenario without, or another --format"
    return Unfit(f"a script for {language.name} cannot have {quoted(what)}; {expected}")


def _head(scenario: Scenario, form: str, language: Language) -> Iterator[str]:
    yield f"# {printable(scenario.title)}"
    yield "#"
    yield f"# Written by: nnhs-tui show {printable(scenario.name)} --format {form}"
    if language.digits is not None:
        yield "# It computes by hand, as the scenario says: every result is rounded before it is"
        yield "# used again. Without r( ), and with x @ W for dot(x, W), it is an ordinary program."
    else:
        yield "# It computes in doubles: nnhs-tui trace with --arithmetic exact shows the same."
    yield ""
    yield from language.imports
    yield ""
    yield ""


def _helpers(language: Language, parts: Parts, operations: list[str]) -> Iterator[str]:
    if language.digits is not None:
        unit = f"{10**-language.digits:.{language.digits}f}"
        yield "@np.vectorize"
        yield "def r(number):"
        yield f'    """Rounded as on paper: half away from zero, to {unit}."""'
        yield f'    exact = Decimal(f"{{number:.14g}}").quantize(Decimal("{unit}"), ROUND_HALF_UP)'
        yield "    return float(exact)"
        yield ""
        yield ""
        if not parts.is_graph:
            yield "def dot(x, W):"
            yield '    """x @ W, where every product is rounded."""'
            yield "    return r(x[:, None] * W).sum(axis=0)"
            yield ""
            yield ""
    for helper in dict.fromkeys(language.helper(SPELLINGS[name]) for name in operations):
        if helper:
            yield from (*helper.strip().splitlines(), "", "")
    if parts.needs_softmax and not language.finds_gradients:
        yield from _softmax(language)
    where = ("where, ", "{where}") if language.tells_where else ("", "")
    yield f"def show({where[0]}numbers):"
    yield "    for name, value in numbers.items():"
    if language.finds_gradients:
        yield "        value = 0.0 if value is None else value.tolist()"
        yield f'        print(f"{where[1]}{{name}} = {{value}}")'
    else:
        yield f'        print(f"{where[1]}{{name}} = {{np.asarray(value).tolist()}}")'
    yield ""
    yield ""


def _softmax(language: Language) -> Iterator[str]:
    yield "def softmax(z):"
    if language.digits is None:
        yield "    e = np.exp(z - z.max())  # the largest taken off: no exp is too large"
        yield "    return e / e.sum()"
    else:
        yield "    if z.max() > np.log(1e12) or not r(np.exp(z)).any():"
        yield "        z = z - z.max()"
        yield "    e = r(np.exp(z))"
        yield "    return r(e / e.sum())"
    yield ""
    yield ""


def _rounds(scenario: Scenario, language: Language, parts: Parts) -> Iterator[str]:
    """The loop over rounds and samples, and the updates."""
    count = len(scenario.samples)
    size = min(scenario.update or count, count)
    in_round = "round {number}: " if scenario.rounds > 1 else ""
    in_sample = f"{in_round}sample {{sample}}: " if count > 1 else in_round
    in_update = f"{in_round}update {{update}}: " if size < count else in_round
    yield "for number in range(1, rounds + 1):"
    if count > 1:
        yield from indented(_begun(parts))
        yield from indented(["round_loss = 0.0"] if parts.has_loss else [])
        inner = parts.of_sample if parts.of_sample.startswith("(") else f"({parts.of_sample})"
        yield f"    for sample, {inner} in enumerate(samples, 1):"
    else:
        yield f"    for {parts.of_sample} in samples:"
    yield from indented([*_where(in_sample, language), *parts.sample], 2)
    if count > 1:
        yield from indented(_joining(language, parts), 2)
    changes = [*_where(in_update, language)]
    if count > 1:
        changes += _joined(scenario, language, parts, size)
    changes += update(scenario.optimizer, language, parts)
    if size < count:
        is_due = f"sample % {size} == 0 or sample == {count}" if size > 1 else "True"
        yield from indented([f"update = (sample - 1) // {size} + 1"], 2)
        yield from indented([f"if {is_due}:", *indented([*changes, *_begun(parts)])], 2)
        changes = _where(in_round, language)
    yield ""
    if count > 1 and parts.has_loss:
        divisor = scenario.reduction.divisor(count)
        loss = language.rounded(f"round_loss / {divisor}") if divisor != 1 else "round_loss"
        changes += [*_where(in_round, language), *shown(language, [("loss", loss)])]
    yield from indented(changes)


def _where(text: str, language: Language) -> Lines:
    """Says what the numbers that are printed next are of; `text` has names in braces."""
    if not language.tells_where:
        return []
    return [f"where = f{text!r}" if "{" in text else f"where = {text!r}"]


def _begun(parts: Parts) -> Lines:
    """The sums of the gradients, before the first sample."""
    return [f"{each.total} = 0.0" for each in parts.trained]


def _joining(language: Language, parts: Parts) -> Lines:
    """The gradients of one sample, and its loss, added to those before it."""
    lines: Lines = ["# The gradients of the samples add up."]
    lines += [f"{each.total} = {each.total} + {each.gradient}" for each in parts.trained]
    if parts.has_loss:
        loss = "loss.detach()" if language.finds_gradients else "loss"
        lines.append(f"round_loss = round_loss + {loss}")
    return lines


def _joined(scenario: Scenario, language: Language, parts: Parts, size: int) -> Lines:
    """The gradients that the update uses, of so many samples or, at the end, of the rest."""
    count = len(scenario.samples)
    divisor, last = (scenario.reduction.divisor(n) for n in (size, count % size or size))
    over, lines = str(divisor), list[str]()
    if last != divisor:
        over = "divisor"
        lines.append(f"divisor = {last} if sample == {count} else {divisor}")
    for each in parts.trained:
        reduced = language.rounded(f"{each.total} / {over}") if over != "1" else each.total
        lines.append(f"{each.gradient} = {reduced}")
    return lines + shown(
        language, [(f"grad {each.quantity}", each.gradient) for each in parts.trained]
    )
