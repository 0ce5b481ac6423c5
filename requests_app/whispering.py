"""What a user says to Floyd while it is on the phone for them: kept on the request's timeline, read from there by whoever has the call."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.models import User
from live.publish import poke
from requests_app.access import own_request
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.life import EVENT_TEXT_LENGTH, record_event
from requests_app.models import Event, Request
from requests_app.status import Status

#: The kind of the timeline's line; the media process reads them by it.
WHISPER = "whisper"
MOST_WHISPERS = 20
#: The same words so soon are the second click on one button.
SECOND_CLICK = timedelta(seconds=5)


@transaction.atomic
def whisper(*, request_id: UUID | str, user: User, text: str) -> Event:
    """Tells Floyd something while it calls (or rings): an instruction that it weaves into its next reply. It grants nothing.
    A second click says nothing again.

    Raises:
        NotFound: not this user's request.
        InvalidAsk: nothing was said, or too much.
        NotPossibleNow: Floyd is not on the phone for it, or was told enough.
    """
    own_request(user, request_id)
    text = " ".join(text.replace("\0", "").split())
    if not text or len(text) > EVENT_TEXT_LENGTH:
        raise InvalidAsk(noop("Tell Floyd something in at most %(event_text_length)s characters.") % {"event_text_length": EVENT_TEXT_LENGTH})
    request = Request.objects.select_for_update(no_key=True, of=("self",)).get(pk=request_id)
    if request.status != Status.CALLING:
        raise NotPossibleNow(noop("Floyd is not on the phone for this request."))
    last = Event.objects.filter(request=request, kind=WHISPER).order_by("seq").last()
    if last is not None and last.text == text and last.created_at > timezone.now() - SECOND_CLICK:
        return last
    if Event.objects.filter(request=request, kind=WHISPER).count() >= MOST_WHISPERS:
        raise NotPossibleNow(noop("You have told Floyd a lot in this call. Stop it if it goes wrong."))
    event = record_event(request_id=request.pk, kind=WHISPER, text=text)
    for call_id in request.calls.filter(ended_at=None).values_list("pk", flat=True):
        poke(f"call.{call_id}", {"type": "call.poke", "what": "told", "call_id": str(call_id)})
    return event
