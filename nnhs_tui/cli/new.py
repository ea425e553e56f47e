"""`new`: writes a scenario to begin with, with remarks in it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nnhs_tui.cli.common import FINE, complain, has_terminal, in_file
from nnhs_tui.cli.placing import refused, unwritable
from nnhs_tui.errors import ComputationError, Refusal, printable
from nnhs_tui.operations.table import activations
from nnhs_tui.scenario.reading.limits import MAX_FILE_BYTES
from nnhs_tui.scenario.writing import write_whole
from nnhs_tui.training.drafting import Draft, ask_for, read_sizes, write_draft

_DRAWN = {"layers": "--layers", "bias": "--bias", "seed": "--seed"}
"""Options of a net that is made up."""
_UNTOLD = activations()[0]
"""The activation of a net whose file tells none."""
_OF_WEIGHTS = {"rows": "--rows", "order": "--order"}


def new(options: argparse.Namespace) -> int:
    """Write a scenario by the options; at a terminal, without any, ask a few questions."""
    path = None if options.file is None else _place(options.file)
    if options.weights is not None:
        text = _of_weights(options)
    else:
        _expect_none(options, _OF_WEIGHTS, "expected it with --weights")
        draft = _draft(options)
        if draft == Draft() and has_terminal():
            draft = ask_for(draft, _ask)
        text = write_draft(draft)
    if path is None:
        sys.stdout.write(text)
        return FINE
    try:
        write_whole(path, text)
    except OSError as error:
        raise unwritable(options.file, error) from error
    print(printable(f"{path}: nnhs-tui run {path} opens it, and F5 loads it again"))
    return FINE


def _of_weights(options: argparse.Namespace) -> str:
    """The text of a scenario with the weights of a file, which was found to be one that works.

    Raises:
        NnhsError: the weights cannot be taken, or not be computed with.
    """
    from nnhs_tui.exchange.weights.reading import read_net
    from nnhs_tui.scenario.loading import from_text
    from nnhs_tui.training.first_round import check_first_round

    _expect_none(options, _DRAWN, "with --weights the net is that of the file")
    net = read_net(options.weights, options.rows, _split(options.order))
    draft = Draft(
        sizes=net.sizes,
        activation=_split(options.activation) or net.activations or (_UNTOLD,),
        loss=options.loss or Draft.loss,
        title=options.title or f"The net of {printable(Path(options.weights).name)}",
        arithmetic=options.arithmetic or "exact",
        digits=Draft.digits if options.digits is None else options.digits,
        samples=options.samples or Draft.samples,
        given=net.layers,
        remarks=net.remarks,
    )
    text = write_draft(draft)
    if len(text) > MAX_FILE_BYTES:
        found = f"a net that takes {len(text) / 2**20:.1f} MiB as a scenario"
        raise refused(options.weights, found, f"expected at most {MAX_FILE_BYTES >> 20} MiB")
    try:
        check_first_round(from_text(text, options.weights))
    except (ComputationError, MemoryError) as error:
        raise in_file(options.weights, error) from error
    if not (options.activation or net.activations):
        told = f"it does not say which activations the net has; {_UNTOLD} is taken"
        complain(f"{options.weights}: {told}, --activation says others")
    return text


def _expect_none(options: argparse.Namespace, names: dict[str, str], cure: str) -> None:
    for name, option in names.items():
        if getattr(options, name) not in (None, False):
            raise Refusal(f"{option} does not go with this; {cure}")


def _split(text: str | None) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(each.strip() for each in (text or "").split(",") if each)


def _draft(options: argparse.Namespace) -> Draft:
    draft = Draft()
    return Draft(
        sizes=read_sizes(options.layers) if options.layers else draft.sizes,
        activation=_split(options.activation),
        loss=options.loss or draft.loss,
        has_bias=options.bias,
        title=options.title or "",
        arithmetic=options.arithmetic or draft.arithmetic,
        digits=draft.digits if options.digits is None else options.digits,
        samples=options.samples or draft.samples,
        seed=draft.seed if options.seed is None else options.seed,
    )


def _ask(question: str) -> str:
    """Asked on standard error: standard output may be the file."""
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise Refusal("no answer; options say the same, see nnhs-tui new --help")
    return answer


def _place(name: str) -> Path:
    """Where it goes.

    Raises:
        ScenarioError: something is there already, or it is no name for a scenario.
    """
    path = Path(name)
    if not name.lower().endswith(".toml"):
        raise refused(name, "a scenario's name ends in .toml", "expected such a name")
    try:
        is_there = path.exists() or path.is_symlink()
    except (OSError, ValueError) as error:
        raise unwritable(name, error) from error
    if is_there:
        raise refused(name, "it is there already", "expected another name")
    return path
