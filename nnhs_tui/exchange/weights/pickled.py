"""A pickle read as data: a small machine that knows what `torch.save` writes for a state dict.

`pickletools` splits the bytes into opcodes and runs none. Of these the few that build tables,
lists, texts and numbers are carried out here; of the names that a pickle may give, those of
`_GLOBALS` are known, and each only stands for what it is. Nothing is imported, nothing is called.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnhs_tui.errors import quoted
from nnhs_tui.exchange.weights.tensors import BRAIN, refusal

SAVE_STATE = "expected what torch.save(model.state_dict(), FILE) writes"
_MOST_OPCODES = 500_000

STORAGES = {
    "DoubleStorage": "f8",
    "FloatStorage": "f4",
    "HalfStorage": "f2",
    "BFloat16Storage": BRAIN,
    "LongStorage": "i8",
    "IntStorage": "i4",
    "ShortStorage": "i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
}
"""PyTorch's types, as numpy has them."""


@dataclass(frozen=True)
class Known:
    """A name of the pickle that is known."""

    name: str


@dataclass(frozen=True)
class Stored:
    """Numbers that stand in an entry of the archive."""

    kind: str
    entry: str


@dataclass(frozen=True)
class View:
    """A tensor: which of the stored numbers it is made of."""

    stored: Stored
    first: int
    shape: tuple[object, ...]
    strides: tuple[object, ...]


_TABLE, _TENSOR, _PARAMETER = map(Known, ("OrderedDict", "tensor", "parameter"))
_GLOBALS = {
    ("collections", "OrderedDict"): _TABLE,
    ("torch._utils", "_rebuild_tensor_v2"): _TENSOR,
    ("torch._utils", "_rebuild_parameter"): _PARAMETER,
    **{("torch", name): Known(name) for name in STORAGES},
}


class _Odd(Exception):
    """What this machine does not do; the text says what was found."""


def read_pickle(content: bytes, file: str, entry: str) -> Any:
    """What a pickle says, as tables, lists, texts, numbers and `View`s.

    Args:
        entry: where it stands in the file, for messages.

    Raises:
        ScenarioError: it is broken, or asks for anything else.
    """
    machine, at = _Machine(), 0
    try:
        for opcode, argument, place in pickletools.genops(content):
            at = place or 0
            machine.count += 1
            if machine.count > _MOST_OPCODES:
                raise _Odd(f"more than {_MOST_OPCODES:,} steps")
            if opcode.name == "STOP":
                return machine.pop()
            if opcode.name not in _STEPS:
                raise _Odd(f"the opcode {opcode.name}, which is not carried out")
            _STEPS[opcode.name](machine, argument)
    except _Odd as odd:
        found = str(odd)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError):
        found = "a broken pickle"
    else:
        found = "a pickle without an end"
    raise refusal(file, f"{entry}, byte {at + 1}", found, SAVE_STATE)


class _Machine:
    """The stack of a pickle, its marks and what it remembers."""

    def __init__(self) -> None:
        self.count = 0
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def pop(self) -> Any:
        if self.marks and len(self.stack) <= self.marks[-1]:
            raise IndexError
        return self.stack.pop()

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def since_mark(self) -> list[Any]:
        """What was put on the stack behind the last mark, taken off."""
        start = self.marks.pop()
        found = self.stack[start:]
        del self.stack[start:]
        return found

    def mark(self, _: Any) -> None:
        self.marks.append(len(self.stack))

    def remember(self, place: Any) -> None:
        self.memo[len(self.memo) if place is None else int(place)] = self.stack[-1]

    def recall(self, place: Any) -> None:
        self.push(self.memo[int(place)])

    def tuple_of(self, count: int) -> None:
        found = [self.pop() for _ in range(count)]
        self.push(tuple(reversed(found)))

    def extend(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if not isinstance(target, list):
            raise TypeError
        target += values

    def set_items(self, flat: list[Any]) -> None:
        target = self.stack[-1]
        if not isinstance(target, dict) or len(flat) % 2:
            raise TypeError
        target.update(_pairs(zip(flat[::2], flat[1::2], strict=True)))

    def table(self, _: Any) -> None:
        flat = self.since_mark()
        self.push({})
        self.set_items(flat)

    def known(self, words: Any) -> None:
        """A name: module and name, as GLOBAL has them, or the two on top of the stack."""
        if words is None:
            name, module = self.pop(), self.pop()
        else:
            module, _, name = words.partition(" ")
        if (module, name) not in _GLOBALS:
            told = f"{module}.{name}" if isinstance(name, str) else "a name"
            raise _Odd(f"{quoted(told)}, which is not loaded and never run")
        self.push(_GLOBALS[module, name])

    def stored(self, _: Any) -> None:
        """What PyTorch calls a persistent id: ("storage", type, entry, device, count)."""
        told = self.pop()
        if not isinstance(told, tuple) or len(told) != 5 or told[0] != "storage":
            raise _Odd("a reference to something outside")
        kind, entry = told[1:3]
        if not isinstance(kind, Known) or kind.name not in STORAGES or type(entry) is not str:
            raise _Odd("a reference to something outside")
        self.push(Stored(STORAGES[kind.name], entry))

    def made(self, _: Any) -> None:
        """What a known name makes of its arguments: a table, or a view of numbers."""
        given, what = self.pop(), self.pop()
        if not isinstance(what, Known) or not isinstance(given, tuple):
            raise _Odd("a call of something that is no tensor")
        if what is _TABLE:
            self.push(_pairs(given[0] if given else ()))
        elif what is _TENSOR:
            stored, first, shape, strides = given[:4]
            is_whole = isinstance(stored, Stored) and type(first) is int
            if not is_whole or type(shape) is not tuple or type(strides) is not tuple:
                raise _Odd("a tensor that is none")
            self.push(View(stored, first, shape, strides))
        elif what is _PARAMETER and given and isinstance(given[0], View):
            self.push(given[0])
        else:
            raise _Odd("a call of something that is no tensor")

    def build(self, _: Any) -> None:
        """What an object remembers of itself: of a table of tensors, the versions of its layers."""
        self.pop()
        if not isinstance(self.stack[-1], dict):
            raise _Odd("an object that sets itself up")


def _pairs(pairs: Any) -> dict[Any, Any]:
    """A table; its keys are texts or whole numbers, as those of a state dict."""
    table = {}
    for key, value in pairs:
        if type(key) not in (str, int):
            raise _Odd("a table with a key that is no text")
        table[key] = value
    return table


_Step = Callable[[_Machine, Any], None]
_AS_IT_IS = (
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE"),
    "BINUNICODE8",
)
"""Opcodes whose argument is the value."""
_STEPS: dict[str, _Step] = {
    **{name: lambda machine, value: machine.push(value) for name in _AS_IT_IS},
    **{name: lambda machine, _: None for name in ("PROTO", "FRAME")},
    **{name: _Machine.remember for name in ("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE")},
    **{name: _Machine.recall for name in ("GET", "BINGET", "LONG_BINGET")},
    **{name: _Machine.known for name in ("GLOBAL", "STACK_GLOBAL")},
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "MARK": _Machine.mark,
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "LIST": lambda machine, _: machine.push(machine.since_mark()),
    "APPEND": lambda machine, _: machine.extend([machine.pop()]),
    "APPENDS": lambda machine, _: machine.extend(machine.since_mark()),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "DICT": _Machine.table,
    "SETITEM": lambda machine, _: machine.set_items([machine.pop(), machine.pop()][::-1]),
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "BINPERSID": _Machine.stored,
    "REDUCE": _Machine.made,
    "BUILD": _Machine.build,
}
"""What each opcode that is carried out does; all others are refused."""
