"""What a terminal can show, as its description and the environment say."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from nnhs_tui.ui import look
from nnhs_tui.ui.look import Look, look_here


@pytest.mark.parametrize(
    ("term", "colours", "jumps"),
    [
        ("xterm-256color", 256, True),
        ("tmux-256color", 256, True),
        ("xterm", 16, True),
        ("linux", 16, True),
        ("vt100", 0, False),
        # No terminal is called so; then the name has to do.
        ("my-own-256color", 256, True),
        ("vt999", 0, True),
        ("my-own", 16, True),
        ("", 16, True),
        ("../../etc/passwd", 16, True),
    ],
)
def test_the_terminal_s_description(term: str, colours: int, jumps: bool) -> None:
    """In a process of its own: a process can read one description only."""
    program = "from nnhs_tui.ui.look import look_here; print(look_here())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TERM": term},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert f"colours={colours}," in done.stdout
    assert f"jumps={jumps}" in done.stdout


def test_no_color_even_empty_takes_the_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "")
    assert look_here().colours == look.NO_COLOURS


def test_what_was_asked_for_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert look_here(ascii_only=True, theme="light") == Look("ascii", 256, "light")
    assert look_here().signs == "unicode"
