"""`trace`: every step of a run as text, or as JSON in the schema `nnhs-trace/1` (docs/cli.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnhs_tui.autodiff.matrices import nested
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import printable
from nnhs_tui.labels import ARITHMETIC, LEVEL, PHASE, counted
from nnhs_tui.present.panes.level_steps import LevelStep, level_steps
from nnhs_tui.present.text.data_told import data_told
from nnhs_tui.present.text.notation import objective, shown_value
from nnhs_tui.training.round import Round

SCHEMA = "nnhs-trace/1"


def trace_json(session: Session, level: str, rounds: int) -> dict[str, Any]:
    """The whole run as plain lists, numbers and strings.

    Raises:
        ComputationError: a round overflows.
    """
    return {
        "schema": SCHEMA,
        "scenario": session.scenario.name,
        "title": session.scenario.title,
        "arithmetic": session.arithmetic_name,
        "digits": session.digits,
        "level": level,
        "rounds": [_round_json(session, number, level) for number in range(rounds)],
    }


def _round_json(session: Session, number: int, level: str) -> dict[str, Any]:
    run, tape = session.run, session.tape
    round_ = run.round(number)
    samples = []
    for place in range(len(run.samples)):
        record = run.record(number, place)
        samples.append(
            {
                "sample": place + 1,
                "values": _values(tape, session.names, record),
                "gradients": _gradients(tape, session.names, record),
            }
        )
    steps = [
        {
            "n": n,
            "sample": step.sample,
            **({} if step.update is None else {"update": step.update}),
            "phase": step.phase,
            "name": step.name,
            "formula": step.formula,
            "numbers": f"{step.numbers}; {step.running}" if step.running else step.numbers,
            "value": plain_number(step.value),
            "shown": shown_value(step.value, session.digits),
        }
        for n, step in enumerate(level_steps(scene_of_round(session, number), level), 1)
    ]
    updates = run.updates(number)
    listed = [
        {"after_sample": run.groups.samples_of(place)[-1] + 1, **_update_json(tape, each)}
        for place, each in enumerate(updates)
    ]
    last = _update_json(tape, round_)
    return {
        "round": number + 1,
        "loss": plain_number(round_.loss),
        "samples": samples,
        "steps": steps,
        **last,
        "before": parameter_block(tape, updates[0].before),
        **({"updates": listed} if session.scenario.update is not None else {}),
    }


def _update_json(tape: Tape, made: Round) -> dict[str, Any]:
    """What an update uses, its parameters before and after, and what its rule keeps after it."""
    keeps = zip(tape.scenario.optimizer.keeps, made.state_after, strict=True)
    state = {name: parameter_block(tape, array) for name, array in keeps}
    return {
        "accumulated": parameter_block(tape, made.accumulated),
        "before": parameter_block(tape, made.before),
        "after": parameter_block(tape, made.after),
        **({"state": state} if state else {}),
    }


def scene_of_round(session: Session, number: int) -> Scene:
    """A round (from 0) of a session's run, at its first step."""
    run = session.run
    return Scene(session.scenario, run, session.names, number, len(run), 0, session.digits)


def plain_number(value: Any) -> Any:
    """Numbers as JSON has them: doubles round-trip, decimals as they stand, −0 as 0."""
    if value is None:
        return None
    if isinstance(value, list):
        return [plain_number(each) for each in value]
    return float(value) + 0.0


def _values(tape: Tape, names: Names, record: Record) -> dict[str, Any]:
    value = record.value
    if tape.is_graph:
        return _by_name(tape, names, value)
    block: dict[str, Any] = {"x": plain_number(value[tape.x.start : tape.x.stop].tolist())}
    if tape.loss is not None:
        block["t"] = plain_number(value[tape.t.start : tape.t.stop].tolist())
    for layer in tape.layers:
        for letter, ids in _letters(layer).items():
            block[f"{layer.name}.{letter}"] = plain_number(value[ids].tolist())
    if tape.loss is not None:
        block["loss"] = plain_number(record.loss)
    return block


def _gradients(tape: Tape, names: Names, record: Record) -> dict[str, Any]:
    gradient = record.gradient
    if tape.is_graph:
        return _by_name(tape, names, gradient)
    block: dict[str, Any] = {}
    for layer in reversed(tape.layers):
        ids = _letters(layer)
        if tape.loss is not None and tape.loss.fused and layer is tape.layers[-1]:
            del ids["a"]
        for letter in reversed(ids):
            block[f"{layer.name}.{letter}"] = plain_number(gradient[ids[letter]].tolist())
        block |= parameter_block(tape, gradient, layer)
    block["x"] = plain_number(gradient[tape.x.start : tape.x.stop].tolist())
    return block


def _letters(layer: LayerBlock) -> dict[str, list[int]]:
    """The ids of a layer's vectors by their letter, in order of evaluation."""
    neurons = range(layer.m)
    ids = {"z": [layer.z(j) for j in neurons]}
    ids |= {
        letter: [layer.z(j) + place for j in neurons]
        for place, letter in enumerate(layer.tail.letters, 1)
    }
    ids["a"] = [layer.a(j) for j in neurons]
    return ids


def _by_name(tape: Tape, names: Names, array: np.ndarray) -> dict[str, Any]:
    """A graph's inputs, parameters and nodes: numbers, rows and matrices."""
    named = ((names.name(node), plain_number(array[node])) for node in range(tape.size))
    found = ((name, value) for name, value in named if name)
    return nested(found) if tape.has_matrices else dict(found)


def parameter_block(
    tape: Tape, array: np.ndarray, only: LayerBlock | None = None
) -> dict[str, Any]:
    """Parameters by name: matrices as lists of rows, biases as lists; of a graph as they are."""
    if tape.is_graph:
        own = range(tape.parameters)
        return nested((tape.leaf_names[node], plain_number(array[node])) for node in own)
    block: dict[str, Any] = {}
    for layer in tape.layers if only is None else (only,):
        block[f"{layer.name}.W"] = plain_number(layer.matrix(array).tolist())
        if layer.bias is not None:
            block[f"{layer.name}.b"] = plain_number(layer.vector(array).tolist())
    return block


def trace_text(session: Session, level: str, rounds: int) -> Iterator[str]:
    """The run as lines of text. The first is the title; no line is wrapped."""
    scenario = session.scenario
    yield printable(scenario.title)
    carried = counted(session.digits, "decimal")
    yield f"{ARITHMETIC[session.arithmetic_name]} arithmetic, {carried}, level {LEVEL[level]}"
    yield from map(printable, data_told(scenario, session.digits))
    for number in range(rounds):
        round_ = session.run.round(number)
        scene = scene_of_round(session, number)
        heading: tuple[Any, ...] = ()
        for n, step in enumerate(level_steps(scene, level), 1):
            if (step.sample, step.update, step.phase) != heading:
                heading = (step.sample, step.update, step.phase)
                yield ""
                yield printable(_heading(session, scene, step))
            yield printable(_line(n, step, level, session.digits))
            if more := step.more():
                yield printable(f"{'':{BEFORE}}{more}")
        if round_.loss is not None:
            yield ""
            yield f"loss of round {number + 1}: {shown_value(round_.loss, session.digits)}"


BEFORE = 41
"""Columns before the formula of a step."""


def _line(n: int, step: LevelStep, level: str, digits: int) -> str:
    """`  12  grad w   ∂L/∂w = ∂L/∂p · x = 0.10 · 2.00 = 0.20`, saying nothing twice."""
    parts = [step.formula, step.numbers]
    if level == "node":
        text = " = ".join(parts)
        if parts[-1] != (value := shown_value(step.value, digits)):
            text += f" {step.equals} {value}"
    else:
        # Above the nodes a formula may hold several equations, so their numbers stand apart.
        text = ":  ".join(parts)
    running = f"    sum so far: {step.running}" if step.running else ""
    return f"{n:>5}  {step.name:<32}  {text}{running}"


def _heading(session: Session, scene: Scene, step: LevelStep) -> str:
    sample, phase = step.sample, step.phase
    which = f", sample {sample}" if sample is not None and len(session.run.samples) > 1 else ""
    given = ""
    if phase == BACKWARD and session.tape.loss is None and sample is not None:
        record = session.run.record(scene.round_number, sample - 1)
        arriving = []
        for node in session.tape.outputs.tolist():
            symbol = f"∂{objective(scene)}/∂{session.names.symbol(node)}"
            arriving.append(f"{symbol} = {scene.show(record.gradient[node])}")
        given = f" (given: {', '.join(arriving)})"
    which += f", update {step.update}" if step.update is not None else ""
    return f"round {scene.round_number + 1}{which}: {PHASE[phase]}{given}"
