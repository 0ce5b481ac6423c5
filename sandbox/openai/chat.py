"""POST /v1/chat/completions: the mind's answers, streamed or whole."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.faults import Fault
from sandbox.openai import chat_request
from sandbox.openai.errors import REQUEST_ID, ApiError, body_of, switched_on
from sandbox.openai.event_stream import AnswerStream
from sandbox.openai.strict_schema import fits, fits_text
from sandbox.openai.usage import PromptCache, tokens_of
from sandbox.state import SandboxState

log = logging.getLogger("sandbox.openai")
REFUSAL = "I'm sorry, I can't help with that."


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: a text, or a refusal, and tool calls as (id, name, arguments)."""

    text: str
    calls: tuple[tuple[str, str, str], ...]
    finish_reason: str
    refusal: str = ""

    @property
    def written(self) -> str:
        """All that the model wrote."""
        return self.text + "".join(name + arguments for _, name, arguments in self.calls)


class Chat:
    """Chat completions."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._prompts = PromptCache()

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Answers one request."""
        body = await body_of(request)
        chat_request.check(body)
        fault = self._state.faults.take("openai.chat")
        if (refused := switched_on(fault)) is not None:
            raise refused
        answer = answer_to(body, fault)
        # An application may keep sound from an earlier run, so that no voice is asked for these words: the ears must know them all the same.
        self._state.expected.floyd.add(*to_be_said(answer.text))
        usage = self._prompts.usage(body, answer.written)
        head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": body["model"]}
        headers = {"x-request-id": request[REQUEST_ID], "openai-processing-ms": str(self._state.settings.pace.first_token_ms)}
        if body.get("stream"):
            stream = AnswerStream(request, self._state.settings.pace, head, body.get("stream_options") or {})
            return await stream.send(answer, usage, headers, fault)
        pace = self._state.settings.pace
        await asyncio.sleep(pace.first_token_ms / 1000 + tokens_of(answer.written) / pace.tokens_per_second)
        return web.json_response(_whole(answer, usage, head), headers=headers)


def answer_to(body: dict[str, Any], fault: Fault | None) -> Answer:
    """What the mind thinks of a (checked) request, itself checked against the forms that the request asks for."""
    from sandbox.mind import think  # the rules take a moment to load

    if fault is not None and fault.mode == "refusal":
        return Answer("", (), "stop", REFUSAL)
    thought = think(body)
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema" and not fits_text(thought.text, form["json_schema"].get("schema") or {}):
        log.error("the mind's document is not of the form %s", form["json_schema"]["name"])
        raise ApiError(500, "The sandbox's mind does not know how to fill this form.", kind="server_error")
    forms = {tool["function"]["name"]: tool["function"].get("parameters") or {} for tool in body.get("tools") or ()}
    uses = list(thought.tools) if body.get("tool_choice") != "none" else []
    if body.get("parallel_tool_calls") is False:
        uses = uses[:1]
    for use in uses:
        if use.name not in forms or not fits(use.arguments, forms[use.name]):
            log.error("the mind's use of the tool %s does not fit the tool", use.name)
            raise ApiError(500, "The sandbox's mind used a tool wrongly.", kind="server_error")
    calls = [(f"call_{secrets.token_hex(12)}", use.name, json.dumps(use.arguments, ensure_ascii=False)) for use in uses]
    if fault is not None and fault.mode == "bad_arguments":
        calls = [(call_id, name, arguments[: len(arguments) // 2]) for call_id, name, arguments in calls]
    return _within(Answer(thought.text, tuple(calls), "tool_calls" if calls else "stop"), body.get("max_completion_tokens") or body.get("max_tokens"))


def to_be_said(text: str) -> tuple[str, ...]:
    """What of an answer will be spoken: all of it, or of an action plan its first line to the callee."""
    if not text.startswith("{"):
        return (text,) if text else ()
    line = json.loads(text).get("opening_line")
    return (line,) if line else ()


def _within(answer: Answer, most_tokens: int | None) -> Answer:
    """The answer, cut where the request's limit lies."""
    if most_tokens is None or tokens_of(answer.written) <= most_tokens:
        return answer
    return Answer(answer.text[: most_tokens * 4], (), "length")


def _whole(answer: Answer, usage: dict[str, Any], head: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None, "refusal": answer.refusal or None, "annotations": []}
    if answer.calls:
        message["tool_calls"] = [
            {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}} for call_id, name, arguments in answer.calls
        ]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish_reason}
    rest = {"object": "chat.completion", "choices": [choice], "usage": usage, "service_tier": "default", "system_fingerprint": None}
    return head | rest
