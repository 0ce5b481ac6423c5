"""What comes of a plan that holds: an answer, a question, an end, or a call, as far as that goes without the outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop as noop

from context.dates import appointment_in_words
from context.models import Contact
from context.money import format_amount
from context.snapshot import Snapshot, find
from requests_app import approving, life, number
from requests_app.answers import over_limit_text
from requests_app.lease import Lease
from requests_app.models import BY_MESSAGE, QuestionKind, QuestionStatus, Request
from requests_app.plan import CALLING_KINDS, ActionPlan, Edits, PlanKind
from requests_app.plan_check import PLACES
from requests_app.questions import ask_question
from requests_app.status import Status

MOST_PLAN_QUESTIONS = 3
TOO_MANY_QUESTIONS = noop("Floyd asked three times and still doesn't know enough. Please ask again with all the details in one go.")
#: On the timeline: a plan that came into force, with what it shares of which snapshot.
PLAN_EVENT = "plan"


def end_early(lease: Lease, trouble: str, **fields: Any) -> None:
    """An end while the user looks on; only who asked by message gets it as one."""
    request = lease.request
    told = request.channel in BY_MESSAGE
    life.fail_request(request_id=request.pk, before=Status.PLANNING, trouble=trouble, lease=lease.until, text_user=told, tries=0, **fields)


def carry_out(lease: Lease, plan: ActionPlan) -> None:
    """Does what the plan says."""
    fields: dict[str, Any] = {"plan": plan.model_dump(mode="json"), "plan_text": "", "relevant": plan.relevant, "plan_version": F("plan_version") + 1}
    if plan.kind is PlanKind.DECLINE:
        end_early(lease, plan.decline_reason or "", **fields)
        return
    fields["tries"] = 0
    if plan.kind is PlanKind.ANSWER:
        outcome: dict[str, Any] = {"answer": plan.answer, "sources": labelled(plan.sources, lease.request.snapshot or {})}
        if plan.follow_up:
            outcome["follow_up"] = plan.follow_up
        life.finish_answered(request_id=lease.request.pk, lease=lease.until, outcome=outcome, **fields)
    elif plan.kind is PlanKind.ASK_USER:
        _ask_before_planning(lease, plan, fields)
    elif plan.kind in CALLING_KINDS:
        _go_on_to_a_call(lease, plan, fields)


def labelled(sources: list[str], snapshot: Snapshot) -> list[dict[str, str]]:
    """Sources with words that a person recognises."""
    found = []
    for source in sources:
        item = find(snapshot, source)
        if item is None:
            label = PLACES.get(source, source)
        elif "starts_at" in item:
            starts_at, all_day = datetime.fromisoformat(item["starts_at"]), bool(item.get("all_day"))
            label = f"{item['title']}, {appointment_in_words(starts_at, snapshot['user']['time_zone'], all_day=all_day)}"
        else:
            label = item.get("statement") or item["name"]
        found.append({"id": source, "label": label})
    return found


@transaction.atomic
def _ask_before_planning(lease: Lease, plan: ActionPlan, fields: dict[str, Any]) -> None:
    request = lease.request
    if request.questions.filter(step="plan").count() >= MOST_PLAN_QUESTIONS:
        end_early(lease, TOO_MANY_QUESTIONS)
    elif _wait(lease, noop("Floyd needs to know something."), fields):
        ask_question(request=request, kind=QuestionKind.TEXT, text=plan.question or "", step="plan")


def _wait(lease: Lease, text: str, fields: dict[str, Any]) -> bool:
    before, after = Status.PLANNING, Status.WAITING_FOR_USER
    return life.transition(request_id=lease.request.pk, before=before, after=after, text=text, lease=lease.until, **fields)


@transaction.atomic
def _go_on_to_a_call(lease: Lease, plan: ActionPlan, fields: dict[str, Any]) -> None:
    """Asks first where the user wants that or the amount needs a tap, which is a yes to the plan as well; else looks for the number."""
    request, user, limit_minor = lease.request, lease.request.user, plan.limit_minor
    contact_id = plan.callee.contact_id if plan.callee else None
    if contact_id is not None:
        fields["contact"] = Contact.objects.filter(user=user, pk=contact_id.partition(":")[2]).first()
    by_hand = "limit_minor" in Edits.model_validate(request.plan_edits).given  # the signed-in user wrote it: that is the tap
    needs_tap = limit_minor is not None and limit_minor > user.spending_limit_minor and not by_hand
    if by_hand or (limit_minor is not None and not needs_tap):
        fields |= {"limit_minor": limit_minor, "limit_source": "edit" if by_hand else "ask"}
    if needs_tap:
        if _wait(lease, noop("The amount is above your limit and needs a tap."), fields):
            note_plan(request, plan)
            _ask_for_the_tap(request, limit_minor or 0)
    elif approving.needed(user, plan):
        if _wait(lease, noop("You wanted to see the plan first."), fields):
            note_plan(request, plan)
            approving.ask(request, plan)
    elif life.transition(request_id=request.pk, before=Status.PLANNING, after=Status.FINDING_NUMBER, lease=lease.until, **fields):
        note_plan(request, plan)
        number.find_number(request_id=request.pk)


def note_plan(request: Request, plan: ActionPlan, text: str = "") -> None:
    """Writes on the timeline that a plan came into force, and what it shares of what was known."""
    taken = request.current_snapshot
    data = {"snapshot": taken.version if taken else 0, "share": plan.share}
    life.record_event(request_id=request.pk, kind=PLAN_EVENT, text=text or noop("The plan is made: %(title)s") % {"title": plan.title}, data=data)


def _ask_for_the_tap(request: Request, limit_minor: int) -> None:
    """The user's own words name more than the profile allows: nothing is dialled before the signed-in user taps."""
    user = request.user
    ask_question(
        request=request,
        kind=QuestionKind.MONEY,
        text=over_limit_text(amount_minor=limit_minor, user=user, request_id=request.pk),
        step="dial",
        status=QuestionStatus.CONFIRMING,
        answer={"amount_minor": limit_minor, "currency": user.currency},
        answer_text=noop("up to %(amount)s") % {"amount": format_amount(limit_minor, user.currency)},
        answered_by="page",
    )
