"""`docs/scenario-format.md` says of the format what the program keeps."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from nnhs_tui.debugger.naming.reading import read_quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ScenarioError
from nnhs_tui.operations.arithmetic import LARGEST
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.matrices.table import matrix_functions
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.operations.table import activations, functions
from nnhs_tui.operations.update_rules import UPDATE_RULES
from nnhs_tui.present.trace import trace_json
from nnhs_tui.scenario.loading import from_text
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.scenario.reading import limits
from tests.documents import blocks, code, document, marked, part, rows

TEXT = document("scenario-format.md")
NETWORK, GIVEN, DATA, GRAPH, MATRICES = blocks(TEXT, "toml")
(TABLE,) = re.findall(r"beside it:\n\n```\n(.*?)^```$", TEXT, re.M | re.S)

NET = """
title = "a net"
{top}
[network]
inputs = 2
{network}
[[network.layers]]
neurons = 1
{layer}
[[samples]]
x = [1.0, 2.0]
t = [0.5]
{sample}
[training]
{training}
[{loss}]
{ending}
"""
DEFAULT = {"loss": "loss", "ending": 'kind = "mse"'}
PLACES = {
    "Keys at the top": "top",
    "`[network]`": "network",
    "`[[network.layers]]`": "layer",
    "`init`": "init",
    "`[loss]`": "ending",
    "`[backward]`": "backward",
    "`[training]`": "training",
    "`[[samples]]`": "sample",
    "`[data]`": "data",
    "`[graph]`": "graph",
}
"""Heading of a table of keys → where in a file they stand."""
TABLES = {
    heading: rows(part(TEXT, heading).partition("<!--")[0].partition("\n```")[0])
    for heading in PLACES
}


def with_line(place: str, line: str) -> str:
    """A file with one more line in one of its tables."""
    if place == "graph":
        return f'title = "g"\n[graph]\n{line}\n[graph.nodes]\nA = "1"\n'
    fields = dict.fromkeys(("top", "network", "layer", "sample", "training"), "") | DEFAULT
    if place == "data":
        listed = NET[NET.index("[[samples]]") : NET.index("[training]")]
        written = dict(each.split(" = ") for each in (line,) if each)
        text = NET.replace(listed, "").format_map(fields)
        given = {"file": '"a.csv"', "inputs": '["a", "b"]', "targets": '["t"]'} | written
        return text + "[data]\n" + "\n".join(f"{key} = {each}" for key, each in given.items())
    if place == "init":
        fields["layer"] = f"init = {{ {line} }}"
    elif place == "backward":
        fields |= {"loss": "backward", "ending": line}
    elif place == "ending":
        fields["ending"] += f"\n{line}"
    else:
        fields[place] = line
    return NET.format_map(fields)


def read(text: str) -> Scenario:
    return from_text(text, "a.toml", beside="a,b,t\n1,2,0.5\n")


@pytest.mark.parametrize("heading", PLACES)
def test_the_keys_are_those_that_the_program_accepts(heading: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        read(with_line(PLACES[heading], "qqqq = 1"))
    (fault,) = (each for each in refused.value.faults if each.found == "unknown key")
    accepted = fault.expected.removeprefix("expected one of ").split(", ")
    named = [name for row in TABLES[heading] for name in code(row[0])]
    assert named == list(dict.fromkeys(named))
    assert sorted(named) == sorted(accepted)


DEFAULTS = [
    (PLACES[heading], *code(key), *code(default))
    for heading, table in TABLES.items()
    for key, _, default in table
    if re.fullmatch("`[^`]+`", default)
]
"""Place, key and default of each key whose default is a value."""


@pytest.mark.parametrize(("place", "key", "default"), DEFAULTS)
def test_a_default_that_is_written_changes_nothing(place: str, key: str, default: str) -> None:
    try:
        tomllib.loads(f"{key} = {default}")
    except tomllib.TOMLDecodeError:
        default = f'"{default}"'
    assert read(with_line(place, f"{key} = {default}")) == read(with_line(place, ""))


def test_defaults_are_looked_at() -> None:
    assert {key for _, key, _ in DEFAULTS} >= {
        *("digits", "arithmetic", "level", "sigmoid", "init", "kind", "scale", "seed"),
        *("bias", "activation", "learning_rate", "rounds", "reduction", "frozen"),
        *("onehot", "scale"),
    }


WORDS: dict[tuple[str, str], Mapping[str, Any] | tuple[str, ...]] = {
    ("Keys at the top", "arithmetic"): limits.ARITHMETICS,
    ("Keys at the top", "level"): limits.LEVELS,
    ("Keys at the top", "sigmoid"): limits.SIGMOIDS,
    ("`[training]`", "optimizer"): UPDATE_RULES,
    ("`[training]`", "reduction"): REDUCTIONS,
}


@pytest.mark.parametrize(("heading", "key"), WORDS)
def test_the_words_of_a_key_are_all_there(heading: str, key: str) -> None:
    (may_be,) = (row[1] for row in TABLES[heading] if code(row[0]) == [key])
    assert re.findall(r'`"(\w+)"`', may_be) and set(re.findall(r'`"(\w+)"`', may_be)) == set(
        WORDS[heading, key]
    )


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("kinds of init", lambda: limits.INITS),
        ("activations", activations),
        ("losses", lambda: tuple(LOSSES)),
        ("scales", lambda: limits.SCALES),
        ("functions", functions),
    ],
)
def test_each_row_of_the_program_s_tables_has_one(mark: str, words: Any) -> None:
    table = rows(marked(TEXT, mark).partition("\n\n")[0])
    assert [name for row in table for name in code(row[0])] == list(words())


def test_targets_are_those_that_the_losses_take() -> None:
    table = rows(marked(TEXT, "losses").partition("\n\n")[0])
    said = {code(row[0])[0]: row[3] for row in table}
    told = {
        name: loss.targets.value.replace("any numbers", "any").replace("and 1", "1")
        for name, loss in LOSSES.items()
    }
    assert said == told


LIMITS = {
    "the file": f"{limits.MAX_FILE_BYTES >> 20} MiB",
    "tables, keys that hold a list or a table, and parts of keys with dots": (
        f"{limits.MAX_TABLES:,} together"
    ),
    "keys of one table, names of a graph's inputs and parameters not counted": limits.MAX_KEYS,
    "keys of the whole file": limits.MAX_FILE_KEYS,
    "names in a key with dots": limits.MAX_CHAIN,
    "digits of a number": limits.MAX_NUMBER,
    "digits of a whole number": sys.int_info.default_max_str_digits,
    "layers": limits.MAX_LAYERS,
    "parameters": limits.MAX_PARAMETERS,
    "neurons of a softmax": limits.MAX_SOFTMAX,
    "a data file": f"{limits.MAX_FILE_BYTES >> 20} MiB",
    "samples": limits.MAX_SAMPLES,
    "words of a column with `onehot`": limits.MAX_WORDS,
    "samples times parameters": limits.MAX_SAMPLE_PARAMETERS,
    "named nodes of a graph": limits.MAX_NODES,
    "its elementary nodes, one for each operation (a sigmoid as a circuit is four); likewise "
    "those of all formulas in z of a network, in all neurons": (limits.MAX_ELEMENTARY),
    "rounds": limits.MAX_ROUNDS,
    "`digits`": limits.MAX_DIGITS,
    "characters of an expression": limits.MAX_EXPRESSION,
    "brackets, signs and powers of an expression in one another": limits.MAX_NESTING,
    "faults that are listed": limits.MAX_FAULTS,
}


def test_the_limits_are_those_of_the_program() -> None:
    table = rows(marked(TEXT, "limits").partition("\n\n")[0])
    told = {key: f"{most:,}" if isinstance(most, int) else most for key, most in LIMITS.items()}
    assert {what: most for what, most in table} == told
    # One that is new has no row yet.
    assert sum(name.startswith("MAX_") for name in vars(limits)) == len(LIMITS) - 1
    (place,) = (row[1] for row in TABLES["Keys at the top"] if code(row[0]) == ["place"])
    assert place.startswith(f"0 to {limits.MAX_PLACE:,}:")
    (part,) = (row[1] for row in TABLES["Keys at the top"] if code(row[0]) == ["part"])
    assert f"1 to {limits.PARTS}:" in part
    (digits,) = (row[1] for row in TABLES["Keys at the top"] if code(row[0]) == ["digits"])
    assert digits.startswith(f"0 to {limits.MAX_DIGITS}:")
    assert LARGEST == 10**12 and "more than 10¹² in size is an overflow" in TEXT


@pytest.mark.parametrize("example", [NETWORK, GIVEN, GRAPH, MATRICES])
def test_the_examples_are_scenarios(example: str) -> None:
    from_text(example, "a.toml")


def test_the_example_of_a_data_file_is_one() -> None:
    found = from_text(DATA, "a.toml", beside=TABLE)
    assert [each.t for each in found.samples] == [(1, 0), (0, 1), (1, 0)]
    lengths = np.array([10.5, 5.1, 12.0])
    assert [float(each.x[0]) for each in found.samples] == pytest.approx(
        (lengths - lengths.mean()) / lengths.std()
    )


@pytest.mark.parametrize(("mark", "example"), [("network", NETWORK), ("graph", GRAPH)])
def test_the_names_of_quantities_name_one(mark: str, example: str) -> None:
    session = Session(from_text(example, "a.toml"))
    names = [
        name for row in rows(marked(TEXT, f"quantities of the {mark}")) for name in code(row[1])
    ]
    assert len(names) > 8
    for name in names:
        read_quantity(session.names, session.schedule, name)


def test_the_example_by_hand_comes_out() -> None:
    scenario = from_text(GRAPH.replace('output = "f"', 'output = "D"'), "a.toml")
    session = Session(scenario, arithmetic="hand", digits=2)
    (sample,) = trace_json(session, "node", 1)["rounds"][0]["samples"]
    values, gradients = rows(marked(TEXT, "by hand"))
    for row, found in ((values, sample["values"]), (gradients, sample["gradients"])):
        assert row[1:] == [f"{found[name]:.2f}" for name in "ABCD"]


def test_the_fault_that_is_shown_is_told_so() -> None:
    wrong = NETWORK.replace(", [0.2, 0.7]]", "]")
    assert wrong != NETWORK
    with pytest.raises(ScenarioError) as refused:
        from_text(wrong, "my-net.toml")
    (shown,) = blocks(part(TEXT, "What is refused"))
    assert shown.strip() == f"nnhs-tui: {refused.value.faults[0]}"


def test_the_functions_of_matrices_are_all_there() -> None:
    table = TEXT.partition("<!-- matrix functions -->")[2].partition("\n\n")[0]
    cells = [row.split("|")[1] for row in table.splitlines()[3:]]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(matrix_functions())
