"""Thinking with OpenAI's Responses API: the same turns, tools and forms as `openai_chat`, written in its items and events.

Nothing is stored at the vendor: each request carries its whole conversation. https://platform.openai.com/docs/api-reference/responses
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

import openai
from openai.lib._pydantic import to_strict_json_schema

from providers.openai_asking import IN_A_CALL, ON_A_FORM, Asking, form_of, streamed
from providers.openai_client import PERMANENT_CODES, make_client, warm
from providers.types import BadFormError, Message, Model, ProviderError, ReplyDone, ReplyPart, TextPiece, ToolCall, ToolSpec, Usage

WHAT = "openai responses"
#: Why an answer was cut, in the words of chat completions, which the rest of Floyd knows.
CUT = {"max_output_tokens": "length", "content_filter": "content_filter"}


def items_of(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """A conversation as this API's items: what was said, what was called, what came of it."""
    return [item for message in messages for item in _items(message)]


def _items(message: Message) -> Iterator[dict[str, Any]]:
    if message["role"] == "tool":
        yield {"type": "function_call_output", "call_id": message["tool_call_id"], "output": message["content"]}
        return
    if message.get("content"):
        yield {"type": "message", "role": message["role"], "content": message["content"]}
    for call in message.get("tool_calls") or ():
        function = call["function"]
        yield {"type": "function_call", "call_id": call["id"], "name": function["name"], "arguments": function["arguments"]}


def tool_of(spec: ToolSpec) -> dict[str, Any]:
    """A tool as this API takes it. Whether it is strict is always said: left out, it would be."""
    function = spec["function"]
    said = {"description": function["description"]} if function.get("description") else {}
    return {
        "type": "function",
        "name": function["name"],
        "parameters": function.get("parameters") or {"type": "object", "properties": {}},
        "strict": bool(function.get("strict")),
        **said,
    }


class OpenAIResponses:
    """A `Thinker`.

    Args:
        client: the official client.
        asking: how it is asked during calls; forms name their own model.
    """

    def __init__(self, client: openai.AsyncOpenAI, asking: Asking) -> None:
        self._client = client
        self._asking = asking

    async def warm(self) -> None:
        """Connects."""
        await warm(self._client, WHAT)

    async def close(self) -> None:
        """Disconnects."""
        await self._client.close()

    async def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        """Streams one turn of a conversation. Closing the iterator aborts the generation."""
        request: dict[str, Any] = {"model": self._asking.model, "input": items_of(messages)}
        if tools:
            request["tools"] = [tool_of(spec) for spec in tools]
        if cache_key:
            request["prompt_cache_key"] = cache_key
        if self._asking.reasoning:
            request["reasoning"] = {"effort": self._asking.reasoning}
        if self._asking.service_tier:
            request["service_tier"] = self._asking.service_tier
        answer = _Answer()
        events = streamed(WHAT, lambda: self._stream(request), IN_A_CALL)
        try:
            async for event in events:
                if text := answer.take(event):
                    yield TextPiece(text)
        finally:
            await events.aclose()
        answer.require_end()
        for call in answer.tool_calls():
            yield call
        yield ReplyDone(answer.finish_reason, answer.usage)

    async def fill(
        self, form: type[Model], *, name: str, model: str, messages: Sequence[Message], on_text: Callable[[str], None] | None = None
    ) -> tuple[Model, Usage]:
        """Has the model fill a form under a strict JSON schema called `name`."""
        layout = {"type": "json_schema", "name": name, "strict": True, "schema": to_strict_json_schema(form)}
        request = {"model": model, "input": items_of(messages), "text": {"format": layout}}
        answer, text = _Answer(), ""
        events = streamed(WHAT, lambda: self._stream(request), ON_A_FORM)
        try:
            async for event in events:
                if piece := answer.take(event):
                    text += piece
                    if on_text is not None:
                        on_text(text)
        finally:
            await events.aclose()
        answer.require_end()
        if answer.cut:
            raise BadFormError(f"{WHAT}: the form {name} was cut off ({answer.finish_reason})", written=text)
        return form_of(form, name, text), answer.usage

    async def _stream(self, request: dict[str, Any]) -> Any:
        return await self._client.responses.create(**request, stream=True, store=False)


class _Answer:
    """Puts one streamed response together. Events are told apart by their `type`: the client maps those it does not know onto some class."""

    def __init__(self) -> None:
        self.cut = ""
        self.usage = Usage()
        self._ended = False
        self._refused = False
        self._calls: list[ToolCall] = []

    def take(self, event: Any) -> str:
        """The text that this event adds."""
        match event.type:
            case "response.output_text.delta":
                return str(event.delta)
            case "response.refusal.delta":
                self._refused = True
            case "response.output_item.done" if event.item.type == "function_call":
                self._calls.append(ToolCall(event.item.call_id, event.item.name, event.item.arguments))
            case "response.completed" | "response.incomplete":
                self._end(event.response)
            case "response.failed":
                raise _failure(event.response.error)
            case "error":
                raise _failure(event)
        return ""

    def _end(self, response: Any) -> None:
        self._ended = True
        if response.incomplete_details is not None:
            reason = response.incomplete_details.reason or ""
            self.cut = CUT.get(reason, reason) or "incomplete"
        if (used := response.usage) is not None:
            self.usage = Usage(
                prompt_tokens=used.input_tokens,
                cached_tokens=used.input_tokens_details.cached_tokens if used.input_tokens_details else 0,
                completion_tokens=used.output_tokens,
            )

    @property
    def finish_reason(self) -> str:
        """As chat completions would say it."""
        return self.cut or ("tool_calls" if self._calls else "stop")

    def require_end(self) -> None:
        """Raises ProviderError unless the model came to an end of its own accord."""
        if self._refused:
            raise ProviderError(f"{WHAT}: refused")
        if not self._ended:
            raise ProviderError(f"{WHAT}: the answer broke off")

    def tool_calls(self) -> list[ToolCall]:
        """The whole calls, in order; none when the answer was cut short by a limit."""
        return [] if self.cut else list(self._calls)


def _failure(error: Any) -> ProviderError:
    """Our error for one that came in the stream. Its message stays out: it may quote what was said."""
    code = getattr(error, "code", None) or ""
    return ProviderError(f"{WHAT}: failed {code}".rstrip(), permanent=code in PERMANENT_CODES)


def make_thinker(settings: Any) -> OpenAIResponses:
    """From OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_CALL_MODEL, OPENAI_CALL_REASONING and OPENAI_SERVICE_TIER."""
    return OpenAIResponses(make_client(settings), Asking.of(settings))
