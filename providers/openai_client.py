"""What everything from OpenAI has in common: one warm client, and what its errors mean."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import httpx2
import openai
from aiohttp.http import HttpProcessingError

from providers.types import ProviderError

#: Idle connections are kept this long: a callee may talk for a minute between two replies, and a new handshake costs a round trip or three.
KEEP_ALIVE_S = 120.0
#: More than a process has calls.
MOST_CONNECTIONS = 1000
CONNECT_S = 3.0
READ_S = 20.0
#: Also covers the other side's end of a kept connection: the one retry is then immediate.
RETRIES = 1
#: Asking again with the same key, model and request gives the same answer.
PERMANENT = (
    openai.BadRequestError,
    openai.AuthenticationError,
    openai.PermissionDeniedError,
    openai.NotFoundError,
    openai.UnprocessableEntityError,
)
#: So do these, whichever way they come.
PERMANENT_CODES = frozenset({"insufficient_quota", "invalid_api_key", "invalid_prompt", "model_not_found"})


def make_client(settings: Any) -> openai.AsyncOpenAI:
    """The official client, pointed at OPENAI_BASE_URL. By its aiohttp transport a question is one write, and a word costs two thirds of the CPU."""
    if not settings.OPENAI_API_KEY:
        raise ProviderError("OPENAI_API_KEY is not set; get one at platform.openai.com/api-keys", permanent=True)
    return openai.AsyncOpenAI(
        api_key=settings.OPENAI_API_KEY,
        base_url=settings.OPENAI_BASE_URL,
        timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
        max_retries=RETRIES,
        http_client=openai.DefaultAioHttpClient(limits=httpx2.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=KEEP_ALIVE_S)),
    )


#: All that the client raises; what breaks off, or is no HTTP, comes as its libraries' own errors, an event that is no JSON as that of the reader.
ERRORS = (openai.OpenAIError, httpx2.HTTPError, aiohttp.ClientError, HttpProcessingError, json.JSONDecodeError)


def provider_error(what: str, error: Exception) -> ProviderError:
    """Our error for theirs. Their text stays out of it: it may quote what was said."""
    code = (error.code if isinstance(error, openai.APIError) else None) or ""
    permanent = isinstance(error, PERMANENT) or code in PERMANENT_CODES
    return ProviderError(f"{what}: {type(error).__name__} {code}".rstrip(), permanent=permanent)


def failure_in(what: str, failed: object) -> ProviderError:
    """Our error for one that an event of an answer tells of."""
    code = str((failed.get("code") if isinstance(failed, dict) else None) or "")[:40]
    return ProviderError(f"{what}: an error in the answer {code}".rstrip(), permanent=code in PERMANENT_CODES)


async def warm(client: openai.AsyncOpenAI, what: str) -> None:
    """Opens a connection (and finds out early that a key is refused)."""
    try:
        await client.with_options(timeout=CONNECT_S, max_retries=0).models.list()
    except ERRORS as error:
        raise provider_error(what, error) from error
