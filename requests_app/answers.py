"""Answers of the user: read in code, taken once, and the request goes on by itself, exactly once.

A text message from the verified number answers exactly the question that was asked, money included up to the limit in
the profile. Anything beyond waits for a tap of the signed-in user.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import zone
from context.kept_words import said, speaking
from context.models import User
from context.money import format_amount
from live.publish import poke, publish
from requests_app import releasing
from requests_app.errors import NotFound
from requests_app.hints import hint
from requests_app.life import UNANSWERED, put_off, record_event, topics, transition
from requests_app.messages import queue_message
from requests_app.models import Question, QuestionKind, QuestionStatus, Request
from requests_app.reading import ANSWER_LENGTH, Answer, Unclear, read_answer
from requests_app.status import ENDED, Status
from requests_app.steps import STEPS, step_of

BY_LENGTH = 10
WAYS = {
    "page": noop("on the page"),
    "sms": noop("by text message"),
    "email": noop("by email"),
    "call": noop("on the phone"),
    "api": noop("through the API"),
}


class Taken(StrEnum):
    """What became of an answer."""

    ANSWERED = "answered"
    NEEDS_TAP = "needs_tap"
    NOT_UNDERSTOOD = "not_understood"
    TOO_LATE = "too_late"  # somebody answered before, or nobody waits any more


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """What became of an answer, with a sentence for whoever gave it."""

    question: Question
    taken: Taken
    text: str


def _locked(question_id: UUID | str) -> Question:
    """The question, with its request locked (in that order)."""
    request_id = Question.objects.filter(pk=question_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise NotFound(noop("There is no such question."))
    Request.objects.select_for_update(no_key=True).get(pk=request_id)
    return Question.objects.select_related("request__user").get(pk=question_id)


def _too_late(question: Question) -> AnswerResult:
    if question.status == QuestionStatus.CLOSED:
        return AnswerResult(question, Taken.TOO_LATE, noop("This question is closed; nothing waits for it any more."))
    way = WAYS.get(question.answered_by, noop("already"))
    return AnswerResult(
        question,
        Taken.TOO_LATE,
        noop("This was answered %(way)s: “%(answer_text)s”. The first answer counts.") % {"way": way, "answer_text": question.answer_text},
    )


def read_as_answer(question: Question, text: str) -> Answer | Unclear:
    """What the words mean as an answer to this question, to its user on this day. Choices are known by the words in which they read them, too."""
    user = question.request.user
    today = timezone.now().astimezone(zone(user.time_zone)).date()
    with speaking(user):
        shown = [said(choice) for choice in question.choices]
    choices = question.choices if text in question.choices else shown
    about_user = {"currency": user.currency, "region": user.region}
    read = read_answer(kind=question.kind, step=question.step, choices=choices, text=text, today=today, **about_user)
    if isinstance(read, Answer) and (choice := read.value.get("choice")) in shown:
        return Answer({**read.value, "choice": question.choices[shown.index(choice)]})
    return read


@transaction.atomic
def answer_question(*, question_id: UUID | str, text: str, by: str) -> AnswerResult:
    """Takes an answer in the user's own words. The first one that is understood wins.

    Who may answer is checked by the caller (`requests_app.access`, or the sender's verified number).

    Args:
        by: page, sms, email, call or api.

    Raises:
        NotFound: there is no such question.
    """
    question = _locked(question_id)
    user = question.request.user
    if question.status not in UNANSWERED:
        return _too_late(question)
    read = read_as_answer(question, text)
    if isinstance(read, Unclear):
        return AnswerResult(question, Taken.NOT_UNDERSTOOD, _still_needs_the_tap(question) or read.text)
    question.answer_text, question.answer, question.answered_by = text.strip()[:ANSWER_LENGTH], read.value, by[:BY_LENGTH]
    if question.kind == QuestionKind.MONEY and read.value["amount_minor"] > user.spending_limit_minor:
        return _ask_for_the_tap(question, user, read.value["amount_minor"])
    return _take(question)


def confirm_link(request_id: UUID | str) -> str:
    """Where the signed-in user confirms."""
    return f"{settings.SITE_URL}/requests/{request_id}/"


def over_limit_text(*, amount_minor: int, user: User, request_id: UUID | str) -> str:
    """Why an amount needs a tap, and where."""
    amount, limit = (format_amount(minor, user.currency) for minor in (amount_minor, user.spending_limit_minor))
    return noop("%(amount)s is more than your limit of %(limit)s. Nothing is agreed until you confirm it here: %(link)s") % {
        "amount": amount,
        "limit": limit,
        "link": confirm_link(request_id),
    }


def _still_needs_the_tap(question: Question) -> str:
    """A "yes" by text message is no tap: says again where to confirm. Empty when there is nothing to confirm."""
    if question.status != QuestionStatus.CONFIRMING or not question.answer:
        return ""
    user, amount_minor = question.request.user, question.answer["amount_minor"]
    return over_limit_text(amount_minor=amount_minor, user=user, request_id=question.request_id)


def _ask_for_the_tap(question: Question, user: User, amount_minor: int) -> AnswerResult:
    given = {"answer": question.answer, "answer_text": question.answer_text}
    # Who presses twice said it once.
    fresh = Question.objects.filter(pk=question.pk, status__in=UNANSWERED).exclude(status=QuestionStatus.CONFIRMING, **given)
    is_new = fresh.update(status=QuestionStatus.CONFIRMING, answered_by=question.answered_by, **given)
    question.refresh_from_db()
    request = question.request
    text = over_limit_text(amount_minor=amount_minor, user=user, request_id=request.pk)
    if not is_new:
        return AnswerResult(question, Taken.NEEDS_TAP, text)
    event_text = noop("You said “%(answer_text)s”. That is above your limit and needs a tap here.") % {"answer_text": question.answer_text}
    record_event(request_id=request.pk, kind="confirm", text=event_text, data={"question": str(question.pk)})
    publish(topics=topics(request.pk, user.pk), kind="question", ref=question.pk)
    queue_message(user=user, body=text, request=request, question=question, dedupe_key=f"confirm:{question.pk}:{amount_minor}")
    return AnswerResult(question, Taken.NEEDS_TAP, text)


@transaction.atomic
def confirm_answer(*, question_id: UUID | str, user: User, amount_minor: int) -> AnswerResult:
    """The tap of the signed-in user on an answer above the limit.

    Args:
        amount_minor: what was looked at; a text may have named another amount since, which nobody confirmed.

    Raises:
        NotFound: not this user's question.
    """
    question = _locked(question_id)
    if question.request.user_id != user.pk:
        raise NotFound(noop("There is no such question."))
    if question.status == QuestionStatus.OPEN:
        return AnswerResult(question, Taken.NOT_UNDERSTOOD, noop("There is no answer to confirm yet."))
    if question.status != QuestionStatus.CONFIRMING:
        return _too_late(question)
    if amount_minor != (question.answer or {}).get("amount_minor"):
        return AnswerResult(question, Taken.NOT_UNDERSTOOD, noop("The amount was changed meanwhile. Nothing is agreed yet: look at it again."))
    return _take(question)


def _take(question: Question) -> AnswerResult:
    """Stores the answer and lets the request go on. The request is locked."""
    request = question.request
    Question.objects.filter(pk=question.pk, status__in=UNANSWERED).update(
        status=QuestionStatus.ANSWERED,
        answer=question.answer,
        answer_text=question.answer_text,
        answered_by=question.answered_by,
        answered_at=Now(),
    )
    question.refresh_from_db()
    event_text = noop("You answered %(ways)s: “%(answer_text)s”") % {"ways": WAYS.get(question.answered_by, ""), "answer_text": question.answer_text}
    record_event(request_id=request.pk, kind="answered", text=event_text, data={"question": str(question.pk)})
    publish(topics=topics(request.pk, request.user_id), kind="question", ref=question.pk)
    _grant_limit(question)
    _tell_the_release(question)
    if question.waiter:
        poke(question.waiter, {"type": "call.poke", "what": "answered", "question_id": str(question.pk)})
    resume(question=question)
    return AnswerResult(question, Taken.ANSWERED, noop("Thank you. Floyd goes on with it."))


def _grant_limit(question: Question) -> None:
    """An amount the user named is the most that may be agreed to from now on."""
    if question.kind != QuestionKind.MONEY or not question.answer:
        return
    Request.objects.filter(pk=question.request_id).exclude(status__in=ENDED).update(
        limit_minor=question.answer["amount_minor"], limit_source=f"question:{question.pk}", updated_at=Now()
    )


def _tell_the_release(question: Question) -> None:
    """The yes is the grant (`releasing.released` reads it); the timeline says what it means."""
    if question.step != releasing.STEP or not question.answer:
        return
    text = noop("Floyd may tell it, in this request only.") if question.answer.get("yes") else noop("Floyd goes on without telling it.")
    record_event(request_id=question.request_id, kind="grant", text=text, data={"question": str(question.pk), "fact": question.slots["fact"]})


def declined(question: Question) -> bool:
    """Whether the answer means that the request should not go on."""
    nothing_to_spend = question.kind == QuestionKind.MONEY and (question.answer or {}).get("amount_minor") == 0
    return nothing_to_spend or step_of(question).declined(question)


@transaction.atomic
def resume(*, question: Question) -> bool:
    """Lets a request that waits for this answer go on, as its step says. Whoever comes second finds it moved and does nothing."""
    request_id, waiting = question.request_id, Status.WAITING_FOR_USER
    if declined(question):
        return transition(request_id=request_id, before=waiting, after=Status.CANCELLED, text=noop("You said no, so Floyd did not go on."))
    step = step_of(question)
    if (until := step.until(question)) is not None:
        text = noop("You said “%(answer_text)s”, so Floyd waits until then.") % {"answer_text": question.answer_text[:100]}
        columns = {**step.columns(question), **put_off(until), "not_before": until}
        return transition(request_id=request_id, before=waiting, after=Status.SCHEDULED, text=text, **columns)
    if step.replans(question):
        step = STEPS["plan"]
    moved = transition(request_id=request_id, before=waiting, after=step.after, text=step.text, **step.columns(question))
    if moved:
        hint(step.task, request_id)
    return moved
