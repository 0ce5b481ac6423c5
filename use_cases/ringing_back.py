"""Rings somebody back whose call could not be taken: gates and row here, the one order by `calls.dialling`, what they hear first. See decision 64."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from calls import dialling, fault, ring_backs
from calls.gates import Decision
from calls.models import Call
from calls.telephony import twiml
from requests_app.hints import hint
from use_cases import answering, missed, rung_in_vain
from use_cases.missed_models import MissedCall, MissedReason, MissedState
from use_cases.missed_words import words_in
from use_cases.models import Caller, InboundNumber

log = logging.getLogger(__name__)

#: With no room on any line, the next look.
BUSY = timedelta(seconds=10)
#: What the sweep looks at in one round.
BATCH = 50
#: What keeps Floyd from it, for staff.
GOT_THROUGH, TOO_LATE, NO_ROOM = "they got through", "it could not be done in time", "no line has room"
RUNG_TODAY, NOT_OURS, NOT_THEIRS = "they were called back within a day", "the number is none of ours any more", "the number is that user's no more"


def place(missed_id: int) -> None:
    """Rings one caller back, now or when the gates say; in the end tells them that it will not be. Safe to run any number of times at once."""
    try:
        call = _open(missed_id)
    except IntegrityError:
        # The index holds what the gates had seen free: one call at a time to a number.
        log.info("missed call %s: another call came first", missed_id)
        return
    if call is None:
        return
    fault.point("opened")
    dialling.order(call.pk)
    rung_in_vain.conclude(call.pk)  # the carrier may have refused it


@transaction.atomic
def _open(missed_id: int) -> Call | None:
    """The row of the call, where everything allows it; None: not now, or not at all."""
    ring_backs.in_turn()
    wanted = MissedCall.objects.select_for_update(no_key=True, of=("self",)).filter(state=MissedState.WANTED)
    it, now = wanted.filter(pk=missed_id).select_related("caller__user").first(), timezone.now()
    if it is None or (it.due_at is not None and it.due_at > now):
        return None
    number = InboundNumber.objects.select_related("user").filter(number=it.rung).first()
    if missed.got_through(it.caller.number, since=it.wanted_at or now):
        return _leave(it, GOT_THROUGH, told=False)
    if it.until is None or it.until < now:
        return _leave(it, TOO_LATE)
    if number is None or (number.user is not None and not number.user.is_active):
        return _leave(it, NOT_OURS)
    if missed.rung_lately(it.caller.number):
        return _leave(it, RUNG_TODAY)
    caller = answering.caller_of(it.caller.number)  # whose number it is by now
    if it.reason == MissedReason.OWN and not missed.is_users_own(number, caller):
        return _leave(it, NOT_THEIRS)
    verdict = ring_backs.verdict(caller.number, unasked=caller.user if it.reason == MissedReason.OWN else None)
    if verdict.decision is Decision.REFUSED:
        return _leave(it, verdict.why)
    if verdict.until is not None:
        return _wait(it, verdict.until, verdict.why)
    return _row(it, number, caller)


def _row(it: MissedCall, number: InboundNumber, caller: Caller) -> Call | None:
    now, dialled = timezone.now(), settings.DIAL_ONLY or caller.number
    try:
        # Whoever picks up there has the telephone whose number it is, as with the text that they answered.
        attested = dialled == caller.number
        call = answering.make_call(
            number, caller, attested=attested, limit=ring_backs.limited, dialled=dialled, caller_id="" if settings.DIAL_ONLY else it.rung
        )
    except answering.AllBusyError:
        return _wait(it, now + BUSY, NO_ROOM)
    except answering.NotAnsweredError as error:
        return _leave(it, str(error))
    MissedCall.objects.filter(pk=it.pk).update(state=MissedState.RUNG, call=call, due_at=None, why_not="", updated_at=now)
    log.info("call %s: calls somebody back after an outage (%s)", call.pk, it.reason)
    return call


def _wait(it: MissedCall, until: datetime, why: str) -> Call | None:
    """Looks again later, if that is in time."""
    if it.until is None or until > it.until:
        return _leave(it, why or TOO_LATE)
    MissedCall.objects.filter(pk=it.pk).update(due_at=until, why_not=why[:300], updated_at=timezone.now())
    return None


def _leave(it: MissedCall, why: str, *, told: bool = True) -> Call | None:
    """Calls nobody. Who asked for it is told so; a user who did not is told by text how to ask."""
    log.info("missed call %s: nobody is called back: %s", it.pk, why)
    unasked = told and it.reason == MissedReason.OWN
    state = MissedState.TOLD if unasked else MissedState.LEFT
    MissedCall.objects.filter(pk=it.pk).update(state=state, due_at=None, why_not=why[:300], updated_at=timezone.now())
    if unasked:
        missed.offer(it)
    elif told:
        missed.decline(it)
    return None


def sweep() -> None:
    """Finds what a lost hint left behind, and what waits for its time."""
    now = timezone.now()
    due = MissedCall.objects.filter(state=MissedState.WANTED, due_at__lte=now)
    for missed_id in due.order_by("due_at").values_list("pk", flat=True)[:BATCH]:
        hint("use_cases.ring_back", missed_id)
    rung_in_vain.sweep()


def announce(call: Call) -> str:
    """What is said to whoever picked up: who calls, that it is an AI, and why. Only a key begins the talk: a mailbox presses none."""
    it = MissedCall.objects.filter(call=call).first()
    words = words_in(str(call.brief.get("language") or ""))
    why = words.own if it is not None and it.reason == MissedReason.OWN else words.asked
    return twiml.ask_once(f"{why} {words.key}", language=words.tag, keyed=f"{settings.PUBLIC_URL}/twilio/rung-back/{call.pk}/keyed")


def keyed(call: Call, key: str) -> str:
    """What comes once they pressed a key: the use case that answers the number they had called, or the end."""
    if key != twiml.TAKES:
        return twiml.hang_up()
    rung_in_vain.talks(call)
    return twiml.connect(call, after=f"{settings.PUBLIC_URL}/twilio/after/{call.pk}")
