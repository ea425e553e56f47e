"""Inputs of the corpus that are too large to be stored, or easier to read as a line of Python."""

from __future__ import annotations

from collections.abc import Callable

Recipe = Callable[[], bytes]


def _sums() -> bytes:
    """800 named sums of 4,990 terms: four million elementary nodes in 8 MB."""
    line = "+".join("x" * 4990)
    nodes = "\n".join(f'n{number} = "{line}"' for number in range(800))
    return f'title = "sums"\n[graph]\ninputs = {{ x = 1 }}\n[graph.nodes]\n{nodes}\n'.encode()


def _layers() -> bytes:
    """250,000 layers."""
    head = 'title = "deep"\n[network]\ninputs = 1\n[[samples]]\nx = [1]\n'
    return (head + "[[network.layers]]\nweights=[[1]]\n" * 250_000).encode()


def _dotted_tables() -> bytes:
    """Keys of a hundred parts, 8 MB of them."""
    part = ".".join("a" * 99)
    lines = [f"k{number}.{part} = 1" for number in range(40_000)]
    return ('title = "dotted"\n' + "\n".join(lines)).encode()[: 8 * 2**20]


def _unknown(count: int) -> bytes:
    """Quantities that there are not, each as near to those there are as the others."""
    return "".join(
        ["quantity,answer\n", *(f"hidden.q[{number}],1\n" for number in range(count))]
    ).encode()


GRAPH = 'title = "g"\n[graph]\n'
RECIPES: dict[str, dict[str, Recipe]] = {
    "files": {
        # Four million elementary nodes, of which only the 800 named ones were counted.
        "sums.toml": _sums,
        "layers.toml": _layers,
        "dotted-tables.toml": _dotted_tables,
        # Eight million digits in one number: a gigabyte.
        "digits.toml": lambda: (GRAPH + "inputs = { x = " + "9" * 8_000_000 + " }").encode(),
        # `show` read anything, of any size.
        "nul.toml": lambda: b"\0" * 9 * 2**20,
    },
    "sheets": {
        # A field of more than 131,072 characters in the first row: a traceback of Python's csv.
        "giant-header.csv": lambda: b"quantity," + b"a" * 200_000 + b"\n",
        "one-long-line.csv": lambda: b"a" * 3_000_000,
        # Empty fields behind a row were taken off one by one, each with a copy of the row.
        "trailing-commas.csv": lambda: b"quantity,answer\nhidden.z[1],0.30" + b"," * 200_000,
        # "Did you mean" was looked up for each, and then not said.
        "unknown-20000.csv": lambda: _unknown(20_000),
        "long-answer.csv": lambda: b"quantity,answer\nhidden.z[1]," + b"1" * 100_000 + b"\n",
    },
    "keys": {
        # A fault repeated all of the key.
        "long-key.toml": lambda: b'[keys]\nnext = "Ctrl+' + b"Z" * 5_000 + b'"\n',
    },
    "commands": {
        # A refusal repeated all of it.
        "long-argument.txt": lambda: b"goto " + b"a" * 5_000 + b"\nnext " + b"a" * 5_000,
    },
    "terminal": {
        # Cost grew with the square of what was typed.
        "long-prompt.txt": lambda: b":" + b"a" * 30_000,
        "long-paste.txt": lambda: rb"\x1b[200~" + b"a" * 1_000_000 + rb"\x1b[201~",
    },
}
"""By target and name."""
