"""Whether a request really comes from the carrier: `X-Twilio-Signature` over the address that the carrier was given.

The address is built from the configured public one, never from `Host` or forwarded headers, which anyone can send.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from twilio.request_validator import RequestValidator

log = logging.getLogger(__name__)


def valid_webhook(request: HttpRequest) -> bool:
    """Whether a webhook is signed by our account. A missing signature or an unreadable body is simply not valid."""
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signature or not settings.TWILIO_AUTH_TOKEN:
        return False
    try:
        form = request.POST
    except (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError) as error:
        log.warning("unreadable webhook body: %s", type(error).__name__)
        return False
    query = request.META.get("QUERY_STRING", "")
    url = f"{settings.PUBLIC_URL}{_raw_path(request)}{'?' if query else ''}{query}"
    return bool(RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(url, form, signature))


def valid_upgrade(path: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a WebSocket handshake is signed by our account.

    Args:
        path: of the socket, e.g. `/media`.
        headers: as in an ASGI scope, names in lower case.

    The carrier signs the stream's `url` as written in the TwiML; it is reported to add a slash at times, so both forms count.
    """
    signature = dict(headers).get(b"x-twilio-signature", b"").decode("latin-1")
    if not signature or not settings.TWILIO_AUTH_TOKEN:
        return False
    validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)
    address = f"{settings.MEDIA_NODE}{path.rstrip('/')}"
    return any(validator.validate(url, {}, signature) for url in (address, f"{address}/"))


def _raw_path(request: HttpRequest) -> str:
    """The path as it stood on the wire; Django's own is decoded and may be encoded again in another way."""
    scope = getattr(request, "scope", None)
    if scope and scope.get("raw_path"):
        return str(scope["raw_path"].split(b"?", 1)[0].decode("latin-1"))
    return request.get_full_path().split("?", 1)[0]
