"""Opening hours as people write and say them: "Mon-Fri 8-17, Sat 9 to noon". Pure.

Stored as on `Contact.hours`: by weekday one span `["08:00", "17:00"]`, several, or none for closed.
"""

from __future__ import annotations

import re
from typing import Any

from context.dates import clock_in_words

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b\.?"
_UNTIL = r"\s*(?:-|–|—|\bto\b|\btill?\b|\buntil\b|\bthrough\b|\bthru\b)\s*"
_TIME = r"(?:noon|midnight|\d{1,2}(?:[:.]\d\d)?\s*(?:a\.?m\b\.?|p\.?m\b\.?|h\b|o'?clock\b)?)"
_TOKEN = re.compile(
    rf"(?P<days>{_DAY}{_UNTIL}{_DAY}|{_DAY}|\b(?:every ?day|daily|weekdays|weekends?|all week)\b)"
    rf"|(?P<round>\b24 ?hours\b|\b24/7\b|\bround the clock\b)"
    rf"|(?P<span>{_TIME}{_UNTIL}{_TIME})"
    r"|(?P<closed>\bclosed\b)",
    re.I,
)
#: "closed on Sunday", wherever it stands.
_SHUT = re.compile(rf"\bclosed\s+(?:on\s+)?({_DAY}(?:{_UNTIL}{_DAY})?)", re.I)
#: What may stand between the tokens and says nothing by itself.
_FILLER = re.compile(
    r"\b(?:we|we're|are|is|it's|they|they're|open|opens|opening|our|the|hours?|from|on|and|also|again|but|at|a|day|only)\b|[\s,;.:&|/()]+", re.I
)
_GROUPS = {"weekdays": range(5), "weekend": range(5, 7), "weekends": range(5, 7)}
LONGEST = 300


def parse_hours(text: str) -> dict[str, list[Any]] | None:
    """Hours by weekday; None when the text holds anything that is no day, span or filler, or names no hours at all."""
    if len(text) > LONGEST:
        return None
    shut = [day for match in _SHUT.finditer(text) for day in _days(match[1].lower())]
    text = _SHUT.sub(" ", text)
    tokens: list[tuple[str, Any]] = []
    for match in _TOKEN.finditer(text):
        token = _read(match)
        if token is None:
            return None
        tokens.append(token)
    if _FILLER.sub("", _TOKEN.sub(" ", text)) or not any(kind == "span" and value for kind, value in tokens):
        return None
    found = _combined(tokens)
    return None if found is None else found | {DAYS[day]: [] for day in shut}


def _read(match: re.Match[str]) -> tuple[str, Any] | None:
    if match["days"]:
        return "days", _days(match["days"].lower())
    if match["round"]:
        return "span", ("00:00", "24:00")
    if match["closed"]:
        return "span", None
    begins, ends = re.split(_UNTIL, match["span"], maxsplit=1, flags=re.I)
    span = _span(begins, ends)
    return None if span is None else ("span", span)


def _days(words: str) -> list[int]:
    named = [next(place for place, day in enumerate(DAYS) if name.startswith(day)) for name in re.findall(_DAY, words)]
    if not named:
        return list(_GROUPS.get(words, range(7)))
    if len(named) == 1:
        return named
    first, last = named
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]


def _span(begins: str, ends: str) -> tuple[str, str] | None:
    first, last = _minutes(begins), _minutes(ends)
    if first is None or last is None:
        return None
    (opens, opens_half), (closes, closes_half) = first, last
    if not opens_half and closes_half == "pm" and opens + 720 < closes <= 24 * 60 and opens < 7 * 60:
        opens += 720  # "1 to 5 pm"
    if not closes_half and closes <= opens < 720:
        closes += 720  # "8 to 5"
    if closes == 0:
        closes = 24 * 60
    if not 0 <= opens < closes <= 24 * 60:
        return None
    return _clock(opens), _clock(closes)


def _minutes(words: str) -> tuple[int, str] | None:
    """Minutes since midnight, and the half of the day that was named."""
    words = words.strip().lower()
    if words in ("noon", "midnight"):
        return (720, "pm") if words == "noon" else (0, "am")
    match = re.match(r"(\d{1,2})(?:[:.](\d\d))?\s*([ap])?", words)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), f"{match[3]}m" if match[3] else ""
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return hour * 60 + minute, half


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _combined(tokens: list[tuple[str, Any]]) -> dict[str, list[Any]] | None:
    """Days and spans stand together, whichever comes first."""
    days_first = tokens[0][0] == "days"
    found: dict[str, list[Any]] = {}
    days: list[int] = []
    spans: list[Any] = []

    def close() -> None:
        for day in days or range(7):
            found[DAYS[day]] = [list(span) for span in spans if span]

    for place, (kind, value) in enumerate(tokens):
        begins_anew = place and tokens[place - 1][0] != kind and (kind == "days") is days_first
        if begins_anew:
            close()
            days, spans = [], []
        if kind == "days":
            days = [*days, *value]
        else:
            spans = [*spans, value]
    if not spans:
        return None
    close()
    return {day: found[day][0] if len(found[day]) == 1 else found[day] for day in DAYS if day in found}


def hours_in_words(hours: dict[str, Any], *, twelve: bool = False) -> str:
    """E.g. "Mon-Fri 08:00-17:00, Sat closed"; empty for none. `parse_hours` reads it back.

    Args:
        twelve: in hours of half a day, "8:00 am-5:00 pm".
    """
    told = [(place, _spans_in_words(hours[day], twelve=twelve)) for place, day in enumerate(DAYS) if day in hours]
    groups: list[list[int]] = []
    for index, (place, words) in enumerate(told):
        if groups and told[index - 1] == (place - 1, words):
            groups[-1].append(place)
        else:
            groups.append([place])
    words_of = dict(told)
    named = [_NAMES[group[0]] if len(group) == 1 else f"{_NAMES[group[0]]}-{_NAMES[group[-1]]}" for group in groups]
    return ", ".join(f"{name} {words_of[group[0]]}" for name, group in zip(named, groups, strict=True))


def _spans_in_words(spans: list[Any], *, twelve: bool) -> str:
    pairs = [spans] if spans and isinstance(spans[0], str) else spans
    told = [(_of_twelve(opens), _of_twelve(closes)) for opens, closes in pairs] if twelve else pairs
    return " and ".join(f"{opens}-{closes}" for opens, closes in told) or "closed"


def _of_twelve(clock: str) -> str:
    hour, minute = clock.split(":")
    return clock_in_words(int(hour), int(minute))
