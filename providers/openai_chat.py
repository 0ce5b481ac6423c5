"""Thinking with OpenAI chat completions: streamed turns with tools, and forms filled under a strict JSON schema.

Anything that speaks this API (a local model server) works by OPENAI_BASE_URL. https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from providers.openai_asking import Answer, Asking, OpenAIThinker
from providers.openai_client import make_client
from providers.openai_questions import Fields
from providers.types import Message, ProviderError, ToolCall, ToolSpec, Usage

#: With these the model has finished what it began; with `length` or `content_filter` a tool call may be half written.
WHOLE = frozenset({"stop", "tool_calls", "function_call"})


class OpenAIChat(OpenAIThinker):
    """A `Thinker`."""

    what = "openai chat"

    async def _ask(self, request: dict[str, Any]) -> Any:
        body = {**request, "stream": True, "stream_options": {"include_usage": True}}
        return await self._questions.ask("chat/completions", body)

    def _answer(self) -> Answer:
        return _Answer()

    def _conversation(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {"messages": list(messages)}

    def _tools(self, tools: Sequence[ToolSpec]) -> list[dict[str, Any]]:
        return list(tools)

    def _effort(self, effort: str) -> dict[str, Any]:
        return {"reasoning_effort": effort}

    def _form(self, layout: dict[str, Any]) -> dict[str, Any]:
        return {"response_format": {"type": "json_schema", "json_schema": layout}}


class _Answer(Answer):
    """Puts one streamed completion together."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self.usage = Usage()
        self._refused = False
        self._tools: dict[int, dict[str, str]] = {}

    def take(self, event: Fields) -> str:
        if used := event.get("usage"):
            details = used.get("prompt_tokens_details") or {}
            self.usage = Usage(
                prompt_tokens=used.get("prompt_tokens") or 0,
                cached_tokens=details.get("cached_tokens") or 0,
                completion_tokens=used.get("completion_tokens") or 0,
            )
        if not (choices := event.get("choices")):  # the usage chunk
            return ""
        choice = choices[0]
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        delta = choice.get("delta") or {}
        self._refused = self._refused or bool(delta.get("refusal"))
        self._add_fragments(delta.get("tool_calls") or ())
        content = delta.get("content") or ""
        if not isinstance(content, str):
            raise TypeError("content is no text")
        return content

    def _add_fragments(self, fragments: Iterable[Fields]) -> None:
        # Only the first fragment of a call carries its id and name; `index` tells which call a later one belongs to.
        for fragment in fragments:
            call = self._tools.setdefault(fragment.get("index") or 0, {"id": "", "name": "", "arguments": ""})
            call["id"] = fragment.get("id") or call["id"]
            function = fragment.get("function") or {}
            call["name"] = function.get("name") or call["name"]
            call["arguments"] += function.get("arguments") or ""

    def require_end(self) -> None:
        if self._refused:
            raise ProviderError("openai chat: refused")
        if not self.finish_reason:
            raise ProviderError("openai chat: the answer broke off")

    @property
    def whole(self) -> bool:
        return self.finish_reason in WHOLE

    def tool_calls(self) -> list[ToolCall]:
        return [ToolCall(call["id"], call["name"], call["arguments"]) for _, call in sorted(self._tools.items())]


def make_thinker(settings: Any) -> OpenAIChat:
    """From OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_CALL_MODEL, OPENAI_CALL_REASONING and OPENAI_SERVICE_TIER."""
    return OpenAIChat(make_client(settings), Asking.of(settings))
