"""The table of commands: what each row says of its command, and who goes by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nnhs_tui.cli.kiosk import shut
from nnhs_tui.commands import row as rows
from nnhs_tui.commands.commands import BY_WORD, COMMANDS, LONGEST, SESSION, Command, parse
from nnhs_tui.commands.row import Argument, Row, one_of
from nnhs_tui.commands.session_rows import SESSION_GROUPS
from nnhs_tui.debugger.actions import action
from nnhs_tui.errors import Refusal
from nnhs_tui.ui.debugger.briefings import may_be_sent
from nnhs_tui.ui.debugger.recording import is_recorded
from nnhs_tui.ui.debugger.replay import can_be_replayed
from nnhs_tui.ui.themes import THEMES

ALL = {command.word for command in COMMANDS}
LESSONS = {"lesson", "answer", "next-lesson"}
OF_A_HALL = {"ask", "hall", "send-away"}
OUTSIDE = {*OF_A_HALL, "save", "save!", "reload", "copy", "copy-formula", "suspend", *LESSONS}
PLAYING = {"play", "stop", "faster", "slower", "replay-next"}
WAITING = {"command", "palette", "test", "scenarios", "spot", "boundary", "slide"}
PAGES = {"help", "legend", "about", "nudge", "batch"}


def words(condition: Callable[[Command], bool]) -> set[str]:
    return {command.word for command in COMMANDS if condition(command)}


def test_what_touches_something_outside() -> None:
    assert words(lambda each: not each.stays_inside) == OUTSIDE


def test_a_kiosk_has_no_command_for_files_or_a_shell() -> None:
    assert set(shut(has_others=True)) == {
        "save",
        "save!",
        "reload",
        "suspend",
        "replay-next",
        *LESSONS,
        *OF_A_HALL,
    }
    assert set(shut(has_others=False)) == {*shut(has_others=True), "scenarios"}


def test_a_kiosk_has_no_command_that_touches_what_nobody_thought_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zoom = BY_WORD["zoom"]
    printing = replace(zoom, row=replace(zoom.row, word="print", touches="a printer"))
    monkeypatch.setattr("nnhs_tui.cli.kiosk.COMMANDS", [*COMMANDS, printing])
    assert "print" in shut(has_others=True)


def test_what_is_replayed_writes_nothing_and_waits_for_nobody() -> None:
    left_out = OUTSIDE | PLAYING | WAITING | {"quit"}
    assert words(can_be_replayed) == ALL - left_out


def test_what_is_recorded_can_be_replayed() -> None:
    chosen = {"accept", "remove"}
    assert words(is_recorded) == ALL - OUTSIDE - PLAYING - WAITING - PAGES - chosen - {"quit"}
    assert words(is_recorded) <= words(can_be_replayed)


def test_what_may_be_sent_from_afar() -> None:
    assert words(may_be_sent) == ALL - OUTSIDE - WAITING - {"quit"}


def test_every_row_says_what_it_touches_and_is_for() -> None:
    kinds = {"choice", "number", "quantity", "place", "edit", "goal", "breakpoint", "file"}
    kinds |= {"lesson", "text"}
    for command in COMMANDS:
        assert command.row.touches in {
            rows.NOTHING,
            rows.CLIPBOARD,
            rows.FILES,
            rows.SHELL,
            rows.HALL,
        }
        assert command.row.use in {
            rows.ACTS, rows.CHOSEN, rows.PLAYS, rows.TELLS, rows.ASKS, rows.LEAVES,
        }  # fmt: skip
        assert command.argument is None or command.argument.kind in kinds


def test_every_command_of_the_session_has_one_action_and_no_action_is_left_over() -> None:
    of_session = [command for command in COMMANDS if command.scope == SESSION]
    from importlib import import_module

    for group in SESSION_GROUPS:
        actions = import_module(f"nnhs_tui.debugger.actions.{group.name}").ACTIONS
        assert set(actions) == {row.word for row in group.rows}
    assert len({action(command) for command in of_session}) == len(of_session)


def test_an_argument_shows_whether_it_may_be_left_out() -> None:
    assert Argument("STEP", "number").shown == "STEP"
    assert one_of("a", "b", is_optional=True).shown == "[a|b]"
    assert one_of("a", "b").choices == ("a", "b")


def test_calls_are_shown_with_their_arguments() -> None:
    assert BY_WORD["next"].call == "next"
    assert BY_WORD["goto"].call == "goto STEP|QUANTITY"
    assert BY_WORD["watch"].call == "watch [QUANTITY]"


def test_what_is_needed_is_asked_for() -> None:
    with pytest.raises(Refusal, match=r"goto needs STEP\|QUANTITY: Go to the step"):
        parse("goto")
    with pytest.raises(Refusal, match="next takes no argument, found '3'"):
        parse("next 3")
    assert parse("watch")[1] == "" and parse("watch w")[1] == "w"


def test_a_command_is_as_long_as_it_may_be() -> None:
    longest = "break ".ljust(LONGEST, "x")
    assert parse(longest)[1] == longest.removeprefix("break ")
    assert parse(f"  {longest}  ")[0].word == "break"
    with pytest.raises(Refusal, match="2,001 characters; expected at most 2000"):
        parse(f"{longest}x")


def test_the_themes_are_those_there_are() -> None:
    argument = BY_WORD["theme"].argument
    assert argument is not None and set(argument.choices) == set(THEMES)


def test_other_keys_leave_the_row_as_it_is() -> None:
    row = Row("tilt", "t T", "tilt", "Tilt it.", rows.NOTHING)
    command = Command(row, ("x",), SESSION, "Stepping")
    assert command.keys == ("x",) and command.row.keys == "t T" and command.help == "Tilt it."
