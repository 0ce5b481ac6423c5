"""What comes of an ended call: another try, a question, or an outcome with its evidence."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls import briefing, concluding, fault, lessons, missing, settling, unreached
from calls.conversation.effects import EndReason
from calls.models import Call, Direction, Speaker
from calls.status import ENDS, CallStatus
from requests_app import services as requests_services
from requests_app.hints import hint
from requests_app.models import Request
from requests_app.status import Status

LEASE = timedelta(seconds=90)
#: The media process may still be writing: it has this long after the carrier's word that the call ended.
MEDIA_GRACE = timedelta(seconds=15)
#: Ends of a call about which the transcript has nothing to add.
PLAIN_ENDS = {
    EndReason.WRONG_NUMBER: noop("{name}: that was a wrong number. Check the contact and try again."),
    EndReason.REFUSED_MACHINE: noop("{name} does not talk to an AI assistant, so this needs you."),
    EndReason.OTHER_LANGUAGE: noop("{name} speaks another language than Floyd, so this needs you."),
}
#: The same of a business from the directory, after which another one is called.
IN_SHORT = {
    EndReason.WRONG_NUMBER: noop("the listed number is another's"),
    EndReason.REFUSED_MACHINE: noop("they don't talk to an AI assistant"),
    EndReason.OTHER_LANGUAGE: noop("they speak another language"),
}
TROUBLE_OF_OURS = noop("Floyd had technical trouble in the call to {name}, {said}. You can try again.")
NOBODY_SPOKE = noop("The call to {name} was connected, but nothing was heard. You can try again.")


def wrap_up(call_id: UUID | str) -> None:
    """Brings the request of an ended call on. Safe to run any number of times at once."""
    call = Call.objects.select_related("request__user", "request__contact").filter(pk=call_id, status__in=ENDS).first()
    if call is None or _media_still_writes(call):
        return
    settling.settle(call.pk)
    if call.direction != Direction.OUTBOUND:  # what a caller wanted was done during the call
        if call.is_rung_back:
            hint("use_cases.conclude_ring_back", call.pk)
        return
    if call.attempt != call.made_for.attempt:
        return
    if not _claim(call.made_for):
        return
    fault.point("wrapping")
    name = briefing.callee_name(call.made_for)
    lessons.learn(call)
    if (policy := unreached.policy_for(call)) is not None:
        unreached.follow(call, policy)
    elif call.status == CallStatus.FAILED:
        _fail(
            call,
            noop("The call to %(name)s could not be connected. Check the number and try again.") % {"name": name},
            noop("the call could not be connected"),
        )
    elif call.end_reason == EndReason.CALL_BACK_LATER or missing.hung_up_while_asking(call):
        missing.ask_what_is_missing(call)
    elif call.end_reason == EndReason.STOPPED_BY_USER:
        requests_services.transition(request_id=call.made_for.pk, before=Status.WRAPPING_UP, after=Status.CANCELLED, text=noop("You ended the call."))
    elif call.end_reason in PLAIN_ENDS:
        reason = EndReason(call.end_reason)
        _fail(call, PLAIN_ENDS[reason].format(name=name), IN_SHORT[reason])
    elif not call.lines.filter(speaker=Speaker.CALLEE).exists():
        _silent(call)
    else:
        concluding.conclude(call)


def _media_still_writes(call: Call) -> bool:
    """Whether the process that had the call may be about to store how it ended."""
    has_it = call.status == CallStatus.COMPLETED and call.stream_sid and not call.end_reason
    return bool(has_it and call.heartbeat_at and call.heartbeat_at > timezone.now() - MEDIA_GRACE)


def _claim(request: Request) -> bool:
    """Takes the wrap-up, or takes it over from a process that died."""
    lease_until = timezone.now() + LEASE
    if requests_services.transition(request_id=request.pk, before=Status.CALLING, after=Status.WRAPPING_UP, lease_until=lease_until):
        return True
    died = Q(lease_until=None) | Q(lease_until__lt=Now())
    return Request.objects.filter(died, pk=request.pk, status=Status.WRAPPING_UP).update(lease_until=lease_until) == 1


def _silent(call: Call) -> None:
    name = briefing.callee_name(call.made_for)
    if call.end_reason == EndReason.PROVIDER_FAILED:
        said = noop("said so and hung up") if call.lines.filter(speaker=Speaker.FLOYD).exclude(text="").exists() else noop("and hung up")
        _fail(call, TROUBLE_OF_OURS.format(name=name, said=said))
    else:
        _fail(call, NOBODY_SPOKE.format(name=name))


def _fail(call: Call, trouble: str, why: str = "") -> None:
    """Ends the request; or goes on to another business of the directory, when `why` this one will not do."""
    if why and requests_services.give_up_on(request_id=call.made_for.pk, number=call.number, why=why):
        return
    requests_services.fail_request(request_id=call.made_for.pk, before=Status.WRAPPING_UP, trouble=trouble)
