"""A sandbox of its own for each test, an application it calls, and the official client pointed at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from sandbox.people import Behaviour, PersonSpec, Say
from sandbox.people.spec import Rule, State
from sandbox.program import Running, sandbox
from sandbox.settings import Settings
from tests.sandbox.twilio.application import TOKEN, Application, application

ACCOUNT = "AC" + "1" * 32
FLOYD, SECOND, TOM = "+15195550199", "+15195550198", "+15195550142"
FLORIST, BUSY, ABSENT, NOBODY, SILENT = "+15195550117", "+15195550101", "+15195550102", "+15195550103", "+15195550104"


def person(number: str, name: str, behaviour: Behaviour = Behaviour.SCRIPT, *, says: str = "", silence_ms: int = 60_000) -> PersonSpec:
    listening = State("listening", (Say(says),) if says else (), otherwise=Rule(say=(Say("Pardon?"),)), silence_ms=silence_ms)
    return PersonSpec(number, name, {"listening": listening}, "listening", behaviour=behaviour, ring_ms=50, answer_ms=0, think_ms=0)


def cast() -> dict[str, PersonSpec]:
    people = [
        person(FLORIST, "Sweet Violet's", says="Hello, flowers."),
        person(BUSY, "Busy Garage", Behaviour.BUSY),
        person(ABSENT, "Nobody Home", Behaviour.NO_ANSWER),
        person(SILENT, "Silent Flowers"),
    ]
    return {spec.number: spec for spec in people}


class Pointed(TwilioHttpClient):  # type: ignore[misc]
    """As the product does it: another address, the intended host in a header."""

    def __init__(self, port: int) -> None:
        super().__init__(timeout=10)
        self._port = port

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        intended = urlsplit(url)
        kwargs["headers"] = {**(kwargs.get("headers") or {}), "X-Twilio-Host": intended.netloc}
        return super().request(method, intended._replace(scheme="http", netloc=f"127.0.0.1:{self._port}").geturl(), *args, **kwargs)


@pytest.fixture
async def app() -> AsyncIterator[Application]:
    async with application() as running:
        yield running


@pytest.fixture
async def carrier(app: Application) -> AsyncIterator[Running]:
    settings = Settings(
        http_port=0,
        smtp_port=0,
        imap_port=0,
        grpc_port=0,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        number=FLOYD,
        host_map={"app.example": f"127.0.0.1:{app.port}"},
        sms_url="https://app.example/message",
        phones={TOM: "Tom"},
        more_numbers=(SECOND,),
    )
    async with sandbox(settings, cast(), speech_services=False) as running:
        yield running


class Twilio:
    """The official client, off the event loop."""

    def __init__(self, port: int, token: str = TOKEN) -> None:
        self.client = Client(ACCOUNT, token, http_client=Pointed(port))

    async def do(self, function: Any) -> Any:
        return await asyncio.to_thread(function, self.client)


@pytest.fixture
def twilio(carrier: Running) -> Twilio:
    return Twilio(carrier.http_port)


def a_call(to: str = FLORIST, **more: Any) -> dict[str, Any]:
    """Arguments for `calls.create`."""
    defaults = {
        "to": to,
        "from_": FLOYD,
        "url": "https://app.example/voice",
        "status_callback": "https://app.example/status",
        "status_callback_event": ["initiated", "ringing", "answered", "completed"],
    }
    return defaults | more
