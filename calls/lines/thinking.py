"""A call's questions to the model: one task each, so that any of them can be thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, cast

from calls.conversation.effects import AskModel, Summarise
from calls.conversation.events import Event, ReplyEnded, ReplyPieceArrived, SummaryArrived, ThinkingFailed, ToolAsked
from providers.types import ProviderError, Replier, ReplyDone, TextPiece, ToolCall, Usage

#: Summing up begins together with a question whose answer somebody waits for. That one goes first.
SUMS_UP_AFTER_S = 0.1


class Thinking:
    """Answers `AskModel` effects with events.

    Args:
        thinker: thinks.
        cache_key: the same for all questions of a call: they share a long beginning.
        happened: gets the events.
        cost: is told the tokens of each whole answer, before its end is reported.
    """

    def __init__(self, thinker: Replier, cache_key: str, happened: Callable[[Event], None], cost: Callable[[str, Usage], None]) -> None:
        self._thinker = thinker
        self._cache_key = cache_key
        self._happened = happened
        self._cost = cost
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def ask(self, question: AskModel, tasks: asyncio.TaskGroup) -> None:
        """Asks, as a task of the call."""
        task = tasks.create_task(self._ask(question))
        self._tasks[question.ask_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(question.ask_id, None))

    def sum_up(self, question: Summarise, tasks: asyncio.TaskGroup) -> None:
        """Has the model sum up, as a task of the call."""
        task = tasks.create_task(self._sum_up(question))
        self._tasks[question.summary_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(question.summary_id, None))

    async def _sum_up(self, question: Summarise) -> None:
        await asyncio.sleep(SUMS_UP_AFTER_S)
        text = ""
        try:
            reply = self._thinker.reply(messages=question.messages, tools=(), cache_key="")
            async with aclosing(cast(Any, reply)) as parts:
                async for part in parts:
                    text += part.text if isinstance(part, TextPiece) else ""
        except ProviderError:
            text = ""
        if question.summary_id in self._tasks:
            self._happened(SummaryArrived(question.summary_id, text))

    def stop(self, ask_id: str) -> None:
        """Nothing more arrives for this question."""
        if (task := self._tasks.pop(ask_id, None)) is not None:
            task.cancel()

    def stop_all(self) -> None:
        """Nothing more arrives at all."""
        for ask_id in list(self._tasks):
            self.stop(ask_id)

    async def _ask(self, question: AskModel) -> None:
        ask_id = question.ask_id
        try:
            reply = self._thinker.reply(messages=question.messages, tools=question.tools, cache_key=self._cache_key)
            async with aclosing(cast(Any, reply)) as parts:
                async for part in parts:
                    if ask_id not in self._tasks:  # stopped by what the last part set off
                        return
                    match part:
                        case TextPiece():
                            self._happened(ReplyPieceArrived(ask_id, part.text))
                        case ToolCall():
                            self._happened(ToolAsked(ask_id, part.id, part.name, part.arguments))
                        case ReplyDone():
                            self._cost(ask_id, part.usage)
                            self._happened(ReplyEnded(ask_id, part.finish_reason))
        except ProviderError as error:
            if ask_id in self._tasks:
                self._happened(ThinkingFailed(ask_id, error.permanent))
