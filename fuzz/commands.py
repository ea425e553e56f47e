"""The commands of the `:` line, one after the other, on every shipped scenario."""

from __future__ import annotations

from copy import copy
from random import Random
from typing import Any

from fuzz.command_line import UNSAFE
from fuzz.mutate import CHANGES, NUMBERS
from fuzz.target import Target, require
from nnhs_tui.commands.commands import parse
from nnhs_tui.commands.session_rows import SESSION_GROUPS
from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.training import read_goal
from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.library import find, scenario_paths
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.branches import RoundsAhead

LONGEST_MESSAGE = 500
MOST_ROUNDS = 50
"""More rounds than these at once are only asked for."""
MOST_COMMANDS = 200
OUT = "save", "save!"
"""What writes files."""


def carry_out(session: Session, command: str) -> None:
    """A command, held to what holds for all: a refusal changes nothing, a message is one line."""
    if command.split(maxsplit=1)[:1] in ([each] for each in OUT) or _is_long(command):
        return
    before = state_of(session)
    try:
        outcome = session.execute(command, at_once=False)
    except RoundsAhead as ahead:
        require(state_of(session) == before, "a command that needs rounds changes something")
        if ahead.count > MOST_ROUNDS:
            return
        outcome = session.execute(command)
    word = command.split()[0] if command.split() else "nothing"
    message = outcome.message
    told = f"{command[:200]!r}: {message[:300]!r}"
    require(not UNSAFE.search(message) and "\n" not in message, "a message with signs", told)
    require(len(message) <= LONGEST_MESSAGE, "a message of over 500 characters", told)
    if outcome.kind == REFUSED:
        require(message, "a refusal without a reason", told)
        same = state_of(session) == before
        require(same, f"a refused {word} changes something", told)


def _is_long(command: str) -> bool:
    """Whether it trains for more rounds than are waited for here; the screen does it beside."""
    try:
        found, argument = parse(command)
        return found.word == "train" and read_goal(argument).rounds > MOST_ROUNDS
    except Refusal:
        return False


def state_of(session: Session) -> tuple[Any, ...]:
    """Everything that a command can change and a person can see."""
    asked = session.asked
    return (
        *(session.cursor, session.view, session.arithmetic_name, session.digits, session.edits),
        *(tuple(session.undone), tuple(session.watches), dict(session.runs.applied)),
        *(asked.quantity, asked.goes_to, asked.compared, asked.searched),
        [copy(each) for each in session.breakpoints.all],
    )


class Commands(Target):
    name, ending = "commands", ".txt"

    def aspects(self) -> tuple[str, ...]:
        return tuple(path.stem for path in scenario_paths(own=False))

    def check(self, data: bytes, aspect: str) -> None:
        session = Session(load(find(aspect, own=False)))
        for line in data.decode("utf-8", "replace").splitlines()[:MOST_COMMANDS]:
            carry_out(session, line)
            session.scene()

    def make(self, random: Random) -> bytes:
        """Some commands, their arguments changed as any other text."""
        lines = [self._command(random) for _ in range(random.randint(1, 15))]
        if random.random() < 0.3:
            lines.append(super().make(random).decode("utf-8", "replace"))
        return "\n".join(lines).encode()

    def _command(self, random: Random) -> str:
        word = random.choice(WORDS)
        argument = random.choice(ARGUMENTS)
        if word == "edit":
            argument = f"{random.choice(NAMES)} {random.choice(NUMBERS)}"
        text = f"{word} {argument}" if random.random() < 0.6 else word
        if random.random() < 0.3:
            change = random.choice(CHANGES["text"])
            text = change(random, text.encode(), self.seeds)[:6000].decode("utf-8", "replace")
        return text

    def more_seeds(self) -> list[bytes]:
        return [b"next\nnext\nback\n"]


WORDS = [row.word for group in SESSION_GROUPS for row in group.rows]
NAMES = (
    *("x[1]", "x", "t[1]", "hidden.W[1,1]", "hidden.b[1]", "hidden.z[1]", "output.a[1]", "loss"),
    *("grad hidden.W[1,1]", "grad x[1]", "step hidden.W[1,1]", "new hidden.W[1,1]", "loss[1]"),
    *("learning rate", "w", "A", "D", "f.1", "sample 2: hidden.z[1]", "round 2: loss", "w21", "b1"),
    *("grad hidden.a[1] via output.z[2]", "hidden.p[2,1]", "O.z[1]", "layer1.W[1,1]", "y"),
)
ARGUMENTS = (
    *NAMES,
    *NUMBERS,
    *("layer", "neuron", "node", "exact", "hand", "matrix", "scalar", "rows", "neurons", "all"),
    *("forward", "backward", "update", "hidden", "output", "hidden neuron 1", "until loss < 0.1"),
    *("loss > 0", "hidden.z[1] < 1e308", "hidden.a[1] = nan", "loss changes", "x[1] == x[1]"),
    *("until loss stops", "50 until loss < 1e-9", "(" * 200, "a" * 3000, "\x1b[31m", "\u202e", "²"),
)
TARGET = Commands()
