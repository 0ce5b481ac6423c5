"""An order is promised for a time at which somebody is there to make it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from use_cases.restaurant.kitchen import Kitchen, ready_at

HERE = ZoneInfo("America/Los_Angeles")
KITCHEN = Kitchen(
    time_zone="America/Los_Angeles",
    hours={
        "mon": [],
        "tue": ["11:00", "21:00"],
        "wed": ["11:00", "21:00"],
        "thu": [["11:00", "14:00"], ["17:00", "21:00"]],
        "fri": ["18:00", "02:00"],
    },
)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """In a week that begins on Monday, 23 November 2026."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=HERE) + timedelta(days=day)


TUESDAY_NOON = moment(1, 12, 2)


def test_an_order_in_opening_hours_is_ready_after_what_it_takes():
    assert ready_at(KITCHEN, now=TUESDAY_NOON, count=1, delivery=False).at == moment(1, 12, 25)
    assert ready_at(KITCHEN, now=TUESDAY_NOON, count=1, delivery=True).at == moment(1, 12, 50)


def test_many_things_take_longer():
    assert ready_at(KITCHEN, now=TUESDAY_NOON, count=3, delivery=False).at == moment(1, 12, 25)
    assert ready_at(KITCHEN, now=TUESDAY_NOON, count=10, delivery=False).at == moment(1, 12, 40)


@pytest.mark.parametrize(
    ("now", "why", "earliest"),
    [
        (moment(0, 12), "We are closed now and open tomorrow at 11:00 am.", moment(1, 11, 20)),
        (moment(1, 10, 59), "We are closed now and open at 11:00 am.", moment(1, 11, 20)),
        (moment(1, 21), "We are closed now and open tomorrow at 11:00 am.", moment(2, 11, 20)),
        (moment(3, 15), "We are closed now and open at 5:00 pm.", moment(3, 17, 20)),
        (moment(1, 20, 45), "That is too close to closing time for today.", moment(2, 11, 20)),
        (moment(3, 13, 50), "That is too close to closing time for today.", moment(3, 17, 20)),
    ],
)
def test_a_closed_kitchen_takes_nothing_at_once_and_says_when(now, why, earliest):
    found = ready_at(KITCHEN, now=now, count=1, delivery=False)
    assert (found.at, found.why, found.earliest) == (None, why, earliest)


def test_hours_go_past_midnight():
    assert ready_at(KITCHEN, now=moment(5, 0, 30), count=1, delivery=False).at == moment(5, 0, 50)


@pytest.mark.parametrize(
    ("wanted", "why", "earliest"),
    [
        (moment(1, 18), "", None),
        (moment(2, 12), "", None),
        (moment(1, 12, 10), "That is too soon.", moment(1, 12, 25)),
        (moment(1, 11), "That is too soon.", moment(1, 12, 25)),
        (moment(1, 22), "The kitchen is closed then.", moment(2, 11, 20)),
        (moment(2, 11, 5), "The kitchen is closed then.", moment(2, 11, 25)),
        (moment(3, 15), "The kitchen is closed then.", moment(3, 17, 20)),
        (moment(9, 12), "Orders are taken up to 7 days ahead.", moment(1, 12, 25)),
    ],
)
def test_a_time_of_the_callers_is_taken_or_refused_with_the_next_that_works(wanted, why, earliest):
    found = ready_at(KITCHEN, now=TUESDAY_NOON, count=1, delivery=False, wanted=wanted)
    assert (found.at, found.why, found.earliest) == (None if why else wanted, why, earliest)


def test_a_kitchen_that_never_opens_says_so():
    found = ready_at(Kitchen("America/Los_Angeles", {"mon": []}), now=TUESDAY_NOON, count=1, delivery=False)
    assert (found.at, found.why, found.earliest) == (None, "We are closed for the coming days.", None)


@given(st.integers(0, 9 * 24 * 60), st.one_of(st.none(), st.integers(0, 10 * 24 * 60)), st.integers(1, 30), st.booleans())
def test_whatever_is_promised_or_offered_the_kitchen_can_keep(minutes, wanted, count, delivery):
    now = moment(0, 0) + timedelta(minutes=minutes)
    asked = None if wanted is None else now + timedelta(minutes=wanted)
    found = ready_at(KITCHEN, now=now, count=count, delivery=delivery, wanted=asked)
    assert (found.at is None) is bool(found.why)
    assert asked is None or found.at in (None, asked)
    for there in filter(None, (found.at, found.earliest)):
        begin = there - KITCHEN.needs(count, delivery=delivery)
        assert begin >= now
        assert KITCHEN.is_open(begin)
        assert KITCHEN.is_open(there)
