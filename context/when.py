"""Days and times as people say them on the phone ("Thursday at 9:30 a.m.", "the 26th around four", "jeudi à 9 h 30"), read into moments. Pure.

What is not said beyond doubt is read as the likelier thing, and marked as unsure.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from context.dates import MONTHS, WEEKDAYS, zone
from context.day_words import read_day, without_days
from context.when_abroad import in_english

_MONTH = "|".join(f"{month}|{month[:3]}" for month in MONTHS).lower()
_HOURS = {word: hour for hour, word in enumerate(re.findall(r"\w+", "one two three four five six seven eight nine ten eleven twelve"), 1)}
_MINUTES = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty five": 45, "fifty": 50, "oh five": 5, "ten": 10, "o'clock": 0}
_ORDINALS = {
    word: day
    for day, word in enumerate(
        re.findall(
            r"\S+",
            """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth
            eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh
            twenty-eighth twenty-ninth thirtieth thirty-first""",
        ),
        1,
    )
}
_DAY_ALONE = re.compile(r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b")
_WEEKDAY = re.compile(rf"\b(?P<next>next )?(?P<weekday>{'|'.join(WEEKDAYS)})s?\b", re.I)
_THIS = re.compile(r"\bthis (?:morning|afternoon|evening)\b")
_IN = re.compile(r"\bin (?:about )?(?P<count>\d{1,3}|an?|one|two|three|four|five|six) (?P<unit>minute|hour|day|week)s?\b")
_HALF = re.compile(r"\b(?P<part>half past|quarter past|quarter to|a quarter past|a quarter to) (?P<hour>\d{1,2})\b(?: ?(?P<half>am|pm)\b)?")
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?!\d)(?::(?P<minute>\d\d))?(?: ?(?P<half>am|pm)\b)?(?! ?(?:%|dollars|minutes?|hours?|days?|weeks?|people|th|st|nd|rd))"
)
#: Ways of writing a time of day, and the one that is read here. A nought before the hour is a clock of 24 hours.
_WRITTEN_CLOCKS = (
    (re.compile(r"\b(\d{1,2})(?:h|\.)(\d\d)(?=\b|[ap]m)"), r"\1:\2"),
    (re.compile(r"\b(\d{1,2}:\d\d):\d\d(?:\.\d+)?\b"), r"\1"),
    (re.compile(r"\b([01]\d|2[0-3])([0-5]\d)\b(?: ?(?:hours?|hrs|h))?"), r"\1:\2"),
    (re.compile(r"\b(\d{1,2}) ?(?:h|hours|uhr)\b"), r"\1:00"),
    (re.compile(r"\b(0\d:\d\d)(?! ?[ap]m)"), r"\1am"),
)
_NAMED_TIME = re.compile(r"\b(?P<name>noon|midday|midnight)\b")
_VAGUE = re.compile(r"\b(?:around|about|approximately|roughly|maybe|perhaps|probably|possibly|or so|ish|sometime|either|hopefully|if)\b")
_PARTS = {"morning": (9, "am"), "afternoon": (14, "pm"), "evening": (18, "pm"), "tonight": (19, "pm"), "night": (20, "pm")}
#: Where nobody says, an hour is one at which business is done; at these it could be either.
_EITHER = frozenset({6, 7})


@dataclass(frozen=True, slots=True)
class When:
    """A moment that was named.

    Attributes:
        start: aware.
        end: where a span was named.
        sure: neither day nor hour was guessed.
        timed: an hour was named at all; else `start` is nine in the morning.
    """

    start: datetime
    end: datetime | None
    sure: bool
    timed: bool


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    sure: bool
    rest: str  # the text without it


@dataclass(frozen=True, slots=True)
class _Time:
    at: time
    sure: bool


def read_when(text: str, *, now: datetime, time_zone: str) -> When | None:
    """The moment that `text` names, as clocks in `time_zone` show it; None when it names none that lies ahead.

    Args:
        now: aware; what "tomorrow" starts from.
    """
    here = zone(time_zone)
    local = now.astimezone(here)
    plain = _plain(text)
    if span := _IN.search(plain):
        return _after(span, local)
    day = _day(plain, local)
    times = _times(day.rest if day else plain, _part(plain))
    if day is None and not times:
        return None
    vague = bool(_VAGUE.search(plain)) or len(times) > 2 or (len(times) == 2 and not _is_span(plain))
    found = day or _Day(local.date(), sure=False, rest=plain)
    start = _moment(found.day, times[0].at if times else time(9), here)
    if start <= local:
        if day is None:
            start = _moment(found.day + timedelta(days=1), times[0].at, here)
        elif times or found.day < local.date():
            return None
        else:
            start = local + timedelta(hours=1)
    end = _moment(found.day, times[1].at, here) if len(times) == 2 and _is_span(plain) else None
    sure = bool(times) and found.sure and all(one.sure for one in times) and not vague and _exists(start)
    return When(start, end if end and end > start else None, sure, bool(times))


def read_spoken_time(text: str) -> time | None:
    """The one time of day that `text` names, however it is said: "14:00", "2 pm", "1400 hours", "half past two", "two in the afternoon".

    None when it names none, or several. Where nobody says which half of the day, it is the one in which business is done.
    """
    plain = _DAY_ALONE.sub(" ", without_days(_plain(text)))
    for pattern, clock in _WRITTEN_CLOCKS:
        plain = pattern.sub(clock, plain)
    times = {one.at for one in _times(plain, _part(plain))}
    return times.pop() if len(times) == 1 else None


def read_date(text: str, today: date) -> date | None:
    """The day that `text` names, from `today` on: "2026-11-26", "the 26th", "Thursday" (the coming one), "tomorrow". None: none, or past."""
    day = _day(_plain(text), datetime.combine(today, time()))
    return day.day if day is not None and day.day >= today else None


def _plain(text: str) -> str:
    """English, lower case, straight apostrophes, "a.m." as "am", hours in figures."""
    plain = " ".join(in_english(text).lower().replace("’", "'").split())
    plain = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", plain)
    for word, day in sorted(_ORDINALS.items(), key=lambda pair: -len(pair[0])):
        plain = re.sub(rf"\b(the|{_MONTH}) {word.replace('-', '[- ]')}\b", rf"\g<1> {day}th", plain)
    minutes = "|".join(word.replace(" ", "[- ]") for word in sorted(_MINUTES, key=len, reverse=True))
    hours = "|".join(_HOURS)

    def figures(match: re.Match[str]) -> str:
        minute = _MINUTES[re.sub(r"[- ]", " ", match[2])] if match[2] else None
        hour = _HOURS[match[1]]
        return f"{hour}:{minute:02d}" if minute is not None else str(hour)

    plain = re.sub(rf"\b({hours})(?:[- ]({minutes}))?\b(?! (?:minute|hour|day|week|people|month)s?\b)", figures, plain)
    return re.sub(r"\b(\d{1,2}) o'clock\b", r"\1:00", plain)


def _after(span: re.Match[str], local: datetime) -> When:
    count = int(span["count"]) if span["count"].isdigit() else _HOURS.get(span["count"], 1)
    length = timedelta(**{f"{span['unit']}s": count})
    timed = span["unit"] in ("minute", "hour")
    start = local + length if timed else (local + length).replace(hour=9, minute=0, second=0, microsecond=0)
    return When(start, None, timed, timed)


# --- the day ---


def _day(plain: str, local: datetime) -> _Day | None:
    today, rest = local.date(), _DAY_ALONE.sub(" ", without_days(plain))
    if (day := read_day(plain, today)) is not None:
        return _Day(day, sure=True, rest=rest)
    if match := _DAY_ALONE.search(plain):
        alone = _next_with_day(int(match["day"]), today)
        return None if alone is None else _Day(alone, sure=True, rest=rest)
    if _THIS.search(plain):
        return _Day(today, sure=True, rest=rest)
    if match := _WEEKDAY.search(plain):
        wanted = [name.casefold() for name in WEEKDAYS].index(match["weekday"].casefold())
        ahead = (wanted - today.weekday() - 1) % 7 + 1
        # "Next Thursday" said on a Monday is this week's for some and next week's for others.
        return _Day(today + timedelta(days=ahead + 7 * bool(match["next"] and wanted > today.weekday())), sure=False, rest=rest)
    return None


def _next_with_day(day: int, today: date) -> date | None:
    first = today.replace(day=1)
    for _ in range(12):
        if 1 <= day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
        first = (first + timedelta(days=32)).replace(day=1)
    return None


# --- the hour ---


def _part(plain: str) -> str:
    """The part of the day that is named; empty for none."""
    return next((word for word in _PARTS if re.search(rf"\b{word}\b", plain)), "")


def _times(plain: str, part_named: str) -> list[_Time]:
    found: list[tuple[int, _Time]] = []
    taken = plain
    part = _PARTS[part_named][1] if part_named else ""
    for match in _HALF.finditer(plain):
        shift = {"half past": 30, "quarter past": 15}.get(match["part"].removeprefix("a "), -15)
        if (at := _hour(match["hour"], 0, match["half"] or part)) is not None:
            moved = (datetime.combine(date(2000, 1, 2), at.at) + timedelta(minutes=shift)).time()
            found.append((match.start(), _Time(moved, at.sure)))
        taken = taken.replace(match[0], " " * len(match[0]))
    found += [(match.start(), _Time(time(0 if match["name"] == "midnight" else 12), sure=True)) for match in _NAMED_TIME.finditer(taken)]
    clocks = [match for match in _CLOCK.finditer(taken) if match["minute"] or match["half"] or _announced(taken, match)]
    last_half = next((match["half"] for match in reversed(clocks) if match["half"]), "")
    for match in clocks:
        at = _hour(match["hour"], int(match["minute"] or 0), match["half"] or (last_half if _is_span(taken) else "") or part)
        if at is not None:
            found.append((match.start(), at))
    if not found and part_named:
        return [_Time(time(_PARTS[part_named][0]), sure=False)]
    return [at for _, at in sorted(found, key=lambda pair: pair[0])]


def _announced(plain: str, match: re.Match[str]) -> bool:
    """Whether a bare number is an hour: "at four", "between 4 and 5", or nothing else is said."""
    before = plain[: match.start()].rstrip()
    return not before.strip(" ,.") or bool(re.search(r"\b(?:at|by|until|till|from|before|after|between|to|and|around|about|for|-)$", before))


def _hour(hour_text: str, minute: int, half: str) -> _Time | None:
    hour = int(hour_text)
    if hour > 23 or minute > 59:
        return None
    if half and 1 <= hour <= 12:
        return _Time(time(hour % 12 + (12 if half == "pm" else 0), minute), sure=True)
    if hour > 12 or hour == 0:
        return _Time(time(hour, minute), sure=True)
    likely = hour if 8 <= hour <= 12 else hour + 12
    return _Time(time(likely, minute), sure=hour not in _EITHER)


def _is_span(plain: str) -> bool:
    return bool(re.search(r"\b(?:between|from)\b.*\b(?:and|to|until|till)\b|\d ?(?:am|pm)? ?(?:-|–|to|until|till) ?\d", plain))


# --- the moment ---


def _moment(day: date, at: time, here: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=here)


def _exists(moment: datetime) -> bool:
    """Whether clocks show this moment, and once: not in the hour that is left out or said twice when they change."""
    there_and_back = moment.astimezone(ZoneInfo("UTC")).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None) and moment.utcoffset() == moment.replace(fold=1).utcoffset()
