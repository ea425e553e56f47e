"""The commands about what is looked at, group by group, as the help shows them."""

from __future__ import annotations

from nnhs_tui.commands.panes import BESIDE, BY_NUMBER, MATRICES
from nnhs_tui.commands.row import (
    A_QUANTITY,
    ASKS,
    CHOICE,
    CHOSEN,
    CLIPBOARD,
    FILES,
    HALL,
    LEAVES,
    LESSON,
    NOTHING,
    NUMBER,
    PLAYS,
    QUANTITY,
    SHELL,
    TELLS,
    TEXT,
    Argument,
    Group,
    Row,
    one_of,
)

TESTS = ("forward", "backward", "update", "node", "layer", "again", "new")
A_TEST = Argument("|".join((*TESTS, "seed N")), CHOICE, True, (*TESTS, "seed "))

_PANE_HELP = (
    f"{', '.join(f'{pane.number} {pane.label}' for pane in BY_NUMBER.values())}; "
    f"in place of {MATRICES.number}: 6 breakpoints, 7 watches, 8 where from and to, 9 rounds, "
    "0 training."
)

SCREEN_ROWS = (
    Row(
        "play",
        "space",
        "play / pause",
        "Step, or replay, by itself; any other step pauses.",
        NOTHING,
        use=PLAYS,
    ),
    Row(
        "stop",
        "escape",
        "stop",
        "Stop training or playing; what was computed stays.",
        NOTHING,
        use=PLAYS,
    ),
    Row(
        "faster",
        "greater_than_sign",
        "play faster",
        "Shorten the pause between steps.",
        NOTHING,
        use=PLAYS,
    ),
    Row(
        "replay-next",
        "full_stop",
        "next line of the replay",
        "Carry out the next line of the file that is replayed, and show its remark.",
        NOTHING,
        use=PLAYS,
    ),
    Row(
        "slower",
        "less_than_sign",
        "play slower",
        "Lengthen the pause between steps.",
        NOTHING,
        use=PLAYS,
    ),
    Row(
        "pane", "0 1 2 3 4 5 6 7 8 9", "go to a pane", _PANE_HELP, NOTHING, Argument("0…9", NUMBER)
    ),
    Row(
        "theme",
        "",
        "colours",
        "Take other colours; terminal has the terminal's own.",
        NOTHING,
        one_of("terminal", "dark", "light", "high-contrast", "colour-blind"),
    ),
    Row("zoom", "z", "zoom the pane", "Give the pane the whole screen, or take it back.", NOTHING),
    Row(
        "scroll-up",
        "K pageup",
        "scroll up",
        "Scroll the pane, or choose the row, node or phase before it.",
        NOTHING,
    ),
    Row(
        "scroll-down",
        "J pagedown",
        "scroll down",
        "Scroll the pane, or choose the row, node or phase behind it.",
        NOTHING,
    ),
    Row(
        "scroll-left",
        "H",
        "scroll left",
        "Scroll the pane, or choose the node or step to the left.",
        NOTHING,
    ),
    Row(
        "scroll-right",
        "L",
        "scroll right",
        "Scroll the pane, or choose the node or step to the right.",
        NOTHING,
    ),
    Row(
        "accept",
        "enter",
        "go to what is chosen",
        "Run to the chosen node or step; in a list go to the row's step, or switch it.",
        NOTHING,
        use=CHOSEN,
    ),
    Row(
        "remove",
        "x",
        "remove the row",
        "Delete the chosen breakpoint or watch.",
        NOTHING,
        use=CHOSEN,
    ),
    Row(
        "copy",
        "y",
        "copy the number",
        "Copy this step's number, over SSH too.",
        CLIPBOARD,
        A_QUANTITY,
    ),
    Row(
        "copy-formula",
        "Y",
        "copy the formula",
        "Copy this step's formula with its numbers.",
        CLIPBOARD,
    ),
)

SPOT = Row(
    "spot",
    "S",
    "spot the mistake",
    "Somebody has made one mistake in this calculation: find it with as few looks as you can.",
    NOTHING,
    Argument("easy|medium|hard [seed N]", CHOICE, True, ("easy", "medium", "hard", "seed ")),
    use=ASKS,
)

SELF_CHECK = (
    Row(
        "test",
        "t",
        "test yourself",
        "Type the numbers yourself and have them marked: all, a phase, or what went wrong.",
        NOTHING,
        A_TEST,
        use=ASKS,
    ),
    SPOT,
)

LESSONS = (
    Row(
        "lesson",
        "I",
        "the lesson",
        "Read the lesson and its task; with a name or a number of the list begin another one.",
        FILES,
        Argument("NAME|NUMBER|anew", LESSON, True, ("anew",)),
        use=TELLS,
    ),
    Row(
        "answer",
        "equals_sign",
        "answer the lesson's task",
        "Type a number, or the letter of a choice, and have it marked; ? gives a hint.",
        FILES,
        Argument("ANSWER|?", TEXT),
        use=ASKS,
    ),
    Row(
        "next-lesson",
        "G",
        "next lesson",
        "Go on to the lesson that comes next.",
        FILES,
        use=ASKS,
    ),
)

PRESENTING = (
    Row(
        "present",
        "P",
        "large type on / off",
        "Show the step so large that the last row can read it; 1 to 5 choose the panes with it.",
        NOTHING,
    ),
    Row(
        "panes",
        "",
        "panes beside large type",
        "Show these panes with the step in large type.",
        NOTHING,
        one_of(*BESIDE, "none"),
    ),
    Row(
        "pointer",
        "A",
        "pointer on / off",
        "Point at something: H J K L move the arrow, a click places it.",
        NOTHING,
    ),
    Row("blank", "B", "blank screen", "Show nothing until the next key.", NOTHING),
    Row(
        "countdown",
        "D",
        "now you",
        "Ask the class for the next step, with a clock; any step shows the result.",
        NOTHING,
        Argument("SECONDS", NUMBER, is_optional=True),
    ),
)

PROGRAM = (
    Row(
        "ask",
        "Q",
        "ask the hall",
        "Where a class follows (serve): ask everyone for this number, or which weight grows. "
        "With quiet nobody is told at once whether it is right; 60 s ends it by itself.",
        HALL,
        Argument("QUANTITY|grows [quiet] [60 s]", QUANTITY, is_optional=True),
        use=ASKS,
    ),
    Row(
        "hall",
        "O",
        "the hall's answers",
        "Where a class follows: who is here, how many are right, and which mistakes were made; "
        "hall code draws another code to come in with.",
        HALL,
        Argument("code [TEXT]", TEXT, is_optional=True),
        use=ASKS,
    ),
    Row(
        "send-away",
        "",
        "send somebody away",
        "Where a class follows: end the connection of somebody, and forget their answers.",
        HALL,
        Argument("NAME", TEXT),
    ),
    Row(
        "boundary",
        "V",
        "the boundary",
        "Watch a net learn to tell points of two classes apart, or go back to it.",
        NOTHING,
        one_of("circle", "moons", "spiral", "xor", "linear", is_optional=True),
        use=ASKS,
    ),
    Row(
        "nudge",
        "",
        "nudge a number",
        "Work a gradient out by trying: the result a little above and below, over 2h.",
        NOTHING,
        A_QUANTITY,
        use=TELLS,
    ),
    Row(
        "batch",
        "M",
        "all samples as one matrix",
        "See the layer's X, Z, dZ and dW of all samples at once, a row a sample.",
        NOTHING,
        use=TELLS,
    ),
    Row(
        "slide",
        "W",
        "slide a number",
        "Move a weight, a bias or the learning rate by keys, and see the loss with its tangent.",
        NOTHING,
        A_QUANTITY,
        use=ASKS,
    ),
    Row("legend", "l", "signs", "What every sign means.", NOTHING, use=TELLS),
    Row(
        "about",
        "i",
        "about this scenario",
        "Read what to look at, and the numbers' source.",
        NOTHING,
        use=TELLS,
    ),
    Row("reload", "f5", "reload", "Load the scenario's file again, or show its faults.", FILES),
    Row(
        "scenarios", "o", "open another scenario", "Go to the list of scenarios.", NOTHING, use=ASKS
    ),
    Row("command", "colon", "command line", "Type a command.", NOTHING, use=ASKS),
    Row("palette", "ctrl+p", "command palette", "Find a command by its name.", NOTHING, use=ASKS),
    Row("help", "question_mark f1", "help", "Show the keys and the signs.", NOTHING, use=TELLS),
    Row(
        "suspend",
        "ctrl+z",
        "suspend",
        "Go back to the shell for a while; fg comes back.",
        SHELL,
        use=LEAVES,
    ),
    Row("quit", "q ctrl+q", "quit", "Leave the program.", NOTHING, use=LEAVES),
)

SCREEN_GROUPS = (
    Group("self_check", "Self-check", SELF_CHECK),
    Group("lessons", "Lessons", LESSONS),
    Group("screen", "Screen", SCREEN_ROWS),
    Group("presenting", "Presenting", PRESENTING),
    Group("program", "Program", PROGRAM),
)
