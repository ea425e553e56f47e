"""One who follows on a terminal sees, after anything, what they would have seen at once."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger.session import Session
from nnhs_tui.hall.asking import Asker
from nnhs_tui.hall.hall import Hall
from nnhs_tui.present.text.signs import drawn_in
from nnhs_tui.present.whole_screen import whole_screen
from nnhs_tui.public import load
from nnhs_tui.serve.alone import Reels
from nnhs_tui.serve.painting import Kept, Painter
from nnhs_tui.serve.terminal_viewer import TerminalViewer
from nnhs_tui.serve.viewer import Viewer

UTF8 = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
SIZES = [(80, 24), (120, 40), (41, 12), (20, 5), (100, 30)]


class Line:
    """A terminal at the end of a line."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self.stream = pyte.Stream(self.screen)
        self.written = 0

    def write(self, text: str) -> None:
        self.written += len(text)
        self.stream.feed(text)


class World:
    """A presenter and one who follows."""

    def __init__(self, size: tuple[int, int] = (80, 24), environment: dict[str, str] = UTF8):
        self.session = Session(load("two-layer-sigmoid"))
        self.hall, self.reels, self.asker = Hall(), Reels(), Asker()
        self.line = Line(size)
        self.painter = Painter()
        self.terminal = TerminalViewer(self.line, self.painter, environment, "ada", self.join)
        self.hall.listen(lambda what: self.terminal.draw())
        self.hall.show(self.session.scene())
        self.terminal.begin(*size)
        self.terminal.type("\r")

    def join(self, name: str) -> Viewer:
        return Viewer(self.hall, self.reels, self.hall.come(name))

    @property
    def viewer(self) -> Viewer:
        assert self.terminal.viewer is not None
        return self.terminal.viewer

    def do(self, command: str) -> None:
        self.session.execute(command)
        self.hall.show(self.session.scene())

    def ask(self) -> None:
        self.hall.ask(self.asker.number(self.session, ""), hints=True, seconds=None)

    @property
    def seen(self) -> list[str]:
        return [line.rstrip() for line in self.line.screen.display]

    @property
    def due(self) -> list[str]:
        """What ought to be seen, drawn by itself."""
        width, height = self.terminal.size
        signs = self.terminal.look.signs
        viewer = self.viewer
        own = drawn_in(lambda w, h: [*viewer.question(w), viewer.foot(w)], width, height, signs)
        own = own[-height:]
        shown = self.viewer.shown
        rows = height - len(own) + 1
        above = [] if shown is None else whole_screen(shown.scene, width, rows, signs)
        lines = ["".join(text for text, _ in line).rstrip() for line in above[: height - len(own)]]
        lines += [""] * (height - len(own) - len(lines))
        lines += ["".join(text for text, _ in line).rstrip() for line in own]
        return lines


ACTIONS = [
    *(f"do {each}" for each in ("next", "next", "back", "last", "first", "next-phase", "apply")),
    *("do goto hidden.a[1]", "do edit x[1] 3", "do level layer", "do undo"),
    *("ask", "again", "close", "reveal", "away", "full", "taken", "size"),
    *(f"type {each}" for each in ("j", "n", "p", "]", "[", "l", "N", "t", "0.3", "\r", "\x1b[D")),
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ACTIONS), max_size=25), st.sampled_from(SIZES), st.booleans())
def test_after_anything_the_screen_is_what_it_would_be_drawn_anew(
    actions: list[str], size: tuple[int, int], is_ascii: bool
) -> None:
    environment = {"TERM": "vt100", "LANG": "C"} if is_ascii else UTF8
    world = World(size, environment)
    sizes = iter(SIZES * 10)
    for action in actions:
        word, _, rest = action.partition(" ")
        poll = world.hall.poll
        match word:
            case "do":
                world.do(rest)
            case "type":
                world.terminal.type(rest)
            case "ask":
                world.ask()
            case "full":
                world.terminal.is_full = True
            case "taken":
                world.terminal.taken()
            case "size":
                new = next(sizes)
                world.line.screen.resize(new[1], new[0])
                world.terminal.resize(*new)
            case _ if poll is not None:
                {
                    "again": world.hall.ask_again,
                    "close": world.hall.close,
                    "reveal": world.hall.reveal,
                    "away": world.hall.put_away,
                }[word]()
    world.terminal.taken()
    assert world.seen == world.due


def test_a_slow_one_skips_and_ends_at_the_right_step() -> None:
    world = World()
    world.terminal.is_full = True
    before = world.line.written
    for _ in range(50):
        world.do("next")
    assert world.line.written == before, "nothing is written to who takes nothing"
    world.terminal.taken()
    assert world.seen == world.due and "step 51/55" in world.seen[0]
    assert world.line.written - before < 4_000


def test_a_step_is_drawn_once_for_everyone_at_a_size() -> None:
    world = World()
    others = [World() for _ in range(3)]
    for other in others:
        other.terminal._painter = world.painter
        other.hall = world.hall
    frames = world.painter._frames
    made: list[object] = []
    real = frames.made

    def counting(key, make):  # type: ignore[no-untyped-def]
        def told():  # type: ignore[no-untyped-def]
            made.append(key)
            return make()

        return real(key, told)

    frames.made = counting  # type: ignore[method-assign]
    viewers = [
        TerminalViewer(Line((80, 24)), world.painter, UTF8, "x", world.join) for _ in range(5)
    ]
    for viewer in viewers:
        viewer.begin(80, 24)
        viewer.come()
        viewer.draw()
    made.clear()
    world.do("next")
    for viewer in viewers:
        viewer.draw()
    assert len(made) == 1


def test_what_is_asked_is_not_seen_by_anyone_until_it_is_revealed() -> None:
    world = World()
    world.do("goto hidden.a[1]")
    assert "0.32" in "\n".join(world.seen)
    world.ask()
    assert "0.32" not in "\n".join(world.seen) and "step 4/55" in world.seen[0]
    # Stepping alone leads no further, and neither does the presenter.
    for key in ("j", "n", "n", "]", "\x1b[F"):
        world.terminal.type(key)
        assert "0.32" not in "\n".join(world.seen[:-4])
    world.terminal.type("j")
    world.do("next")
    assert "0.32" not in "\n".join(world.seen)
    world.hall.close()
    assert "0.32" not in "\n".join(world.seen)
    world.hall.reveal()
    assert "0.32" in "\n".join(world.seen)


def test_at_the_first_step_nothing_is_seen_until_it_is_revealed() -> None:
    world = World()
    world.ask()
    assert "1.00" not in "\n".join(world.seen) and "hidden.p[1,1] = ?" in "\n".join(world.seen)
    world.hall.reveal()
    assert "1.00" in "\n".join(world.seen)


def test_another_question_hides_what_the_one_before_showed() -> None:
    world = World()
    world.do("goto hidden.a[1]")
    world.ask()
    assert "step 4/55" in world.seen[0]
    world.hall.ask(world.asker.number(world.session, "hidden.p[1,1]"), hints=True, seconds=None)
    assert world.seen == world.due and world.seen[0] == ""


def test_one_who_steps_alone_catches_up() -> None:
    world = World()
    world.terminal.type("j")
    for _ in range(3):
        world.terminal.type("n")
    world.do("last")
    assert "step 4/55" in world.seen[0] and "alone 4/55" in world.seen[-1]
    assert world.viewer.person.where == "forward, step 4 of 55"
    world.terminal.type("j")
    assert "step 55/55" in world.seen[0] and "following" in world.seen[-1]
    assert world.viewer.person.where == ""


def test_an_answer_is_typed_marked_and_may_be_replaced() -> None:
    world = World()
    world.do("goto hidden.a[1]")
    world.ask()
    world.terminal.type("0.68\r")
    assert "sign in exp( )" in world.seen[-2]
    world.terminal.type("\x7f0.32\r")
    assert world.seen[-2] == "right" and world.hall.poll.tally(-1, 1).right == 1


def test_the_presenter_who_has_gone_is_waited_for() -> None:
    world = World()
    world.hall.wait(is_waiting=True)
    assert "the presenter's line has dropped" in world.seen[-1]
    world.do("next")
    assert "following" in world.seen[-1]


def test_a_theme_colours_the_whole_screen() -> None:
    world = World()
    grounds = {cell.bg for row in world.line.screen.buffer.values() for cell in row.values()}
    assert grounds <= {"default"}
    world.terminal.type("t")
    width, height = world.terminal.size
    buffer = world.line.screen.buffer
    grounds = {buffer[y][x].bg for y in range(height) for x in range(width)}
    assert "default" not in grounds and len(grounds) <= 2


@pytest.mark.parametrize("key", ["q", "\x03", "\x04"])
def test_keys_that_leave(key: str) -> None:
    world = World()
    world.terminal.type(key)
    assert world.terminal.is_leaving


NAMES = [
    ("\r", "ada"),
    ("Bo\r", "Bo"),
    ("Bo\x7f\x7fCy\r", "Cy"),
    ("q\r", "q"),
    ("x" * 50 + "\r", "x" * 32),
]


@pytest.mark.parametrize(("typed", "name"), NAMES)
def test_a_name_is_typed_or_the_one_of_the_login_is_taken(typed: str, name: str) -> None:
    line, hall = Line((80, 24)), Hall()
    terminal = TerminalViewer(
        line, Painter(), UTF8, "ada", lambda given: Viewer(hall, Reels(), hall.come(given))
    )
    terminal._rate._left = terminal._rate._most = 1_000
    terminal.begin(80, 24)
    terminal.type(typed)
    assert terminal.viewer is not None and terminal.viewer.person.name == name


def test_what_is_kept_has_an_end_however_large_each_is() -> None:
    kept: Kept[str] = Kept(100, len)
    for size in (40, 40, 30, 90, 200):
        assert kept.made((size, kept.weight), lambda size=size: "x" * size) == "x" * size
        assert kept.weight == sum(map(len, kept.values()))
        assert kept.weight <= 100 or len(kept) == 1
    painter = World((100, 30)).painter
    # Each of the 100 × 29 cells that are the panes' has two references of 8 bytes.
    assert painter._frames.weight % (16 * 100) == 0 and painter._frames.weight >= 16 * 100 * 28


def test_the_presenter_sees_what_was_typed_last_once_it_is_handed_in_too() -> None:
    world = World()
    world.do("goto hidden.a[1]")
    world.ask()
    world.terminal.type("0.3")
    assert world.viewer.person.typed == "0.3"
    world.terminal.type("2\r")
    assert world.viewer.person.typed == "0.32" and "right" in "\n".join(world.seen)
