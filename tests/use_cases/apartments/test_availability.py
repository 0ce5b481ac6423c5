"""A caller who asks for a time is told the best there is, and never a time that somebody else has."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from use_cases.apartments.availability import MOST_OFFERED, Asked, Finding, check
from use_cases.apartments.slots import Booked, TourKind, TourRules, days_open, free_slots

HERE = ZoneInfo("America/Denver")
WORKDAYS = {day: ["09:00", "12:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
RULES = TourRules(time_zone="America/Denver", hours={"agent-led": WORKDAYS, "self-guided": WORKDAYS | {"sat": ["09:00", "10:00"]}}, days_ahead=7)
#: A Monday, an hour before tours begin.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=HERE)
TUESDAY = date(2026, 11, 24)
AGENT, ALONE = TourKind.AGENT_LED, TourKind.SELF_GUIDED


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HERE)


def look(booked=(), now=NOW, rules=RULES, **asked):
    return check(Asked(**asked), booked=booked, rules=rules, now=now)


ALL = {"day": TUESDAY, "at": time(10), "kind": AGENT, "layout": "studio"}


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (["day"], ("date",)),
        (["kind"], ("tour type",)),
        (["layout"], ("layout",)),
        (["layout", "day"], ("date", "layout")),
        (["day", "kind", "layout", "at"], ("date", "tour type", "layout")),
    ],
)
def test_first_comes_what_is_missing(left_out, missing):
    found = look(**{name: value for name, value in ALL.items() if name not in left_out})
    assert (found.finding, found.missing, found.slots) == (Finding.MISSING, missing, ())


def test_then_the_very_slot():
    assert look(**ALL) == look(**ALL).__class__(Finding.FREE, slots=(at(TUESDAY, 10),))


def test_then_the_nearest_other_times_of_that_day():
    found = look(**ALL, booked=[Booked(at(TUESDAY, 10), "studio", ALONE)])
    assert (found.finding, found.slots) == (Finding.OTHER_TIMES, (at(TUESDAY, 9), at(TUESDAY, 9, 30), at(TUESDAY, 10, 30)))


def test_a_time_between_two_slots_is_answered_with_those_around_it():
    found = look(**ALL | {"at": time(10, 10)})
    assert (found.finding, found.slots) == (Finding.OTHER_TIMES, (at(TUESDAY, 9, 30), at(TUESDAY, 10), at(TUESDAY, 10, 30)))


def test_a_day_without_a_time_gets_times_spread_over_it():
    found = look(**ALL | {"at": None})
    assert (found.finding, found.slots) == (Finding.OTHER_TIMES, (at(TUESDAY, 9), at(TUESDAY, 10), at(TUESDAY, 11)))


def test_then_other_days_at_the_same_time():
    full = [Booked(at(TUESDAY, 9) + timedelta(minutes=30 * place), "studio", AGENT) for place in range(6)]
    found = look(**ALL, booked=full)
    assert found.finding is Finding.OTHER_DAYS
    assert found.slots == (at(date(2026, 11, 23), 10), at(date(2026, 11, 25), 10), at(date(2026, 11, 26), 10))


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 29), date(2027, 3, 1)])
def test_a_day_that_is_past_or_closed_or_too_far_ahead_leads_to_other_days(day):
    assert look(**ALL | {"day": day}).finding is Finding.OTHER_DAYS


def test_at_last_there_is_none():
    assert look(**ALL, rules=TourRules(time_zone="America/Denver")).finding is Finding.NONE


def test_what_begins_sooner_than_the_notice_is_gone():
    found = look(**ALL | {"day": NOW.date(), "at": time(9)}, now=NOW + timedelta(minutes=1))
    assert (found.finding, found.slots[0]) == (Finding.OTHER_TIMES, at(NOW.date(), 9, 30))


def test_the_agent_is_in_one_place_at_a_time():
    elsewhere = [Booked(at(TUESDAY, 10), "two-bedroom", AGENT)]
    assert look(**ALL, booked=elsewhere).finding is Finding.OTHER_TIMES
    assert look(**ALL | {"kind": ALONE}, booked=elsewhere).finding is Finding.FREE


def test_two_parties_never_see_the_same_apartment_at_once():
    assert look(**ALL, booked=[Booked(at(TUESDAY, 10), "studio", ALONE)]).finding is Finding.OTHER_TIMES


def test_the_same_moment_in_another_zone_is_the_same_slot():
    taken = [Booked(at(TUESDAY, 10).astimezone(ZoneInfo("UTC")), "studio", AGENT)]
    assert look(**ALL, booked=taken).finding is Finding.OTHER_TIMES


def test_the_hour_that_a_changing_clock_leaves_out_is_no_slot():
    spring = date(2027, 3, 14)
    rules = TourRules(time_zone="America/Denver", hours={"self-guided": {"sun": ["01:00", "04:00"]}})
    slots = free_slots(spring, "studio", ALONE, booked=(), rules=rules, now=at(spring, 0))
    assert [slot.strftime("%H:%M") for slot in slots] == ["01:00", "01:30", "03:00", "03:30"]


def test_the_last_tour_ends_before_closing():
    slots = free_slots(TUESDAY, "studio", AGENT, booked=(), rules=RULES, now=NOW)
    assert slots[-1] == at(TUESDAY, 11, 30)


moments = st.builds(lambda day, half: at(date(2026, 11, 23), 9) + timedelta(days=day, minutes=30 * half), st.integers(0, 6), st.integers(0, 6))
bookings = st.lists(st.builds(Booked, moments, st.sampled_from(["studio", "two-bedroom"]), st.sampled_from(TourKind)), max_size=60)


@given(bookings, st.integers(0, 40), st.integers(0, 9 * 24), st.one_of(st.none(), st.times()), st.sampled_from(TourKind))
def test_whatever_is_offered_can_be_booked_and_whatever_can_be_booked_is_found(booked, days, hours, wanted, kind):
    now = NOW + timedelta(hours=hours)
    day = date(2026, 11, 20) + timedelta(days=days)
    found = check(Asked(day, wanted, kind, "studio"), booked=booked, rules=RULES, now=now)
    free = {slot for one in days_open(RULES, now) for slot in free_slots(one, "studio", kind, booked=booked, rules=RULES, now=now)}
    that_day = {slot for slot in free if slot.date() == day}
    expected = Finding.NONE if not free else Finding.OTHER_DAYS if not that_day else Finding.OTHER_TIMES
    if wanted in {slot.time() for slot in that_day}:
        expected = Finding.FREE
    assert found.finding is expected
    assert set(found.slots) <= free
    assert len(found.slots) <= MOST_OFFERED
    assert all(first < second for first, second in pairwise(found.slots))
    taken = {one.starts_at for one in booked if one.layout == "studio" or one.kind is kind is AGENT}
    assert not taken & set(found.slots)
