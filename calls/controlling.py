"""What a user does with a call of theirs while it goes on: has keys pressed, hangs up.

Each action is a line on the request's timeline, written after the right to it was checked; the process that has the call reads it from there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction

from calls import services
from calls.conversation.controlling import MOST_PRESSES, clean_keys
from calls.models import Call, Direction
from calls.status import CallStatus
from context.models import User
from live.publish import poke
from requests_app import services as requests_services
from requests_app.access import own_request
from requests_app.errors import InvalidAsk, NotFound, NotPossibleNow
from requests_app.models import Event


class Control(StrEnum):
    """Kinds of such lines."""

    PRESS_KEYS = "press_keys"
    HANG_UP = "hang_up"


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
        raise InvalidAsk("Type digits, * or #.")
    if _lines_of(call, Control.PRESS_KEYS) >= MOST_PRESSES:
        raise NotPossibleNow("That were many keys for one call. Hang up if it goes wrong.")
    return _record(call, Control.PRESS_KEYS, f"You pressed {pressed}.", keys=pressed)


@transaction.atomic
def hang_up(*, call_id: UUID | str, user: User) -> Event:
    """Ends the call, with a goodbye. The request is not cancelled: it is summed up by what was said. A second time does not wait for the goodbye.

    Raises:
        NotFound: not a call of this user's.
        NotPossibleNow: nobody is on the line.
    """
    call = _own_call_on(call_id, user)
    again = _lines_of(call, Control.HANG_UP)
    return _record(call, Control.HANG_UP, "You hung up at once." if again else "You hung up.")


def _own_call_on(call_id: UUID | str, user: User) -> Call:
    """The user's own call, locked, while somebody is on the line."""
    call = services.lock(call_id)
    if call is None or call.direction != Direction.OUTBOUND or call.user_id != user.pk:
        raise NotFound("There is no such call.")
    own_request(user, call.made_for.pk)
    if call.status != CallStatus.IN_PROGRESS:
        raise NotPossibleNow("This call is not on the line.")
    return call


def _lines_of(call: Call, kind: Control) -> int:
    return Event.objects.filter(request_id=call.made_for.pk, kind=kind, data__call=str(call.pk)).count()


def _record(call: Call, kind: Control, text: str, **data: Any) -> Event:
    event = requests_services.record_event(request_id=call.made_for.pk, kind=kind, text=text, data={"call": str(call.pk), **data})
    poke(f"call.{call.pk}", {"type": "call.poke", "what": "told", "call_id": str(call.pk)})
    return event
