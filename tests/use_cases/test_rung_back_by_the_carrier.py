"""From the outage to the talk, with the sandbox's carrier: forms, signatures and documents are held to the wire, and its people have phones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from asgiref.sync import sync_to_async
from django.conf import settings as site_settings
from django.test import Client

from calls import dialling, ring_backs, sweep, wrap_up
from calls.models import Call
from calls.status import ENDS, CallStatus
from calls.telephony import live_calls, texts
from calls.telephony.client import make_client
from requests_app.models import Message
from sandbox.people import Attestation, Behaviour
from sandbox.program import Running, sandbox
from sandbox.settings import Settings
from tests.sandbox.twilio import application
from tests.sandbox.twilio.conftest import ACCOUNT, FLOYD, person
from tests.use_cases.people import DANAS_PHONE, OUR_NUMBER, version_of
from use_cases import answering, missed, ringing_back, rung_in_vain, webhooks
from use_cases.models import InboundNumber

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds of a call that pass in one.
SPEED = 8.0
GREETING = "Hello, this is the greenhouse's AI assistant."


@dataclass
class Site:
    """Floyd's site, as the carrier reaches it; its media process is a stand-in that says nothing. `documents` it answered with, by path."""

    port: int = 0
    relays: application.Application = field(default_factory=application.Application)
    documents: list[tuple[str, str]] = field(default_factory=list)

    async def webhook(self, request: web.Request) -> web.Response:
        """Hands a webhook to the views, with the carrier's own signature."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        headers = {"X-Twilio-Signature": request.headers.get("X-Twilio-Signature", "")}
        response = await sync_to_async(Client().post)(request.path_qs, form, headers=headers)
        self.documents.append((request.path, response.content.decode()))
        return web.Response(body=response.content, status=response.status_code, content_type=response.get("Content-Type", "text/plain").split(";")[0])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Site]:
        """On a free port."""
        server = web.Application()
        server.add_routes([web.get("/relay", self.relays.relay), web.post("/{path:.*}", self.webhook)])
        runner = web.AppRunner(server, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        yield self
        await runner.cleanup()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site().running() as running:
        yield running


@pytest.fixture
async def carrier(site, settings) -> AsyncIterator[Running]:
    host = urlsplit(application.ORIGIN).netloc
    sandboxed = Settings(
        http_port=0,
        smtp_port=0,
        imap_port=0,
        grpc_port=0,
        account_sid=ACCOUNT,
        auth_token=application.TOKEN,
        number=FLOYD,
        more_numbers=(OUR_NUMBER,),
        host_map={host: f"127.0.0.1:{site.port}"},
        sms_url=f"{application.ORIGIN}/twilio/message",
        voice_url=f"{application.ORIGIN}/twilio/voice",
        speed=SPEED,
    )
    people = {DANAS_PHONE: person(DANAS_PHONE, "Dana", Behaviour.SCRIPT)}
    async with sandbox(sandboxed, people, speech_services=False) as running:
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_NUMBER = ACCOUNT, application.TOKEN, FLOYD
        settings.TWILIO_API_BASE = f"http://127.0.0.1:{running.http_port}"
        settings.PUBLIC_URL, settings.MEDIA_NODE, settings.DIAL_ONLY = application.ORIGIN, f"wss://{host}", ""
        settings.SITE_URL = application.ORIGIN
        yield running


@pytest.fixture
async def rung(carrier) -> None:
    def make() -> None:
        version_of("greenhouse", line="conversation_relay", greeting=GREETING)
        InboundNumber.objects.create(number=OUR_NUMBER, use_case="greenhouse")

    await sync_to_async(make)()


async def until(ready: Any) -> Any:
    return await application.until(ready, 60)


TASKS: dict[str, Any] = {
    "use_cases.tell_missed": lambda sid, from_, to, _at: missed.tell(sid=sid, from_=from_, to=to),
    "use_cases.ring_back": lambda missed_id: ringing_back.place(int(missed_id)),
    "use_cases.conclude_ring_back": rung_in_vain.conclude,
    "calls.order": dialling.order,
    "calls.wrap_up": wrap_up.wrap_up,
    "calls.heed_stop": lambda opt_out_id: sweep.heed_stop(int(opt_out_id)),
    "calls.hang_up": lambda sid: live_calls.hang_up(make_client(site_settings), sid),
    "calls.send_message": texts.send,
}


async def work(hints) -> None:
    """What a worker does, until nothing is left; each hint twice, as if another had it, too."""
    while hints.sent:
        task, ids = hints.sent.pop(0)
        if task in TASKS:
            for _ in range(2):
                await sync_to_async(TASKS[task])(*ids)


async def rings_in_vain(carrier, site, hints, monkeypatch) -> None:
    """Dana rings while the database is away, hears the apology, and gets the text once it is there."""
    with monkeypatch.context() as away:
        away.setattr(answering, "MOST_S_IN_DATABASE", -1.0)
        away.setattr(webhooks, "MOST_TRIES", 1)
        phone = carrier.exchange.switchboard.phones.set_behaviour(DANAS_PHONE, "human")
        call = carrier.exchange.ring_in(phone, Attestation.FULL, OUR_NUMBER)
        await until(lambda: call.settled)
    [apology] = [document for path, document in site.documents if path == "/twilio/voice"]
    assert "technical trouble" in apology
    await work(hints)


def texted(carrier):
    return [message.body for message in carrier.post_office.log.oldest_first() if message.to == DANAS_PHONE]


def rung_back(carrier):
    return [call for call in carrier.exchange.log.newest_first() if call.to == DANAS_PHONE]


async def answers(carrier, site, hints, body):
    before = len(site.documents)
    carrier.post_office.receive(DANAS_PHONE, body)
    await until(lambda: [path for path, _ in site.documents[before:] if path == "/twilio/message"])
    await work(hints)


async def test_outage_apology_text_call_and_the_use_case_speaks(carrier, site, rung, hints, monkeypatch):
    await rings_in_vain(carrier, site, hints, monkeypatch)
    [offer] = texted(carrier)
    assert "reply CALL" in offer
    await answers(carrier, site, hints, "CALL")
    await answers(carrier, site, hints, "Call!")
    [call] = rung_back(carrier)
    assert call.from_ == OUR_NUMBER
    phone = carrier.exchange.switchboard.phones.find(DANAS_PHONE)
    (await until(lambda: phone.pick_up)).set_result(True)
    await until(lambda: phone.callee)
    await until(lambda: [path for path, _ in site.documents if path.startswith("/twilio/rung-back/")])
    phone.callee.press("1")
    session = await until(lambda: site.relays.relays and site.relays.relays[-1])
    await until(lambda: session.infos("tokensPlayed") == [GREETING])
    assert session.messages[0]["direction"].startswith("outbound")
    row = await Call.objects.aget()
    assert (row.carrier_sid, row.status, row.is_rung_back) == (call.sid, CallStatus.IN_PROGRESS, True)
    phone.callee.hang_up()
    async with asyncio.timeout(60):
        while not await Call.objects.filter(status=CallStatus.COMPLETED).aexists():  # noqa: ASYNC110  the carrier's word for it comes when it comes
            await asyncio.sleep(0.01)
    await answers(carrier, site, hints, "CALL")
    assert (len(rung_back(carrier)), call.alerts, len(texted(carrier))) == (1, [], 2)


async def test_a_mailbox_gets_two_sentences_and_no_second_call(carrier, site, rung, hints, monkeypatch):
    await rings_in_vain(carrier, site, hints, monkeypatch)
    await answers(carrier, site, hints, "CALL")
    phone = carrier.exchange.switchboard.phones.find(DANAS_PHONE)
    (await until(lambda: phone.pick_up)).set_result(True)
    [call] = rung_back(carrier)
    await until(lambda: call.settled)
    assert (call.status, call.alerts, site.relays.relays) == ("completed", [], [])
    await work(hints)
    assert len(rung_back(carrier)) == 1


async def over(hints):
    """The carrier's word that the call is over is there, and has been acted on."""
    async with asyncio.timeout(60):
        while not await Call.objects.filter(status__in=ENDS).aexists():  # noqa: ASYNC110  the carrier's word for it comes when it comes
            await asyncio.sleep(0.01)
    await work(hints)


async def test_who_lets_it_ring_gets_one_text(carrier, site, rung, hints, monkeypatch):
    await rings_in_vain(carrier, site, hints, monkeypatch)
    await answers(carrier, site, hints, "CALL")
    [call] = rung_back(carrier)
    await until(lambda: call.settled)
    await over(hints)
    await sync_to_async(ringing_back.sweep)()
    await work(hints)
    assert (call.status, call.alerts) == ("no-answer", [])
    [_, told] = texted(carrier)
    assert "I called you back" in told and OUR_NUMBER in told
    assert len(rung_back(carrier)) == 1


async def test_stop_while_it_rings_ends_the_ringing_at_the_carrier(carrier, site, rung, hints, monkeypatch):
    monkeypatch.setattr(ring_backs, "RING_S", 600)  # however long the STOP takes on a busy machine
    await rings_in_vain(carrier, site, hints, monkeypatch)
    await answers(carrier, site, hints, "CALL")
    phone = carrier.exchange.switchboard.phones.find(DANAS_PHONE)
    await until(lambda: phone.pick_up)
    [call] = rung_back(carrier)
    await answers(carrier, site, hints, "STOP")
    await until(lambda: call.settled)
    await over(hints)
    assert (call.status, call.alerts) == ("canceled", [])
    await answers(carrier, site, hints, "START")
    await answers(carrier, site, hints, "CALL")
    assert len(rung_back(carrier)) == 1
    assert (await Call.objects.aget()).started_at is None
    assert not [text for text in texted(carrier) if "I called you back" in text]


async def test_after_stop_nobody_is_rung(carrier, site, rung, hints, monkeypatch):
    await rings_in_vain(carrier, site, hints, monkeypatch)
    await answers(carrier, site, hints, "STOP")
    await answers(carrier, site, hints, "CALL")
    assert rung_back(carrier) == []
    assert await Message.objects.filter(outbound=True).acount() == 1


async def test_a_forged_number_gets_nothing(carrier, site, rung, hints, monkeypatch):
    monkeypatch.setattr(answering, "MOST_S_IN_DATABASE", -1.0)
    monkeypatch.setattr(webhooks, "MOST_TRIES", 1)
    phone = carrier.exchange.switchboard.phones.set_behaviour(DANAS_PHONE, "human")
    call = carrier.exchange.ring_in(phone, Attestation.FORGED, OUR_NUMBER)
    await until(lambda: call.settled)
    assert [task for task, _ in hints.sent if task == "use_cases.tell_missed"] == []
