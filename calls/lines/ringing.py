"""While it rings: a process hears which call is coming and has everything warm before anybody says hello.

The hint brings the call's id and may be lost, which costs the warmth and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import psycopg
from channels.layers import get_channel_layer
from django.conf import settings

from calls.conversation.brief import CallBrief
from calls.lines import pokes, warm
from calls.lines.repertoire import Repertoire, owner_of
from calls.models import CONVERSATION_RELAY
from calls.nodes import group_of
from providers.types import ProviderError

log = logging.getLogger(__name__)

#: Calls that are made ready at a time, and those that may wait for it; what comes on top goes without.
MOST_AT_A_TIME, MOST_WAITING = 4, 40
#: A connection that was warm this shortly before is warm.
STILL_WARM_S = 60.0
PREPARE_S = 20.0
_BRIEF = "select brief, user_id, line from calls_call where id = %(call)s and ended_at is null"


class Ringing:
    """Makes ready for calls that were placed for this node.

    Args:
        kit: providers and database of the process.
        tasks: where the work is done.
    """

    def __init__(self, kit: warm.Kit, tasks: asyncio.TaskGroup) -> None:
        self._kit = kit
        self._tasks = tasks
        self._turns = asyncio.Semaphore(MOST_AT_A_TIME)
        self._waiting = 0
        self._warm_until = 0.0

    def take(self, message: dict[str, Any]) -> None:
        """A hint; one that makes no sense is passed over."""
        if message.get("what") != "placed" or self._waiting >= MOST_WAITING:
            return
        try:
            call_id = UUID(str(message.get("call_id")))
        except ValueError:
            return
        self._waiting += 1
        self._tasks.create_task(self._make_ready(call_id), name=f"ringing {call_id}")

    async def _make_ready(self, call_id: UUID) -> None:
        try:
            async with self._turns, asyncio.timeout(PREPARE_S):
                brief, user_id, line = await self._brief_of(call_id)
                # Side by side: the voice need not wait for the model's handshake. Where the carrier speaks, nothing is to be rendered.
                phrases = [Repertoire(self._kit.phrases, brief, owner_of(user_id)).prepare()] if line != CONVERSATION_RELAY else []
                await asyncio.gather(self._connect(), *phrases)
                log.info("call %s: ready for its first words", call_id)
        except (psycopg.Error, ProviderError, LookupError, TimeoutError) as error:
            log.info("call %s: not made ready while it rings: %s", call_id, type(error).__name__)
        finally:
            self._waiting -= 1

    async def _brief_of(self, call_id: UUID) -> tuple[CallBrief, int | None, str]:
        async with self._kit.connections.lease() as connection:
            row = await (await connection.execute(_BRIEF, {"call": call_id})).fetchone()
        if row is None:
            raise LookupError("there is no such call any more")
        return CallBrief.from_json(row["brief"]), row["user_id"], str(row["line"])

    async def _connect(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._warm_until:
            return
        self._warm_until = now + STILL_WARM_S
        providers = (self._kit.recognizer, self._kit.thinker, self._kit.speaker)
        await asyncio.gather(*(provider.warm() for provider in providers), return_exceptions=True)


async def _listen(kit: warm.Kit) -> None:
    async with asyncio.TaskGroup() as tasks:
        await pokes.listen(get_channel_layer(), group_of(settings.MEDIA_NODE), Ringing(kit, tasks).take)


@asynccontextmanager
async def listening() -> AsyncIterator[None]:
    """For the server's lifespan, behind `warm.warmed`: hears of coming calls until the server stops."""
    try:
        kit = warm.kit()
    except (ProviderError, LookupError):  # `warm` has said so
        yield
        return
    listener = asyncio.create_task(_listen(kit), name="calls that ring")
    try:
        yield
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
