"""An outcome with its evidence: the form is filled from the transcript, checked, completed by what code found, and acted upon."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls import appointments, briefing, fault, following, lessons, outcome_check, outcome_prompt
from calls.conversation import promises
from calls.conversation.brief import CallBrief
from calls.conversation.effects import EndReason
from calls.models import Call, Speaker
from providers import registry
from providers.types import ProviderError, Usage
from requests_app import costs
from requests_app import services as requests_services
from requests_app.models import Request
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem
from requests_app.status import Status

log = logging.getLogger(__name__)

#: How long a wrap-up model that is down is tried again, and how often.
PATIENCE = timedelta(seconds=30)
TRY_AGAIN_AFTER = timedelta(seconds=8)
UNREADABLE = noop("The call to {name} took place, but its result could not be summed up: please read the transcript. Trying again calls again.")


def conclude(call: Call) -> None:
    """Has the form filled, checks it, and ends the request with what follows from it."""
    name = briefing.callee_name(call.made_for)
    try:
        outcome, usage = asyncio.run(_fill(outcome_prompt.messages(call)))
    except ProviderError as error:
        log.warning("call %s: wrap-up failed (permanent: %s)", call.pk, error.permanent)
        if not error.permanent and timezone.now() - (call.ended_at or call.created_at) < PATIENCE:
            Request.objects.filter(pk=call.made_for.pk, status=Status.WRAPPING_UP).update(lease_until=timezone.now() + TRY_AGAIN_AFTER)
            return
        requests_services.fail_request(request_id=call.made_for.pk, before=Status.WRAPPING_UP, trouble=UNREADABLE.format(name=name))
        return
    costs.charge_thinking(request=call.made_for, model=settings.OPENAI_OUTCOME_MODEL, usage=usage, call=call.pk)
    fault.point("concluding")
    checked = _checked(call, outcome)
    if checked.achieved is not Achieved.NO or not _another_may_do_it(call, checked.summary):
        _act_upon(call, checked)


def _another_may_do_it(call: Call, why: str) -> bool:
    """Goes on to the next business of the directory, unless something was agreed with this one, or it was Floyd that failed."""
    if call.end_reason == EndReason.PROVIDER_FAILED or any(slot.get("kind") == "agreed" for slot in call.slots):
        return False
    return requests_services.give_up_on(request_id=call.made_for.pk, number=call.number, why=why)


async def _fill(prompt: list[dict[str, Any]]) -> tuple[Outcome, Usage]:
    thinker = registry.thinker(settings)
    try:
        return await thinker.fill(Outcome, name="call_outcome", model=settings.OPENAI_OUTCOME_MODEL, messages=prompt)
    finally:
        await thinker.close()


def _checked(call: Call, outcome: Outcome) -> Outcome:
    """What the transcript bears out of it, and the promises that the model forgot."""
    name = briefing.callee_name(call.made_for)
    checked = outcome_check.check(outcome, outcome_prompt.heard(call))
    if not checked.summary.strip():
        checked = checked.model_copy(update={"summary": noop("The call to %(name)s ended without a clear result.") % {"name": name}})
    if checked.achieved is Achieved.NO and call.end_reason == EndReason.PROVIDER_FAILED:
        checked = checked.model_copy(
            update={"summary": noop("Floyd had technical trouble during the call to %(name)s and hung up. You can try again.") % {"name": name}}
        )
    cited = {line for item in checked.items if item.kind is ItemKind.PROMISED for line in item.lines}
    forgotten = [_as_item(made) for made in promises_of(call) if made.line not in cited]
    return checked.model_copy(update={"items": [*checked.items, *forgotten]})


def promises_of(call: Call) -> list[promises.PromiseMade]:
    """What Floyd was heard to promise in a call."""
    lines = call.lines.filter(speaker=Speaker.FLOYD, final=True).exclude(text="").order_by("seq").values_list("seq", "text")
    names = promises.names_of(CallBrief.from_json(call.brief)) if call.brief.get("introduction") else ()
    return promises.in_lines(lines, names)


def _as_item(made: promises.PromiseMade) -> OutcomeItem:
    return OutcomeItem(
        kind=ItemKind.PROMISED,
        text=noop("Floyd said: “%(text)s”") % {"text": made.text},
        amount_minor=None,
        currency=None,
        when=None,
        lines=[made.line],
    )


@transaction.atomic
def _act_upon(call: Call, outcome: Outcome) -> None:
    """Ends the request, and in the same moment makes what follows: the calendar's entry, reminders, another call, notes of promises."""
    kinds = {made.line: made.kind for made in promises_of(call)}
    notes = [following.note(item) for item in outcome.items if following.is_note(item, kinds)]
    stored = outcome.model_dump(mode="json", exclude={"next_steps"})
    if not requests_services.conclude(request_id=call.made_for.pk, outcome=stored, achieved=outcome.achieved, notes=notes):
        return
    if outcome.achieved is not Achieved.NO:
        lessons.remember(call)
    appointments.keep(call, outcome)
    following.follow(call, outcome, kinds)
