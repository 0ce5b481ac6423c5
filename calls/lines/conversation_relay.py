"""The carrier's ConversationRelay, as a thin consumer: how a session begins, or goes on after a break, and the loop of its messages.

https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
"""

from __future__ import annotations

from uuid import UUID

from calls.lines.carrier_line import NOT_UNDERSTOOD, CarrierLine, Receive, RefusedError, Send, authorised, next_message, open_session
from calls.lines.relay_session import RelaySession, waiting
from calls.lines.relay_socket import RelaySocket
from calls.telephony.message_parts import MessageError
from calls.telephony.relay_messages import Setup, decode
from calls.telephony.relay_twiml import RESUMES


class ConversationRelay(CarrierLine[RelaySession]):
    """One session's socket."""

    async def begin(self, receive: Receive, send: Send) -> tuple[UUID, RelaySession]:
        """Waits for `setup`; then claims the call, or goes on with one whose session broke."""
        setup = await read_setup(receive)
        broken = setup.parameters.get(RESUMES, "")
        call_id = authorised(account_sid=setup.account_sid, parameters=setup.parameters, session=broken)
        if broken:
            held = waiting(call_id, setup.call_sid, broken)
            if held is None:
                raise RefusedError(f"call {call_id} is not waited for here")
            held.resume(send, setup.session_id)
            return call_id, held
        socket = RelaySocket(send)
        session = await open_session(
            call_id,
            lambda kit, call, layer: RelaySession(kit, call, socket, layer, setup),
            call_sid=setup.call_sid,
            stream_sid=setup.session_id,
        )
        return call_id, session

    async def read(self, session: RelaySession, receive: Receive) -> None:
        """Passes on what the carrier sends, until the socket is gone."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
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


async def read_setup(receive: Receive) -> Setup:
    """The carrier's `setup`. Raises RefusedError for anything else, ConnectionError when the socket goes away."""
    event = await next_message(receive, decode)
    if not isinstance(event, Setup):
        raise RefusedError("no setup", NOT_UNDERSTOOD)
    return event
