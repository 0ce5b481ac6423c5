"""A call that came in lives in the same table as those that are made, and nothing takes it for one of them."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from calls import reserving, selectors, services, settling
from calls.access import get_call, may_watch_call
from calls.models import Call
from calls.reports import Report
from calls.status import CallStatus
from calls.wrap_up import wrap_up
from context import leaving
from requests_app.errors import NotFound
from requests_app.status import Status
from tests.cast import make_request
from tests.use_cases.people import DANAS_PHONE, dana, taken_call, version_of
from use_cases.models import Caller, InboundCall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

SID = "CA" + "1" * 32


def test_what_the_carrier_reports_of_it_is_taken_in_though_no_request_wants_it():
    call = taken_call(dana(), version_of(), status=CallStatus.RINGING, carrier_sid=SID)
    assert services.take_report(call_id=call.pk, sid=SID, report=Report(status=CallStatus.IN_PROGRESS, seq=1))
    assert services.take_report(call_id=call.pk, sid=SID, report=Report(status=CallStatus.COMPLETED, seq=2, seconds=61))
    call.refresh_from_db()
    assert (call.status, call.seconds) == (CallStatus.COMPLETED, 61)


def test_its_cost_stands_on_the_call_and_nobody_is_charged(tom):
    tom.minutes_per_day = 30
    call = taken_call(dana(user=tom), version_of(), status=CallStatus.COMPLETED, seconds=61, carrier_sid=SID, ended_at=timezone.now())
    wrap_up(call.pk)
    call.refresh_from_db()
    assert call.cost == {"currency": "USD", "carrier": 25_000}
    assert call.price_due_at is None
    assert not tom.charges.exists()
    assert reserving.day_of(tom).minutes == 0


def test_a_call_about_a_request_does_not_end_with_it(tom):
    request = make_request(tom, status=Status.DONE)
    caller, version = dana(), version_of()
    call = taken_call(caller, version, request=request, user=tom, carrier_sid=SID, started_at=timezone.now(), heartbeat_at=timezone.now())
    taken_call(caller, version, request=request, user=tom)  # and a second one at the same time
    assert selectors.calls_to_end() == []
    assert services.stop(request.pk) == []
    call.status = CallStatus.COMPLETED
    call.save()
    assert selectors.calls_to_wrap_up() == []
    settling.settle(call.pk)


def test_a_call_of_ours_needs_somebody_that_it_is_made_for(tom):
    call = taken_call(dana(), version_of())
    with pytest.raises(ValueError, match="not made for"):
        _ = call.made_for
    with pytest.raises(IntegrityError):
        Call.objects.create(number=DANAS_PHONE, brief={}, attempt=1, user=tom)


def test_nobody_but_the_person_it_is_about_sees_it(tom, alice):
    call = taken_call(dana(), version_of())
    about = taken_call(Caller.objects.create(), version_of(), request=make_request(tom, status=Status.DONE), user=tom)
    for user in (tom, alice):
        assert not may_watch_call(user, str(call.pk))
        with pytest.raises(NotFound):
            get_call(user, call.pk)
    assert get_call(tom, about.pk) == about
    with pytest.raises(NotFound):
        get_call(alice, about.pk)


def test_who_withholds_the_number_is_somebody_new_each_time():
    assert Caller.objects.create() != Caller.objects.create()
    dana()
    with pytest.raises(IntegrityError):
        dana()


def test_calls_from_a_number_go_with_the_account_whose_it_is(tom):
    version = version_of(edited_by=tom.email)
    caller = dana()
    taken_call(caller, version, status=CallStatus.COMPLETED, ended_at=timezone.now())
    Caller.objects.filter(pk=caller.pk).update(user=tom)
    leaving.begin(user=tom)
    assert leaving.finish_all() == 1
    assert not Caller.objects.exists()
    assert not InboundCall.objects.exists()
    assert not Call.objects.exists()
    version.refresh_from_db()
    assert version.edited_by == "somebody who left"
