"""TOML for a terminal: nothing in it commands one, and it means what the file means."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.characters import printable
from nnhs_tui.scenario.loading import from_text
from nnhs_tui.scenario.reading.harmless import harmless_toml
from tests.effort import examples

ODD = "\x9b\x85\xad\u200b\u200e\u202e\u2028\u2029\u2066\ufeff\ufff9\U000e0001\U000e007f\ue000"
"""What commands a terminal or is not seen, and stands in valid TOML as it is."""

SIGNS = "\"'\\#[]{}=,.\n\t a1éß漢\U0001f600\xa0" + ODD

characters = st.one_of(
    st.sampled_from(SIGNS),
    st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32)), "\x7f"]),
)
texts = st.text(characters, max_size=12)


def basic(text: str, *, lines: bool) -> str:
    """A text in double quotes that is `text`, odd characters as they are."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{inner}"""' if lines else '"' + inner.replace("\n", "\\n") + '"'


def literal(text: str, *, lines: bool) -> str:
    """A text in single quotes; what cannot stand there is left out."""
    if not lines:
        return "'" + text.replace("'", "").replace("\n", "") + "'"
    inner = text.replace("'''", "")
    return "'''\n" + (inner if not inner.endswith("'") else inner + ".") + "'''"


values = st.builds(
    lambda text, make, lines: make(text, lines=lines),
    texts,
    st.sampled_from([basic, literal]),
    st.booleans(),
)
keys = st.builds(
    lambda text, make: make(text.replace("\n", ""), lines=False),
    texts,
    st.sampled_from([basic, literal]),
)
remarks = texts.map(lambda text: "#" + text.replace("\n", " "))
quoted_ends = st.sampled_from(['"""a"""""', '"""""a"b""c\\""""', "'''a'''''", "'''''a'b'''"])


def is_harmless(text: str) -> bool:
    return all(printable(line) == line for line in text.replace("\t", " ").split("\n"))


@settings(max_examples=examples(300))
@given(
    st.lists(st.tuples(keys, st.one_of(values, quoted_ends), remarks), max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_it_means_the_same_and_commands_no_terminal(
    lines: list[tuple[str, str, str]], end: str, with_mark: bool
) -> None:
    text = "".join(
        f"[t{n}]\n{key} = {{ {key}.'#' = [ {value}, 1.0 ] }} {remark}\n"
        for n, (key, value, remark) in enumerate(lines)
    ).replace("\n", end)
    meant = tomllib.loads(text)
    printed = harmless_toml("\ufeff" * with_mark + text)
    assert is_harmless(printed)
    assert tomllib.loads(printed) == meant
    assert harmless_toml(printed) == printed
    in_ascii = harmless_toml(text, "ascii")
    assert in_ascii.isascii() and tomllib.loads(in_ascii) == meant


@settings(max_examples=examples(100))
@given(texts, texts, texts, remarks)
def test_a_scenario_is_the_same_one(title: str, notes: str, source: str, remark: str) -> None:
    def one_line(text: str) -> str:
        return "".join(text.splitlines())

    text = (
        f"{remark}\ntitle = {basic('t' + one_line(title), lines=False)}\n"
        f"notes = {literal(notes, lines=True)}\nsource = {literal(source, lines=False)}{remark}\n"
        "[graph]\nparameters = { w = 1 }\n[graph.nodes]\nA = 'w + 1'\n"
    )
    assert from_text(harmless_toml(text), "a.toml") == from_text(text, "a.toml")


@pytest.mark.parametrize("text", ["a = 1\n", "# é \"\na = '\\'\n", "a = '''\n\\'''\t# 漢\xa0x\n"])
def test_what_is_harmless_is_left_as_it_is(text: str) -> None:
    assert harmless_toml(text) == text


@settings(max_examples=examples(200))
@given(st.text(st.one_of(st.sampled_from(SIGNS + "\x1b\r\0"), characters), max_size=40))
def test_what_is_no_toml_is_harmless_too(text: str) -> None:
    assert is_harmless(harmless_toml(text))


@pytest.mark.parametrize("piece", ['\n\\"""', '\\"', '"', "'", '"""\\', "#", "''' '"])
def test_what_is_never_closed_is_looked_at_once(piece: str) -> None:
    # Looked at again from each of its quotes this would take hours.
    text = '"""\x9b' + piece * 200_000
    assert is_harmless(harmless_toml(text)) and is_harmless(harmless_toml(text[3:]))
