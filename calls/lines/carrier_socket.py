"""Our side of a carrier's socket: messages on their way, in order, without anybody waiting for the network."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from calls.telephony.media_messages import encode_clear, encode_mark, encode_media

Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Two seconds of sound: large enough to be cheap, small enough for any proxy on the way.
MOST_AUDIO_BYTES = 16_000
#: A peer that reads nothing for this long is gone.
STUCK_AFTER_S = 5.0
#: About ten minutes of speech; nothing sensible comes near it.
MOST_WAITING = 4_000


class LineStuckError(ConnectionError):
    """The carrier reads nothing any more."""


class SendingSocket:
    """A queue of messages with one sender (`run`). It outlives its WebSocket: another one may take its place."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[str] = deque()
        self._changed = asyncio.Event()
        self._reopened = asyncio.Event()
        self._full = False

    def _put(self, message: str) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._full = True
        else:
            self._waiting.append(message)
        self._changed.set()

    def _sends_by(self, send: Send) -> None:
        self._send = send
        self._reopened.set()

    async def run(self) -> None:
        """Sends until cancelled; while the WebSocket is broken, messages wait. Raises LineStuckError when the carrier takes nothing."""
        while True:
            self._reopened.clear()
            try:
                await self._send_all()
            except LineStuckError:
                raise
            except (ConnectionError, RuntimeError, OSError):  # whoever reads the socket says that it broke
                await self._reopened.wait()

    async def _send_all(self) -> None:
        while True:
            if self._full:
                raise LineStuckError("too much waits to be sent")
            while self._waiting:
                message = self._waiting.popleft()
                try:
                    async with asyncio.timeout(STUCK_AFTER_S):
                        await self._send({"type": "websocket.send", "text": message})
                except TimeoutError:
                    raise LineStuckError("nothing is read") from None
            self._changed.clear()
            await self._changed.wait()

    async def close(self, hand_off: str = "") -> None:
        """Ends the stream: the carrier goes on with the document behind it, which says what comes. Safe when the line is gone."""
        with suppress(Exception):  # whatever state the socket is in, it is over
            async with asyncio.timeout(STUCK_AFTER_S):
                await self._send({"type": "websocket.close", "code": 1000})


class CarrierSocket(SendingSocket):
    """A media stream's."""

    def __init__(self, send: Send, stream_sid: str) -> None:
        super().__init__(send)
        self._stream_sid = stream_sid

    def reopen(self, send: Send, stream_sid: str) -> None:
        """Another stream takes the place of the broken one. What waited was for that one."""
        self._waiting.clear()
        self._full = False
        self._stream_sid = stream_sid
        self._sends_by(send)

    def audio(self, audio: bytes) -> None:
        """μ-law to be played after what was queued before."""
        for start in range(0, len(audio), MOST_AUDIO_BYTES):
            self._put(encode_media(self._stream_sid, audio[start : start + MOST_AUDIO_BYTES]))

    def mark(self, name: str) -> None:
        """A mark behind what was queued before."""
        self._put(encode_mark(self._stream_sid, name))

    def clear(self) -> None:
        """Drops what waits at the carrier, and audio that waits here; marks still go, so that each comes back."""
        marks = [message for message in self._waiting if message.startswith('{"event": "mark"')]
        self._waiting.clear()
        self._put(encode_clear(self._stream_sid))
        for message in marks:
            self._put(message)
