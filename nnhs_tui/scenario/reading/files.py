"""From a path to decoded TOML: plain data, every number as it is written."""

import re
import tomllib

from nnhs_tui.errors import Fault, ScenarioError, printable
from nnhs_tui.scenario.reading.contents import PathLike, TooLarge, Unreadable, read_bytes
from nnhs_tui.scenario.reading.faults import quote
from nnhs_tui.scenario.reading.limits import MAX_FILE_BYTES
from nnhs_tui.scenario.reading.literals import number
from nnhs_tui.scenario.reading.sizes import costly

_A_SCENARIO = "expected a scenario: a text file in the format TOML"
_SMALLER = f"expected at most {MAX_FILE_BYTES:,} bytes (8 MiB)"

_CURES = {
    "Invalid value": (
        "a value that TOML cannot read",
        'expected a number such as 0.5 (not .5 or 5.), a text in "quotes", a [list], true or false',
    ),
    "Cannot overwrite a value": (
        "a key that has a value already",
        "expected each key once in its table",
    ),
    "Cannot declare": ("a table that was there before", "expected each [table] once"),
    "Expected '=' after a key": ("a key without =", "expected key = value"),
    "Unclosed array": (
        "a list that is not closed",
        "expected a comma between its values, a ] at its end",
    ),
    "Expected newline or end of document after a statement": (
        "more text after a complete value",
        "expected a new line after each value; numbers like 0.5, not 00.5 or 0,5",
    ),
    "Unterminated string": ("a text that is not closed", 'expected a " at its end'),
    'Expected \'"""\'': ("a text that is not closed", 'expected """ at its end'),
    "Expected \"'''\"": ("a text that is not closed", "expected ''' at its end"),
    "Unescaped '\\'": ("a \\ in a text", "expected \\\\ for it, or a text in 'single quotes'"),
    "Expected ']": ("a [table] that is not closed", "expected [name] or [[name]], one a line"),
    "Cannot mutate": ("a table that was there before", "expected each [table] once"),
    "Cannot redefine": ("a table that was there before", "expected each [table] once"),
    "Invalid statement": ("what is no line of TOML", "expected key = value, [table] or # remark"),
    "Invalid initial character": ("what is no key", "expected key = value; letters, digits, _, -"),
    "Unclosed inline table": ("a table that is not closed", "expected a } at its end"),
    "Duplicate inline table key": ("a key a second time", "expected each key once in its table"),
    "Found invalid character": (
        "a character that no TOML file has",
        "expected \\u001b for it, say",
    ),
    "Illegal character": ("a character that cannot be written there", "expected \\n, \\t or \\u…"),
}
"""What Python's TOML reader says, put in words for somebody who writes a scenario."""


def read(path: PathLike, file: str) -> dict[str, object]:
    """The decoded file: `Decimal` for numbers with a point or an exponent.

    Args:
        path: Where the file is.
        file: What messages call it.

    Raises:
        ScenarioError: When it cannot be read, is no UTF-8 or no TOML.
    """
    return decode(read_text(path, file), file)


def _refusal(file: str, where: str, found: str, expected: str = _A_SCENARIO) -> ScenarioError:
    return ScenarioError((Fault(file, where, found, expected),))


def read_text(path: PathLike, file: str) -> str:
    """The text of a file.

    Raises:
        ScenarioError: When it cannot be read, is too large, empty, or no UTF-8.
    """
    try:
        content = read_bytes(path, MAX_FILE_BYTES)
    except TooLarge as error:
        raise _refusal(file, "", str(error), _SMALLER) from None
    except Unreadable as error:
        raise _refusal(file, "", str(error)) from None
    return text_of(content, file)


def text_of(content: bytes, file: str) -> str:
    """The text that the bytes of a file are.

    Raises:
        ScenarioError: When it is too large, empty, or no UTF-8.
    """
    if len(content) > MAX_FILE_BYTES:
        raise _refusal(file, "", f"a file of {len(content):,} bytes", _SMALLER)
    if not content.strip():
        raise _refusal(file, "", "an empty file")
    try:
        # Some editors begin a file with a byte order mark.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {error.start + 1} (0x{content[error.start]:02x}) is not UTF-8"
        raise _refusal(file, f"line {line}", found, "expected a file saved as UTF-8") from None


def decode(text: str, file: str) -> dict[str, object]:
    """Decodes TOML; tables keep the order of the file.

    Raises:
        ScenarioError: With the line and the column where reading stopped.
    """
    cost = costly(text)
    if cost is not None:
        place, found, expected = cost
        raise _refusal(file, _place(text, place), found, expected)
    try:
        return tomllib.loads(text, parse_float=number)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), text, file) from None
    except RecursionError:
        deep = re.search(r"(?:[\[{]\s*+){20}", text)
        where = _place(text, deep.start()) if deep else ""
        raise _refusal(
            file, where, "lists or tables nested too deep", "expected at most a matrix: [[…], […]]"
        ) from None
    except ValueError:
        long = re.search(r"(?<![0-9_])[0-9_]{4301}", text)
        where = _place(text, long.start()) if long else ""
        raise _refusal(
            file, where, "a whole number of over 4,300 digits", "expected a number of ordinary size"
        ) from None


def _place(text: str, position: int) -> str:
    """Line and column, both counted from 1."""
    start = text.rfind("\n", 0, position) + 1
    return f"line {text.count(chr(10), 0, position) + 1}, column {position - start + 1}"


def _syntax(message: str, text: str, file: str) -> ScenarioError:
    match = re.search(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", message, re.S)
    said = match[1] if match else message
    text = text.replace("\r\n", "\n")
    if match and match[2]:
        where = f"line {match[2]}, column {match[3]}"
        line = text.split("\n", int(match[2]))[int(match[2]) - 1]
    else:
        text = text.rstrip()
        where = _place(text, len(text))
        line = text[text.rfind("\n") + 1 :]
    found, expected = next(
        (cure for start, cure in _CURES.items() if said.startswith(start)),
        (printable(said[:120]), "expected TOML: key = value, [table], # remark"),
    )
    return _refusal(file, where, f"{found}, in the line {quote(line.strip(), 60)}", expected)
