"""What an operation or a loss is like stands in its table; elsewhere nothing goes by its name.

`test_made_up.py` asks the same of the running program, this one of its text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from nnhs_tui.core.losses import LOSSES
from nnhs_tui.core.ops import CIRCUIT_NAME, OPERATIONS

HERE = Path(__file__).parents[1] / "nnhs_tui"
NAMES = {*OPERATIONS, *LOSSES, CIRCUIT_NAME}

TABLES = {
    "core/ops.py": "the table of operations",
    "core/losses.py": "the table of losses",
    "core/arithmetic.py": "the functions that both arithmetics have",
}
SYNTAX = "the signs of an expression, which are its grammar"
ROW = "a neuron's row on the tape is made of products and their sum, whatever its activation"
KEY = "a key of the file that has the activation's name"
ELEMENTARY = "a mistake is made at this very sign: a difference turned round, a factor replaced"
LEFT = {
    ("core/asked.py", "product"): ROW,
    ("core/compiler.py", "product"): ROW,
    ("core/quantities.py", "product"): ROW,
    ("core/record.py", "sum"): ROW,
    ("core/inside.py", "sum"): ROW,
    ("core/marking/calculation.py", "sum"): ROW,
    ("core/marking/calculation.py", "product"): ROW,
    ("present/explain.py", "sum"): ROW,
    ("present/provenance.py", "sum"): ROW,
    ("present/written.py", "sum"): ROW,
    ("present/worksheet/solutions.py", "sum"): ROW,
    ("core/marking/calculation.py", "div"): "0 divided by a number leaves nothing to work out",
    ("core/marking/mistakes_forward.py", "sub"): ELEMENTARY,
    ("core/marking/mistakes_backward.py", "sub"): ELEMENTARY,
    ("core/marking/mistakes_backward.py", "mul"): ELEMENTARY,
    ("core/schedule.py", "softmax"): "a kind of steps, not the operation",
    ("core/reading/expression.py", "neg"): SYNTAX,
    ("core/reading/literals.py", "add"): SYNTAX,
    ("core/reading/literals.py", "sub"): SYNTAX,
    ("core/reading/literals.py", "mul"): SYNTAX,
    ("core/reading/literals.py", "div"): SYNTAX,
    ("core/reading/literals.py", "pow"): SYNTAX,
    ("core/reading/schema.py", "sigmoid"): KEY,
    ("core/reading/graph_checks.py", "sigmoid"): KEY,
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
