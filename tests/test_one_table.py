"""What an operation or a loss is like stands in its table; elsewhere nothing goes by its name.

`test_made_up.py` asks the same of the running program, this one of its text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.table import CIRCUIT_NAME, OPERATIONS

HERE = Path(__file__).parents[1] / "nnhs_tui"
NAMES = {*OPERATIONS, *LOSSES, CIRCUIT_NAME}

TABLES = {
    "operations/table.py": "the table of operations",
    "operations/further.py": "its further rows",
    "operations/losses.py": "the table of losses",
    "operations/spellings.py": "how both are written in programs",
    "operations/arithmetic.py": "the functions that both arithmetics have",
}
SYNTAX = "the signs of an expression, which are its grammar"
ROW = "a neuron's row on the tape is made of products and their sum, whatever its activation"
LAYERS = "the boundary is trained layer by layer, all points at once, beside the tape"
KEY = "a key of the file that has the activation's name"
ELEMENTARY = "a mistake is made at this very sign: a difference turned round, a factor replaced"
LEFT = {
    ("marking/asked_quantities.py", "product"): ROW,
    ("autodiff/compiler.py", "product"): ROW,
    ("debugger/naming/reading.py", "product"): ROW,
    ("autodiff/record.py", "sum"): ROW,
    ("debugger/sub_steps.py", "sum"): ROW,
    ("marking/calculation/sample.py", "sum"): ROW,
    ("marking/calculation/sample.py", "product"): ROW,
    ("present/panes/explain.py", "sum"): ROW,
    ("present/lists/where_from.py", "sum"): ROW,
    ("present/panes/written_out.py", "sum"): ROW,
    ("present/solutions.py", "sum"): ROW,
    ("marking/calculation/line.py", "div"): "0 divided by a number leaves nothing to work out",
    ("marking/mistakes/forward.py", "sub"): ELEMENTARY,
    ("marking/mistakes/forward.py", "add"): ELEMENTARY,
    ("marking/mistakes/at_loss.py", "log"): ELEMENTARY,
    ("marking/mistakes/backward.py", "sub"): ELEMENTARY,
    ("marking/mistakes/backward.py", "mul"): ELEMENTARY,
    ("autodiff/schedule.py", "softmax"): "a kind of steps, not the operation",
    ("scenario/reading/expression.py", "neg"): SYNTAX,
    ("scenario/reading/literals.py", "add"): SYNTAX,
    ("scenario/reading/literals.py", "sub"): SYNTAX,
    ("scenario/reading/literals.py", "mul"): SYNTAX,
    ("scenario/reading/literals.py", "div"): SYNTAX,
    ("scenario/reading/literals.py", "pow"): SYNTAX,
    ("labels.py", "step"): "a step of the debugger",
    ("debugger/naming/destinations.py", "step"): "what an update takes off",
    ("ui/debugger/parts/asides.py", "copy"): "the command that copies to the clipboard",
    ("boundary/net.py", "tanh"): LAYERS,
    ("boundary/net.py", "relu"): LAYERS,
    ("lessons/printed.py", "exp"): "where the article's slip of the sign stands",
    ("scenario/reading/schema.py", "sigmoid"): KEY,
    ("scenario/reading/graph_checks.py", "sigmoid"): KEY,
    ("scenario/reading/checks.py", "sigmoid"): KEY,
}
"""(file, name) → why the name stands there."""


def decided_by(tree: ast.AST) -> Iterator[str]:
    """The texts that something is compared with, looked up by, or that are a table's keys."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.Dict):
            parts = list(node.keys)
        elif isinstance(node, ast.Subscript):
            parts = [node.slice]
        for part in parts:
            for each in ast.walk(part) if part is not None else ():
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def test_nothing_goes_by_the_name_of_an_operation_or_a_loss() -> None:
    found = {
        (file, name)
        for path in HERE.rglob("*.py")
        for file in (path.relative_to(HERE).as_posix(),)
        if file not in TABLES
        for name in decided_by(ast.parse(path.read_text(encoding="utf-8")))
        if name in NAMES
    }
    assert found == set(LEFT)
