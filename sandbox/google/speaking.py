"""google.cloud.texttospeech.v1.TextToSpeech: StreamingSynthesize, SynthesizeSpeech, ListVoices.

https://cloud.google.com/text-to-speech/docs/reference/rpc/google.cloud.texttospeech.v1
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
import numpy as np
from google.cloud.texttospeech_v1.types import cloud_tts as tts

from sandbox.faults import Fault
from sandbox.google.voices import NATURAL_RATE, VOICES, espeak_voice, problem_of_voice
from sandbox.reading import read
from sandbox.state import SandboxState
from sandbox.voice import Samples, mulaw_encode
from sandbox.words import sentences

Status = grpc.StatusCode
Encoding = tts.AudioEncoding
STREAMED = {(Encoding.MULAW, 8000), (Encoding.PCM, 24_000)}
WHOLE = {(Encoding.MULAW, 8000), (Encoding.LINEAR16, 8000), (Encoding.LINEAR16, 24_000), (Encoding.PCM, 24_000)}
INPUT_WAIT_S = 5.0
LONGEST_BYTES = 5000
STALL_MS = 30_000
FAULT_AFTER_PIECES = 2
NO_INPUT = "Stream aborted due to long duration elapsed without input sent."


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a text is to be spoken."""

    voice: str
    mulaw: bool
    sample_rate: int
    speed: float

    def encoded(self, sound: Samples) -> bytes:
        return mulaw_encode(sound) if self.mulaw else bytes(sound.astype("<i2").tobytes())


def _speed(given: float) -> float:
    return given or 1.0


class Speaking:
    """The service."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state

    # --- streamed ---

    async def stream(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        """A configuration, then text in any number of pieces; audio as soon as a sentence is whole."""
        fault = self._state.faults.take("google.speak")
        first = await self._next(requests, context)
        if first is None:
            return
        if fault is not None and fault.mode == "exhausted":
            await context.abort(Status.RESOURCE_EXHAUSTED, "Quota exceeded for quota metric 'Streaming requests'.")
        if tts.StreamingSynthesizeRequest.pb(first).WhichOneof("streaming_request") != "streaming_config":
            await context.abort(Status.INVALID_ARGUMENT, "The first request must carry streaming_config.")
        manner = await self._manner(first.streaming_config, context)
        pieces = 0
        async for text in self._texts(requests, context):
            async for sound in read(self._state, text, sample_rate=manner.sample_rate, speed=manner.speed, name=manner.voice, soon=pieces > 0):
                yield tts.StreamingSynthesizeResponse(audio_content=manner.encoded(sound))
                pieces += 1
                if fault is not None and pieces == FAULT_AFTER_PIECES and await self._struck(fault, context):
                    return

    async def _manner(self, config: Any, context: Any) -> _Manner:
        name, language = config.voice.name, config.voice.language_code
        audio = config.streaming_audio_config
        encoding, rate = audio.audio_encoding or Encoding.PCM, audio.sample_rate_hertz or NATURAL_RATE
        problem = problem_of_voice(name, language)
        if not problem and not name:
            problem = "Currently, only Chirp 3: HD voices are supported for streaming synthesis: name one."
        if not problem and (encoding, rate) not in STREAMED:
            problem = "Unsupported audio encoding or sample rate. The sandbox streams MULAW at 8000 and PCM at 24000."
        if not problem and not 0.25 <= _speed(audio.speaking_rate) <= 2.0:
            problem = "speaking_rate must be 0.25 to 2.0."
        if problem:
            await context.abort(Status.INVALID_ARGUMENT, problem)
        return _Manner(espeak_voice(name, language), encoding == Encoding.MULAW, rate, _speed(audio.speaking_rate))

    async def _texts(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[str]:
        """Whole sentences as they come; the rest at the end."""
        waiting = ""
        while (request := await self._next(requests, context)) is not None:
            if tts.StreamingSynthesizeRequest.pb(request).WhichOneof("streaming_request") != "input":
                await context.abort(Status.INVALID_ARGUMENT, "Requests after the first must carry input.")
            if tts.StreamingSynthesisInput.pb(request.input).WhichOneof("input_source") != "text":
                await context.abort(Status.INVALID_ARGUMENT, "The sandbox speaks input.text.")
            waiting += request.input.text
            if len(waiting.encode()) > LONGEST_BYTES:
                await context.abort(Status.INVALID_ARGUMENT, f"Input is longer than {LONGEST_BYTES} bytes.")
            *whole, waiting = sentences(waiting) or [""]
            for sentence in whole:
                yield sentence
        if waiting.strip():
            yield waiting

    async def _next(self, requests: AsyncIterator[Any], context: Any) -> Any:
        try:
            async with asyncio.timeout(INPUT_WAIT_S):
                return await anext(requests, None)
        except TimeoutError:
            await context.abort(Status.ABORTED, NO_INPUT)

    async def _struck(self, fault: Fault, context: Any) -> bool:
        """Whether a fault ends the stream."""
        match fault.mode:
            case "unavailable":
                await context.abort(Status.UNAVAILABLE, "The service is currently unavailable.")
            case "stall":
                await asyncio.sleep(fault.milliseconds("stall_ms", STALL_MS) / 1000)
            case "cut":
                return True
        return False

    # --- whole ---

    async def synthesize(self, request: Any, context: Any) -> Any:
        """One text; all but PCM comes as a WAV file."""
        audio, voice = request.audio_config, request.voice
        rate = audio.sample_rate_hertz or NATURAL_RATE
        text = request.input.text
        problem = problem_of_voice(voice.name, voice.language_code)
        if (audio.audio_encoding, rate) not in WHOLE:
            problem = problem or "Unsupported audio_config. The sandbox makes MULAW at 8000, LINEAR16 at 8000 or 24000, PCM at 24000."
        if not text.strip() or len(text.encode()) > LONGEST_BYTES:
            problem = problem or f"input.text must hold 1 to {LONGEST_BYTES} bytes."
        if problem:
            await context.abort(Status.INVALID_ARGUMENT, problem)
        mulaw = audio.audio_encoding == Encoding.MULAW
        manner = _Manner(espeak_voice(voice.name, voice.language_code), mulaw, rate, _speed(audio.speaking_rate))
        pieces = [piece async for piece in read(self._state, text, sample_rate=rate, speed=manner.speed, name=manner.voice)]
        sound = manner.encoded(np.concatenate(pieces)) if pieces else b""
        bare = audio.audio_encoding == Encoding.PCM
        return tts.SynthesizeSpeechResponse(audio_content=sound if bare else _wav(sound, rate, mulaw=mulaw))

    async def voices(self, request: Any, _context: Any) -> Any:
        """Those of a language, or all."""
        wanted = request.language_code.lower()
        named = [name for name in VOICES if name.lower().startswith(wanted)]
        return tts.ListVoicesResponse(
            voices=[tts.Voice(language_codes=["-".join(name.split("-")[:2])], name=name, natural_sample_rate_hertz=NATURAL_RATE) for name in named]
        )


def _wav(sound: bytes, rate: int, *, mulaw: bool) -> bytes:
    """A WAV file with a header of 44 bytes."""
    width = 1 if mulaw else 2
    layout = struct.pack("<IHHIIHH", 16, 7 if mulaw else 1, 1, rate, rate * width, width, 8 * width)
    return b"RIFF" + struct.pack("<I", 36 + len(sound)) + b"WAVEfmt " + layout + b"data" + struct.pack("<I", len(sound)) + sound
