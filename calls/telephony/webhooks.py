"""What the carrier posts to us. Signed or refused; stored, answered, processed. Nothing here waits for a model or the broker."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from calls.models import CONVERSATION_RELAY, Call, Direction
from calls.telephony import carrier_events as inbox
from calls.telephony import twiml
from calls.telephony.breaks import MOST_BREAKS, breaks_in, next_stream
from calls.telephony.signatures import valid_webhook
from requests_app.models import Message

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def from_carrier(view: View[Arguments]) -> View[Arguments]:
    """Lets only POSTs with our account's signature through: 403 and nothing else for any other. A malformed signed one is a 400."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not valid_webhook(request):
            return HttpResponse(status=403)
        try:
            return view(request, *args, **kwargs)
        except inbox.BadCallbackError:
            return HttpResponse(status=400)

    return checked


def xml(document: str) -> HttpResponse:
    """A document for the carrier."""
    return HttpResponse(document, content_type="text/xml")


@from_carrier
def voice(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """A call was answered: what now? Connects it to its media process; hangs up one that nobody wants."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        return HttpResponse(status=404)
    sid = request.POST.get("CallSid", "")
    event = inbox.store(kind=inbox.VOICE, sid=sid, key="answered", form=request.POST.dict(), about=call_id)
    if not inbox.process_or_leave(event):
        # Somebody is on the line: the carrier asks again at once, which is better than hanging up on them.
        return HttpResponse(status=503)
    return xml(twiml.connect(call, after=_after_stream(call)) if inbox.is_wanted(call_id, sid) else twiml.hang_up())


@from_carrier
def status(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """A call got somewhere: initiated, ringing, answered, ended."""
    if not Call.objects.filter(pk=call_id).exists():
        return HttpResponse(status=404)
    form = request.POST.dict()
    event = inbox.store(kind=inbox.STATUS, sid=form.get("CallSid", ""), key=inbox.status_key(form), form=form, about=call_id)
    inbox.process_or_leave(event)
    return HttpResponse(status=204)


@from_carrier
def stream(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """A media stream started, stopped or broke."""
    if not Call.objects.filter(pk=call_id).exists():
        return HttpResponse(status=404)
    form = request.POST.dict()
    key = f"{form.get('StreamEvent', '')} {form.get('StreamSid', '')}"
    inbox.process_or_leave(inbox.store(kind=inbox.STREAM, sid=form.get("CallSid", ""), key=key, form=form, about=call_id))
    return HttpResponse(status=204)


def _after_stream(call: Call) -> str:
    """Asked by the carrier when the stream of a call of ours has ended. A ConversationRelay line has an address of its own for that."""
    return "" if call.line == CONVERSATION_RELAY else f"{settings.PUBLIC_URL}/twilio/stream/{call.pk}/after"


@from_carrier
def after_stream(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The stream of a call of ours has ended: what now? One that broke is followed by another, so that the conversation goes on."""
    call = Call.objects.filter(pk=call_id, direction=Direction.OUTBOUND).first()
    if call is None:
        return HttpResponse(status=404)
    if not inbox.is_wanted(call_id, request.POST.get("CallSid", "")):
        return xml(twiml.hang_up())
    return xml(next_stream(call, breaks=breaks_in(request.GET.get("breaks", "0")), after=_after_stream(call)))


@from_carrier
def relay(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """A ConversationRelay session ended: what now? One that broke is followed by another, so that the conversation goes on; else the call is over."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        return HttpResponse(status=404)
    form, tries, after = request.POST.dict(), breaks_in(request.GET.get("tries", "")), request.GET.get("after", "")
    sid, session = form.get("CallSid", ""), form.get("SessionId", "")
    inbox.process_or_leave(inbox.store(kind=inbox.RELAY, sid=sid, key=session, form=form, about=call_id))
    broke = form.get("SessionStatus") == "failed" and tries < MOST_BREAKS
    if broke and inbox.is_wanted(call_id, sid):
        return xml(twiml.resume(call, broken=session, tries=tries + 1, after=after))
    return xml(twiml.go_on(after) if after else twiml.hang_up())


@from_carrier
def message(request: HttpRequest) -> HttpResponse:
    """Somebody sent Floyd a text message."""
    form = request.POST.dict()
    inbox.process_or_leave(inbox.store(kind=inbox.MESSAGE, sid=form.get("MessageSid", ""), key="received", form=form))
    return xml(twiml.nothing())


@from_carrier
def message_status(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """A text message of ours got somewhere."""
    if not Message.objects.filter(pk=message_id, outbound=True).exists():
        return HttpResponse(status=404)
    form = request.POST.dict()
    sid, key = form.get("MessageSid", ""), form.get("MessageStatus", "")
    inbox.process_or_leave(inbox.store(kind=inbox.MESSAGE_STATUS, sid=sid, key=key, form=form, about=message_id))
    return HttpResponse(status=204)
