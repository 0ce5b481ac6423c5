"""A browser that listens in to a call, on the media process that has it.

The page brings its token in the first message, `{"token": "…"}`, and from then on gets sound in binary messages (see `audience.Audience`).
The call's own user may send their microphone's sound (μ-law at 8 kHz, up to a fifth of a second a message). It is heard once the conversation lets
it: the page is told `{"microphone": "open"}` then, and `{"microphone": "closed"}` when it no longer is.
Close codes: 4403 not let in, or not any more; 4400 not understood; 4404 the call is not here; 4429 too many listen; 1000 the call is over.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from channels.consumer import AsyncConsumer
from django.db import DatabaseError, connection

from calls import listening
from calls.lines.audience import Audience, Seat, audience_of
from calls.listening import Admitted
from live.signed_in_socket import NOT_UNDERSTOOD, REFUSED, TOO_MANY

log = logging.getLogger(__name__)
T = TypeVar("T")
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

NOT_HERE, OVER, OUR_TROUBLE = 4404, 1000, 1011
HELLO_WITHIN_S = 5.0
#: A listener that takes nothing for so long is gone.
STUCK_AFTER_S = 5.0
#: How often the right to listen is looked at again.
LOOK_AGAIN_S = 10.0
LONGEST_HELLO = 1_000
BYTES_PER_S, LONGEST_PIECE = 8_000, 1_600
#: What a microphone may send ahead of time: a page that was held up sends all at once.
MOST_AHEAD_S = 10.0


class RefusedError(Exception):
    """A listener who gets no further."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class ListenIn(AsyncConsumer):  # type: ignore[misc]
    """One listener. Like the carrier's sockets without Channels' own loop, which costs more than all the rest."""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """The socket's whole life."""
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})
        try:
            admitted = await _admitted(receive)
        except RefusedError as refusal:
            await send({"type": "websocket.close", "code": refusal.code})
            return
        except ConnectionError:
            return
        try:
            code = await _listen(admitted, receive, send)
        finally:
            await asyncio.shield(_leave(admitted))
        if code is not None:
            await send({"type": "websocket.close", "code": code})


async def _admitted(receive: Receive) -> Admitted:
    """Who comes with this token. Raises RefusedError, or ConnectionError when the socket goes away."""
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            message = await receive()
    except TimeoutError:
        raise RefusedError(REFUSED) from None
    if message["type"] == "websocket.disconnect":
        raise ConnectionError
    text = message.get("text") or ""
    try:
        token = json.loads(text)["token"] if len(text) <= LONGEST_HELLO else None
    except (ValueError, TypeError, KeyError):
        token = None
    if not isinstance(token, str):
        raise RefusedError(NOT_UNDERSTOOD)
    try:
        admitted = await _in_thread(listening.admit, token)
    except DatabaseError as error:
        log.error("nobody can be let in to listen: %s", type(error).__name__)
        raise RefusedError(OUR_TROUBLE) from None
    if admitted is None:
        log.warning("a listener was refused")
        raise RefusedError(REFUSED)
    return admitted


async def _listen(admitted: Admitted, receive: Receive, send: Send) -> int | None:
    """Until the call, the listener's right or the socket ends; returns the close code, None when the socket is gone."""
    audience = audience_of(admitted.call_id)
    if audience is None:
        return NOT_HERE
    microphone = str(admitted.listening_id) if admitted.own else ""
    seat = audience.join(microphone)
    if seat is None:
        return TOO_MANY
    log.info("call %s: user %s listens in (own: %s)", admitted.call_id, admitted.user_id, admitted.own)
    parts = [asyncio.create_task(part) for part in (_hand_on(seat, send), _read(audience, microphone, receive), _look_again(admitted))]
    try:
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        audience.leave(seat)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        log.info("call %s: user %s stopped listening (%d pieces lost)", admitted.call_id, admitted.user_id, seat.lost)


async def _hand_on(seat: Seat, send: Send) -> int | None:
    """Sends what is heard; a listener who reads nothing any more is left."""
    while (piece := await seat.next()) is not None:
        try:
            async with asyncio.timeout(STUCK_AFTER_S):
                await send({"type": "websocket.send", "bytes" if isinstance(piece, bytes) else "text": piece})
        except (TimeoutError, ConnectionError, RuntimeError):
            return None
    return OVER


async def _read(audience: Audience, microphone: str, receive: Receive) -> int | None:
    """Passes a microphone's sound on. Who only listens has nothing to say, and nobody speaks faster than time passes."""
    loop = asyncio.get_running_loop()
    began, spoken_bytes = loop.time(), 0
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return None
        audio = message.get("bytes")
        if not microphone or not audio or len(audio) > LONGEST_PIECE:
            return NOT_UNDERSTOOD
        spoken_bytes += len(audio)
        if spoken_bytes > BYTES_PER_S * (loop.time() - began + MOST_AHEAD_S):
            return NOT_UNDERSTOOD
        audience.spoke(microphone, audio)


async def _look_again(admitted: Admitted) -> int | None:
    while True:
        await asyncio.sleep(LOOK_AGAIN_S)
        try:
            if not await _in_thread(listening.goes_on, admitted.listening_id):
                return REFUSED
        except DatabaseError as error:
            log.warning("call %s: whether user %s may still listen is not known: %s", admitted.call_id, admitted.user_id, type(error).__name__)


async def _leave(admitted: Admitted) -> None:
    try:
        await _in_thread(listening.left, admitted.listening_id)
    except DatabaseError as error:
        log.error("call %s: that user %s left was not written: %s", admitted.call_id, admitted.user_id, type(error).__name__)


async def _in_thread(action: Callable[..., T], argument: Any) -> T:
    """Rare, and by the rules of the pages: a thread and a connection for each keeps no call's rows waiting."""

    def act() -> T:
        try:
            return action(argument)
        finally:
            connection.close()

    return await sync_to_async(act, thread_sensitive=False)()
