"""One recognition: samples in, results out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any, Protocol

import numpy as np
from google.cloud.speech_v1.types import cloud_speech as cs

from sandbox.ear import Heard
from sandbox.google.endpointing import Began, Ended, Endpointer, Segment, Spoken
from sandbox.voice import Samples, mulaw_decode, mulaw_encode

#: Sound is recognised in pieces of this length, and an interim result may follow each.
PIECE_MS = 100
STABLE, UNSTABLE = 0.9, 0.01
FOREIGN_CONFIDENCE = 0.35
_PUNCTUATION = re.compile(r"[.,;:!?…]+(?=\s|$)")
Event = cs.StreamingRecognizeResponse.SpeechEventType


def time_of(moment_ms: int) -> dict[str, int]:
    """A moment as a protobuf duration."""
    return {"seconds": moment_ms // 1000, "nanos": moment_ms % 1000 * 1_000_000}


class Ear(Protocol):
    """Recognises one speaker's utterances."""

    async def begin(self) -> None:
        """A new utterance."""

    async def feed(self, pcm: bytes) -> str:
        """More of it, 16-bit samples at 16 kHz; the words so far."""

    async def feed_mulaw(self, audio: bytes) -> str:
        """More of it, μ-law at 8 kHz; the words so far."""

    async def final(self) -> Heard:
        """Ends it."""

    async def close(self) -> None:
        """It is needed no more."""


class Listening:
    """Hears one stream of audio.

    Args:
        ear: recognises.
        streaming: the checked configuration.
        lose_finals: a fault: finals never come.
    """

    def __init__(self, ear: Ear, streaming: Any, *, lose_finals: bool = False) -> None:
        self._ear = ear
        self._streaming = streaming
        self._lose_finals = lose_finals
        self._mulaw = streaming.config.encoding == cs.RecognitionConfig.AudioEncoding.MULAW
        self._rate = streaming.config.sample_rate_hertz
        codes = [streaming.config.language_code, *streaming.config.alternative_language_codes]
        self._languages = {code[:2].lower(): code for code in reversed(codes)}
        self._endpointer = Endpointer(self._rate)
        self._odd = b""
        self._pending: list[Samples] = []
        self._words: list[str] = []
        self._finals = 0
        self._done = False

    @property
    def heard_ms(self) -> int:
        """How much audio it was given."""
        return self._endpointer.now_ms

    async def take(self, audio: bytes) -> AsyncIterator[Any]:
        """Responses that this audio brings; none once the single utterance that was wanted is over."""
        if self._done:
            return
        if self._mulaw:
            samples = mulaw_decode(audio)
        else:
            audio = self._odd + audio
            self._odd = audio[len(audio) // 2 * 2 :]
            samples = np.frombuffer(audio[: len(audio) // 2 * 2], "<i2").astype(np.int16)
        async for response in self._follow(self._endpointer.take(samples)):
            yield response

    async def end(self) -> AsyncIterator[Any]:
        """Responses that were still to come when the audio ended."""
        async for response in self._follow(self._endpointer.end()):
            yield response
        yield cs.StreamingRecognizeResponse(total_billed_time=time_of(-(-self.heard_ms // 1000) * 1000))

    async def close(self) -> None:
        """Lets the ear go."""
        await self._ear.close()

    async def _follow(self, segments: list[Segment]) -> AsyncIterator[Any]:
        for segment in segments:
            match segment:
                case Began(at_ms):
                    self._words, self._pending = [], []
                    await self._ear.begin()
                    if self._streaming.enable_voice_activity_events:
                        yield _event(Event.SPEECH_ACTIVITY_BEGIN, at_ms)
                case Spoken(sound):
                    self._pending.append(sound)
                    interim = await self._recognise()
                    if interim is not None:
                        yield interim
                case Ended(at_ms):
                    async for response in self._ended(at_ms):
                        yield response
                    if self._done:
                        return

    async def _ended(self, at_ms: int) -> AsyncIterator[Any]:
        if self._streaming.enable_voice_activity_events:
            yield _event(Event.SPEECH_ACTIVITY_END, at_ms)
        if self._streaming.single_utterance:
            self._done = True
            yield _event(Event.END_OF_SINGLE_UTTERANCE, at_ms)
        await self._feed()
        heard = await self._ear.final()
        if not self._lose_finals:
            # As the service does: from the second on, results begin with the space that parts them from the one before.
            text = (" " if self._finals and heard.text else "") + self._styled(heard.text)
            self._finals += 1
            code = self._languages.get(heard.language, "")
            # Words of a language that nobody asked for are a guess at best.
            confidence = heard.confidence if code else min(heard.confidence, FOREIGN_CONFIDENCE)
            yield self._response([self._result(text, at_ms, confidence=confidence, language=code)])

    async def _recognise(self) -> Any:
        """Recognises what waits once there is enough; an interim result when it brought a new word."""
        if sum(sound.size for sound in self._pending) * 1000 < PIECE_MS * self._rate:
            return None
        words = (await self._feed()).split()
        before, self._words = self._words, words
        if not self._streaming.interim_results or not words or words == before:
            return None
        settled = 0
        while settled < min(len(before), len(words)) and before[settled] == words[settled]:
            settled += 1
        return self._response(self._interim(words, settled))

    def _interim(self, words: list[str], settled: int) -> list[Any]:
        """A stable head and an unstable tail, as far as there are any."""
        now_ms = self._endpointer.now_ms
        head, tail = " ".join(words[:settled]), " ".join(words[settled:])
        parts = [(head, STABLE)] if head else []
        if tail:
            parts.append((f" {tail}" if head else tail, UNSTABLE))
        return [self._result(self._styled(text), now_ms, stability=stability) for text, stability in parts]

    def _styled(self, text: str) -> str:
        return text if self._streaming.config.enable_automatic_punctuation else _PUNCTUATION.sub("", text)

    def _result(self, text: str, at_ms: int, *, stability: float = 0.0, confidence: float | None = None, language: str = "") -> Any:
        return cs.StreamingRecognitionResult(
            alternatives=[{"transcript": text, "confidence": confidence or 0.0}],
            is_final=confidence is not None,
            stability=stability,
            result_end_time=time_of(at_ms),
            language_code=(language or self._streaming.config.language_code).lower(),
        )

    def _response(self, results: list[Any]) -> Any:
        return cs.StreamingRecognizeResponse(results=results)

    async def _feed(self) -> str:
        """Recognises what waits; the words so far."""
        if not self._pending:
            return ""
        sound, self._pending = np.concatenate(self._pending), []
        if self._mulaw:
            return await self._ear.feed_mulaw(mulaw_encode(sound))
        return await self._ear.feed(sound.astype("<i2").tobytes())


def _event(kind: Any, at_ms: int) -> Any:
    return cs.StreamingRecognizeResponse(speech_event_type=kind, speech_event_time=time_of(at_ms))
