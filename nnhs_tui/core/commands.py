"""The commands: one table that keys, palette, `:` line, help, README and replay files are made of.

A command is a printable string, its word and perhaps an argument: `next`, `goto 12`. The session
carries out the ones that move through the record; the screen the ones about what is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.core.errors import Refusal, nearest

SESSION, SCREEN = "session", "screen"


@dataclass(frozen=True)
class Command:
    """One command as a person meets it."""

    word: str
    keys: tuple[str, ...]
    """Key names as the terminal library calls them."""
    title: str
    """A few words, for the palette and the footer."""
    help: str
    """One sentence."""
    argument: str = ""
    """What the argument is called, "" where there is none; in brackets where it may be left out."""
    scope: str = SESSION
    group: str = "Stepping"


COMMANDS = (
    Command("next", ("n", "right"), "next step", "Go on one step."),
    Command("back", ("p", "left"), "step back", "Take the last step back."),
    Command("first", ("home",), "first step", "Go to the first step of this round."),
    Command("last", ("end",), "last step", "Go to the last step of this round."),
    Command(
        "next-phase",
        ("right_square_bracket",),
        "next phase",
        "Go to the start of the next phase: forward, backward, update.",
    ),
    Command(
        "previous-phase",
        ("left_square_bracket",),
        "previous phase",
        "Go to the start of this phase, or of the one before it.",
    ),
    Command("goto", ("g",), "go to a step", "Go to the step of this number in this round.", "STEP"),
    Command(
        "play", ("space",), "play / pause", "Step by itself; any other step pauses.", scope=SCREEN
    ),
    Command(
        "faster",
        ("greater_than_sign",),
        "play faster",
        "Shorten the pause between steps.",
        scope=SCREEN,
    ),
    Command(
        "slower",
        ("less_than_sign",),
        "play slower",
        "Lengthen the pause between steps.",
        scope=SCREEN,
    ),
    Command(
        "apply",
        ("a",),
        "apply the update",
        "Take the new parameters and begin the next round.",
        group="Rounds",
    ),
    Command(
        "restart", (), "restart this round", "Go back to the start of this round.", group="Rounds"
    ),
    Command(
        "reset",
        (),
        "reset everything",
        "Forget all applied rounds and begin again as the scenario says.",
        group="Rounds",
    ),
    Command(
        "round",
        (),
        "go to a round",
        "Go to the start of a round that was applied.",
        "ROUND",
        group="Rounds",
    ),
    Command(
        "branches",
        (),
        "list the branches",
        "Say which runs there are: one for each arithmetic that updates were applied in.",
        group="Rounds",
    ),
    Command(
        "arithmetic",
        ("m",),
        "exact / hand arithmetic",
        "Switch between exact arithmetic and rounding every step as on paper.",
        "[exact|hand]",
        group="Numbers",
    ),
    Command(
        "digits",
        (),
        "number of decimals",
        "Show, and in hand arithmetic carry, so many decimals.",
        "0…6",
        group="Numbers",
    ),
    Command("more-digits", ("plus",), "more decimals", "One decimal more.", group="Numbers"),
    Command("fewer-digits", ("minus",), "fewer decimals", "One decimal fewer.", group="Numbers"),
    Command(
        "pane",
        ("1", "2", "3", "4", "5"),
        "go to a pane",
        "Look at pane 1 net, 2 step, 3 matrices, 4 gradients or 5 timeline.",
        "1…5",
        scope=SCREEN,
        group="Screen",
    ),
    Command(
        "zoom",
        ("z",),
        "zoom the pane",
        "Give the pane the whole screen, or take it back.",
        scope=SCREEN,
        group="Screen",
    ),
    Command(
        "scroll-up",
        ("K", "pageup"),
        "scroll up",
        "Scroll the pane up.",
        scope=SCREEN,
        group="Screen",
    ),
    Command(
        "scroll-down",
        ("J", "pagedown"),
        "scroll down",
        "Scroll the pane down.",
        scope=SCREEN,
        group="Screen",
    ),
    Command(
        "scroll-left",
        ("H",),
        "scroll left",
        "Scroll the pane to the left.",
        scope=SCREEN,
        group="Screen",
    ),
    Command(
        "scroll-right",
        ("L",),
        "scroll right",
        "Scroll the pane to the right.",
        scope=SCREEN,
        group="Screen",
    ),
    Command(
        "about",
        ("i",),
        "about this scenario",
        "Read what to look at and where the numbers come from.",
        scope=SCREEN,
        group="Program",
    ),
    Command(
        "scenarios",
        ("o",),
        "open another scenario",
        "Go to the list of scenarios.",
        scope=SCREEN,
        group="Program",
    ),
    Command(
        "command", ("colon",), "command line", "Type a command.", scope=SCREEN, group="Program"
    ),
    Command(
        "palette",
        ("ctrl+p",),
        "command palette",
        "Find a command by its name.",
        scope=SCREEN,
        group="Program",
    ),
    Command(
        "help",
        ("question_mark", "f1"),
        "help",
        "Show the keys and the signs.",
        scope=SCREEN,
        group="Program",
    ),
    Command("quit", ("q", "ctrl+q"), "quit", "Leave the program.", scope=SCREEN, group="Program"),
)

BY_WORD = {command.word: command for command in COMMANDS}

KEY_LABELS = {
    "right": "→",
    "left": "←",
    "up": "↑",
    "down": "↓",
    "home": "Home",
    "end": "End",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "space": "Space",
    "colon": ":",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "plus": "+",
    "minus": "-",
    "question_mark": "?",
    "f1": "F1",
    "ctrl+p": "Ctrl+P",
    "ctrl+q": "Ctrl+Q",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


def key_labels(command: Command) -> str:
    """The command's keys as printed: "n →"."""
    return " ".join(KEY_LABELS.get(key, key) for key in command.keys)


def parse(text: str) -> tuple[Command, str]:
    """Split a command string into its command and argument.

    A number alone is `goto`. Raises Refusal for what is no command, with the nearest one.

    >>> parse("goto 12")[0].word, parse("12")[1]
    ('goto', '12')
    """
    word, _, argument = text.strip().partition(" ")
    argument = argument.strip()
    if word.isdigit() and not argument:
        word, argument = "goto", word
    command = BY_WORD.get(word)
    if command is None:
        near = nearest(word, BY_WORD)
        hint = f"did you mean {near}?" if near else "? shows all of them."
        raise Refusal(f"there is no command {word!r}; {hint}")
    if argument and not command.argument:
        raise Refusal(f"{word} takes no argument, found {argument!r}")
    if command.argument and not argument and not command.argument.startswith("["):
        raise Refusal(f"{word} needs {command.argument}: for example {word} 2")
    return command, argument
