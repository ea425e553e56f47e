"""A lesson's file: what it may hold, and what is said of everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.errors import NnhsError, Refusal, ScenarioError
from nnhs_tui.lessons.course import Course
from nnhs_tui.lessons.lesson import Number
from nnhs_tui.lessons.library import find_lesson, next_lesson, scenario_of
from nnhs_tui.lessons.reading import load_lesson

SMALL = """title = "Small"
scenario = "two-layer-sigmoid"
text = "Read."
"""
TASK = '[[tasks]]\nask = "?"\n'


def lesson_file(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_left_out_is_nothing(tmp_path: Path) -> None:
    lesson = load_lesson(lesson_file(tmp_path, SMALL))
    assert (lesson.name, lesson.chapter, lesson.place) == ("own", "own", None)
    assert lesson.tasks == lesson.code == lesson.pairs == lesson.errata == ()
    assert lesson.comparison is None and lesson.experiment is None
    assert Course(lesson, scenario_of(lesson)).is_done
    assert next_lesson(lesson) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "t"\n', "scenario: missing; expected a scenario"),
        (SMALL + "tsaks = 1\n", 'tsaks: unknown key; did you mean "tasks"?'),
        (SMALL + TASK, "tasks[1]: nothing that is asked for; expected one of quantity, choices"),
        (
            SMALL + TASK + 'quantity = "loss"\nfits = [[[1, 2], [2, 1]]]\n',
            "tasks[1]: quantity and fits together; expected one of",
        ),
        (SMALL + TASK + 'choices = ["a", "b"]\n', "tasks[1].right: missing; expected right beside"),
        (
            SMALL + TASK + 'choices = ["a", "b"]\nright = [3]\n',
            "tasks[1].right: 3; expected the number of a choice, from 1 to 2",
        ),
        (SMALL + TASK + 'choices = ["a"]\nright = [1]\n', "expected 2 to 26 of them"),
        (
            SMALL + TASK + 'quantity = "loss"\nwhich = "grows"\n',
            "tasks[1]: quantity and which together",
        ),
        (
            SMALL + TASK + 'quantity = "loss"\nof = ["w11", "w12"]\n',
            "tasks[1].of: a key of another task; expected quantity",
        ),
        (SMALL + "pairs = [[[1, 2], [2]]]\n", "pairs: a list of 1 value; expected pairs of shapes"),
        (SMALL + "pairs = [[[1, 2], [2, 21]]]\n", "expected pairs of shapes"),
        (
            SMALL + '[comparison]\nrule = "E1"\nof = []\n',
            'comparison.rule: the text "E1"; expected',
        ),
        (SMALL + "[experiment]\nstarts = 0\n", "experiment.starts: 0; expected a whole number"),
        (
            SMALL + TASK + 'mistake = "sing"\nmade_at = "loss"\nlines = ["loss", "t"]\n',
            'tasks[1].mistake: the text "sing"; expected',
        ),
        ("title = \n", "line 1"),
    ],
)
def test_a_fault_names_its_place_and_its_cure(tmp_path: Path, text: str, said: str) -> None:
    path = lesson_file(tmp_path, text)
    with pytest.raises(ScenarioError) as found:
        load_lesson(path)
    assert said in str(found.value) and str(path) in str(found.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as found:
        load_lesson(lesson_file(tmp_path, 'title = 3\nscenario = "x"\nplace = -1\n' + TASK))
    assert len(found.value.faults) == 4


def test_a_scenario_may_stand_beside_the_lesson(tmp_path: Path) -> None:
    (tmp_path / "net.toml").write_text(
        'title = "N"\n[graph]\nparameters = {w = 2}\nnodes = {f = "3*w"}\n', encoding="utf-8"
    )
    text = SMALL.replace("two-layer-sigmoid", "net.toml") + TASK + 'quantity = "f"\n'
    lesson = find_lesson(str(lesson_file(tmp_path, text)))
    assert lesson.tasks[0].about == Number("f")
    assert Course(lesson, scenario_of(lesson)).answer("6").is_right


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ('quantity = "hidden.z[9]"', "hidden.z[9]"),
        ('quantity = "loss"\ncommands = ["edit w99 = 2"]', "edit w99 = 2"),
        ('quantity = "loss"\ncommands = ["zoom"]', "zoom works on the screen only"),
        ('which = "grows"\nof = ["x[1]", "w11"]', "expected a weight or a bias"),
        (
            'mistake = "relu-gate"\nmade_at = "grad output.z[1]"\nlines = ["t", "loss"]',
            "changes nothing there",
        ),
        (
            'mistake = "sign"\nmade_at = "grad output.z[1]"\nlines = ["loss", "grad x[1]"]',
            "expected one of the lines",
        ),
    ],
)
def test_a_task_that_means_nothing_there_says_so(tmp_path: Path, task: str, said: str) -> None:
    lesson = load_lesson(lesson_file(tmp_path, SMALL + TASK + task + "\n"))
    with pytest.raises(NnhsError) as found:
        assert Course(lesson, scenario_of(lesson)).all_asked
    assert said in str(found.value)


def test_no_lesson_has_that_name() -> None:
    with pytest.raises(ScenarioError, match="did you mean dot-product"):
        find_lesson("dot-prodct")
    with pytest.raises(ScenarioError, match="tour --list"):
        find_lesson("99")
    assert find_lesson("1").name == "dot-product"


def test_answers_that_cannot_be_read_cost_nothing(tmp_path: Path) -> None:
    text = SMALL + TASK + 'choices = ["1", "2", "3"]\nright = [2, 3]\n'
    lesson = load_lesson(lesson_file(tmp_path, text))
    course = Course(lesson, scenario_of(lesson))
    for answer in ("d", "", "\x1b[31m", "maybe", "0,5"):
        said = course.answer(answer)
        assert not said.is_answer and "a to c" in said.text and "\x1b" not in said.text
    # A choice's own text is its name too; letters are in any order and in capitals.
    assert course.answer("2").text == "right as far as it goes, but there are more"
    assert course.answer("C and B").is_right
    with pytest.raises(Refusal, match="every task"):
        course.answer("a")
