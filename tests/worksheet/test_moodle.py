"""Worksheets as quizzes: read back by a parser, and every number in them marked."""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.marking.judge import CLOSE, MISTAKE, RIGHT, ROUNDED, WRONG
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet.moodle import choices
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
                assert float(answer.findtext("tolerance") or "") >= 0
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


HALF = {True: 50, False: 100}
"""What a close answer is worth: where marking is strict, and where it is not."""


def numbers_near(question: Question, each: ET.Element, digits: int) -> set[str]:
    """The numbers of a question of a quiz as somebody may write them, and those around its right
    ones."""
    unit = Decimal(1).scaleb(-digits)
    right = [question.exact, question.exact / question.divisor]
    right += [value for value in (question.hand,) if value is not None]
    values = [Decimal(shown(value, digits)) + k * unit for value in right for k in range(-3, 4)]
    values += [Decimal(a.findtext("text") or "").quantize(unit) for a in each.iter("answer")]
    return {f"{value:f}" for value in values}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "name", ["two-layer-bias", "relu-gate", "chain-rule", "softmax-cross-entropy"]
)
def test_every_number_is_worth_what_marking_says(name: str, strict: bool) -> None:
    scenario = load(shipped_folder() / f"{name}.toml")
    text = Order("moodle", strict=strict).quiz(scenario, [Copy(1), Copy(2)])
    _, asked = read(text)
    markers = {seed: Marker(Questions(variant(scenario, seed))) for seed in (1, 2)}
    seen = Counter[str]()
    for each in asked:
        title = each.findtext("name/text") or ""
        quantity, _, seed = title.partition(" ")[2].rpartition(", seed ")
        marker = markers[int(seed)]
        question = marker.questions.question(quantity)
        for answer in numbers_near(question, each, marker.questions.digits):
            (marked,) = marker.mark([(quantity, answer)])
            full = marked.verdict in (RIGHT, ROUNDED)
            expected = 100 if full else HALF[strict] if marked.verdict == CLOSE else 0
            assert worth(each, answer) == expected, (quantity, seed, answer, marked)
            seen[marked.verdict] += 1
    assert all(seen[verdict] > 5 for verdict in (RIGHT, CLOSE, MISTAKE, WRONG)), seen


def test_a_term_of_the_loss_is_right_with_and_without_the_factor() -> None:
    scenario = load(shipped_folder() / "two-layer-bias.toml")
    _, asked = read(Order("moodle", strict=True).quiz(scenario, [Copy()]))
    (term,) = (e for e in asked if (e.findtext("name/text") or "").endswith(" loss[1]"))
    # (0.81 - 0.39)² is 0.17; of two outputs the loss takes half of it.
    assert [worth(term, each) for each in ("0.17", "0.09", "0.08", "0.13")] == [100, 100, 50, 0]


def test_every_mistake_that_marking_names_is_there() -> None:
    scenario = load(shipped_folder() / "three-samples.toml")
    questions = Questions(scenario)
    for name in ("sample 1: grad hidden.W[1,1]", "new hidden.W[1,2]"):
        question = questions.question(name)
        found = [*choices(questions, question, strict=False)]
        named = {each.value for each in found if each.fraction == 0}
        for each in questions.mistakes(question).found:
            answer = shown(each.value, questions.digits)
            (marked,) = Marker(questions).mark([(name, answer)])
            assert (marked.verdict == MISTAKE) == (Decimal(answer) in named), (name, answer)
        assert len(named) > 15


def test_a_large_number_is_as_near_as_marking_takes_it() -> None:
    made = loaded(
        'title = "large"\n[network]\ninputs = 1\n[[network.layers]]\nweights = [[3e18]]\n'
        "[[samples]]\nx = [1.5]\n"
    )
    _, asked = read(Order("moodle").quiz(made, [Copy()]))
    answers = ("4.5e18", "4.51e18", "4.53e18")
    assert [worth(asked[0], each) for each in answers] == [100, 100, 0]
    name = (asked[0].findtext("name/text") or "").partition(" ")[2]
    verdicts = [Marker(Questions(made)).mark([(name, each)])[0].verdict for each in answers]
    assert verdicts == [RIGHT, CLOSE, WRONG]


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
