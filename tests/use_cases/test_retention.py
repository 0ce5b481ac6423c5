"""Calls that came in go when their time is over, and then callers of whom nothing is left; a business keeps its orders and tours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls import holdings as calls_holdings
from calls.models import Call, CallStatus, CarrierEvent, Direction
from use_cases import holdings
from use_cases.models import Caller, InboundCall, ToolRun, UseCaseVersion
from use_cases.restaurant.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bounds(settings):
    settings.KEEP_RECORDS_DAYS, settings.KEEP_RECORDS_LEAST_DAYS = 365, 30


def rang(days, number="", user=None):
    """Somebody who rang so many days ago, and the call."""
    then = timezone.now() - timedelta(days=days)
    caller = Caller.objects.create(number=number, user=user)
    call = Call.objects.create(direction=Direction.INBOUND, number=number, user=user, brief={}, status=CallStatus.COMPLETED, ended_at=then)
    InboundCall.objects.create(call=call, caller=caller, rung="+15195550000", version=UseCaseVersion.objects.first())
    ToolRun.objects.create(call=call, key="1", name="menu")
    Caller.objects.filter(pk=caller.pk).update(updated_at=then)
    return caller


@pytest.fixture(autouse=True)
def version():
    from use_cases.loading import load

    load("restaurant")


def test_old_calls_go_and_who_is_left_of_none(tom):
    rang(400), rang(400, "+15195550142", tom)
    young, ordered = rang(300), rang(400, "+15195550143")
    Order.objects.create(caller=ordered)
    assert holdings.forget_old() == 3
    assert set(Caller.objects.filter(user=None)) == {young, ordered}
    assert ToolRun.objects.count() == Call.objects.count() == 1
    assert Caller.objects.filter(user=tom).exists()


def test_a_user_who_rings_has_their_own_time(tom):
    tom.keep_days = 30
    tom.save()
    rang(40, "+15195550142", tom), rang(40, "+15195550143")
    assert holdings.forget_old() == 1
    assert not Call.objects.filter(user=tom).exists()


def test_without_bounds_nothing_of_strangers_goes(settings):
    settings.KEEP_RECORDS_DAYS = 0
    rang(4000)
    assert holdings.forget_old() == 0
    assert Caller.objects.exists()


def test_reports_of_the_carrier_go_once_they_were_acted_on():
    for sid, processed in (("a", 40), ("b", 20), ("c", None)):
        event = CarrierEvent.objects.create(sid=sid, kind="status", key="1", payload={})
        if processed is not None:
            CarrierEvent.objects.filter(pk=event.pk).update(processed_at=timezone.now() - timedelta(days=processed))
    assert calls_holdings.forget_old_callbacks() == 1
    assert set(CarrierEvent.objects.values_list("sid", flat=True)) == {"b", "c"}
