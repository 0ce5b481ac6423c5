"""What nobody knows about a call is found out or asked; what nobody wants is ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls import dialling, reconcile, selectors, services
from calls.models import Call
from calls.reports import Report
from calls.status import CallStatus
from calls.telephony import client as client_module
from calls.telephony.client import make_client
from calls.telephony.placing import Placed
from requests_app.models import Message, Question
from requests_app.services import answer_question, stop_request
from requests_app.status import Status
from tests.calls.carrier import NOT_PLACED_500, PLACED_500, REPLY_LOST, SLOW
from tests.calls.conftest import FLOYD, SCHOOL, call_at, ready_to_call, the_call

pytestmark = pytest.mark.django_db

ONE_HOUR = timedelta(hours=1)


@pytest.mark.parametrize("mode", [REPLY_LOST, PLACED_500, SLOW])
def test_a_call_whose_answer_was_lost_is_found_in_the_carriers_list(tom, carrier, mode, monkeypatch, settings):
    monkeypatch.setattr(client_module, "TIMEOUT_S", 0.2)
    carrier.mode[SCHOOL], carrier.slow_s = mode, 0.4
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call = the_call(request)
    assert call.status == CallStatus.UNKNOWN
    reconcile.look_for(make_client(settings), call.pk)
    assert (the_call(request).status, [the_call(request).carrier_sid]) == (CallStatus.PLACED, carrier.placed(SCHOOL))
    assert carrier.orders[SCHOOL] == 1


def unknown_for_long(request) -> Call:
    call = the_call(request)
    Call.objects.filter(pk=call.pk).update(lease_until=timezone.now() - ONE_HOUR)
    return call


def test_a_call_that_is_seen_nowhere_is_asked_about_and_never_repeated_by_itself(tom, carrier, settings):
    carrier.mode[SCHOOL] = NOT_PLACED_500
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call = unknown_for_long(request)
    for _ in range(3):
        reconcile.look_for(make_client(settings), call.pk)
        dialling.place(request.pk)
    request.refresh_from_db()
    assert request.status == Status.WAITING_FOR_USER
    question = Question.objects.get(request=request)
    assert question.text == "I can't tell whether Brock Road School was called. Call again?"
    assert Message.objects.filter(question=question).count() == 1
    assert carrier.orders[SCHOOL] == 1


def asked_about(request, settings) -> tuple[Call, Question]:
    call = unknown_for_long(request)
    reconcile.look_for(make_client(settings), call.pk)
    return call, Question.objects.get(request=request)


def test_when_the_user_says_to_call_again_there_is_a_new_call(tom, carrier, settings):
    carrier.mode[SCHOOL] = NOT_PLACED_500
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call, question = asked_about(request, settings)
    carrier.mode[SCHOOL] = "ok"
    answer_question(question_id=question.pk, text="yes", by="page")
    dialling.place(request.pk)
    call.refresh_from_db()
    assert call.status == CallStatus.FAILED
    assert the_call(request).status == CallStatus.PLACED
    assert carrier.orders[SCHOOL] == 2
    # Should the first one ring after all, it is not let through.
    late = Report(status=CallStatus.RINGING, seq=1)
    assert not services.take_report(call_id=call.pk, sid="CA" + "9" * 32, report=late)


def test_when_the_user_says_no_nobody_is_called(tom, carrier, settings):
    carrier.mode[SCHOOL] = NOT_PLACED_500
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call, question = asked_about(request, settings)
    answer_question(question_id=question.pk, text="no", by="page")
    dialling.place(request.pk)
    request.refresh_from_db()
    assert request.status == Status.CANCELLED
    assert carrier.orders[SCHOOL] == 1
    Call.objects.filter(pk=call.pk).update(lease_until=timezone.now() - ONE_HOUR)
    reconcile.look_for(make_client(settings), call.pk)
    call.refresh_from_db()
    assert call.status == CallStatus.FAILED


def test_a_call_that_turns_up_while_the_user_is_asked_goes_on(tom, carrier, settings):
    carrier.mode[SCHOOL] = REPLY_LOST
    carrier.hidden.add(SCHOOL)
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call, question = asked_about(request, settings)
    (sid,) = carrier.placed(SCHOOL)
    assert services.take_report(call_id=call.pk, sid=sid, report=Report(status=CallStatus.RINGING, seq=1))
    request.refresh_from_db()
    question.refresh_from_db()
    assert (request.status, question.status) == (Status.CALLING, "closed")


def test_two_unknown_calls_to_one_number_are_not_mixed_up(tom, alice, carrier, settings):
    first, second = call_at(tom, CallStatus.UNKNOWN), call_at_alice(alice, CallStatus.UNKNOWN)
    make_client(settings).calls.create(to=SCHOOL, from_=FLOYD, url="https://x/", status_callback="https://x/")
    for call in (first, second):
        reconcile.look_for(make_client(settings), call.pk)
        call.refresh_from_db()
        assert call.carrier_sid is None


def call_at_alice(alice, status) -> Call:
    alice.contacts.create(name="Brock Road School", phone=SCHOOL)
    return call_at(alice, status)


# --- stopping ---


def test_a_request_stopped_before_its_order_is_never_dialled(tom, carrier):
    call = call_at(tom, CallStatus.NEW)
    stop_request(request_id=call.request_id, user=tom)
    dialling.order(call.pk)
    call.refresh_from_db()
    assert (call.status, bool(carrier.orders)) == (CallStatus.CANCELED, False)


def test_a_ringing_call_is_hung_up_when_the_user_stops(tom):
    call = call_at(tom, CallStatus.RINGING, carrier_sid="CA" + "1" * 32)
    stop_request(request_id=call.request_id, user=tom)
    assert services.stop(call.request_id) == [call.carrier_sid]


def test_an_order_that_was_answered_after_the_stop_is_hung_up(tom, carrier, hints, at_once):
    call = call_at(tom, CallStatus.SENDING)
    stop_request(request_id=call.request_id, user=tom)
    dialling.record(call, Placed("CA" + "1" * 32))
    assert hints.ids("calls.hang_up") == ["CA" + "1" * 32]


def test_a_stopped_call_that_goes_on_is_ended_by_the_sweep(tom, carrier, settings):
    made = make_client(settings).calls.create(to=SCHOOL, from_=FLOYD, url="https://x/", status_callback="https://x/")
    call = call_at(tom, CallStatus.IN_PROGRESS, carrier_sid=made.sid, heartbeat_at=timezone.now(), started_at=timezone.now())
    stop_request(request_id=call.request_id, user=tom)
    assert selectors.calls_to_end() == []  # it may say goodbye
    type(call.made_for).objects.filter(pk=call.request_id).update(ended_at=timezone.now() - ONE_HOUR)
    assert selectors.calls_to_end() == [call.pk]
    reconcile.look_up(make_client(settings), call.pk, end_it=True)
    call.refresh_from_db()
    assert (call.status, carrier.calls[made.sid]["status"]) == (CallStatus.COMPLETED, "completed")


# --- quiet calls ---


def test_a_call_whose_media_process_died_is_closed(tom, carrier, settings, hints, at_once):
    made = make_client(settings).calls.create(to=SCHOOL, from_=FLOYD, url="https://x/", status_callback="https://x/")
    then = timezone.now() - timedelta(seconds=50)
    call = call_at(tom, CallStatus.IN_PROGRESS, carrier_sid=made.sid, heartbeat_at=then, started_at=then)
    assert selectors.calls_to_end() == [call.pk]
    reconcile.look_up(make_client(settings), call.pk, end_it=True)
    call.refresh_from_db()
    assert call.status == CallStatus.COMPLETED
    assert hints.ids("calls.wrap_up") == [str(call.pk)]
    assert selectors.calls_to_end() == []


def test_a_ringing_call_without_news_is_looked_up(tom, carrier, settings):
    made = make_client(settings).calls.create(to=SCHOOL, from_=FLOYD, url="https://x/", status_callback="https://x/")
    carrier.calls[made.sid] |= {"status": "no-answer", "duration": "0"}
    call = call_at(tom, CallStatus.RINGING, carrier_sid=made.sid)
    assert selectors.calls_gone_quiet() == []
    Call.objects.filter(pk=call.pk).update(created_at=timezone.now() - ONE_HOUR)
    assert selectors.calls_gone_quiet() == [call.pk]
    reconcile.look_up(make_client(settings), call.pk, end_it=False)
    call.refresh_from_db()
    assert call.status == CallStatus.NO_ANSWER
