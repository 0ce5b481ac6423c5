"""Starts and stops all parts of the sandbox in one asyncio program."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import logging
import signal
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType

from aiohttp import web

from sandbox import voice
from sandbox.control import Control, errors_as_json
from sandbox.ears import EarProcess
from sandbox.expected import Hinted
from sandbox.google import places
from sandbox.google.voices import espeak_voice
from sandbox.languages import ENGLISH, language_of_voice, tagged
from sandbox.mail import letters
from sandbox.mail.control import MailControl
from sandbox.mail.imap import serve_imap
from sandbox.mail.smtp import serve_smtp
from sandbox.outage import OutageControl
from sandbox.people import PersonSpec, load
from sandbox.reading import read
from sandbox.settings import Settings
from sandbox.shelf import add_pages
from sandbox.state import SandboxState
from sandbox.twilio import lookups
from sandbox.twilio.answering import Answering
from sandbox.twilio.carrier import Carrier, RelayServices
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.messages import MessageLog, PostOffice
from sandbox.twilio.microphone import microphone_routes
from sandbox.twilio.phones import Phones
from sandbox.twilio.rest import frame
from sandbox.twilio.rest_calls import CallsApi
from sandbox.twilio.rest_conferences import ConferencesApi
from sandbox.twilio.rest_messages import MessagesApi
from sandbox.twilio.rest_numbers import NumbersApi
from sandbox.twilio.switchboard import Switchboard
from sandbox.words import for_voice

log = logging.getLogger("sandbox")
LARGEST_BODY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that is up.

    Attributes:
        http_port, grpc_port, smtp_port, imap_port: where it listens; grpc_port is 0 when the speech services are not installed.
    """

    http_port: int
    grpc_port: int
    smtp_port: int
    imap_port: int
    state: SandboxState
    ears: EarProcess
    exchange: Exchange
    post_office: PostOffice


@contextlib.asynccontextmanager
async def sandbox(settings: Settings, people: Mapping[str, PersonSpec], *, speech_services: bool = True) -> AsyncIterator[Running]:
    """The whole sandbox, up inside the block.

    Args:
        people: number → who can be called.
        speech_services: also the gRPC services, whose libraries take a second to load.
    """
    state = SandboxState(settings, people)
    async with contextlib.AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(2, thread_name_prefix="sandbox-voice"))

        async def speak(text: str, language: str) -> bytes:
            name = espeak_voice("", language)
            state.expected.floyd.add(tagged(text, name))  # before it is spoken: whoever is on the phone must know it
            words = for_voice(text) if language_of_voice(name) == ENGLISH else text
            return await asyncio.get_running_loop().run_in_executor(threads, lambda: voice.mulaw_encode(voice.say(words, voice=name)))

        ears = EarProcess()
        stack.push_async_callback(ears.close)
        stack.callback(state.outage.end)
        carrier = Carrier.build(settings, state.faults, speak, relay_services(state, ears))
        stack.push_async_callback(carrier.close)
        answering = Answering(state, threads, ears)
        exchange = Exchange(carrier, Switchboard(Phones(people), answering.callee, answering.expect_floyd))
        post_office = PostOffice(carrier, MessageLog())
        http_port = await _start_http(stack, settings, state, (exchange, post_office))
        grpc_port = await _start_grpc(stack, settings, state) if speech_services else 0
        smtp_port, imap_port = await _start_mail(stack, settings, state)
        yield Running(http_port, grpc_port, smtp_port, imap_port, state, ears, exchange, post_office)


def relay_services(state: SandboxState, ears: EarProcess) -> RelayServices:
    """Ears and voice of the carrier's own: those that its application has on a media stream too."""

    async def read_aloud(text: str, language: str) -> AsyncIterator[bytes]:
        async for sound in read(state, text, sample_rate=8000, name=espeak_voice("", language)):
            yield voice.mulaw_encode(sound)

    return RelayServices(lambda hints: ears.ear(also=Hinted(state.on_the_phone, hints)), read_aloud)


async def _start_http(stack: contextlib.AsyncExitStack, settings: Settings, state: SandboxState, parts: tuple[Exchange, PostOffice]) -> int:
    ears = EarProcess()  # of its own, as the recogniser's
    stack.push_async_callback(ears.close)
    runner = web.AppRunner(application(settings, state, ears, *parts), access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, settings.bind, settings.http_port)
    await site.start()
    return int(runner.addresses[0][1])


async def _start_grpc(stack: contextlib.AsyncExitStack, settings: Settings, state: SandboxState) -> int:
    google = _part("sandbox.google.server")
    if google is None:
        return 0
    ears = EarProcess()  # of its own: whom people keep busy does not keep the recogniser waiting
    stack.push_async_callback(ears.close)
    await ears.start()
    server = await google.start(settings.grpc_port, state, ears)
    stack.push_async_callback(server.stop, 0.5)
    return int(server.port)


async def _start_mail(stack: contextlib.AsyncExitStack, settings: Settings, state: SandboxState) -> tuple[int, int]:
    """The mail server, with what waits in a newcomer's mailbox."""
    letters.fill(state.mail)
    ports = []
    for serve_mail, port in ((serve_smtp, settings.smtp_port), (serve_imap, settings.imap_port)):
        server = await serve_mail(state.mail, state.faults, bind=settings.bind, port=port)
        stack.callback(server.close)
        ports.append(int(server.sockets[0].getsockname()[1]))
    return ports[0], ports[1]


def application(settings: Settings, state: SandboxState, ears: EarProcess, exchange: Exchange, post_office: PostOffice) -> web.Application:
    """HTTP: the carrier's REST, the model's API, the directory of businesses, control and pages."""
    app = web.Application(client_max_size=LARGEST_BODY)
    api = web.Application(middlewares=[frame(settings, "/2010-04-01")])
    api.add_routes(CallsApi(exchange).routes())
    api.add_routes(ConferencesApi(exchange.switchboard.rooms).routes())
    api.add_routes(MessagesApi(post_office, settings.number).routes())
    api.add_routes(NumbersApi(settings, post_office, exchange.numbers).routes())
    app.add_subapp("/2010-04-01", api)
    numbers = web.Application(middlewares=[frame(settings, "/v2")])
    numbers.add_routes([web.get("/PhoneNumbers/{number:[^/]*}", lookups.fetch)])
    app.add_subapp("/v2", numbers)
    control = web.Application(middlewares=[errors_as_json])
    control.add_routes(Control(exchange, post_office).routes())
    control.add_routes(MailControl(state.mail).routes())
    control.add_routes(OutageControl(state.outage).routes())
    control.add_routes(microphone_routes(exchange.switchboard.phones))
    app.add_subapp("/control", control)
    app.add_routes(places.routes(state))
    if (openai := _part("sandbox.openai")) is not None:
        app.add_routes(openai.routes(state, ears))
    app.add_routes([web.get("/healthz", _healthy)])
    add_pages(app, settings.site_url)
    return app


def _part(name: str) -> ModuleType | None:
    """A stand-in that may be left out; imported only now, because its libraries take a second."""
    spec = importlib.util.find_spec(name)
    return importlib.import_module(name) if spec is not None and spec.origin is not None else None


async def _healthy(_request: web.Request) -> web.Response:
    return web.json_response({"ok": True})


async def serve(settings: Settings) -> None:
    """Runs until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    async with sandbox(settings, load(settings.people)) as running:
        await running.ears.start()  # the first caller shall not wait for a recogniser to load
        speech = f"speech at port {running.grpc_port}" if running.grpc_port else "without speech services"
        print(f"Sandbox: http://localhost:{running.http_port} (phones and texts; /demo beside Floyd's pages), {speech}", flush=True)
        await stop.wait()
