"""The user's microphone on a media stream: into the line, to who else listens, and to a recogniser of its own, for the transcript."""

from __future__ import annotations

import asyncio
import logging

from calls.conversation.events import MicrophoneLost, UserSaid, UserSaying
from calls.lines.audience import Audience
from calls.lines.carrier_socket import CarrierSocket
from calls.lines.hearing import Hearing
from calls.lines.medium import Means
from calls.speech.both_sides import SILENCE
from calls.speech.live_voice import LiveVoice
from providers.types import Recognition

log = logging.getLogger(__name__)

#: How long the last words are waited for, and the silence behind them by which a recogniser knows that they are the last.
LAST_WORDS_S, LAST_SILENCE_BYTES = 1.5, 6_400


class UserVoice:
    """Carries the one microphone that the conversation lets speak; of any other nothing is heard.

    Args:
        means: of the call.
        socket: the way to the carrier.
        audience: where the microphone sits, and who hears it too.
    """

    def __init__(self, means: Means, socket: CarrierSocket, audience: Audience) -> None:
        self._call_id = means.call.call_id
        self._clock = means.clock
        self._happened = means.happened
        self._socket = socket
        self._audience = audience
        self._hearing = Hearing(means.kit.recognizer, means.call.brief, self._recognised, self._failed)
        self._live = LiveVoice()
        self._microphone = ""
        self._changed = asyncio.Event()
        self._began_ms: int | None = None
        audience.spoke, audience.left = self.take, self._left

    @property
    def heard_ms(self) -> int:
        """How much the recogniser was sent."""
        return self._hearing.fed_ms

    def let_speak(self, microphone: str) -> None:
        """This microphone is heard from here on, and no other; empty: none."""
        before, self._microphone = self._microphone, microphone
        self._changed.set()
        if before:
            self._audience.tell(before, {"microphone": "closed"})
        if microphone and not self._audience.tell(microphone, {"microphone": "open"}):
            self._happened(MicrophoneLost(microphone))
        if not microphone:
            self._hearing.feed(SILENCE * LAST_SILENCE_BYTES)

    def take(self, microphone: str, audio: bytes) -> None:
        """μ-law of somebody's microphone."""
        if not microphone or microphone != self._microphone:
            return
        self._hearing.feed(audio)
        if sent := self._live.take(audio, self._clock.now_ms()):
            self._socket.audio(sent)
            self._audience.sides.sent(sent)

    def _left(self, microphone: str) -> None:
        self._happened(MicrophoneLost(microphone))

    async def run(self) -> None:
        """Recognises while a microphone is open, and its last words a moment longer."""
        while True:
            await self._until(open_=True)
            hearing = asyncio.create_task(self._hearing.run())
            try:
                while self._microphone:
                    await self._until(open_=False)
                    await asyncio.sleep(LAST_WORDS_S)
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)

    async def _until(self, *, open_: bool) -> None:
        while bool(self._microphone) is not open_:
            self._changed.clear()
            await self._changed.wait()

    def _recognised(self, recognition: Recognition) -> None:
        now_ms = self._clock.now_ms()
        if not recognition.text.strip():
            return
        if self._began_ms is None:
            self._began_ms = now_ms
        if recognition.is_final:
            self._happened(UserSaid(recognition.text, self._began_ms, now_ms))
            self._began_ms = None
        else:
            self._happened(UserSaying(recognition.text, self._began_ms))

    def _failed(self, permanent: bool) -> None:
        """The user is heard on the line all the same; their words are missing in the transcript."""
        log.warning("call %s: what the user says is not recognised (for good: %s)", self._call_id, permanent)
