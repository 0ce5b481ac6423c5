"""Listening in to a call: who may, for how long, and who does.

A signed-in person asks a web process, which checks the right, notes it and gives a ticket: where the call's media process is, and a token that
lets one browser in, once and within moments. The media process checks the right again while somebody listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from calls import services
from calls.access import get_call
from calls.listening_models import Listening
from calls.models import MEDIA_STREAM, REALTIME, Call, MediaNode
from calls.status import CallStatus
from context.devices import in_words
from context.models import User
from live.access import user_of_session
from live.publish import publish
from requests_app import services as requests_services
from requests_app.access import REASON_LENGTH, look_of
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.models import Event

#: From the ticket to the joining.
JOIN_WITHIN = timedelta(seconds=30)
_SIGNER = signing.TimestampSigner(salt="listen-in")
#: The lines whose sound passes through us.
AUDIBLE = frozenset({MEDIA_STREAM, REALTIME})
EVENT = "listening"
NOT_AUDIBLE = noop(
    "The sound of this call does not pass through Floyd, so nobody can listen in or take over, and it is not recorded. Its words stand here."
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Lets one browser in."""

    address: str
    token: str
    listening_id: UUID


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who listens. `own`: the call's user, who may also do something with it."""

    listening_id: UUID
    call_id: UUID
    user_id: int
    own: bool


def ask_to_listen(*, call: Call, user: User, session_key: str) -> Ticket:
    """A ticket for a call that this user may look at (see `access.get_call`).

    Raises:
        NotPossibleNow: nobody is on the line, or its sound does not pass through us.
    """
    if call.line not in AUDIBLE:
        raise NotPossibleNow(NOT_AUDIBLE)
    if call.status != CallStatus.IN_PROGRESS or not call.node:
        raise NotPossibleNow(noop("This call is not on the line."))
    look = look_of(user, call.made_for)
    reason = str(look.data.get("reason", ""))[:REASON_LENGTH] if look is not None else ""
    listening = Listening.objects.create(call=call, user=user, session_key=session_key, reason=reason)
    site = MediaNode.objects.filter(name=call.node).values_list("site", flat=True).first()
    return Ticket(address=f"{site or call.node}/listen", token=_SIGNER.sign(str(listening.pk)), listening_id=listening.pk)


@transaction.atomic
def admit(token: str) -> Admitted | None:
    """Lets the bearer of a token in: once, soon after it was given, and only who may still listen. Shown and logged from here on."""
    try:
        listening_id = UUID(_SIGNER.unsign(token, max_age=JOIN_WITHIN))
    except (signing.BadSignature, ValueError):
        return None
    listening = Listening.objects.select_related("user", "call__request").filter(pk=listening_id).first()
    if listening is None or services.lock(listening.call_id) is None or not may_listen(listening):
        return None
    if Listening.objects.filter(pk=listening.pk, joined_at=None, left_at=None).update(joined_at=Now()) != 1:
        return None
    call, own = listening.call, listening.call.user_id == listening.user_id
    _show(call)
    if not Listening.objects.filter(call=call, user=listening.user).exclude(pk=listening.pk).exclude(joined_at=None).exists():
        text = (
            noop("You listen in.")
            if own
            else noop("%(name)s, of Floyd's staff, listens in: %(reason)s") % {"name": listening.user.name, "reason": listening.reason}
        )
        requests_services.record_event(request_id=call.made_for.pk, kind=EVENT, text=text, data={"call": str(call.pk), "by": listening.user_id})
    return Admitted(listening.pk, call.pk, listening.user_id, own)


def goes_on(listening_id: UUID) -> bool:
    """Whether somebody who listens still may: the session lives, the account too, staff's look is still open."""
    listening = Listening.objects.select_related("user", "call__request").filter(pk=listening_id, left_at=None).first()
    return listening is not None and may_listen(listening)


def may_listen(listening: Listening) -> bool:
    """The right itself, asked anew from the session on."""
    user = user_of_session(listening.session_key)
    if user.pk != listening.user_id:
        return False
    try:
        get_call(user, listening.call_id)
    except NotFound:
        return False
    return True


@transaction.atomic
def left(listening_id: UUID) -> None:
    """Somebody stopped listening."""
    if Listening.objects.filter(pk=listening_id, left_at=None).update(left_at=Now(), session_key="") == 1:
        _show(Call.objects.get(listenings=listening_id))


def audience(call: Call) -> list[str]:
    """Names of who listens now, each once."""
    now = [one for one in call.listenings.all() if one.joined_at is not None and one.left_at is None]
    return list(dict.fromkeys(one.user.name if one.user_id == call.user_id else f"{one.user.name} (staff)" for one in now))


def speaks_from(call: Call) -> str:
    """The browser in which the user speaks for themselves, as its owner knows it: "Firefox on Android". Empty: it is not known any more."""
    taken = Event.objects.filter(request_id=call.made_for.pk, kind="take_over", data__call=str(call.pk)).order_by("pk").last()
    heard = Listening.objects.filter(call=call, pk=taken.data["microphone"]).first() if taken else None
    session = UserSession.objects.filter(user_id=call.user_id, session_key=heard.session_key).first() if heard and heard.session_key else None
    return in_words(session.user_agent) if session else ""


def _show(call: Call) -> None:
    publish(topics=services.topics_of(call), kind="call", ref=call.pk)
