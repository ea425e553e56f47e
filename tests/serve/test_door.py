"""Who is let in, what is heard of a terminal, what the log says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.errors import Refusal
from nnhs_tui.hall.people import LONGEST_NAME, LONGEST_TYPED
from nnhs_tui.serve import limits
from nnhs_tui.serve.gate import LETTERS, Gate, check_code, draw_code
from nnhs_tui.serve.log import to_file
from nnhs_tui.serve.typed import SEQUENCES, Keys, Rate


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_code_opens_whatever_its_case_and_nothing_else_does() -> None:
    gate = Gate("Lesson")
    assert gate.opens("a", " lesson ") and gate.opens("a", "LESSON")
    for wrong in ("", "lesso", "lessons", "x" * 10_000, "ﬂesson", "\x00"):
        assert not gate.opens("a", wrong)
    assert Gate("").opens("a", "anything")


def test_a_code_can_be_tried_only_so_often_from_one_address_and_in_all() -> None:
    clock = Clock()
    gate = Gate("lesson", clock)
    for _ in range(limits.ATTEMPTS_OF_ADDRESS):
        assert gate.may_try("a") and not gate.opens("a", "no")
    assert not gate.may_try("a") and not gate.opens("a", "lesson")
    assert gate.opens("b", "lesson"), "others still may"
    clock.now = limits.WINDOW + 1
    assert gate.opens("a", "lesson")
    for number in range(limits.ATTEMPTS):
        assert not gate.opens(f"address {number}", "no")
    assert not gate.may_try("b") and not gate.opens("b", "lesson")


def test_there_is_room_for_so_many_from_one_address_and_in_all() -> None:
    gate = Gate("lesson")
    for _ in range(limits.SESSIONS_OF_ADDRESS):
        assert gate.come("school")
    assert not gate.come("school")
    gate.go("school")
    assert gate.come("school")
    for number in range(limits.SESSIONS - limits.SESSIONS_OF_ADDRESS):
        assert gate.come(f"home {number}")
    assert not gate.come("one more") and gate.here == limits.SESSIONS


def test_codes_that_are_drawn_can_be_read_from_a_wall() -> None:
    codes = {draw_code() for _ in range(200)}
    assert len(codes) == 200 and not set("".join(codes)) - set(LETTERS)
    assert not set("il1o0") & set(LETTERS)


@pytest.mark.parametrize("code", ["abc", "x" * 65, "ab\x1bcd", " ab "])
def test_a_code_that_cannot_be_typed_is_refused(code: str) -> None:
    with pytest.raises(Refusal, match="4 to 64 signs"):
        check_code(code)


@given(st.lists(st.sampled_from([*"n1\r\x7f世", *(f"\x1b{each}" for each in SEQUENCES)])))
def test_keys_are_the_same_however_they_are_cut(parts: list[str]) -> None:
    text = "".join(parts)
    whole, single = Keys(), Keys()
    assert list(whole.feed(text)) == [key for sign in text for key in single.feed(sign)]


@given(st.text())
def test_no_control_character_is_a_key(text: str) -> None:
    keys = Keys()
    found = [key for part in (text, "\x1b[999;999R\x1b]0;x\x07", text) for key in keys.feed(part)]
    assert all(key.isprintable() for key in found)


def test_so_much_goes_through_a_second() -> None:
    clock = Clock()
    rate = Rate(10, clock)
    assert sum(rate.lets() for _ in range(50)) == 10
    clock.now = 0.5
    assert sum(rate.lets() for _ in range(50)) == 5


def test_the_log_has_a_line_for_each_event_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = to_file(str(path))
    log("127.0.0.1", "wrong code\nby \x1b[2Jssh")
    log("127.0.0.1", "left")
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 2 and "\x1b" not in lines[0] and path.stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_keeps_nobody_out(tmp_path: Path) -> None:
    to_file(str(tmp_path / "gone" / "log"))("127.0.0.1", "joined by ssh")


def test_the_guide_has_the_number_of_every_limit() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "serve.md").read_text("utf-8")
    told = re.findall(r"^\| ([a-z][^|]*) \| (\d+) \|$", guide, re.MULTILINE)
    numbers = [
        limits.SESSIONS, limits.SESSIONS_OF_ADDRESS, limits.SESSIONS_OF_CONNECTION,
        limits.ATTEMPTS_OF_ADDRESS, limits.ATTEMPTS,
        limits.LOGIN_SECONDS, limits.IDLE_SECONDS, limits.ALIVE_SECONDS, limits.WAITING_BYTES,
        limits.COLUMNS, limits.ROWS, LONGEST_NAME, LONGEST_TYPED, limits.CODE_LENGTH,
        limits.MESSAGE_BYTES, limits.MESSAGES_A_SECOND, limits.TOKENS, limits.OWN_SESSIONS,
    ]  # fmt: skip
    assert [int(number) for _, number in told] == [int(each) for each in numbers]
