"""A call back that led to no talk: whoever was called is told once, and a user finds it on their pages. Nobody is dialled here. See decision 64."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls.models import OPEN_STATUSES, RUNG_BACK, Call
from calls.status import ENDS, CallStatus
from context.dates import moment_in_words
from context.kept_words import said, speaking
from context.models import User
from live.publish import publish
from requests_app.hints import hint
from requests_app.life import record_event, topics
from requests_app.messages import queue_message
from requests_app.models import Channel, Request
from requests_app.opt_out import wants_texts
from requests_app.outcome import Achieved
from requests_app.sending import CannotSendError, send_text
from requests_app.status import Status
from use_cases import missed
from use_cases.missed_models import MissedCall, MissedState

log = logging.getLogger(__name__)

#: A call of which the carrier tells no end is over by then: it rings for less than a minute.
OVER_AFTER = timedelta(minutes=15)
#: What happened longer ago is told nobody any more.
STILL_NEWS = timedelta(days=1)
BATCH = 50
#: Begins the error of a call that the carrier refused to place (`calls.services.refuse`).
REFUSED = "refused:"
ASK = noop("Your call to Floyd")
RANG = noop(
    "You called Floyd, which had technical trouble. It called you back (%(moment)s), but nobody picked up and pressed the key. "
    "Call again whenever you like."
)
UNSURE = noop(
    "You called Floyd, which had technical trouble. It tried to call you back (%(moment)s), and can't tell whether your phone rang. "
    "It does not try again: please call once more."
)


def conclude(call_id: UUID | str) -> None:
    """Tells whoever was called back in vain, once it is known or can be known no more. Safe to run any number of times at once."""
    call = _over().filter(pk=call_id).first()
    if call is None:
        return
    with transaction.atomic():
        now = timezone.now()
        # Who pressed the key meanwhile is in a talk; of two at once one finds the row.
        if MissedCall.objects.filter(call=call, state=MissedState.RUNG).update(state=MissedState.IN_VAIN, updated_at=now) == 1:
            _tell(MissedCall.objects.select_related("caller__user").get(call=call), call)


def sweep() -> None:
    """Finds calls back that ended and of which nobody was told."""
    fresh = Q(makes_up_for__state=MissedState.RUNG, created_at__gt=timezone.now() - STILL_NEWS)
    for call_id in _over().filter(fresh).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        hint("use_cases.conclude_ring_back", call_id)


def talks(call: Call) -> None:
    """They pressed the key: there is nothing to tell them."""
    MissedCall.objects.filter(call=call, state=MissedState.RUNG).update(state=MissedState.ANSWERED, updated_at=timezone.now())


def _over() -> QuerySet[Call]:
    """Calls back that have ended, or must have."""
    silent = Q(status__in=OPEN_STATUSES, started_at=None, created_at__lt=timezone.now() - OVER_AFTER)
    return Call.objects.filter(RUNG_BACK).filter(Q(status__in=ENDS) | silent)


def _tell(it: MissedCall, call: Call) -> None:
    log.info("call %s: called back in vain (%s)", call.pk, call.status)
    if missed.got_through(call.number, since=call.created_at):
        return  # they rang again by themselves
    if call.carrier_sid is None and (call.status == CallStatus.CANCELED or call.error.startswith(REFUSED)):
        missed.decline(it)  # it was never dialled
        return
    rang = call.carrier_sid is not None and call.status in ENDS
    if it.caller.user is not None:
        _tell_user(it.caller.user, call, summary=RANG if rang else UNSURE)
        return
    words = missed.words_for(it.caller, it.rung)
    try:
        send_text(to=it.caller.number, words=(words.rang if rang else words.unsure).fill(rung=it.rung), dedupe_key=f"rung-in-vain:{call.pk}")
    except CannotSendError:
        log.info("call %s: they want no texts", call.pk)


def _tell_user(user: User, call: Call, *, summary: str) -> None:
    """It stands among their requests, as other calls of theirs do, and they are told as they are told everything."""
    words = summary % {"moment": moment_in_words(call.created_at, user.time_zone)}
    outcome = {"achieved": Achieved.NO, "summary": words, "items": [], "missing": [], "next_steps": []}
    with speaking(user):
        ask = said(ASK)
    kept = Request.objects.create(
        user=user, ask=ask, channel=Channel.CALL, client_key=f"rung-back:{call.pk}", status=Status.DONE, outcome=outcome, ended_at=Now()
    )
    record_event(request_id=kept.pk, kind="created", text=noop("Floyd called you back."), data={"channel": kept.channel})
    publish(topics=topics(kept.pk, user.pk), kind="request", ref=kept.pk)
    if wants_texts(call.number):  # who said STOP while it rang knows
        queue_message(user=user, body=words, request=kept, dedupe_key=f"rung-in-vain:{call.pk}")
