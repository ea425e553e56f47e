"""The commands that move or change the session, group by group, as the help shows them."""

from __future__ import annotations

from nnhs_tui.commands.row import (
    A_QUANTITY,
    BREAKPOINT,
    EDIT,
    FILE,
    FILES,
    GOAL,
    NOTHING,
    NUMBER,
    PLACE,
    QUANTITY,
    Argument,
    Group,
    Row,
    one_of,
)

BREAKPOINTS_NAMED = Argument("NUMBER|all", BREAKPOINT, choices=("all",))
A_FILE = Argument("NAME|FILE.toml", FILE)

STEPPING = (
    Row("next", "n right", "next step", "Go on one step at this level.", NOTHING),
    Row(
        "back",
        "p left",
        "step back",
        "Undo the last next, into or out; else one step back.",
        NOTHING,
    ),
    Row(
        "into",
        "s down",
        "into",
        "Open this step: layer, neuron, node, what is inside a node.",
        NOTHING,
    ),
    Row(
        "out", "r up", "out", "Go up a level, to the end of the step this one belongs to.", NOTHING
    ),
    Row(
        "level",
        "",
        "level",
        "Step by whole layers, by neurons, or by nodes.",
        NOTHING,
        one_of("layer", "neuron", "node"),
    ),
    Row("first", "home", "first step", "Go to the first step of this round.", NOTHING),
    Row("last", "end", "last step", "Go to the last step of this round.", NOTHING),
    Row(
        "next-phase",
        "right_square_bracket",
        "next phase",
        "Go to the start of the next phase: forward, backward, update.",
        NOTHING,
    ),
    Row(
        "previous-phase",
        "left_square_bracket",
        "previous phase",
        "Go to the start of this phase, or of the one before it.",
        NOTHING,
    ),
    Row(
        "goto",
        "g",
        "go to a step or a quantity",
        "Go to the step of this number, or to the one that makes, or first uses, this quantity.",
        NOTHING,
        Argument("STEP|QUANTITY", QUANTITY),
    ),
    Row(
        "search",
        "slash",
        "search",
        "Go to the next step whose quantity's name contains this; with nothing, search again.",
        NOTHING,
        Argument("TEXT", QUANTITY, is_optional=True),
    ),
)

BREAKPOINTS = (
    Row(
        "break",
        "b",
        "breakpoint on / off",
        "Stop at this step's quantity, at one named, a layer, a phase, or where a condition holds.",
        NOTHING,
        Argument("WHERE or CONDITION", PLACE, is_optional=True),
    ),
    Row(
        "continue",
        "c",
        "continue",
        "Run to the next breakpoint; if there is none, to the end of the phase.",
        NOTHING,
    ),
    Row(
        "continue-back",
        "C",
        "continue backwards",
        "Run back to the breakpoint before; if there is none, to the start of the phase.",
        NOTHING,
    ),
    Row(
        "run-to",
        "h",
        "run to here",
        "Run to the chosen quantity or a step, but stop at a breakpoint on the way.",
        NOTHING,
        Argument("STEP|QUANTITY", QUANTITY, is_optional=True),
    ),
    Row("enable", "", "breakpoint on", "Switch a breakpoint on.", NOTHING, BREAKPOINTS_NAMED),
    Row(
        "disable",
        "",
        "breakpoint off",
        "Switch a breakpoint off, and keep it.",
        NOTHING,
        BREAKPOINTS_NAMED,
    ),
    Row("delete", "", "delete a breakpoint", "Delete a breakpoint.", NOTHING, BREAKPOINTS_NAMED),
)

FINDING_OUT = (
    Row("watch", "w", "watch on / off", "Watch this quantity, or one named.", NOTHING, A_QUANTITY),
    Row(
        "change-back",
        "left_curly_bracket",
        "previous change",
        "Go back to where the quantity asked about changed last.",
        NOTHING,
        A_QUANTITY,
    ),
    Row(
        "change-next",
        "right_curly_bracket",
        "next change",
        "Go on to where the quantity asked about changes next.",
        NOTHING,
        A_QUANTITY,
    ),
    Row(
        "from",
        "f",
        "where from",
        "List what this quantity is made of, and the step that made each part.",
        NOTHING,
        A_QUANTITY,
    ),
    Row("to", "F", "where to", "List what uses this quantity.", NOTHING, A_QUANTITY),
    Row(
        "compare",
        "d",
        "compare",
        "List what differs from the run without the edits, the round before or another one, "
        "or exact from hand.",
        NOTHING,
        Argument("ROUND|hand|exact", NUMBER, is_optional=True, choices=("hand", "exact")),
    ),
    Row(
        "gradcheck",
        "k",
        "gradient check",
        "List every gradient of this round beside the numeric one, and their difference.",
        NOTHING,
    ),
)

WHAT_IF = (
    Row(
        "edit",
        "e",
        "what if",
        "Give an input, target, weight, bias or the learning rate another value from this round.",
        NOTHING,
        Argument("QUANTITY VALUE", EDIT),
    ),
    Row(
        "undo",
        "u",
        "undo the edit",
        "Take the last edit back: the old run is there again.",
        NOTHING,
    ),
    Row("redo", "U", "redo the edit", "Make the edit again that was taken back.", NOTHING),
    Row(
        "save",
        "",
        "save as a scenario",
        "Write the edits as a new scenario: a name for one of your own, or a path.",
        FILES,
        A_FILE,
    ),
    Row("save!", "", "save over a scenario", "Write the edits over a scenario.", FILES, A_FILE),
)

ROUNDS = (
    Row(
        "apply",
        "a",
        "apply the update",
        "Take the new parameters and begin the next round.",
        NOTHING,
    ),
    Row(
        "train",
        "T",
        "train",
        "Run so many rounds, or until the loss is small or no longer changes.",
        NOTHING,
        Argument("ROUNDS or until loss < VALUE", GOAL),
    ),
    Row(
        "round",
        "R",
        "go to a round",
        "Go to the start of a round that was applied.",
        NOTHING,
        Argument("ROUND", NUMBER),
    ),
    Row(
        "previous-round",
        "left_parenthesis",
        "previous round",
        "Go to this step in the round before.",
        NOTHING,
    ),
    Row(
        "next-round",
        "right_parenthesis",
        "next round",
        "Go to this step in the next round.",
        NOTHING,
    ),
    Row("restart", "", "restart this round", "Go back to the start of this round.", NOTHING),
    Row("reset", "", "reset everything", "Forget all rounds and edits, and begin again.", NOTHING),
    Row(
        "branches",
        "",
        "list the branches",
        "Say which runs there are: one for each arithmetic and each what-if.",
        NOTHING,
    ),
)

NUMBERS = (
    Row(
        "arithmetic",
        "m",
        "exact / hand arithmetic",
        "Switch between exact arithmetic and rounding every step as on paper.",
        NOTHING,
        one_of("exact", "hand", is_optional=True),
    ),
    Row(
        "digits",
        "",
        "number of decimals",
        "Show, and by hand carry, so many decimals.",
        NOTHING,
        Argument("0…6", NUMBER),
    ),
    Row("more-digits", "plus", "more decimals", "One decimal more.", NOTHING),
    Row("fewer-digits", "minus", "fewer decimals", "One decimal fewer.", NOTHING),
    Row(
        "form",
        "v",
        "matrix / scalar",
        "See the same step as an equation between matrices, or number by number.",
        NOTHING,
        one_of("matrix", "scalar", is_optional=True),
    ),
    Row(
        "notation",
        "N",
        "rows / neurons",
        "Write the equations with a row per input (O = X·W), or a row per neuron (o = W·x).",
        NOTHING,
        one_of("rows", "neurons", is_optional=True),
    ),
    Row(
        "draw",
        "E",
        "layers / elementary nodes",
        "Draw the network as layers of neurons, or each operation with the value and the gradient"
        " on its edge.",
        NOTHING,
        one_of("layers", "nodes", is_optional=True),
    ),
)

SESSION_GROUPS = (
    Group("stepping", "Stepping", STEPPING),
    Group("breakpoints", "Breakpoints", BREAKPOINTS),
    Group("finding_out", "Finding out", FINDING_OUT),
    Group("what_if", "What if", WHAT_IF),
    Group("rounds", "Rounds", ROUNDS),
    Group("numbers", "Numbers", NUMBERS),
)
