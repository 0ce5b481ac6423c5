"""Thinking with the Responses API at the wire, with the official client."""

import json
from contextlib import aclosing
from itertools import count

import pytest
from pydantic import BaseModel, ConfigDict

from providers import openai_asking, openai_responses
from providers.openai_asking import Patience
from providers.types import BadFormError, ProviderError, ReplyDone, TextPiece, ToolCall, Usage
from tests.providers.openai_server import refusal

ARGUMENTS = '{"reason": "done"}'
MESSAGES = [
    {"role": "system", "content": "Rules."},
    {"role": "user", "content": "hello"},
    {"role": "assistant", "content": "One moment.", "tool_calls": [{"id": "call_a", "function": {"name": "ask_user", "arguments": "{}"}}]},
    {"role": "tool", "tool_call_id": "call_a", "content": '{"answer": "yes"}'},
]
TOOL = {"type": "function", "function": {"name": "end_call", "description": "Hangs up.", "parameters": {"type": "object", "properties": {}}}}
numbers = count()


def event(kind: str, **more: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, 'sequence_number': next(numbers), **more})}\n\n".encode()


def text(piece: str) -> bytes:
    return event("response.output_text.delta", delta=piece, item_id="msg_1", output_index=0, content_index=0, logprobs=[])


def called(call_id: str, name: str, arguments: str) -> bytes:
    item = {"id": "fc_1", "type": "function_call", "call_id": call_id, "name": name, "arguments": arguments, "status": "completed"}
    return event("response.output_item.done", output_index=1, item=item)


def ended(kind: str = "completed", **more: object) -> bytes:
    usage = {
        "input_tokens": 2006,
        "input_tokens_details": {"cached_tokens": 1920, "cache_write_tokens": 0},
        "output_tokens": 30,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 2036,
    }
    response = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": [], "status": kind, "usage": usage}
    rest = {"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "incomplete_details": None, "error": None}
    return event(f"response.{kind}", response=response | rest | more)


async def reply(settings, **extra):
    thinker = openai_responses.make_thinker(settings)
    try:
        async with aclosing(thinker.reply(messages=MESSAGES, tools=[TOOL], **extra)) as parts:
            return [part async for part in parts]
    finally:
        await thinker.close()


async def test_a_reply_streams_verbatim_and_ends_with_its_cost(openai_api, openai_settings):
    openai_api.responses = lambda body: [event("response.something_new", of="tomorrow"), text("Hel"), text("lo there."), ended()]
    parts = await reply(openai_settings, cache_key="call-1")
    assert parts == [TextPiece("Hel"), TextPiece("lo there."), ReplyDone("stop", Usage(2006, 1920, 30))]


async def test_a_conversation_is_written_in_items_and_nothing_is_stored(openai_api, openai_settings):
    openai_api.responses = lambda body: [ended()]
    openai_settings.OPENAI_CALL_REASONING, openai_settings.OPENAI_SERVICE_TIER = "low", "priority"
    await reply(openai_settings, cache_key="call-1")
    body = openai_api.bodies[0]
    assert body["input"] == [
        {"type": "message", "role": "system", "content": "Rules."},
        {"type": "message", "role": "user", "content": "hello"},
        {"type": "message", "role": "assistant", "content": "One moment."},
        {"type": "function_call", "call_id": "call_a", "name": "ask_user", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_a", "output": '{"answer": "yes"}'},
    ]
    parameters = {"type": "object", "properties": {}}
    assert body["tools"] == [{"type": "function", "name": "end_call", "description": "Hangs up.", "parameters": parameters, "strict": False}]
    assert (body["model"], body["prompt_cache_key"], body["store"], body["stream"]) == ("call-model", "call-1", False, True)
    assert (body["reasoning"], body["service_tier"]) == ({"effort": "low"}, "priority")


async def test_tool_calls_come_whole_and_in_order(openai_api, openai_settings):
    openai_api.responses = lambda body: [text("One moment."), called("call_a", "ask_user", "{}"), called("call_b", "end_call", ARGUMENTS), ended()]
    parts = await reply(openai_settings)
    assert parts[1:3] == [ToolCall("call_a", "ask_user", "{}"), ToolCall("call_b", "end_call", ARGUMENTS)]
    assert parts[3].finish_reason == "tool_calls"


async def test_a_call_in_an_answer_that_was_cut_is_not_carried_out(openai_api, openai_settings):
    cut = ended("incomplete", incomplete_details={"reason": "max_output_tokens"})
    openai_api.responses = lambda body: [called("call_a", "agree_to", '{"amount'), cut]
    assert await reply(openai_settings) == [ReplyDone("length", Usage(2006, 1920, 30))]


@pytest.mark.parametrize("cut", [True, False])
async def test_a_reply_that_breaks_off_is_a_failure(openai_api, openai_settings, cut):
    openai_api.responses = lambda body: [text("I will pay")]
    openai_api.cut = cut
    with pytest.raises(ProviderError) as failure:
        await reply(openai_settings)
    assert not failure.value.permanent


@pytest.mark.parametrize(
    ("last", "permanent"),
    [
        (event("error", code="server_error", message="secret words", param=None), False),
        (ended("failed", error={"code": "server_error", "message": "secret words"}), False),
        (ended("failed", error={"code": "invalid_prompt", "message": "secret words"}), True),
        (event("response.refusal.delta", delta="I cannot", item_id="msg_1", output_index=0, content_index=0) + ended(), False),
    ],
    ids=["error", "failed", "failed for good", "refused"],
)
async def test_an_error_in_the_stream_is_a_failure(openai_api, openai_settings, last, permanent):
    openai_api.responses = lambda body: [text("I"), last]
    with pytest.raises(ProviderError) as failure:
        await reply(openai_settings)
    assert failure.value.permanent is permanent
    assert "secret words" not in str(failure.value)


@pytest.mark.parametrize(
    "broken",
    [
        b"data: not json\n\n",
        event("response.output_item.done", item={"type": "function_call", "name": "end_call"}),
        event("response.completed", response=None),
        event("response.failed"),
    ],
    ids=["no JSON", "a call without its id", "an end without its response", "a failure without one"],
)
async def test_an_event_that_is_not_of_the_api_is_a_failure_not_a_defect(openai_api, openai_settings, broken):
    openai_api.responses = lambda body: [text("I"), broken]
    with pytest.raises(ProviderError) as failure:
        await reply(openai_settings)
    assert not failure.value.permanent


@pytest.mark.parametrize(("status", "code", "permanent"), [(401, "invalid_api_key", True), (429, "insufficient_quota", True), (500, "", False)])
async def test_errors_say_whether_another_try_helps(openai_api, openai_settings, status, code, permanent):
    openai_api.responses = lambda body: refusal(status, code)
    with pytest.raises(ProviderError) as failure:
        await reply(openai_settings)
    assert failure.value.permanent is permanent


async def test_a_model_that_hangs_is_a_failure(openai_api, openai_settings, monkeypatch):
    monkeypatch.setattr(openai_asking, "IN_A_CALL", Patience(0.2, 0.2))
    openai_api.stall_s = 30.0
    openai_api.responses = lambda body: []
    with pytest.raises(ProviderError, match="nothing came"):
        await reply(openai_settings)


# --- forms ---


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    goal: str


async def fill(settings, on_text=None):
    thinker = openai_responses.make_thinker(settings)
    try:
        return await thinker.fill(Plan, name="action_plan", model="plan-model", messages=MESSAGES[:2], on_text=on_text)
    finally:
        await thinker.close()


async def test_a_form_is_filled_under_a_strict_schema_and_seen_growing(openai_api, openai_settings):
    whole = json.dumps({"goal": "Tell the school"})
    openai_api.responses = lambda body: [text(whole[:12]), text(whole[12:]), ended()]
    grown: list[str] = []
    plan, usage = await fill(openai_settings, grown.append)
    assert (plan, usage.completion_tokens) == (Plan(goal="Tell the school"), 30)
    assert grown == [whole[:12], whole]
    form = openai_api.bodies[0]["text"]["format"]
    assert (form["type"], form["name"], form["strict"], form["schema"]["additionalProperties"]) == ("json_schema", "action_plan", True, False)
    assert openai_api.bodies[0]["model"] == "plan-model"


@pytest.mark.parametrize(
    "events",
    [
        [text('{"goal": "Tell'), ended("incomplete", incomplete_details={"reason": "max_output_tokens"})],
        [text('{"goal": 5}'), ended()],
        [text("certainly! here is the plan"), ended()],
    ],
    ids=["cut off", "wrong type", "not JSON"],
)
async def test_a_form_not_filled_may_be_asked_for_once_more(openai_api, openai_settings, events):
    openai_api.responses = lambda body: events
    with pytest.raises(BadFormError) as failure:
        await fill(openai_settings)
    assert not failure.value.permanent
    assert "Tell" not in str(failure.value)
