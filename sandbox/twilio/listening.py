"""What a person hears of the application's voice: speech is found by its loudness, and handed to the ear piece by piece.

Finding speech is pure (`Segmenter`); recognising happens elsewhere, so that no frame of any call waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sandbox.ear import SURE, Heard
from sandbox.ears import EarError
from sandbox.twilio.frames import FRAME_MS

log = logging.getLogger("sandbox.listening")
SILENCE_ENDS_MS = 600
SPEECH_BEGINS_MS = 60
LEAD_IN_MS = 240
LONGEST_MS = 20_000
PIECE_FRAMES = 5
#: μ-law bytes (sign bit off, inverted) at or above this magnitude code count as loud: about 500 of 32 768.
LOUD_CODE = 0x2F


def _loud_table() -> bytes:
    return bytes(1 if (~code & 0x7F) >= LOUD_CODE else 0 for code in range(256))


_LOUD = _loud_table()
SILENT_FRAME = b"\xff" * 160


def is_loud(frame: bytes) -> bool:
    """Whether a μ-law frame holds sound as loud as speech."""
    return frame.translate(_LOUD).count(1) * 20 >= len(frame)


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody started to speak; `audio` is the lead-in and the first loud frames."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class SpeechWentOn:
    """20 ms more."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """They stopped, or have talked for too long to be one utterance."""


Segment = SpeechBegan | SpeechWentOn | SpeechEnded


class Segmenter:
    """Cuts a line's audio into utterances, by loudness and silence."""

    def __init__(self) -> None:
        self._lead_in: deque[bytes] = deque(maxlen=LEAD_IN_MS // FRAME_MS)
        self._loud_ms = 0
        self._spoken_ms = 0
        self.speaking = False
        self.quiet_ms = 10_000

    def frame(self, heard: bytes | None) -> Segment | None:
        """Takes 20 ms (None is silence); what it means, if anything."""
        audio = heard or SILENT_FRAME
        loud = heard is not None and is_loud(heard)
        self.quiet_ms = 0 if loud else self.quiet_ms + FRAME_MS
        self._loud_ms = self._loud_ms + FRAME_MS if loud else 0
        if self.speaking:
            self._spoken_ms += FRAME_MS
            if self.quiet_ms >= SILENCE_ENDS_MS or self._spoken_ms >= LONGEST_MS:
                self.speaking = False
                self._lead_in.clear()
                return SpeechEnded()
            return SpeechWentOn(audio)
        self._lead_in.append(audio)
        if self._loud_ms >= SPEECH_BEGINS_MS:
            self.speaking, self._spoken_ms = True, 0
            return SpeechBegan(b"".join(self._lead_in))
        return None

    @property
    def spoken_ms(self) -> int:
        """How long the utterance under way is; 0 between utterances."""
        return self._spoken_ms if self.speaking else 0

    def cut(self) -> SpeechEnded | None:
        """Ends the utterance under way: what follows is another."""
        if not self.speaking:
            return None
        self.speaking, self._loud_ms = False, 0
        return SpeechEnded()


class Ear(Protocol):
    """Recognises one speaker's utterances."""

    async def begin(self) -> None:
        """A new utterance."""

    async def feed_mulaw(self, audio: bytes) -> str:
        """More of it; the words so far."""

    async def final(self) -> Heard:
        """Ends it."""

    async def close(self) -> None:
        """It is needed no more."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What came of one utterance.

    Attributes:
        text: its words; empty if none were made out.
        sure: whether they are no guess.
        number: which utterance it was; the first is 1.
        ms: how long it was.
    """

    text: str
    sure: bool
    number: int
    ms: int


class Listener:
    """Hears the application's side of one call; `begun` counts its utterances.

    Args:
        ear: recognises.
        understood: told what came of each utterance.
        partly: told the words so far.
    """

    def __init__(self, ear: Ear, understood: Callable[[Understood], None], partly: Callable[[str], None]) -> None:
        self._ear = ear
        self._understood = understood
        self._partly = partly
        self._segmenter = Segmenter()
        self._segments: asyncio.Queue[Segment] = asyncio.Queue()
        self._caught_up = asyncio.Event()
        self._caught_up.set()
        self._number = 0
        self.begun = 0

    @property
    def quiet_ms(self) -> int:
        """How long nothing loud was heard."""
        return self._segmenter.quiet_ms

    @property
    def hears_speech(self) -> bool:
        """Whether somebody is speaking."""
        return self._segmenter.speaking

    @property
    def speech_ms(self) -> int:
        """For how long somebody has been speaking."""
        return self._segmenter.spoken_ms

    def cut(self) -> None:
        """What is being said ends here; what follows is understood by itself."""
        segment = self._segmenter.cut()
        if segment is not None:
            self._segments.put_nowait(segment)

    def frame(self, heard: bytes | None) -> None:
        """Takes 20 ms of audio; None is silence."""
        segment = self._segmenter.frame(heard)
        if segment is not None:
            if isinstance(segment, SpeechBegan):
                self.begun += 1
                self._caught_up.clear()
            self._segments.put_nowait(segment)

    async def finish(self) -> None:
        """Waits until all that was said is understood, also what was being said."""
        self.cut()
        await self._caught_up.wait()

    async def run(self) -> None:
        """Recognises what `frame` was given, until cancelled."""
        try:
            while True:
                segment = await self._segments.get()
                if not isinstance(segment, SpeechBegan):  # the rest of one that was not heard
                    continue
                self._number += 1
                try:
                    await self._utterance(segment.audio)
                except EarError as error:
                    log.warning("an utterance was not heard: %s", error)
                if self._number == self.begun:
                    self._caught_up.set()
        finally:
            await self._ear.close()

    async def _utterance(self, piece: bytes) -> None:
        await self._ear.begin()
        total = len(piece)
        while not isinstance(segment := await self._segments.get(), SpeechEnded):
            piece += segment.audio
            total += len(segment.audio)
            # What has come meanwhile goes in the same piece: an ear that was held up catches up.
            if len(piece) >= PIECE_FRAMES * len(SILENT_FRAME) and self._segments.empty():
                self._partly(await self._ear.feed_mulaw(piece))
                piece = b""
        if piece:
            await self._ear.feed_mulaw(piece)
        words = await self._ear.final()
        ms = total // len(SILENT_FRAME) * FRAME_MS - SILENCE_ENDS_MS
        self._understood(Understood(words.text, words.confidence >= SURE, self._number, max(0, ms)))
