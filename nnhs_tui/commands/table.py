"""The table of commands, group by group, as a person meets them in the help.

A row is: word, keys (as the terminal library calls them), a few words for the palette and the
footer, one sentence, what the argument is called ("" for none, in brackets where it may be left
out). Rows of SCREEN are about what is looked at; the others move or change the session.
"""

from __future__ import annotations

from nnhs_tui.commands.panes import BY_NUMBER, MATRICES

Row = tuple[str, str, str, str, str]

STEPPING: tuple[Row, ...] = (
    ("next", "n right", "next step", "Go on one step at this level.", ""),
    ("back", "p left", "step back", "Undo the last next, into or out; else one step back.", ""),
    ("into", "s down", "into", "Open this step: layer, neuron, node, what is inside a node.", ""),
    ("out", "r up", "out", "Go up a level, to the end of the step this one belongs to.", ""),
    ("level", "", "level", "Step by whole layers, by neurons, or by nodes.", "layer|neuron|node"),
    ("first", "home", "first step", "Go to the first step of this round.", ""),
    ("last", "end", "last step", "Go to the last step of this round.", ""),
    (
        "next-phase",
        "right_square_bracket",
        "next phase",
        "Go to the start of the next phase: forward, backward, update.",
        "",
    ),
    (
        "previous-phase",
        "left_square_bracket",
        "previous phase",
        "Go to the start of this phase, or of the one before it.",
        "",
    ),
    (
        "goto",
        "g",
        "go to a step or a quantity",
        "Go to the step of this number, or to the one that makes, or first uses, this quantity.",
        "STEP|QUANTITY",
    ),
    (
        "search",
        "slash",
        "search",
        "Go to the next step whose quantity's name contains this; with nothing, search again.",
        "[TEXT]",
    ),
)

BREAKPOINTS: tuple[Row, ...] = (
    (
        "break",
        "b",
        "breakpoint on / off",
        "Stop at this step's quantity, at one named, a layer, a phase, or where a condition holds.",
        "[WHERE or CONDITION]",
    ),
    (
        "continue",
        "c",
        "continue",
        "Run to the next breakpoint; if there is none, to the end of the phase.",
        "",
    ),
    (
        "continue-back",
        "C",
        "continue backwards",
        "Run back to the breakpoint before; if there is none, to the start of the phase.",
        "",
    ),
    (
        "run-to",
        "h",
        "run to here",
        "Run to the chosen quantity or a step, but stop at a breakpoint on the way.",
        "[STEP|QUANTITY]",
    ),
    ("enable", "", "breakpoint on", "Switch a breakpoint on.", "NUMBER|all"),
    ("disable", "", "breakpoint off", "Switch a breakpoint off, and keep it.", "NUMBER|all"),
    ("delete", "", "delete a breakpoint", "Delete a breakpoint.", "NUMBER|all"),
)

FINDING_OUT: tuple[Row, ...] = (
    ("watch", "w", "watch on / off", "Watch this quantity, or one named.", "[QUANTITY]"),
    (
        "change-back",
        "left_curly_bracket",
        "previous change",
        "Go back to where the quantity asked about changed last.",
        "[QUANTITY]",
    ),
    (
        "change-next",
        "right_curly_bracket",
        "next change",
        "Go on to where the quantity asked about changes next.",
        "[QUANTITY]",
    ),
    (
        "from",
        "f",
        "where from",
        "List what this quantity is made of, and the step that made each part.",
        "[QUANTITY]",
    ),
    ("to", "F", "where to", "List what uses this quantity.", "[QUANTITY]"),
    (
        "compare",
        "d",
        "compare",
        "List what differs from the run without the edits, the round before, or another round.",
        "[ROUND]",
    ),
    (
        "gradcheck",
        "k",
        "gradient check",
        "List every gradient of this round beside the numeric one, and their difference.",
        "",
    ),
)

WHAT_IF: tuple[Row, ...] = (
    (
        "edit",
        "e",
        "what if",
        "Give an input, target, weight, bias or the learning rate another value from this round.",
        "QUANTITY VALUE",
    ),
    ("undo", "u", "undo the edit", "Take the last edit back: the old run is there again.", ""),
    ("redo", "U", "redo the edit", "Make the edit again that was taken back.", ""),
    (
        "save",
        "",
        "save as a scenario",
        "Write the edits as a new scenario: a name for one of your own, or a path.",
        "NAME|FILE.toml",
    ),
    ("save!", "", "save over a scenario", "Write the edits over a scenario.", "NAME|FILE.toml"),
)

ROUNDS: tuple[Row, ...] = (
    ("apply", "a", "apply the update", "Take the new parameters and begin the next round.", ""),
    (
        "train",
        "T",
        "train",
        "Run so many rounds, or until the loss is small or no longer changes.",
        "ROUNDS or until loss < VALUE",
    ),
    ("round", "R", "go to a round", "Go to the start of a round that was applied.", "ROUND"),
    (
        "previous-round",
        "left_parenthesis",
        "previous round",
        "Go to this step in the round before.",
        "",
    ),
    ("next-round", "right_parenthesis", "next round", "Go to this step in the next round.", ""),
    ("restart", "", "restart this round", "Go back to the start of this round.", ""),
    ("reset", "", "reset everything", "Forget all rounds and edits, and begin again.", ""),
    (
        "branches",
        "",
        "list the branches",
        "Say which runs there are: one for each arithmetic and each what-if.",
        "",
    ),
)

NUMBERS: tuple[Row, ...] = (
    (
        "arithmetic",
        "m",
        "exact / hand arithmetic",
        "Switch between exact arithmetic and rounding every step as on paper.",
        "[exact|hand]",
    ),
    ("digits", "", "number of decimals", "Show, and by hand carry, so many decimals.", "0…6"),
    ("more-digits", "plus", "more decimals", "One decimal more.", ""),
    ("fewer-digits", "minus", "fewer decimals", "One decimal fewer.", ""),
    (
        "form",
        "v",
        "matrix / scalar",
        "See the same step as an equation between matrices, or number by number.",
        "[matrix|scalar]",
    ),
    (
        "notation",
        "N",
        "rows / neurons",
        "Write the equations with a row per input (O = X·W), or a row per neuron (o = W·x).",
        "[rows|neurons]",
    ),
)

SCREEN_ROWS: tuple[Row, ...] = (
    ("play", "space", "play / pause", "Step, or replay, by itself; any other step pauses.", ""),
    ("stop", "escape", "stop", "Stop training or playing; what was computed stays.", ""),
    ("faster", "greater_than_sign", "play faster", "Shorten the pause between steps.", ""),
    (
        "replay-next",
        "full_stop",
        "next line of the replay",
        "Carry out the next line of the file that is replayed, and show its remark.",
        "",
    ),
    ("slower", "less_than_sign", "play slower", "Lengthen the pause between steps.", ""),
    (
        "pane",
        "0 1 2 3 4 5 6 7 8 9",
        "go to a pane",
        f"{', '.join(f'{pane.number} {pane.name}' for pane in BY_NUMBER.values())}; "
        f"in place of {MATRICES.number}: 6 breakpoints, 7 watches, 8 where from and to, 9 rounds, "
        "0 training.",
        "0…9",
    ),
    (
        "theme",
        "",
        "colours",
        "Take other colours; terminal has the terminal's own.",
        "terminal|dark|light|high-contrast|colour-blind",
    ),
    ("zoom", "z", "zoom the pane", "Give the pane the whole screen, or take it back.", ""),
    (
        "scroll-up",
        "K pageup",
        "scroll up",
        "Scroll the pane, or choose the row, node or phase before it.",
        "",
    ),
    (
        "scroll-down",
        "J pagedown",
        "scroll down",
        "Scroll the pane, or choose the row, node or phase behind it.",
        "",
    ),
    (
        "scroll-left",
        "H",
        "scroll left",
        "Scroll the pane, or choose the node or step to the left.",
        "",
    ),
    (
        "scroll-right",
        "L",
        "scroll right",
        "Scroll the pane, or choose the node or step to the right.",
        "",
    ),
    (
        "accept",
        "enter",
        "go to what is chosen",
        "Run to the chosen node or step; in a list go to the row's step, or switch it.",
        "",
    ),
    ("remove", "x", "remove the row", "Delete the chosen breakpoint or watch.", ""),
    ("copy", "y", "copy the number", "Copy this step's number, over SSH too.", "[QUANTITY]"),
    ("copy-formula", "Y", "copy the formula", "Copy this step's formula with its numbers.", ""),
)

SELF_CHECK: tuple[Row, ...] = (
    (
        "test",
        "t",
        "test yourself",
        "Type the numbers yourself and have them marked: all, a phase, or what went wrong.",
        "[forward|backward|update|again|new|seed N]",
    ),
)

PRESENTING: tuple[Row, ...] = (
    (
        "present",
        "P",
        "large type on / off",
        "Show the step so large that the last row can read it; 1 to 5 choose the panes with it.",
        "",
    ),
    (
        "panes",
        "",
        "panes beside large type",
        "Show these panes with the step in large type.",
        "net|matrices|gradients|timeline|none",
    ),
    (
        "pointer",
        "A",
        "pointer on / off",
        "Point at something: H J K L move the arrow, a click places it.",
        "",
    ),
    ("blank", "B", "blank screen", "Show nothing until the next key.", ""),
    (
        "countdown",
        "D",
        "now you",
        "Ask the class for the next step, with a clock; any step shows the result.",
        "[SECONDS]",
    ),
)

PROGRAM: tuple[Row, ...] = (
    ("legend", "l", "signs", "What every sign means.", ""),
    ("about", "i", "about this scenario", "Read what to look at, and the numbers' source.", ""),
    ("reload", "f5", "reload", "Load the scenario's file again, or show its faults.", ""),
    ("scenarios", "o", "open another scenario", "Go to the list of scenarios.", ""),
    ("command", "colon", "command line", "Type a command.", ""),
    ("palette", "ctrl+p", "command palette", "Find a command by its name.", ""),
    ("help", "question_mark f1", "help", "Show the keys and the signs.", ""),
    ("suspend", "ctrl+z", "suspend", "Go back to the shell for a while; fg comes back.", ""),
    ("quit", "q ctrl+q", "quit", "Leave the program.", ""),
)

SESSION_GROUPS = {
    "Stepping": STEPPING,
    "Breakpoints": BREAKPOINTS,
    "Finding out": FINDING_OUT,
    "What if": WHAT_IF,
    "Rounds": ROUNDS,
    "Numbers": NUMBERS,
}
SCREEN_GROUPS = {
    "Self-check": SELF_CHECK,
    "Screen": SCREEN_ROWS,
    "Presenting": PRESENTING,
    "Program": PROGRAM,
}
