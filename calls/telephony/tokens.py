"""The token that a call's TwiML carries to the media process, so that nobody else can open its stream.

Single use is the database's part (`Call.token_used_at`); here is only whether a token belongs to a call.
"""

from __future__ import annotations

import base64
import hmac

from django.conf import settings


def stream_token(call_id: object, *, session: str = "") -> str:
    """Token of a call's socket: HMAC-SHA256 in URL-safe base 64, without padding.

    Args:
        session: the broken session that this socket goes on with; empty for the call's first.
    """
    named = f"stream:{call_id}:{session}" if session else f"stream:{call_id}"
    digest = hmac.digest(settings.SECRET_KEY.encode(), named.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def valid_stream_token(call_id: object, token: str, *, session: str = "") -> bool:
    """Whether `token` is that call's. Takes the same time for every wrong one."""
    return hmac.compare_digest(stream_token(call_id, session=session).encode(), token.encode(errors="replace"))
