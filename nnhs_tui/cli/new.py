"""`new`: writes a scenario to begin with, with remarks in it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nnhs_tui.cli.common import FINE, has_terminal
from nnhs_tui.cli.placing import refused, unwritable
from nnhs_tui.errors import Refusal, printable
from nnhs_tui.scenario.writing import write_whole
from nnhs_tui.training.drafting import Draft, ask_for, read_sizes, write_draft


def new(options: argparse.Namespace) -> int:
    """Write a scenario by the options; at a terminal, without any, ask a few questions."""
    path = None if options.file is None else _place(options.file)
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


def _draft(options: argparse.Namespace) -> Draft:
    draft = Draft()
    return Draft(
        sizes=read_sizes(options.layers) if options.layers else draft.sizes,
        activation=tuple(each.strip() for each in (options.activation or "").split(",") if each),
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
