"""A call that ended for want of something only the user knows: they are told what is missing, and the request waits for them."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from calls import briefing, call_back
from calls.conversation.brief import Slot
from calls.conversation.effects import EndReason
from calls.models import Call
from requests_app import services as requests_services
from requests_app.hints import hint
from requests_app.models import Question, QuestionKind, QuestionStatus, Request
from requests_app.status import Status


def hung_up_while_asking(call: Call) -> bool:
    """They did not wait for the user's answer: it is as much needed as if Floyd had said that it would call back."""
    unanswered = [QuestionStatus.OPEN, QuestionStatus.CONFIRMING]
    asked = Question.objects.filter(request=call.made_for.pk, step="call", waiter=f"call.{call.pk}", status__in=unanswered)
    return call.end_reason == EndReason.CALLEE_HUNG_UP and asked.exists()


@transaction.atomic
def ask_what_is_missing(call: Call) -> None:
    """Waits for the user, who is told what is missing; goes straight on when the answer came meanwhile."""
    request = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "contact").get(pk=call.made_for.pk)
    question = Question.objects.filter(request=request, step="call", waiter=f"call.{call.pk}").order_by("-asked_at", "-pk").first()
    if question and question.status == QuestionStatus.ANSWERED:
        _go_on(question)
        return
    name = briefing.callee_name(request)
    hung_up = call.end_reason == EndReason.CALLEE_HUNG_UP
    waiting = (
        noop("%(name)s hung up before you had answered.") % {"name": name}
        if hung_up
        else noop("Floyd told %(name)s that it would call back: it needs an answer from you.") % {"name": name}
    )
    requests_services.transition(request_id=request.pk, before=Status.WRAPPING_UP, after=Status.WAITING_FOR_USER, text=waiting)
    if question is None or question.status == QuestionStatus.CLOSED:
        _ask(call, request, name)
        return
    requests_services.queue_message(
        user=request.user,
        body=_what_is_missing(call, request, kind=question.kind, text=question.text, about=question.slots),
        request=request,
        question=question,
        dedupe_key=f"call-back:{call.pk}",
    )


def _go_on(question: Question) -> None:
    """The answer came before the wrap-up was done."""
    if requests_services.declined(question):
        text = noop("You said no, so Floyd did not go on.")
        requests_services.transition(request_id=question.request_id, before=Status.WRAPPING_UP, after=Status.CANCELLED, text=text)
    elif requests_services.transition(request_id=question.request_id, before=Status.WRAPPING_UP, after=Status.FINDING_NUMBER):
        hint("calls.place", question.request_id)


def _ask(call: Call, request: Request, name: str) -> None:
    """The call ended for want of something that was not put to the user yet."""
    slots = slots_of(call)
    priced = [slot for slot in slots if slot.amount_minor is not None and slot.kind in {"offered", "asked"}]
    kind = QuestionKind.MONEY if priced and request.limit_minor is None else QuestionKind.TEXT
    about = {"item": priced[-1].item, "amount_minor": priced[-1].amount_minor, "currency": priced[-1].currency} if priced else {}
    text = (
        _what_is_missing(call, request, kind=kind, text=noop("What should I tell %(name)s?") % {"name": name}, about=about)
        .removesuffix(call_back.REPLY_MONEY)
        .strip()
    )
    requests_services.ask_question(
        request=request, kind=kind, text=text, step="call", waiter=f"call.{call.pk}", slots=about, question_id=uuid5(call.pk, "call-back")
    )


def _what_is_missing(call: Call, request: Request, *, kind: str, text: str, about: dict[str, Any]) -> str:
    return call_back.text(
        callee=briefing.callee_name(request),
        kind=kind,
        question=text,
        asked_about=about,
        slots=slots_of(call),
        limit_minor=call.brief.get("limit_minor"),
        currency=request.user.currency,
        hung_up=call.end_reason == EndReason.CALLEE_HUNG_UP,
    )


def slots_of(call: Call) -> tuple[Slot, ...]:
    """The typed values of a call."""
    return tuple(Slot(**slot) for slot in call.slots)
