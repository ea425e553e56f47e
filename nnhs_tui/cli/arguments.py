"""The arguments of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from nnhs_tui import __version__
from nnhs_tui.cli.converters import port, size, speed, whole
from nnhs_tui.cli.shared_options import (
    SCENARIO,
    THEMES,
    look_options,
    number_options,
    step_options,
)
from nnhs_tui.cli.sheet_options import check_options, worksheet_options
from nnhs_tui.commands.panes import BESIDE
from nnhs_tui.scenario.reading.limits import ROWS


class UsageError(Exception):
    """Arguments that mean nothing; the message is one line."""


class Parser(argparse.ArgumentParser):
    """argparse whose errors are raised, to be told like all others."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def parser() -> Parser:
    """The parser; which command was asked for is in `command`, "pick" where none was."""
    root = Parser(
        prog="nnhs-tui",
        description="Step through the forward and backward pass of a small neural network.",
        epilog="Without a command: opens the list of scenarios. SCENARIO alone: opens it.",
    )
    root.add_argument("--version", action="version", version=f"nnhs-tui {__version__}")
    root.set_defaults(command="pick", ascii=False, theme="terminal")
    look_options(root, on_screen=True)
    commands = root.add_subparsers(metavar="COMMAND", parser_class=Parser)
    for name, told, add_options in _COMMANDS:
        command = commands.add_parser(name, help=told)
        command.set_defaults(command=name)
        add_options(command)
    return root


def _list_options(listing: argparse.ArgumentParser) -> None:
    listing.add_argument("--json", action="store_true", help="as a list of objects")
    look_options(listing)


def _show_options(show: argparse.ArgumentParser) -> None:
    show.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    told = "a program that computes the same, for NumPy or PyTorch"
    show.add_argument("--format", choices=("numpy", "torch"), help=told)


def _new_options(new: argparse.ArgumentParser) -> None:
    new.add_argument("file", metavar="FILE", nargs="?", help="a new file; else it is printed")
    told = "inputs and the neurons of each layer; else 2-2-1"
    new.add_argument("--layers", metavar="3-2-1", help=told)
    told = "take the net of an .npz, .safetensors, .pt or .keras file; see docs/exchange.md"
    new.add_argument("--weights", metavar="FILE", help=told)
    told = "with --weights: what a row of its matrices stands for; else found by names and sizes"
    new.add_argument("--rows", choices=ROWS, help=told)
    told = "with --weights: its layers in their order, with commas between them"
    new.add_argument("--order", metavar="NAMES", help=told)
    told = "one for all layers, or one for each with commas between them; else sigmoid"
    new.add_argument("--activation", metavar="NAMES", help=told)
    new.add_argument("--loss", metavar="KIND", help="else mse")
    new.add_argument("--bias", action="store_true", help="with a bias for each neuron")
    new.add_argument("--samples", type=whole(1, 100), metavar="1…100", help="how many; else one")
    new.add_argument("--title", metavar="TEXT", help="one line")
    new.add_argument(
        "--seed", type=whole(0, 999_999_999), metavar="N", help="other numbers; else those of 1"
    )
    number_options(new)


def _validate_options(validate: argparse.ArgumentParser) -> None:
    validate.add_argument("files", metavar="FILE", nargs="+")
    look_options(validate)


def _trace_options(trace: argparse.ArgumentParser) -> None:
    trace.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    form = trace.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="in the schema nnhs-trace/1")
    form.add_argument("--csv", action="store_true", help="a row a step")
    form.add_argument("--html", action="store_true", help="a page for a browser or the printer")
    form.add_argument("--latex", action="store_true", help="the worked solution as a document")
    step_options(trace)
    number_options(trace)
    look_options(trace)


def _serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("scenarios", metavar="SCENARIO", nargs="+", help=SCENARIO)
    serve.add_argument(
        "--bind", default="127.0.0.1", metavar="ADDRESS", help="else 127.0.0.1: only this computer"
    )
    told = "0: any that is free; none: not at all; else"
    serve.add_argument("--ssh-port", type=port, default=2222, metavar="N", help=f"{told} 2222")
    serve.add_argument("--web-port", type=port, default=8080, metavar="N", help=f"{told} 8080")
    who = serve.add_mutually_exclusive_group()
    who.add_argument("--code", metavar="TEXT", help="what lets people in; else one is drawn")
    who.add_argument("--open", action="store_true", help="let everyone in without a code")
    serve.add_argument(
        "--presenter",
        metavar="AUTHORIZED_KEYS",
        help="whoever has one of these keys presents, by SSH as the user presenter; else this "
        "terminal does",
    )
    serve.add_argument(
        "--results", metavar="FILE", help="keep the answers here, as CSV that check reads"
    )
    serve.add_argument(
        "--log",
        metavar="FILE",
        help="append who came to the door; else standard error, where no screen is shown",
    )
    number_options(serve)
    look_options(serve, on_screen=True)


def _resume_options(resume: argparse.ArgumentParser) -> None:
    resume.add_argument(
        "scenario",
        metavar="SCENARIO",
        nargs="?",
        help="the last one of this name, or a number or path of --list",
    )
    resume.add_argument("--list", action="store_true", help="list those that can be gone on with")
    look_options(resume, on_screen=True)


def _tour_options(tour: argparse.ArgumentParser) -> None:
    told = "its name or number in --list, or the path of a .toml file; else the next open one"
    tour.add_argument("lesson", metavar="LESSON", nargs="?", help=told)
    what = tour.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list the lessons, and what is done")
    what.add_argument("--print", action="store_true", help="print them as a handout")
    tour.add_argument("--json", action="store_true", help="with --list: as a list of objects")
    tour.add_argument(
        "--format", choices=("md", "html"), metavar="FORMAT", help="with --print: md (else) or html"
    )
    tour.add_argument("--key", action="store_true", help="with --print: with the answers")
    look_options(tour, on_screen=True)


def _notes_options(notes: argparse.ArgumentParser) -> None:
    notes.add_argument("scenario", metavar="SCENARIO", nargs="?", help="of this one's presentation")
    notes.add_argument("--print", action="store_true", help="print them, and go")
    look_options(notes, on_screen=True)


def _gradcheck_options(gradcheck: argparse.ArgumentParser) -> None:
    gradcheck.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    look_options(gradcheck)


def _keys_options(keys: argparse.ArgumentParser) -> None:
    keys.add_argument("--toml", action="store_true", help="as a file to change, see docs/keys.md")
    look_options(keys)


def _run_options(run: argparse.ArgumentParser) -> None:
    run.add_argument("scenarios", metavar="SCENARIO", nargs="+", help=SCENARIO)
    run.add_argument(
        "--kiosk",
        action="store_true",
        help="for an account of a class: only these scenarios, no other file is read and none "
        "written, and only quit leads out; see docs/ssh.md",
    )
    run.add_argument("--replay", metavar="FILE", help="carry out the commands in FILE, one a line")
    how = run.add_mutually_exclusive_group()
    how.add_argument("--speed", type=speed, metavar="N", help="N lines of the replay a second")
    how.add_argument("--stepwise", action="store_true", help="a line of the replay at each .")
    run.add_argument("--record", metavar="FILE", help="write the commands of the session to FILE")
    run.add_argument("--cast", metavar="FILE", help="record the screen to FILE, for asciinema")
    run.add_argument(
        "--fresh",
        action="store_true",
        help="begin at the start, not where one was, and without the first card",
    )
    run.add_argument("--present", action="store_true", help="in large type, for an audience")
    run.add_argument("--panes", metavar="NAMES", help=f"with --present: {', '.join(BESIDE)}")
    number_options(run)
    look_options(run, on_screen=True)
    run.set_defaults(rounds=None, level=None, json=False, csv=False, html=False, latex=False)


def _picture_options(picture: argparse.ArgumentParser) -> None:
    picture.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    picture.add_argument("--output", metavar="FILE.svg", help="write to a file")
    # What is to be done is carried out in the order in which it is asked for.
    orders: dict[str, Any] = {"dest": "orders", "default": []}
    picture.add_argument(
        "--at",
        metavar="STEP|QUANTITY",
        action="append",
        type=lambda text: (f"goto {text}", f"--at {text}"),
        help="go to this step",
        **orders,
    )
    picture.add_argument(
        "--run",
        metavar="COMMAND",
        action="append",
        type=lambda text: (text, f"--run {text}"),
        help="carry out a command, such as zoom; can be given more than once",
        **orders,
    )
    picture.add_argument(
        "--present",
        action="append_const",
        const=("present", "--present"),
        help="in large type",
        **orders,
    )
    told = "the net alone, as circles and lines with the weights on them"
    picture.add_argument("--net", action="store_true", help=told)
    picture.add_argument(
        "--size", metavar="COLUMNSxROWS", type=size, default=(100, 30), help="else 100x30"
    )
    picture.add_argument(
        "--theme", choices=THEMES[1:], default=argparse.SUPPRESS, help="the colours; else light"
    )
    number_options(picture)


def _boundary_options(boundary: argparse.ArgumentParser) -> None:
    kinds = ("circle", "moons", "spiral", "xor", "linear")
    boundary.add_argument("--points", choices=kinds, default="circle", help="else circle")
    boundary.add_argument(
        "--hidden", type=whole(1, 16), default=6, metavar="1…16", help="hidden units; else 6"
    )
    boundary.add_argument(
        "--activation", choices=("tanh", "relu", "sigmoid"), default="tanh", help="else tanh"
    )
    boundary.add_argument("--three", action="store_true", help="6 tanh, 2 tanh and 6 relu together")
    boundary.add_argument(
        "--count", type=whole(2, 1000), default=200, metavar="2…1000", help="points; else 200"
    )
    told = "of points and weights; else 0"
    boundary.add_argument("--seed", type=whole(0, 999_999_999), default=0, metavar="N", help=told)
    told = "updates before it is shown; else none"
    boundary.add_argument("--epochs", type=whole(0, 100_000), default=0, metavar="N", help=told)
    boundary.add_argument("--svg", metavar="FILE.svg", help="write a picture; - prints it")
    look_options(boundary, on_screen=True)


def _page_options(page: argparse.ArgumentParser) -> None:
    page.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    page.add_argument("--output", metavar="FILE.html", help="write to a file")
    step_options(page)
    number_options(page)


_COMMANDS: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("run", "open the step-debugger", _run_options),
    ("list", "list the scenarios", _list_options),
    ("show", "print a scenario's file, to copy and change", _show_options),
    ("new", "write a scenario to begin with", _new_options),
    ("validate", "check scenario files", _validate_options),
    ("trace", "print every step", _trace_options),
    ("picture", "draw a step for a slide, as SVG", _picture_options),
    ("page", "write all steps as one HTML file, for a browser", _page_options),
    ("boundary", "watch a net tell two classes of points apart", _boundary_options),
    ("worksheet", "print a sheet to fill in by hand", worksheet_options),
    ("check", "mark filled-in answer sheets", check_options),
    ("tour", "go through the lessons, from where you were", _tour_options),
    ("serve", "let a class follow and answer, by SSH and in the browser", _serve_options),
    ("resume", "go on with a self-test that was left", _resume_options),
    ("notes", "show a presentation's speaker's notes", _notes_options),
    ("gradcheck", "check every gradient numerically", _gradcheck_options),
    ("keys", "list the keys of all commands", _keys_options),
)
"""Every command with what its help says and what adds its options."""
COMMANDS = tuple(name for name, _, _ in _COMMANDS)
