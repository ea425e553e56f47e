"""Worksheets as quizzes: read back by a parser, and every number in them marked."""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.marking.judge import CLOSE, MISTAKE, RIGHT, ROUNDED
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet.orders import Copy, Order
from tests.random_scenarios import loaded

SHIPPED = sorted(shipped_folder().glob("*.toml"))


def read(text: str) -> tuple[list[str], list[ET.Element]]:
    """The categories and the questions, in an order in which each follows its category."""
    quiz = ET.fromstring(text)
    assert quiz.tag == "quiz" and {each.tag for each in quiz} == {"question"}
    categories, questions = [], []
    for each in quiz:
        if each.get("type") == "category":
            categories.append(each.findtext("category/text") or "")
        else:
            # What Moodle's import needs of a numerical question.
            assert each.get("type") == "numerical"
            assert each.findtext("name/text") and each.find("questiontext").get("format") == "html"
            for answer in each.iter("answer"):
                float(answer.findtext("text") or "")
                assert 0 <= float(answer.findtext("tolerance") or "") < 2
                assert answer.get("fraction") in ("100", "50", "0")
            questions.append(each)
    return categories, questions


def worth(question: ET.Element, answer: str) -> int:
    """What Moodle gives: the first answer within whose tolerance it lies."""
    for each in question.iter("answer"):
        off = abs(Decimal(answer) - Decimal(each.findtext("text") or ""))
        if off <= Decimal(each.findtext("tolerance") or ""):
            return int(each.get("fraction") or "")
    return 0


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", ["two-layer-bias", "relu-gate", "chain-rule"])
def test_every_number_is_worth_what_marking_says(name: str, strict: bool) -> None:
    scenario = load(shipped_folder() / f"{name}.toml")
    text = Order("moodle", strict=strict).quiz(scenario, [Copy(1), Copy(2)])
    _, asked = read(text)
    markers = {seed: Marker(Questions(variant(scenario, seed))) for seed in (1, 2)}
    tried = 0
    for each in asked:
        title = each.findtext("name/text") or ""
        quantity, _, seed = title.partition(" ")[2].rpartition(", seed ")
        marker = markers[int(seed)]
        question = marker.questions.question(quantity)
        off = [f"{Decimal(question.expected) + k * Decimal('0.01'):f}" for k in (-2, -1, 0, 1, 2)]
        given = [shown(float(a.findtext("text") or ""), 2) for a in each.iter("answer")]
        for answer in (*off, *given):
            (marked,) = marker.mark([(quantity, answer)])
            if marked.verdict in (RIGHT, ROUNDED):
                expected = 100
            elif marked.verdict == CLOSE:
                # By hand a number may be one unit off from another right one.
                continue
            else:
                expected = 0
            assert worth(each, answer) == expected, (quantity, seed, answer, marked)
            tried += 1
    assert tried > 50


def test_a_known_mistake_has_its_own_feedback() -> None:
    scenario = load(shipped_folder() / "two-layer-sigmoid.toml")
    _, asked = read(Order("moodle").quiz(scenario, [Copy()]))
    (question,) = (e for e in asked if "grad output.z[1]" in (e.findtext("name/text") or ""))
    marker, named = Marker(Questions(scenario)), []
    for each in question.iter("answer"):
        (marked,) = marker.mark([("grad output.z[1]", each.findtext("text") or "")])
        if marked.verdict == MISTAKE:
            told = html.unescape(each.findtext("feedback/text") or "")
            assert marked.message[1:] in told and KNOWN[marked.mistakes[0]].tip in told
            named.append(marked.mistakes[0])
    assert len(named) >= 4 and "missing-local" in named


@pytest.mark.parametrize("strict", [False, True])
def test_close_is_worth_all_or_half(strict: bool) -> None:
    scenario = load(shipped_folder() / "two-layer-sigmoid.toml")
    _, asked = read(Order("moodle", strict=strict).quiz(scenario, [Copy()]))
    right = Questions(scenario).question("hidden.z[1]")
    assert worth(asked[0], "-0.74") == (50 if strict else 100)
    assert worth(asked[0], right.expected) == 100 and worth(asked[0], "-0.73") == 0


def test_seeds_are_variants_in_one_category() -> None:
    scenario = load(shipped_folder() / "one-to-one.toml")
    categories, asked = read(Order("moodle").quiz(scenario, [Copy(n) for n in (1, 2, 3)]))
    assert len(asked) == 3 * len(categories)
    assert all(each.startswith("$course$/top/") for each in categories)
    first = [each.findtext("name/text") or "" for each in asked[:3]]
    assert [name.rpartition("seed ")[2] for name in first] == ["1", "2", "3"]
    assert len({name.partition(",")[0] for name in first}) == 1


def test_texts_of_a_file_are_texts() -> None:
    title = "<script>alert(1)</script>&']]> a/b"
    text = "[network]\ninputs = 1\n[[network.layers]]\nweights = [[0.5]]\n[[samples]]\nx = [1.5]\n"
    made = Order("moodle").quiz(loaded(f'title = "{title}"\n{text}'), [Copy()])
    categories, asked = read(made)
    # A stroke would begin a category within the category.
    assert categories[0].startswith(f"$course$/top/{title.replace('/', '//')}/001 ")
    shown_text = asked[0].findtext("questiontext/text") or ""
    # Within the text of the question, which is HTML itself, it is escaped once more.
    assert "<script>" not in shown_text and "&lt;script&gt;" in shown_text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_is_a_quiz(path: Path) -> None:
    if path.stem in ("training-loop", "perceptron-given-gradient"):
        return
    categories, asked = read(Order("moodle").quiz(load(path), [Copy()]))
    assert len(categories) == len(asked) > 0


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["worksheet", "one-to-one", "--format", "moodle", "--count", "2"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert main([*command, "--output", str(tmp_path)]) == 0
    (file,) = tmp_path.iterdir()
    assert file.name == "one-to-one-quiz.xml" and file.read_text(encoding="utf-8") == out
    for more, told in (
        (["--key"], "leave out --key"),
        (["--names", "x"], "--names needs --output"),
    ):
        assert main([*command, *more]) == 2
        assert told in capsys.readouterr().err
    assert main(["worksheet", "one-to-one", "--strict"]) == 2
    assert "--strict is for --format moodle" in capsys.readouterr().err
