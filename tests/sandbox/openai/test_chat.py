"""Chat completions at the wire, as the official client sees them."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import openai
import pytest

from sandbox import mind
from sandbox.mind import Thought, ToolUse

SCHEMA = {"type": "object", "properties": {"keys": {"type": "string"}}, "required": ["keys"], "additionalProperties": False}
TOOL: Any = {"type": "function", "function": {"name": "press", "description": "", "strict": True, "parameters": SCHEMA}}
ASK: Any = [{"role": "system", "content": "Rules."}, {"role": "user", "content": "Hello?"}]


@pytest.fixture
def thinks(monkeypatch):
    def set_thought(thought: Thought) -> None:
        monkeypatch.setattr(mind, "think", lambda body: thought)

    set_thought(Thought("Hello there, how are you?"))
    return set_thought


def form(schema: dict[str, Any], name: str = "keys_form") -> Any:
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


async def chunks_of(client, **more) -> list[Any]:
    stream = await client.chat.completions.create(model="gpt-6-luna", messages=more.pop("messages", ASK), stream=True, **more)
    return [chunk async for chunk in stream]


async def test_words_come_one_by_one_with_their_spaces(client, thinks):
    chunks = await chunks_of(client)
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant" and deltas[0].content == ""
    assert [delta.content for delta in deltas[1:-1]] == ["Hello", " there,", " how", " are", " you?"]
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * 6 + ["stop"]
    assert len({chunk.id for chunk in chunks}) == 1


async def test_usage_comes_last_and_only_when_wanted(client, thinks):
    assert all(chunk.choices for chunk in await chunks_of(client))
    *_, last = await chunks_of(client, stream_options={"include_usage": True})
    assert last.choices == [] and last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens


async def test_a_long_prompt_that_begins_like_one_before_is_cached(client, thinks):
    messages = [{"role": "system", "content": "word " * 1600}, {"role": "user", "content": "One."}]
    first, second, other = [
        await client.chat.completions.create(model="gpt-6-luna", messages=given)
        for given in (messages, [*messages[:1], {"role": "user", "content": "Two."}], [{"role": "system", "content": "other " * 1600}])
    ]
    assert first.usage.prompt_tokens_details.cached_tokens == 0
    assert 1024 <= second.usage.prompt_tokens_details.cached_tokens <= second.usage.prompt_tokens
    assert second.usage.prompt_tokens_details.cached_tokens % 128 == 0
    assert other.usage.prompt_tokens_details.cached_tokens == 0


async def test_tool_arguments_come_in_fragments(client, thinks):
    thinks(Thought("One moment.", (ToolUse("press", {"keys": "1234567890"}), ToolUse("press", {"keys": "#"}))))
    chunks = await chunks_of(client, tools=[TOOL])
    fragments = [fragment for chunk in chunks for fragment in chunk.choices[0].delta.tool_calls or ()]
    assert [fragment.function.name for fragment in fragments if fragment.id] == ["press", "press"]
    texts = ["".join(fragment.function.arguments for fragment in fragments if fragment.index == index) for index in (0, 1)]
    assert [json.loads(text) for text in texts] == [{"keys": "1234567890"}, {"keys": "#"}]
    assert sum(fragment.index == 0 for fragment in fragments) > 2
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


async def test_an_answer_that_is_not_streamed_says_the_same(client, thinks):
    thinks(Thought("", (ToolUse("press", {"keys": "1"}),)))
    answer = await client.chat.completions.create(model="gpt-6-luna", messages=ASK, tools=[TOOL])
    message = answer.choices[0].message
    assert message.content is None and json.loads(message.tool_calls[0].function.arguments) == {"keys": "1"}
    assert answer.choices[0].finish_reason == "tool_calls"


async def test_a_document_outside_its_form_is_never_sent(client, thinks):
    thinks(Thought('{"keys": 5}'))
    with pytest.raises(openai.InternalServerError):
        await client.chat.completions.create(model="gpt-6-luna", messages=ASK, response_format=form(SCHEMA))
    thinks(Thought("", (ToolUse("press", {"key": "1"}),)))
    with pytest.raises(openai.InternalServerError):
        await client.chat.completions.create(model="gpt-6-luna", messages=ASK, tools=[TOOL])


async def test_a_limit_on_tokens_cuts_the_answer(client, thinks):
    answer = await client.chat.completions.create(model="gpt-6-luna", messages=ASK, max_completion_tokens=2)
    assert answer.choices[0].finish_reason == "length" and answer.choices[0].message.content == "Hello th"


@pytest.mark.parametrize(
    "schema",
    [
        {**SCHEMA, "additionalProperties": True},
        {**SCHEMA, "required": []},
        {"type": "array", "items": SCHEMA},
        {**SCHEMA, "properties": {"keys": {"type": "string", "default": ""}}},
        {**SCHEMA, "properties": {"keys": {"type": "object", "properties": {}}}},
        {**SCHEMA, "properties": {"keys": {"anyOf": [{"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": False}]}}},
    ],
)
async def test_a_schema_that_is_not_strict_is_refused(client, thinks, schema):
    with pytest.raises(openai.BadRequestError) as refused:
        await client.chat.completions.create(model="gpt-6-luna", messages=ASK, response_format=form(schema))
    assert refused.value.code == "invalid_json_schema"
    with pytest.raises(openai.BadRequestError):
        await client.chat.completions.create(
            model="gpt-6-luna", messages=ASK, tools=[{**TOOL, "function": {**TOOL["function"], "parameters": schema}}]
        )


CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "press", "arguments": "{}"}}],
}
ANSWERED = {"role": "tool", "tool_call_id": "call_1", "content": "{}"}


async def test_answered_tool_calls_are_taken(client, thinks):
    assert await chunks_of(client, messages=[*ASK, CALLED, ANSWERED, {"role": "user", "content": "And?"}], tools=[TOOL])


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "robot", "content": "x"}],
        [{"role": "user", "content": None}],
        [{"role": "user", "content": "x", "mood": "good"}],
        [*ASK, ANSWERED],
        [*ASK, CALLED],
        [*ASK, CALLED, {"role": "user", "content": "x"}],
        [*ASK, CALLED, {**ANSWERED, "tool_call_id": "call_2"}],
        [*ASK, CALLED, ANSWERED, ANSWERED],
    ],
)
async def test_messages_out_of_order_are_refused(client, thinks, messages):
    with pytest.raises(openai.BadRequestError):
        await chunks_of(client, messages=messages, tools=[TOOL])


@pytest.mark.parametrize(
    "more",
    [
        {"extra_body": {"temprature": 1}},
        {"reasoning_effort": "huge"},
        {"stream_options": {"include_usages": True}},
        {"tool_choice": "auto"},
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "other"}}},
        {"extra_body": {"stop": 5}},
    ],
)
async def test_what_the_api_does_not_know_is_refused(client, thinks, more):
    with pytest.raises(openai.BadRequestError):
        await chunks_of(client, **more)


async def test_keys_and_models_are_checked(client, base_url, thinks):
    with pytest.raises(openai.NotFoundError) as unknown:
        await client.chat.completions.create(model="gpt-99", messages=ASK)
    assert unknown.value.code == "model_not_found" and unknown.value.request_id
    with pytest.raises(openai.NotFoundError):
        await client.chat.completions.create(model="tts-1", messages=ASK)
    with pytest.raises(openai.AuthenticationError):
        await client.with_options(api_key="nonsense").models.list()
    async with aiohttp.ClientSession() as session, session.get(f"{base_url}/models") as answer:
        assert answer.status == 401


async def test_models_say_when_they_end(client):
    models = {model.id: model async for model in client.models.list()}
    assert models["gpt-6-luna"].shutdown_date is None and models["gpt-4o"].shutdown_date > models["tts-1"].shutdown_date
    assert (await client.models.retrieve("gpt-6-sol")).id == "gpt-6-sol"
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("gpt-99")


# --- faults ---


async def test_a_rate_limit_passes_when_asked_again(client, state, thinks):
    state.faults.set("openai.chat", {"mode": "429", "retry_after_ms": 1})
    with pytest.raises(openai.RateLimitError) as refused:
        await chunks_of(client)
    assert refused.value.code == "rate_limit_exceeded"
    state.faults.set("openai.chat", {"mode": "429", "retry_after_ms": 1})
    assert await client.with_options(max_retries=1).chat.completions.create(model="gpt-6-luna", messages=ASK)


@pytest.mark.parametrize(("mode", "error"), [("500", openai.InternalServerError), ("quota", openai.RateLimitError), ("cut", Exception)])
async def test_faults_reach_the_client(client, state, thinks, mode, error):
    state.faults.set("openai.chat", {"mode": mode})
    with pytest.raises(error):
        await chunks_of(client)
    assert await chunks_of(client)


async def test_an_error_in_mid_stream_is_an_api_error(client, state, thinks):
    state.faults.set("openai.chat", {"mode": "error_event"})
    with pytest.raises(openai.APIError):
        await chunks_of(client)


async def test_a_stall_outlasts_the_clients_patience(client, state, thinks):
    state.faults.set("openai.chat", {"mode": "stall", "stall_ms": 1000})
    with pytest.raises(openai.APITimeoutError):
        await chunks_of(client.with_options(timeout=0.2))


async def test_a_refusal_and_broken_arguments(client, state, thinks):
    state.faults.set("openai.chat", {"mode": "refusal"})
    assert any(chunk.choices[0].delta.refusal for chunk in await chunks_of(client))
    thinks(Thought("", (ToolUse("press", {"keys": "12"}),)))
    state.faults.set("openai.chat", {"mode": "bad_arguments"})
    answer = await client.chat.completions.create(model="gpt-6-luna", messages=ASK, tools=[TOOL])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.choices[0].message.tool_calls[0].function.arguments)


async def test_without_done_the_client_still_ends(client, state, thinks):
    state.faults.set("openai.chat", {"mode": "no_done"})
    assert (await chunks_of(client))[-1].choices[0].finish_reason == "stop"
