"""One call on a media stream: the carrier's messages become sound, marks and keys. The call outlives its stream."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from calls.conversation.events import KeyPressed, LineDropped
from calls.lines.audience import on_air
from calls.lines.carrier_socket import CarrierSocket, Send
from calls.lines.lasting import LastingSession, broken
from calls.lines.meter import Billed
from calls.lines.sound import Sound
from calls.lines.spoken_model import SpokenModel
from calls.lines.store import Claimed
from calls.lines.talk import Talk
from calls.lines.warm import Kit
from calls.models import REALTIME
from calls.telephony.media_messages import KeyPress, MarkReached, Media, MediaMessage, Stopped

#: Silence comes as frames too: none at all for this long means that the stream is dead, whatever its socket says.
NO_FRAMES_S = 10.0


class StreamSession(LastingSession[Sound]):
    """Holds one call on a media stream.

    Args:
        kit, call, layer: as of any session.
        socket: the way to the carrier.

    Raises:
        NotDisclosedError: as any session.
    """

    def __init__(self, kit: Kit, call: Claimed, socket: CarrierSocket, layer: Any) -> None:
        if call.line == REALTIME:
            talk = Talk(call.call_id, kit.talker, kit.thinker, kit.billed.thinking, self._without_talk)
            kit = replace(kit, thinker=talk, billed=_billed(kit))
            super().__init__(kit, call, socket, layer, lambda means: SpokenModel(means, socket, talk))
        else:
            super().__init__(kit, call, socket, layer, lambda means: Sound(means, socket))
        self._stream = socket
        self._last_frame_ms = 0

    def _without_talk(self, told: str) -> None:
        """The model that speaks is gone: the timeline says so."""
        self._writer.put(lambda: self._store.tell(told))

    async def run(self) -> None:
        """The whole call, which can be listened to meanwhile."""
        with on_air(self._call.call_id, self._medium.audience):
            await super().run()

    def take(self, message: MediaMessage) -> None:
        """One message of the carrier."""
        match message:
            case Media():
                self._last_frame_ms = self._clock.now_ms()
                self._medium.take_audio(message.payload)
            case MarkReached():
                self._medium.take_mark(message.name)
            case KeyPress():
                self._medium.keyed()
                self._happened(KeyPressed(message.digit))
            case Stopped():
                self._happened(LineDropped(hung_up=True))

    def _broke(self) -> None:
        self._writer.put(self._store.broke)

    def resume(self, send: Send, stream_sid: str) -> None:
        """The carrier is back, with a new stream."""
        self._last_frame_ms = self._clock.now_ms()
        self._stream.reopen(send, stream_sid)
        self._back()

    def dead(self) -> str:
        """A stream without frames."""
        if self.is_away:
            return ""
        return "no audio from the carrier" if self._clock.now_ms() - self._last_frame_ms > NO_FRAMES_S * 1000 else ""


def waiting(call_id: UUID) -> StreamSession | None:
    """The session of this process that waits for the carrier to come back to it."""
    session = broken.get(call_id)
    return session if isinstance(session, StreamSession) else None


def _billed(kit: Kit) -> Billed:
    """Who is paid for answers: the model that speaks, if there is one."""
    return kit.billed if kit.talker is None else replace(kit.billed, model=kit.talker.model, tier="")
