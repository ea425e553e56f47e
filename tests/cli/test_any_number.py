"""Numbers of any size that a file may hold, through every command and every format.

What validates is printed by every command, and what its key says is marked right; what does not is
refused in one line that names the file and the quantity, by each command alike.
"""

import contextlib
import csv
import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.in_process import told
from tests.effort import examples

GIVEN = ("5e-324", "2.5e-320", "1e-300", "1e-27", "-1e-16", "0.0000001", "0", "0.285", "-2.5",
         "999999999999.995", "-1e12", "1e13", "1e15", "1e26", "1e60", "-1.005e60", "1e154",
         "1.7976931348623157e308")  # fmt: skip


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


def run(*arguments: str) -> Done:
    """A command in this process, every warning an error."""
    code, out, err = told(*arguments)
    return Done(code, out.decode(), err.decode())


@contextlib.contextmanager
def written(text: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.toml")
        path.write_text(text, encoding="utf-8")
        yield str(path)


FORMATS = ("md", "csv", "tex", "html")


def every_command(path: str, seed: int) -> list[tuple[str, ...]]:
    commands = [
        ("trace", path),
        ("trace", path, "--level", "layer"),
        ("trace", path, "--level", "neuron", "--json"),
        ("trace", path, "--level", "node", "--json"),
        ("gradcheck", path),
        ("show", path),
        ("picture", path, "--at", "1"),
        ("picture", path, "--at", "3", "--present"),
    ]
    for kind in FORMATS:
        commands.append(("worksheet", path, "--format", kind))
        commands.append(("worksheet", path, "--format", kind, "--key", "--level", "node"))
    commands.append(
        ("worksheet", path, "--format", FORMATS[seed % 4], "--seed", str(seed), "--key")
    )
    return commands


def holds(text: str, *, seed: int = 3) -> bool:
    """See that all commands say the same of a file; gives whether it is fine."""
    with written(text) as path:
        validated = run("validate", path)
        assert validated.code in (0, 2) and not validated.out, text
        is_fine = validated.code == 0
        assert is_fine == (validated.err == "")
        for command in every_command(path, seed):
            done = run(*command)
            told = (command, text, done.err)
            assert "Traceback" not in done.err and "Warning" not in done.err, told
            if "--seed" in command and done.code == 2:
                # There may be no numbers about as large that can be computed with.
                assert "with none of 100 sets of new numbers" in done.err, told
            elif is_fine:
                assert (done.code, done.err) == (0, ""), told
                assert done.out, told
                json.loads(done.out) if "--json" in command else None
            else:
                # What overflows in doubles alone is computed by hand; the reverse cannot be.
                assert done.code in (0, 2), told
                assert (done.code == 2) == done.err.startswith(f"nnhs-tui: {path}: "), told
                assert done.code == 0 or not done.out, told
        if is_fine:
            its_key_is_right(path, text)
    return is_fine


def its_key_is_right(path: str, text: str) -> None:
    key = run("worksheet", path, "--format", "csv", "--key", "--level", "node").out
    sheet = Path(path).with_suffix(".csv")
    sheet.write_text(key, encoding="utf-8")
    marked = run("check", path, str(sheet))
    assert (marked.code, marked.err) == (0, ""), (text, key, marked)
    rows = list(csv.DictReader(io.StringIO(key)))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for place, row in enumerate(rows):
            row["answer"] = GIVEN[place % len(GIVEN)] if place % 3 == 0 else row["answer"]
            writer.writerow(row)
    marked = run("check", path, str(sheet), "--json")
    assert marked.code in (0, 1) and marked.err == "", (text, marked)
    json.loads(marked.out)


HEAD = 'title = "any"\narithmetic = "{arithmetic}"\ndigits = {digits}\n'
GRAPH = (
    HEAD + "[graph]\ninputs = {{ x = {x} }}\nparameters = {{ w = {w}, v = {v} }}\n"
    '[graph.nodes]\na = "{a}"\nb = "{b}"\nlast = "a + b"\n'
)
NODES = (
    "w + 1", "w * x", "x - v", "x / w", "v / v", "sin(w)", "cos(x)", "exp(x)", "log(w)", "sqrt(w)",
    "tanh(w)", "sigmoid(x)", "relu(w)", "max(w, x)", "min(x, v)", "-w", "w ** 2", "x ** 0.5",
    "w ** x", "x ** -1", "x", "1e60 * x", "v - 1e200", "x ** 1.5",
)  # fmt: skip
NETWORK = (
    HEAD + 'sigmoid = "{sigmoid}"\n[network]\ninputs = 1\n[[network.layers]]\n'
    'weights = [[{w}, {v}]]\nbias = [{x}, 0.5]\nactivation = "{activation}"\n'
    "{loss}{samples}"
)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A number as it is written: any size, with few digits or many."""
    if draw(st.booleans()):
        return draw(st.sampled_from(GIVEN))
    exponent = draw(st.one_of(st.integers(-323, 307), st.integers(-15, 15)))
    sign = draw(st.sampled_from(["", "-"]))
    tail = draw(st.sampled_from(["", ".5", ".005", ".2345678901234567"]))
    return f"{sign}{draw(st.integers(1, 9))}{tail}e{exponent}"


@st.composite
def files(draw: st.DrawFn) -> str:
    """A scenario with such numbers."""
    x, w, v = draw(numbers()), draw(numbers()), draw(numbers())
    random = Random(draw(st.integers(0, 2**32)))
    arithmetic, digits = random.choice(["exact", "hand"]), random.randint(0, 6)
    if random.random() < 0.5:
        a, b = random.choices(NODES, k=2)
        return GRAPH.format(arithmetic=arithmetic, digits=digits, x=x, w=w, v=v, a=a, b=b)
    kind = random.choice(["", "mse", "sse", "half_sse", "bce", "cross_entropy"])
    is_share = kind in ("bce", "cross_entropy")
    acts = (
        ["sigmoid", "softmax"] if is_share else ["identity", "tanh", "relu", "sigmoid", "softmax"]
    )
    target = "[0, 1]" if is_share else f"[{x}, {w}]"
    samples = "".join(
        f"[[samples]]\nx = [{each}]\n" + f"t = {target}\n" * bool(kind)
        for each in ([v] if random.random() < 0.5 else [v, "0.5"])
    )
    return NETWORK.format(
        arithmetic=arithmetic,
        digits=digits,
        sigmoid=random.choice(["shortcut", "circuit"]),
        activation=random.choice(acts),
        loss=f'[loss]\nkind = "{kind}"\n' if kind else "",
        samples=samples,
        x=x,
        w=w,
        v=v,
    )


@pytest.mark.slow
@settings(max_examples=examples(15))
@given(files(), st.integers(0, 9))
def test_any_file_through_every_command(text: str, seed: int) -> None:
    holds(text, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("number", GIVEN)
def test_any_size_through_every_command(number: str) -> None:
    """A sum and a sine validate with every size in doubles."""
    text = GRAPH.format(
        arithmetic="exact", digits=2, x="0.5", w=number, v="1", a="w + 1", b="sin(w)"
    )
    assert holds(text)
    assert holds(text.replace('"exact"', '"hand"')) == (abs(float(number)) < 9e11)


@pytest.mark.second
def test_a_large_parameter_through_every_command() -> None:
    text = GRAPH.format(arithmetic="exact", digits=2, x="0.5", w="1e60", v="1", a="w + 1", b="x")
    assert holds(text)
    with written(text) as path:
        key = run("worksheet", path, "--format", "csv", "--key").out
        assert "a,1.00e+60" in key
        sheet = run("worksheet", path)
        assert "1E+60" in sheet.out, "what is given is given in full"
