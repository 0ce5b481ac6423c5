"""Texts that carry a secret: sent at once and stored nowhere. In the outbox a code would stand on the user's pages, and prove nothing."""

from __future__ import annotations

import logging

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException

from calls.telephony.client import make_client

log = logging.getLogger(__name__)


def text_at_once(number: str, body: str) -> bool:
    """Texts `number` (E.164). False when it is not certain that the carrier took the text: then another one can be asked for."""
    if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_NUMBER):
        return False
    try:
        make_client(settings).messages.create(to=number, from_=settings.TWILIO_NUMBER, body=body)
    except (TwilioException, requests.RequestException, ValueError) as error:
        log.warning("a code could not be texted: %s", getattr(error, "code", None) or type(error).__name__)
        return False
    return True
