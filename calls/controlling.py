"""What a user does with a call of theirs while it goes on: has keys pressed, hangs up, speaks for themselves.

Each action is a line on the request's timeline, written after the right to it was checked; the process that has the call reads it from there.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from calls import services
from calls.conversation.controlling import MOST_PRESSES, clean_keys
from calls.conversation.taking_over import MOST_TAKE_OVERS
from calls.listening_models import Listening
from calls.models import Call, Direction
from calls.status import CallStatus
from context.models import User
from live.publish import poke
from requests_app import services as requests_services
from requests_app.access import own_request
from requests_app.errors import InvalidAsk, NotFound, NotPossibleNow
from requests_app.models import Event

#: Presses that come so soon after each other are one.
DOUBLE_CLICK = timedelta(seconds=1.5)


class Control(StrEnum):
    """Kinds of such lines."""

    PRESS_KEYS = "press_keys"
    HANG_UP = "hang_up"
    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"


@transaction.atomic
def press_keys(*, call_id: UUID | str, user: User, keys: str) -> Event:
    """Has keys pressed on the line.

    Raises:
        NotFound: not a call of this user's.
        InvalidAsk: there is no key in it.
        NotPossibleNow: nobody is on the line, or enough was pressed.
    """
    call = _own_call_on(call_id, user)
    pressed = clean_keys(keys)
    if not pressed:
        raise InvalidAsk(noop("Type digits, * or #."))
    if _lines_of(call, Control.PRESS_KEYS) >= MOST_PRESSES:
        raise NotPossibleNow(noop("That were many keys for one call. Hang up if it goes wrong."))
    return _record(call, Control.PRESS_KEYS, noop("You pressed %(pressed)s.") % {"pressed": pressed}, keys=pressed)


@transaction.atomic
def hang_up(*, call_id: UUID | str, user: User) -> Event:
    """Ends the call, with a goodbye. The request is not cancelled: it is summed up by what was said. A second time does not wait for the goodbye;
    the second half of a double click is no second time.

    Raises:
        NotFound: not a call of this user's.
        NotPossibleNow: nobody is on the line.
    """
    call = _own_call_on(call_id, user)
    if (just_now := _events_of(call, Control.HANG_UP).filter(created_at__gt=Now() - DOUBLE_CLICK).first()) is not None:
        return just_now
    again = _events_of(call, Control.HANG_UP).exists()
    return _record(call, Control.HANG_UP, noop("You hung up at once.") if again else noop("You hung up."))


@transaction.atomic
def take_over(*, call_id: UUID | str, user: User, listening_id: UUID | str) -> Event:
    """Has the user speak for themselves. Floyd says first who joins; until that was heard nobody is let in.

    Args:
        listening_id: of the browser whose microphone it is, which listens in.

    Raises:
        NotFound: not a call of this user's, or not a browser of theirs that listens to it.
        NotPossibleNow: nobody is on the line, or it was taken over often enough.
    """
    call = _own_call_on(call_id, user)
    try:
        there = Listening.objects.filter(pk=listening_id, call=call, user=user, left_at=None).exclude(joined_at=None).exists()
    except (ValidationError, ValueError):
        there = False
    if not there:
        raise NotFound(noop("Listen in first: what they say comes that way."))
    if _lines_of(call, Control.TAKE_OVER) >= MOST_TAKE_OVERS:
        raise NotPossibleNow(noop("You have taken this call over often enough. Tell Floyd what to say, or hang up."))
    return _record(call, Control.TAKE_OVER, noop("You take the call over."), microphone=str(listening_id))


@transaction.atomic
def give_back(*, call_id: UUID | str, user: User) -> Event:
    """Gives the call back to Floyd.

    Raises:
        NotFound: not a call of this user's.
        NotPossibleNow: nobody is on the line, or the user never took it over.
    """
    call = _own_call_on(call_id, user)
    last = Event.objects.filter(request_id=call.made_for.pk, kind__in=[Control.TAKE_OVER, Control.GIVE_BACK], data__call=str(call.pk)).last()
    if last is None or last.kind != Control.TAKE_OVER:
        raise NotPossibleNow(noop("Floyd has this call."))
    return _record(call, Control.GIVE_BACK, noop("You gave the call back to Floyd."))


def _own_call_on(call_id: UUID | str, user: User) -> Call:
    """The user's own call, locked, while somebody is on the line."""
    call = services.lock(call_id)
    if call is None or call.direction != Direction.OUTBOUND or call.user_id != user.pk:
        raise NotFound(noop("There is no such call."))
    own_request(user, call.made_for.pk)
    if call.status != CallStatus.IN_PROGRESS:
        raise NotPossibleNow(noop("This call is not on the line."))
    return call


def _lines_of(call: Call, kind: Control) -> int:
    return _events_of(call, kind).count()


def _events_of(call: Call, kind: Control) -> QuerySet[Event]:
    return Event.objects.filter(request_id=call.made_for.pk, kind=kind, data__call=str(call.pk))


def _record(call: Call, kind: Control, text: str, **data: Any) -> Event:
    event = requests_services.record_event(request_id=call.made_for.pk, kind=kind, text=text, data={"call": str(call.pk), **data})
    poke(f"call.{call.pk}", {"type": "call.poke", "what": "told", "call_id": str(call.pk)})
    return event
