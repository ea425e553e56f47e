"""Saving what the round in work begins with as a scenario file of its own.

The text of the file that was opened is kept, remarks and layout included; only the numbers that
are others now are written in their places. It is written whole or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.matrices import family_of, indices_of
from nnhs_tui.autodiff.passes import Samples
from nnhs_tui.characters import printable
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal, ScenarioError, quoted, shorten
from nnhs_tui.operations.numerals import Number, plain
from nnhs_tui.scenario.in_line import in_line
from nnhs_tui.scenario.library import own_folder, shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Graph, Network, Scenario
from nnhs_tui.scenario.writing import followed, write_whole
from nnhs_tui.training.edits import Edit

ENDING = ".toml"
_WHAT_IF, _FROM_ROUND = "; what if ", "; from round "
_TITLED = 2
"""Edits that the title of a saved scenario names."""


def place_of(name: str) -> Path:
    """The file that a name or a path stands for; a bare name is one of the user's own scenarios.

    Raises:
        Refusal: no file can have this name, or it is a scenario that comes with the program.
    """
    if printable(name) != name or len(os.fsencode(name)) > 1000:
        raise _no_name(name)
    try:
        path = _path_of(name)
        shipped = shipped_folder()
        is_shipped = followed(path).is_relative_to(shipped.resolve())
        if is_shipped or (path.parent == own_folder() and (shipped / path.name).exists()):
            raise Refusal(f"{shorten(name)} comes with the program: save it under another name")
    except (OSError, RuntimeError):
        # Names that are too long, links that lead in a circle, `~` of somebody who is not there:
        # what the system says of them differs from call to call.
        raise _no_name(name) from None
    return path


def _path_of(name: str) -> Path:
    if os.sep in name or name.endswith(ENDING):
        if not name.endswith(ENDING) or Path(name).name == ENDING:
            raise Refusal(f"{shorten(name)}: expected a name, or a path that ends in {ENDING}")
        return Path(name).expanduser()
    if name.startswith("."):
        raise Refusal(f"{shorten(name)}: expected a name that begins with a letter or a digit")
    return own_folder() / f"{name}{ENDING}"


def _no_name(name: str) -> Refusal:
    return Refusal(f"no file can be called {quoted(name)}")


def save(session: Session, name: str, *, over: bool) -> Path:
    """Write what the round in work begins with; gives the file.

    Args:
        name: a name or a path, see `place_of`.
        over: whether a file that is there already is written over.

    Raises:
        Refusal: it cannot be written; nothing is changed then.
    """
    path, text = place_of(name), text_of(session)
    try:
        path.parent.mkdir(parents=True, exist_ok=True) if path.parent == own_folder() else None
        _write(path, text, over=over, check=lambda draft: _check(session, draft))
    except FileExistsError:
        raise Refusal(f"{shorten(name)} is there already; save! writes over it") from None
    except IsADirectoryError:
        raise Refusal(f"{shorten(name)} is a folder; expected the name of a file") from None
    except FileNotFoundError:
        raise Refusal(f"{shorten(name)}: there is no such folder; make it first") from None
    except OSError as error:
        raise Refusal(f"{shorten(name)} cannot be written: {error.strerror or error}") from None
    return path


def is_open_in(session: Session, path: Path) -> bool:
    """Whether a file is the one a session was opened from."""
    try:
        return path.samefile(session.scenario.path)
    except (OSError, ValueError):
        return False


def _write(path: Path, text: str, *, over: bool, check: Callable[[Path], None]) -> None:
    """Write a text whole or not at all; where a file is there already only with `over`."""
    target = followed(path)
    if target.is_dir():
        raise IsADirectoryError
    if target.exists() and not over:
        raise FileExistsError
    write_whole(target, text, over=over, check=check)


def _check(session: Session, draft: Path) -> None:
    """The draft must load, and begin with the very numbers of the round in work.

    Raises:
        Refusal: it does not.
    """
    try:
        loaded = load(draft)
    except ScenarioError as error:
        raise Refusal(f"the edits make no sound scenario: {error.faults[0]}") from None
    run, number = session.run, session.round
    tape = compile_tape(loaded)
    same = tape.size == session.tape.size and all(
        (initial_parameters(loaded, run.arithmetic) == run.parameters(number)).tolist()
    )
    for place, sample in enumerate(Samples(tape, run.arithmetic)):
        leaves = sample.leaves
        same = same and leaves.tolist() == run.prepared(number, place).leaves.tolist()
    optimizer = session.scenario.optimizer
    if any(each.any() for each in run.state(number)):
        name, kept = optimizer.rule.name, ", ".join(optimizer.keeps)
        raise Refusal(f"a file cannot hold what {name} keeps ({kept}): save in round 1")
    if number and optimizer.differs_by_count:
        raise Refusal("a file cannot hold how many updates were done: save in round 1")
    rate = run.arithmetic.number(loaded.learning_rate)
    if not same or rate != run.written_rate(number):
        raise Refusal("this file is written in a way that edits cannot be put into")


def text_of(session: Session) -> str:
    """The text of the scenario's file with the numbers of the round in work.

    Raises:
        Refusal: the file is another one by now.
    """
    import tomlkit  # Only who saves waits for it.

    path = session.scenario.path
    try:
        now = load(path)
    except ScenarioError:
        now = None
    if now is None or now != session.scenario:
        raise Refusal("the scenario's file has changed since it was opened: open it again first")
    document = tomlkit.parse(in_line(now, session.run.arithmetic))
    _Editor(document, session).edit()
    return tomlkit.dumps(document)


class _Editor:
    """Puts numbers into a document of TOML Kit, which keeps everything else as it was."""

    def __init__(self, document: Any, session: Session) -> None:
        self.document, self.session = document, session
        self.scenario: Scenario = session.scenario
        self.number = session.round
        self.edits = [edit for edit in session.edits if edit.round <= self.number]

    def edit(self) -> None:
        for edit in self.edits:
            if edit.kind == "rate":
                if "training" not in self.document:
                    self.document["training"] = {}
                self.document["training"]["learning_rate"] = _literal(edit.value)
            elif edit.kind == "parameter":
                continue
            elif isinstance(self.scenario.model, Graph):
                self._graph_input(self.scenario.model, edit)
            else:
                sample = self.document["samples"][edit.sample]
                sample["t" if edit.kind == "target" else "x"][edit.place] = _literal(edit.value)
        if isinstance(self.scenario.model, Graph):
            self._graph_parameters(self.scenario.model)
        else:
            self._layers(self.scenario.model)
        if self.edits or self.number:
            self.document["title"] = self._title()

    def _graph_input(self, model: Graph, edit: Edit) -> None:
        name = list(model.inputs)[edit.place]
        given = self.document["graph"]["inputs"]
        if "samples" in self.document:
            whole, sample = family_of(name), self.document["samples"][edit.sample]
            if whole not in sample and isinstance(given[whole], list):
                sample[whole] = given[whole].unwrap()
            given = sample
        _put(given, name, _literal(edit.value))

    def _changed(self) -> set[int]:
        """The ids of the parameters that are others than in the file."""
        if self.number:
            return set(range(self.session.tape.parameters))
        return {edit.place for edit in self.edits if edit.kind == "parameter"}

    def _value(self, parameter: int) -> Any:
        return _literal(self.session.run.parameters(self.number)[parameter])

    def _graph_parameters(self, model: Graph) -> None:
        for place, name in enumerate(model.parameters):
            if place in self._changed():
                _put(self.document["graph"]["parameters"], name, self._value(place))

    def _layers(self, model: Network) -> None:
        changed, tables = self._changed(), self.document["network"]["layers"]
        by_neurons = self.document["network"].get("rows") == "neurons"
        for block, layer, table in zip(self.session.tape.layers, model.layers, tables, strict=True):
            weights = range(block.weights, block.weights + block.n * block.m)
            if layer.weights is None and not changed.isdisjoint(weights):
                ids = [[block.w(i, j) for j in range(block.m)] for i in range(block.n)]
                self._spell_out(table, [*map(list, zip(*ids, strict=True))] if by_neurons else ids)
            elif layer.weights is not None:
                for parameter in changed.intersection(weights):
                    i, j = divmod(parameter - block.weights, block.m)
                    row, column = (j, i) if by_neurons else (i, j)
                    table["weights"][row][column] = self._value(parameter)
            if block.bias is None or changed.isdisjoint(range(block.bias, block.bias + block.m)):
                continue
            if not isinstance(table["bias"], list):
                table["bias"] = [0] * block.m
            for j in range(block.m):
                if block.bias + j in changed:
                    table["bias"][j] = self._value(block.bias + j)

    def _spell_out(self, table: Any, ids: list[list[int]]) -> None:
        """Weights that were drawn at random become numbers."""
        table.pop("neurons", None)
        table.pop("init", None)
        table["weights"] = [[self._value(each) for each in row] for row in ids]

    def _title(self) -> str:
        title = self.scenario.title.split(_WHAT_IF)[0].split(_FROM_ROUND)[0]
        names = [f"{edit.name} = {plain(edit.value)}" for edit in self.edits]
        more = f" and {len(names) - _TITLED} more" if len(names) > _TITLED else ""
        what_if = f"{_WHAT_IF}{', '.join(names[:_TITLED])}{more}" if names else ""
        return title + what_if + (f"{_FROM_ROUND}{self.number + 1}" if self.number else "")


def _put(table: Any, name: str, value: Any) -> None:
    """Puts a number in its place: `x`, `b[2]` of a row, `W[2,1]` of a matrix."""
    whole = family_of(name)
    if not isinstance(table.get(whole), list):
        table[whole] = value
        return
    here, index = table[whole], [each - 1 for each in indices_of(name)] or [0]
    if isinstance(here[0], list):
        here = here[index[0] if len(index) > 1 else 0]
    here[index[-1]] = value


def _literal(value: Number) -> Any:
    """A number as it stands in a file: a double in its shortest form, a decimal as written."""
    import tomlkit

    text = repr(float(value)) if isinstance(value, float) else plain(value)
    return tomlkit.value(text if any(sign in text for sign in ".eE") else f"{text}.0")
