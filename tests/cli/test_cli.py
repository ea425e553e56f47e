"""The command line from outside: exit codes, what goes where, and no tracebacks, ever."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnhs_tui.commands.commands import COMMANDS as TABLE
from nnhs_tui.commands.commands import key_labels
from tests.cli.in_process import told

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "nnhs_tui")

NET = """\
title = "Zwei Schichten – σ"
[network]
inputs = 2
[[network.layers]]
name = "hidden"
weights = [[0.5, -0.3], [0.8, 0.2]]
bias = [0.1, 0.2]
activation = "sigmoid"
[[network.layers]]
name = "output"
weights = [[0.7], [-0.4]]
[loss]
kind = "mse"
[training]
rounds = 2
[[samples]]
x = [1.0, 0.5]
t = [0.25]
[[samples]]
x = [-1.0, 2.0]
t = [1.0]
"""
GRAPH = """\
title = "The sigmoid as a circuit"
arithmetic = "hand"
[graph]
inputs = { x = 1.0 }
parameters = { w = 1.0 }
[graph.nodes]
A = "-x * w"
B = "exp(A)"
C = "1 + B"
D = "1 / C"
"""
KINK = """\
title = "kinks"
[graph]
inputs = { x = 0.0, y = 2.0 }
[graph.nodes]
r = "relu(x)"
m = "max(y, 2)"
f = "r + m"
"""
BROKEN = """\
titel = "typo"
[network]
inputs = 2
[[network.layers]]
weights = [[1, 2]]
activation = "sigmid"
[[samples]]
x = [1]
"""
OVERFLOW = """\
title = "overflow"
[graph]
inputs = { x = 1000.0 }
[graph.nodes]
A = "x * 1"
B = "exp(A)"
"""
LATER = """\
title = "overflows in a later round"
[graph]
parameters = { w = 3.0 }
[graph.nodes]
y = "w ** 4"
[training]
learning_rate = 10
rounds = 12
"""
HAND_ONLY = """\
title = "divides by 0 by hand"
[graph]
inputs = { x = 0.004 }
[graph.nodes]
a = "x * 1"
b = "1 / a"
"""
FILES = {
    "net": NET,
    "graph": GRAPH,
    "kink": KINK,
    "broken": BROKEN,
    "overflow": OVERFLOW,
    "later": LATER,
    "hand": HAND_ONLY,
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    for name, text in FILES.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    yield tmp_path


class Result:
    """What a run gave, as text; what is true of every run is checked at once."""

    def __init__(self, code: int, out: bytes, err: bytes, encoding: str = "utf-8") -> None:
        self.code = code
        self.out = out.decode(encoding)
        self.err = err.decode(encoding)
        assert "Traceback" not in self.err, self.err
        assert "Warning" not in self.err, self.err
        assert "\x1b" not in self.out + self.err
        assert self.code in (0, 1, 2)
        for line in self.err.splitlines():
            assert line.startswith("nnhs-tui: "), line


def run(folder: Path, *arguments: str, **environment: str) -> Result:
    """A command in this process."""
    return Result(*told(*arguments, folder=folder, environment=environment))


def started(folder: Path, *command: str, encoding: str = "utf-8", **environment: str) -> Result:
    """A command as a process of its own, which begins with its environment."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )
    return Result(done.returncode, done.stdout, done.stderr, encoding)


def shell(folder: Path, line: str, encoding: str = "utf-8", **environment: str) -> Result:
    """A line of bash in which `nnhs` is the program."""
    program = " ".join(f"'{each}'" for each in PROGRAM)
    whole = f'set -o pipefail; nnhs() {{ {program} "$@"; }}; {line}'
    return started(folder, "bash", "-c", whole, encoding=encoding, **environment)


# trace


def test_trace_prints_every_step(folder: Path) -> None:
    result = started(folder, *PROGRAM, "trace", "graph.toml")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0] == "The sigmoid as a circuit"
    assert "hand" in lines[1]
    text = result.out
    for name, value in (("B", "0.37"), ("C", "1.37"), ("D", "0.73"), ("grad C", "-0.53")):
        assert re.search(rf"^ +\d+  {name} .* = {value}$", text, re.M), name


def test_trace_as_json_is_one_document(folder: Path) -> None:
    result = run(folder, "trace", "net.toml", "--json")
    assert (result.code, result.err) == (0, "")
    trace = json.loads(result.out)
    assert trace["schema"] == "nnhs-trace/1"
    assert trace["scenario"] == "net"
    assert trace["title"] == "Zwei Schichten – σ"
    assert [each["round"] for each in trace["rounds"]] == [1, 2]
    assert result.out.count("\n") == 1


@pytest.mark.parametrize("level", ["layer", "neuron", "node"])
@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_options_outrank_the_file(folder: Path, level: str, arithmetic: str) -> None:
    options = ("--level", level, "--arithmetic", arithmetic, "--digits", "4", "--rounds", "3")
    result = run(folder, "trace", "net.toml", "--json", *options)
    trace = json.loads(result.out)
    assert (trace["level"], trace["arithmetic"], trace["digits"]) == (level, arithmetic, 4)
    assert len(trace["rounds"]) == 3
    shown = trace["rounds"][0]["steps"][0]["shown"].strip("[]").split()[0]
    assert len(shown.partition(".")[2]) == 4


def test_digits_may_be_none(folder: Path) -> None:
    result = run(folder, "trace", "graph.toml", "--digits", "0")
    assert result.code == 0
    assert "0 decimals" in result.out.splitlines()[1]


BAD_OPTIONS = [
    ("trace", "net.toml", "--digits", "7"),
    ("trace", "net.toml", "--digits", "-1"),
    ("trace", "net.toml", "--digits", "two"),
    ("trace", "net.toml", "--digits", "2.0"),
    ("trace", "net.toml", "--digits"),
    ("trace", "net.toml", "--rounds", "0"),
    ("trace", "net.toml", "--rounds", "-3"),
    ("trace", "net.toml", "--rounds", "1000001"),
    ("trace", "net.toml", "--rounds", "9" * 30),
    ("trace", "net.toml", "--arithmetic", "approximate"),
    ("trace", "net.toml", "--level", "nodes"),
    ("trace", "net.toml", "--nonsense"),
    ("trace", "net.toml", "net.toml"),
    ("trace", "net.toml", "\x1b[31mred\nsecond line"),
    ("trace",),
    ("run",),
    ("run", "net.toml", "--digits", "9"),
    ("show",),
    ("validate",),
    ("gradcheck",),
    ("list", "net.toml"),
    ("net.toml", "graph.toml"),
    ("--nonsense",),
    ("run", "net.toml", "--speed", "2"),
    ("run", "net.toml", "--stepwise"),
    ("run", "net.toml", "--replay", "a", "--speed", "0"),
    ("run", "net.toml", "--replay", "a", "--speed", "fast"),
    ("run", "net.toml", "--replay", "a", "--speed", "1", "--stepwise"),
]


@pytest.mark.parametrize("arguments", BAD_OPTIONS, ids=lambda each: " ".join(each)[:40])
def test_bad_usage_is_one_line_and_2(folder: Path, arguments: tuple[str, ...]) -> None:
    result = run(folder, *arguments)
    assert result.code == 2
    assert result.out == ""
    assert len(result.err.splitlines()) == 1


def test_help_and_version(folder: Path) -> None:
    help_ = started(folder, *PROGRAM, "--help")
    assert help_.code == 0
    for command in ("run", "list", "show", "validate", "trace", "gradcheck"):
        assert command in help_.out
        assert run(folder, command, "--help").out.startswith(f"usage: nnhs-tui {command}")
    assert re.fullmatch(r"nnhs-tui \d+\.\d+\.\d+\S*\n", started(folder, *PROGRAM, "--version").out)


FAULTY = ["broken", "overflow", "nowhere"]


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.parametrize("command", ["trace", "run", "gradcheck", "validate", ""])
def test_bad_input_is_2_and_prints_nothing(folder: Path, command: str, name: str) -> None:
    result = run(folder, *[command] * bool(command), f"{name}.toml")
    assert result.code == 2
    assert result.out == ""
    lines = [line for line in result.err.splitlines() if "no terminal" not in line]
    assert lines
    for line in lines:
        assert re.match(rf"nnhs-tui: {name}\.toml: .+; ", line), line


def test_every_fault_is_a_line_of_its_own(folder: Path) -> None:
    lines = started(folder, *PROGRAM, "validate", "broken.toml").err.splitlines()
    for where in ("titel", "title", "network.layers[1].weights", "network.layers[1].activation"):
        assert any(f"broken.toml: {where}: " in line for line in lines), (where, lines)
    for line in lines:
        assert re.fullmatch(r"nnhs-tui: broken\.toml: [^:]+: .+; .+", line), line


@pytest.mark.parametrize("json_", [(), ("--json",)])
def test_an_overflow_names_node_and_value(folder: Path, json_: tuple[str, ...]) -> None:
    result = run(folder, "trace", "overflow.toml", *json_)
    assert (result.code, result.out) == (2, "")
    assert re.fullmatch(r"nnhs-tui: overflow\.toml: B: .*1000.*; expected .+\n", result.err)


@pytest.mark.parametrize("json_", [(), ("--json",)])
def test_an_overflow_in_a_later_round_prints_nothing_either(
    folder: Path, json_: tuple[str, ...]
) -> None:
    result = run(folder, "trace", "later.toml", *json_)
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1
    assert run(folder, "trace", "later.toml", "--rounds", "1", *json_).code == 0


def test_a_division_by_0_by_hand_names_node_and_value(folder: Path) -> None:
    assert run(folder, "trace", "hand.toml").code == 0
    result = run(folder, "trace", "hand.toml", "--arithmetic", "hand")
    assert (result.code, result.out) == (2, "")
    assert re.fullmatch(
        r"nnhs-tui: hand\.toml: b: 1 / 0\S*: division by 0; expected .+\n", result.err
    )


# list, show, validate, gradcheck


@pytest.fixture
def own(folder: Path) -> dict[str, str]:
    """An environment in which two scenarios are in the user's own folder."""
    data = folder / "data"
    scenarios = data / "nnhs-tui" / "scenarios"
    scenarios.mkdir(parents=True)
    (scenarios / "my-net.toml").write_text(NET, encoding="utf-8")
    (scenarios / "my-graph.toml").write_text(GRAPH, encoding="utf-8")
    (scenarios / "unreadable.toml").write_bytes(b"\xff\xfe\x00")
    return {"XDG_DATA_HOME": str(data)}


def test_list_is_one_line_each(folder: Path, own: dict[str, str]) -> None:
    result = run(folder, "list", **own)
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    names = [line.split()[0] for line in lines]
    shipped = sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))
    assert sorted(names[: len(shipped)]) == shipped and names[0] == "one-to-one"
    assert sorted(names[len(shipped) :]) == ["my-graph", "my-net", "unreadable"]
    assert "Forward 10" in lines[0] and "Your own scenarios" in lines[names.index("my-net")]
    assert "2→2→1" in lines[names.index("my-net")]
    assert lines[names.index("my-net")].endswith("Zwei Schichten – σ")


def test_list_as_json(folder: Path, own: dict[str, str]) -> None:
    result = run(folder, "list", "--json", **own)
    assert (result.code, result.err) == (0, "")
    listed = json.loads(result.out)
    assert all(
        set(each) == {"name", "title", "shape", "path", "chapter", "place"} for each in listed
    )
    mine = next(each for each in listed if each["name"] == "my-net")
    assert (mine["title"], mine["shape"]) == ("Zwei Schichten – σ", "2→2→1")
    assert (mine["chapter"], mine["place"]) == ("own", None)
    net = [each["name"] for each in listed if each["chapter"] == "net"]
    assert net == ["two-layer-sigmoid", "two-layer-bias", "three-samples"]
    assert Path(mine["path"]).read_text(encoding="utf-8") == NET


def test_own_scenarios_are_found_by_name(folder: Path, own: dict[str, str]) -> None:
    for command in ("trace", "run", "gradcheck"):
        assert run(folder, command, "my-net", **own).code == 0, command
    assert run(folder, "my-net", **own).out == run(folder, "trace", "net.toml").out


def test_a_name_nobody_has_suggests_the_nearest(folder: Path, own: dict[str, str]) -> None:
    result = run(folder, "trace", "my-nett", **own)
    assert (result.code, result.out) == (2, "")
    assert "did you mean my-net?" in result.err
    assert len(result.err.splitlines()) == 1


def shown(folder: Path, name: str, **environment: str) -> bytes:
    code, out, err = told("show", name, folder=folder, environment=environment)
    assert (code, err) == (0, b"")
    return out


def test_show_is_the_file_byte_by_byte(folder: Path, own: dict[str, str]) -> None:
    assert shown(folder, "my-net", **own) == NET.encode()
    assert shown(folder, "net.toml") == NET.encode()
    assert started(folder, *PROGRAM, "show", "net.toml").out == NET


SHIPPED = sorted(set((ROOT / "scenarios").glob("*.toml")) - {ROOT / "scenarios" / "irises.toml"})


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_show_of_a_shipped_scenario_is_the_file_byte_by_byte(folder: Path, path: Path) -> None:
    assert shown(folder, path.stem) == path.read_bytes()


def test_show_writes_the_rows_of_a_data_file_in_line(folder: Path) -> None:
    text = (ROOT / "scenarios" / "irises.toml").read_text(encoding="utf-8")
    found = shown(folder, "irises").decode()
    assert found.startswith(text[: text.index("[data]")])
    assert found.endswith(text[text.index("\n[network]") :])
    samples = tomllib.loads(found)["samples"]
    assert len(samples) == 6 and samples[1] == {"x": [4.7, 1.4], "t": [0, 1, 0]}
    (folder / "alone.toml").write_text(text, encoding="utf-8")
    result = run(folder, "show", "alone.toml")
    assert (result.code, result.out) == (2, "")
    assert 'alone.toml: data.file: "irises.csv", there is no such file' in result.err
    (folder / "no.toml").write_text("data = [", encoding="utf-8")
    assert shown(folder, "no.toml") == b"data = ["
    (folder / "odd.toml").write_text(
        ODD.replace("FILE", "rows.csv").replace("onehot", "onehot = true"), encoding="utf-8"
    )
    (folder / "rows.csv").write_text('a,b\n1,"\x1b[31m\u009b"\n', encoding="utf-8")
    out = shown(folder, "odd.toml").decode()
    assert "[[samples]]" in out and not set("\u009b\x1b") & set(out)


ODD = """title = "odd"
[data]
file = "FILE"
inputs = ["a"]
targets = ["b"]
onehot
[network]
inputs = 1
[[network.layers]]
neurons = 1
"""


def test_show_of_what_cannot_be_read(folder: Path) -> None:
    (folder / "binary.toml").write_bytes(b"\xff\xfe")
    for name in ("binary.toml", "nowhere.toml", ".", "nothing"):
        result = run(folder, "show", name)
        assert (result.code, result.out) == (2, "")
        assert len(result.err.splitlines()) == 1


def test_show_never_commands_a_terminal(folder: Path) -> None:
    (folder / "c1.toml").write_text('title = "a\u009b31m\x1b[31m"\n', encoding="utf-8")
    result = run(folder, "show", "c1.toml")
    assert not set("\u009b\x1b") & set(result.out)


def test_validate_is_silent_where_all_is_fine(folder: Path) -> None:
    result = run(folder, "validate", "net.toml", "graph.toml", "kink.toml", "later.toml")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_validate_goes_on_after_a_faulty_file(folder: Path) -> None:
    result = run(folder, "validate", "broken.toml", "net.toml", "overflow.toml", "nowhere.toml")
    assert (result.code, result.out) == (2, "")
    files = {line.split(": ")[1] for line in result.err.splitlines()}
    assert files == {"broken.toml", "overflow.toml", "nowhere.toml"}


def test_validate_runs_the_first_round_in_doubles_and_in_the_files_arithmetic(
    folder: Path,
) -> None:
    assert run(folder, "validate", "hand.toml").code == 0
    text = HAND_ONLY.replace("[graph]", 'arithmetic = "hand"\n[graph]', 1)
    (folder / "hand.toml").write_text(text)
    result = run(folder, "validate", "hand.toml")
    assert result.code == 2
    assert result.err.startswith("nnhs-tui: hand.toml: b: 1 / 0: division by 0; ")


def test_gradcheck_agrees(folder: Path) -> None:
    result = run(folder, "gradcheck", "net.toml")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert len(lines) == 8 + 4 + 1
    assert lines[0].split()[:2] == ["grad", "hidden.W[1,1]"]
    assert "sample 2: grad x[2]" in result.out
    assert "12 of 12" in lines[-1]


def test_gradcheck_says_where_there_is_no_derivative_and_passes(folder: Path) -> None:
    result = run(folder, "gradcheck", "kink.toml")
    assert result.code == 0
    assert result.out.count("not differentiable here") == 2


def test_gradcheck_says_what_it_cannot_try_and_why_and_passes(folder: Path) -> None:
    (folder / "root.toml").write_text(
        'title = "g"\n[graph]\ninputs = { y = 2 }\nparameters = { x = 0 }\n'
        '[graph.nodes]\nA = "x ** 1.5 + y"\n'
    )
    result = run(folder, "gradcheck", "root.toml")
    assert (result.code, result.err) == (0, "")
    first, _, last = result.out.splitlines()
    assert first.startswith("grad x") and "  cannot be tried here: beside it, A.1 is " in first
    assert last == "1 of 1 gradients agree with central differences; 1 cannot be tried"


def test_gradcheck_of_a_gradient_that_disagrees_is_1(folder: Path) -> None:
    broken = (
        "import sys, dataclasses; from nnhs_tui.operations.table import OPERATIONS as O;"
        "O['exp'] = dataclasses.replace(O['exp'], local=lambda ar, y, x: (y * 11 / 10,));"
        "from nnhs_tui.cli import main; sys.exit(main(['gradcheck', 'graph.toml']))"
    )
    result = started(folder, sys.executable, "-c", broken)
    assert (result.code, result.err) == (1, "")
    assert "disagrees" in result.out


# Without a terminal


@pytest.mark.parametrize("options", [(), ("--arithmetic", "hand", "--digits", "3")])
@pytest.mark.second
def test_run_without_a_terminal_prints_the_trace(folder: Path, options: tuple[str, ...]) -> None:
    trace = run(folder, "trace", "net.toml", *options).out
    for arguments in (("run", "net.toml", *options), ("net.toml", *options)):
        result = started(folder, *PROGRAM, *arguments)
        assert result.code == 0
        assert result.out == trace
        assert len(result.err.splitlines()) == 1


def test_bare_without_a_terminal_prints_the_list(folder: Path, own: dict[str, str]) -> None:
    result = started(folder, *PROGRAM, **own)
    assert result.code == 0
    assert result.out == run(folder, "list", **own).out != ""
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("term", ["dumb", "", "xterm-256color"])
def test_a_pipe_is_no_terminal_whatever_it_is_called(folder: Path, term: str) -> None:
    assert started(folder, *PROGRAM, "run", "graph.toml", TERM=term).code == 0
    assert started(folder, *PROGRAM, TERM=term).code == 0


@pytest.mark.parametrize(
    "line", ["nnhs run graph.toml", "nnhs trace graph.toml", "nnhs", "nnhs list"]
)
def test_standard_input_may_be_closed(folder: Path, line: str) -> None:
    result = shell(folder, f"{line} <&-")
    assert result.code == 0


@pytest.mark.parametrize(
    "line", ["nnhs trace net.toml", "nnhs run net.toml", "nnhs", "nnhs --help"]
)
def test_standard_output_may_be_closed(folder: Path, line: str) -> None:
    result = shell(folder, f"{line} >&-")
    assert result.out == ""


def test_errors_never_go_to_standard_output(folder: Path) -> None:
    result = shell(folder, "nnhs trace nowhere.toml 2>&-")
    assert (result.code, result.out) == (2, "")
    assert shell(folder, "nnhs trace net.toml --digits 9 2>&-").out == ""


def test_a_pipe_may_have_text_in_it(folder: Path) -> None:
    assert shell(folder, "printf 'next\\nnext\\n' | nnhs run graph.toml").code == 0


@pytest.mark.parametrize(
    "command",
    [
        "nnhs trace net.toml --rounds 30",
        "nnhs trace net.toml --rounds 30 --json",
        "nnhs trace graph.toml",
        "nnhs run net.toml --arithmetic hand",
        "nnhs list",
        "nnhs show net.toml",
        "nnhs gradcheck net.toml",
        "nnhs --help",
    ],
)
def test_whoever_reads_may_stop_reading(folder: Path, own: dict[str, str], command: str) -> None:
    result = shell(folder, f"{command} | head -c 5", **own)
    assert result.code == 0
    assert len(result.out) > 0
    lines = [line for line in result.err.splitlines() if "no terminal" not in line]
    assert lines == []


@pytest.mark.second
def test_a_full_disk_is_an_error_in_one_line(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    for command in ("trace net.toml", "trace net.toml --json", "show net.toml", "list --json"):
        result = shell(folder, f"nnhs {command} >/dev/full")
        assert result.code == 2, command
        assert len(result.err.splitlines()) == 1, command


@pytest.mark.parametrize(
    "environment, encoding",
    [
        ({"LANG": "C", "LC_ALL": ""}, "utf-8"),
        ({"LC_ALL": "C"}, "utf-8"),
        ({"LC_ALL": "POSIX"}, "utf-8"),
        ({"PYTHONIOENCODING": "latin-1"}, "latin-1"),
        ({"PYTHONIOENCODING": "ascii"}, "ascii"),
        ({"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}, "ascii"),
    ],
)
@pytest.mark.second
def test_any_encoding_will_do(folder: Path, environment: dict[str, str], encoding: str) -> None:
    for command in ("trace", "run", "show", "gradcheck"):
        result = started(folder, *PROGRAM, command, "net.toml", encoding=encoding, **environment)
        assert result.code == 0, command
        assert "hidden" in result.out
    (folder / "näme.toml").write_text(BROKEN)
    result = started(folder, *PROGRAM, "validate", "näme.toml", encoding=encoding, **environment)
    assert result.code == 2


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_json_is_the_same_in_any_encoding(folder: Path, encoding: str) -> None:
    expected = json.loads(run(folder, "trace", "net.toml", "--json").out)
    command = (*PROGRAM, "trace", "net.toml", "--json")
    result = started(folder, *command, encoding=encoding, PYTHONIOENCODING=encoding)
    assert json.loads(result.out) == expected


# Names and paths


@pytest.mark.parametrize(
    "name", ["x" * 300, "x" * 5000, "", " ", "a/b/c", "/", "\n"], ids=lambda name: repr(name[:9])
)
def test_names_that_cannot_be_files(folder: Path, name: str) -> None:
    result = run(folder, "trace", name)
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1


def test_names_of_files_never_command_a_terminal(folder: Path) -> None:
    name = "a\x1b[31m\nb.toml"
    (folder / name).write_text(BROKEN)
    for command in ("validate", "trace", "gradcheck"):
        result = run(folder, command, name)
        assert result.code == 2
        assert "\\x1b[31m" in result.err


def test_names_of_files_that_are_no_text(folder: Path) -> None:
    name = os.fsdecode(b"f\xe9.toml")
    (folder / name).write_text(NET, encoding="utf-8")
    assert started(folder, *PROGRAM, "trace", name).code == 0
    (folder / name).write_text(BROKEN)
    assert started(folder, *PROGRAM, "trace", name).code == 2


def test_text_of_a_file_never_commands_a_terminal(folder: Path) -> None:
    title = 'title = "\\u001b[31mred \\u009b31m \\u202e"'
    (folder / "red.toml").write_text(NET.replace(NET.splitlines()[0], title), encoding="utf-8")
    result = run(folder, "trace", "red.toml")
    assert result.code == 0
    first = result.out.splitlines()[0]
    assert first.isprintable()
    assert "red" in first
    assert json.loads(run(folder, "trace", "red.toml", "--json").out)["title"].startswith("\x1b")


def test_a_folder_without_an_ending_is_no_scenario(folder: Path) -> None:
    (folder / "folder").mkdir()
    (folder / "folder.toml").mkdir()
    for name in ("folder", "folder.toml"):
        for command in ("trace", "show", "validate"):
            result = run(folder, command, name)
            assert (result.code, result.out) == (2, ""), (command, name)


def test_a_file_without_an_ending_is_read(folder: Path) -> None:
    (folder / "plain").write_text(GRAPH)
    assert run(folder, "trace", "plain").code == 0


def test_a_replay_that_cannot_be_read_does_not_matter_without_a_terminal(folder: Path) -> None:
    result = run(folder, "run", "graph.toml", "--replay", "nowhere.txt")
    assert result.code in (0, 2)
    assert (result.out == "") == (result.code == 2)


def test_keys_lists_every_command(folder: Path) -> None:
    result = run(folder, "keys")
    assert (result.code, result.err) == (0, "")
    for command in TABLE:
        labels = key_labels(command)
        assert re.search(rf"^  {re.escape(labels)} +{re.escape(command.word)} ", result.out, re.M)
    assert "\x1b" not in result.out and "keys.toml" in result.out


def test_keys_of_one_s_own(folder: Path, tmp_path: Path) -> None:
    """Which hold for a whole process."""
    file = tmp_path / "nnhs-tui" / "keys.toml"
    file.parent.mkdir()
    file.write_text('[keys]\nzoom = ["X", "Ctrl+X"]\n', encoding="utf-8")
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    result = started(folder, *PROGRAM, "keys", **environment)
    assert re.search(r"^  X Ctrl\+X +zoom ", result.out, re.M)
    printed = started(folder, *PROGRAM, "keys", "--toml", **environment).out
    file.write_text(printed, encoding="utf-8")
    assert started(folder, *PROGRAM, "keys", "--toml", **environment).out == printed
    file.write_text('[keys]\nzoom = "n"\nquit = []\n', encoding="utf-8")
    result = started(folder, *PROGRAM, "keys", **environment)
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == 2
    # What shows no screen needs no keys.
    assert started(folder, *PROGRAM, "list", **environment).code == 0
