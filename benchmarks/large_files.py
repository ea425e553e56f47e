"""A collection of scenario files as large as they may be, sound, faulty and hostile."""

from __future__ import annotations

from collections.abc import Callable

SIZE = 8 * 2**20 - 4096
"""Bytes, with room for what stands around."""

NET = 'title = "n"\n[network]\ninputs = {}\n[[network.layers]]\n'
GRAPH = 'title = "g"\n[graph]\ninputs = {{ x = 0.5 }}\n[graph.nodes]\n{}'


def fill(piece: str, size: int = SIZE) -> str:
    """As many pieces as there is room for."""
    return piece * (size // len(piece))


def _graph(nodes: int, terms: int) -> str:
    line = "+".join(["x"] * terms)
    return GRAPH.format("".join(f'n{i} = "{line}"\n' for i in range(nodes)))


def _piled(nodes: int, term: str, times: int) -> str:
    """Named nodes of so many terms each, each of which uses the one before: all are reached."""
    first = "x" if term.startswith("-") else "x + "
    lines = [f'n0 = "{first}{(term * times).rstrip("+*")}"\n']
    for i in range(1, nodes):
        lines.append(lines[0].replace("n0", f"n{i}").replace('"x', f'"0.001*n{i - 1}', 1))
    return GRAPH.format("".join(lines))


def _numbered(template: str, size: int = SIZE) -> str:
    number = size // (len(template) + 4)
    return "".join(template.format(i) for i in range(number))


def _matrix(rows: int, row: str) -> str:
    text = NET.format(rows) + "weights = [\n" + f"{row},\n" * rows + "]\n"
    return text + "[[samples]]\nx = [" + "1," * rows + "]\n"


def _drawn(inputs: int, neurons: int, samples: int, more: str = "") -> str:
    text = NET.format(inputs) + f"neurons = {neurons}\n{more}\n"
    return text + ("[[samples]]\nx = [" + "1," * inputs + "]\n") * samples


FILES: dict[str, Callable[[], str]] = {
    "800 sums of 4,990 terms": lambda: _graph(800, 4990),
    "200 sums of 4,990 terms": lambda: _graph(200, 4990),
    "12 sums of 4,000 terms": lambda: _graph(12, 4000),
    "10,000 nodes of 90 terms": lambda: _graph(10_000, 90),
    "990,000 nodes that all count": lambda: _piled(201, "x+", 4930),
    "990,000 nodes with signs": lambda: _piled(200, "-x+", 2475),
    "990,000 nodes, a sign each": lambda: _piled(201, "-x", 4925),
    "990,000 nodes in brackets": lambda: _piled(350, "(x+x)*", 1415),
    "990,000 nodes with functions": lambda: _piled(400, "exp(x)+", 1240),
    "250,000 layers": lambda: 'title = "l"\n[network]\ninputs = 1\n'
    + "[[network.layers]]\nneurons=1\n" * 250_000,
    "40,000 tables of 99 names": lambda: ("[" + ".".join("a" * 99) + "]\n") * 40_000,
    "tables": lambda: _numbered("[a{}]\n"),
    "samples without anything": lambda: NET.format(1) + "neurons = 1\n" + fill("[[samples]]\n"),
    "samples": lambda: NET.format(1) + "neurons = 1\n" + fill("[[samples]]\nx=[1]\n"),
    "keys with dots": lambda: _numbered("a{}.b = 1\n"),
    "a number of 8 M digits": lambda: "x = " + "9" * SIZE,
    "a fraction of 8 M digits": lambda: "x = 0." + "9" * SIZE,
    "a negative number of 8 M digits": lambda: "x = -" + "9" * SIZE,
    "a negative fraction of 8 M digits": lambda: "x = -0." + "9" * SIZE,
    "a row of one fraction of 8 M digits": lambda: "x = [\n[-0." + "9" * SIZE + "]\n]",
    "remarks": lambda: fill("# remark\n"),
    "one remark": lambda: "# " + "a" * SIZE,
    "one text": lambda: 'title = "' + "a" * SIZE + '"\n' + _drawn(1, 1, 1)[12:],
    "a text that is not closed": lambda: '"""' + fill('\n\\"""'),
    "a matrix of 1,000,000 rows": lambda: _matrix(1_000_000, "[0.5]"),
    "a matrix of rows that differ": lambda: NET.format(1)
    + "weights = [["
    + ",".join(f"{i / 1e6:.6f}" for i in range(900_000))
    + "]]\n[[samples]]\nx = [1]\n",
    "nested lists": lambda: "x = " + "[" * SIZE,
    "empty lists": lambda: "x = [" + fill("[],") + "]",
    "inline tables": lambda: "x = [" + fill("{a=1},") + "]",
    "tables in one another": lambda: "x = " + fill("{a="),
    "unknown keys": lambda: _numbered("a{} = 1\n"),
    "keys that are nearly right": lambda: NET.format(1) + _numbered("weigths{} = 1\n"),
    "10,000 faults": lambda: NET.format(1)
    + "neurons = 1\n"
    + '[[samples]]\nx = ["a"]\ny = 1\n' * 9_999,
    "names that are not there": lambda: GRAPH.format(_numbered('n{} = "x + y"\n', 150_000)),
    "frozen parameters": lambda: _drawn(1, 1, 1)
    + "[training]\nfrozen = ["
    + fill('"layer1.V",')
    + "]\n",
    "inputs of a graph": lambda: 'title = "g"\n[graph]\ninputs = {'
    + ",".join(f"x{i}=1" for i in range(700_000)) + '}\n[graph.nodes]\na="x0"\n',
    "300,000 inputs of a graph, 2,000 samples": lambda: 'title = "g"\n[graph]\ninputs = {'
    + ",".join(f"x{i}=1" for i in range(300_000)) + '}\n[graph.nodes]\na="x0"\n'
    + "[[samples]]\nx1 = 2\n" * 2_000,
    "2 million parameters, 50 samples": lambda: _drawn(1, 2_000_000, 50),
    "10,000 × 10,000": lambda: _drawn(1, 10_000, 10_000),
    "a softmax of 1,000,000": lambda: _drawn(1, 1_000_000, 1, 'activation = "softmax"'),
    "by hand, 100,000 parameters": lambda: 'arithmetic = "hand"\n' + _drawn(1, 100_000, 1),
    "by hand, 90,000 parameters": lambda: 'arithmetic = "hand"\n' + _drawn(300, 300, 1),
    "by hand, 33,000 sigmoids": lambda: 'arithmetic = "hand"\n'
    + _drawn(1, 33_000, 1, 'activation = "sigmoid"'),
    "by hand, 10,000 samples": lambda: 'arithmetic = "hand"\n' + _drawn(1, 4, 10_000),
    "by hand, 2 million parameters": lambda: 'arithmetic = "hand"\n' + _drawn(1, 2_000_000, 1),
}  # fmt: skip
"""What each is called, and what makes it."""
