"""A user's microphone on a real line: heard by the carrier only after it was said who joins, written down, and gone when it is given back."""

import asyncio
import base64
import json

import pytest
import websockets
from asgiref.sync import sync_to_async

from calls import controlling
from calls.conversation import taking_over
from calls.lines import listen_in
from calls.models import Listening
from requests_app.access import open_for_staff
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.models import Event
from tests import cast
from tests.calls.lines.fakes import MS_PER_WORD
from tests.calls.lines.scene import until
from tests.calls.lines.test_listen_in import code_of, listen, ticket  # noqa: F401

JOINING = "Tom Redmond is joining the call now, and will speak with you directly."
BACK = "This is Floyd again, the AI assistant calling for Tom Redmond."
#: A sound that nobody else makes in these tests.
VOICE = b"\x21" * 160


@sync_to_async
def take_over(placed):
    listening = Listening.objects.exclude(joined_at=None).get(left_at=None)
    controlling.take_over(call_id=placed.pk, user=placed.user, listening_id=listening.pk)


@sync_to_async
def give_back(placed):
    controlling.give_back(call_id=placed.pk, user=placed.user)


@sync_to_async
def refused(placed, staff):
    """Neither takes over through the one browser that listens, which is staff's."""
    listening = Listening.objects.get()
    for user in (staff, placed.user):
        with pytest.raises(NotFound):
            controlling.take_over(call_id=placed.pk, user=user, listening_id=listening.pk)


@sync_to_async
def strangers_and_nonsense(placed, stranger):
    """Neither somebody else nor through what is no listening browser."""
    for user, which in ((stranger, Listening.objects.get().pk), (placed.user, "no id"), (placed.user, placed.pk)):
        with pytest.raises(NotFound):
            controlling.take_over(call_id=placed.pk, user=user, listening_id=which)


def sound(phone):
    """All that the carrier got so far."""
    return b"".join(base64.b64decode(message["media"]["payload"]) for message in phone.received if message["event"] == "media")


async def word(socket):
    """The next word of the call's process to the page."""
    async with asyncio.timeout(15):
        while True:
            if isinstance(message := await socket.recv(), str):
                return json.loads(message)["microphone"]


async def speak(socket):
    """A microphone that goes on, and what comes meanwhile is read."""
    while True:
        await socket.send(VOICE)
        await asyncio.sleep(0.02)


@pytest.fixture
def on_call(carrier, opened, kit, placed, listen):  # noqa: F811
    """The call on, Tom listening: gives both ends."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def going_on():
        async with carrier() as phone:
            await opened()
            async with listen((await ticket(placed)).token) as socket:
                await socket.recv()
                yield phone, socket
            await phone.hang_up()

    return going_on


async def test_heard_after_it_was_said_who_joins_and_until_it_is_given_back(on_call, placed, kit, transcript, ended):
    async with on_call() as (phone, socket):
        speaking = asyncio.create_task(speak(socket))
        await take_over(placed)
        assert await word(socket) == "open"

        async def announced():
            return ("floyd", JOINING) in await transcript()

        await until(announced)
        await until(lambda: VOICE in sound(phone))
        before, _, _ = sound(phone).partition(VOICE)
        words = sum(len(text.split()) for text in kit.speaker.spoken)
        assert before.count(b"\x7f") == words * MS_PER_WORD * 8, "the microphone comes behind the whole announcement"
        await until(lambda: len(kit.recognizer.opened) == 2)
        kit.recognizer.says("Hi, it's Tom.")

        async def written():
            return ("user", "Hi, it's Tom.") in await transcript()

        await until(written)
        await give_back(placed)
        assert await word(socket) == "closed"

        async def back():
            return ("floyd", BACK) in await transcript()

        await until(back)
        assert sound(phone).rindex(VOICE) < sound(phone).rindex(b"\x7f"), "nothing of it comes behind Floyd's words"
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
    row = await ended()
    assert row["situation"] == "talking"


async def test_a_microphone_that_goes_gives_the_call_back(carrier, opened, kit, placed, listen, ended, monkeypatch):  # noqa: F811
    monkeypatch.setattr(taking_over, "MICROPHONE_MS", 100)
    async with carrier() as phone:
        await opened()
        async with listen((await ticket(placed)).token) as socket:
            await socket.recv()
            await take_over(placed)
            assert await word(socket) == "open"
        await until(lambda: BACK in kit.speaker.spoken)
        await phone.hang_up()
        await ended()


async def test_without_a_take_over_a_microphone_is_heard_by_nobody(on_call, placed, kit, ended):
    async with on_call() as (phone, socket):
        for _ in range(10):
            await socket.send(VOICE)
        async with asyncio.timeout(60):
            for _ in range(10):
                await socket.recv()
        assert VOICE not in sound(phone) and len(kit.recognizer.opened) == 1
    await ended()


async def test_staff_never_speak(carrier, opened, kit, placed, listen, ended):  # noqa: F811
    sam = await sync_to_async(cast.sam)()
    await sync_to_async(open_for_staff)(sam, placed.request_id, reason="Tom asked for help")
    async with carrier() as phone:
        await opened()
        async with listen((await ticket(placed, sam)).token) as socket:
            await socket.recv()
            await refused(placed, sam)
            await socket.send(VOICE)
            assert await code_of(socket) == listen_in.NOT_UNDERSTOOD
        assert VOICE not in sound(phone)
        await phone.hang_up()
        await ended()


async def test_nobody_speaks_faster_than_time_passes(on_call, placed, ended, monkeypatch):
    monkeypatch.setattr(listen_in, "MOST_AHEAD_S", 0.5)
    async with on_call() as (_, socket):
        try:
            for _ in range(2000):
                await socket.send(VOICE * 10)
        except websockets.ConnectionClosed:
            pass
        assert await code_of(socket) == listen_in.NOT_UNDERSTOOD
    await ended()


async def test_the_right_is_checked_by_the_server(on_call, placed, ended):
    alice = await sync_to_async(cast.alice)()
    async with on_call():
        await strangers_and_nonsense(placed, alice)
        with pytest.raises(NotPossibleNow):
            await give_back(placed)
    await ended()
    assert not await sync_to_async(Event.objects.filter(kind__in=["take_over", "give_back"]).exists)()
