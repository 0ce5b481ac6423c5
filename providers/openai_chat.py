"""Thinking with OpenAI chat completions: streamed turns with tools, and forms filled under a strict JSON schema.

Anything that speaks this API (a local model server) works by OPENAI_BASE_URL. https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

import openai
from openai.lib._pydantic import to_strict_json_schema

from providers.openai_asking import IN_A_CALL, ON_A_FORM, Asking, form_of, streamed
from providers.openai_client import make_client, warm
from providers.types import BadFormError, Message, Model, ProviderError, ReplyDone, ReplyPart, TextPiece, ToolCall, ToolSpec, Usage

#: With these the model has finished what it began; with `length` or `content_filter` a tool call may be half written.
WHOLE = frozenset({"stop", "tool_calls", "function_call"})


class OpenAIChat:
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
        await warm(self._client, "openai chat")

    async def close(self) -> None:
        """Disconnects."""
        await self._client.close()

    async def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        """Streams one turn of a conversation. Closing the iterator aborts the generation."""
        request: dict[str, Any] = {"model": self._asking.model, "messages": list(messages)}
        if tools:
            request["tools"] = list(tools)
        if cache_key:
            request["prompt_cache_key"] = cache_key
        if self._asking.reasoning:
            request["reasoning_effort"] = self._asking.reasoning
        if self._asking.service_tier:
            request["service_tier"] = self._asking.service_tier
        answer = _Answer()
        chunks = streamed("openai chat", lambda: self._stream(request), IN_A_CALL)
        try:
            async for chunk in chunks:
                if text := answer.take(chunk):
                    yield TextPiece(text)
        finally:
            await chunks.aclose()
        answer.require_end()
        for call in answer.tool_calls():
            yield call
        yield ReplyDone(answer.finish_reason, answer.usage)

    async def fill(
        self, form: type[Model], *, name: str, model: str, messages: Sequence[Message], on_text: Callable[[str], None] | None = None
    ) -> tuple[Model, Usage]:
        """Has the model fill a form under a strict JSON schema called `name`."""
        schema = {"name": name, "strict": True, "schema": to_strict_json_schema(form)}
        request = {"model": model, "messages": list(messages), "response_format": {"type": "json_schema", "json_schema": schema}}
        answer, text = _Answer(), ""
        chunks = streamed("openai chat", lambda: self._stream(request), ON_A_FORM)
        try:
            async for chunk in chunks:
                if piece := answer.take(chunk):
                    text += piece
                    if on_text is not None:
                        on_text(text)
        finally:
            await chunks.aclose()
        answer.require_end()
        if answer.finish_reason not in WHOLE:
            raise BadFormError(f"openai chat: the form {name} was cut off ({answer.finish_reason})", written=text)
        return form_of(form, name, text), answer.usage

    async def _stream(self, request: dict[str, Any]) -> Any:
        return await self._client.chat.completions.create(**request, stream=True, stream_options={"include_usage": True})


class _Answer:
    """Puts one streamed completion together."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self.usage = Usage()
        self._refused = False
        self._tools: dict[int, dict[str, str]] = {}

    def take(self, chunk: Any) -> str:
        """The text that this chunk adds."""
        if chunk.usage is not None:
            details = chunk.usage.prompt_tokens_details
            self.usage = Usage(
                prompt_tokens=chunk.usage.prompt_tokens,
                cached_tokens=(details.cached_tokens or 0) if details else 0,
                completion_tokens=chunk.usage.completion_tokens,
            )
        if not chunk.choices:  # the usage chunk
            return ""
        choice = chunk.choices[0]
        self.finish_reason = choice.finish_reason or self.finish_reason
        self._refused = self._refused or bool(choice.delta.refusal)
        self._add_fragments(choice.delta.tool_calls or ())
        return choice.delta.content or ""

    def _add_fragments(self, fragments: Iterable[Any]) -> None:
        # Only the first fragment of a call carries its id and name; `index` tells which call a later one belongs to.
        for fragment in fragments:
            call = self._tools.setdefault(fragment.index, {"id": "", "name": "", "arguments": ""})
            call["id"] = fragment.id or call["id"]
            if fragment.function is not None:
                call["name"] = fragment.function.name or call["name"]
                call["arguments"] += fragment.function.arguments or ""

    def require_end(self) -> None:
        """Raises ProviderError unless the model came to an end of its own accord: the client is silent about a stream that was cut."""
        if self._refused:
            raise ProviderError("openai chat: refused")
        if not self.finish_reason:
            raise ProviderError("openai chat: the answer broke off")

    def tool_calls(self) -> list[ToolCall]:
        """The whole calls, in order; none when the answer was cut short by a limit."""
        if self.finish_reason not in WHOLE:
            return []
        return [ToolCall(call["id"], call["name"], call["arguments"]) for _, call in sorted(self._tools.items())]


def make_thinker(settings: Any) -> OpenAIChat:
    """From OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_CALL_MODEL, OPENAI_CALL_REASONING and OPENAI_SERVICE_TIER."""
    return OpenAIChat(make_client(settings), Asking.of(settings))
