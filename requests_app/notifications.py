"""Sends the outbox's notifications to the browsers of their user (Web Push, RFC 8030, with VAPID, RFC 8292)."""

from __future__ import annotations

import json
import logging
from enum import Enum, auto
from urllib.parse import urlsplit
from uuid import UUID

import urllib3
from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop
from py_vapid import Vapid02
from pywebpush import WebPusher, WebPushException

from context.kept_words import said, speaking
from context.mail_models import PushSubscription
from context.models import User
from context.outside import OutsideError, door_to
from requests_app.models import Message, MessageStatus, Way
from requests_app.outbox import claim, give_back, settle

log = logging.getLogger(__name__)

M = MessageStatus
NO_BROWSER = "no-browser"
TIMEOUT = urllib3.Timeout(connect=5, read=10)
#: A question of a call that is on is of no use later; other news is kept for browsers that are off.
URGENT_TTL_S, TTL_S = 120, 12 * 3600
WORDS = 200
GENERIC = {True: noop("Floyd has a question for you."), False: noop("Floyd has news for you.")}
GONE = frozenset({404, 410})


class Fate(Enum):
    """What became of one notification at one push service."""

    TAKEN = auto()
    GONE = auto()
    REFUSED = auto()
    NOT_NOW = auto()


def send(message_id: UUID | str) -> None:
    """Sends a notification of the outbox to every browser of its user. Safe to run any number of times at once.

    A browser shows the same notification once, however often it comes (by its tag), so what was not taken is tried again.
    """
    message = claim(message_id, Way.PUSH)
    if message is None or message.user is None:
        return
    payload = json.dumps(payload_of(message, message.user)).encode()
    fates = [_push(subscription, payload, message) for subscription in PushSubscription.objects.filter(user=message.user)]
    if Fate.TAKEN in fates:
        settle(message, M.SENT)
    elif Fate.NOT_NOW in fates:
        give_back(message)
    else:
        settle(message, M.FAILED, error_code=NO_BROWSER)


def payload_of(message: Message, user: User) -> dict[str, str]:
    """What the browser shows. Floyd's words only when the user wants them on a locked screen."""
    with speaking(user):
        words = message.body[:WORDS] if user.push_says_what else said(GENERIC[message.question_id is not None])
    return {"title": "Floyd", "body": words, "url": message.link or "/", "tag": str(message.question_id or message.request_id or message.pk)}


def _push(subscription: PushSubscription, payload: bytes, message: Message) -> Fate:
    try:
        status = _post(subscription, payload, message)
    except OutsideError as error:
        status = 410 if error.permanent else 503
    except (urllib3.exceptions.HTTPError, OSError) as error:
        log.info("push subscription %s: %s", subscription.pk, type(error).__name__)
        return Fate.NOT_NOW
    except (WebPushException, ValueError):
        status = 410  # keys that are none
    if 200 <= status < 300:
        PushSubscription.objects.filter(pk=subscription.pk).update(used_at=Now())
        return Fate.TAKEN
    if status in GONE:
        subscription.delete()
        return Fate.GONE
    log.warning("push subscription %s: the service answered %s", subscription.pk, status)
    return Fate.NOT_NOW if status == 429 or status >= 500 else Fate.REFUSED


def _post(subscription: PushSubscription, payload: bytes, message: Message) -> int:
    """One POST to the push service, to an address that was judged, with no redirect followed and no answer read."""
    url = urlsplit(subscription.endpoint)
    door = door_to(url.hostname or "", url.port or 443)
    info = {"endpoint": subscription.endpoint, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}}
    body = WebPusher(info).encode(payload)["body"]
    headers = {
        "Host": url.netloc,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(URGENT_TTL_S if message.urgent else TTL_S),
        "Urgency": "high" if message.urgent else "normal",
        **_authorization(f"{url.scheme}://{url.netloc}"),
    }
    if door.is_private:
        pool = urllib3.HTTPConnectionPool(door.address, door.port)
    else:
        pool = urllib3.HTTPSConnectionPool(door.address, door.port, server_hostname=door.host, assert_hostname=door.host)
    target = url.path + (f"?{url.query}" if url.query else "")
    with pool:
        answer = pool.urlopen("POST", target, body, headers, retries=False, redirect=False, timeout=TIMEOUT, preload_content=False)
        answer.close()
        return int(answer.status)


def _authorization(audience: str) -> dict[str, str]:
    subject = settings.VAPID_SUBJECT or (f"mailto:{settings.MAIL_FROM}" if settings.MAIL_FROM else settings.SITE_URL)
    signed = Vapid02.from_string(settings.VAPID_PRIVATE_KEY).sign({"sub": subject, "aud": audience})
    return {"Authorization": signed["Authorization"]}
