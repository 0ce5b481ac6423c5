"""Thinking at the wire, with the official client."""

import asyncio
import json
from contextlib import aclosing

import pytest
from pydantic import BaseModel, ConfigDict

from providers import openai_asking, openai_chat
from providers.openai_asking import Patience
from providers.types import ProviderError, ReplyDone, TextPiece, ToolCall, Usage
from tests.providers.openai_server import DONE, USAGE, delta, refusal

MESSAGES = [{"role": "user", "content": "hello"}]
TOOL = {"type": "function", "function": {"name": "end_call", "parameters": {"type": "object", "properties": {}}}}


async def reply(settings, **extra):
    thinker = openai_chat.make_thinker(settings)
    try:
        async with aclosing(thinker.reply(messages=MESSAGES, tools=[TOOL], **extra)) as parts:
            return [part async for part in parts]
    finally:
        await thinker.close()


async def test_a_reply_streams_verbatim_and_ends_with_its_cost(openai_api, openai_settings):
    openai_api.chat = lambda body: [
        b": a comment\n\n",
        delta({"role": "assistant", "content": ""}),
        delta({"content": "Hel"}),
        delta({"content": "lo there."}),
        delta(finish="stop"),
        delta(usage=USAGE),
        DONE,
    ]
    parts = await reply(openai_settings, cache_key="call-1")
    assert parts == [TextPiece("Hel"), TextPiece("lo there."), ReplyDone("stop", Usage(2006, 1920, 30))]
    body = openai_api.bodies[0]
    assert body["model"] == "call-model"
    assert body["stream_options"] == {"include_usage": True}
    assert body["prompt_cache_key"] == "call-1"
    assert body["tools"] == [TOOL]
    assert not {"reasoning_effort", "service_tier"} & set(body)


async def test_effort_and_tier_of_service_are_those_of_the_settings(openai_api, openai_settings):
    openai_api.chat = lambda body: [delta(finish="stop"), DONE]
    openai_settings.OPENAI_CALL_REASONING, openai_settings.OPENAI_SERVICE_TIER = "low", "priority"
    await reply(openai_settings)
    assert (openai_api.bodies[0]["reasoning_effort"], openai_api.bodies[0]["service_tier"]) == ("low", "priority")


async def test_tool_calls_are_put_together_from_their_fragments(openai_api, openai_settings):
    openai_api.chat = lambda body: [
        delta({"content": "One moment."}),
        delta({"tool_calls": [{"index": 0, "id": "call_a", "type": "function", "function": {"name": "ask_user", "arguments": ""}}]}),
        delta({"tool_calls": [{"index": 1, "id": "call_b", "type": "function", "function": {"name": "end_call", "arguments": "{}"}}]}),
        delta({"tool_calls": [{"index": 0, "function": {"arguments": '{"kind": "mo'}}]}),
        delta({"tool_calls": [{"index": 0, "function": {"arguments": 'ney"}'}}]}),
        delta(finish="tool_calls"),
        DONE,
    ]
    parts = await reply(openai_settings)
    assert parts[1:] == [ToolCall("call_a", "ask_user", '{"kind": "money"}'), ToolCall("call_b", "end_call", "{}"), ReplyDone("tool_calls")]


async def test_a_half_written_tool_call_is_not_carried_out(openai_api, openai_settings):
    openai_api.chat = lambda body: [
        delta({"tool_calls": [{"index": 0, "id": "call_a", "type": "function", "function": {"name": "agree_to", "arguments": '{"amount'}}]}),
        delta(finish="length"),
        DONE,
    ]
    assert await reply(openai_settings) == [ReplyDone("length")]


@pytest.mark.parametrize("cut", [True, False])
async def test_a_reply_that_breaks_off_is_a_failure(openai_api, openai_settings, cut):
    openai_api.chat = lambda body: [delta({"content": "I will pay"})]
    openai_api.cut = cut
    with pytest.raises(ProviderError) as failure:
        await reply(openai_settings)
    assert not failure.value.permanent


async def test_an_error_in_the_stream_is_a_failure(openai_api, openai_settings):
    openai_api.chat = lambda body: [delta({"content": "I"}), b'data: {"error": {"message": "overloaded", "type": "server_error"}}\n\n']
    with pytest.raises(ProviderError):
        await reply(openai_settings)


@pytest.mark.parametrize(
    "event",
    [
        b"not json",
        b"[]",
        b'"words"',
        b'{"choices": "words"}',
        b'{"choices": [null]}',
        b'{"choices": [{"delta": []}]}',
        b'{"choices": [{"delta": {"content": ["words"]}}]}',
        b'{"choices": [{"delta": {"tool_calls": [1]}}]}',
        b'{"choices": [], "usage": 7}',
    ],
)
async def test_an_event_that_is_not_of_the_api_is_a_failure_not_a_defect(openai_api, openai_settings, event):
    openai_api.chat = lambda body: [delta({"content": "I"}), b"data: " + event + b"\n\n", delta({"content": "?"}), DONE]
    with pytest.raises(ProviderError) as failure:
        await reply(openai_settings)
    assert not failure.value.permanent


async def test_a_server_that_leaves_out_what_it_may_is_understood(openai_api, openai_settings):
    openai_api.chat = lambda body: [
        b'data: {"choices": [{"delta": {"content": "Hello."}}]}\n\n',
        b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n',
        b'data: {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}\n\n',
        DONE,
    ]
    assert await reply(openai_settings) == [TextPiece("Hello."), ReplyDone("stop", Usage(9, 0, 2))]


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (401, "invalid_api_key", True),
        (404, "model_not_found", True),
        (429, "insufficient_quota", True),
        (429, "rate_limit_exceeded", False),
        (500, "", False),
    ],
)
async def test_errors_say_whether_another_try_helps(openai_api, openai_settings, status, code, permanent):
    openai_api.chat = lambda body: refusal(status, code)
    with pytest.raises(ProviderError) as failure:
        await reply(openai_settings)
    assert failure.value.permanent is permanent
    assert "secret words" not in str(failure.value)
    assert len(openai_api.bodies) <= 2, "one retry at most while somebody is on the phone"


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"220 mail.example ESMTP\r\n",
        OK + b"zz\r\n",
        OK + b"5\r\ndata",
        OK.replace(b"chunked", b"chunked\r\nContent-Encoding: gzip") + b"2\r\nno\r\n",
    ],
    ids=["nothing", "no HTTP", "no length", "cut", "not compressed"],
)
async def test_what_is_no_http_is_a_failure_not_a_defect(openai_settings, answer):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    openai_settings.OPENAI_BASE_URL = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        with pytest.raises(ProviderError) as failure:
            await reply(openai_settings)
    finally:
        server.close()
    assert not failure.value.permanent


async def test_a_connection_that_the_other_side_closed_meanwhile_is_no_failure(openai_settings):
    served = []

    async def serve(reader, writer):
        """Answers one question a connection, though it said that it would keep it."""
        served.append(await reader.readuntil(b"\r\n\r\n"))
        event = delta({"content": "Yes."}, finish="stop") + DONE
        writer.write(OK + f"{len(event):x}\r\n".encode() + event + b"\r\n0\r\n\r\n")
        await reader.readuntil(b'"call-1"')  # the body's end
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    openai_settings.OPENAI_BASE_URL = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    thinker = openai_chat.make_thinker(openai_settings)
    try:
        for _ in range(3):
            async with aclosing(thinker.reply(messages=MESSAGES, tools=[], cache_key="call-1")) as parts:
                assert [part async for part in parts] == [TextPiece("Yes."), ReplyDone("stop")]
    finally:
        await thinker.close()
        server.close()
    assert len(served) >= 3


async def test_a_model_that_hangs_is_a_failure(openai_api, openai_settings, monkeypatch):
    monkeypatch.setattr(openai_asking, "IN_A_CALL", Patience(0.2, 0.2))
    openai_api.stall_s = 30.0
    openai_api.chat = lambda body: []
    with pytest.raises(ProviderError, match="nothing came"):
        await reply(openai_settings)


async def test_leaving_early_aborts_the_generation(openai_api, openai_settings):
    openai_api.chat = lambda body: [delta({"content": "word "})] * 1000
    thinker = openai_chat.make_thinker(openai_settings)
    async with aclosing(thinker.reply(messages=MESSAGES, tools=[])) as parts:
        async for part in parts:
            assert part == TextPiece("word ")
            break
    await thinker.close()


async def test_no_key_says_where_to_get_one(openai_settings):
    openai_settings.OPENAI_API_KEY = ""
    with pytest.raises(ProviderError, match="get one at platform") as failure:
        openai_chat.make_thinker(openai_settings)
    assert failure.value.permanent


# --- forms ---


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    amount_minor: int | None


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    goal: str
    inner: Inner | None


async def fill(settings, on_text=None):
    thinker = openai_chat.make_thinker(settings)
    try:
        return await thinker.fill(Plan, name="action_plan", model="plan-model", messages=MESSAGES, on_text=on_text)
    finally:
        await thinker.close()


async def test_a_form_is_filled_under_a_strict_schema_and_seen_growing(openai_api, openai_settings):
    whole = json.dumps({"goal": "Tell the school", "inner": None})
    openai_api.chat = lambda body: [delta({"content": whole[:12]}), delta({"content": whole[12:]}), delta(finish="stop"), delta(usage=USAGE), DONE]
    grown = []
    plan, usage = await fill(openai_settings, grown.append)
    assert plan == Plan(goal="Tell the school", inner=None)
    assert grown == [whole[:12], whole]
    assert usage.prompt_tokens == 2006
    form = openai_api.bodies[0]["response_format"]["json_schema"]
    assert (form["name"], form["strict"]) == ("action_plan", True)
    assert form["schema"]["required"] == ["goal", "inner"]
    assert form["schema"]["additionalProperties"] is False
    assert openai_api.bodies[0]["model"] == "plan-model"


@pytest.mark.parametrize(
    "chunks",
    [
        [delta({"refusal": "I cannot"}), delta(finish="stop"), DONE],
        [delta({"content": '{"goal": "Tell'}), delta(finish="length"), DONE],
        [delta({"content": '{"goal": 5, "inner": null}'}), delta(finish="stop"), DONE],
        [delta({"content": "certainly! here is the plan"}), delta(finish="stop"), DONE],
    ],
    ids=["refused", "cut off", "wrong type", "not JSON"],
)
async def test_a_form_not_filled_may_be_asked_for_once_more(openai_api, openai_settings, chunks):
    openai_api.chat = lambda body: chunks
    with pytest.raises(ProviderError) as failure:
        await fill(openai_settings)
    assert not failure.value.permanent
    assert "Tell" not in str(failure.value)
