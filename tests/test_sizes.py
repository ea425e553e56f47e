"""Nothing becomes so large that it has to be read as a whole: classes, with what they inherit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "nnhs_tui"
MOST = 45
"""Members of a class, those of its ancestors in the program included."""

Classes = dict[str, tuple[set[str], list[str]]]
"""Of each class its own members, and the names of its ancestors."""


def classes_of(source: str) -> Iterator[tuple[str, tuple[set[str], list[str]]]]:
    """The classes of a module: methods, and the attributes they set on themselves."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            functions = (ast.FunctionDef, ast.AsyncFunctionDef)
            own = {each.name for each in node.body if isinstance(each, functions)}
            own |= {
                each.attr
                for each in ast.walk(node)
                if isinstance(each, ast.Attribute)
                and isinstance(each.ctx, ast.Store)
                and isinstance(each.value, ast.Name)
                and each.value.id == "self"
            }
            yield node.name, (own, [each.id for each in node.bases if isinstance(each, ast.Name)])


def members(name: str, classes: Classes) -> set[str]:
    """All members of a class."""
    own, ancestors = classes.get(name, (set(), []))
    return own.union(*(members(each, classes) for each in ancestors if each != name))


def test_no_class_is_too_large() -> None:
    classes: Classes = {}
    for path in PACKAGE.rglob("*.py"):
        classes |= classes_of(path.read_text(encoding="utf-8"))
    assert len(classes) > 100
    assert [name for name in classes if len(members(name, classes)) > MOST] == []


def test_what_is_inherited_counts() -> None:
    source = """
class A:
    def one(self): self.two, self.three = 2, 3
class B(A):
    async def four(self): self.two += other.five
"""
    found = dict(classes_of(source))
    assert members("A", found) == {"one", "two", "three"}
    assert members("B", found) == {"one", "two", "three", "four"}
