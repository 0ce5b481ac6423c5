"""Written and spoken English: how numbers, prices and times are said, and which prices were said."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_VALUES = {word: value for value, word in enumerate(_ONES)} | {word: 10 * value for value, word in enumerate(_TENS) if value > 1}
_SCALES = {"hundred": 100, "thousand": 1000}

#: Abbreviations as they are said; the full stop belongs to them.
_SAID = {"dr.": "doctor", "mr.": "mister", "mrs.": "missus", "ms.": "miz", "st.": "street", "rd.": "road", "a.m.": "a m", "p.m.": "p m", "&": "and"}
_LETTERS = {"ai": "a i", "am": "am", "pm": "p m"}


def number_words(value: int) -> str:
    """A whole number below a million as it is said: 560 → five hundred and sixty."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (f" {_ONES[value % 10]}" if value % 10 else "")
    if value < 1000:
        rest = f" and {number_words(value % 100)}" if value % 100 else ""
        return f"{_ONES[value // 100]} hundred{rest}"
    below = value % 1000
    joint = "" if not below else f" and {number_words(below)}" if below < 100 else f" {number_words(below)}"
    return f"{number_words(value // 1000)} thousand{joint}"


def ordinal_words(value: int) -> str:
    """21 → twenty first."""
    *before, final = number_words(value).split()
    last = _ORDINALS.get(final) or (final[:-1] + "ieth" if final.endswith("y") else final + "th")
    return " ".join([*before, last])


def money_words(cents: int) -> str:
    """5650 → fifty six dollars and fifty cents."""
    dollars, rest = divmod(cents, 100)
    said = f"{number_words(dollars)} dollar{'' if dollars == 1 else 's'}"
    return said + (f" and {number_words(rest)} cents" if rest else "")


def _digits(text: str) -> str:
    """A number of many digits, one by one."""
    return " ".join(_ONES[int(digit)] for digit in text)


def _number(text: str) -> str:
    plain = text.replace(",", "")
    return number_words(int(plain)) if len(plain) <= 6 else _digits(plain)


def clock_words(hour: str, minute: str) -> str:
    """A time of day as it is said: 8, 05 → eight oh five."""
    if minute == "00":
        return number_words(int(hour))
    return f"{number_words(int(hour))} {'oh ' if minute[0] == '0' else ''}{number_words(int(minute))}"


def _year(text: str) -> str:
    high, low = divmod(int(text), 100)
    if low < 10:
        return number_words(int(text))
    return f"{number_words(high)} {number_words(low)}"


_MONEY = re.compile(r"^\$(\d[\d,]*)(?:\.(\d\d))?$")
_TIME = re.compile(r"^(\d{1,2}):(\d\d)(?:\s?([ap])\.?m\.?)?$", re.IGNORECASE)
_HOUR = re.compile(r"^(\d{1,2})([ap])\.?m\.?$", re.IGNORECASE)
_ORDINAL = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_PLAIN = re.compile(r"^\d[\d,]*$")
_EDGES = "\"'“”‘’()[]{}<>*_…,;:!?—–-"


def _plain_ascii(text: str) -> str:
    text = text.replace("’", "'").replace("‘", "'")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _say_token(token: str) -> str:
    """How one written word is said."""
    bare = token.strip(_EDGES).lower()
    if bare in _SAID:
        return _SAID[bare]
    bare = bare.rstrip(".")
    if match := _MONEY.match(bare):
        return money_words(int(match[1].replace(",", "")) * 100 + int(match[2] or 0))
    if match := _TIME.match(bare):
        return clock_words(match[1], match[2]) + (f" {match[3]} m" if match[3] else "")
    if match := _HOUR.match(bare):
        return f"{number_words(int(match[1]))} {match[2]} m"
    if match := _ORDINAL.match(bare):
        return ordinal_words(int(match[1]))
    if _YEAR.match(bare):
        return _year(bare)
    if _PLAIN.match(bare):
        return _number(bare)
    return _LETTERS.get(bare, bare)


@dataclass(frozen=True, slots=True)
class Word:
    """One written word and how it is said."""

    written: str
    said: tuple[str, ...]


def read_aloud(text: str) -> tuple[Word, ...]:
    """Each written word of a text with the lower-case words that are said for it (none for a dash)."""
    words: list[Word] = []
    for token in text.split():
        said = re.sub(r"[^a-z' ]+", " ", _plain_ascii(_say_token(token)).lower())
        parts = tuple(part.strip("'") for part in said.split() if part.strip("'"))
        words.append(Word(token, parts))
    return tuple(words)


def spoken(text: str) -> str:
    """A text as it is said: lower-case words, no digits, no punctuation."""
    return " ".join(part for word in read_aloud(text) for part in word.said)


def for_voice(text: str) -> str:
    """A text with numbers and abbreviations written out, punctuation kept for the melody."""
    said: list[str] = []
    for word in read_aloud(text):
        plain = word.written.strip(_EDGES + ".")
        if plain.lower() == " ".join(word.said):
            said.append(word.written)
        elif word.said:
            stop = word.written.rstrip("\"')”")[-1:]
            said.append(" ".join(word.said) + (stop if stop in ",;:!?." and word.written.lower() not in _SAID else ""))
    return " ".join(said)


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'“]?[A-Z0-9$])")


def sentences(text: str) -> list[str]:
    """A text cut after each sentence; the full stop of "Dr." ends none."""
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(text.strip()):
        if pieces and pieces[-1].rsplit(None, 1)[-1].lower() in _SAID and not pieces[-1].endswith(("a.m.", "p.m.")):
            pieces[-1] += f" {piece}"
        elif piece:
            pieces.append(piece)
    return pieces


def number_value(words: list[str]) -> int | None:
    """Value of number words, or None when they are no number: [five, hundred, and, sixty] → 560."""
    total = current = 0
    seen = False
    for word in words:
        if word in _VALUES:
            current += _VALUES[word]
            seen = True
        elif word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            seen = True
            if word == "thousand":
                total, current = total + current, 0
        elif word != "and" or not seen:
            return None
    return total + current if seen else None


def amounts(text: str) -> list[int]:
    """The prices named in a text, in cents, in order. "Five hundred and sixty dollars" and "$560" are both one."""
    words = spoken(text).split()
    found: list[int] = []
    for index, word in enumerate(words):
        if word not in {"dollar", "dollars", "bucks"}:
            continue
        start = index
        while start and (words[start - 1] in _VALUES or words[start - 1] in _SCALES or words[start - 1] == "and"):
            start -= 1
        while start < index and words[start] == "and":
            start += 1
        value = number_value(words[start:index])
        if value is not None:
            found.append(value * 100)
    return found
