"""`docs/cli.md` says of the command line what the program keeps."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui import cli
from nnhs_tui.autodiff.differences import AGREES, DISAGREES, KINK, UNTRIED
from nnhs_tui.cli.arguments import COMMANDS, parser
from nnhs_tui.cli.common import BAD_INPUT, FINE, NOT_RIGHT
from nnhs_tui.marking.judge import VERDICTS, is_right
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.training.first_round import SOFTMAX_TRIED, TRIED
from nnhs_tui.worksheet.making import MOST_ASKED, MOST_GIVEN
from tests.cli.in_process import told
from tests.documents import blocks, code, document, headings, marked, part, rows

TEXT = document("cli.md")
OPTION = re.compile(r"--[a-z][a-z-]*")
COMMON = "Options of several commands"


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    (choices,) = (
        action.choices
        for action in parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(choices)


def options_of(command: argparse.ArgumentParser) -> dict[str, argparse.Action]:
    """Its options by name, but for --help."""
    return {
        name: action
        for action in command._actions
        for name in action.option_strings
        if name not in ("-h", "--help")
    }


PARSERS = parsers()


def usage(command: str) -> str:
    """How a command is called."""
    return blocks(part(TEXT, command))[0]


def own_options(heading: str) -> list[list[str]]:
    """The rows of the table of options under a heading; none where there is none."""
    lines = part(TEXT, heading).partition("| option |")
    return rows("".join(lines[1:]).partition("\n\n")[0]) if lines[1] else []


def test_each_command_has_a_part_and_no_other() -> None:
    assert tuple(PARSERS) == COMMANDS
    used = re.findall(r"^nnhs-tui \[?([a-z]+)", TEXT, re.M)
    assert set(used) == set(COMMANDS)
    own = [each for each in headings(TEXT) if each.islower() and " " not in each]
    assert sorted(own) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_called_with_its_options(command: str) -> None:
    found = PARSERS[command]
    assert set(OPTION.findall(usage(command))) == set(options_of(found))
    behind = [str(action.metavar) for action in found._actions if not action.option_strings]
    capitals = re.findall(
        r"(?<!-)\b[A-Z]+(?:\.csv)?\b", re.sub(r"\[--[^\]]*\]", "", usage(command))
    )
    assert list(dict.fromkeys(capitals)) == behind


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_is_explained_once_and_none_that_is_not_there(command: str) -> None:
    own = [code(row[0])[0] for row in own_options(command)]
    assert len(own) == len(set(own))
    common = {code(row[0])[0] for row in own_options(COMMON)}
    there = set(options_of(PARSERS[command]))
    assert set(own) <= there
    assert there - set(own) <= common


def test_options_of_several_commands_are_those_of_several() -> None:
    for option, _, _ in own_options(COMMON):
        assert sum(code(option)[0] in options_of(each) for each in PARSERS.values()) > 1
    before = set(options_of(parser())) - {"--version"}
    said = TEXT.partition("may stand before the command")[0].rpartition("\n")[2]
    assert set(code(said)) == before


EVERY = [(command, option) for command, each in PARSERS.items() for option in options_of(each)]


def value(command: str, option: str) -> str:
    """What is said of an option's value."""
    return {code(row[0])[0]: row[1] for row in [*own_options(COMMON), *own_options(command)]}[
        option
    ]


@pytest.mark.parametrize(("command", "option"), EVERY)
def test_what_an_option_takes(command: str, option: str) -> None:
    action, said = options_of(PARSERS[command])[option], value(command, option)
    assert bool(said) == (action.nargs != 0), "a value, or none"
    if action.choices is not None:
        assert code(said) == list(action.choices)
    ends = re.search(r"([\d.,x]*\d) to ([\d.,x]*\d)", said)
    assert (ends is not None) == (said != "" and not takes(action, "anything"))
    if ends is not None:
        least, most = (each.replace(",", "") for each in ends.groups())
        assert takes(action, least) and takes(action, most)
        assert not any(takes(action, each) for each in (*moved(least, -1), *moved(most, 1)))


def moved(end: str, way: int) -> list[str]:
    """The numbers that lie just beyond the end of a range; of a size either of the two."""
    if "x" in end:
        columns, lines = map(int, end.split("x"))
        return [f"{columns + way}x{lines}", f"{columns}x{lines + way}"]
    return [f"{float(end) + way * (0.01 if '.' in end else 1):.10g}"]


def takes(action: argparse.Action, text: str) -> bool:
    """Whether an option takes a text for its value."""
    if not callable(action.type):
        return True
    try:
        action.type(text)
    except argparse.ArgumentTypeError:
        return False
    return True


def test_the_exit_codes_are_those_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [int(row[0]) for row in rows(part(TEXT, "Exit codes"))]
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("quantity,answer\noutput.a[1],7\n", encoding="utf-8")
    found = [
        told("show", "one-to-one").code,
        told("check", "one-to-one", str(wrong)).code,
        told("check", "one-to-one", str(wrong), "nowhere.csv").code,
    ]

    def broken_off(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_action", lambda _: broken_off)
    found.append(told("list").code)
    assert said == found == [FINE, NOT_RIGHT, BAD_INPUT, 130]


def written(mark: str) -> Any:
    """The JSON that stands behind a mark."""
    (found,) = blocks(marked(TEXT, mark), "json")
    return json.loads(found)


def keys(mark: str) -> set[str]:
    """The keys in the first column of a table."""
    return {name for row in rows(marked(TEXT, mark)) for name in code(row[0])}


def printed(*arguments: str, folder: Path | None = None) -> Any:
    return json.loads(told(*arguments, folder=folder).out)


def test_the_example_of_a_trace_is_what_is_printed() -> None:
    asked = ["trace", "one-to-one", "--level", "layer", "--arithmetic", "hand", "--json"]
    assert f"`nnhs-tui {' '.join(asked)}`" in TEXT
    assert written("trace") == printed(*asked)


@pytest.mark.parametrize("name", ["one-to-one", "given-gradient", "three-samples", "chain-rule"])
def test_the_keys_of_a_trace_are_told(name: str) -> None:
    trace = printed("trace", name, "--json")
    assert set(trace) == keys("keys of a trace")
    assert f"`{trace['schema']}`" in marked(TEXT, "keys of a trace")
    for each in trace["rounds"]:
        assert set(each) == keys("keys of a round")
        (samples,) = (r[1] for r in rows(marked(TEXT, "keys of a round")) if "samples" in r[0])
        assert all(set(sample) == set(code(samples)) for sample in each["samples"])
        assert all(set(step) == keys("keys of a step") for step in each["steps"])
        phases = {step["phase"] for step in each["steps"]}
        assert all(f"`{phase}`" in marked(TEXT, "keys of a step") for phase in phases)


def test_what_the_blocks_of_a_trace_hold(tmp_path: Path) -> None:
    circuit, _, _, graph, _ = blocks(document("scenario-format.md"), "toml")
    (tmp_path / "net.toml").write_text(circuit, encoding="utf-8")
    first = printed("trace", "net.toml", "--json", folder=tmp_path)["rounds"][0]
    (said,) = re.findall(r"`values` holds .*?(?=\n- )", TEXT, re.S)
    values, rest = said.split("`gradients`")
    gradients, rest = rest.split("`accumulated`")
    assert letters(first["samples"][0]["values"]) == set(code(values)) - {"values"}
    left_out = set(code(gradients)) & {"t", "loss"}
    of_gradients = (set(code(values)) - {"values"} - left_out) | {"W", "b"}
    assert letters(first["samples"][0]["gradients"]) == of_gradients
    for block in ("accumulated", "before", "after"):
        assert letters(first[block]) == {"W", "b"} == set(code(rest)) - {"before", "after"}
    (tmp_path / "graph.toml").write_text(graph, encoding="utf-8")
    first = printed("trace", "graph.toml", "--json", folder=tmp_path)["rounds"][0]
    everything = {"x", "w", "A", "B", "C", "D", "f.1", "f"}
    assert set(first["samples"][0]["values"]) == everything
    assert set(first["samples"][0]["gradients"]) == everything
    assert set(first["after"]) == {"w"}


def letters(block: dict[str, Any]) -> set[str]:
    """The names of a block without those of the layers."""
    return {key.rpartition(".")[2] for key in block}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """The folder of the sheet that is shown."""
    (text,) = blocks(marked(TEXT, "sheet"))
    (tmp_path / "sheet.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_example_of_check_is_what_is_printed(sheet: Path) -> None:
    asked = ["check", "one-to-one", "sheet.csv", "--json"]
    assert f"`nnhs-tui {' '.join(asked)}`" in TEXT
    found = printed(*asked, folder=sheet)
    assert written("check") == found
    (of_sheet,) = found["sheets"]
    assert set(of_sheet) == keys("keys of a sheet")
    assert all(set(each) == keys("keys of an answer") for each in of_sheet["answers"])
    assert written("check summary") == printed(*asked, "--summary", folder=sheet)


def test_the_columns_are_those_that_are_printed(sheet: Path) -> None:
    answers, summary = (code(row[1]) for row in rows(marked(TEXT, "columns")))
    for columns, more in ((answers, ()), (summary, ("--summary",))):
        out = told("check", "one-to-one", "sheet.csv", "--csv", *more, folder=sheet).out
        assert next(csv.reader(io.StringIO(out.decode()))) == columns


def test_the_verdicts_count_as_they_are_said_to() -> None:
    table = rows(marked(TEXT, "verdicts").partition("\n\n")[0])
    assert [code(row[0])[0] for row in table] == list(VERDICTS)
    for row in table:
        verdict = code(row[0])[0]
        counts = "yes" if is_right(verdict, strict=True) else "yes, unless `--strict`"
        if not is_right(verdict):
            counts = "no"
        assert row[2] == counts


def test_a_list_is_of_objects_with_these_keys() -> None:
    table = part(TEXT, "list").partition("| key of such an object |")
    said = {name for row in rows("".join(table[1:])) for name in code(row[0])}
    assert all(set(each) == said for each in printed("list", "--json"))


def test_what_is_said_of_a_gradient() -> None:
    said = [code(row[0])[0] for row in rows(marked(TEXT, "gradients"))]
    assert said == [AGREES, DISAGREES, KINK, UNTRIED]


def test_how_much_is_done_at_most() -> None:
    validate, worksheet = part(TEXT, "validate"), part(TEXT, "worksheet")
    for most in (
        f"{TRIED['exact']:,} elementary nodes",
        f"{SOFTMAX_TRIED:,} local derivatives",
        f"{TRIED['hand']:,} operations, where a power\ncounts for {OPERATIONS['pow'].by_hand}.",
    ):
        assert most in validate
    assert f"At most {MOST_ASKED:,} blanks and {MOST_GIVEN:,} given numbers" in worksheet
