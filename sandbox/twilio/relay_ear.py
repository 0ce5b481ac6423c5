"""The carrier's ear in a ConversationRelay session: the caller's sound becomes words, partly while they speak, whole when they pause."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import numpy as np

from sandbox.ear import Heard
from sandbox.ears import EarError
from sandbox.google.endpointing import Began, Ended, Endpointer, Spoken
from sandbox.twilio.listening import SILENT_FRAME
from sandbox.voice import Samples, mulaw_decode, mulaw_encode

log = logging.getLogger("sandbox.relay")
RATE = 8000
PIECE_SAMPLES = RATE // 10


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


class Told(Protocol):
    """Who is told what is heard."""

    def voice_began(self) -> None:
        """Somebody speaks."""

    def partly(self, text: str) -> None:
        """The words so far, when there are more than before."""

    def understood(self, heard: Heard) -> None:
        """The utterance is over."""


class RelayEar:
    """Hears one caller.

    Args:
        ear: recognises.
        told: is told.
    """

    def __init__(self, ear: Ear, told: Told) -> None:
        self._ear = ear
        self._told = told
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()
        self._endpointer = Endpointer(RATE)
        self._pending: list[Samples] = []
        self._text = ""

    def frame(self, audio: bytes | None) -> None:
        """20 ms of the caller's sound; None is silence."""
        self._frames.put_nowait(audio or SILENT_FRAME)

    async def run(self) -> None:
        """Recognises until cancelled."""
        try:
            while True:
                audio = await self._frames.get()
                while not self._frames.empty():
                    audio += self._frames.get_nowait()
                try:
                    await self._take(mulaw_decode(audio))
                except EarError as error:
                    log.warning("an utterance was not heard: %s", error)
        finally:
            await self._ear.close()

    async def _take(self, samples: Samples) -> None:
        for segment in self._endpointer.take(samples):
            match segment:
                case Began():
                    self._text, self._pending = "", []
                    self._told.voice_began()
                    await self._ear.begin()
                case Spoken(sound):
                    self._pending.append(sound)
                    if sum(piece.size for piece in self._pending) >= PIECE_SAMPLES:
                        await self._feed()
                case Ended():
                    await self._feed()
                    self._told.understood(await self._ear.final())

    async def _feed(self) -> None:
        if not self._pending:
            return
        sound, self._pending = np.concatenate(self._pending), []
        text = await self._ear.feed_mulaw(mulaw_encode(sound))
        if text and text != self._text:
            self._text = text
            self._told.partly(text)
