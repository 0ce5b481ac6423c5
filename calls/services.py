"""How a call moves: what its placing came to, what the carrier reports, and how it is stopped.

Every change locks the request, then the call, and publishes the call before anything of the request: whoever
changes both takes them in this order, so nobody waits in a circle. Nothing here talks to the carrier.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls.models import MADE, OPEN_STATUSES, Call, Direction
from calls.reports import Report, raised
from calls.ring_backs import may_still_be_ordered, wants_none
from calls.status import ENDS, RANK, CallStatus
from context.models import User
from live.publish import poke, publish
from requests_app import services as requests_services
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.hints import hint
from requests_app.life import topics
from requests_app.models import Event, Question, QuestionStatus, Request
from requests_app.status import Status

#: How long an order to the carrier may take before its sender is taken for dead (the client gives up after 10 s).
SENDING_LEASE = timedelta(seconds=30)
#: What the timeline says when a call gets there.
NEWS = {
    CallStatus.RINGING: noop("Ringing"),
    CallStatus.IN_PROGRESS: noop("Answered"),
    CallStatus.COMPLETED: noop("The call ended"),
    CallStatus.BUSY: noop("The line is busy"),
    CallStatus.NO_ANSWER: noop("Nobody answered"),
    CallStatus.FAILED: noop("The call could not be connected"),
    CallStatus.CANCELED: noop("The call was cancelled"),
}
#: Requests whose call is wanted; a call of any other is hung up as soon as it can be.
WANTED = frozenset({Status.CALLING, Status.WRAPPING_UP})


def lock(call_id: UUID | str) -> Call | None:
    """The call with its request, if it has one, both locked until the transaction ends; None when there is no such call."""
    requests = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "contact")
    request = requests.filter(calls__pk=call_id).first()
    call = Call.objects.select_for_update(no_key=True).filter(pk=call_id).first()
    if call is not None and request is not None:
        call.request = request
    return call


def topics_of(call: Call) -> list[str]:
    """The live topics that show a call."""
    return [f"call.{call.pk}", *([f"request.{call.request_id}"] if call.request_id else [])]


def save(call: Call, **fields: Any) -> None:
    """Writes the given columns of a locked call and shows them."""
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=list(fields))
    publish(topics=topics_of(call), kind="call", ref=call.pk)


def tell(call: Call, text: str) -> None:
    """A line about the call on its request's timeline, if it was made for one."""
    if call.direction == Direction.OUTBOUND:
        requests_services.record_event(request_id=call.made_for.pk, kind="call", text=text, data={"call": str(call.pk), "status": str(call.status)})


# --- placing ---


@transaction.atomic
def claim_sending(call_id: UUID | str, owner: str) -> Call | None:
    """Makes the caller the one process that may order this call, once and for ever; None when it is not to be ordered.

    The row is locked and read again, not changed by a filter that looks into the request: such an UPDATE would check
    the status in a sub-select, which does not see what another process has just committed.
    """
    call = lock(call_id)
    if call is None or call.status != CallStatus.NEW:
        return None
    if not (may_still_be_ordered(call) if call.is_rung_back else call.made_for.status == Status.CALLING):
        save(call, status=CallStatus.CANCELED, ended_at=timezone.now())
        return None
    save(call, status=CallStatus.SENDING, owner=owner[:80], lease_until=timezone.now() + SENDING_LEASE)
    return call


@transaction.atomic
def doubt(call_id: UUID | str, *, why: str, ask_user_after: timedelta) -> None:
    """Nobody knows whether the call was placed. It is looked for from now on, and asked about after a while."""
    call = lock(call_id)
    if call and call.status == CallStatus.SENDING:
        save(call, status=CallStatus.UNKNOWN, error=why[:200], lease_until=timezone.now() + ask_user_after)


@transaction.atomic
def refuse(call_id: UUID | str, *, code: int, sentence: str) -> None:
    """The carrier refused the order for good: so does the request end, if there is one, and can be tried again."""
    call = lock(call_id)
    if call and _never_placed(call):
        save(call, status=CallStatus.FAILED, error=f"refused:{code}", ended_at=timezone.now(), lease_until=None)
        if not call.is_rung_back:
            requests_services.fail_request(request_id=call.made_for.pk, before=Status.CALLING, trouble=sentence)


@transaction.atomic
def postpone(call_id: UUID | str, *, code: int, until: datetime, text: str) -> None:
    """The carrier took no order now: this intent is over, the request makes a new one later."""
    call = lock(call_id)
    if call and _never_placed(call):
        save(call, status=CallStatus.FAILED, error=f"later:{code}", ended_at=timezone.now(), lease_until=None)
        requests_services.transition(request_id=call.made_for.pk, before=Status.CALLING, after=Status.SCHEDULED, text=text, not_before=until)


@transaction.atomic
def give_up(call_id: UUID | str, *, why: str, status: CallStatus = CallStatus.FAILED) -> bool:
    """Closes a call that was never seen at the carrier. Should it ring after all, it is hung up."""
    call = lock(call_id)
    if call is None or not (_never_placed(call) or call.status == CallStatus.NEW):
        return False
    save(call, status=status, error=why[:200], ended_at=timezone.now(), lease_until=None)
    return True


def _never_placed(call: Call) -> bool:
    return call.status in {CallStatus.SENDING, CallStatus.UNKNOWN} and call.carrier_sid is None


# --- what the carrier reports ---


@transaction.atomic
def take_report(*, call_id: UUID | str, sid: str, report: Report) -> bool:
    """Takes in what the carrier says about `sid`, which claims to be this call. Reports commute: every order ends alike.

    Returns:
        Whether that call may go on. One that may not (another sid has the call, it is closed, or the user stopped it) is to be hung up.
    """
    call = lock(call_id)
    if call is None or not _may_have(call, sid, report):
        return report.status in ENDS
    before = CallStatus(call.status)
    fields = raised(call, report) | ({} if call.carrier_sid == sid else {"carrier_sid": sid})
    if fields:
        save(call, **fields)
    if call.status != before:
        if text := NEWS.get(CallStatus(call.status)):
            tell(call, text)
        if call.status in ENDS:
            hint("calls.wrap_up", call.pk)
    _bring_back(call)
    # A call that somebody answered is ended politely by the process that has it.
    return call.status in ENDS or call.status == CallStatus.IN_PROGRESS or is_wanted(call)


def is_wanted(call: Call) -> bool:
    """Whether a call may be connected: its request still wants it. A caller always may; who is rung back unless they said STOP meanwhile."""
    if call.direction == Direction.INBOUND:
        return not (call.is_rung_back and wants_none(call.number))
    return call.made_for.status in WANTED


def _may_have(call: Call, sid: str, report: Report) -> bool:
    """Whether `sid` is the call's. The first signed callback decides; until then the carrier's reply does, then its list."""
    if call.carrier_sid == sid:
        return True
    free = call.carrier_sid is None or (report.certain and call.status_seq < 0)
    return free and call.status not in ENDS and not Call.objects.filter(carrier_sid=sid).exists()


def _bring_back(call: Call) -> None:
    """A call that nobody knew about turned up while the user was being asked: the request goes on with it."""
    if call.direction != Direction.OUTBOUND:
        return
    request = call.made_for
    asked = Question.objects.filter(request=request, step="dial", slots__call=str(call.pk))
    if request.status not in {Status.WAITING_FOR_USER, Status.FINDING_NUMBER} or RANK[CallStatus(call.status)] < RANK[CallStatus.PLACED]:
        return
    question = asked.first()
    if question is None:
        return
    before = Status(request.status)
    if requests_services.transition(request_id=request.pk, before=before, after=Status.CALLING, text=noop("The call was placed after all.")):
        request.status = Status.CALLING
        if asked.filter(status__in=[QuestionStatus.OPEN, QuestionStatus.CONFIRMING]).update(status=QuestionStatus.CLOSED):
            publish(topics=topics(request.pk, request.user_id), kind="question", ref=question.pk)


# --- stopping ---


@transaction.atomic
def stop(request_id: UUID | str) -> list[str]:
    """Ends the calls of a request that its user stopped.

    A call that is on is ended by the process that has it, which says goodbye; one that was never ordered is closed.

    Returns:
        Sids of calls that nobody has answered yet: the carrier is to be told at once.
    """
    sids = []
    for call_id in Call.objects.filter(MADE, request_id=request_id, status__in=OPEN_STATUSES).values_list("pk", flat=True):
        call = lock(call_id)
        if call is None or call.made_for.status != Status.CANCELLED:
            continue
        if call.status == CallStatus.NEW:
            save(call, status=CallStatus.CANCELED, ended_at=timezone.now())
        elif call.status == CallStatus.IN_PROGRESS:
            poke(f"call.{call.pk}", {"type": "call.poke", "what": "stop", "call_id": str(call.pk)})
        elif call.carrier_sid:
            sids.append(call.carrier_sid)
    return sids


# --- telling it something ---


def whisper(*, call_id: UUID | str, user: User, text: str) -> Event:
    """Tells Floyd something during a call; see `requests_app.services.whisper`.

    Raises:
        NotFound: not a call of this user's.
        InvalidAsk, NotPossibleNow: as there; also for a call that is over while another one goes on.
    """
    call = Call.objects.filter(MADE, pk=call_id, user=user).first()
    if call is None:
        raise NotFound(noop("There is no such call."))
    if call.status not in OPEN_STATUSES:
        raise NotPossibleNow(noop("This call is over."))
    return requests_services.whisper(request_id=call.made_for.pk, user=user, text=text)
