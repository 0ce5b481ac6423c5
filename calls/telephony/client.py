"""Twilio's official client, pointed where settings say."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

TIMEOUT_S = 10.0


class PointedHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Sends every request to one base address and names the intended host in `X-Twilio-Host`.

    The library can only leave its own hosts this way: `edge` and `region` stay within twilio.com.
    """

    def __init__(self, base: str, *, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """As the library's, with another scheme and host."""
        intended = urlsplit(url)
        kwargs["headers"] = {**(kwargs.get("headers") or {}), "X-Twilio-Host": intended.netloc}
        return super().request(method, intended._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl(), *args, **kwargs)


def make_client(settings: Any) -> Client:
    """A client for the account in the settings.

    It never repeats a request by itself, and gives up after ten seconds without an answer: what that means
    for a call that was being placed is decided in `calls.dialling`.
    """
    base = settings.TWILIO_API_BASE
    http = PointedHttpClient(base, timeout=TIMEOUT_S) if base else TwilioHttpClient(timeout=TIMEOUT_S)
    return Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=http)
