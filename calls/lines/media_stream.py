"""The carrier's bidirectional Media Stream, as a thin consumer: how one begins, or goes on after a break, and the loop of its messages.

https://www.twilio.com/docs/voice/media-streams
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from calls.lines.carrier_line import TOO_BIG, CarrierLine, Receive, RefusedError, Send, authorised, next_message, open_session
from calls.lines.carrier_socket import CarrierSocket
from calls.lines.store import Claimed
from calls.lines.stream_session import StreamSession, waiting
from calls.lines.warm import Kit
from calls.telephony.media_messages import Started, Stopped, decode
from calls.telephony.message_parts import MessageError


class MediaStream(CarrierLine[StreamSession]):
    """One stream's socket."""

    async def begin(self, receive: Receive, send: Send) -> tuple[UUID, StreamSession]:
        """Waits for the stream's `start` and claims its call; one whose stream broke goes on."""
        started = await read_start(receive)
        call_id = authorised(account_sid=started.account_sid, parameters=started.parameters)
        held = waiting(call_id)

        def make(kit: Kit, call: Claimed, layer: Any) -> StreamSession:
            if held is None:
                return StreamSession(kit, call, CarrierSocket(send, started.stream_sid), layer)
            if waiting(call_id) is not held:
                raise RefusedError(f"call {call_id} was given up just now")
            held.resume(send, started.stream_sid)
            return held

        return call_id, await open_session(call_id, make, call_sid=started.call_sid, stream_sid=started.stream_sid)

    async def read(self, session: StreamSession, receive: Receive) -> None:
        """The hot path: fifty times a second and call."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                if message.get("code") == TOO_BIG:
                    session.line_lost("a message was too big")
                else:
                    session.closed(message.get("code"))
                return
            text = message.get("text")
            if text is None:
                session.malformed("binary")
                continue
            try:
                session.take(decode(text))
            except MessageError as error:
                session.malformed(str(error))


async def read_start(receive: Receive) -> Started:
    """The carrier's `start`. Raises RefusedError for anything else, ConnectionError when the socket goes away."""
    while True:
        match await next_message(receive, decode):
            case Started() as started:
                return started
            case Stopped():
                raise ConnectionError
