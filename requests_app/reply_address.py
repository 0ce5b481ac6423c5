"""Addresses to which a user answers: each names one question, signed, so that nobody can make one up.

`r-<question><signature>@domain`. Mail systems change the case of addresses as they please, so it is base 32.
"""

from __future__ import annotations

import base64
import hmac
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

MARK = "r-"
SIGNATURE_BYTES = 10
_SALT = "floyd.reply-address"


def _signature(question: bytes) -> bytes:
    return bytes(salted_hmac(_SALT, question, algorithm="sha256").digest()[:SIGNATURE_BYTES])


def local_part(question_id: UUID) -> str:
    """What stands before the @ of a question's address."""
    return MARK + base64.b32encode(question_id.bytes + _signature(question_id.bytes)).decode().rstrip("=").lower()


def reply_address(question_id: UUID) -> str:
    """The address at which a question can be answered; empty when Floyd gets no mail."""
    return f"{settings.MAIL_PREFIX}{local_part(question_id)}@{settings.MAIL_DOMAIN}" if settings.MAIL_DOMAIN else ""


def read_local_part(name: str) -> UUID | None:
    """The question that an address (without prefix and domain) names; None when it is none of ours."""
    if not name.startswith(MARK):
        return None
    code = name.removeprefix(MARK).upper()
    try:
        raw = base64.b32decode(code + "=" * (-len(code) % 8))
    except ValueError:
        return None
    question, signature = raw[:16], raw[16:]
    if len(question) != 16 or not hmac.compare_digest(signature, _signature(question)):
        return None
    found = UUID(bytes=question)
    # base32's last letter has bits that decode to nothing: only the one spelling we write is ours.
    return found if local_part(found) == name.lower() else None
