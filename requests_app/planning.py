"""From an ask to what happens next: claim, think, check, go on. Every write holds the lease; a crash anywhere is swept up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from context.dates import moment_in_words
from context.models import Contact
from context.money import format_amount
from context.selectors import secret_statements
from context.snapshot import Snapshot, find
from providers.types import BadFormError, ProviderError
from requests_app import costs, life, number, thinking, unwelcome
from requests_app.answers import over_limit_text
from requests_app.errors import InvalidAsk
from requests_app.hints import hint
from requests_app.intake import clean_ask
from requests_app.lease import Lease, LeaseLostError, claim_for_planning
from requests_app.models import BY_MESSAGE, QuestionKind, QuestionStatus, Request
from requests_app.plan import CALLING_KINDS, ActionPlan, Edits, PlanKind
from requests_app.plan_check import PLACES, Checked, Ground, check
from requests_app.prompts import plan_messages, repair_messages
from requests_app.questions import ask_question
from requests_app.selectors import answers_for_plan
from requests_app.status import Status

log = logging.getLogger(__name__)

MOST_TRIES = 3
BACKOFF = (timedelta(seconds=5), timedelta(seconds=20))
#: A worker may be killed more often than that without the request being to blame, but not for ever.
MOST_DEATHS = 10
MOST_PLAN_QUESTIONS = 3
UNREACHABLE = "Floyd's planner can't be reached just now. Nothing was lost: try again."
REFUSED = "Floyd's planner refused the work. Whoever runs Floyd finds the reason with `floyd doctor`. Nothing was lost: try again then."
NO_PLAN = "Floyd could not make a plan it can stand behind. Nothing was lost: say it differently, or try again."
TOO_MANY_QUESTIONS = "Floyd asked three times and still doesn't know enough. Please ask again with all the details in one go."


class NoPlanError(Exception):
    """The model wrote plans, and none of them holds."""


def pick_up(*, request_id: UUID | str) -> None:
    """Plans a request that is due and lets it go on; does nothing when it is not due or somebody else has it."""
    lease = claim_for_planning(request_id=request_id, now=timezone.now())
    if lease is None:
        return
    try:
        _plan_and_go_on(lease)
    except LeaseLostError:
        log.info("request %s: taken over or stopped while it was planned", lease.request.pk)
    except ProviderError as error:
        log.warning("request %s: planner failed (permanent: %s): %s", lease.request.pk, error.permanent, error)
        give_back(request=lease.request, lease=lease.until, permanent=error.permanent)
    except Exception:
        # A defect of ours must not make the row spin: it is pushed out like a failure of the planner, and reported.
        give_back(request=lease.request, lease=lease.until)
        raise


def give_back(*, request: Request, lease: datetime, permanent: bool = False) -> None:
    """After a failed try: another one later, or after too many a clear end that can be tried again by one click."""
    tries = request.tries + 1
    if permanent or tries >= MOST_TRIES:
        trouble = REFUSED if permanent else UNREACHABLE
        life.fail_request(request_id=request.pk, before=Status.PLANNING, trouble=trouble, lease=lease, tries=tries)
        return
    later = Now() + BACKOFF[min(tries, len(BACKOFF)) - 1]
    text = "Floyd's planner can't be reached just now. Floyd tries again by itself."
    fields = {"not_before": later, "tries": tries}
    life.transition(request_id=request.pk, before=Status.PLANNING, after=Status.PENDING, text=text, lease=lease, **fields)


def _plan_and_go_on(lease: Lease) -> None:
    request = lease.request
    try:
        ask = clean_ask(request.ask)  # a row inserted by hand went through no intake
    except InvalidAsk as error:
        _end_early(lease, str(error))
        return
    if reason := unwelcome.reason(ask):
        _end_early(lease, reason)
        return
    try:
        checked = _think(lease, ask)
    except NoPlanError:
        _end_early(lease, NO_PLAN)
        return
    _carry_out(lease, checked.plan)


def _end_early(lease: Lease, trouble: str, **fields: Any) -> None:
    """An end while the user looks on; only who asked by message gets it as one."""
    by_text = lease.request.channel in BY_MESSAGE
    life.fail_request(request_id=lease.request.pk, before=Status.PLANNING, trouble=trouble, lease=lease.until, text_user=by_text, tries=0, **fields)


def _think(lease: Lease, ask: str) -> Checked:
    """Has the plan written, twice at most: the second time with what was wrong with the first."""
    request, snapshot = lease.request, lease.request.snapshot
    if snapshot is None:
        raise LeaseLostError
    lease.renew(relevant=None, plan=None, plan_text="")
    edits = Edits.model_validate(request.plan_edits)
    ground = Ground(ask=f"{ask} {edits.words}", snapshot=snapshot, secrets=tuple(secret_statements(request.user)), edited=edits.given)
    messages = plan_messages(snapshot=snapshot, ask=ask, answers=answers_for_plan(request), now=timezone.now(), edits=edits)
    for last in (False, True):
        try:
            plan, usage = thinking.fill(
                ActionPlan, name="action_plan", model=settings.OPENAI_PLAN_MODEL, messages=messages, on_progress=_Shown(lease).show
            )
        except BadFormError as error:
            log.info("request %s: %s", request.pk, error)
            messages = [*messages, *repair_messages(error.written, [f"this is no whole form: {error}"])]
            continue
        except ProviderError as error:
            if error.permanent or last:
                raise
            continue
        costs.charge_thinking(request=request, model=settings.OPENAI_PLAN_MODEL, usage=usage)
        checked = check(edits.applied_to(plan) if plan.kind in CALLING_KINDS else plan, ground)
        if not checked.problems or (last and not checked.fatal):
            return checked
        log.info("request %s: plan with %d problems", request.pk, len(checked.problems))
        messages = [*messages, *repair_messages(plan.model_dump_json(), list(checked.problems))]
    raise NoPlanError


class _Shown:
    """What the page shows of the plan while it is written: the JSON so far."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._text = ""

    def show(self, json_text: str) -> None:
        """Stores what is new, and keeps the lease."""
        if json_text == self._text:
            self._lease.renew()
            return
        self._text = json_text
        self._lease.renew(plan_text=json_text)


def _carry_out(lease: Lease, plan: ActionPlan) -> None:
    """Does what the plan says, as far as it goes without the outside."""
    plan_json = plan.model_dump(mode="json")
    fields: dict[str, Any] = {"plan": plan_json, "plan_text": "", "tries": 0, "relevant": plan.relevant, "plan_version": F("plan_version") + 1}
    request_id, until = lease.request.pk, lease.until
    if plan.kind is PlanKind.ANSWER:
        outcome: dict[str, Any] = {"answer": plan.answer, "sources": labelled(plan.sources, lease.request.snapshot or {})}
        if plan.follow_up:
            outcome["follow_up"] = plan.follow_up
        life.finish_answered(request_id=request_id, lease=until, outcome=outcome, **fields)
    elif plan.kind is PlanKind.DECLINE:
        _end_early(lease, plan.decline_reason or "", **{key: value for key, value in fields.items() if key != "tries"})
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
            label = f"{item['title']}, {moment_in_words(datetime.fromisoformat(item['starts_at']), snapshot['user']['time_zone'])}"
        else:
            label = item.get("statement") or item["name"]
        found.append({"id": source, "label": label})
    return found


@transaction.atomic
def _ask_before_planning(lease: Lease, plan: ActionPlan, fields: dict[str, Any]) -> None:
    request = lease.request
    if request.questions.filter(step="plan").count() >= MOST_PLAN_QUESTIONS:
        _end_early(lease, TOO_MANY_QUESTIONS)
        return
    if life.transition(
        request_id=request.pk,
        before=Status.PLANNING,
        after=Status.WAITING_FOR_USER,
        text="Floyd needs to know something.",
        lease=lease.until,
        **fields,
    ):
        ask_question(request=request, kind=QuestionKind.TEXT, text=plan.question or "", step="plan")


@transaction.atomic
def _go_on_to_a_call(lease: Lease, plan: ActionPlan, fields: dict[str, Any]) -> None:
    request, limit_minor = lease.request, plan.limit_minor
    contact_id = plan.callee.contact_id if plan.callee else None
    if contact_id is not None:
        fields["contact"] = Contact.objects.filter(user=request.user, pk=contact_id.partition(":")[2]).first()
    if limit_minor is not None and limit_minor > request.user.spending_limit_minor:
        _ask_for_the_tap(lease, limit_minor, fields)
        return
    if limit_minor is not None:
        fields |= {"limit_minor": limit_minor, "limit_source": "ask"}
    after, text = Status.FINDING_NUMBER, f"The plan is made: {plan.title}"
    if life.transition(request_id=request.pk, before=Status.PLANNING, after=after, text=text, lease=lease.until, **fields):
        number.find_number(request_id=request.pk)


def _ask_for_the_tap(lease: Lease, limit_minor: int, fields: dict[str, Any]) -> None:
    """The user's own words name more than the profile allows: nothing is dialled before the signed-in user taps."""
    request, user = lease.request, lease.request.user
    text = "The amount is above your limit and needs a tap."
    if not life.transition(request_id=request.pk, before=Status.PLANNING, after=Status.WAITING_FOR_USER, text=text, lease=lease.until, **fields):
        return
    amount = format_amount(limit_minor, user.currency)
    ask_question(
        request=request,
        kind=QuestionKind.MONEY,
        text=over_limit_text(amount_minor=limit_minor, user=user, request_id=request.pk),
        step="dial",
        status=QuestionStatus.CONFIRMING,
        answer={"amount_minor": limit_minor, "currency": user.currency},
        answer_text=f"up to {amount}",
        answered_by="page",
    )


def planner_died(*, request: Request) -> None:
    """A worker was killed while it planned, and its lease ran out: the request starts again, at once unless it happens again and again."""
    tries, lease = request.tries + 1, request.lease_until
    if tries >= MOST_DEATHS:
        life.fail_request(request_id=request.pk, before=Status.PLANNING, trouble=UNREACHABLE, lease=lease, tries=tries)
        return
    fields: dict[str, Any] = {"tries": tries, "not_before": None if tries < MOST_TRIES else Now() + BACKOFF[-1]}
    text = "Planning broke off. Floyd starts again."
    life.transition(request_id=request.pk, before=Status.PLANNING, after=Status.PENDING, text=text, lease=lease, **fields)
    hint("requests.pick_up", request.pk)
