"""Calls in which nobody was talked with: tried again in good time, ended with a clear sentence, and learned from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls import briefing, gates, wrap_up
from calls.conversation.brief import Slot
from calls.conversation.effects import EndReason
from calls.gate_queries import dial_facts
from calls.models import Call, Suppression
from calls.status import CallStatus
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
    return list(call.request.events.order_by("seq").values_list("text", flat=True))


def school() -> Contact:
    return Contact.objects.get(phone=SCHOOL)


@pytest.mark.parametrize(
    ("reason", "minutes", "words"),
    [
        (EndReason.VOICEMAIL, 60, "Only an answering machine was there at Brock Road School. Floyd will try again at "),
        (EndReason.HOLD_TOO_LONG, 30, "Nobody came to the phone for as long as Floyd may wait on hold at Brock Road School."),
        (EndReason.MENU_DEAD_END, 30, "There was no way through the phone menu at Brock Road School."),
    ],
)
def test_a_machine_that_kept_floyd_from_people_is_tried_again_later(tom, reason, minutes, words):
    call = ended(tom, lines=QUEUE, end_reason=reason)
    wrap_up.wrap_up(call.pk)
    request = request_of(call)
    assert request.status == Status.SCHEDULED
    assert timedelta(minutes=minutes - 1) < request.not_before - timezone.now() <= timedelta(minutes=minutes)
    assert events(call)[-1].startswith(words)


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


def test_three_answering_machines_are_enough(tom):
    call = ended(tom, end_reason=EndReason.VOICEMAIL)
    wrap_up.wrap_up(again(again(call)).pk)
    assert request_of(call).trouble == "Only an answering machine was there at Brock Road School, 3 times. You can try again later."


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
