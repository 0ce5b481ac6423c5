"""The next try comes when the callee can be reached and Floyd may call: by their clocks, within the caps, whatever the clocks do meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calls.gates import Callee, Dial, Others, Rules, Usage
from calls.next_try import When, first_moment, next_try

SCHOOL = "+15195550110"
TORONTO = ZoneInfo("America/Toronto")
WORKDAYS = {day: ["08:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
FREE = Usage(calls=1, max_calls=20, minutes=0, max_minutes=120)


def at(text: str) -> datetime:
    """A moment on Toronto's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO)


def dial(now: str, hours=None, **changes) -> Dial:
    callee = Callee(SCHOOL, hours=WORKDAYS if hours is None else hours, closed_until=changes.pop("closed_until", None))
    rules = Rules(frozenset({"US", "CA"}), (8, 21), own_number="+15195550199")
    base = Dial(callee=callee, rules=rules, usage=FREE, others=Others(), user_time_zone="America/Toronto", now=at(now).astimezone(UTC))
    return replace(base, **changes)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(TORONTO):%a %Y-%m-%d %H:%M}"


WAITS = {
    "minutes within hours": (dial("2026-11-24T11:00"), timedelta(minutes=30), [], "Tue 2026-11-24 11:30"),
    "minutes past closing": (dial("2026-11-24T16:50"), timedelta(minutes=30), [], "Wed 2026-11-25 08:00"),
    "minutes past closing on a Friday": (dial("2026-11-27T16:50"), timedelta(minutes=30), [], "Mon 2026-11-30 08:00"),
    "minutes past calling hours": (dial("2026-11-24T20:50", {}), timedelta(minutes=30), [], "Wed 2026-11-25 08:00"),
    "the caps are used up": (dial("2026-11-24T11:00", usage=replace(FREE, calls=20)), timedelta(minutes=3), [], "Wed 2026-11-25 08:00"),
    "the minutes are used up": (dial("2026-11-24T11:00", usage=replace(FREE, minutes=120)), timedelta(minutes=3), [], "Wed 2026-11-25 08:00"),
    "caps of today say nothing of tomorrow": (
        dial("2026-11-24T16:50", usage=replace(FREE, calls=20)),
        timedelta(hours=20),
        [],
        "Wed 2026-11-25 12:50",
    ),
    "after a morning, the afternoon": (dial("2026-11-24T09:40"), When.ANOTHER_TIME_OF_DAY, ["2026-11-24T09:10"], "Tue 2026-11-24 13:30"),
    "after an afternoon, the next morning": (dial("2026-11-24T14:00"), When.ANOTHER_TIME_OF_DAY, ["2026-11-24T13:30"], "Wed 2026-11-25 09:30"),
    "after morning and afternoon, the evening": (
        dial("2026-11-24T14:00", {}),
        When.ANOTHER_TIME_OF_DAY,
        ["2026-11-24T09:30", "2026-11-24T13:30"],
        "Tue 2026-11-24 17:30",
    ),
    "never half an hour later": (dial("2026-11-24T12:30", {}), When.ANOTHER_TIME_OF_DAY, ["2026-11-24T11:30"], "Tue 2026-11-24 17:30"),
    "only open in the morning": (
        dial("2026-11-24T09:40", {"wed": ["09:00", "11:00"]}),
        When.ANOTHER_TIME_OF_DAY,
        ["2026-11-24T09:10"],
        "Wed 2026-11-25 09:00",
    ),
    "closed by the hours that are known": (dial("2026-11-24T18:00"), When.OPENING, [], "Wed 2026-11-25 08:00"),
    "closed before opening": (dial("2026-11-24T06:00"), When.OPENING, [], "Tue 2026-11-24 08:00"),
    "closed against the hours that are known": (dial("2026-11-24T11:00"), When.OPENING, [], "Wed 2026-11-25 08:00"),
    "closed, hours unknown": (dial("2026-11-24T11:00", {}), When.OPENING, [], "Wed 2026-11-25 09:00"),
    "closed for a holiday": (dial("2026-11-24T11:00", closed_until=at("2026-11-26T10:00")), When.OPENING, [], "Thu 2026-11-26 10:00"),
}


@pytest.mark.parametrize("name", WAITS)
def test_the_next_try_is_when_it_should_be(name):
    facts, wait, tried, expected = WAITS[name]
    assert local(next_try(facts, wait, [at(moment) for moment in tried])) == expected


#: The clocks of Toronto go back on 1 November 2026 and forward on 14 March 2027, both on a Sunday at two.
CLOCK_CHANGES = {
    "back, next opening": ("2026-10-31T18:00", {"sun": ["08:00", "12:00"]}, When.OPENING, "Sun 2026-11-01 08:00", timedelta(hours=15)),
    "forward, next opening": ("2027-03-13T18:00", {"sun": ["08:00", "12:00"]}, When.OPENING, "Sun 2027-03-14 08:00", timedelta(hours=13)),
    "back, another time of day": ("2026-10-31T19:00", {}, When.ANOTHER_TIME_OF_DAY, "Sun 2026-11-01 09:30", timedelta(hours=15.5)),
    "forward, another time of day": ("2027-03-13T19:00", {}, When.ANOTHER_TIME_OF_DAY, "Sun 2027-03-14 09:30", timedelta(hours=13.5)),
    "back, so many hours": ("2026-10-31T23:00", {}, timedelta(hours=10), "Sun 2026-11-01 08:00", timedelta(hours=10)),
    "forward, so many hours": ("2027-03-13T20:00", {}, timedelta(hours=13), "Sun 2027-03-14 10:00", timedelta(hours=13)),
}


@pytest.mark.parametrize("name", CLOCK_CHANGES)
def test_a_change_of_the_clocks_keeps_times_of_day_and_lengths_of_waits(name):
    now, hours, wait, expected, length = CLOCK_CHANGES[name]
    facts = dial(now, hours)
    moment = next_try(facts, wait, [at(now)])
    assert (local(moment), moment.astimezone(UTC) - facts.now) == (expected, length)


def test_what_was_planned_for_then_is_allowed_then():
    facts = dial("2026-11-24T16:50")
    moment = next_try(facts, timedelta(minutes=30), [])
    assert first_moment(replace(facts, now=moment), moment) == moment
