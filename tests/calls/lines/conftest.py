"""A call that was placed and is about to be answered, and the media process's own connections."""

from __future__ import annotations

import asyncio
import uuid

import pytest
import uvicorn
from channels.layers import get_channel_layer
from channels.routing import URLRouter

from calls.lines import drain, warm
from calls.lines.connections import Connections
from calls.lines.routing import websocket_urlpatterns
from calls.lines.warm import Kit
from calls.models import Call
from calls.status import CallStatus
from calls.telephony.tokens import stream_token
from live.address import database_address
from providers.phrases import Phrases
from requests_app.status import Status
from tests import cast
from tests.calls.lines.fakes import Carrier, FakeRecognizer, FakeSpeaker, FakeThinker
from tests.calls.lines.scene import CALL_SID, NODE, OPENING, brief, until


@pytest.fixture
def placed(transactional_db) -> Call:
    """Tom's call to the school, ringing."""
    tom = cast.tom()
    request = cast.make_request(tom, status=Status.CALLING, attempt=1)
    call = Call.objects.create(
        id=uuid.uuid4(),
        request=request,
        user=tom,
        attempt=1,
        number="+15195550110",
        dialled="+15195550110",
        status=CallStatus.RINGING,
        carrier_sid=CALL_SID,
        brief=brief().to_json(),
    )
    call.refresh_from_db()
    return call


@pytest.fixture
async def connections():
    """Connections to the test's database."""
    pool = Connections(database_address(), size=3)
    yield pool
    await pool.close()


@pytest.fixture
def rows(connections):
    """Reads rows, beside the ORM: `await rows("select …", value, …)`."""

    async def read(query, *values):
        async with connections.lease() as connection:
            cursor = await connection.execute(query, values)
            return await cursor.fetchall()

    return read


@pytest.fixture
def layer():
    return get_channel_layer()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_ACCOUNT_SID, settings.MEDIA_NODE = "secret", "AC" + "a" * 32, NODE


@pytest.fixture
async def kit(connections, tmp_path, monkeypatch):
    speaker = FakeSpeaker()
    made = Kit(FakeRecognizer(), FakeThinker(), speaker, Phrases(speaker, tmp_path), connections)
    monkeypatch.setattr(warm, "_kit", made)
    monkeypatch.setattr(warm, "_connections", connections)
    return made


@pytest.fixture
async def address(kit):
    config = uvicorn.Config(
        URLRouter(websocket_urlpatterns),
        port=0,
        lifespan="off",
        log_config=None,
        ws="websockets-sansio",
        ws_ping_interval=None,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/media"
    server.should_exit = True
    await serving


@pytest.fixture
def carrier(address, placed, settings):
    """Makes the carrier's end; arguments change what it does."""

    def make(**changes):
        fields = {
            "url": address,
            "call_id": str(placed.pk),
            "token": stream_token(placed.pk),
            "auth_token": "secret",
            "signed_url": f"{NODE}/media",
            "account_sid": settings.TWILIO_ACCOUNT_SID,
        }
        return Carrier(**(fields | changes))

    return make


@pytest.fixture
def call_row(rows):
    async def read():
        return (await rows("select * from calls_call"))[0]

    return read


@pytest.fixture
def transcript(rows):
    async def read():
        return [(row["speaker"], row["text"]) for row in await rows("select * from calls_transcriptline order by seq")]

    return read


@pytest.fixture
def ended(call_row):
    """Until the call is over and its end is stored; gives the row."""

    async def over():
        row = await call_row()
        return row["status"] == "completed" and row["end_reason"] != ""

    async def wait():
        await until(over)
        await until(lambda: drain.active_calls() == 0)
        return await call_row()

    return wait


@pytest.fixture
def opened(rows):
    """Until the introduction and the opening line were heard."""

    async def heard():
        return await rows("select 1 from calls_transcriptline where text = %s and final", OPENING)

    return lambda: until(heard)
