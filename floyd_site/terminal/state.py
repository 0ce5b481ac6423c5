"""Everything that a terminal shows of one request, read in one go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connections

from calls.models import Call, TranscriptLine, Turn
from live.publish import group_name
from live.receiver import Receiver
from requests_app import costs
from requests_app.costs import Bill
from requests_app.models import Event, Message, Question, Request

#: Broadcasts may be lost: the rows are read again after this long anyway.
HEARTBEAT_S = 2.0


@dataclass(frozen=True, slots=True)
class CallState:
    """A call with what was said and how long the turns took."""

    call: Call
    lines: list[TranscriptLine]
    turns: list[Turn]


@dataclass(frozen=True, slots=True)
class RequestState:
    """A request and all that belongs to it, oldest first."""

    request: Request
    events: list[Event]
    questions: list[Question]
    messages: list[Message]
    calls: list[CallState]
    bill: Bill

    @property
    def last_call(self) -> CallState | None:
        """The newest call, if any was made."""
        return self.calls[-1] if self.calls else None


def read_state(request_id: UUID | str) -> RequestState:
    """The rows as they are now."""
    request = Request.objects.select_related("user", "contact", "current_snapshot").get(pk=request_id)
    calls = [CallState(call, list(call.lines.order_by("seq")), list(call.turns.order_by("seq"))) for call in request.calls.order_by("attempt")]
    return RequestState(
        request=request,
        events=list(request.events.order_by("seq")),
        questions=list(request.questions.order_by("asked_at")),
        messages=list(request.messages.order_by("created_at")),
        calls=calls,
        bill=costs.bill(request),
    )


async def states(request_id: UUID | str, *, heartbeat_s: float = HEARTBEAT_S) -> AsyncIterator[RequestState]:
    """The state now, and again whenever something about the request changed, without end."""
    layer = get_channel_layer()
    channel = await layer.new_channel("terminal")
    group = group_name(f"request.{request_id}")
    receiver = Receiver(layer, channel)
    try:
        while True:
            # Joined each time: a layer that was restarted has forgotten its groups.
            await layer.group_add(group, channel)
            yield await sync_to_async(read_state)(request_id)
            await receiver.next(heartbeat_s)
    finally:
        await receiver.close()


def run(work: Coroutine[Any, Any, int]) -> int:
    """Runs a command's coroutine in an event loop of its own and gives the database connection back afterwards."""

    async def whole() -> int:
        try:
            return await work
        finally:
            # The thread that made the queries ends with the loop.
            await sync_to_async(connections.close_all)()

    return asyncio.run(whole())
