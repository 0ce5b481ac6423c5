"""Programs hear of changes as they happen, miss nothing when they come back, and hear nothing that is not theirs."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application
from django.db import connections

from api import stream
from context.access_models import ApiToken
from context.tokens import create_token
from live import hub
from live.fragments import RELOAD
from live.models import Change
from requests_app import services
from requests_app.status import Status
from tests.api_client import Program, problem
from tests.cast import make_request

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_S = 10


class Reader:
    """A program that reads a stream of the real application, event by event."""

    def __init__(self, path: str, token: str, last_id: str = "") -> None:
        headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {token}".encode())]
        headers += [(b"last-event-id", last_id.encode())] if last_id else []
        self._scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers, "asgi": {"version": "3.0"}}
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._text = ""
        self._asked = False
        self._task = asyncio.create_task(get_asgi_application()(self._scope, self._receive, self._sent.put))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def status(self) -> int:
        async with asyncio.timeout(WAIT_S):
            return int((await self._sent.get())["status"])

    async def event(self) -> dict[str, Any]:
        """The next event: name, id (or None) and data."""
        async with asyncio.timeout(WAIT_S):
            while True:
                while "\n\n" not in self._text:
                    self._text += (await self._sent.get()).get("body", b"").decode()
                block, self._text = self._text.split("\n\n", 1)
                fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
                if "event" in fields:
                    return {"name": fields["event"], "id": fields.get("id"), "data": json.loads(fields["data"])}

    async def until(self, name: str) -> dict[str, Any]:
        while (event := await self.event())["name"] != name:
            pass
        return event

    async def leave(self) -> None:
        self._gone.set()
        async with asyncio.timeout(WAIT_S):
            await self._task


@pytest.fixture
async def read() -> AsyncIterator[Callable[..., Any]]:
    readers: list[Reader] = []

    async def open_one(path: str, token: str, last_id: str = "") -> Reader:
        reader = Reader(f"/api/v1/{path}", token, last_id)
        readers.append(reader)
        assert await reader.status() == 200
        return reader

    yield open_one
    for reader in readers:
        with contextlib.suppress(Exception):
            await reader.leave()
    await hub.stop()
    await sync_to_async(connections.close_all)()


@pytest.fixture
def token(tom) -> str:
    return create_token(user=tom, name="tests")[1]


@pytest.fixture
def wish(tom):
    return make_request(tom, status=Status.WAITING_FOR_USER)


@sync_to_async
def tell(wish, text: str) -> None:
    services.record_event(request_id=wish.pk, kind="call", text=text)


async def test_a_change_is_told_as_it_happens(read, token, wish):
    reader = await read(f"requests/{wish.pk}/stream", token)
    begin = await reader.event()
    assert (begin["name"], begin["id"]) == ("begin", "0")
    await tell(wish, "Ringing")
    event = await reader.event()
    assert (event["name"], event["id"]) == ("event", "1")
    assert (event["data"]["data"]["text"], event["data"]["data"]["request"]) == ("Ringing", str(wish.pk))


async def test_who_comes_back_gets_what_was_missed_once(read, token, wish):
    for text in ("one", "two", "three"):
        await tell(wish, text)
    reader = await read(f"requests/{wish.pk}/stream", token, "1")
    assert (await reader.event())["name"] == "begin"
    events = [await reader.event() for _ in range(2)]
    assert [event["data"]["data"]["text"] for event in events] == ["two", "three"]
    assert [event["id"] for event in events] == [None, "3"], "the number comes with the last, so that all are told again if one is lost"


async def test_who_was_away_for_too_long_reads_everything_again_and_goes_on(read, token, wish):
    for text in ("one", "two", "three"):
        await tell(wish, text)
    await sync_to_async(Change.objects.filter(topic=f"request.{wish.pk}", seq__lt=3).delete)()
    reader = await read(f"requests/{wish.pk}/stream", token, "1")
    reload = await reader.event()
    assert (reload["name"], reload["id"]) == ("reload", "3")
    await tell(wish, "four")
    assert (await reader.until("event"))["data"]["data"]["text"] == "four"


async def test_a_stream_of_everything_tells_of_every_kind(read, token, tom, wish):
    from context import services as knowledge

    reader = await read("stream", token)
    await reader.event()
    await sync_to_async(services.create_request)(user=tom, ask="Order some flowers.", channel="web")
    assert (await reader.until("request"))["data"]["data"]["ask"] == "Order some flowers."
    contact = await sync_to_async(knowledge.add_contact)(user=tom, name="Joe")
    assert (await reader.until("contact"))["data"]["data"]["name"] == "Joe"
    pk = contact.pk
    await sync_to_async(knowledge.retire)(row=contact)
    assert (await reader.until("contact"))["data"] == {"kind": "contact", "id": str(pk), "data": None}


async def test_a_revoked_token_closes_an_open_stream(read, token, wish, monkeypatch):
    monkeypatch.setattr(stream, "BEAT_S", 0.2)
    reader = await read(f"requests/{wish.pk}/stream", token)
    await reader.event()
    await sync_to_async(ApiToken.objects.update)(revoked_at="2026-11-21T00:00:00Z")
    await tell(wish, "A secret")
    closed = await reader.event()
    assert closed["name"] == "closed" and "revoked" in closed["data"]["detail"]


async def test_who_leaves_makes_room(read, token, wish, tom):
    reader = await read(f"requests/{wish.pk}/stream", token)
    await reader.event()
    assert stream._open[tom.pk] == 1
    await reader.leave()
    assert tom.pk not in stream._open and not hub.current()._watchers


async def test_there_are_not_too_many(read, token, wish, tom, monkeypatch):
    monkeypatch.setattr(stream, "MOST_PER_USER", 1)
    first = await read(f"requests/{wish.pk}/stream", token)
    await first.event()
    response = await sync_to_async(Program(token=token).call)("GET", f"requests/{wish.pk}/stream")
    problem(response, 429)


async def test_a_reader_that_takes_nothing_is_cut_off(read, token, wish, monkeypatch):
    monkeypatch.setattr(stream, "STUCK_S", 0.2)
    reader = await read(f"requests/{wish.pk}/stream", token)
    await reader.event()
    full, scope = asyncio.Event(), dict(reader._scope)
    sent: list[dict[str, Any]] = []

    async def stuck(message: dict[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and message.get("body"):
            await full.wait()

    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        return {}

    async with asyncio.timeout(WAIT_S):
        await get_asgi_application()(scope, receive, stuck)
    assert sent[0]["status"] == 200


def test_more_than_a_slow_reader_can_take_in_is_dropped_for_a_reload():
    reader = stream._Reader("user.1")
    for number in range(stream.MOST_WAITING + 1):
        reader.deliver({"user.1": number}, {("event", str(number)): ""})
    assert reader.overflowed and not reader.waiting and reader.head == stream.MOST_WAITING


def test_a_reader_of_what_changed_too_much_at_once_reads_everything_again():
    reader = stream._Reader("user.1")
    reader.deliver({"user.1": 3}, {("event", "7"): "", RELOAD: ""})
    assert reader.overflowed and not reader.waiting and reader.head == 3


@pytest.mark.parametrize("last_id", ["x", "-1", "1.5", "9" * 30, "²"])
def test_an_id_that_is_none_is_refused(token, wish, last_id):
    response = Program(token=token).call("GET", f"requests/{wish.pk}/stream", Last_Event_ID=last_id.encode().decode("latin-1"))
    assert "Last-Event-ID" in problem(response, 400)["detail"]
