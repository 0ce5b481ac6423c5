"""Numbers, codes and dates inside spoken text, in one normal form, however they are written or spelled out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from calls.conversation.transcript import clean
from context.number_words import find_numbers

_NATO = dict(
    zip(
        re.findall(
            r"\w+",
            "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike "
            "november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu",
        ),
        "abcdefghijklmnopqrstuvwxyz",
        strict=True,
    )
) | {"alfa": "a", "juliett": "j", "whisky": "w"}
_DIGITS = dict(zip(re.findall(r"\w+", "zero one two three four five six seven eight nine"), "0123456789", strict=True)) | {"oh": "0", "nought": "0"}
_MONTHS = re.findall(r"\w+", "january february march april may june july august september october november december")
_ORDINALS = re.findall(
    r"\w+",
    "first second third fourth fifth sixth seventh eighth ninth tenth "
    "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
)
_ORDINAL = {word: day for day, word in enumerate(_ORDINALS, 1)} | {"thirtieth": 30}
_EARLY, _LATE = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?",
    r"july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
)
_MONTH = rf"(?P<month>{_EARLY}|{_LATE})"
_UNIT = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|one|two|three|four|five|six|seven|eight|nine"
_DAY = rf"(?P<day>\d{{1,2}}|[a-z]+(?:-(?:{_UNIT}))?)(?:st|nd|rd|th)?"
_MONTH_DAY = re.compile(rf"\b{_MONTH}\.?\s+(?:the\s+)?{_DAY}\b", re.I)
_DAY_MONTH = re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b", re.I)
_CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3])[:.][0-5][05]\b(?!\d)(?:\s*[ap]\.?m\b)?|\b(?:1[0-2]|0?[1-9])\s*(?:[ap]\.?m\b|o'clock)", re.I)
_JOINT = re.compile(r"(?:[\s,.;:!?()/‐‑–—-]|\b(?:then|next|followed by|dash|hyphen|um|uh|er)\b)*", re.I)
_OH = re.compile(
    r"(?<=\d )(?:oh|o)\b|(?<=\d, )(?:oh|o)\b|\b(?:oh|o|nought)\b(?=[\s,-]+(?:\d|zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple))",
    re.I,
)
_CODE = re.compile(r"\b(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]{4,}\b")
_HARMLESS_CODE = re.compile(r"\d+(?:st|nd|rd|th|am|pm|kg|cm|mm|ml|min|hrs?|k|s)", re.I)


@dataclass(frozen=True, slots=True)
class Run:
    """A string of digits or spelled signs that ends at `end` of the text."""

    signs: str
    end: int


def digit_runs(text: str, *, times: bool = False) -> list[Run]:
    """Numbers that follow each other with nothing but punctuation between, as one string of digits: "five one nine, 555" → "519555".

    `text` is `normal`. Times of day on the five minutes ("9:30", "nine thirty") are left out, unless `times`.
    """
    plain = text if times else _CLOCK.sub(lambda match: "~" * len(match[0]), text)
    runs: list[Run] = []
    parts: list[str] = []
    last_end = -1
    for number in find_numbers(plain):
        digits = (
            str(int(number.value)) if number.in_words or number.value != int(number.value) else re.sub(r"\D", "", plain[number.start : number.end])
        )
        if parts and _JOINT.fullmatch(plain[last_end : number.start]):
            parts.append(digits)
        else:
            _close(runs, parts, last_end, times=times)
            parts = [digits]
        last_end = number.end
    _close(runs, parts, last_end, times=times)
    return runs


def spelled_runs(text: str) -> list[Run]:
    """Letters and digits said one by one ("R E D", "alpha bravo 7 nine"), three or more, as one string."""
    runs: list[Run] = []
    parts: list[str] = []
    last_end = 0
    for match in re.finditer(r"[^\W_]+(?:['’](?:s|m|d|re|ll|ve|t)\b)?", text.lower().replace("x-ray", "xray ")):
        word = match[0]
        sign = word if len(word) == 1 else _NATO.get(word) or _DIGITS.get(word)
        if sign is None:
            _close(runs, parts, last_end, least=3)
            parts = []
            continue
        parts.append(sign)
        last_end = match.end()
    _close(runs, parts, last_end, least=3)
    return runs


def codes(text: str) -> list[Run]:
    """Words that mix letters and digits, like booking references."""
    return [Run(match[0].lower(), match.end()) for match in _CODE.finditer(text) if not _HARMLESS_CODE.fullmatch(match[0])]


def dates(text: str) -> list[tuple[int, int, int]]:
    """Days of the year that `text` names, as (month, day, end of the words)."""
    found = []
    for match in [*_MONTH_DAY.finditer(text), *_DAY_MONTH.finditer(text)]:
        day = _day(match["day"].lower())
        if day:
            month = next(index for index, name in enumerate(_MONTHS, 1) if name.startswith(match["month"].lower()[:3]))
            found.append((month, day, match.end()))
    return found


def squeezed(text: str) -> str:
    """Letters and digits only, in lower case."""
    return re.sub(r"[\W_]+", "", clean(text).lower())


def normal(text: str) -> str:
    """Clean text with "double five" and "oh" as the digits they stand for."""

    def repeat(match: re.Match[str]) -> str:
        return " ".join([match[2]] * (2 if match[1].lower() == "double" else 3))

    text = re.sub(r"\b(double|triple)\s+(\w+)", repeat, clean(text), flags=re.I)
    return _OH.sub("zero", text)


def _day(word: str) -> int:
    if word.isdecimal():
        return int(word) if 1 <= int(word) <= 31 else 0
    tens, _, unit = word.partition("-")
    if unit and tens in ("twenty", "thirty"):
        return (20 if tens == "twenty" else 30) + _ORDINAL.get(unit, int(_DIGITS.get(unit, "0")))
    if word in _ORDINAL:
        return _ORDINAL[word]
    numbers = find_numbers(word)
    return int(numbers[0].value) if len(numbers) == 1 and numbers[0].value <= 31 else 0


def _close(runs: list[Run], parts: list[str], end: int, least: int = 1, *, times: bool = False) -> None:
    is_time = not times and least == 1 and len(parts) == 2 and 1 <= int(parts[0][:9]) <= 12 and bool(re.fullmatch("[0-5][05]", parts[1]))
    if len(parts) >= least and not is_time:
        runs.append(Run("".join(parts), end))
