"""Which folder may import which, and that no two modules import each other.

The contracts in pyproject.toml say the same of whole folders; here the source is read. The second
half runs fresh interpreters and looks at what was loaded, since an import inside a function is seen
in the source whether or not it is reached.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "nnhs_tui"
LAYERS = (
    "characters",
    "room",
    "errors",
    "extras",
    "labels",
    "operations",
    "scenario",
    "autodiff",
    "commands",
    "training",
    "debugger",
    "marking",
    "store",
    "lessons",
    "boundary",
    "exchange",
    "selftest",
    "hall",
    "present",
    "worksheet",
    "web",
    "ui",
    "serve",
    "public",
    "cli",
)
"""Each may import those before it."""
OUTSIDE = {"__init__", "__main__"}
WITH_SCREEN = {"ui", "serve", "public", "cli"}
SCREEN = {"textual", "rich"}


def module_name(path: Path) -> list[str]:
    """The dotted name of a file, as a list: nnhs_tui/ui/app.py is nnhs_tui, ui, app."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts


def imported(source: str, module: list[str], *, is_package: bool = False) -> Iterator[str]:
    """Absolute names of everything that the source of `module` imports, wherever it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            level = node.level - is_package
            base = module[: len(module) - level] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def offences(source: str, module: list[str]) -> list[str]:
    """The imports that `module` must not make."""
    layer = module[1]
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    found = []
    for name in imported(source, module):
        first, second = [*name.split("."), ""][:2]
        is_screen = first in SCREEN and layer not in WITH_SCREEN
        if (first == PACKAGE and second in above) or is_screen:
            found.append(name)
    return found


SOURCES = sorted((ROOT / PACKAGE).rglob("*.py"))
LAYERED = [path for path in SOURCES if module_name(path)[1] not in OUTSIDE]


@pytest.mark.parametrize("path", LAYERED, ids=lambda path: ".".join(module_name(path)[1:]))
def test_imports_go_down_only(path: Path) -> None:
    module = module_name(path)
    assert module[1] in LAYERS, f"{path.name} belongs to no layer: add its layer to LAYERS"
    assert offences(path.read_text(encoding="utf-8"), module) == []


def modules_imported(path: Path, known: set[str]) -> set[str]:
    """The modules of the program that a file imports, typing and inside functions included."""
    module = module_name(path)
    source = path.read_text(encoding="utf-8")
    found = set()
    for name in imported(source, module, is_package=path.stem == "__init__"):
        parts = name.split(".")
        longest = next(
            (p for n in range(len(parts), 0, -1) if (p := ".".join(parts[:n])) in known), ""
        )
        found.add(longest)
    return found - {"", ".".join(module)}


def test_no_two_modules_import_each_other() -> None:
    known = {".".join(module_name(path)): path for path in LAYERED}
    graph = {name: modules_imported(path, set(known)) for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_a_circle_is_found() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"c"}, "c": {"a"}}).prepare()


def test_every_layer_was_read() -> None:
    assert {module_name(path)[1] for path in LAYERED} == set(LAYERS)


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("operations.table", "import textual.app", ["textual.app"]),
        ("operations.table", "from nnhs_tui.present import frame", ["nnhs_tui.present.frame"]),
        ("operations.table", "def f():\n    from ..ui.app import App", ["nnhs_tui.ui.app.App"]),
        ("operations.table", "from .. import cli", ["nnhs_tui.cli"]),
        ("operations.table", "import numpy\nfrom nnhs_tui import errors", []),
        ("scenario.model", "from nnhs_tui.autodiff import tape", ["nnhs_tui.autodiff.tape"]),
        ("marking.judge", "from nnhs_tui.debugger import quantity", []),
        ("present.frame", "from rich.text import Text", ["rich.text.Text"]),
        ("present.frame", "from nnhs_tui.debugger import session", []),
        ("ui.app", "from nnhs_tui import cli", ["nnhs_tui.cli"]),
        ("ui.app", "import rich\nfrom nnhs_tui.present import frame", []),
        ("cli", "from nnhs_tui.ui.app import App", []),
    ],
)
def test_the_check_itself(module: str, source: str, expected: list[str]) -> None:
    assert offences(source, [PACKAGE, *module.split(".")]) == expected


WATCHED = ("numpy", "platformdirs", "rich", "textual", "voluptuous")
REPORT = f"print('loaded:', *(m for m in {WATCHED} if m in sys.modules), file=sys.stderr)"
RUN = f"""
import sys
from nnhs_tui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
{REPORT}
sys.exit(code)
"""


def loaded(program: str, *arguments: str) -> set[str]:
    """Which of the watched packages a fresh interpreter without a terminal has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    label, *names = done.stderr.splitlines()[-1].split()
    assert label == "loaded:"
    return set(names)


def test_importing_the_package_loads_nothing() -> None:
    assert loaded(f"import sys, nnhs_tui\n{REPORT}") == set()


def test_what_is_loaded_is_seen() -> None:
    assert loaded(f"import sys, nnhs_tui.ui.app\n{REPORT}") >= SCREEN


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"]], ids=" ".join)
def test_listing_loads_neither_numbers_nor_a_screen(arguments: list[str]) -> None:
    assert loaded(RUN, *arguments) <= {"platformdirs"}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["show", "two-layer-sigmoid"],
        ["validate", "scenarios/two-layer-sigmoid.toml"],
        ["trace", "two-layer-sigmoid"],
        ["trace", "two-layer-sigmoid", "--json"],
        ["gradcheck", "two-layer-sigmoid"],
        ["run", "two-layer-sigmoid"],
        ["notes", "two-layer-sigmoid"],
    ],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_without_a_terminal_no_screen_is_loaded(arguments: list[str]) -> None:
    assert not loaded(RUN, *arguments) & SCREEN
