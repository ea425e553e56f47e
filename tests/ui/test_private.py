"""What is private to Textual is touched in one folder, and each detail is looked for before use."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from textual.app import App
from textual.command import CommandPalette
from textual.driver import Driver
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from nnhs_tui.ui.terminal.terminal_app import TerminalApp

UI = Path(__file__).parents[2] / "nnhs_tui" / "ui"
CLASSES = (App, Screen, Widget, CommandPalette, Driver, Input)
PRIVATE = {
    name
    for each in CLASSES
    for name in {*vars(each), *re.findall(r"self\.(_[a-z]\w*)", inspect.getsource(each))}
    if re.match(r"_[a-z]", name)
}
"""The private names of Textual's classes that the program's own are made from."""


def defined(tree: ast.AST) -> set[str]:
    """The attributes that a file's own classes set, and the methods they have."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return found


OUTSIDE = [path for path in sorted(UI.rglob("*.py")) if path.parent.name != "terminal"]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path.relative_to(UI).as_posix())
def test_nothing_else_rests_on_what_is_private(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = defined(tree)
    touched = {
        (node.lineno, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in PRIVATE - own
    }
    touched |= {
        (node.lineno, node.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in PRIVATE
    }
    assert touched == set()


def test_the_names_that_were_mended_are_known_as_private() -> None:
    """Each of these stood outside the folder once."""
    assert {"_driver", "_compositor", "_exit_renderables", "_action_command_list"} <= PRIVATE


def test_without_the_details_it_is_an_app_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TerminalApp()
    monkeypatch.delattr(app, "_driver", raising=False)
    assert not app.has_shell
    monkeypatch.setattr(TerminalApp, "screen", object())
    with pytest.raises(RuntimeError, match="does not tell"):
        app.strips()
