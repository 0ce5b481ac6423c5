"""What the in-call model was asked and what it answered, kept word for word for whoever reviews the call."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from providers.types import Message, ProviderError, Replier, ReplyDone, ReplyPart, TextPiece, ToolCall, ToolSpec, Usage

#: Bounds of what is kept of a call: questions, and letters of one question beyond what it shares with the first.
MOST_PROMPTS = 300
LONGEST = 60_000


@dataclass(slots=True)
class AskedPrompt:
    """One question to the model (`calls.review_models.TurnPrompt`), on the call's clock.

    Questions of a call share a long beginning. It is kept with the first one; the others say how many messages of it are theirs, too.
    """

    number: int
    model: str
    purpose: str
    shared: int
    messages: list[Message]
    tools: list[ToolSpec] | None
    asked_ms: int
    cut: bool = False
    first_ms: int | None = None
    done_ms: int = 0
    ended: str = "stopped"
    text: str = ""
    calls: list[dict[str, str]] = field(default_factory=list)
    finish_reason: str = ""
    usage: Usage = field(default_factory=Usage)
    shares_with: tuple[list[Message], list[ToolSpec]] | None = field(default=None, repr=False)

    def shorten(self) -> None:
        """Leaves out what the call's first question has, and what is too long. Done when it is over: while it is asked, somebody waits."""
        if self.shares_with is not None:
            messages, tools = self.shares_with
            self.shared = _alike(messages, self.messages)
            self.messages = self.messages[self.shared :]
            self.tools = None if self.tools == tools else self.tools
        self.cut = len(json.dumps(self.messages)) > LONGEST
        if self.cut:
            self.messages = []

    def take(self, part: ReplyPart, now_ms: int) -> None:
        """A part of the answer."""
        if self.first_ms is None:
            self.first_ms = now_ms
        match part:
            case TextPiece():
                self.text += part.text
            case ToolCall():
                self.calls.append({"name": part.name, "arguments": part.arguments})
            case ReplyDone():
                self.ended, self.finish_reason, self.usage = "whole", part.finish_reason[:20], part.usage
                self.model = part.usage.model or self.model


class RecordedReplier:
    """A model whose questions and answers are kept.

    Args:
        replier: the model.
        model: its name.
        now_ms: the call's clock.
        keep: gets each question when it is over, however it ended.
        before: how many the call has, where it came back to Floyd. What they began with is not known here: those of this line are kept whole.
    """

    def __init__(self, replier: Replier, model: str, now_ms: Callable[[], int], keep: Callable[[AskedPrompt], None], *, before: int = 0) -> None:
        self._replier = replier
        self._model = model
        self._now_ms = now_ms
        self._keep = keep
        self._count = self._before = before
        self._first: tuple[list[Message], list[ToolSpec]] | None = None

    async def warm(self) -> None:
        """Warms the model's connection."""
        await self._replier.warm()

    async def close(self) -> None:
        """Closes the model's connection."""
        await self._replier.close()

    async def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        """The model's answer."""
        prompt = self._asked(list(messages), list(tools), "answer" if cache_key else "summary")
        try:
            async with aclosing(cast(Any, self._replier.reply(messages=messages, tools=tools, cache_key=cache_key))) as parts:
                async for part in parts:
                    if prompt is not None:
                        prompt.take(part, self._now_ms())
                    yield part
        except ProviderError:
            if prompt is not None:
                prompt.ended = "failed"
            raise
        finally:
            if prompt is not None:
                prompt.done_ms = self._now_ms()
                prompt.shorten()
                self._keep(prompt)

    def _asked(self, messages: list[Message], tools: list[ToolSpec], purpose: str) -> AskedPrompt | None:
        """The question as it is kept, whole for now: somebody waits for the answer. None when the call has all that are kept."""
        if self._count >= MOST_PROMPTS:
            return None
        self._count += 1
        prompt = AskedPrompt(self._count, self._model, purpose, 0, messages, tools, self._now_ms())
        if self._first is None:
            self._first = (messages, tools)
        elif not self._before:
            prompt.shares_with = self._first
        return prompt


def _alike(first: list[Message], second: list[Message]) -> int:
    """How many messages both begin with."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
