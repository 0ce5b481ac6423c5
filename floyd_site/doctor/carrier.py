"""Twilio: keys, our number, its webhooks, the clock, and whether Twilio can reach us."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from twilio.base.exceptions import TwilioException

from calls.telephony.client import make_client
from floyd_site import health
from floyd_site.doctor.finding import Finding, failed, not_checked, ok, warning

KEYS = "Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the first page of console.twilio.com."
FIX_WEBHOOKS = "python manage.py floyd doctor --fix"
#: Signed webhooks and one-time codes want clocks that agree.
MOST_SKEW_S = 30
REACH_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Where the carrier reports for our number."""

    voice: str
    text: str
    status: str


def wanted_webhooks() -> Webhooks:
    """As they must be, from PUBLIC_URL."""
    voice, text, status = (settings.PUBLIC_URL + reverse(f"twilio-{name}") for name in ("inbound-voice", "message", "inbound-status"))
    return Webhooks(voice=voice, text=text, status=status)


def set_webhooks(number: Any) -> Webhooks:
    """Points the number's webhooks at us and returns them as the carrier now has them."""
    wanted = wanted_webhooks()
    return _webhooks(
        number.update(
            voice_url=wanted.voice,
            voice_method="POST",
            sms_url=wanted.text,
            sms_method="POST",
            status_callback=wanted.status,
            status_callback_method="POST",
        )
    )


def _webhooks(number: Any) -> Webhooks:
    return Webhooks(voice=number.voice_url or "", text=number.sms_url or "", status=number.status_callback or "")


def own_number(client: Any) -> Any:
    """The carrier's record of TWILIO_NUMBER, or None when the account does not own it."""
    return next(iter(client.incoming_phone_numbers.list(phone_number=settings.TWILIO_NUMBER, limit=1)), None)


def webhooks_of(number: Any) -> Webhooks:
    """Where the number's webhooks point now."""
    return _webhooks(number)


def check_carrier() -> list[Finding]:
    """Keys, clock, number, webhooks."""
    if not settings.TWILIO_ACCOUNT_SID:
        return [failed("twilio keys", "not set", f"{KEYS} Without keys `make run` uses the sandbox.")]
    client = make_client(settings)
    try:
        answer = client.request("GET", f"https://api.twilio.com/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}.json")
        refused = _refusal(answer)
        if refused:
            return [refused]
        found = [ok("twilio keys", "accepted"), _clock(answer.headers or {})]
        return [*found, *_number(own_number(client))]
    except (TwilioException, OSError, ValueError) as error:
        fix = "Check this machine's way to the internet, and TWILIO_API_BASE if it is set."
        return [failed("twilio keys", f"Twilio does not answer: {type(error).__name__}", fix)]


def _refusal(answer: Any) -> Finding | None:
    if answer.status_code in (401, 403):
        return failed("twilio keys", "refused", KEYS)
    if answer.status_code != http.client.OK:
        return failed("twilio keys", f"Twilio answered {answer.status_code}", "See status.twilio.com; check TWILIO_ACCOUNT_SID.")
    status = json.loads(answer.text).get("status", "active")
    if status != "active":
        return failed("twilio keys", f"the account is {status}", "Open console.twilio.com and see what it wants.")
    return None


def _clock(headers: Any) -> Finding:
    date = {str(name).lower(): value for name, value in dict(headers).items()}.get("date")
    if not date:
        return not_checked("clock", "Twilio's answer has no date")
    skew_s = round((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    if abs(skew_s) > MOST_SKEW_S:
        return failed(
            "clock", f"{abs(skew_s)} s {'ahead of' if skew_s > 0 else 'behind'} Twilio's", "Let the machine's clock follow a time server (NTP)."
        )
    return ok("clock", f"within {max(1, abs(skew_s))} s of Twilio's")


def _number(number: Any) -> list[Finding]:
    if number is None:
        fix = "Set TWILIO_NUMBER to a number under Phone Numbers > Manage > Active numbers in console.twilio.com (E.164, +1…)."
        return [failed("number", "TWILIO_NUMBER is not one of this account's", fix)]
    able = number.capabilities or {}
    lacking = [word for word, key in (("calls", "voice"), ("text messages", "sms")) if not _capable(able, key)]
    if lacking:
        fix = "Buy a number with voice and SMS, and set TWILIO_NUMBER to it."
        return [failed("number", f"cannot do {' and '.join(lacking)}", fix)]
    found = [ok("number", "owned; calls and text messages")]
    now, wanted = _webhooks(number), wanted_webhooks()
    wrong = [name for name in ("voice", "text", "status") if getattr(now, name) != getattr(wanted, name)]
    if wrong:
        found.append(failed("webhooks", f"{', '.join(wrong)} do not point to {settings.PUBLIC_URL}", FIX_WEBHOOKS))
    else:
        found.append(ok("webhooks", f"point to {settings.PUBLIC_URL}"))
    return found


def _capable(capabilities: Any, key: str) -> bool:
    return bool(capabilities.get(key) if isinstance(capabilities, dict) else getattr(capabilities, key, False))


def check_public_url() -> list[Finding]:
    """Whether PUBLIC_URL leads to this very site over https."""
    url = settings.PUBLIC_URL
    if settings.TWILIO_API_BASE:
        return [not_checked("public address", f"the carrier at {settings.TWILIO_API_BASE} has its own way to {url}")]
    tunnel = "Start a tunnel to the web port (8000), set PUBLIC_URL to its https address, restart, then: " + FIX_WEBHOOKS
    if not url.startswith("https://"):
        return [failed("public address", f"PUBLIC_URL is {url}; Twilio opens streams over TLS only", tunnel)]
    try:
        with urllib.request.urlopen(f"{url}{health.PATH}", timeout=REACH_TIMEOUT_S) as answer:  # noqa: S310  https, checked above
            service = json.load(answer).get("service")
    except (urllib.error.URLError, http.client.HTTPException, ValueError, AttributeError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        return [failed("public address", f"{url} does not answer as Floyd: {reason}", tunnel)]
    if service != health.NAME:
        return [warning("public address", f"{url} answers, but not as Floyd", tunnel)]
    return [ok("public address", f"{url} reaches this site")]
