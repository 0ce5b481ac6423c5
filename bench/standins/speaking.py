"""Two voices that hum: Google's StreamingSynthesize (μ-law, 8 kHz) and OpenAI's /v1/audio/speech (24 kHz samples).

The first audio comes after a fixed time, the rest several times faster than it plays. The hum is loud from its first sample on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import grpc
import numpy as np
from aiohttp import web
from google.cloud.texttospeech_v1.types import cloud_tts as tts

from bench.standins.lateness import Lateness
from sandbox.voice import mulaw_encode

LONGEST_S = 20
PIECE_S = 0.1
S_PER_CHARACTER = 0.06
LEAST_S = 0.4
PCM_RATE, MULAW_RATE = 24_000, 8_000


@dataclass(frozen=True, slots=True)
class SpeakingTimes:
    """When audio comes."""

    first_byte_s: float = 0.2
    times_real: float = 8.0


@cache
def hum(rate: int) -> bytes:
    """16-bit samples of something between a voice and a bee, never silent."""
    t = np.arange(rate * LONGEST_S) / rate
    phase = 2 * np.pi * np.cumsum(120 + 15 * np.sin(2 * np.pi * 0.7 * t)) / rate
    wave = sum(np.cos(harmonic * phase) / harmonic for harmonic in range(1, 20)) * (0.65 + 0.35 * np.cos(2 * np.pi * 4 * t))
    samples = wave / np.abs(wave).max() * 12_000
    # A zero crossing is no silence: every sample keeps clear of it.
    return bytes(np.where(np.abs(samples) < 600, 600, samples).astype("<i2").tobytes())


@cache
def hum_mulaw() -> bytes:
    """The same as the carrier takes it."""
    return mulaw_encode(np.frombuffer(hum(MULAW_RATE), "<i2"))


class Speaking:
    """Both services."""

    def __init__(self, times: SpeakingTimes, lateness: Lateness) -> None:
        self._times, self._lateness = times, lateness

    def routes(self) -> list[web.RouteDef]:
        """To be added to an application."""
        return [web.post("/v1/audio/speech", self._speech)]

    async def _pieces(self, text: str, audio: bytes, bytes_per_s: int) -> AsyncIterator[bytes]:
        began, step = time.monotonic(), int(PIECE_S * bytes_per_s)
        whole = round(min(LONGEST_S, max(LEAST_S, S_PER_CHARACTER * len(text))) / PIECE_S) * step
        for at in range(0, whole, step):
            due = began + self._times.first_byte_s + at / bytes_per_s / self._times.times_real
            await self._lateness.until(due, "" if at else "first audio")
            yield audio[at : at + step]

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        reply = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        await reply.prepare(request)
        try:
            async for piece in self._pieces(str(body.get("input", "")), hum(PCM_RATE), 2 * PCM_RATE):
                await reply.write(piece)
            await reply.write_eof()
        except (ConnectionError, asyncio.CancelledError):
            pass  # whoever asked was interrupted
        return reply

    def handler(self) -> grpc.GenericRpcHandler:
        """Google's service."""
        request, response = tts.StreamingSynthesizeRequest.pb(), tts.StreamingSynthesizeResponse.pb()

        async def streaming_synthesize(requests: AsyncIterator[Any], _: Any) -> AsyncIterator[Any]:
            await anext(aiter(requests))  # the configuration
            async for asked in requests:
                async for piece in self._pieces(asked.input.text, hum_mulaw(), MULAW_RATE):
                    yield response(audio_content=piece)

        method = grpc.stream_stream_rpc_method_handler(
            streaming_synthesize, request_deserializer=request.FromString, response_serializer=response.SerializeToString
        )
        return grpc.method_handlers_generic_handler("google.cloud.texttospeech.v1.TextToSpeech", {"StreamingSynthesize": method})
