"""A two-way media stream: the carrier's end of the WebSocket.

https://www.twilio.com/docs/voice/media-streams
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque

import websockets
from websockets.asyncio.client import ClientConnection

from sandbox.faults import Fault, Faults
from sandbox.twilio import wire
from sandbox.twilio.calls import Call
from sandbox.twilio.dialled_socket import dial
from sandbox.twilio.frames import ClearReceived, FrameWriter, MarkReceived, MediaReceived, UndecodableMessageError, decode
from sandbox.twilio.line import Line, Uplink
from sandbox.twilio.twiml import Stream, stream_url_error
from sandbox.twilio.webhooks import HostMap, WebhookError, Webhooks

log = logging.getLogger("sandbox.stream")
QUEUED_FRAMES = 250  # 5 s; beyond that the application does not read, and audio is lost as it would be on the phone
CLEAN_CLOSES = frozenset({1000, 1001})


class StreamError(Exception):
    """The stream could not be opened, or broke; the call goes on with what follows it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Outbox:
    """Messages on their way to the application, bounded: when it does not read, the oldest go first."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._filled = asyncio.Event()
        self.dropped = 0

    def put(self, message: str) -> None:
        """Queues a message."""
        if len(self._waiting) >= QUEUED_FRAMES:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(message)
        self._filled.set()

    async def get(self) -> str:
        """The oldest message, waiting for one if need be."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        return self._waiting.popleft()

    def take_all(self) -> list[str]:
        """What is left."""
        left = list(self._waiting)
        self._waiting.clear()
        return left


class MediaStream:
    """One stream of one call.

    Args:
        call: whose stream it is.
        verb: the document's <Connect><Stream>.
        line: the call's audio.
        faults: what may go wrong on purpose.
    """

    def __init__(self, call: Call, verb: Stream, line: Line, faults: Faults) -> None:
        self.sid = wire.sid("MZ")
        self._call = call
        self._verb = verb
        self._line = line
        self._faults = faults
        self._writer = FrameWriter(call.account_sid, call.sid, self.sid)
        self._outbox = Outbox()
        self._stalled = False

    def frame(self, uplink: Uplink) -> None:
        """Sends one frame of the far end's audio, and its key presses."""
        if self._stalled:
            return
        self._outbox.put(self._writer.media(uplink.audio))
        for key in uplink.keys:
            self._outbox.put(self._writer.dtmf(key))

    def played(self, marks: list[str]) -> None:
        """Tells the application which marks were reached."""
        for name in marks:
            self._outbox.put(self._writer.mark(name))

    async def open(self, webhooks: Webhooks, hosts: HostMap) -> ClientConnection:
        """Dials, with a signature over the URL exactly as the document has it. Raises StreamError."""
        url = self._verb.url
        if (wrong := stream_url_error(url)) is not None:
            raise StreamError(wrong.code, wrong.message)
        if self._faults.take("media.connect") is not None:
            raise StreamError(31902, "Stream: connection refused")
        try:
            return await dial(url, webhooks, hosts)
        except websockets.InvalidHandshake as error:
            raise StreamError(31920, f"Stream: WebSocket handshake failed: {error}") from None
        except TimeoutError:
            raise StreamError(31901, "Stream: connection timeout") from None
        except (OSError, WebhookError) as error:
            raise StreamError(31902, f"Stream: connection failed: {error}") from None

    async def talk(self, socket: ClientConnection) -> None:
        """Carries audio both ways until the application closes the socket. Cancel it to end the stream from our side.

        Raises StreamError when the socket breaks or the application sends what is no message.
        """
        await socket.send(self._writer.connected())
        await socket.send(self._writer.start(self._verb.parameters))
        self._line.stream = self
        writing = asyncio.create_task(self._write(socket), name="stream writer")
        fault = self._faults.take("media.socket")
        breaking = asyncio.create_task(self._break(socket, fault), name="stream fault") if fault else None
        try:
            await self._read(socket)
        finally:
            self._line.end_of_stream()
            for task in filter(None, (writing, breaking)):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await self._close(socket)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for raw in socket:
                self._take(raw)
        except UndecodableMessageError as error:
            raise StreamError(31950, f"Stream: invalid message: {error}") from None
        except websockets.ConnectionClosed:
            pass
        if socket.close_code not in CLEAN_CLOSES:
            raise StreamError(31921, f"Stream: the server closed the connection ({socket.close_code})")

    def _take(self, raw: str | bytes) -> None:
        now = self._line.now()
        playout = self._line.playout
        match decode(raw, self.sid):
            case MediaReceived(audio):
                playout.media(audio, now)
            case MarkReceived(name):
                playout.mark(name, now)
                self.played(playout.due(now))
            case ClearReceived():
                playout.clear(now)
                self.played(playout.due(now))

    async def _write(self, socket: ClientConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await socket.send(await self._outbox.get())

    async def _break(self, socket: ClientConnection, fault: Fault) -> None:
        await asyncio.sleep(fault.milliseconds("after_ms", 3000) / 1000)
        if fault.mode == "stall":
            self._stalled = True
        else:
            socket.transport.abort()

    async def _close(self, socket: ClientConnection) -> None:
        if socket.close_code is None:
            with contextlib.suppress(websockets.ConnectionClosed):
                for message in self._outbox.take_all():
                    await socket.send(message)
                await socket.send(self._writer.stop())
        await socket.close()
        if self._outbox.dropped:
            log.warning("stream %s: the application did not read; %d messages were dropped", self.sid, self._outbox.dropped)
