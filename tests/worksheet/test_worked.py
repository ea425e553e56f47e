"""The steps as a spreadsheet, a page and LaTeX say what the JSON says."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.step_rows import COLUMNS
from nnhs_tui.present.trace import trace_json
from nnhs_tui.scenario.library import scenario_paths
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.worksheet.worked import trace_csv, trace_html, trace_latex

LEVELS = ("layer", "neuron", "node")
SHIPPED = {path.stem: path for path in scenario_paths(own=False)}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SHIPPED)
def test_the_table_has_the_steps_of_the_json(name: str, level: str) -> None:
    session = Session(load(SHIPPED[name]))
    rounds = trace_json(session, level, 2)["rounds"]
    rows = list(csv.DictReader(io.StringIO(trace_csv(session, level, 2))))
    steps = [(each["round"], step) for each in rounds for step in each["steps"]]
    assert len(rows) == len(steps)
    for row, (number, step) in zip(rows, steps, strict=True):
        assert tuple(row) == COLUMNS
        assert (int(row["round"]), int(row["n"]), row["phase"]) == (
            number, step["n"], step["phase"],
        )  # fmt: skip
        assert row["sample"] == ("" if step["sample"] is None else str(step["sample"]))
        assert json.loads(row["value"]) == step["value"] and row["shown"] == step["shown"]
        for text in ("name", "formula", "numbers"):
            assert row[text].removeprefix("'") == step[text]


HOSTILE = """title = "=1+1 <b>\\u001b[31m \\\\input{x} $ % & _"
[graph]
parameters = { w = 2.0 }
nodes = { f = "-w", g = "f + 3" }
"""


def test_no_cell_is_a_formula() -> None:
    session = Session(from_text(HOSTILE, "t.toml"))
    for row in csv.reader(io.StringIO(trace_csv(session, "node", 1))):
        for place, cell in enumerate(row[:-2]):
            is_number = re.fullmatch(r"-[\d.]+", cell) is not None
            assert is_number or cell[:1] not in ("=", "+", "@", "-"), (place, cell)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows = self.underlined = self.blue = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "b", "img")
        classes = (dict(attrs).get("class") or "").split()
        self.underlined += "parameter" in classes
        self.blue += "backward" in classes
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.rows += tag == "tr"

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("level", LEVELS)
def test_a_page_marks_what_goes_back_and_the_gradients_of_parameters(level: str) -> None:
    session = Session(load(SHIPPED["two-layer-sigmoid"]))
    reader = Reader()
    reader.feed("\n".join(trace_html(session, level, 2)))
    steps = [step for each in trace_json(session, level, 2)["rounds"] for step in each["steps"]]
    assert not reader.open and reader.rows == len(steps) + 2
    backward = [step for step in steps if step["phase"] == "backward"]
    assert reader.blue == len(backward)
    parameters = [step for step in backward if ".W" in step["name"]]
    assert reader.underlined == len(parameters) == (16 if level == "node" else reader.underlined)


def test_texts_of_a_file_are_text_in_all_of_them() -> None:
    session = Session(from_text(HOSTILE, "t.toml"))
    page = "\n".join(trace_html(session, "node", 1))
    assert "\x1b" not in page and "<b>" not in page
    latex = "\n".join(trace_latex(session, "node", 1))
    assert latex.isascii() and r"\input" not in latex


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex")
@pytest.mark.parametrize("name", ["two-layer-sigmoid", "three-samples", "sigmoid-circuit"])
def test_latex_is_set_without_a_warning(name: str, tmp_path: Path) -> None:
    text = "\n".join(trace_latex(Session(load(SHIPPED[name])), "node", 2))
    (tmp_path / "t.tex").write_text(text, encoding="ascii")
    order = ["pdflatex", "-interaction=nonstopmode", "t.tex"]
    done = subprocess.run(order, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Warning" not in done.stdout and "Overfull" not in done.stdout
    assert "Loss of round 2" in text or name == "sigmoid-circuit"


def test_hostile_latex_is_set_too(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("there is no pdflatex")
    session = Session(from_text(HOSTILE, "t.toml"))
    (tmp_path / "t.tex").write_text("\n".join(trace_latex(session, "node", 1)), encoding="ascii")
    order = ["pdflatex", "-interaction=nonstopmode", "t.tex"]
    assert subprocess.run(order, cwd=tmp_path, capture_output=True, check=False).returncode == 0
