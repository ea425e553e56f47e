"""What people read where programs go by an id: a table for each kind, from id to label.

Files, commands, JSON and comparisons have the ids; whatever is shown has the labels. A translation
changes these tables; the labels of panes and of groups of commands stand in their own rows.
"""

PHASE = {"forward": "forward", "backward": "backward", "update": "update"}

LEVEL = {"layer": "layer", "neuron": "neuron", "node": "node"}
STEPS = {"layer": "layers", "neuron": "neurons", "node": "nodes"}
"""What is stepped by at a level."""
GRAPH_STEPS = {
    "layer": "named nodes",
    "neuron": "single operations",
    "node": "single operations",
}
"""The same in a graph, which has no neurons."""

ARITHMETIC = {"exact": "exact", "hand": "hand"}
NOTATION = {"rows": "a row per input: O = X·W", "neurons": "a row per neuron: o = W·x"}
FORM = {"matrix": "matrix", "scalar": "scalar"}
DRAWING = {"layers": "layers of neurons", "nodes": "elementary nodes"}

VERDICT = {
    "right": "right",
    "rounded": "rounded",
    "close": "close",
    "follows": "follows",
    "mistake": "mistake",
    "wrong": "wrong",
    "blank": "blank",
    "unreadable": "unreadable",
}
"""What became of an answer."""
CHECK = {
    "ok": "ok",
    "disagrees": "disagrees",
    "not differentiable here": "not differentiable here",
    "cannot be tried here": "cannot be tried here",
}
"""What became of a gradient check."""

CHAPTER = {
    "forward": "Forward",
    "slopes": "Slopes",
    "net": "The whole net",
    "training": "Training",
    "further": "Further",
    "errata": "The article's mistakes",
    "own": "Your own scenarios",
}
"""The chapters of the list of scenarios; one that somebody names otherwise is its own label."""

COVER = {
    "blank": "a blank screen",
    "page": "a page of text",
    "self-test": "a self-test",
    "picker": "the list of scenarios",
    "other": "something else",
}
"""What may lie over the debugger."""


COUNTED = {
    "sample": ("{n} sample", "{n:,} samples"),
    "parameter": ("{n} parameter", "{n:,} parameters"),
    "node": ("{n} node", "{n:,} nodes"),
    "neuron": ("{n} neuron", "{n:,} neurons"),
    "value": ("{n} value", "{n:,} values"),
    "number": ("{n} number", "{n:,} numbers"),
    "entry": ("{n} entry", "{n:,} entries"),
    "row": ("{n} row", "{n:,} rows"),
    "column": ("{n} column", "{n:,} columns"),
    "field": ("{n} field", "{n:,} fields"),
    "word": ("{n} word", "{n:,} words"),
    "key": ("{n} key", "{n:,} keys"),
    "fault": ("{n} fault", "{n:,} faults"),
    "fault more": ("{n} more fault", "{n} more faults"),
    "fault now": (
        "the file has a fault now (F5 shows it): {first}",
        "the file has {n} faults now (F5 shows them): {first}",
    ),
    "place more": ("{n} more place", "{n} more places"),
    "line more": ("{n} more line", "{n} more lines"),
    "round": ("{n} round", "{n} rounds"),
    "decimal": ("{n} decimal", "{n} decimals"),
    "digit": ("{n} digit", "{n} digits"),
    "hit": ("{n} hit", "{n} hits"),
    "answer": ("{n} answer", "{n} answers"),
    "test left": ("{n} more was left", "{n} more were left"),
    "part": ("part {parts} of the article", "parts {parts} of the article"),
    "erratum": ("its mistake {names}", "its mistakes {names}"),
    "step": ("{n} step", "{n:,} steps"),
    "layer": ("{n} layer", "{n} layers"),
    "person who follows": ("{n} person follows", "{n} people follow"),
    "input": ("{n} input", "{n:,} inputs"),
    "axis": ("{n} axis", "{n} axes"),
    "epoch": ("{n} epoch", "{n:,} epochs"),
    "look": ("{n} look", "{n} looks"),
    "task": ("{n} task", "{n} tasks"),
    "sheet": ("{n} sheet", "{n} sheets"),
    "update before": ("so was the update before", "so were the {n} updates before"),
    "round kept": ("the {n} before it stays", "the {n} before it stay"),
    "neuron like this": ("neuron {names} is {told}", "neurons {names} are {told}"),
}
"""What is counted, as templates: for one, and for any other number."""


def counted(number: int, thing: str, **parts: str) -> str:
    """A counted thing, one of `COUNTED`; `parts` are what else its template names.

    >>> counted(1, "sample"), counted(10_000, "sample"), counted(0, "entry")
    ('1 sample', '10,000 samples', '0 entries')
    """
    one, many = COUNTED[thing]
    return (one if number == 1 else many).format(n=number, **parts)


TABLES = (
    *(PHASE, LEVEL, STEPS, GRAPH_STEPS),
    *(ARITHMETIC, NOTATION, FORM, DRAWING),
    *(VERDICT, CHECK, CHAPTER, COVER),
)
