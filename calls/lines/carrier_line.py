"""Sockets of the carrier's, on whatever line: who may open one, and the life of a session on it."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from channels.consumer import AsyncConsumer
from channels.layers import get_channel_layer
from django.conf import settings

from calls.conversation.disclosure import NotDisclosedError
from calls.conversation.effects import EndReason
from calls.lines import drain, warm
from calls.lines.session import CallSession
from calls.lines.store import CallStore, Claimed, claim
from calls.lines.warm import Kit
from calls.telephony.message_parts import MessageError
from calls.telephony.signatures import valid_upgrade
from calls.telephony.tokens import valid_stream_token
from providers.types import ProviderError

log = logging.getLogger(__name__)
S = TypeVar("S", bound=CallSession[Any])
M = TypeVar("M")

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Close codes of RFC 6455: refused by policy, not understood, trouble of ours, no room.
NOT_ALLOWED, NOT_UNDERSTOOD, OUR_TROUBLE, TRY_LATER, TOO_BIG = 1008, 1007, 1011, 1013, 1009
#: A socket that was let in must say whose it is.
START_WITHIN_S = 5.0


class RefusedError(Exception):
    """A socket that gets no further; `code` closes it."""

    def __init__(self, why: str, code: int = NOT_ALLOWED) -> None:
        super().__init__(why)
        self.code = code


class CarrierLine(AsyncConsumer, ABC, Generic[S]):  # type: ignore[misc]
    """One socket. Lines differ in what the carrier says first (`begin`) and goes on to say (`read`).

    Channels' own loop makes two tasks and a thread hop (closing database connections that this process does not have) of every message; at
    fifty frames a second and call they would cost more than all the rest. So messages are read here, one after the other.
    """

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """The socket's whole life."""
        await receive()  # websocket.connect
        if not valid_upgrade(scope["path"], headers(scope)):
            log.warning("stream refused: wrong signature")
            await send({"type": "websocket.close", "code": NOT_ALLOWED})
            return
        if not drain.has_room():
            log.warning("stream refused: %s", drain.report())
            await send({"type": "websocket.close", "code": TRY_LATER})
            return
        with drain.counted():
            await send({"type": "websocket.accept"})
            try:
                async with asyncio.timeout(START_WITHIN_S):
                    call_id, session = await self.begin(receive, send)
            except RefusedError as refusal:
                log.warning("stream refused: %s", refusal)
                await send({"type": "websocket.close", "code": refusal.code})
            except TimeoutError:
                log.warning("stream refused: it did not start")
                await send({"type": "websocket.close", "code": NOT_ALLOWED})
            except ConnectionError:
                log.info("stream gone before it started")
            else:
                log.info("call %s: stream begins", call_id)
                await self.hold(session, receive)
                log.info("call %s: stream ended", call_id)

    @abstractmethod
    async def begin(self, receive: Receive, send: Send) -> tuple[UUID, S]:
        """Reads the carrier's first words and claims the call. Raises RefusedError, or ConnectionError when the socket goes away."""

    async def hold(self, session: S, receive: Receive) -> None:
        """Runs a call while what the carrier sends is passed on to it, until it is over. One that goes on is run by the socket it began on."""
        reading = asyncio.create_task(self.read(session, receive))
        over = asyncio.create_task(session.over.wait())
        try:
            if session.resumed:
                await asyncio.wait((reading, over), return_when=asyncio.FIRST_COMPLETED)
            else:
                await session.run()
        finally:
            for task in (reading, over):
                task.cancel()
            await asyncio.gather(reading, over, return_exceptions=True)

    @abstractmethod
    async def read(self, session: S, receive: Receive) -> None:
        """Passes on what the carrier sends, until the socket is gone."""


async def next_message(receive: Receive, decode: Callable[[str], M]) -> M:
    """What the carrier says before a session is there. Raises RefusedError for what nobody understands, ConnectionError when the socket goes away."""
    message = await receive()
    if message["type"] == "websocket.disconnect":
        raise ConnectionError
    try:
        return decode(message.get("text") or "")
    except MessageError as error:
        raise RefusedError(f"message not understood: {error}", NOT_UNDERSTOOD) from None


def headers(scope: dict[str, Any]) -> Iterable[tuple[bytes, bytes]]:
    """Headers of the handshake."""
    found: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return found


def authorised(*, account_sid: str, parameters: Mapping[str, str], session: str = "") -> UUID:
    """The call that a socket is for, if it brings our account's sid and the call's token. Raises RefusedError.

    Args:
        session: the one that goes on; empty for the first of a call.
    """
    if settings.TWILIO_ACCOUNT_SID and account_sid != settings.TWILIO_ACCOUNT_SID:
        raise RefusedError("another account's")
    try:
        call_id = UUID(parameters.get("call_id", ""))
    except ValueError:
        raise RefusedError("no call id") from None
    if not valid_stream_token(call_id, parameters.get("token", ""), session=session):
        raise RefusedError(f"wrong token for call {call_id}")
    return call_id


async def open_session(call_id: UUID, make: Callable[[Kit, Claimed, Any], S], *, call_sid: str, stream_sid: str) -> S:
    """Claims the call and readies its session by `make`. Raises RefusedError; a call that was claimed then has its end stored."""
    layer = get_channel_layer()
    try:
        connections = warm.database()
        call = await claim(connections, layer, call_id=call_id, call_sid=call_sid, stream_sid=stream_sid, node=settings.MEDIA_NODE)
        if call is None:
            raise RefusedError(f"call {call_id} is over, another stream's, or unknown")
        try:
            return make(warm.kit(), call, layer)
        except (ProviderError, LookupError, NotDisclosedError) as error:
            await store_end(CallStore(connections, layer, call), call, error)
            raise RefusedError(f"call {call_id} cannot be held: {type(error).__name__}", OUR_TROUBLE) from error
    except psycopg.Error as error:
        raise RefusedError(f"call {call_id}: no database: {type(error).__name__}", OUR_TROUBLE) from error


async def store_end(store: CallStore, call: Claimed, error: Exception) -> None:
    """A call that could not even begin."""
    log.error("call %s cannot be held: %s", call.call_id, error)
    await store.end(reason=EndReason.PROVIDER_FAILED, seconds=0, error=str(error), slots=None)
