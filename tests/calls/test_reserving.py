"""Limits stop before they are passed, whatever the next call comes to."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from calls import dialling, gates, reserving
from calls.allowance import LEAST_MINUTES, Spending, minutes_for_a_call
from calls.gates import Decision
from calls.models import Call
from calls.status import CallStatus
from requests_app.charge import Charge
from requests_app.status import Status
from tests.calls.conftest import call_at, ready_to_call, the_call
from tests.calls.test_gates import FREE, dial

RATE = 150_000


@given(
    wanted=st.integers(1, 60),
    minutes_left=st.integers(0, 200),
    counted=st.integers(0, 20_000_000),
    limit=st.one_of(st.none(), st.integers(0, 20_000_000)),
)
def test_no_call_may_be_longer_than_what_is_left_pays_for(wanted, minutes_left, counted, limit):
    spending = Spending(counted, limit, RATE)
    minutes = minutes_for_a_call(wanted, minutes_left=minutes_left, spending=spending)
    assert 0 <= minutes <= min(wanted, minutes_left)
    assert limit is None or minutes == 0 or counted + minutes * RATE <= limit
    assert minutes == 0 or minutes >= min(LEAST_MINUTES, wanted)


GATED = {
    "money used up": (Spending(990_000, 1_000_000, RATE), Decision.LATER, "more than your limit for today"),
    "money off": (Spending(0, 0, RATE), Decision.REFUSED, "switched off"),
    "limit below any call": (Spending(0, 100_000, RATE), Decision.REFUSED, "lower than what one may come to"),
    "enough": (Spending(0, 1_000_000, RATE), Decision.OK, ""),
    "no limit": (Spending(10**9, None, RATE), Decision.OK, ""),
}


@pytest.mark.parametrize("name", GATED)
def test_the_gate_looks_at_what_a_call_may_cost_at_most(name):
    spending, decision, words = GATED[name]
    verdict = gates.check(dial(usage=replace(FREE, wanted_minutes=21, spending=spending)))
    assert verdict.decision is decision
    assert words in verdict.why


def test_the_gate_looks_at_the_minutes_that_a_call_needs():
    verdict = gates.check(dial(usage=replace(FREE, wanted_minutes=21, minutes=118)))
    assert verdict.decision is Decision.LATER
    assert "only 2 are left" in verdict.why


pytestmark = pytest.mark.django_db


def spend(user, micros: int, **fields) -> None:
    request = call_at(user, CallStatus.COMPLETED, request_status=Status.CANCELLED, cost={"currency": "USD"}).made_for
    row = {"component": "model", "what": "m", "counted_micros": micros, "micros": micros, "currency": "USD", "key": f"k{request.pk}"}
    Charge.objects.create(user=user, request=request, **(row | fields))


def test_a_call_gets_the_time_that_is_left_and_no_more(tom, carrier, settings):
    settings.MAX_COST_PER_DAY_MINOR = 100
    spend(tom, 250_000)
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call = the_call(request)
    # $0.75 is left: five minutes at $0.15, one of them spare.
    assert (call.brief["max_call_ms"], call.brief["hold_minutes"], call.brief["max_cost_micros"]) == (4 * 60_000, 0, 750_000)
    assert reserving.reserved_minutes(call.brief) == 5


def test_above_the_limit_the_request_waits_for_tomorrow_and_says_so(tom, carrier, settings):
    settings.MAX_COST_PER_DAY_MINOR = 100
    spend(tom, 700_000)
    request = ready_to_call(tom)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert request.status == Status.SCHEDULED
    assert "more than your limit for today" in request.events.latest("seq").text
    assert not request.calls.exists()


def test_the_users_own_limits_count_where_they_are_lower(tom):
    tom.cost_per_day_minor, tom.minutes_per_day = 50, 7
    day = reserving.day_of(tom)
    assert (day.spending.max_micros, day.max_minutes) == (500_000, 7)
    tom.cost_per_day_minor = 10**6
    assert reserving.day_of(tom).spending.max_micros == 10_000_000


def test_what_a_call_that_is_on_may_come_to_is_set_aside(tom):
    brief = {"max_call_ms": 15 * 60_000, "hold_minutes": 5}
    call_at(tom, CallStatus.IN_PROGRESS, brief=brief)
    day = reserving.day_of(tom)
    assert day.minutes == 21
    assert day.spending.counted_micros == 21 * RATE


def test_a_call_that_was_not_charged_yet_counts_with_its_length(tom):
    call = call_at(tom, CallStatus.COMPLETED, seconds=90)
    assert reserving.day_of(tom).spending.counted_micros == 2 * RATE
    Call.objects.filter(pk=call.pk).update(cost={"currency": "USD"})
    assert reserving.day_of(tom).spending.counted_micros == 0


def test_yesterday_is_forgotten(tom):
    spend(tom, 700_000)
    Charge.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert reserving.day_of(tom).spending.counted_micros == 0


def test_of_two_calls_placed_at_once_the_second_finds_the_money_set_aside(tom, carrier, settings):
    settings.MAX_COST_PER_DAY_MINOR = 400
    first = ready_to_call(tom)
    dialling.place(first.pk)
    assert the_call(first).brief["max_call_ms"] == 15 * 60_000
    second = ready_to_call(tom, number="+15195550111")
    second.user = tom
    dialling.place(second.pk)
    call = second.calls.get()
    # $4 less the $3.15 of a whole call: five minutes.
    assert reserving.reserved_minutes(call.brief) == 5
