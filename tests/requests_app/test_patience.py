"""Questions that nobody answers: one reminder by day, and a clear end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from requests_app import patience, services
from requests_app.models import Event, Message, Question, QuestionStatus
from requests_app.services import Taken
from requests_app.status import Status
from requests_app.steps import STEPS
from requests_app.sweep import sweep
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
#: In Guelph, noon and three in the morning.
NOON, NIGHT = datetime(2026, 11, 21, 17, tzinfo=UTC), datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def waiting(tom):
    return make_request(tom, status=Status.WAITING_FOR_USER, number="+15195550117")


def asked(request, *, before: datetime, ago: timedelta, step="call", kind="money", **fields) -> Question:
    question = services.ask_question(request=request, kind=kind, text="They want $560. What may Floyd spend?", step=step, **fields)
    Question.objects.filter(pk=question.pk).update(asked_at=before - ago)
    return question


def reminders() -> list[str]:
    return list(Message.objects.filter(dedupe_key__startswith="remind:").values_list("body", flat=True))


def test_the_user_is_reminded_once(waiting):
    question = asked(waiting, before=NOON, ago=timedelta(hours=4))
    assert patience.remind(NOON) == 1 and patience.remind(NOON + timedelta(hours=1)) == 0
    assert reminders() == ["Floyd still needs an answer. They want $560. What may Floyd spend? Reply for example: up to $80."]
    assert Message.objects.get(dedupe_key=f"remind:{question.pk}").question == question
    assert Event.objects.filter(kind="reminded").count() == 1


def test_nobody_is_woken_by_a_reminder(waiting):
    asked(waiting, before=NIGHT, ago=timedelta(hours=6))
    assert patience.remind(NIGHT) == 0
    assert patience.remind(NIGHT + timedelta(hours=6)) == 1


def test_a_fresh_question_needs_no_reminder(waiting):
    asked(waiting, before=NOON, ago=timedelta(hours=2))
    assert patience.remind(NOON) == 0


def test_who_is_asleep_keeps_nobody_else_from_a_reminder(tom, alice, waiting):
    alice.time_zone = "Asia/Tokyo"
    alice.save()
    for _ in range(patience.MOST_AT_ONCE):
        asked(make_request(alice, status=Status.WAITING_FOR_USER), before=NOON, ago=timedelta(hours=9))
    asked(waiting, before=NOON, ago=timedelta(hours=4))
    assert patience.remind(NOON) == 1 and len(reminders()) == 1


def test_a_question_of_a_call_that_is_on_is_left_to_the_call(tom):
    call = make_request(tom, status=Status.CALLING)
    asked(call, before=NOON, ago=timedelta(days=9), waiter="call.7")
    assert (patience.remind(NOON), patience.expire(NOON)) == (0, 0)


def test_an_answered_question_needs_nothing(waiting):
    question = asked(waiting, before=NOON, ago=timedelta(days=9))
    services.answer_question(question_id=question.pk, text="no", by="page")
    assert (patience.remind(NOON), patience.expire(NOON)) == (0, 0)


@pytest.mark.parametrize("step", sorted(name for name, step in STEPS.items() if not step.goes_on_without))
def test_without_an_answer_the_request_ends_with_a_sentence(waiting, step):
    question = asked(waiting, before=NOON, ago=STEPS[step].patience + timedelta(minutes=1), step=step, kind="text")
    assert patience.expire(NOON) == 1 and patience.expire(NOON) == 0
    waiting.refresh_from_db()
    question.refresh_from_db()
    assert (waiting.status, question.status) == (Status.FAILED, QuestionStatus.CLOSED)
    assert waiting.trouble == (
        "You gave no answer within 3 days, so Floyd stopped here: “They want $560. What may Floyd spend?” Try again when it suits you."
    )
    assert Message.objects.filter(body=waiting.trouble).count() == 1
    assert services.answer_question(question_id=question.pk, text="$80", by="sms").text == "This question is closed; nothing waits for it any more."


def test_what_a_call_can_do_without_is_left_out_of_it(waiting, hints):
    question = asked(waiting, before=NOON, ago=timedelta(days=1, minutes=1), step="share", kind="yes_no", slots={"fact": "fact:1"})
    assert patience.expire(NOON) == 1
    waiting.refresh_from_db()
    assert waiting.status == Status.FINDING_NUMBER and hints.ids("requests.find_number") == [str(waiting.pk)]
    assert services.answer_question(question_id=question.pk, text="yes", by="page").taken is Taken.TOO_LATE


def test_the_sweep_does_both(waiting):
    asked(waiting, before=timezone.now(), ago=timedelta(days=9))
    sweep()
    waiting.refresh_from_db()
    assert waiting.status == Status.FAILED
