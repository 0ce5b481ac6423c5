"""Days and times of day, read from what people write: only what leaves no doubt. Pure."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from context.dates import MONTHS, WEEKDAYS

_MONTH = "|".join(f"{month}|{month[:3]}" for month in MONTHS) + "|Sept"
_NAMED = re.compile(rf"\b(?P<name>{'|'.join(WEEKDAYS)}|today|tonight|tomorrow)\b", re.I)
_DAY_AFTER_TOMORROW = re.compile(r"\bday after tomorrow\b", re.I)
_MONTH_DAY = re.compile(rf"\b(?P<month>{_MONTH})\b\.?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>20\d\d)\b)?", re.I)
_DAY_MONTH = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>20\d\d)\b)?", re.I)
_ISO = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
#: "Next Friday" is this week's for some people and next week's for others; "not Friday" is any other day.
_DOUBT = re.compile(rf"\b(?:next|last|not|never|except|every|(?:{'|'.join(WEEKDAYS)})s)\b", re.I)
_TWELVE = re.compile(r"\b(?P<hour>1[0-2]|[1-9])(?::(?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?", re.I)
_TWENTY_FOUR = re.compile(r"\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)\b(?!\s?[ap]\.?m)", re.I)
_NOON = re.compile(r"\bnoon\b", re.I)


def read_day(text: str, today: date) -> date | None:
    """The one day that `text` names, from today on; None when it names none, several, or leaves a doubt.

    A weekday is the coming one ("Friday" said on a Friday is in a week). A date without a year is the next one.
    """
    if _DOUBT.search(text):
        return None
    rest = _DAY_AFTER_TOMORROW.sub("", text)
    weekdays = {name.casefold(): index for index, name in enumerate(WEEKDAYS)}
    found = {_dated(match, today) for pattern in (_MONTH_DAY, _DAY_MONTH, _ISO) for match in pattern.finditer(rest)}
    found |= {today + timedelta(days=2)} if rest != text else set()
    named = [match["name"].casefold() for match in _NAMED.finditer(rest)]
    for name in named:
        if name not in weekdays:
            found.add(today + timedelta(days=name == "tomorrow"))
        elif not found:
            found.add(today + timedelta(days=(weekdays[name] - today.weekday() - 1) % 7 + 1))
        elif any(day is None or day.weekday() != weekdays[name] for day in found):
            return None  # "Friday, 26 November", and that is a Thursday
    day = found.pop() if len(found) == 1 else None
    return day if day is not None and day >= today else None


def without_days(text: str) -> str:
    """The text without the days that it names, so that their figures are not taken for hours."""
    for pattern in (_MONTH_DAY, _DAY_MONTH, _ISO, _DAY_AFTER_TOMORROW, _NAMED):
        text = pattern.sub(" ", text)
    return text


def read_clock(text: str) -> time | None:
    """The one time of day that `text` names ("3 pm", "15:30", "noon"); None for none, several, or a bare number."""
    found = {time(int(match["hour"]) % 12 + 12 * (match["half"].casefold() == "p"), int(match["minute"] or 0)) for match in _TWELVE.finditer(text)}
    found |= {time(int(match["hour"]), int(match["minute"])) for match in _TWENTY_FOUR.finditer(text)}
    found |= {time(12)} if _NOON.search(text) else set()
    return found.pop() if len(found) == 1 else None


def _dated(match: re.Match[str], today: date) -> date | None:
    month = match["month"]
    number = int(month) if month.isdigit() else 1 + [name[:3].casefold() for name in MONTHS].index(month[:3].casefold())
    try:
        day = date(int(match["year"] or today.year), number, int(match["day"]))
        return day if match["year"] or day >= today else day.replace(year=day.year + 1)
    except ValueError:
        return None
