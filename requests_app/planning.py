"""From an ask to what happens next: claim, think, check, go on. Every write holds the lease; a crash anywhere is swept up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.selectors import secret_statements
from providers.types import BadFormError, ProviderError
from requests_app import costs, known, life, thinking, unwelcome
from requests_app.after_planning import carry_out, end_early
from requests_app.errors import InvalidAsk
from requests_app.hints import hint
from requests_app.intake import clean_ask
from requests_app.lease import Lease, LeaseLostError, claim_for_planning
from requests_app.models import Request
from requests_app.plan import CALLING_KINDS, ActionPlan, Edits
from requests_app.plan_check import Checked, Ground, check
from requests_app.prompts import plan_messages, repair_messages
from requests_app.selectors import answers_for_plan
from requests_app.status import Status
from requests_app.wishes import make_linked

log = logging.getLogger(__name__)

MOST_TRIES = 3
BACKOFF = (timedelta(seconds=5), timedelta(seconds=20))
#: A worker may be killed more often than that without the request being to blame, but not for ever.
MOST_DEATHS = 10
UNREACHABLE = noop("Floyd's planner can't be reached just now. Nothing was lost: try again.")
REFUSED = noop("Floyd's planner refused the work. Whoever runs Floyd finds the reason with `floyd doctor`. Nothing was lost: try again then.")
NO_PLAN = noop("Floyd could not make a plan it can stand behind. Nothing was lost: say it differently, or try again.")


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
    text = noop("Floyd's planner can't be reached just now. Floyd tries again by itself.")
    fields = {"not_before": later, "tries": tries}
    life.transition(request_id=request.pk, before=Status.PLANNING, after=Status.PENDING, text=text, lease=lease, **fields)


def _plan_and_go_on(lease: Lease) -> None:
    request = lease.request
    try:
        ask = clean_ask(request.ask)  # a row inserted by hand went through no intake
    except InvalidAsk as error:
        end_early(lease, str(error))
        return
    if known.is_asked(ask):
        life.finish_answered(request_id=request.pk, lease=lease.until, outcome=known.everything(request.user), tries=0)
        return
    if reason := unwelcome.reason(ask):
        end_early(lease, reason)
        return
    try:
        checked = _think(lease, ask)
    except NoPlanError:
        end_early(lease, NO_PLAN)
        return
    with transaction.atomic():
        lease.renew()
        make_linked(request=request, wishes=checked.plan.other_wishes)
    carry_out(lease, checked.plan)


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


def planner_died(*, request: Request) -> None:
    """A worker was killed while it planned, and its lease ran out: the request starts again, at once unless it happens again and again."""
    tries, lease = request.tries + 1, request.lease_until
    if tries >= MOST_DEATHS:
        life.fail_request(request_id=request.pk, before=Status.PLANNING, trouble=UNREACHABLE, lease=lease, tries=tries)
        return
    fields: dict[str, Any] = {"tries": tries, "not_before": None if tries < MOST_TRIES else Now() + BACKOFF[-1]}
    text = noop("Planning broke off. Floyd starts again.")
    life.transition(request_id=request.pk, before=Status.PLANNING, after=Status.PENDING, text=text, lease=lease, **fields)
    hint("requests.pick_up", request.pk)
