"""How questions reach OpenAI, at the wire: at once by the shortest way, once more by the official client when that fails."""

import asyncio
from contextlib import aclosing

import pytest

from providers import openai_chat, openai_questions
from providers.types import ProviderError, ReplyDone, TextPiece
from tests.providers.openai_server import DONE, delta, refusal

MESSAGES = [{"role": "user", "content": "grüezi"}]
ANSWER = [delta({"content": "Yes."}), delta(finish="stop"), DONE]
PARTS = [TextPiece("Yes."), ReplyDone("stop")]
#: What the official client adds to each of its requests.
BY_THE_CLIENT = "x-stainless-retry-count"


async def reply(settings, times=1):
    thinker = openai_chat.make_thinker(settings)
    try:
        await thinker.warm()
        for _ in range(times):
            async with aclosing(thinker.reply(messages=MESSAGES, tools=[])) as parts:
                found = [part async for part in parts]
        return found
    finally:
        await thinker.close()


async def test_a_question_goes_out_once_with_the_clients_key(openai_api, openai_settings):
    openai_api.chat = lambda body: ANSWER
    assert await reply(openai_settings) == PARTS
    [headers], [body] = openai_api.headers, openai_api.bodies
    assert headers["Authorization"] == "Bearer sk-test"
    assert headers["Content-Type"] == "application/json"
    assert BY_THE_CLIENT not in headers
    assert body["messages"] == MESSAGES


async def test_the_connection_is_kept_from_question_to_question(openai_api, openai_settings):
    peers = set()
    openai_api.chat = lambda body: ANSWER
    answer = openai_api._answer

    async def noted(request, script):
        peers.add(request.transport.get_extra_info("peername"))
        return await answer(request, script)

    openai_api._answer = noted
    assert await reply(openai_settings, times=3) == PARTS
    assert len(peers) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_what_fails_is_asked_once_more_by_the_client(openai_api, openai_settings, monkeypatch, status):
    monkeypatch.setattr(openai_questions, "BACK_OFF_S", 0.0)
    openai_api.chat = lambda body: refusal(status, "rate_limit_exceeded") if len(openai_api.bodies) == 1 else ANSWER
    assert await reply(openai_settings) == PARTS
    assert [BY_THE_CLIENT in headers for headers in openai_api.headers] == [False, True]


async def test_behind_a_proxy_the_client_asks(openai_api, openai_settings, monkeypatch):
    monkeypatch.setattr(openai_questions, "getproxies", lambda: {"http": "http://127.0.0.1:9"})
    monkeypatch.setattr(openai_questions, "proxy_bypass", lambda host: False)
    openai_api.chat = lambda body: ANSWER
    assert await reply(openai_settings) == PARTS
    assert [BY_THE_CLIENT in headers for headers in openai_api.headers] == [True]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
async def test_events_are_read_however_they_are_cut(openai_api, openai_settings, ends):
    events = b": hello\n\nevent: x\n" + delta({"content": "Hello "}) + b'data:{"choices":\ndata: [{"delta": {"content": "there."}}]}\n\n'
    whole = (events + delta(finish="stop") + DONE).replace(b"\n", ends)
    openai_api.chat = lambda body: [whole[at : at + 1] for at in range(len(whole))]
    assert await reply(openai_settings) == [TextPiece("Hello "), TextPiece("there."), ReplyDone("stop")]


async def test_an_answer_that_does_not_end_behind_its_last_event_is_whole(openai_settings):
    """Some servers leave the body open."""

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + b"".join(ANSWER))
        await reader.read()  # until the other side goes
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    openai_settings.OPENAI_BASE_URL = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    thinker = openai_chat.make_thinker(openai_settings)
    try:
        async with asyncio.timeout(10), aclosing(thinker.reply(messages=MESSAGES, tools=[])) as parts:
            assert [part async for part in parts] == PARTS
    finally:
        await thinker.close()
        server.close()


async def test_nobody_there_is_a_failure(openai_settings):
    openai_settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    thinker = openai_chat.make_thinker(openai_settings)
    try:
        with pytest.raises(ProviderError) as failure:
            async with aclosing(thinker.reply(messages=MESSAGES, tools=[])) as parts:
                assert [part async for part in parts] == []
    finally:
        await thinker.close()
    assert not failure.value.permanent
