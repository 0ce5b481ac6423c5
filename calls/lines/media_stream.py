"""The carrier's bidirectional Media Stream, as a thin consumer: who may open one, whose call it is, and the loop of its messages.

https://www.twilio.com/docs/voice/media-streams
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import psycopg
from channels.consumer import AsyncConsumer
from channels.layers import get_channel_layer
from django.conf import settings

from calls.conversation.disclosure import NotDisclosedError
from calls.conversation.effects import EndReason
from calls.lines import drain, warm
from calls.lines.carrier_socket import CarrierSocket
from calls.lines.session import CallSession
from calls.lines.store import CallStore, Claimed, claim
from calls.telephony.media_messages import MediaMessageError, Started, Stopped, decode
from calls.telephony.signatures import valid_upgrade
from calls.telephony.tokens import valid_stream_token
from providers.types import ProviderError

log = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Close codes of RFC 6455: refused by policy, not understood, trouble of ours, no room.
NOT_ALLOWED, NOT_UNDERSTOOD, OUR_TROUBLE, TRY_LATER, TOO_BIG = 1008, 1007, 1011, 1013, 1009
#: A stream that was let in must say whose it is.
START_WITHIN_S = 5.0


class RefusedError(Exception):
    """A stream that gets no further; `code` closes it."""

    def __init__(self, why: str, code: int = NOT_ALLOWED) -> None:
        super().__init__(why)
        self.code = code


class MediaStream(AsyncConsumer):  # type: ignore[misc]
    """One socket.

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
                    started = await read_start(receive)
                    call_id = authorised(started)
                    session = await open_session(call_id, started, send)
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
                await hold(session, receive)
                log.info("call %s: stream ended", call_id)


def headers(scope: dict[str, Any]) -> Iterable[tuple[bytes, bytes]]:
    """Headers of the handshake."""
    found: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return found


async def read_start(receive: Receive) -> Started:
    """The carrier's `start`. Raises RefusedError for anything else, ConnectionError when the socket goes away."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            raise ConnectionError
        try:
            event = decode(message.get("text") or "")
        except MediaMessageError as error:
            raise RefusedError(f"message not understood: {error}", NOT_UNDERSTOOD) from None
        match event:
            case Started():
                return event
            case Stopped():
                raise ConnectionError


def authorised(started: Started) -> UUID:
    """The call that a stream is for, if it brings the call's token. Raises RefusedError."""
    if settings.TWILIO_ACCOUNT_SID and started.account_sid != settings.TWILIO_ACCOUNT_SID:
        raise RefusedError("another account's")
    try:
        call_id = UUID(started.parameters.get("call_id", ""))
    except ValueError:
        raise RefusedError("no call id") from None
    if not valid_stream_token(call_id, started.parameters.get("token", "")):
        raise RefusedError(f"wrong token for call {call_id}")
    return call_id


async def open_session(call_id: UUID, started: Started, send: Send) -> CallSession:
    """Claims the call and readies its session. Raises RefusedError; a call that was claimed then has its end stored."""
    layer = get_channel_layer()
    try:
        connections = warm.database()
        call = await claim(connections, layer, call_id=call_id, call_sid=started.call_sid, stream_sid=started.stream_sid, node=settings.MEDIA_NODE)
        if call is None:
            raise RefusedError(f"call {call_id} is over, another stream's, or unknown")
        try:
            return CallSession(warm.kit(), call, CarrierSocket(send, started.stream_sid), layer)
        except (ProviderError, LookupError, NotDisclosedError) as error:
            await store_end(CallStore(connections, layer, call), call, error)
            raise RefusedError(f"call {call_id} cannot be held: {type(error).__name__}", OUR_TROUBLE) from error
    except psycopg.Error as error:
        raise RefusedError(f"call {call_id}: no database: {type(error).__name__}", OUR_TROUBLE) from error


async def store_end(store: CallStore, call: Claimed, error: Exception) -> None:
    """A call that could not even begin."""
    log.error("call %s cannot be held: %s", call.call_id, error)
    await store.end(reason=EndReason.PROVIDER_FAILED, seconds=0, error=str(error), slots=None)


async def hold(session: CallSession, receive: Receive) -> None:
    """Runs a call and passes on what the carrier sends, until it is over."""
    reading = asyncio.create_task(read(session, receive))
    try:
        await session.run()
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def read(session: CallSession, receive: Receive) -> None:
    """The hot path: fifty times a second and call."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            session.line_lost("a message was too big" if message.get("code") == TOO_BIG else f"socket closed ({message.get('code')})")
            return
        text = message.get("text")
        if text is None:
            session.malformed("binary")
            continue
        try:
            session.take(decode(text))
        except MediaMessageError as error:
            session.malformed(str(error))
