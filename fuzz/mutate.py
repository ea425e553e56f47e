"""Changing an input at random: its bytes, lines, words, numbers, what it says as TOML or CSV."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]
"""From an input and the pool of all seeds to another input."""

LARGEST = 64_000
"""Bytes of an input that was changed."""

NUMBERS = (
    *("0", "-0.0", "1", "-1", "2", "0.5", "10", "1000", "1001", "10000", "1000001", "2147483648"),
    *("5e-324", "1e-300", "1e-12", "1e12", "1e13", "1e25", "1e26", "1e60", "1e154", "1e308"),
    *("1.7976931348623157e308", "1e309", "1e-999999999", "1e999999999", "9" * 30, "0." + "3" * 40),
    *("nan", "inf", "-inf", "0.285", "-0.005", "709", "710", "-746", "0x10", "1_000", "6", "7"),
    *("9223372036854775808", "-9223372036854775809", "9007199254740993", "0.1"),
)
SIGNS = "\u202e\u2066\u200b\ufeff\u2028\u00ad\u3164\u0301\u200d\U0001f600éａ−·×Σ"
PIECES = (
    *(b"\x00", b"\x1b[31m", b"\x1b]0;t\x07", b"\x7f", b"\xff", b"\xc3", b"\xe2\x82", b"\xc2\x9b"),
    *(sign.encode() for sign in SIGNS),
    *("\ud800".encode("utf-8", "surrogatepass"), b"\r", b"\r\n", b"\n", b'"', b"'", b"\\", b"#"),
    *(b"[", b"]", b"{", b"}", b",", b";", b"=", b".", b":", b"\t", b"  ", b"=cmd|' /C calc'!A0"),
)
TOKEN = re.compile(rb"[A-Za-z_][\w-]*|[-+]?\d[\d_.]*(?:[eE][-+]?\d+)?|\S")
NUMBER = re.compile(rb"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


def mutated(random: Random, pool: Sequence[bytes], form: str) -> bytes:
    """A member of the pool with one to four changes.

    Args:
        pool: at least one input.
        form: toml, csv or text: what else can be changed than bytes, lines and words.
    """
    data = random.choice(pool)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        data = random.choice(CHANGES[form])(random, data, pool)[:LARGEST]
    return data


def _span(random: Random, data: bytes, most: int = 40) -> tuple[int, int]:
    """A place and a later one, at most some bytes on."""
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.randint(0, most))


def _bytes_changed(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    start, end = _span(random, data, 4)
    return data[:start] + random.randbytes(random.randint(0, 4)) + data[end:]


def _bit_flipped(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    if not data:
        return data
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def _piece_put_in(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    place = random.randint(0, len(data))
    return data[:place] + random.choice(PIECES) + data[place:]


def _cut_out(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    start, end = _span(random, data)
    return data[:start] + data[end:]


def _cut_off(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    return data[: random.randint(0, len(data))]


def _repeated(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    start, end = _span(random, data)
    return data[:end] + data[start:end] * random.choice((1, 2, 10, 200)) + data[end:]


def _spliced(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    """Its beginning, and the end of another."""
    other = random.choice(pool)
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


def _lines_changed(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    place = random.randrange(len(lines))
    others = random.choice(pool).splitlines(keepends=True) or [b""]
    line, other = lines[place], random.choice(others)
    how = random.randrange(5)
    if how == 0:
        lines[place : place + random.randint(1, 3)] = []
    elif how == 1:
        lines.insert(random.randint(0, len(lines)), line)
    elif how == 2:
        lines.insert(place, other)
    elif how == 3:
        lines[place] = other
    else:
        lines.insert(random.randint(0, len(lines)), lines.pop(place))
    return b"".join(lines)


def _token_changed(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    found = list(TOKEN.finditer(data))
    others = TOKEN.findall(random.choice(pool))
    if not found or not others:
        return data
    start, end = random.choice(found).span()
    new = random.choice((b"", data[start:end] * 2, random.choice(others), random.choice(others)))
    return data[:start] + new + data[end:]


def _number_changed(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    found = list(NUMBER.finditer(data))
    if not found:
        return data
    start, end = random.choice(found).span()
    return data[:start] + _number(random).encode() + data[end:]


def _number(random: Random) -> str:
    """A number at some edge, or of any magnitude."""
    if random.random() < 0.6:
        return random.choice(NUMBERS)
    sign, digits = random.choice(("", "-")), random.randint(1, 10**6)
    return f"{sign}{digits}e{random.randint(-330, 310)}"


def _toml_changed(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    """Another value, one less, or one of another file, somewhere in what it says."""
    import tomlkit

    try:
        tree = tomllib.loads(data.decode())
        places = list(_places(tree))
        if not places:
            return data
        holder, key = random.choice(places)
        _change_at(random, holder, key, pool)
        return tomlkit.dumps(tree).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError, TypeError, tomlkit.exceptions.TOMLKitError):
        return data


def _places(tree: Any) -> Any:
    """(table or list, key) of everything in a tree."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in entries:
        yield tree, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


def _change_at(random: Random, holder: Any, key: Any, pool: Sequence[bytes]) -> None:
    how = random.randrange(5)
    value = holder[key]
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, list):
        holder.insert(key, value)
    elif how == 2:
        holder[key] = random.choice((True, "", [], {}, [value], [[value, value]], -1, "x" * 300))
    elif how == 3 and (places := list(_places(_tree(random.choice(pool))))):
        other, name = random.choice(places)
        holder[name if isinstance(holder, dict) and isinstance(name, str) else key] = other[name]
    elif isinstance(value, str):
        holder[key] = mutated(random, [value.encode()], "text").decode("utf-8", "ignore")
    else:
        holder[key] = tomllib.loads(f"n = {random.choice(TOML_NUMBERS)}")["n"]


TOML_NUMBERS = tuple(
    number for number in NUMBERS if "e999" not in number and not re.fullmatch(r"0\d+", number)
)


def _tree(data: bytes) -> Any:
    try:
        return tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        return {}


def _csv_changed(random: Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    """Another cell, column or separator."""
    text = data.decode("utf-8", "replace")
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return data
    rows = [row for row in rows if row]
    if not rows:
        return data
    row, separator = random.choice(rows), ","
    place = random.randrange(len(row))
    how = random.randrange(6)
    if how == 0:
        row[place] = _number(random)
    elif how == 1:
        row[place] = random.choice(random.choice(rows))
    elif how == 2:
        row[place] = row[place].replace(".", ",") + random.choice(("", "%", " €", "e5", "/3", "²"))
    elif how == 3:
        row.insert(place, random.choice(("", "x", "1")))
    elif how == 4:
        for each in rows:
            each.insert(min(place, len(each)), each[-1])
    else:
        separator = random.choice(";\t|")
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=random.choice(("\n", "\r\n"))).writerows(
        rows
    )
    return out.getvalue().encode("utf-8", "surrogatepass")


_GENERAL: tuple[Change, ...] = (
    *(_bytes_changed, _bit_flipped, _piece_put_in, _cut_out, _cut_off, _repeated, _spliced),
    *(_lines_changed, _token_changed, _token_changed, _number_changed, _number_changed),
)
CHANGES: dict[str, tuple[Change, ...]] = {
    "text": _GENERAL,
    # What is no TOML is refused before anything else is done with it: that is tried less often.
    "toml": (*_GENERAL, *(_toml_changed,) * 10, *(_number_changed,) * 5, *(_token_changed,) * 3),
    "csv": (*_GENERAL, *(_csv_changed,) * 8),
}
