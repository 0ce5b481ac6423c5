"""Calls in which nobody was talked with: tried again in good time, ended with a clear sentence, and learned from."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from calls import briefing, gates, wrap_up
from calls.conversation.brief import Slot
from calls.conversation.effects import EndReason
from calls.gate_queries import dial_facts
from calls.models import Call, Suppression
from calls.next_try import When
from calls.status import CallStatus
from calls.unreached import MOST_IN_VAIN, POLICIES, policy_for
from context.models import Contact
from requests_app.models import Question
from requests_app.services import answer_question
from requests_app.status import Status
from tests.calls.conftest import SCHOOL, ready_to_call
from tests.calls.test_wrap_up import ended, outcome_of, request_of

pytestmark = pytest.mark.django_db

RECORDED = [("callee", "Please leave a message after the tone."), ("floyd", "Hi, this is Floyd."), ("floyd", "Mara is sick today.")]
QUEUE = [("callee", "Your call is important to us.")]


def again(call: Call, **fields) -> Call:
    """The request's next call ended the same way."""
    request = request_of(call)
    request.status, request.attempt, request.not_before = Status.CALLING, request.attempt + 1, None
    request.save()
    return Call.objects.create(
        request=request,
        user=call.user,
        attempt=request.attempt,
        number=call.number,
        brief=call.brief,
        **({"status": call.status, "end_reason": call.end_reason, "ended_at": timezone.now()} | fields),
    )


def events(call: Call) -> list[str]:
    return list(call.made_for.events.order_by("seq").values_list("text", flat=True))


def school() -> Contact:
    return Contact.objects.get(phone=SCHOOL)


#: An end → the waits (in minutes, or what they depend on) before the tries that follow, and what the user hears after the last.
ROWS: dict[str, tuple[dict[str, Any], tuple[int | When, ...], str]] = {
    "busy": ({"status": CallStatus.BUSY}, (3, 10, 30), "The line was busy at Brock Road School, 4 times."),
    "no answer": ({"status": CallStatus.NO_ANSWER}, (30, When.ANOTHER_TIME_OF_DAY), "Nobody answered at Brock Road School, 3 times."),
    "cancelled": ({"status": CallStatus.CANCELED}, (5, 30), "The call was cancelled before anybody answered at Brock Road School, 3 times."),
    "silence": ({"end_reason": EndReason.NO_RESPONSE, "lines": []}, (10, When.ANOTHER_TIME_OF_DAY), "Nobody spoke at Brock Road School, 3 times."),
    "voicemail": (
        {"end_reason": EndReason.VOICEMAIL},
        (When.ANOTHER_TIME_OF_DAY,),
        "Only an answering machine was there at Brock Road School, 2 times.",
    ),
    "message left": (
        {"end_reason": EndReason.VOICEMAIL_LEFT, "brief": {"kind": "buy"}},
        (When.ANOTHER_TIME_OF_DAY,),
        "Floyd left a message on the voicemail at Brock Road School, 2 times.",
    ),
    "on hold": ({"end_reason": EndReason.HOLD_TOO_LONG}, (60,), "Brock Road School kept me on hold too long, twice."),
    "lost in the menu": ({"end_reason": EndReason.MENU_DEAD_END}, (30,), "I found no way through the phone menu of Brock Road School, twice."),
    "closed, says a machine": (
        {"end_reason": EndReason.VOICEMAIL, "lines": [("callee", "Thank you for calling. We are currently closed.")]},
        (When.OPENING, When.OPENING),
        "They said that they are closed at Brock Road School, 3 times.",
    ),
    "closed, says a person": (
        {"end_reason": EndReason.CALLEE_HUNG_UP, "lines": [("callee", "Sorry, we're closed. Goodbye.")]},
        (When.OPENING, When.OPENING),
        "They said that they are closed at Brock Road School, 3 times.",
    ),
}
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
DUE = {When.ANOTHER_TIME_OF_DAY: datetime(2026, 11, 24, 22, 30, tzinfo=UTC), When.OPENING: datetime(2026, 11, 25, 14, 0, tzinfo=UTC)}


def test_every_row_of_the_table_is_tested():
    ends = [call.get("end_reason") or call["status"] for call, _, _ in ROWS.values()]
    assert set(POLICIES) <= set(ends)


@pytest.mark.parametrize("name", ROWS)
def test_each_end_has_its_waits_and_its_last_word(tom, name):
    """At noon on a Tuesday; the morning was not tried, so another time of day is the evening (the afternoon has begun)."""
    fields, waits, last = ROWS[name]
    with time_machine.travel(NOON, tick=False):
        call = ended(tom, **{"lines": QUEUE, **fields})
        for wait in waits:
            Call.objects.filter(pk=call.pk).update(created_at=NOON)
            wrap_up.wrap_up(call.pk)
            request = request_of(call)
            assert request.status == Status.SCHEDULED, events(call)[-1]
            assert request.not_before == (NOON + timedelta(minutes=wait) if isinstance(wait, int) else DUE[wait])
            local = request.not_before.astimezone(ZoneInfo("America/Toronto"))
            day = "" if local.date() == NOON.date() else "tomorrow "
            assert events(call)[-1].endswith(f"at Brock Road School. Next try {day}at {local:%-I:%M} {'am' if local.hour < 12 else 'pm'}.")
            call = again(call)
            for seq, (speaker, text) in enumerate(fields.get("lines", QUEUE), start=1):
                call.lines.create(seq=seq, speaker=speaker, text=text, start_ms=0, end_ms=500)
        wrap_up.wrap_up(call.pk)
    question = Question.objects.first()
    assert (question.text if question else request_of(call).trouble).startswith(last)


def test_a_mix_of_ends_is_no_way_to_ring_for_ever(tom):
    call = ended(tom, status=CallStatus.BUSY)
    for turn in range(MOST_IN_VAIN - 1):
        wrap_up.wrap_up(call.pk)
        assert request_of(call).status == Status.SCHEDULED
        call = again(call, status=(CallStatus.NO_ANSWER, CallStatus.CANCELED, CallStatus.BUSY)[turn % 3])
    wrap_up.wrap_up(call.pk)
    assert request_of(call).trouble.endswith(f"{MOST_IN_VAIN} times. You can try again later.")


NOT_CLOSED = ["We are closed on Mondays, but tomorrow is fine.", "We close at five.", "Is the road closed?", "We're open until nine."]


@pytest.mark.parametrize("words", NOT_CLOSED)
def test_talk_of_opening_hours_is_not_taken_for_being_closed(tom, words):
    assert policy_for(ended(tom, lines=[("callee", words)], end_reason=EndReason.CALLEE_HUNG_UP)) is None


@pytest.mark.parametrize(
    ("reason", "words"), [(EndReason.HOLD_TOO_LONG, "kept me on hold too long, twice"), (EndReason.MENU_DEAD_END, "no way through the phone menu")]
)
def test_the_second_time_the_user_is_asked_whether_to_go_on(tom, hints, at_once, reason, words):
    call = ended(tom, lines=QUEUE, end_reason=reason)
    wrap_up.wrap_up(call.pk)
    second = again(call)
    for _ in range(2):
        wrap_up.wrap_up(second.pk)
    question = Question.objects.get()
    assert request_of(call).status == Status.WAITING_FOR_USER
    assert words in question.text and question.kind == "yes_no"
    answer_question(question_id=question.pk, text="yes", by="sms")
    assert request_of(call).status == Status.FINDING_NUMBER
    assert briefing.answers(request_of(call)) == ()


def test_a_no_ends_it(tom, at_once):
    call = ended(tom, end_reason=EndReason.HOLD_TOO_LONG)
    wrap_up.wrap_up(call.pk)
    wrap_up.wrap_up(again(call).pk)
    answer_question(question_id=Question.objects.get().pk, text="no", by="sms")
    assert request_of(call).status == Status.CANCELLED


def test_news_left_on_voicemail_is_partly_done(tom):
    call = ended(tom, lines=RECORDED, end_reason=EndReason.VOICEMAIL_LEFT)
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.DONE
    outcome = outcome_of(call)
    assert outcome["achieved"] == "partly" and "Nobody has confirmed it" in outcome["summary"]
    assert outcome["items"][0]["lines"] == [2, 3]


def test_an_order_left_on_voicemail_is_tried_again_without_a_second_message(tom):
    brief = {"kind": "buy", "goal": "order", "currency": "CAD", "hold_minutes": 0, "limit_minor": None}
    call = ended(tom, lines=RECORDED, end_reason=EndReason.VOICEMAIL_LEFT, brief=brief)
    request = request_of(call)
    assert request.plan
    request.plan["voicemail"] = "Please call Tom back."
    assert briefing.make_brief(request, attempt=2).voicemail == ""
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.SCHEDULED


def test_another_language_needs_the_user(tom):
    call = ended(tom, lines=[("callee", "Je ne parle pas anglais.")], end_reason=EndReason.OTHER_LANGUAGE)
    wrap_up.wrap_up(call.pk)
    assert "speaks another language" in request_of(call).trouble


# --- what it teaches ---


def test_who_refuses_machines_is_not_called_again(tom):
    call = ended(tom, lines=[("callee", "I don't talk to robots.")], end_reason=EndReason.REFUSED_MACHINE)
    wrap_up.wrap_up(call.pk)
    assert school().do_not_call
    assert any("marked “do not call”" in text for text in events(call))
    assert not Suppression.objects.exists()
    verdict = gates.check(dial_facts(ready_to_call(tom)))
    assert verdict.decision is gates.Decision.REFUSED and "do not call" in verdict.why


def test_who_wants_no_more_calls_gets_none_from_anybody(tom):
    call = ended(tom, lines=[("callee", "Take me off your list and don't call again.")], end_reason=EndReason.REFUSED_MACHINE)
    for _ in range(2):
        wrap_up.wrap_up(call.pk)
    assert Suppression.objects.get().number == SCHOOL


def test_a_wrong_number_is_noted_at_the_contact(tom):
    call = ended(tom, end_reason=EndReason.WRONG_NUMBER)
    wrap_up.wrap_up(call.pk)
    assert "reached somebody else" in school().notes
    assert request_of(call).status == Status.FAILED
    assert any("the contact has a note" in text for text in events(call))


def test_the_way_through_a_menu_is_kept_and_used_by_the_next_call(tom):
    path = Slot("learned", "menu_path", value="press 2, press 1")
    call = ended(tom, lines=QUEUE, end_reason=EndReason.HOLD_TOO_LONG, slots=[path])
    wrap_up.wrap_up(call.pk)
    assert school().menu_hints == "press 2, press 1"
    assert any("remembers the way" in text for text in events(call))
    assert briefing.make_brief(ready_to_call(tom), attempt=1).menu_hint == "press 2, press 1"


def test_a_call_that_taught_nothing_changes_nothing(tom):
    before = Contact.objects.values_list("pk", "menu_hints", "notes", "do_not_call").get(phone=SCHOOL)
    call = ended(tom, status=CallStatus.BUSY)
    wrap_up.wrap_up(call.pk)
    assert Contact.objects.values_list("pk", "menu_hints", "notes", "do_not_call").get(phone=SCHOOL) == before
