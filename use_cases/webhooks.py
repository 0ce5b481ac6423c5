"""What the carrier asks when somebody rings a number of ours. Signed or refused; answered within the carrier's time, whatever happens."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict

from calls.models import RUNG_BACK, Call, Direction
from calls.status import OPEN
from calls.telephony import carrier_events as inbox
from calls.telephony import twiml
from calls.telephony.breaks import breaks_in
from calls.telephony.webhooks import from_carrier, xml
from use_cases import answering, handing_off, missed, ringing_back
from use_cases.caller_number import is_forged, is_telephone
from use_cases.models import HandOff

log = logging.getLogger(__name__)

#: Asked again so often, a few seconds apart.
MOST_TRIES = 5


@from_carrier
def voice(request: HttpRequest) -> HttpResponse:
    """Somebody rings. Connects them; who cannot be connected hears why."""
    form = request.POST
    sid, tries = form.get("CallSid", ""), _tries(request)
    if not inbox.SID.match(sid):
        raise inbox.BadCallbackError("no sid")
    try:
        attested = form.get("StirVerstat", "")
        call = answering.take_call(sid=sid, from_=form.get("From", ""), to=form.get("To", ""), attested=attested)
        return xml(_document_for(call))
    except answering.AllBusyError:
        return xml(twiml.all_busy())
    except answering.NotAnsweredError as error:
        log.info("a call is not taken: %s", error)
        return xml(twiml.inbound_not_taken())
    except OperationalError as error:
        log.warning("the database is slow, try %d: %s", tries, type(error).__name__)
        if tries < MOST_TRIES:
            return xml(twiml.hold_and_ask_again(f"{settings.PUBLIC_URL}/twilio/voice?try={tries + 1}", first=tries == 1))
        return xml(twiml.cannot_answer(texts=_is_told_later(form)))


def _document_for(call: Call) -> str:
    if call.status not in OPEN:
        return twiml.hang_up()
    return twiml.connect(call, after=f"{settings.PUBLIC_URL}/twilio/after/{call.pk}")


def _is_told_later(form: QueryDict) -> bool:
    """Whether a caller whom we could not answer gets a text when it works again."""
    from_ = form.get("From", "")
    if not is_telephone(from_) or is_forged(form.get("StirVerstat", "")):
        return False
    return missed.note(sid=form.get("CallSid", ""), from_=from_, to=form.get("To", ""))


def _tries(request: HttpRequest) -> int:
    text = request.GET.get("try", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else MOST_TRIES


@from_carrier
def after(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The line let go of a call that may still be on: a person takes over, or it ends."""
    call = Call.objects.filter(pk=call_id, direction=Direction.INBOUND, carrier_sid=request.POST.get("CallSid", "")).first()
    if call is None:
        return HttpResponse(status=404)
    return xml(handing_off.after_line(call, breaks=breaks_in(request.GET.get("breaks", "0"))))


@from_carrier
def whisper(_request: HttpRequest, hand_off_id: int) -> HttpResponse:
    """A person picked up, to whom a call is handed: what they hear first."""
    asked = HandOff.objects.filter(pk=hand_off_id).first()
    return HttpResponse(status=404) if asked is None else xml(handing_off.whisper(asked))


@from_carrier
def taken(request: HttpRequest, hand_off_id: int) -> HttpResponse:
    """The person who picked up pressed a key."""
    asked = HandOff.objects.filter(pk=hand_off_id).first()
    return HttpResponse(status=404) if asked is None else xml(handing_off.pressed(asked, request.POST.get("Digits", "")))


@from_carrier
def dialled(request: HttpRequest, hand_off_id: int) -> HttpResponse:
    """A person's phone was dialled: they have talked, or did not take the call."""
    asked = HandOff.objects.filter(pk=hand_off_id, call__carrier_sid=request.POST.get("CallSid", "")).first()
    if asked is None:
        return HttpResponse(status=404)
    # Who was put through may have hung up meanwhile: then there is nobody to come back.
    gone = request.POST.get("CallStatus") == "completed"
    return xml(handing_off.dialled(asked, bridged=request.POST.get("DialBridged", "true") != "false", gone=gone))


@from_carrier
def rung_back(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Somebody whom Floyd calls back picked up."""
    call = Call.objects.filter(RUNG_BACK, pk=call_id).first()
    if call is None:
        return HttpResponse(status=404)
    sid = request.POST.get("CallSid", "")
    event = inbox.store(kind=inbox.VOICE, sid=sid, key="answered", form=request.POST.dict(), about=call_id)
    if not inbox.process_or_leave(event):
        return HttpResponse(status=503)  # the carrier asks again at once
    return xml(ringing_back.announce(call) if inbox.is_wanted(call_id, sid) else twiml.hang_up())


@from_carrier
def rung_back_keyed(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Somebody whom Floyd calls back pressed a key."""
    call = Call.objects.filter(RUNG_BACK, pk=call_id).first()
    if call is None:
        return HttpResponse(status=404)
    wanted = inbox.is_wanted(call_id, request.POST.get("CallSid", ""))
    return xml(ringing_back.keyed(call, request.POST.get("Digits", "")) if wanted else twiml.hang_up())


@from_carrier
def status(request: HttpRequest) -> HttpResponse:
    """Somebody's call to our number ended. What is not one of our rows is not kept."""
    form = request.POST.dict()
    sid = form.get("CallSid", "")
    call = Call.objects.filter(carrier_sid=sid, direction=Direction.INBOUND).only("pk").first()
    if call is not None:
        inbox.process_or_leave(inbox.store(kind=inbox.STATUS, sid=sid, key=inbox.status_key(form), form=form, about=call.pk))
    return HttpResponse(status=204)
