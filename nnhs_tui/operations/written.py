"""Numbers as people, telephones and spreadsheets write them: the one reader of all that is typed.

It reads decimal points and commas, fractions, powers of ten, per cent, digits of every script, what
a spreadsheet adds (`="0.25"`, thousands, a minus as brackets), and leaves out what only says how
sure somebody is: `≈ 0.25`, `ca. 0.25`, `0.25?`, `0.333…`, `0.25 (rounded)`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, localcontext
from functools import lru_cache

from nnhs_tui.operations.numerals import plain

LONGEST = 60
"""Characters of an answer at most."""

_PRECISION = 40

_DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u207b\ufe63\uff0d"
_SPELLED = (
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys("\u2044\u00f7\u2215\uff0f", "/")
    | dict.fromkeys("\u2019\u2018\u02bc\u00b4`\u066c\uff07", "'")
    | dict.fromkeys("×⋅∙•∗·\u30fb\uff0a", "*")
    | dict.fromkeys("≈≃≅≒∼～≐", "~")
    | dict.fromkeys("\u066b\uff0c\u060c", ",")
    | dict.fromkeys("\u066a\uff05", "%")
    | {"\uff0e": ".", "\uff0b": "+", "\uff1d": "=", "\uff08": "(", "\uff09": ")", "\uff1f": "?"}
    | {"…": "...", "“": '"', "”": '"', "\uff3e": "^"}
)
"""Signs of other keyboards and scripts, each as the one that is read."""

_VULGAR = "".join(
    chr(code)
    for code in (0xBC, 0xBD, 0xBE, *range(0x2150, 0x215F), 0x2189)
    if "/" in unicodedata.normalize("NFKC", chr(code)).replace("\u2044", "/")
)
"""Fractions that are one character: ½ and its like."""

_SUPERSCRIPT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_RAISED = re.compile(r"(?<![\d.,])10([⁺⁻]?[⁰¹²³⁴-⁹]{1,3})(?![⁰¹²³⁴-⁹])")
_ABOUT = re.compile(
    r"(?:[=~']|(?:approximately|approx|about|roughly|circa|etwa|rund|env|aprox|ca|c)\b\.?)\s*",
    re.IGNORECASE,
)
"""What stands before a number and says that it is rounded."""
_UNSURE = re.compile(rf"(?<=[\d%.,{_VULGAR})])\s*(?:\?+|\.+|\([^\d()=]*\))$")
_QUOTED = re.compile(r'=\s*"([^"]*)"')

_PLAIN = r"\d+(?:[.,]\d*)?|[.,]\d+"
_GROUPED = "|".join(
    (
        r"[1-9]\d{0,2}(?:(?P<gap>[ '])\d{3})(?:(?P=gap)\d{3})*(?:[.,]\d*)?",
        r"[1-9]\d{0,2}(?:,\d{3})+\.\d*",
        r"[1-9]\d{0,2}(?:\.\d{3})+,\d*",
        r"[1-9]\d{0,2}(?:,\d{3}){2,}",
        r"[1-9]\d{0,2}(?:\.\d{3}){2,}",
    )
)
"""Thousands set apart, where it cannot be a decimal point: 1,234 alone is 1.234."""
_TEN = r"10\s*(?:\^|\*\*)\s*\(?\s*(?P<{}>[+-]?\d{{1,3}})\s*\)?"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s*"
    rf"(?:{_TEN.format('alone')}"
    rf"|(?P<number>{_GROUPED}|{_PLAIN})"
    rf"(?:[eE](?P<e>[+-]?\d{{1,3}})|\s*[*xX]\s*{_TEN.format('ten')})?"
    rf"(?:\s*/\s*(?P<below_sign>[+-]?)\s*(?P<below>{_PLAIN}))?"
    rf"|(?P<whole>\d{{0,9}})\s*(?P<vulgar>[{_VULGAR}]))"
    rf"\s*(?P<percent>%?)\s*(?P<minus_behind>-?)",
    re.ASCII,
)
_USUAL = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_MEASURED = re.compile(rf"[+-]?(?:{_PLAIN})(?:[eE][+-]?\d{{1,3}})?", re.ASCII)

_BLANK = r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
"""Blanks within a line; what parts lines, files and groups is none."""
IN_TEXT = re.compile(
    rf"(?:(?:\d+(?:[.,\u066b]\d*)?|[.,\u066b]\d+)"
    rf"(?:[eE][+-]?\d+|{_BLANK}*[×·]{_BLANK}*10(?:\^-?\d{{1,3}}(?!\d)|[⁺⁻]?[⁰¹²³⁴-⁹]{{1,3}}))?"
    rf"|\d*[{_VULGAR}])(?:{_BLANK}*%)?"
)
"""A number within a longer text, such as a condition: without a sign, fractions and thousands."""

_TYPED = frozenset(".,+-−/%^*·×() '’~≈=?…⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹½⅓⅔¼¾⅛\"٫٪٬") | frozenset(_DASHES + _VULGAR)


@dataclass(frozen=True)
class Answer:
    """A number that was written."""

    text: str
    """As it was written."""
    value: Decimal


def is_of_number(sign: str) -> bool:
    """Whether a character may belong to a number; of the letters only the e of a power of ten.

    >>> [sign for sign in "1٣½−,e%xa\\n" if is_of_number(sign)]
    ['1', '٣', '½', '−', ',', 'e', '%']
    """
    return sign.isdecimal() or sign in "eE" or sign in _TYPED or sign in _SPELLED


def as_typed(text: str) -> str:
    """What is pasted, with the characters that can be typed for a number.

    >>> [as_typed(each) for each in ("0,5 ", "ca. 0,50", "w = 0.5")]
    ['0,5 ', '0.5', ' = 0.5']
    """
    if all(map(is_of_number, text)):
        return text
    read = read_answer(text)
    return "".join(filter(is_of_number, text)) if read is None else plain(read.value)


def read_answer(text: str) -> Answer | None:
    """The number of a text; None where it is none.

    >>> [str(read_answer(each).value) for each in (".37", "0,37", "−0.37", "3/8", "1e-3", "37 %")]
    ['0.37', '0.37', '-0.37', '0.375', '0.001', '0.37']
    >>> [str(read_answer(each).value) for each in ("1½", "1.234,5", "2.5×10⁻¹", "(0,50)", "٣٫٥")]
    ['1.5', '1234.5', '0.25', '-0.50', '3.5']
    >>> [read_answer(each) for each in ("", "?", "1/0", "1.2.3", "nan", "0.3 or 0.4")]
    [None, None, None, None, None, None]
    """
    text = text.strip()
    return _read(text) if len(text) <= 2 * LONGEST else None


def read_measured(text: str) -> Decimal | None:
    """A number of a table of measurements, every digit of it; None where it is none.

    Less is read than of people: no fractions, thousands, per cent nor `ca.`, for nobody looks at
    each number of a table to see what was made of it.

    >>> [str(read_measured(each)) for each in ("1.40", " −0,2", ".5", "3E-2", "٣٫٥")]
    ['1.40', '-0.2', '0.5', '0.03', '3.5']
    >>> [read_measured(each) for each in ("", "1/2", "5 %", "1,234.5", "(2)", "ca. 2", "nan")]
    [None, None, None, None, None, None, None]
    """
    text = text.strip()
    if not text.isascii() and len(text) <= 2 * LONGEST:
        text = _spelled(text).strip()
    if len(text) > LONGEST or not _MEASURED.fullmatch(text):
        return None
    return Decimal(text.replace(",", "."))


@lru_cache(4096)
def _read(text: str) -> Answer | None:
    if _USUAL.fullmatch(text):
        return Answer(text, Decimal(text) + 0)
    written, is_below = _bare(_spelled(text)), False
    if written.startswith("(") and written.endswith(")"):
        # The minus of bookkeepers, unless there is a sign of its own.
        written = written[1:-1].strip()
        is_below = not written.startswith(("+", "-"))
    if len(written) > LONGEST:
        return None
    found = _NUMBER.fullmatch(written)
    if found is None or (found["sign"] and found["minus_behind"]):
        return None
    with localcontext(Context(prec=_PRECISION)):
        try:
            value = _value(found)
            return Answer(text, (-value if is_below else value) + 0)
        except (DivisionByZero, InvalidOperation):
            return None


def _spelled(text: str) -> str:
    """A text with the signs that are read; without marks that are not seen."""
    raised = _RAISED.sub(lambda found: f"10^{found[1].translate(_SUPERSCRIPT)}", text)
    return "".join(map(_sign, raised))


def _sign(sign: str) -> str:
    if sign.isascii():
        return " " if sign in "\t\r\n" else sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return ""
    return " " if kind == "Zs" else _SPELLED.get(sign, sign)


def _bare(text: str) -> str:
    """A text without what only says how sure somebody is of the number."""
    text = text.strip()
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        text = quoted[1].strip()
    while (found := _ABOUT.match(text)) is not None:
        text = text[found.end() :]
    while (found := _UNSURE.search(text)) is not None:
        text = text[: found.start()]
    return text.strip()


def _value(found: re.Match[str]) -> Decimal:
    if found["vulgar"]:
        over, _, below = unicodedata.normalize("NFKC", found["vulgar"]).partition("\u2044")
        value = Decimal(found["whole"] or 0) + Decimal(over) / Decimal(below)
    elif found["alone"]:
        value = Decimal(1).scaleb(int(found["alone"]))
    else:
        value = _decimal(found["number"]).scaleb(int(found["e"] or found["ten"] or 0))
    if found["below"] is not None:
        below_it = _decimal(found["below"])
        value /= -below_it if found["below_sign"] == "-" else below_it
    if found["percent"]:
        value /= 100
    return -value if "-" in (found["sign"], found["minus_behind"]) else value


def _decimal(digits: str) -> Decimal:
    """Digits with a point or a comma, and thousands set apart."""
    digits = digits.replace(" ", "").replace("'", "")
    point = max(digits.rfind("."), digits.rfind(","))
    if point < 0:
        return Decimal(digits)
    of_one_kind = digits.count(digits[point])
    before = digits[:point].replace(".", "").replace(",", "")
    # Two of one kind can only set thousands apart.
    return Decimal(
        before + digits[point + 1 :] if of_one_kind > 1 else f"{before}.{digits[point + 1 :]}"
    )


_MONTHS = (
    *("jan", "feb", "mar", "mär", "mrz", "apr", "may", "mai", "maj", "jun", "jul", "aug", "sep"),
    *("oct", "okt", "nov", "dec", "dez", "fév", "avr", "jui", "aoû", "déc", "ene", "abr", "ago"),
    *("dic", "gen", "mag", "giu", "lug", "set", "ott", "out"),
)
_MONTH = rf"(?:{'|'.join(_MONTHS)})[^\W\d]*\.?"
_DATE = re.compile(
    rf"\d{{1,4}}[\s./-]*{_MONTH}(?:[\s./-]*\d{{2,4}})?|{_MONTH}[\s./-]*\d{{1,4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T].*)?|\d{1,2}([./-])\d{1,2}\1\d{2,4}(?: .*)?"
    r"|\d{1,2}\.\d{1,2}\.|\d{1,3}:\d\d(?::\d\d(?:\.\d+)?)?|\d{1,2}月\d{1,2}日|.*\d{4}年.*",
    re.IGNORECASE,
)


def is_date(text: str) -> bool:
    """Whether a text is a date or a time, which spreadsheets make of numbers.

    >>> [is_date(each) for each in ("01. Mrz", "Jan 37", "2026-05-01", "0:30", "0.25", "1. try")]
    [True, True, True, True, False, False]
    """
    text = text.strip()
    return len(text) <= LONGEST and _DATE.fullmatch(_spelled(text).strip()) is not None
