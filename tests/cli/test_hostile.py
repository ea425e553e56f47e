"""One hostile text through every command and every format: what comes out commands nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nnhs_tui.cli import main
from nnhs_tui.scenario.library import own_folder
from tests.hostile import HOSTILE, LEGITIMATE, ONE_LINE, leaks, toml

NAMES = ("é", "اسم", "학습", "数", "ａ")
FILE = "h\x1b[31m\x9b2J\u202e\u200b\u3164\ufeff[b]\udcff"
"""Of a file: what a system takes, half a character of another encoding too."""
LEVELS = ("layer", "neuron", "node")
TITLE = ONE_LINE + " ".join(LEGITIMATE.values())


def texts(hostile: str = HOSTILE, title: str = TITLE) -> str:
    told = {"title": title, "description": hostile, "source": hostile, "notes": hostile}
    return "".join(f"{key} = {toml(text)}\n" for key, text in told.items())


NET = f"""\
[network]
inputs = [{", ".join(map(toml, NAMES[:2]))}]
[[network.layers]]
name = {toml(NAMES[2])}
weights = [[0.5, -0.25], [1.0, 0.75]]
bias = [0.1, 0.2]
activation = "sigmoid"
[[network.layers]]
weights = [[0.5], [1.5]]
[loss]
kind = "mse"
[[samples]]
x = [1.0, 2.0]
t = [1.0]
[[samples]]
x = [0.5, 0.25]
t = [0.0]
"""
GRAPH = f"""\
[graph]
inputs = {{ {toml(NAMES[0])} = 2.0 }}
parameters = {{ {toml(NAMES[1])} = 3.0 }}
[graph.nodes]
{toml(NAMES[3])} = {toml(f"{NAMES[0]} * {NAMES[1]} + exp({NAMES[0]})")}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path(f"net{FILE}.toml").write_text(texts() + NET, encoding="utf-8")
    Path(f"graph{FILE}.toml").write_text(texts() + GRAPH, encoding="utf-8")
    return tmp_path


Captured = pytest.CaptureFixture[str]


def told(capsys: Captured, *arguments: str, code: int = 0) -> str:
    """What a command prints, both streams looked at."""
    assert main(list(arguments)) == code
    out, err = capsys.readouterr()
    assert leaks(out) == set() and leaks(err) == set()
    assert all(line.startswith("nnhs-tui: ") for line in err.splitlines())
    return out if out else err


MODELS = pytest.mark.parametrize("model", ["net", "graph"])


@MODELS
def test_traces(folder: Path, capsys: Captured, model: str) -> None:
    file = f"{model}{FILE}.toml"
    for level in LEVELS:
        out = told(capsys, "trace", file, "--level", level)
        assert all(each in out for each in LEGITIMATE.values())
        traced = json.loads(told(capsys, "trace", file, "--json", "--level", level))
        assert traced["title"] == TITLE


@MODELS
@pytest.mark.parametrize("form", ["md", "csv", "tex", "html"])
def test_worksheets(folder: Path, capsys: Captured, model: str, form: str) -> None:
    file = f"{model}{FILE}.toml"
    for key in ((), ("--key",)):
        told(capsys, "worksheet", file, "--format", form, *key)
    made = told(capsys, "worksheet", file, "--format", form, "--key", "--output", "sheets")
    assert made.count("\n") == 2
    for path in (each for each in Path("sheets").rglob("*") if each.is_file()):
        assert leaks(path.read_text(encoding="utf-8")) == set()
    told(capsys, "worksheet", file, "--format", form, "--output", "sheets", code=2)


@MODELS
def test_a_sheet_of_the_program_s_own_is_marked_whatever_its_names(
    folder: Path, capsys: Captured, model: str
) -> None:
    file = f"{model}{FILE}.toml"
    out = told(capsys, "worksheet", file, "--format", "csv", "--key")
    quantities = [row["quantity"] for row in csv.DictReader(io.StringIO(out))]
    assert any(NAMES[1] in each for each in quantities)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        Path("key.csv").write_text(out, encoding=encoding)
        found = json.loads(told(capsys, "check", file, "key.csv", "--json"))
        (sheet,) = found["sheets"]
        assert sheet["right"] == sheet["asked"] == len(quantities)
        assert [each["quantity"] for each in sheet["answers"]] == quantities


@MODELS
@pytest.mark.parametrize("form", [(), ("--all",), ("--summary",), ("--json",), ("--csv",)], ids=str)
def test_checks(folder: Path, capsys: Captured, model: str, form: tuple[str, ...]) -> None:
    file = f"{model}{FILE}.toml"
    rows = csv.DictReader(io.StringIO(told(capsys, "worksheet", file, "--format", "csv")))
    quantities = [row["quantity"] for row in rows]
    answers = [each for each in (ONE_LINE, *"\x9b\u202e\u200b\u3164\ufeff\U000e0041")]
    with open(f"a{FILE}.csv", "w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(["quantity", "answer"])
        writer.writerows(zip(quantities, [f"1{each}" for each in answers], strict=False))
    out = told(capsys, "check", file, f"a{FILE}.csv", *form, code=1)
    if form == ("--json",):
        (found,) = json.loads(out)["sheets"]
        assert [each["answer"] for each in found["answers"]][1:3] == ["1\x9b", "1\u202e"]
    Path(f"b{FILE}.csv").write_text(f"quantity,answer\nw{ONE_LINE},1\n", encoding="utf-8")
    Path(f"c{FILE}.csv").write_text(f"{ONE_LINE},1\n", encoding="utf-8")
    for each in (f"b{FILE}.csv", f"c{FILE}.csv", f"missing{FILE}.csv"):
        told(capsys, "check", file, each, *form, code=2)


@MODELS
@pytest.mark.slow
def test_pictures(folder: Path, capsys: Captured, model: str) -> None:
    file = f"{model}{FILE}.toml"
    for command in ("next", "about"):
        out = told(capsys, "picture", file, "--run", command)
        assert ElementTree.fromstring(out).tag.endswith("svg")
    told(capsys, "picture", file, "--run", f"goto {ONE_LINE}", code=2)
    told(capsys, "picture", file, "--at", ONE_LINE, code=2)


@MODELS
def test_the_other_commands(folder: Path, capsys: Captured, model: str) -> None:
    file = f"{model}{FILE}.toml"
    told(capsys, "validate", file)
    shown = told(capsys, "show", file)
    assert tomllib.loads(shown) == tomllib.loads(Path(file).read_text(encoding="utf-8"))
    told(capsys, "gradcheck", file)
    told(capsys, "notes", file, "--print")
    told(capsys, "run", file)
    told(capsys, "resume", "--list")


def test_the_list(folder: Path, capsys: Captured) -> None:
    own_folder().mkdir(parents=True, exist_ok=True)
    own = own_folder() / f"own{FILE}.toml"
    own.write_text(texts() + NET, encoding="utf-8")
    try:
        assert r"a\x1bb" in told(capsys, "list")
        listed = json.loads(told(capsys, "list", "--json"))
        assert TITLE in [each["title"] for each in listed]
        assert str(own) in [each["path"] for each in listed]
    finally:
        own.unlink()


def test_every_error(folder: Path, capsys: Captured) -> None:
    """The same text where it is refused: names, keys, values, files that are not there."""
    hostile = toml(ONE_LINE)
    broken = {
        "key": f"{hostile} = 1\n",
        "value": f"level = {hostile}\n",
        "table": f"[{hostile}.{hostile}]\n",
        "title": f"title = {toml(HOSTILE)}\n",
        "syntax": f"title = '{ONE_LINE}\n",
        "raw": f'title = "{ONE_LINE}"\n',
        "name": f"[graph.nodes]\n{hostile} = {hostile}\n",
        "expression": f"[graph.nodes]\nf = {hostile}\n",
        "frozen": f"[training]\nfrozen = [{hostile}]\n",
        "layer": f"[[network.layers]]\nname = {hostile}\nactivation = {hostile}\n",
        "inputs": f"[network]\ninputs = [{hostile}]\n",
    }
    for name, text in broken.items():
        Path(f"{name}{FILE}.toml").write_text(text, encoding="utf-8")
    files = [f"{name}{FILE}.toml" for name in broken]
    assert told(capsys, "validate", *files, code=2).count("\n") >= len(files)
    for command in ("trace", "worksheet", "gradcheck", "picture", "run", "check"):
        others = ("--at", "1") if command == "picture" else ("x.csv",) if command == "check" else ()
        for file in (files[0], f"none{FILE}", f"none{FILE}.toml", ONE_LINE):
            told(capsys, command, file, *others, code=2)
    for arguments in ((ONE_LINE,), ("trace", "x", f"--{ONE_LINE}"), ("trace", "x", ONE_LINE)):
        told(capsys, *arguments, code=2)
    told(capsys, "trace", f"--level={ONE_LINE}", "chain-rule", code=2)
    told(capsys, "run", "chain-rule", "--replay", f"none{FILE}", code=2)


def test_keys_of_one_s_own(folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / FILE))
    keys = folder / FILE / "nnhs-tui" / "keys.toml"
    keys.parent.mkdir(parents=True)
    for text in (f"[keys]\nnext = {toml(ONE_LINE)}\n", f"{toml(ONE_LINE)} = 1\n", "[keys\n"):
        keys.write_text(text, encoding="utf-8")
        told(capsys, "keys", code=2)
    for hidden in ("\u3164", "\u115f", "\u200b", "\ufe0f"):
        keys.write_text(f"[keys]\nnext = {toml(hidden)}\n", encoding="utf-8")
        told(capsys, "keys", code=2)


@pytest.mark.slow
def test_what_is_printed_in_ascii_is_ascii(folder: Path) -> None:
    for arguments in (("trace",), ("trace", "--json"), ("worksheet",), ("notes", "--print")):
        done = subprocess.run(
            [sys.executable, "-m", "nnhs_tui", "--ascii", *arguments, f"net{FILE}.toml"],
            capture_output=True, timeout=60, check=False,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert leaks((done.stdout + done.stderr).decode("ascii")) == set()
