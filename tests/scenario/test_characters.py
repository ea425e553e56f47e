"""What a character may be: every code point of Unicode, and the joiners in their places."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.characters import called, in_json, is_plain, may_stand, printable, unseen
from nnhs_tui.errors import ScenarioError
from nnhs_tui.scenario.loading import load
from tests.hostile import DEPENDENT, FORMATS, HOSTILE, LEGITIMATE, is_refused, toml

EVERY = [chr(code) for code in range(0x110000)]
ASSIGNED = [each for each in EVERY if unicodedata.category(each) not in ("Cn", "Co")]
BLANK_LETTERS = "\U00013441\U00013442\U00016fe4\U0001d159"
"""Drawn as a blank, which Unicode has no list of."""
TEXTS = st.text(
    st.sampled_from([*HOSTILE, *"".join(LEGITIMATE.values())]) | st.characters(), max_size=40
)


@pytest.mark.slow
def test_every_code_point_of_unicode_is_judged_as_its_category_says() -> None:
    for character in EVERY:
        expected = not is_refused(character) and character not in BLANK_LETTERS
        assert is_plain(character) == expected, ascii(character)


@pytest.mark.slow
def test_every_code_point_alone_comes_out_as_it_is_or_as_its_number() -> None:
    for character in (*ASSIGNED, *EVERY[::101]):
        if is_plain(character):
            assert printable(character) == in_json(character) == character
            continue
        number = f"{ord(character):x}"
        shown = printable(character)
        assert shown.isascii() and shown.isprintable()
        assert re.fullmatch(rf"\\(?:[trn]|[xuU]0*{number})", shown), ascii(character)
        if character != "\n":
            assert json.loads(f'"{in_json(character)}"') == character


def test_both_sides_of_a_joiner_decide() -> None:
    """Between all pairs of one letter of each kind: only where one script needs it."""
    kinds = "aд\u05d0\u0645\u0915\u4e00\uac00\u0e011 -\u2502\U0001f468\u0301"
    for joiner in "\u200c\u200d":
        found = {(a, b) for a in kinds for b in kinds if may_stand(f"{a}{joiner}{b}", 1)}
        emoji = {("\U0001f468", "\U0001f468")} if joiner == "\u200d" else set()
        assert found == {("\u0645", "\u0645"), *emoji}


@pytest.mark.parametrize(
    "text",
    [
        *("\u200d", "a\u200db", "\u0645\u200c", "\u200c\u0645", "\u0645\u200c\u0915"),
        *("\u0645\u200c\u200c\u0645", "\u0915\u200d\u0916", "a\u094d\u200db", "\u094d\u200d"),
        *("\U0001f468\u200d", "\u200d\U0001f468", "\u2500\u200d\u2500", "\U0001f3fd\u200d\u2764"),
        *("\ufe0f", "a\ufe0f", " \ufe0f", "\u2764\ufe0f\ufe0f", "a\ufe00", "\U0001f468\U000e0100"),
        *("\u4e00\u180b", "\u0301\ufe00", "\U000e0100", "\U0001f3f4\U000e0067\U000e007f"),
    ],
    ids=ascii,
)  # fmt: skip
def test_joiners_and_selectors_out_of_their_place_are_seen(text: str) -> None:
    assert printable(text) != text
    assert json.loads(in_json(json.dumps(text, ensure_ascii=False))) == text


@pytest.mark.parametrize("text", LEGITIMATE.values(), ids=LEGITIMATE)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert printable(text) == in_json(text) == text


@given(TEXTS)
def test_what_comes_out_holds_nothing_that_may_not_stand(text: str) -> None:
    for shown in (printable(text), in_json(text)):
        assert all(may_stand(shown, place) or c == "\n" for place, c in enumerate(shown))
        assert {each for each in shown if is_refused(each)} <= {*DEPENDENT, "\n"}
    assert printable(printable(text)) == printable(text)
    assert "\n" not in printable(text)


@given(TEXTS)
def test_json_means_the_same(text: str) -> None:
    for ascii_only in (True, False):
        written = in_json(json.dumps({"a": [text], text: 1}, ensure_ascii=ascii_only, indent=1))
        assert json.loads(written) == {"a": [text], text: 1}


@pytest.mark.parametrize(
    "text", ["\u0645\u200c", "\u0915\u094d\u200d", "a\u0301\u200c", "\U0001f468\u200d", "\ufe0f"],
    ids=ascii,
)  # fmt: skip
def test_a_text_however_long_is_looked_at_a_few_times(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, category = 0, unicodedata.category

    def counted(character: str) -> str:
        nonlocal looked
        looked += 1
        return category(character)

    monkeypatch.setattr(unicodedata, "category", counted)
    printable(text * 5_000)
    assert looked < 8 * 5_000 * len(text)


def test_a_character_is_called_what_unicode_calls_it() -> None:
    assert called("\u3164") == "U+3164 HANGUL FILLER"
    assert called("\U000e0041") == "U+E0041 TAG LATIN CAPITAL LETTER A"
    assert called("\x1b") == "U+001B (a control character)"
    assert called("\ud800") == "U+D800 (half a character)"
    assert called("\uffff") == "U+FFFF (no character)"


HIDDEN = [each for each in FORMATS + BLANK_LETTERS if each != "\n"]


@pytest.mark.parametrize("name", ["{}", "a{}", "a{}b", "{}a"])
@pytest.mark.parametrize("place", ["input", "parameter", "node", "layer", "network input"])
def test_no_name_may_hold_what_nobody_sees(tmp_path: Path, place: str, name: str) -> None:
    path = tmp_path / "a.toml"
    for hidden in HIDDEN:
        key = toml(name.format(hidden))
        inputs = f"{{ {key} = 1.0 }}" if place == "input" else "{ x = 1.0 }"
        parameters = f"{{ {key} = 1.0 }}" if place == "parameter" else "{ w = 1.0 }"
        text = f"[graph]\ninputs = {inputs}\nparameters = {parameters}\n[graph.nodes]\nf = '1'\n"
        text += f"{key} = '2'\n" if place == "node" else ""
        if place in ("layer", "network input"):
            given, layer = (key, '"h"') if place == "network input" else ('"x"', key)
            text = f"[network]\ninputs = [{given}]\n[[network.layers]]\nname = {layer}\n"
            text += "weights = [[1.0]]\n[[samples]]\nx = [1.0]\n"
        path.write_text(f'title = "t"\n{text}', encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load(path, shown_as="a.toml")
        (line,) = str(caught.value).splitlines()
        assert f"with {called(hidden)} in it; expected" in line and "letters, digits and _" in line
        assert line.isprintable() and line.startswith("a.toml: ")
        assert not any(map(is_refused, line))


@pytest.mark.parametrize("hidden", ["\u3164", "\u200b", "\uffa0", "\u202e", "\u00ad"], ids=ascii)
def test_an_expression_with_what_nobody_sees_says_what_it_is(tmp_path: Path, hidden: str) -> None:
    path = tmp_path / "a.toml"
    expression = toml(f"x + {hidden}1")
    path.write_text(
        f'title = "t"\n[graph]\ninputs = {{ x = 1.0 }}\n[graph.nodes]\nf = {expression}\n',
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=re.escape(f"at column 5: {called(hidden)}; expected")):
        load(path)


@pytest.mark.parametrize("name", ["é", "ａ", "σ", "数", "학습", "שם", "اسم", "_1", "x\u0663"])
def test_names_in_every_script_are_names(tmp_path: Path, name: str) -> None:
    assert unseen(name) is None
    path = tmp_path / "a.toml"
    path.write_text(
        f'title = "t"\n[graph]\ninputs = {{ {toml(name)} = 1.0 }}\n[graph.nodes]\n'
        f"f = {toml(f'{name} * 2')}\n",
        encoding="utf-8",
    )
    assert list(load(path).model.inputs) == [name]
