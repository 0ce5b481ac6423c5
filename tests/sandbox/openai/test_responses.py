"""The Responses API at the wire, as the official client sees it."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import openai
import pytest

from sandbox import mind
from sandbox.mind import Thought, ToolUse

SCHEMA = {"type": "object", "properties": {"keys": {"type": "string"}}, "required": ["keys"], "additionalProperties": False}
TOOL: Any = {"type": "function", "name": "press", "description": "", "strict": True, "parameters": SCHEMA}
ASK: Any = [{"role": "system", "content": "Rules."}, {"role": "user", "content": "Hello?"}]


@pytest.fixture
def thinks(monkeypatch):
    asked: list[dict[str, Any]] = []

    def set_thought(thought: Thought) -> list[dict[str, Any]]:
        def think(body: dict[str, Any]) -> Thought:
            asked.append(body)
            return thought

        monkeypatch.setattr(mind, "think", think)
        return asked

    set_thought(Thought("Hello there, how are you?"))
    return set_thought


async def events_of(client, **more: Any) -> list[Any]:
    stream = await client.responses.create(model="gpt-6-luna", input=more.pop("input", ASK), stream=True, **more)
    return [event async for event in stream]


async def test_an_answer_comes_in_the_order_of_its_events(client, thinks):
    events = await events_of(client)
    pieces = [event for event in events if event.type == "response.output_text.delta"]
    assert [event.type for event in events if event not in pieces] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [piece.delta for piece in pieces] == ["Hello", " there,", " how", " are", " you?"]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    ended = events[-1].response
    assert (ended.status, ended.output_text, events[0].response.usage) == ("completed", "Hello there, how are you?", None)
    assert ended.usage.total_tokens == ended.usage.input_tokens + ended.usage.output_tokens


async def test_calls_come_in_fragments_and_whole(client, thinks):
    thinks(Thought("One moment.", (ToolUse("press", {"keys": "1234567890"}), ToolUse("press", {"keys": "#"}))))
    events = await events_of(client, tools=[TOOL])
    whole = [event.item for event in events if event.type == "response.output_item.done" and event.item.type == "function_call"]
    assert [json.loads(item.arguments) for item in whole] == [{"keys": "1234567890"}, {"keys": "#"}]
    for item in whole:
        parts = [event.delta for event in events if event.type == "response.function_call_arguments.delta" and event.item_id == item.id]
        assert "".join(parts) == item.arguments


async def test_the_mind_reads_the_conversation_as_it_was(client, thinks):
    asked = thinks(Thought("Thank you."))
    talk: Any = [
        {"role": "developer", "content": "Rules."},
        {"role": "user", "content": [{"type": "input_text", "text": "Press one."}]},
        {"role": "assistant", "content": "One moment."},
        {"type": "function_call", "call_id": "call_1", "name": "press", "arguments": '{"keys": "1"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": "pressed"},
    ]
    await events_of(client, input=talk, tools=[TOOL], instructions="Be brief.")
    messages = asked[0]["messages"]
    assert [message["role"] for message in messages] == ["developer", "developer", "user", "assistant", "tool"]
    assert messages[2]["content"] == "Press one."
    assert messages[3]["tool_calls"][0]["function"] == {"name": "press", "arguments": '{"keys": "1"}'}
    assert messages[4] == {"role": "tool", "tool_call_id": "call_1", "content": "pressed"}


async def test_an_answer_that_is_not_streamed_says_the_same(client, thinks):
    thinks(Thought("", (ToolUse("press", {"keys": "1"}),)))
    answer = await client.responses.create(model="gpt-6-luna", input="Hello?", tools=[TOOL])
    assert [item.type for item in answer.output] == ["function_call"]
    assert json.loads(answer.output[0].arguments) == {"keys": "1"}


async def test_a_limit_cuts_the_answer_and_says_so(client, thinks):
    thinks(Thought("word " * 100))
    answer = await client.responses.create(model="gpt-6-luna", input="Hello?", max_output_tokens=16)
    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")


async def test_a_form_is_filled(client, thinks):
    thinks(Thought('{"keys": "1"}'))
    form = {"type": "json_schema", "name": "keys_form", "strict": True, "schema": SCHEMA}
    assert (await events_of(client, text={"format": form}))[-1].response.output_text == '{"keys": "1"}'


@pytest.mark.parametrize(
    "more",
    [
        {"messages": ASK},
        {"response_format": {"type": "text"}},
        {"reasoning_effort": "low"},
        {"max_tokens": 20},
        {"stream_options": {"include_usage": True}},
        {"reasoning": {"effort": "huge"}},
        {"service_tier": "golden"},
        {"previous_response_id": "resp_1"},
        {"max_output_tokens": 15},
        {"tools": [{"type": "function", "function": {"name": "press", "parameters": SCHEMA}}]},
        {"tools": [{"type": "function", "name": "press"}]},
        {"tools": [{"type": "function", "name": "press", "parameters": {"type": "object", "properties": {}}}]},
        {"text": {"format": {"type": "json_schema", "json_schema": {"name": "form", "schema": SCHEMA}}}},
        {"input": []},
        {"input": [{"role": "tool", "content": "x"}]},
        {"input": [{"role": "user", "content": [{"type": "output_text", "text": "x"}]}]},
        {"input": [{"type": "function_call", "call_id": "call_1", "name": "press", "arguments": "{}"}]},
        {"input": [{"type": "function_call_output", "call_id": "call_1", "output": "x"}]},
    ],
    ids=lambda more: json.dumps(more)[:60],
)
async def test_what_the_api_refuses_is_refused(client, thinks, more):
    with pytest.raises(openai.BadRequestError):
        await client.responses.create(model="gpt-6-luna", stream=True, **({"input": ASK} | {"extra_body": more}))


@pytest.mark.parametrize("mode", ["cut", "no_done", "error_event"])
async def test_a_stream_that_breaks_has_no_end(client, thinks, state, mode):
    state.faults.set("openai.chat", {"mode": mode})
    stream = await client.responses.create(model="gpt-6-luna", input=ASK, stream=True)
    kinds = []
    with pytest.raises(openai.APIConnectionError) if mode == "cut" else nullcontext():
        kinds.extend([event.type async for event in stream])
    assert "response.completed" not in kinds
    assert ("error" in kinds) == (mode == "error_event")
