"""`page`: where it goes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.in_process import told


def test_it_is_written_and_written_over_but_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    assert told("page", "one-to-one", "--output", str(path)).code == 0
    first = path.read_bytes()
    assert first == told("page", "one-to-one").out
    assert told("page", "one-to-one", "--arithmetic", "exact", "--output", str(path)).code == 0
    assert path.read_bytes() != first
    other = tmp_path / "mine.html"
    other.write_text("<p>mine</p>", encoding="utf-8")
    code, out, err = told("page", "one-to-one", "--output", str(other))
    assert (code, out) == (2, b"") and b"no page of nnhs-tui" in err
    assert other.read_text(encoding="utf-8") == "<p>mine</p>"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["one-to-one", "--output", "a.pdf"], "a page is written as HTML"),
        (["given-gradient", "--level", "node", "--rounds", "50"], "more than 3,000 steps"),
        (["nonsense"], "no scenario has this name"),
        (["one-to-one", "--output", "/nowhere/a.html"], "it cannot be written"),
    ],
)
def test_what_cannot_be_says_so(arguments: list[str], said: str) -> None:
    code, out, err = told("page", *arguments)
    assert (code, out) == (2, b"") and said in err.decode()


@pytest.mark.parametrize(
    ("option", "start"),
    [("--csv", b"round,n,sample"), ("--html", b"<!DOCTYPE html>"), ("--latex", b"\\documentclass")],
)
def test_trace_has_other_forms_and_prints_nothing_where_it_fails(
    option: str, start: bytes, tmp_path: Path
) -> None:
    assert told("trace", "two-layer-sigmoid", option).out.startswith(start)
    path = tmp_path / "a.toml"
    path.write_text(
        'title = "t"\n[graph]\ninputs = {x = 999}\nnodes = {f = "exp(x)"}\n', encoding="utf-8"
    )
    code, out, _ = told("trace", str(path), option)
    assert (code, out) == (2, b"")
    code, out, err = told("trace", "one-to-one", option, "--json")
    assert (code, out) == (2, b"") and b"not allowed with" in err
