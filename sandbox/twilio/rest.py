"""The REST interface's frame: who may ask, what every answer carries, and the resources around calls and texts."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from hmac import compare_digest

from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.faults import Fault
from sandbox.settings import Settings
from sandbox.twilio import wire
from sandbox.twilio.errors import TwilioError, bad_request, internal, not_found, too_many_requests, unauthorized

log = logging.getLogger("sandbox.rest")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOSTS = {"/2010-04-01": "api.twilio.com", "/v2": "lookups.twilio.com"}


def frame(settings: Settings, prefix: str) -> Middleware:
    """Middleware: checks the product host and Basic authentication, and writes errors as the carrier does."""

    @web.middleware
    async def framed(request: web.Request, handler: Handler) -> web.StreamResponse:
        began = time.monotonic()
        try:
            if request.headers.get("X-Twilio-Host", HOSTS[prefix]) != HOSTS[prefix]:
                raise not_found(request.path)
            _authenticate(request, settings)
            response = await handler(request)
        except TwilioError as error:
            response = web.json_response(error.body(), status=error.status)
            if error.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        except web.HTTPNotFound:
            response = web.json_response(not_found(request.path).body(), status=404)
        except web.HTTPMethodNotAllowed:
            response = web.json_response(TwilioError(405, 20004, "Method not allowed").body(), status=405)
        response.headers["Date"] = formatdate(usegmt=True)
        response.headers["Twilio-Request-Id"] = wire.sid("RQ")
        response.headers["Twilio-Concurrent-Requests"] = "1"
        response.headers["Twilio-Request-Duration"] = f"{time.monotonic() - began:.3f}"
        return response

    return framed


def _authenticate(request: web.Request, settings: Settings) -> None:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        raise unauthorized()
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise unauthorized() from None
    if name != settings.account_sid or not compare_digest(secret.encode(), settings.auth_token.encode()):
        raise unauthorized()
    account = request.match_info.get("account")
    if account is not None and account != settings.account_sid:
        raise not_found(request.path)


async def before(fault: Fault | None) -> None:
    """The faults that happen before anything is done: nothing was placed or sent."""
    if fault is None:
        return
    if fault.mode == "429":
        raise too_many_requests()
    if fault.mode == "refused":
        raise bad_request(21216, "Account not allowed to call this number.")
    if fault.mode == "500":
        raise internal()


async def after(fault: Fault | None, request: web.Request) -> None:
    """The faults that happen when all is done and only the answer is missing."""
    if fault is None:
        return
    if fault.mode == "slow":
        await asyncio.sleep(fault.milliseconds("ms", 30_000) / 1000)
    if fault.mode == "500_but_placed":
        raise internal()
    if fault.mode == "lost_reply" and request.transport is not None:
        request.transport.close()


def account_resource(settings: Settings) -> dict[str, object]:
    """The account."""
    uri = f"/{wire.API_VERSION}/Accounts/{settings.account_sid}"
    return {
        "sid": settings.account_sid,
        "friendly_name": "Sandbox",
        "status": "active",
        "type": "Full",
        "auth_token": settings.auth_token,
        "owner_account_sid": settings.account_sid,
        "date_created": "Fri, 20 Nov 2026 10:00:00 +0000",
        "date_updated": "Fri, 20 Nov 2026 10:00:00 +0000",
        "uri": f"{uri}.json",
        "subresource_uris": {"calls": f"{uri}/Calls.json", "messages": f"{uri}/Messages.json"},
    }
