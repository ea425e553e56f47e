"""`new`: a scenario to begin with."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnhs_tui.errors import NnhsError, Refusal
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.table import OPERATIONS, activations
from nnhs_tui.scenario.loading import from_text
from nnhs_tui.scenario.model import Network
from nnhs_tui.training.drafting import Draft, ask_for, read_sizes, write_draft
from nnhs_tui.training.first_round import check_first_round
from tests.cli.in_process import told
from tests.effort import examples


@settings(max_examples=examples(60))
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.sampled_from([name for name in activations() if name != "softmax"]),
    st.sampled_from(sorted(LOSSES)),
    st.booleans(),
    st.integers(0, 99),
    st.integers(1, 3),
)
def test_whatever_is_asked_for_loads_and_is_what_was_asked_for(
    sizes: list[int], activation: str, loss: str, has_bias: bool, seed: int, samples: int
) -> None:
    last = "softmax" if loss == "cross_entropy" and sizes[-1] > 1 else activation
    names = (*[activation] * (len(sizes) - 2), last)
    if loss in ("bce", "cross_entropy") and last in ("identity", "tanh", "relu"):
        names = (*names[:-1], "sigmoid")
    draft = Draft(
        tuple(sizes), names, loss, has_bias, seed=seed, samples=samples, title='a "b" \\ c'
    )
    try:
        text = write_draft(draft)
    except NnhsError as error:
        # A ReLU that is shut everywhere, or a cross-entropy of a single output.
        assert "computed" in str(error) or "expected" in str(error)
        return
    made = from_text(text, "t.toml")
    check_first_round(made)
    assert isinstance(made.model, Network)
    assert [made.model.inputs, *(layer.neurons for layer in made.model.layers)] == sizes
    assert tuple(layer.activation for layer in made.model.layers) == names
    assert (made.model.loss, len(made.samples)) == (loss, samples)
    assert all((layer.bias is not None) == has_bias for layer in made.model.layers)
    assert made.title == 'a "b" \\ c' and made.description.startswith("What is it about?")
    assert text == write_draft(draft)


def test_it_is_printed_or_written_but_over_nothing(tmp_path: Path) -> None:
    printed = told("new", "--layers", "3-1", "--loss", "half_sse")
    assert printed.code == 0
    assert tomllib.loads(printed.out.decode())["loss"]["kind"] == "half_sse"
    path = tmp_path / "a.toml"
    assert told("new", str(path), "--seed", "7").code == 0
    written = path.read_bytes()
    assert written == told("new", "--seed", "7").out != told("new", "--seed", "8").out
    code, out, err = told("new", str(path))
    assert (code, out) == (2, b"") and b"it is there already" in err
    assert path.read_bytes() == written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--layers", "3"], "expected inputs and neurons such as 3-2-1"),
        (["--layers", "3-0"], "each from 1 to 50"),
        (["--layers", "x-y"], "found 'x-y'"),
        (["--activation", "sigmoidd"], "is no activation; expected identity, sigmoid"),
        (["--activation", "relu,relu,relu"], "2 layers, but 3 activations"),
        (["--activation", "softmax,sigmoid"], "only be the last"),
        (["--loss", "rmse"], "is no loss"),
        (["a.txt"], "ends in .toml"),
        (["/nowhere/a.toml"], "No such file"),
    ],
)
def test_what_cannot_be_says_so(arguments: list[str], said: str) -> None:
    code, out, err = told("new", *arguments)
    assert (code, out) == (2, b"") and said in err.decode()


def test_a_few_questions_say_the_same() -> None:
    answers = io.StringIO("My net\n3-2\nrelu\nsse\nyes\n")
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return answers.readline()

    found = ask_for(Draft(), ask)
    assert found == Draft((3, 2), ("relu",), "sse", True, "My net") and len(asked) == 5
    assert ask_for(Draft(), lambda question: "\n") == Draft()
    with pytest.raises(Refusal, match="no loss"):
        ask_for(Draft(), lambda question: "rmse" if question.startswith("Loss") else "")


def test_every_activation_is_known_to_it() -> None:
    assert all(name in OPERATIONS or name == "identity" for name in activations())
    assert read_sizes("10→5→2") == (10, 5, 2)


@pytest.mark.parametrize("name", [f"{'a' * 300}.toml", "loop/x.toml", "no-such-folder/x.toml"])
def test_where_nothing_can_be_written_it_says_so(name: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    path = tmp_path / name
    code, out, err = told("new", str(path))
    said = err.decode()
    assert (code, out) == (2, b"") and "it cannot be written (" in said
    assert "expected another place" in said and said.count("\n") == 1


ONE_LINE = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")) | st.sampled_from("\x7f\x1b")


@example('a\x7fb\x1b"\\')
@given(st.text(ONE_LINE, max_size=20))
@settings(max_examples=examples(40))
def test_any_title_of_one_line_is_kept(title: str) -> None:
    text = write_draft(Draft(title=f"t{title}"))
    assert tomllib.loads(text)["title"] == f"t{title}"
