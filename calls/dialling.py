"""Placing a call, at most once for every intent: gates, row, claim, order, record.

No queue and no durable engine makes an order to a carrier happen exactly once. So the order is sent by the one process
that moved the row from `new` to `sending`, never again for that row, and whatever is not known afterwards is looked
for (`calls.reconcile`) and in the end asked of the user.
"""

from __future__ import annotations

import logging
import os
import socket
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls import briefing, fault, gates, reserving, ring_backs, services
from calls.gate_queries import dial_facts
from calls.models import Call, Grant
from calls.nodes import RING_S, group_of, with_room
from calls.reports import Report
from calls.status import CallStatus
from calls.telephony import texts
from calls.telephony.client import make_client
from calls.telephony.placing import RETRY_OVERRIDES, STATUS_EVENTS, Answer, NotNow, Placed, Refused, ask_for_call
from live.publish import poke
from requests_app import releasing
from requests_app import services as requests_services
from requests_app.hints import hint
from requests_app.models import Question, QuestionStatus, Request
from requests_app.status import Status

log = logging.getLogger(__name__)

#: Requests that may be called for now; a hint that comes too early finds nothing.
DUE = Q(status=Status.FINDING_NUMBER) | (Q(status=Status.SCHEDULED) & (Q(not_before=None) | Q(not_before__lte=Now())))
#: Waits after the carrier had no room for an order, in turn; then the request fails and says so.
POSTPONEMENTS_S = (5, 10, 20, 40, 80, 160, 300, 300)
#: When no media node has room, the next look; and what the user is told meanwhile.
BUSY_S = 10
ALL_BUSY = noop("All of Floyd's lines are busy right now; your call is made as soon as one is free.")
NO_ROOM = noop("The telephone company could not take the call. Please try again later.")


def place(request_id: UUID | str) -> None:
    """Calls for a request that has its number, now or when the gates say. Safe to run any number of times at once."""
    request = Request.objects.select_related("user", "contact").filter(DUE, pk=request_id).exclude(number="").first()
    if request is None or not _may_start_anew(request):
        return
    if wait_s := request.undo_left_s:
        hint("calls.place", request.pk, in_s=wait_s)
        return
    fault.point("picked")
    verdict = gates.check(dial_facts(request))
    fault.point("gated")
    if verdict.decision is gates.Decision.REFUSED:
        if not requests_services.give_up_on(request_id=request.pk, number=request.number, why=verdict.why, called=False):
            requests_services.fail_request(request_id=request.pk, before=Status(request.status), trouble=verdict.why)
    elif verdict.until is not None:
        _wait(request, verdict)
    elif call := _open_call(request):
        fault.point("opened")
        order(call.pk)


def _may_start_anew(request: Request) -> bool:
    """Whether no earlier call of the request is in the way. One that nobody ever saw is closed once the user said to call again."""
    unseen = Call.objects.filter(request=request, status=CallStatus.UNKNOWN, carrier_sid=None).first()
    if unseen is None:
        return True
    told_to = Question.objects.filter(
        request=request, step="dial", slots__call=str(unseen.pk), status=QuestionStatus.ANSWERED, answer__yes=True
    ).exists()
    return told_to and services.give_up(unseen.pk, why="never seen at the carrier; the user said to call again")


def _wait(request: Request, verdict: gates.Verdict) -> None:
    """Puts the request off. One that waits already just waits on, without another line for every look."""
    if request.status == Status.SCHEDULED:
        Request.objects.filter(pk=request.pk, status=Status.SCHEDULED).update(not_before=verdict.until)
        return
    requests_services.transition(
        request_id=request.pk, before=Status(request.status), after=Status.SCHEDULED, text=verdict.why, not_before=verdict.until
    )


def _open_call(request: Request) -> Call | None:
    """The row of a new call and the request's step to `calling`, in one transaction; None when somebody else was first, or no node has room."""
    attempt = request.attempt + 1
    name = briefing.callee_name(request)
    try:
        with transaction.atomic():
            node = with_room()
            if node is None:
                _wait(request, gates.later(timezone.now() + timedelta(seconds=BUSY_S), ALL_BUSY))
                return None
            brief = reserving.limited(request, briefing.make_brief(request, attempt=attempt))
            if brief is None:
                return None  # another call has taken what was left; the gates say so at the next look
            if not requests_services.transition(
                request_id=request.pk,
                before=Status(request.status),
                after=Status.CALLING,
                text=noop("Dialling %(name)s…") % {"name": name},
                attempt=attempt,
            ):
                return None
            call = Call.objects.create(
                request=request,
                user=request.user,
                attempt=attempt,
                line=settings.CALL_LINE,
                number=request.number,
                dialled=settings.DIAL_ONLY or request.number,
                node=node,
                brief=brief.to_json(),
            )
            _note_releases(call)
            # Whoever will have the call makes ready while it rings.
            poke(group_of(call.node), {"type": "call.poke", "what": "placed", "call_id": str(call.pk)})
            if settings.DIAL_ONLY:
                texts.tell_whom_to_play(call, name)
            fault.point("opening")
    except IntegrityError:
        # The indexes hold what the gates had seen free: one call per intent, one at a time per request and per number.
        log.info("request %s: another call came first", request.pk)
        return None
    return call


def _note_releases(call: Call) -> None:
    """The user's yes to a guarded fact is a grant of the call that it was given for."""
    briefed = {fact["id"] for fact in call.brief["facts"]}
    released = releasing.released(call.made_for)
    Grant.objects.bulk_create(
        Grant(call=call, question=question, kind="fact", value={"fact": fact_id}) for fact_id, question in released.items() if fact_id in briefed
    )


def order(call_id: UUID | str) -> None:
    """Sends a new call's one order to the carrier and records what came back."""
    call = services.claim_sending(call_id, _me())
    if call is None:
        return
    fault.point("claimed")
    answer = ask_for_call(make_client(settings).calls.create, **_order_of(call))
    fault.point("answered")
    record(call, answer)
    fault.point("recorded")


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _order_of(call: Call) -> dict[str, Any]:
    """What the carrier is asked for. The call's own id is in the addresses, so that its first callback tells the sid."""
    return {
        "to": call.dialled,
        "from_": call.caller_id or settings.TWILIO_NUMBER,
        "url": f"{settings.PUBLIC_URL}/twilio/{'rung-back' if call.is_rung_back else 'voice'}/{call.pk}{RETRY_OVERRIDES}",
        "status_callback": f"{settings.PUBLIC_URL}/twilio/status/{call.pk}{RETRY_OVERRIDES}",
        "status_callback_event": STATUS_EVENTS,
        "timeout": ring_backs.RING_S if call.is_rung_back else RING_S,
        # The last net under every other limit on a call's length.
        "time_limit": reserving.reserved_minutes(call.brief) * 60,
    }


def record(call: Call, answer: Answer) -> None:
    """Writes down what an order came to. A late answer never lowers what a callback has told since."""
    if isinstance(answer, Placed):
        report = Report(status=CallStatus.PLACED, at=timezone.now())
        if not services.take_report(call_id=call.pk, sid=answer.sid, report=report):
            hint("calls.hang_up", answer.sid)
    elif isinstance(answer, Refused):
        log.warning("call %s refused by the carrier: %s", call.pk, answer.code)
        services.refuse(call.pk, code=answer.code, sentence=answer.sentence)
    elif isinstance(answer, NotNow):
        _try_later(call, answer)
    else:
        log.warning("call %s: not known whether it was placed (%s)", call.pk, answer.why)
        services.doubt(call.pk, why=answer.why, ask_user_after=timedelta(seconds=settings.DIAL_UNKNOWN_AFTER_S))


def _try_later(call: Call, answer: NotNow) -> None:
    """Makes a new intent after a growing wait; in the end says that it did not work. Who is rung back is so once, or not at all."""
    if call.is_rung_back:
        services.refuse(call.pk, code=answer.code, sentence=NO_ROOM)
        return
    earlier = 0
    for error in Call.objects.filter(request=call.made_for.pk, attempt__lt=call.attempt).order_by("-attempt").values_list("error", flat=True):
        if not error.startswith("later:"):
            break
        earlier += 1
    if earlier >= len(POSTPONEMENTS_S):
        services.refuse(call.pk, code=answer.code, sentence=NO_ROOM)
        return
    until = timezone.now() + timedelta(seconds=POSTPONEMENTS_S[earlier])
    services.postpone(call.pk, code=answer.code, until=until, text=noop("The telephone company has no room for the call; trying again in a moment."))
