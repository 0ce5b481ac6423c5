"""Thinking with OpenAI's Responses API: the same turns, tools and forms as `openai_chat`, written in its items and events.

Nothing is stored at the vendor: each request carries its whole conversation. https://platform.openai.com/docs/api-reference/responses
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from providers.openai_asking import Answer, Asking, OpenAIThinker
from providers.openai_client import PERMANENT_CODES, make_client
from providers.openai_questions import Fields
from providers.types import Message, ProviderError, ToolCall, ToolSpec, Usage

WHAT = "openai responses"
#: How an answer ended, and why it was cut, in the words of chat completions, which the rest of Floyd knows.
WHOLE = frozenset({"stop", "tool_calls"})
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


class OpenAIResponses(OpenAIThinker):
    """A `Thinker`."""

    what = WHAT

    async def _ask(self, request: dict[str, Any]) -> Any:
        body = {**request, "stream": True, "store": False}
        return await self._questions.ask("responses", body)

    def _answer(self) -> Answer:
        return _Answer()

    def _conversation(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {"input": items_of(messages)}

    def _tools(self, tools: Sequence[ToolSpec]) -> list[dict[str, Any]]:
        return [tool_of(spec) for spec in tools]

    def _effort(self, effort: str) -> dict[str, Any]:
        return {"reasoning": {"effort": effort}}

    def _form(self, layout: dict[str, Any]) -> dict[str, Any]:
        return {"text": {"format": {"type": "json_schema", **layout}}}


class _Answer(Answer):
    """Puts one streamed response together. Events are told apart by their `type`; those that tell nothing of use are passed over."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self.usage = Usage()
        self._refused = False
        self._calls: list[ToolCall] = []

    def take(self, event: Fields) -> str:
        match event:
            case {"type": "response.output_text.delta", "delta": str(text)}:
                return text
            case {"type": "response.refusal.delta"}:
                self._refused = True
            case {"type": "response.output_item.done", "item": {"type": "function_call"} as call}:
                self._calls.append(ToolCall(call["call_id"], call["name"], call["arguments"]))
            case {"type": "response.completed" | "response.incomplete", "response": response}:
                self._end(response)
            case {"type": "response.failed"}:
                raise _failure(event["response"].get("error") or {})
            case {"type": "error"}:
                raise _failure(event)
        return ""

    def _end(self, response: Fields) -> None:
        self.finish_reason = "tool_calls" if self._calls else "stop"
        if cut := response.get("incomplete_details"):
            reason = cut.get("reason") or ""
            self.finish_reason = CUT.get(reason, reason) or "incomplete"
        if used := response.get("usage"):
            details = used.get("input_tokens_details") or {}
            self.usage = Usage(
                prompt_tokens=used.get("input_tokens") or 0,
                cached_tokens=details.get("cached_tokens") or 0,
                completion_tokens=used.get("output_tokens") or 0,
            )

    def require_end(self) -> None:
        if self._refused:
            raise ProviderError(f"{WHAT}: refused")
        if not self.finish_reason:
            raise ProviderError(f"{WHAT}: the answer broke off")

    @property
    def whole(self) -> bool:
        return self.finish_reason in WHOLE

    def tool_calls(self) -> list[ToolCall]:
        return list(self._calls)


def _failure(error: Fields) -> ProviderError:
    """Our error for one that came in the stream. Its message stays out: it may quote what was said."""
    code = error.get("code") or ""
    return ProviderError(f"{WHAT}: failed {code}".rstrip(), permanent=code in PERMANENT_CODES)


def make_thinker(settings: Any) -> OpenAIResponses:
    """From OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_CALL_MODEL, OPENAI_CALL_REASONING and OPENAI_SERVICE_TIER."""
    return OpenAIResponses(make_client(settings), Asking.of(settings))
