"""Writes a call's brief: all that the in-call model may know, fixed before the first ring."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from calls.conversation.brief import CallBrief, SharedFact, Slot
from calls.conversation.disclosure import announced
from calls.conversation.effects import EndReason
from calls.conversation.wordings import is_known, wording_of
from calls.models import Call
from calls.recording.allowed import may_record
from context.models import Sensitivity
from context.money import format_amount
from context.opening_hours import zone
from requests_app import candidates, dealings, next_candidate, releasing
from requests_app.models import Question, QuestionKind, QuestionStatus, Request
from requests_app.reading import CANDIDATE_STEP, NUMBER_STEP

SECONDS = 1000


def make_brief(request: Request, *, attempt: int) -> CallBrief:
    """The brief of the request's next call, from its plan, the facts its plan shares, and what happened since."""
    plan: dict[str, Any] = request.plan or {}
    user = request.user
    recorded = _recorded(request)
    local = timezone.now().astimezone(zone(user.time_zone) or ZoneInfo("UTC"))
    return CallBrief(
        user_name=user.name,
        callee_name=callee_name(request),
        kind=str(plan.get("kind", "")),
        goal=str(plan.get("goal", "")),
        introduction=introduction(user.name, user.language, recorded=recorded),
        opening_line=str(plan.get("opening_line", "")),
        success=str(plan.get("success", "")),
        today=f"{local:%A}, {local.day} {local:%B %Y}",
        language=user.language,
        currency=user.currency,
        limit_minor=request.limit_minor,
        facts=shared_facts(request),
        # The planner's steps are for the user to read; those that the user wrote are orders.
        steps=tuple(plan.get("steps") or ()) if "steps" in request.plan_edits else (),
        find_out=tuple(plan.get("find_out") or ()),
        may_promise=tuple(plan.get("may_promise") or ()),
        # Who is not waited for is not asked to call back.
        voicemail="" if _left_a_message(request) or next_candidate.others_left(request) else str(plan.get("voicemail", "")),
        hold_minutes=hold_minutes(request),
        past=past_slots(request),
        dealings=dealings.in_words(request),
        answers=answers(request),
        attempt=attempt,
        user_wait_ms=settings.USER_ANSWER_WAIT_S * SECONDS,
        max_call_ms=settings.MAX_CALL_MINUTES * 60 * SECONDS,
        menu_hint=request.contact.menu_hints if request.contact else "",
        languages=tuple(tag for tag in settings.CALL_LANGUAGES if is_known(tag)) if user.switches_language else (),
        voice=user.voice,
        recorded=recorded,
    )


def _recorded(request: Request) -> bool:
    """Whether its next call may be recorded, as things are now."""
    return may_record(
        switched_on=settings.RECORD_CALLS,
        allowed=request.user.record_calls,
        regions=settings.RECORD_REGIONS,
        numbers=(request.number, settings.DIAL_ONLY or request.number),
        line=settings.CALL_LINE,
    )


def hold_minutes(request: Request) -> int:
    """How long the plan would wait on hold."""
    return max(0, min(30, int((request.plan or {}).get("hold_minutes") or 0)))


def introduction(user_name: str, language: str = "en", *, recorded: bool = False) -> str:
    """The first words to a person: that this is an AI, for whom it calls, and that the call is recorded, if it may be."""
    text = wording_of(language).introduce(user_name)
    return announced(text, language) if recorded else text


def callee_name(request: Request) -> str:
    """What to call the other side: the contact's name, the listing's, else the plan's."""
    if known := request.contact or candidates.current_of(request.candidates, request.number):
        return known.name
    callee = (request.plan or {}).get("callee") or {}
    return str(callee.get("name") or "the business")


def shared_facts(request: Request) -> tuple[SharedFact, ...]:
    """The facts that the plan shares, as they stood when the request was asked.

    A fact that is neither marked as one to share nor released by the user for this request never gets in, whatever the plan names.
    """
    wanted = set((request.plan or {}).get("share") or ())
    facts = (request.snapshot or {}).get("facts") or ()
    released = {fact["id"] for fact in releasing.guarded(request)} & releasing.released(request).keys()
    return tuple(
        SharedFact(id=str(fact["id"]), statement=str(fact["statement"]))
        for fact in facts
        if fact.get("id") in wanted and (fact.get("sensitivity") == Sensitivity.SHARE or fact.get("id") in released)
    )


def past_slots(request: Request) -> tuple[Slot, ...]:
    """Typed values from the request's earlier calls, oldest first. Line numbers belong to those calls, so they go."""
    slots = []
    # What one business offered is none of another's business.
    for values in Call.objects.filter(request=request, number=request.number).order_by("attempt").values_list("slots", flat=True):
        slots += [Slot(**{**value, "line": 0}) for value in values]
    return tuple(slots)


def _left_a_message(request: Request) -> bool:
    """One message is enough, however often they are called."""
    return Call.objects.filter(request=request, number=request.number, end_reason=EndReason.VOICEMAIL_LEFT).exists()


def answers(request: Request) -> tuple[SharedFact, ...]:
    """What the user answered since, in words. Whether to call again, and what may be told, is between Floyd and the user, conditions apart."""
    apart = Q(step__in=[NUMBER_STEP, CANDIDATE_STEP, releasing.STEP]) | (Q(step="dial") & ~Q(answer__has_key="text"))
    answered = Question.objects.filter(request=request, status=QuestionStatus.ANSWERED).exclude(apart).order_by("pk")
    return tuple(SharedFact(id=f"question:{question.pk}", statement=f"{question.text} — {answer_in_words(question)}") for question in answered)


def answer_in_words(question: Question) -> str:
    """The typed answer as a person would say it, with the condition that it holds under."""
    answer: dict[str, Any] = question.answer or {}
    text = str(answer.get("text") or "")
    if question.kind == QuestionKind.MONEY and answer.get("amount_minor") is not None:
        typed = f"up to {format_amount(answer['amount_minor'], str(answer.get('currency') or question.request.user.currency))}"
    elif question.kind == QuestionKind.YES_NO and "yes" in answer:
        typed = "yes" if answer["yes"] else "no"
    else:
        typed = str(answer.get("choice") or "")
    return ", ".join(part for part in (typed, text) if part) or question.answer_text
