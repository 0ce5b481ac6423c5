"""Browsers that a user wants to be told on: asked for on the settings page, kept until they are gone."""

from __future__ import annotations

import base64
import re
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as noop
from py_vapid import Vapid02

from context.device_names import browser_and_system
from context.errors import KnowledgeError
from context.mail_models import PushSubscription
from context.models import User
from context.outside import OutsideError, door_to
from context.user_lock import lock_user

#: More devices than anybody has.
MOST = 20
ENDPOINT_LENGTH, DEVICE_LENGTH = 1000, 120


def public_key() -> str:
    """The key that browsers subscribe with, in base64url; empty when no private one is set."""
    if not settings.VAPID_PRIVATE_KEY:
        return ""
    point = Vapid02.from_string(settings.VAPID_PRIVATE_KEY).public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def device_name(agent: str) -> str:
    """A browser in words that its owner knows it by: Firefox on Android."""
    browser, system = browser_and_system(agent)
    return f"{browser or 'A browser'} on {system}"[:DEVICE_LENGTH] if system else browser or "A browser"


@transaction.atomic
def subscribe(*, user: User, endpoint: str, p256dh: str, auth: str, device: str) -> PushSubscription:
    """Notes a browser. One that was somebody else's (they signed out, this user signed in) changes hands.

    Raises:
        KnowledgeError: no push endpoint, keys that are none, or too many devices.
    """
    _check(endpoint, p256dh, auth)
    lock_user(user.pk)
    if PushSubscription.objects.filter(user=user).exclude(endpoint=endpoint).count() >= MOST:
        raise KnowledgeError(noop("Floyd tells at most %(most)s devices. Remove one first.") % {"most": MOST})
    fields = {"user": user, "p256dh": p256dh, "auth": auth, "device": device}
    return PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=fields)[0]


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        url = urlsplit(endpoint)
        port = url.port or 443
    except ValueError:
        url, port = urlsplit(""), 443
    host = url.hostname or ""
    allowed = url.scheme == "https" or (url.scheme == "http" and f"{host}:{port}" in settings.PRIVATE_HOSTS)
    if not allowed or not host or url.username or len(endpoint) > ENDPOINT_LENGTH or re.search(r"[\x00-\x20]", endpoint):
        raise KnowledgeError(noop("This browser gave no address of a push service."), field="endpoint")
    try:
        door_to(host, port)
    except OutsideError as error:
        raise KnowledgeError(str(error), field="endpoint") from None
    if not (_is_key(p256dh, 65) and _is_key(auth, 16)):
        raise KnowledgeError(noop("This browser gave no keys for notifications."), field="keys")


def _is_key(text: str, length: int) -> bool:
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)) == length
    except ValueError:
        return False


def forget(*, user: User, subscription_id: int) -> bool:
    """Tells a device nothing any more; False when it is none of the user's."""
    return bool(PushSubscription.objects.filter(user=user, pk=subscription_id).delete()[0])
