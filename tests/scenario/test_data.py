"""Samples from a table beside the scenario: what is read, refused, and written in line."""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.passes import Samples
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Fault, ScenarioError
from nnhs_tui.operations.arithmetic import Exact, Hand
from nnhs_tui.present.pages.about import about_page
from nnhs_tui.present.text.data_told import data_told
from nnhs_tui.present.trace import trace_text
from nnhs_tui.scenario.in_line import in_line
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.scenario.reading import limits
from nnhs_tui.training.variants import variant
from tests.hostile import ONE_LINE, is_refused

FILE = """title = "T"  # of irises

[data]
file = "a.csv"
inputs = ["petal length", "width"]
targets = ["kind"]
onehot = true
{more}

# The net.
[network]
inputs = ["l", "w"]
[[network.layers]]
weights = [[0.5, -0.3], [0.8, 0.2]]
activation = "softmax"
[loss]
kind = "cross_entropy"
"""
TABLE = """kind,petal length,width,of
wild,1.40,0.2,x
tame,4.7,-1.4,
wild,1.50,.5,y
"""
PLAIN = (
    FILE.replace("onehot = true\n", "")
    .replace('"kind"]', '"t"]')
    .replace('inputs = ["petal length", "width"]', 'inputs = ["a", "b"]')
    .replace("[[0.5, -0.3], [0.8, 0.2]]", "[[0.5], [0.8]]")
    .replace("softmax", "sigmoid")
    .replace("cross_entropy", "bce")
)


def written(folder: Path, table: str | bytes = TABLE, more: str = "", file: str = FILE) -> Path:
    (folder / "a.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    path = folder / "a.toml"
    path.write_text(file.replace("{more}", more), encoding="utf-8")
    return path


def loaded(folder: Path, table: str | bytes = TABLE, more: str = "", file: str = FILE) -> Scenario:
    return load(written(folder, table, more, file))


def faults(
    folder: Path, table: str | bytes = TABLE, more: str = "", file: str = FILE
) -> list[Fault]:
    with pytest.raises(ScenarioError) as refused:
        loaded(folder, table, more, file)
    return list(refused.value.faults)


def told(folder: Path, *arguments: str, **named: str) -> list[str]:
    """The faults, without the folder."""
    return [str(each).replace(f"{folder}/", "") for each in faults(folder, *arguments, **named)]


def leaves(scenario: Scenario, arithmetic: Exact | Hand) -> list[list[float | Decimal]]:
    return [each.leaves.tolist() for each in Samples(compile_tape(scenario), arithmetic)]


# What is read.


def test_a_row_is_a_sample_each_number_as_it_is_written(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert [each.x for each in found.samples] == [
        (Decimal("1.40"), Decimal("0.2")),
        (Decimal("4.7"), Decimal("-1.4")),
        (Decimal("1.50"), Decimal("0.5")),
    ]
    assert str(found.samples[0].x[0]) == "1.40"
    assert [each.t for each in found.samples] == [(1, 0), (0, 1), (1, 0)]
    assert found.data is not None and found.data.words == ("wild", "tame")
    assert len(loaded(tmp_path, more="first = 2").samples) == 2
    numbers = loaded(tmp_path, "t,b,a\n0.25,1,2\n1,3,4\n", file=PLAIN)
    assert [(each.x, each.t) for each in numbers.samples] == [
        ((2, 1), (Decimal("0.25"),)),
        ((4, 3), (1,)),
    ]


@pytest.mark.parametrize(
    "table",
    [
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace(",", ";").replace(".", ",").encode(),
        TABLE.replace(",", "\t").encode(),
        b"sep=;\n" + TABLE.replace(",", ";").encode(),
        b"\n" + TABLE.replace("\n", "\n\n").encode() + b",,,\n",
        TABLE.replace("\n", ",,\n").encode(),
        TABLE.replace("petal length", '"petal length"').replace("1.40", '"1.40"').encode(),
        TABLE.replace("-1.4", " −1.4 ").encode(),
    ],
)
def test_tables_are_read_as_programs_save_them(tmp_path: Path, table: bytes) -> None:
    assert loaded(tmp_path, table).samples == loaded(tmp_path).samples


COLUMNS = st.lists(
    st.tuples(*[st.decimals(-1000, 1000, places=3, allow_nan=False)] * 2), min_size=2, max_size=30
).filter(lambda rows: all(len(set(column)) > 1 for column in zip(*rows, strict=True)))


@given(COLUMNS, st.sampled_from(["standard", "unit"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_scaling_is_that_of_numpy(
    tmp_path: Path, rows: list[tuple[Decimal, Decimal]], scale: str
) -> None:
    table = "t,a,b\n" + "".join(f"0.5,{a},{b}\n" for a, b in rows)
    found = loaded(tmp_path, table, f'scale = "{scale}"', PLAIN)
    x = np.array(rows, float)
    off, by = (
        (x.mean(axis=0), x.std(axis=0))
        if scale == "standard"
        else (x.min(axis=0), np.ptp(x, axis=0))
    )
    assert np.array([each.x for each in found.samples], float) == pytest.approx(
        (x - off) / by, rel=1e-9, abs=1e-9
    )
    assert found.data is not None
    assert [float(each.off) for each in found.data.scaled] == pytest.approx(off, abs=1e-9)
    assert [float(each.by) for each in found.data.scaled] == pytest.approx(by, rel=1e-9)


def test_scaling_is_over_the_rows_that_are_used(tmp_path: Path) -> None:
    found = loaded(tmp_path, TABLE + "wild,1000,1000,\n", 'first = 3\nscale = "unit"')
    assert [each.x[0] for each in found.samples][:2] == [0, 1]


def test_by_hand_what_was_scaled_is_rounded_first_half_away_from_zero(tmp_path: Path) -> None:
    """2.285 from 2 to 3 is 0.285: rounded it is 0.29, though no double holds it."""
    table = "t,a,b\n0,2,0\n1,3,1\n0.5,2.285,0.125\n"
    found = loaded(tmp_path, table, 'scale = "unit"', PLAIN)
    assert leaves(found, Hand(2))[2] == [Decimal("0.29"), Decimal("0.13"), Decimal("0.5")]
    assert leaves(found, Exact(2))[2] == [0.285, 0.125, 0.5]
    # Numbers that are used as they are are not rounded, like those of a scenario.
    unscaled = loaded(tmp_path, table, file=PLAIN)
    assert leaves(unscaled, Hand(2))[2][:2] == [Decimal("2.285"), Decimal("0.125")]


# What is refused.


def test_all_faults_are_told_at_once_each_at_its_place(tmp_path: Path) -> None:
    table = TABLE.replace("4.7", "4.7 cm").replace("wild,1.50,.5,y", "wild,1.50")
    file = FILE.replace('"width"]', '"widht"]').replace('"softmax"', '"softmx"')
    assert told(tmp_path, table + ",1e999,,\n", 'scale = "none"', file=file) == [
        'a.toml: data.inputs[2]: no column is called "widht"; did you mean "width"?',
        'a.toml: network.layers[1].activation: the text "softmx"; expected "identity", "sigmoid", '
        '"tanh", "relu", "leaky_relu", "elu", "softplus", "gelu", "swish", "step" or "softmax", '
        'or a formula: "z ** 2"',
        'a.csv: line 3, column "petal length": the text "4.7 cm"; expected a number: digits, with '
        "a decimal point or comma",
        "a.csv: line 4: a row of 2 fields; expected 4, as in the first row",
        'a.csv: line 5, column "petal length": the text "1e999"; expected a finite number, at most '
        "1.8e308 in size",
        'a.csv: line 5, column "kind": an empty field; expected a word',
    ]


@pytest.mark.parametrize(
    ("table", "more", "wanted"),
    [
        ("", "", 'data.file: "a.csv", an empty file'),
        (" \n\n", "", 'data.file: "a.csv", an empty file'),
        (",,\n1,2,3\n", "", 'data.file: "a.csv", a first row with nothing in it'),
        ("kind,petal length,width,of\n", "", "data.file: no rows below the first one"),
        (TABLE, "first = 4", "data.first: 4, but there are only 3 rows; expected at most 3"),
        (TABLE, "first = 0", "data.first: 0; expected a whole number from 1 to 10,000"),
        (TABLE.replace("of", "width"), "", 'data.inputs[2]: "width", which 2 columns are called'),
        (TABLE.replace("tame", "wild"), "", 'data.targets: 1 word ("wild"); expected 2'),
        (TABLE.replace(",y", ',"y'), "", "a.csv: line 4: what cannot be read"),
        (TABLE.replace(",y", ',"y"y'), "", "a.csv: line 4: what cannot be read"),
        (TABLE.replace("1.50", "1/2"), "", 'line 4, column "petal length": the text "1/2"'),
        (TABLE.replace("1.50", "nan"), "", 'line 4, column "petal length": the text "nan"'),
        (TABLE.replace("1.50", "1 %"), "", 'line 4, column "petal length": the text "1 %"'),
        (TABLE.replace("1.50", ""), "", 'line 4, column "petal length": an empty field'),
        (TABLE.replace("y", "y,z"), "", "line 4: a row of 5 fields; expected 4"),
        (TABLE.replace("y", "y" * 200_000), "", "line 4: a field of over 131,072 characters"),
        (
            "kind,petal length,width,of\na,1,2,\nb,1,3,\n",
            'scale = "standard"',
            'data.inputs[1]: "petal length", which is 1 in all 2 rows; expected different numbers',
        ),
        (TABLE, 'first = 1\nscale = "unit"', '"petal length", which is 1.40 in 1 row'),
        (TABLE, 'scale = "norm"', 'data.scale: the text "norm"; expected "none", "standard" or'),
        (TABLE, "qqq = 1", "data.qqq: unknown key"),
        (TABLE, "frist = 1", 'data.frist: unknown key; did you mean "first"?'),
        (TABLE, "[[samples]]\nx = [1, 2]\nt = [1, 0]", "data: [data] beside [[samples]]"),
    ],
)
def test_what_is_refused(tmp_path: Path, table: str, more: str, wanted: str) -> None:
    assert any(wanted in each for each in told(tmp_path, table, more)), told(tmp_path, table, more)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('file = "a.csv"\n', "", "data.file: missing; expected a file beside this one"),
        ('file = "a.csv"', "file = 1", "data.file: 1; expected text in quotes"),
        ('file = "a.csv"', 'file = "x.dat"', 'data.file: "x.dat", there is no such file; expected'),
        ('file = "a.csv"', 'file = "b.csv"', 'there is no such file; did you mean "a.csv"?'),
        ('file = "a.csv"', 'file = ""', 'data.file: "", a folder'),
        ('file = "a.csv"', 'file = "a\\u0000.csv"', "which no file can be called"),
        ('file = "a.csv"', f'file = "{"a" * 5000}"', "which no file can be called"),
        ('inputs = ["petal length", "width"]', "", "data.inputs: missing"),
        ('inputs = ["petal length", "width"]', "inputs = []", "data.inputs: an empty list"),
        ('inputs = ["petal length", "width"]', "inputs = 2", "data.inputs: 2; expected a list"),
        ('["petal length", "width"]', '["width"]', "data.inputs: 1 column; expected 2, one per"),
        ('["petal length", "width"]', '["width", 3]', "data.inputs[2]: 3; expected a column's"),
        ('["petal length", "width"]', '["width", " width"]', "expected each column once"),
        ('targets = ["kind"]\n', "", "data.targets: missing; expected their columns"),
        ('targets = ["kind"]', 'targets = ["kind", "of"]', "data.targets: 2 columns; expected one"),
        ("onehot = true", 'onehot = "yes"', 'data.onehot: the text "yes"; expected true or false'),
        ("onehot = true\n", "", 'a.csv: line 2, column "kind": the text "wild"; expected a number'),
        ("onehot = true\n", "", "data.targets: 1 column; expected 2, one per output"),
        ('kind = "cross_entropy"', 'kind = "cross"', "loss.kind"),
        ("[network]", "[graph.nodes]\nA = '1'\n[network]", "graph: a [graph] beside a [network]"),
    ],
)
def test_what_is_refused_of_the_table_itself(
    tmp_path: Path, old: str, new: str, wanted: str
) -> None:
    assert old in FILE
    found = told(tmp_path, file=FILE.replace(old, new))
    assert any(wanted in each for each in found), found


def test_a_graph_takes_no_data(tmp_path: Path) -> None:
    text = 'title = "g"\n[data]\nfile = "a.csv"\ninputs = ["width"]\n[graph.nodes]\nA = "1"\n'
    assert told(tmp_path, file=text) == [
        "a.toml: data: [data] beside a [graph]; expected [data] only with a [network]; [[samples]] "
        "may override inputs"
    ]


def test_targets_are_checked_as_those_of_samples(tmp_path: Path) -> None:
    assert told(tmp_path, "t,a,b\n0.5,1,2\n1.5,1,2\n", file=PLAIN) == [
        'a.csv: line 3, column "t": 1.5; expected a number from 0 to 1, for bce'
    ]
    shares = FILE.replace("onehot = true\n", "").replace('["kind"]', '["kind", "of"]')
    table = "kind,petal length,width,of\n0.5,1,2,0.5\n0.5,1,2,0.25\n"
    assert told(tmp_path, table, file=shares) == [
        "a.csv: line 3: numbers that add up to 0.75; expected 1: the targets of cross_entropy are "
        "probabilities"
    ]


def test_files_outside_the_folder_are_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "out.csv").write_text(TABLE, encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "out.csv")
    (folder / "up").symlink_to(tmp_path)
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    (folder / "below").mkdir()
    for name in (
        "../out.csv",
        f"{tmp_path}/out.csv",
        "link.csv",
        "up/out.csv",
        "below/../../out.csv",
    ):
        (found,) = told(folder, file=FILE.replace('"a.csv"', f'"{name}"'))
        assert (
            "which is outside the folder of this file; expected a CSV file in the folder" in found
        )
    assert "no file can be called" in told(folder, file=FILE.replace("a.csv", "loop.csv"))[0]
    # A scenario that is linked to has its table where it really lies.
    (tmp_path / "linked.toml").symlink_to(written(folder))
    assert load(tmp_path / "linked.toml").samples == load(folder / "a.toml").samples
    (folder / "below" / "a.csv").write_text(TABLE, encoding="utf-8")
    assert loaded(folder, file=FILE.replace("a.csv", "below/a.csv")).samples


def test_what_is_no_text_or_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (found,) = told(tmp_path, file=FILE.replace("a.csv", "pipe.csv"))
    assert '"pipe.csv", a pipe; expected a CSV file' in found
    assert (
        '"/dev/zero", which is outside'
        in told(tmp_path, file=FILE.replace("a.csv", "/dev/zero"))[0]
    )
    assert '"a.csv", which is no text' in told(tmp_path, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")[0]
    large = b"x" * (limits.MAX_FILE_BYTES + 1)
    (found,) = told(tmp_path, large)
    assert "a file of 8,388,609 bytes; expected at most 8,388,608 bytes (8 MiB)" in found


def test_limits(tmp_path: Path) -> None:
    many = "kind,petal length,width,of\n" + "wild,1,2,\n" * limits.MAX_SAMPLES + "tame,1,2,\n"
    assert told(tmp_path, many) == [
        "a.toml: data.file: more than 10,000 rows; expected at most so many, or first = 10000 to "
        "take those"
    ]
    assert (
        len(
            loaded(
                tmp_path, "tame,1,2,\n".join(many.split("wild,1,2,\n", 1)), "first = 10000"
            ).samples
        )
        == 10_000
    )
    words = "kind,petal length,width,of\n" + "".join(f"w{n},1,2,\n" for n in range(1001))
    assert told(tmp_path, words) == [
        "a.toml: data.targets: 1,001 words; expected at most 1,000, a target for each"
    ]


@pytest.mark.parametrize(
    "table",
    [
        "," * 4_000_000 + "\n1\n",
        "a\n" * 4_000_000,
        '"' * 8_000_000,
        "kind,petal length,width,of\n" + ",".join("1" * 4_000_000) + "\n",
        "kind,petal length,width,of\nx," + "1" * 100_000 + ",2,3\n",
        ",".join(f"c{n}" for n in range(1_000_000)) + "\n1\n",
    ],
)
def test_hostile_tables_are_refused_in_time(tmp_path: Path, table: str) -> None:
    assert told(tmp_path, table)


def test_many_columns_that_are_not_there_cost_little(tmp_path: Path) -> None:
    names = ", ".join(f'"n{n}"' for n in range(20_000))
    table = ",".join(f"c{n}" for n in range(20_000)) + "\n" + ",".join("1" * 20_000) + "\n"
    file = FILE.replace('"petal length", "width"', names)
    assert len(faults(tmp_path, table, file=file)) == limits.MAX_FAULTS + 1


def test_no_message_commands_a_terminal(tmp_path: Path) -> None:
    odd = ONE_LINE.replace('"', "")
    table = f'"{odd}","petal length",width,of\n"{odd}","{odd}",2,\n'
    for each in told(tmp_path, table):
        assert not any(map(is_refused, each.replace("\n", ""))), each
    with pytest.raises(ScenarioError) as refused:
        from_text(FILE.replace("a.csv", "x\\u001b[31m.csv"), f"{tmp_path}/a.toml")
    assert "\x1b" not in str(refused.value)


# What is written in line.


LAYOUTS = [
    FILE,
    FILE.replace("\n", "\r\n"),
    FILE.replace('"petal length", "width"]', '\n  "petal length",  # a ]\n  "width",\n]'),
    FILE.replace("[data]", "  [ data ] # here").replace("onehot = true", "onehot = true # one"),
    FILE.replace("[data]", '["data"]'),
    FILE.replace("onehot = true\n{more}", "")
    .replace('["kind"]', '["kind"\n]')
    .replace("[data]\n", "[data]\nonehot = true\n"),
    'description = """\n[data]\nfile = 1\n"""\n' + FILE,
    FILE.replace('\n[data]\nfile = "a.csv"\ninputs', '\ndata.file = "a.csv"\ndata.inputs')
    .replace("\ntargets", "\ndata.targets")
    .replace("\nonehot", "\ndata.onehot"),
    'data = { file = "a.csv", inputs = ["petal length", "width"], targets = ["kind"], '
    "onehot = true }\n" + FILE.replace(FILE[FILE.index("[data]") : FILE.index("{more}")], ""),
    FILE[: FILE.index("[data]")]
    + FILE[FILE.index("[network]") :]
    + FILE[FILE.index("[data]") : FILE.index("{more}")].rstrip(),
]


@pytest.mark.parametrize("file", LAYOUTS)
@pytest.mark.parametrize("arithmetic", [Exact(2), Hand(2), Hand(4)])
def test_in_line_it_is_the_same_scenario(
    tmp_path: Path, file: str, arithmetic: Exact | Hand
) -> None:
    found = loaded(tmp_path, file=file)
    text = in_line(found, arithmetic)
    again = from_text(text, found.path)
    assert again.data is None and again.samples == found.samples
    assert leaves(again, arithmetic) == leaves(found, arithmetic)
    before, after = tomllib.loads(found.text), tomllib.loads(text)
    assert len(after.pop("samples")) == 3 and before.pop("data")
    assert after == before
    assert ("\r\n" in text) == ("\r\n" in file) and text.count("\r") in (0, text.count("\n"))


@pytest.mark.parametrize("scale", ["standard", "unit"])
def test_in_line_what_was_scaled_is_written_as_it_is_used(tmp_path: Path, scale: str) -> None:
    found = loaded(tmp_path, more=f'scale = "{scale}"')
    for arithmetic in (Exact(2), Hand(2), Hand(5)):
        again = from_text(in_line(found, arithmetic), found.path)
        assert leaves(again, arithmetic) == leaves(found, arithmetic)


def test_in_line_the_rest_of_the_text_stands(tmp_path: Path) -> None:
    found = loaded(tmp_path, more="# first = 2")
    text = in_line(found, Exact(2))
    start, end = FILE.split("[data]")[0], FILE[FILE.index("\n# The net.") :]
    assert text.startswith(start) and text.endswith(f"# first = 2\n{end}")
    assert text[len(start) :].startswith(
        '# The rows of "a.csv".\n# t: "wild", "tame"\n\n[[samples]]\nx = [1.40, 0.2]\nt = [1, 0]\n'
    )


def test_a_table_that_is_read_again_may_be_given(tmp_path: Path) -> None:
    path = written(tmp_path)
    found = load(path)
    assert found.data is not None
    (tmp_path / "a.csv").unlink()
    again = from_text(found.text, str(path), beside=found.data.text)
    assert again.samples == found.samples
    with pytest.raises(ScenarioError):
        from_text(found.text, str(path))


def test_a_seed_draws_other_samples_with_decimals_for_paper(tmp_path: Path) -> None:
    found = variant(loaded(tmp_path, more='scale = "standard"'), 3)
    assert found.data is None and len(found.samples) == 3
    for sample in found.samples:
        assert all(-each.as_tuple().exponent <= 2 for each in sample.x)  # type: ignore[operator]
    assert found == variant(loaded(tmp_path, more='scale = "standard"'), 3)


def test_edits_are_saved_in_line(tmp_path: Path) -> None:
    path = written(tmp_path, more='scale = "unit"\n# stays')
    for arithmetic in ("exact", "hand"):
        session = Session(load(path), arithmetic=arithmetic)
        assert session.execute("edit sample 2: l 0.375").kind != "refused"
        outcome = session.execute(f"save {tmp_path}/{arithmetic}.toml")
        assert outcome.kind == "unchanged", outcome.message
        again = load(tmp_path / f"{arithmetic}.toml")
        assert again.data is None and again.samples[1].x[0] == Decimal("0.375")
        assert "# stays" in again.text


def test_what_was_made_of_it_is_told(tmp_path: Path) -> None:
    found = loaded(tmp_path, more='scale = "standard"')
    told = list(data_told(found, 2))
    assert told == [
        "3 samples, 3 rows of a.csv",
        "x[1] = ('petal length' - 2.5333) / 1.5326, x[2] = ('width' + 0.2333) / 0.8340: the mean "
        "taken off, divided by the deviation",
        "t[1] 'wild', t[2] 'tame'",
    ]
    assert list(trace_text(Session(found), "node", 1))[2:5] == told
    card = " ".join(
        text for line in about_page(Session(found).scene()).text(200) for text, _ in line
    )
    assert (
        "Given:  3 samples, 3 rows of a.csv; l = ('petal length' - 2.5333) / 1.5326, w = " in card
    )
    assert not list(data_told(from_text(in_line(found, Exact(2)), "a.toml"), 2))


def test_no_word_of_a_table_commands_a_terminal(tmp_path: Path) -> None:
    odd = ONE_LINE.replace('"', "").strip()
    found = loaded(tmp_path, f'kind,petal length,width\n"{odd}",1,2\nb,2,3\n'.replace("\r", ""))
    assert found.data is not None and found.data.words[1] == "b"
    session = Session(found)
    lines = [
        *trace_text(session, "node", 1),
        *("".join(text for text, _ in line) for line in about_page(session.scene()).text(80)),
        *in_line(found, Exact(2)).split("\n"),
    ]
    for line in lines:
        assert not any(map(is_refused, line)), line
