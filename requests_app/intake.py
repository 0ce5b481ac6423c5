"""How a request comes in: checked, saved first, once per tap."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context.models import User
from context.user_lock import lock_user
from live.publish import publish
from requests_app.errors import Conflict, InvalidAsk
from requests_app.hints import hint
from requests_app.life import record_event, topics
from requests_app.models import Channel, Request
from requests_app.undo import open_undo

MAX_ASK_LENGTH = 2000
KEY_LENGTH = 120
#: The same words again within this time are the same tap.
DOUBLE_TAP = timedelta(seconds=10)
#: Selectors that pick an emoji's look, in the range in which text can be hidden.
HIDDEN_SELECTORS = range(0xE0000, 0xE0200)


def clean_ask(ask: object) -> str:
    """The ask as it is stored: visible text only, in NFC.

    Raises:
        InvalidAsk: empty, too long, or not text; the message tells the sender what to do.
    """
    if not isinstance(ask, str):
        raise InvalidAsk(noop("A request must be text."))
    if len(ask) > 4 * MAX_ASK_LENGTH:  # before any work on it
        raise _too_long(len(ask))
    text = unicodedata.normalize("NFC", ask.replace("\r\n", "\n").replace("\r", "\n"))
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if (category == "Cc" and character not in "\n\t") or category == "Cs" or character == "\ufffd":
            raise InvalidAsk(noop("This doesn't look like text. Please type or say what you want in words."))
        # Invisible characters (directions, joiners, tags, private ones) carry nothing a person meant, and can hide words from one.
        if category in {"Cf", "Co"} or ord(character) in HIDDEN_SELECTORS:
            continue
        kept.append(character)
    cleaned = "".join(kept).strip()
    if not any(character.isalnum() for character in cleaned):
        raise InvalidAsk(noop("The request is empty. Say what Floyd should do, for example: call the school, Mara is sick today."))
    if len(cleaned) > MAX_ASK_LENGTH:
        raise _too_long(len(cleaned))
    return cleaned


def _too_long(length: int) -> InvalidAsk:
    return InvalidAsk(
        noop("That is %(length)s characters; a request can have up to %(max_ask_length)s. Please say it more briefly.")
        % {"length": length, "max_ask_length": MAX_ASK_LENGTH}
    )


def create_request(*, user: User, ask: object, channel: Channel | str, client_key: str = "", parent: Request | None = None) -> Request:
    """Saves what a user wants, and has it picked up. See `take_request`."""
    return take_request(user=user, ask=ask, channel=channel, client_key=client_key, parent=parent)[0]


@transaction.atomic
def take_request(*, user: User, ask: object, channel: Channel | str, client_key: str = "", parent: Request | None = None) -> tuple[Request, bool]:
    """Saves what a user wants, and has it picked up.

    The same `client_key` gives the same request, however often and however many at once. Without a key, the same words
    again within ten seconds are a double tap and give the first request.

    Args:
        parent: the request that this one follows up.

    Returns:
        The request, and whether it is new.

    Raises:
        InvalidAsk: see `clean_ask`.
        Conflict: the key was used for another ask.
    """
    text, key = clean_ask(ask), client_key.strip()
    if len(key) > KEY_LENGTH or "\x00" in key:
        raise Conflict(f"An idempotency key is at most {KEY_LENGTH} characters of text.")
    # One at a time per user: whoever comes second sees what the first one saved.
    lock_user(user.pk)
    earlier = _earlier(user, text, key)
    if earlier is not None:
        return earlier, False
    request = Request.objects.create(user=user, ask=text, channel=Channel(channel), client_key=key, parent=parent)
    open_undo(request)
    record_event(request_id=request.pk, kind="created", text=noop("You asked Floyd."), data={"channel": request.channel})
    publish(topics=topics(request.pk, user.pk), kind="request", ref=request.pk)
    hint("requests.pick_up", request.pk)
    return request, True


def _earlier(user: User, text: str, key: str) -> Request | None:
    if key:
        known = Request.objects.filter(user=user, client_key=key).first()
        if known is not None and known.ask != text:
            raise Conflict("This key was already used for another request. Send a new key with a new request.")
        return known
    return Request.objects.filter(user=user, ask=text, created_at__gte=Now() - Value(DOUBLE_TAP)).order_by("pk").first()
