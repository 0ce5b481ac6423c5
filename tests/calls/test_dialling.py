"""A call is placed once, or the user learns why not."""

from dataclasses import asdict
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from calls import dialling
from calls.conversation.brief import Slot
from calls.models import Call, Suppression
from calls.nodes import group_of
from calls.status import CallStatus
from requests_app.models import Message, Question
from requests_app.status import Status
from tests.calls.carrier import REFUSED, TOO_MANY
from tests.calls.conftest import FLOYD, PUBLIC_URL, SCHOOL, call_at, ready_to_call, the_call

pytestmark = pytest.mark.django_db

ONE_HOUR = timedelta(hours=1)


def test_an_order_names_the_call_in_every_address(tom, carrier):
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call = the_call(request)
    (sid,) = carrier.placed(SCHOOL)
    assert (call.status, call.carrier_sid, request.status) == (CallStatus.PLACED, sid, Status.CALLING)
    assert carrier.calls[sid]["url"].startswith(f"{PUBLIC_URL}/twilio/voice/{call.pk}")
    assert carrier.calls[sid]["callback"].startswith(f"{PUBLIC_URL}/twilio/status/{call.pk}")
    assert carrier.calls[sid]["from"] == FLOYD
    assert call.brief["introduction"] == "Hi, this is Floyd, an AI assistant calling for Tom Redmond."


def test_the_node_hears_which_call_is_coming(tom, carrier, monkeypatch):
    heard = []
    monkeypatch.setattr(dialling, "poke", lambda group, message: heard.append((group, message)))
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call = the_call(request)
    assert heard == [(group_of("wss://media.floyd.example"), {"type": "call.poke", "what": "placed", "call_id": str(call.pk)})]


def test_placing_again_does_nothing(tom, carrier):
    request = ready_to_call(tom)
    for _ in range(3):
        dialling.place(request.pk)
        dialling.order(the_call(request).pk)
    assert carrier.orders[SCHOOL] == 1


def test_the_brief_holds_the_shared_facts_and_no_others(tom, carrier):
    facts = [
        {"id": "fact:1", "statement": "Mara goes to Brock Road School", "sensitivity": "share"},
        {"id": "fact:2", "statement": "born 4 May 1985", "sensitivity": "ask_first"},
        {"id": "fact:3", "statement": "not needed", "sensitivity": "share"},
        {"id": "fact:4", "statement": "no mark at all"},
    ]
    request = ready_to_call(tom, snapshot={"facts": facts})
    request.plan = {"share": ["fact:1", "fact:2", "fact:4"]}
    request.save()
    dialling.place(request.pk)
    assert the_call(request).brief["facts"] == [{"id": "fact:1", "statement": "Mara goes to Brock Road School"}]


def test_a_fact_that_the_user_released_is_in_the_brief_and_noted_as_a_grant(tom, carrier):
    request = ready_to_call(tom, snapshot={"facts": [{"id": "fact:2", "statement": "born 4 May 1985", "sensitivity": "ask_first"}]})
    request.plan = {"share": ["fact:2"]}
    request.save()
    asked = {"kind": "yes_no", "text": "May I?", "step": "share", "slots": {"fact": "fact:2"}}
    question = Question.objects.create(request=request, status="answered", answer={"yes": True}, **asked)
    dialling.place(request.pk)
    call = the_call(request)
    assert call.brief["facts"] == [{"id": "fact:2", "statement": "born 4 May 1985"}]
    grant = call.grants.get()
    assert (grant.kind, grant.value, grant.question) == ("fact", {"fact": "fact:2"}, question)


def test_a_second_call_knows_what_was_offered_and_answered(tom, carrier):
    request = ready_to_call(tom, attempt=1, limit_minor=8000)
    slots = [asdict(Slot(kind="offered", item="peonies and roses", amount_minor=56000, currency="CAD", line=4))]
    Call.objects.create(request=request, user=tom, attempt=1, number=SCHOOL, status=CallStatus.COMPLETED, brief={}, slots=slots)
    answer = {"amount_minor": 8000, "currency": "CAD"}
    Question.objects.create(request=request, kind="money", text="How much may I spend?", step="call", status="answered", answer=answer)
    dialling.place(request.pk)
    brief = the_call(request).brief
    assert brief["past"] == [{**slots[0], "line": 0}]
    assert [item["statement"] for item in brief["answers"]] == ["How much may I spend? — up to $80"]
    assert (brief["limit_minor"], brief["attempt"]) == (8000, 2)


def test_a_refusal_ends_the_request_with_a_sentence(tom, carrier):
    carrier.mode[SCHOOL] = REFUSED
    request = ready_to_call(tom)
    dialling.place(request.pk)
    assert the_call(request).status == CallStatus.FAILED
    assert request.status == Status.FAILED
    assert "not accepted by the telephone network" in request.trouble


def test_when_there_is_no_room_the_call_is_made_a_little_later(tom, carrier):
    carrier.mode[SCHOOL] = TOO_MANY
    request = ready_to_call(tom)
    dialling.place(request.pk)
    assert the_call(request).status == CallStatus.FAILED
    assert request.status == Status.SCHEDULED
    dialling.place(request.pk)  # a hint that comes too early
    assert carrier.orders[SCHOOL] == 1
    type(request).objects.filter(pk=request.pk).update(not_before=timezone.now() - ONE_HOUR)
    dialling.place(request.pk)
    assert (the_call(request).status, len(carrier.placed(SCHOOL))) == (CallStatus.PLACED, 1)


def test_a_carrier_that_never_has_room_is_given_up_at_last(tom, carrier):
    request = ready_to_call(tom)
    for _ in range(len(dialling.POSTPONEMENTS_S) + 1):
        carrier.mode[SCHOOL] = TOO_MANY
        type(request).objects.filter(pk=request.pk).update(not_before=None)
        dialling.place(request.pk)
    request.refresh_from_db()
    assert (request.status, request.trouble) == (Status.FAILED, dialling.NO_ROOM)


@pytest.mark.usefixtures("carrier")
def test_a_carrier_that_cannot_be_reached_at_all_is_tried_later(tom, settings):
    settings.TWILIO_API_BASE = "http://127.0.0.1:9"
    request = ready_to_call(tom)
    dialling.place(request.pk)
    assert the_call(request).error == "later:0"
    assert request.status == Status.SCHEDULED


# --- gates ---


def test_a_refused_number_is_not_dialled(tom, carrier):
    Suppression.objects.create(number=SCHOOL)
    request = ready_to_call(tom)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert (request.status, request.trouble) == (Status.FAILED, "This number is on the list of numbers that Floyd never calls.")
    assert not carrier.orders


def test_outside_calling_hours_the_call_is_scheduled(tom, carrier, settings):
    hour = timezone.now().astimezone(ZoneInfo("America/Toronto")).hour
    settings.CALLING_HOURS = ((hour + 2) % 24, (hour + 3) % 24)
    request = ready_to_call(tom)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert request.status == Status.SCHEDULED
    assert request.not_before is not None
    assert request.not_before > timezone.now()
    events = request.events.count()
    dialling.place(request.pk)
    assert (request.events.count(), bool(carrier.orders)) == (events, False)


def test_what_is_scheduled_is_called_when_it_is_time(tom, carrier):
    request = ready_to_call(tom, status=Status.SCHEDULED, not_before=timezone.now() + ONE_HOUR)
    dialling.place(request.pk)
    assert not carrier.orders
    type(request).objects.update(not_before=timezone.now() - ONE_HOUR)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert (request.status, carrier.orders[SCHOOL]) == (Status.CALLING, 1)


def test_what_is_scheduled_ends_when_a_gate_refuses_meanwhile(tom, carrier):
    request = ready_to_call(tom, status=Status.SCHEDULED)
    Suppression.objects.create(number=SCHOOL)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert (request.status, request.trouble) == (Status.FAILED, "This number is on the list of numbers that Floyd never calls.")


def test_the_same_wish_sent_twice_makes_one_call(tom, carrier):
    first = ready_to_call(tom, client_key="one")
    again = ready_to_call(tom, client_key="two")
    for request in (first, again):
        dialling.place(request.pk)
    again.refresh_from_db()
    assert carrier.orders[SCHOOL] == 1
    assert again.status == Status.FAILED
    assert "only one call" in again.trouble


def test_another_wish_for_the_same_number_waits_for_the_first_call(tom, carrier):
    first = ready_to_call(tom)
    other = ready_to_call(tom, ask="Ask the school when the concert is.")
    for request in (first, other):
        dialling.place(request.pk)
    other.refresh_from_db()
    assert (other.status, carrier.orders[SCHOOL]) == (Status.SCHEDULED, 1)


def test_the_days_calls_are_counted(tom, carrier, settings):
    settings.MAX_CALLS_PER_DAY = 1
    call_at(tom, CallStatus.COMPLETED, request_status=Status.DONE, carrier_sid="CA" + "1" * 32)
    request = ready_to_call(tom, ask="another thing")
    dialling.place(request.pk)
    request.refresh_from_db()
    assert (request.status, bool(carrier.orders)) == (Status.SCHEDULED, False)


def test_dial_only_sends_every_call_to_one_phone_and_says_whom_to_play(tom, carrier, settings):
    settings.DIAL_ONLY = "+15195550142"
    request = ready_to_call(tom)
    dialling.place(request.pk)
    call = the_call(request)
    assert (call.number, call.dialled) == (SCHOOL, "+15195550142")
    assert (len(carrier.placed("+15195550142")), len(carrier.placed(SCHOOL))) == (1, 0)
    message = Message.objects.get(peer="+15195550142", dedupe_key=f"play:{call.pk}")
    assert "in place of Brock Road School" in message.body


def test_without_an_account_the_user_learns_that_there_is_no_line(tom, settings):
    settings.TWILIO_ACCOUNT_SID = ""
    request = ready_to_call(tom)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert "no telephone line" in request.trouble
