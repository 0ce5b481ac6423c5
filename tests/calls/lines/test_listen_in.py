"""A browser listens in to a call: let in once by a token, shown and logged, sent away when the right or the call ends."""

import asyncio
import json
from contextlib import asynccontextmanager
from importlib import import_module

import pytest
import websockets
from asgiref.sync import sync_to_async
from django.conf import settings as site_settings

from calls import listening
from calls.lines import audience, listen_in
from calls.models import Call, Listening
from requests_app.access import STAFF_LOOK, open_for_staff
from requests_app.errors import NotPossibleNow
from requests_app.models import Event
from tests import cast
from tests.calls.lines.scene import until


def session_of(user):
    """A signed-in session, as a browser has it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(site_settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = site_settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    return session


@sync_to_async
def ticket(call, user=None):
    user = user or call.user
    call = Call.objects.select_related("request", "user").get(pk=call.pk)
    return listening.ask_to_listen(call=call, user=user, session_key=session_of(user).session_key)


@sync_to_async
def texts_of(kind):
    return list(Event.objects.filter(kind=kind).values_list("text", flat=True))


@pytest.fixture
async def listen(address, placed):
    """Opens a listener's socket with a token. Who left is written before the database is emptied."""

    @asynccontextmanager
    async def opened(token):
        async with websockets.connect(address.replace("/media", "/listen")) as socket:
            await socket.send(json.dumps({"token": token}) if isinstance(token, str) else token)
            yield socket

    yield opened
    there = Listening.objects.filter(left_at=None).exclude(joined_at=None)

    async def all_left():
        return not await there.aexists()

    await until(all_left)


async def code_of(socket):
    async with asyncio.timeout(60):
        while True:
            try:
                await socket.recv()
            except websockets.ConnectionClosed:
                return socket.close_code


async def heard_of_us(socket):
    """Until something of ours was heard; the positions so far."""
    positions = []
    async with asyncio.timeout(60):
        while True:
            piece = await socket.recv()
            positions.append(int.from_bytes(piece[:4], "big"))
            sound = piece[4:]
            if b"\x7f" in sound[len(sound) // 2 :]:
                return positions


async def test_both_sides_are_heard_and_who_listens_is_shown_and_logged(carrier, opened, kit, placed, ended, listen):
    async with carrier() as phone:
        await opened()
        async with listen((await ticket(placed)).token) as socket:
            kit.recognizer.says("Okay, I will note it.")
            positions = await heard_of_us(socket)
            assert positions == [positions[0] + 320 * number for number in range(len(positions))]
            row = await sync_to_async(Listening.objects.get)()
            assert row.joined_at and not row.left_at
            assert await texts_of("listening") == ["You listen in."]
        await phone.hang_up()
        await ended()

    async def gone():
        return (await sync_to_async(Listening.objects.get)()).left_at

    await until(gone)
    assert (await sync_to_async(Listening.objects.get)()).session_key == ""
    assert audience.audience_of(placed.pk) is None


async def test_the_end_of_the_call_ends_it(carrier, opened, placed, ended, listen, kit):
    async with carrier() as phone:
        await opened()
        async with listen((await ticket(placed)).token) as socket:
            await socket.recv()
            await phone.hang_up()
            assert await code_of(socket) == listen_in.OVER
        await ended()


async def test_a_token_lets_one_browser_in_once(carrier, opened, placed, ended, listen, kit):
    async with carrier() as phone:
        await opened()
        given = (await ticket(placed)).token
        async with listen(given) as socket:
            await socket.recv()
            async with listen(given) as second:
                assert await code_of(second) == listen_in.REFUSED
            await socket.recv()
        await phone.hang_up()
        await ended()


HELLOS = {
    "forged:1:x": listen_in.REFUSED,
    b"\x00": listen_in.NOT_UNDERSTOOD,
    b'{"token": 1}': listen_in.NOT_UNDERSTOOD,
    "x" * 2000: listen_in.NOT_UNDERSTOOD,
}


@pytest.mark.parametrize(("hello", "code"), HELLOS.items(), ids=["forged", "sound", "no text", "too long"])
async def test_without_a_token_nobody_is_let_in(placed, listen, hello, code):
    async with listen(hello) as socket:
        assert await code_of(socket) == code


async def test_a_token_is_good_for_moments_only(placed, listen, monkeypatch, on_the_line):
    given = (await ticket(placed)).token
    monkeypatch.setattr(listening, "JOIN_WITHIN", STAFF_LOOK * 0)
    async with listen(given) as socket:
        assert await code_of(socket) == listen_in.REFUSED


@pytest.fixture
def on_the_line(placed):
    """The call is on, at another process."""
    Call.objects.update(status="in_progress", node="wss://media.test")


async def test_a_call_that_is_not_here_is_said_to_be_elsewhere(placed, listen, on_the_line):
    async with listen((await ticket(placed)).token) as socket:
        assert await code_of(socket) == listen_in.NOT_HERE


@pytest.mark.parametrize("end", ["signed out", "look over"])
async def test_who_may_not_any_more_is_sent_away(carrier, opened, placed, ended, listen, kit, monkeypatch, end):
    monkeypatch.setattr(listen_in, "LOOK_AGAIN_S", 0.1)
    listener = None  # the call's own user
    if end == "look over":
        listener = await sync_to_async(cast.sam)()
        await sync_to_async(open_for_staff)(listener, placed.request_id, reason="Tom asked for help")
    async with carrier() as phone:
        await opened()
        async with listen((await ticket(placed, listener)).token) as socket:
            await socket.recv()
            if end == "look over":
                assert await texts_of("listening") == ["Sam Lee, of Floyd's staff, listens in: Tom asked for help"]
                await sync_to_async(Event.objects.filter(kind="staff_look").delete)()
            else:
                from django.contrib.sessions.models import Session

                await sync_to_async(Session.objects.all().delete)()
            assert await code_of(socket) == listen_in.REFUSED
        await phone.hang_up()
        await ended()


@pytest.mark.parametrize("message", ["hello", b"", b"\x00" * 1_601])
async def test_what_is_no_sound_of_a_microphone_is_not_understood(carrier, opened, placed, ended, listen, kit, message):
    async with carrier() as phone:
        await opened()
        async with listen((await ticket(placed)).token) as socket:
            await socket.send(message)
            assert await code_of(socket) == listen_in.NOT_UNDERSTOOD
        await phone.hang_up()
        await ended()


async def test_who_reads_nothing_is_left_and_the_call_goes_on(kit, monkeypatch):
    monkeypatch.setattr(listen_in, "STUCK_AFTER_S", 0.05)
    room = audience.Audience()
    seat = room.join()

    async def never(message):
        await asyncio.Event().wait()

    for _ in range(4):
        room.frame(b"\xff" * 160)
    assert await listen_in._hand_on(seat, never) is None


class TestTicket:
    """What a page gets."""

    @pytest.fixture
    def call(self, placed):
        Call.objects.update(status="in_progress", node="wss://media.test")
        return Call.objects.select_related("request", "user").get()

    def test_it_leads_to_the_calls_own_node(self, call):
        from django.utils import timezone

        from calls.models import MediaNode

        assert listening.ask_to_listen(call=call, user=call.user, session_key="x").address == "wss://media.test/listen"
        MediaNode.objects.create(name="wss://media.test", site="ws://localhost:1", heartbeat_at=timezone.now(), calls=1, most_calls=2, ready=True)
        assert listening.ask_to_listen(call=call, user=call.user, session_key="x").address == "ws://localhost:1/listen"

    @pytest.mark.parametrize("changes", [{"status": "ringing"}, {"status": "completed"}, {"line": "conversation_relay"}, {"node": ""}])
    def test_only_while_there_is_sound(self, call, changes):
        for name, value in changes.items():
            setattr(call, name, value)
        with pytest.raises(NotPossibleNow):
            listening.ask_to_listen(call=call, user=call.user, session_key="x")
        assert not Listening.objects.exists()

    def test_the_page_gives_it_to_who_may_look(self, call, client):
        address = f"/calls/{call.pk}/listen/"
        assert client.post(address).status_code == 302
        client.force_login(cast.alice())
        assert client.post(address).status_code == 404
        client.force_login(call.user)
        assert set(client.post(address).json()) == {"address", "token", "listening"}
        Call.objects.update(status="completed")
        late = client.post(address)
        assert late.status_code == 409 and "not on the line" in late.json()["trouble"]

    def test_who_listens_stands_on_the_card(self, call):
        from django.utils import timezone

        from calls.fragments import call_fragment

        sam = cast.sam()
        for user in (call.user, call.user, sam):
            Listening.objects.create(call=call, user=user, joined_at=timezone.now())
        Listening.objects.create(call=call, user=cast.alice(), joined_at=timezone.now(), left_at=timezone.now())
        assert "Listening: Tom Redmond, Sam Lee (staff)<" in call_fragment(str(call.pk))
