"""One call on a ConversationRelay line. It outlives its WebSocket: when that breaks, the carrier's next one goes on with the same conversation."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from calls.conversation.events import KeyPressed, LineDropped
from calls.lines.carrier_socket import Send
from calls.lines.lasting import LastingSession, broken
from calls.lines.relay_socket import RelaySocket
from calls.lines.relay_speech import RelaySpeech
from calls.lines.store import Claimed
from calls.lines.warm import Kit
from calls.telephony.relay_messages import Failed, KeyPress, RelayMessage, Setup, Unknown

log = logging.getLogger(__name__)


class RelaySession(LastingSession[RelaySpeech]):
    """Holds one call on a ConversationRelay line.

    Args:
        kit, call, layer: as of any session.
        socket: the way to the carrier.
        setup: how the carrier names the call and its session.

    Raises:
        NotDisclosedError: as any session.
    """

    def __init__(self, kit: Kit, call: Claimed, socket: RelaySocket, layer: Any, setup: Setup) -> None:
        greeting = call.brief.introduction if call.brief.use_case is not None else ""
        super().__init__(kit, call, socket, layer, lambda means: RelaySpeech(means, socket, greeting=greeting))
        self._relay = socket
        self._call_sid, self._session_id = setup.call_sid, setup.session_id

    def belongs_to(self, call_sid: str, session_id: str) -> bool:
        """Whether it is what the carrier means by these."""
        return self._call_sid == call_sid and self._session_id == session_id

    def take(self, message: RelayMessage) -> None:
        """One message of the carrier."""
        match message:
            case KeyPress():
                self._medium.keyed()
                self._happened(KeyPressed(message.digit))
            case Failed():  # it may hold words of the call
                log.warning("call %s: the carrier reports trouble (%d characters)", self._call.call_id, len(message.description))
            case Setup() | Unknown():
                pass
            case _:
                self._medium.take(message)

    def closed(self, code: int | None) -> None:
        """The WebSocket is closed."""
        self._relay.gone()
        super().closed(code)

    def _closed_in_order(self, why: str) -> None:
        self._medium.gone()
        self._happened(LineDropped(hung_up=True))

    def resume(self, send: Send, session_id: str) -> None:
        """The carrier is back, with a new session."""
        self._session_id = session_id
        self._relay.reopen(send)
        self._back()


def waiting(call_id: UUID, call_sid: str, session_id: str) -> RelaySession | None:
    """The session of this process that waits for the carrier to come back to it."""
    session = broken.get(call_id)
    return session if isinstance(session, RelaySession) and session.belongs_to(call_sid, session_id) else None
