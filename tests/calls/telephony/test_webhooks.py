"""What the carrier tells us arrives once, in any order, and only from the carrier."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from calls import selectors, sweep
from calls.models import Call, CarrierEvent
from calls.status import CallStatus
from calls.telephony import breaks
from calls.telephony.tokens import valid_stream_token
from requests_app.models import Event, Message, MessageStatus, Request
from requests_app.opt_out import wants_texts
from requests_app.services import stop_request
from requests_app.status import Status
from tests.calls.conftest import call_at, callback, sign, status_form

pytestmark = pytest.mark.django_db

SID = "CA" + "1" * 32
OTHER = "CA" + "2" * 32
TEXT = "SM" + "3" * 32


def verbs(response) -> list[str]:
    assert response["Content-Type"] == "text/xml"
    return [element.tag for element in ElementTree.fromstring(response.content).iter()]


# --- an answered call ---


def test_an_answered_call_is_connected_to_its_media_process(tom):
    call = call_at(tom, CallStatus.RINGING, carrier_sid=SID)
    response = callback(f"/twilio/voice/{call.pk}", status_form(SID, "in-progress", 2))
    assert verbs(response) == ["Response", "Connect", "Stream", "Parameter", "Parameter"]
    stream = ElementTree.fromstring(response.content).find("Connect/Stream")
    assert stream is not None
    assert stream.attrib == {"url": "wss://media.floyd.example/media", "statusCallback": f"https://floyd.example/twilio/stream/{call.pk}"}
    parameters = {element.get("name", ""): element.get("value", "") for element in stream}
    assert parameters["call_id"] == str(call.pk)
    assert valid_stream_token(call.pk, parameters["token"])
    connect = ElementTree.fromstring(response.content).find("Connect")
    assert connect is not None and connect.get("action") == f"https://floyd.example/twilio/stream/{call.pk}/after"
    call.refresh_from_db()
    assert call.status == CallStatus.IN_PROGRESS
    assert list(call.made_for.events.values_list("text", flat=True)) == ["Answered"]


def test_the_first_signed_callback_tells_the_sid(tom):
    call = call_at(tom, CallStatus.SENDING)
    assert "Connect" in verbs(callback(f"/twilio/voice/{call.pk}", {"CallSid": SID}))
    call.refresh_from_db()
    assert (call.carrier_sid, call.status) == (SID, CallStatus.IN_PROGRESS)
    # A late answer to the order changes nothing any more.
    assert "Hangup" in verbs(callback(f"/twilio/voice/{call.pk}", {"CallSid": OTHER}))
    call.refresh_from_db()
    assert call.carrier_sid == SID


def test_a_call_that_ended_or_was_stopped_is_hung_up(tom, alice):
    stopped = call_at(tom, CallStatus.RINGING, carrier_sid=SID)
    stop_request(request_id=stopped.request_id, user=tom)
    assert "Hangup" in verbs(callback(f"/twilio/voice/{stopped.pk}", {"CallSid": SID}))
    alice.contacts.create(name="Brock Road School")
    ended = call_at(alice, CallStatus.FAILED)
    assert "Hangup" in verbs(callback(f"/twilio/voice/{ended.pk}", {"CallSid": OTHER}))


def test_a_second_fetch_of_the_same_call_gets_the_same_document(tom):
    call = call_at(tom, CallStatus.RINGING, carrier_sid=SID)
    first, second = (callback(f"/twilio/voice/{call.pk}", {"CallSid": SID}) for _ in range(2))
    assert first.content == second.content


def test_when_an_answered_call_cannot_be_taken_in_the_carrier_asks_again(tom, monkeypatch):
    call = call_at(tom, CallStatus.RINGING, carrier_sid=SID)
    with monkeypatch.context() as broken:
        broken.setattr("calls.services.take_report", lambda **_: 1 / 0)
        assert callback(f"/twilio/voice/{call.pk}", {"CallSid": SID}).status_code == 503
    assert "Connect" in verbs(callback(f"/twilio/voice/{call.pk}", {"CallSid": SID}))


def test_who_rings_our_number_hears_something_and_leaves_nothing():
    response = callback("/twilio/voice", {"CallSid": SID, "From": "+15195550999"})
    assert verbs(response)[0] == "Response"
    assert callback("/twilio/status", {"CallSid": SID, "CallStatus": "completed"}).status_code == 204
    assert CarrierEvent.objects.count() == 0


# --- status ---


def test_a_call_goes_through_its_life(tom, hints, at_once):
    call = call_at(tom, CallStatus.PLACED, carrier_sid=SID)
    steps = ["initiated", "ringing", "in-progress", "completed"]
    for seq, status in enumerate(steps):
        more = {"CallDuration": "49"} if status == "completed" else {}
        assert callback(f"/twilio/status/{call.pk}", status_form(SID, status, seq, **more)).status_code == 204
    call.refresh_from_db()
    assert (call.status, call.seconds, call.status_seq) == (CallStatus.COMPLETED, 49, 3)
    assert call.started_at
    assert call.ended_at
    assert (call.ended_at - call.started_at).total_seconds() == 1
    assert list(call.made_for.events.values_list("text", flat=True)) == ["Ringing", "Answered", "The call ended"]
    assert hints.ids("calls.wrap_up") == [str(call.pk)]


def test_the_same_callback_twice_is_taken_in_once(tom):
    call = call_at(tom, CallStatus.PLACED, carrier_sid=SID)
    for _ in range(3):
        callback(f"/twilio/status/{call.pk}", status_form(SID, "ringing", 1))
    assert CarrierEvent.objects.count() == 1
    assert call.made_for.events.count() == 1


def test_a_callback_for_an_unknown_call_is_not_found_and_leaves_nothing():
    unknown = "0199aaaa-0000-7000-8000-000000000000"
    for kind in ("voice", "status", "stream"):
        assert callback(f"/twilio/{kind}/{unknown}", status_form(SID, "ringing", 1)).status_code == 404
    assert callback(f"/twilio/message-status/{unknown}", {"MessageSid": TEXT, "MessageStatus": "sent"}).status_code == 404
    assert CarrierEvent.objects.count() == 0


@pytest.mark.parametrize("form", [{}, {"CallSid": "nonsense"}, {"CallSid": SID + "\x00"}])
def test_a_signed_callback_without_a_sid_is_a_bad_request(tom, form):
    call = call_at(tom, CallStatus.PLACED, carrier_sid=SID)
    for kind in ("voice", "status", "stream"):
        assert callback(f"/twilio/{kind}/{call.pk}", form).status_code == 400
    assert CarrierEvent.objects.count() == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"CallStatus": "dancing"},
        {"SequenceNumber": "many"},
        {"SequenceNumber": "9" * 30},
        {"Timestamp": "yesterday"},
        {"Timestamp": "Tue, 24 Nov 2026 17:00:00"},
        {"CallDuration": "-5"},
        {"CallDuration": "x"},
        {"AnsweredBy": "x" * 500},
        {"NewParameter": "\x00"},
        {"AnsweredBy": "\x00human"},
    ],
)
def test_odd_values_do_no_harm(tom, odd):
    call = call_at(tom, CallStatus.PLACED, carrier_sid=SID)
    form = {**status_form(SID, "completed", 3), **odd}
    assert callback(f"/twilio/status/{call.pk}", form).status_code == 204
    assert CarrierEvent.objects.get().processed_at is not None


def test_a_callback_that_could_not_be_processed_waits_for_the_sweep(tom, monkeypatch, carrier):
    call = call_at(tom, CallStatus.PLACED, carrier_sid=SID)
    with monkeypatch.context() as broken:
        broken.setattr("calls.services.take_report", lambda **_: 1 / 0)
        assert callback(f"/twilio/status/{call.pk}", status_form(SID, "ringing", 1)).status_code == 204
    monkeypatch.setattr("calls.selectors.HINT_GRACE", -selectors.HINT_GRACE)
    sweep.sweep()
    call.refresh_from_db()
    assert call.status == CallStatus.RINGING


def test_another_sid_for_the_same_call_is_hung_up(tom, hints, at_once):
    call = call_at(tom, CallStatus.PLACED, carrier_sid=SID, status_seq=0)
    callback(f"/twilio/status/{call.pk}", status_form(OTHER, "ringing", 1))
    assert hints.ids("calls.hang_up") == [OTHER]
    call.refresh_from_db()
    assert (call.carrier_sid, call.status) == (SID, CallStatus.PLACED)


def test_a_stream_that_broke_is_noted(tom):
    call = call_at(tom, CallStatus.IN_PROGRESS, carrier_sid=SID)
    form = {"CallSid": SID, "StreamSid": "MZ" + "4" * 32, "StreamEvent": "stream-error", "StreamError": "31921"}
    assert callback(f"/twilio/stream/{call.pk}", form).status_code == 204
    call.refresh_from_db()
    assert (call.status, call.error) == (CallStatus.IN_PROGRESS, "stream:31921")


def test_a_stream_that_broke_is_followed_by_another_while_its_conversation_waits(tom):
    call = call_at(tom, CallStatus.IN_PROGRESS, carrier_sid=SID)  # nobody holds its token: it waits
    over = f"/twilio/stream/{call.pk}/after"
    connect = ElementTree.fromstring(callback(over, {"CallSid": SID}).content).find("Connect")
    assert connect is not None and connect.get("action") == f"https://floyd.example{over}?breaks=1"
    assert "Connect" in verbs(callback(f"{over}?breaks=2", {"CallSid": SID}))
    for wrong in ("3", "x", "-1"):
        assert "Hangup" in verbs(callback(f"{over}?breaks={wrong}", {"CallSid": SID}))


@pytest.mark.parametrize("changes", [{"end_reason": "goal_reached"}, {"status": CallStatus.COMPLETED}, {"token_used_at": timezone.now()}])
def test_a_stream_that_ended_in_order_or_whose_process_is_gone_ends_the_call(tom, changes, monkeypatch):
    monkeypatch.setattr(breaks, "WRITTEN_WITHIN_S", 0.0)
    call = call_at(tom, CallStatus.IN_PROGRESS, carrier_sid=SID)
    Call.objects.filter(pk=call.pk).update(**changes)
    assert "Hangup" in verbs(callback(f"/twilio/stream/{call.pk}/after", {"CallSid": SID}))


def test_the_stream_of_a_call_that_was_stopped_is_not_opened_again(tom):
    call = call_at(tom, CallStatus.IN_PROGRESS, carrier_sid=SID)
    stop_request(request_id=call.request_id, user=tom)
    assert "Hangup" in verbs(callback(f"/twilio/stream/{call.pk}/after", {"CallSid": SID}))
    assert "Hangup" in verbs(callback(f"/twilio/stream/{call.pk}/after", {"CallSid": OTHER}))


# --- text messages ---


def inbound(body: str, **more: str) -> dict[str, str]:
    return {"MessageSid": TEXT, "From": "+15195550142", "To": "+15195550199", "Body": body, "NumMedia": "0", **more}


def test_a_users_text_is_taken_in_once(tom):
    for _ in range(2):
        response = callback("/twilio/message", inbound("Call the school, Mara is sick today."))
        assert verbs(response) == ["Response"]
    assert Message.objects.filter(user=tom, carrier_sid=TEXT).count() == 1
    assert Request.objects.filter(user=tom, channel="sms").count() == 1


def test_a_text_from_an_unknown_number_is_stored_and_nothing_else(tom):
    callback("/twilio/message", inbound("Order 100 pizzas", From="+15195550999"))
    assert Message.objects.get().user is None
    assert Request.objects.count() == 0


def test_a_word_that_the_carrier_acted_on_is_no_request(tom):
    callback("/twilio/message", inbound("STOP", OptOutType="STOP"))
    assert (Message.objects.count(), Request.objects.count()) == (0, 0)
    assert not wants_texts(tom.phone)


def outbound(tom, **fields) -> Message:
    return Message.objects.create(user=tom, outbound=True, peer=tom.phone, body="hello", **fields)


@pytest.mark.parametrize(
    "order", [("sent", "delivered"), ("delivered", "sent"), ("delivered", "queued", "sent"), ("sent", "sent", "delivered", "delivered")]
)
def test_delivery_is_never_lowered(tom, order):
    message = outbound(tom, status=MessageStatus.SENDING)
    for status in order:
        assert callback(f"/twilio/message-status/{message.pk}", {"MessageSid": TEXT, "MessageStatus": status}).status_code == 204
    message.refresh_from_db()
    assert (message.status, message.carrier_sid) == (MessageStatus.DELIVERED, TEXT)


def test_a_message_that_was_not_delivered_says_with_which_code(tom):
    message = outbound(tom, status=MessageStatus.SENT, carrier_sid=TEXT)
    callback(f"/twilio/message-status/{message.pk}", {"MessageSid": TEXT, "MessageStatus": "undelivered", "ErrorCode": "30003"})
    message.refresh_from_db()
    assert (message.status, message.error_code) == (MessageStatus.FAILED, "30003")


# --- forged ---


def carrier_routes() -> list[str]:
    """Every address under /twilio/, from the site itself."""
    patterns = [str(getattr(entry, "pattern", "")) for part in get_resolver().url_patterns for entry in getattr(part, "url_patterns", [part])]
    return [pattern for pattern in patterns if pattern.startswith("twilio/")]


def test_every_route_of_the_carrier_is_known_here():
    assert sorted(carrier_routes()) == [
        "twilio/after/<uuid:call_id>",
        "twilio/hand-off/<int:hand_off_id>/dialled",
        "twilio/hand-off/<int:hand_off_id>/taken",
        "twilio/hand-off/<int:hand_off_id>/whisper",
        "twilio/message",
        "twilio/message-status/<uuid:message_id>",
        "twilio/relay/<uuid:call_id>",
        "twilio/rung-back/<uuid:call_id>",
        "twilio/rung-back/<uuid:call_id>/keyed",
        "twilio/status",
        "twilio/status/<uuid:call_id>",
        "twilio/stream/<uuid:call_id>",
        "twilio/stream/<uuid:call_id>/after",
        "twilio/voice",
        "twilio/voice/<uuid:call_id>",
    ]


def rows() -> list[int]:
    return [model.objects.count() for model in (CarrierEvent, Message, Request, Event, Call)]


FORGERIES: dict[str, tuple[str | None, dict[str, Any]]] = {
    "no signature": (None, {}),
    "empty": ("", {}),
    "garbage": ("AAAA", {}),
    "of another address": (sign("/twilio/nowhere", {}), {}),
    "binary body": ("x", {"data": b"\xff\x00\xfe", "content_type": "application/octet-stream"}),
    "broken multipart": ("x", {"data": b"--", "content_type": "multipart/form-data"}),
    "json": ("x", {"data": b"{}", "content_type": "application/json"}),
    "odd charset": ("x", {"data": b"a=b", "content_type": "application/x-www-form-urlencoded; charset=utf-7"}),
    "huge": ("x", {"data": b"a=" + b"x" * 3_000_000, "content_type": "application/x-www-form-urlencoded"}),
    "many fields": ("x", {"data": b"a=1&" * 2000, "content_type": "application/x-www-form-urlencoded"}),
}


@pytest.mark.parametrize("name", FORGERIES)
@pytest.mark.parametrize("route", carrier_routes())
def test_forged_webhooks_get_403_and_write_nothing(tom, route, name):
    call = call_at(tom, CallStatus.RINGING, carrier_sid=SID)
    message = outbound(tom, status=MessageStatus.SENT, carrier_sid=TEXT)
    ids = {"call_id": str(call.pk), "message_id": str(message.pk)}
    path = "/" + re.sub(r"<\w+:(\w+)>", lambda found: ids.get(found[1], "1"), route)
    before = rows()
    signature, body = FORGERIES[name]
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    sent: dict[str, Any] = {"data": status_form(SID, "completed", 3), **body}
    response = Client(enforce_csrf_checks=True, raise_request_exception=False).post(path, headers=headers, **sent)
    assert response.status_code == 403
    assert rows() == before
    call.refresh_from_db()
    assert call.status == CallStatus.RINGING


@pytest.mark.parametrize("route", carrier_routes())
def test_only_posts_are_taken(route):
    path = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<uuid:\w+>", "0199aaaa-0000-7000-8000-000000000000", route))
    assert Client().get(path).status_code == 405


def test_a_stolen_signature_does_not_open_another_calls_address(tom, alice):
    alice.contacts.create(name="Brock Road School")
    mine, other = call_at(tom, CallStatus.RINGING, carrier_sid=SID), call_at(alice, CallStatus.RINGING, carrier_sid=OTHER)
    form = status_form(SID, "completed", 3)
    stolen = sign(f"/twilio/status/{mine.pk}", form)
    assert callback(f"/twilio/status/{other.pk}", form, signature=stolen).status_code == 403
    assert other.made_for.status == Status.CALLING
