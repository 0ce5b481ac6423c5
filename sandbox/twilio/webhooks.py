"""Signed requests to the application: signed for its public address, sent to where that address lies on this machine.

https://www.twilio.com/docs/usage/security and https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

Params = dict[str, str]
TIMEOUT_MS = 15_000
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class WebhookError(Exception):
    """Warning 11200: the application could not be reached, or answered with something else than 2xx."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.code = 11200
        self.message = message


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Overrides:
    """How often and when a request is repeated, from the address's fragment (`#rc=3&rp=all`)."""

    retries: int = 1
    on_status: bool = False
    on_read_timeout: bool = False
    read_timeout_ms: int = TIMEOUT_MS

    @classmethod
    def of(cls, fragment: str) -> Overrides:
        """Reads a fragment; what is malformed or unknown is ignored, as the carrier does."""
        fields = {name: values[-1] for name, values in parse_qs(fragment).items()}
        policies = set(fields.get("rp", "ct").split(","))
        count, read = fields.get("rc", ""), fields.get("rt", "")
        return cls(
            retries=min(int(count), 5) if count.isdigit() else 1,
            on_status=bool(policies & {"all", "4xx", "5xx"}),
            on_read_timeout=bool(policies & {"all", "rt"}),
            read_timeout_ms=min(int(read), TIMEOUT_MS) if read.isdigit() and int(read) >= 100 else TIMEOUT_MS,
        )


class HostMap:
    """Public host names and where they lie here. Nothing else is ever dialled: the sandbox stays on this machine.

    Args:
        hosts: name → "host:port".
    """

    def __init__(self, hosts: dict[str, str]) -> None:
        self._hosts = hosts

    def local(self, url: str) -> str:
        """The address to dial for a public URL, without its fragment; raises WebhookError for a name that is not mapped."""
        parts = urlsplit(url)
        scheme = {"wss": "ws", "https": "http"}.get(parts.scheme, parts.scheme)
        address = self._hosts.get(parts.netloc) or self._hosts.get(parts.hostname or "")
        if address is None:
            if parts.hostname not in LOCAL_HOSTS:
                raise WebhookError(f"The host {parts.hostname} is not known here; map it with --host-map {parts.hostname}=127.0.0.1:PORT")
            address = parts.netloc
        return parts._replace(scheme=scheme, netloc=address, fragment="").geturl()


class Webhooks:
    """Sends signed requests.

    Args:
        auth_token: signs (HMAC-SHA1 over address and sorted fields).
        hosts: where public names lie.
    """

    def __init__(self, auth_token: str, hosts: HostMap) -> None:
        self._validator = RequestValidator(auth_token)
        self._hosts = hosts
        self._session: aiohttp.ClientSession | None = None

    def signature(self, url: str, params: Params) -> str:
        """`X-Twilio-Signature` of a request to `url`."""
        return str(self._validator.compute_signature(url, params))

    async def request(self, method: str, url: str, params: Params, *, forged: bool = False) -> Answer:
        """One webhook with its repeats; any HTTP answer is an answer. Raises WebhookError when none came.

        Args:
            forged: send a signature that does not fit.
        """
        overrides = Overrides.of(urlsplit(url).fragment)
        token = str(uuid.uuid4())
        attempt = 0
        while True:
            try:
                answer = await self._once(method, url, params, (token, forged, overrides.read_timeout_ms / 1000))
                if answer.status < 400 or not overrides.on_status or attempt >= overrides.retries:
                    return answer
            except (TimeoutError, aiohttp.ClientError) as error:
                slow = isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError)
                if attempt >= overrides.retries or (slow and not overrides.on_read_timeout):
                    raise WebhookError(f"{method} {url}: {type(error).__name__}") from None
            attempt += 1
            await asyncio.sleep(0.1 * attempt)

    async def _once(self, method: str, url: str, params: Params, how: tuple[str, bool, float]) -> Answer:
        token, forged, timeout_s = how
        public = urlsplit(url)._replace(fragment="").geturl()
        local = self._hosts.local(url)
        arguments: dict[str, Any] = {}
        if method == "GET":
            joined = urlencode(params)
            public, local = (f"{address}{'&' if '?' in address else '?'}{joined}" for address in (public, local))
            signature = self.signature(public, {})
        else:
            arguments["data"] = urlencode(params)
            signature = self.signature(public, params)
        headers = {
            "Host": urlsplit(public).netloc,
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": signature if not forged else signature[::-1],
            "I-Twilio-Idempotency-Token": token,
            "X-Home-Region": "us1",
        }
        if method != "GET":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        limit = aiohttp.ClientTimeout(total=timeout_s, sock_connect=5)
        async with self._opened().request(
            method, URL(local, encoded=True), headers=headers, timeout=limit, allow_redirects=False, **arguments
        ) as response:
            return Answer(response.status, response.content_type, await response.read())

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A connection each: callbacks must be able to overtake one another, and a restarted application must not meet a dead one.
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=50))
        return self._session

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
