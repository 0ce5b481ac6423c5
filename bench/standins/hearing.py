"""Google Cloud Speech's StreamingRecognize, v1 and v2, without ears: where there is energy somebody speaks, and says the next of the known sentences.

While somebody speaks an interim result comes every 250 ms, each with one word more; the final one comes a fixed time after the last loud piece.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
import numpy as np
from google.cloud.speech_v1.types import cloud_speech as v1
from google.cloud.speech_v2.types import cloud_speech as v2

from bench.clips import SENTENCES
from bench.standins.lateness import Lateness
from sandbox.voice import mulaw_decode

INTERIM_EVERY_S = 0.25
#: Root mean square from which a piece of audio is loud, and how many in a row begin an utterance.
LOUD_RMS = 250.0
LOUD_PIECES = 2


@dataclass(frozen=True, slots=True)
class HearingTimes:
    """When results come."""

    final_s: float = 0.3
    #: How far behind the voice an interim's words are.
    interim_lag_s: float = 0.0


class Utterances:
    """One stream: audio in, (text, is_final) out of `results`. By the times at which the audio arrives."""

    def __init__(self, times: HearingTimes, lateness: Lateness, *, mulaw: bool) -> None:
        self.results: asyncio.Queue[tuple[str, bool] | None] = asyncio.Queue()
        self._times, self._lateness, self._mulaw = times, lateness, mulaw
        self._number = self._loud = self._told = 0
        self._speaking = False
        self._began = self._last_loud = 0.0
        self._ending: asyncio.TimerHandle | None = None

    def feed(self, audio: bytes) -> None:
        """Takes a piece of audio."""
        now = time.monotonic()
        if not self._is_loud(audio):
            self._loud = self._loud if self._speaking else 0
            return
        self._loud += 1
        self._last_loud = now
        if not self._speaking:
            if self._loud < LOUD_PIECES:
                return
            self._speaking, self._began, self._told = True, now, 0
        words = SENTENCES[self._number % len(SENTENCES)].split()
        count = min(len(words), int((now - self._began - self._times.interim_lag_s) / INTERIM_EVERY_S))
        if count > self._told:
            self._told = count
            self.results.put_nowait((" ".join(words[:count]).rstrip(".?"), False))
        if self._ending is None:
            self._ending = asyncio.get_running_loop().call_later(self._times.final_s, self._maybe_over)

    def _is_loud(self, audio: bytes) -> bool:
        samples = mulaw_decode(audio) if self._mulaw else np.frombuffer(audio[: len(audio) & ~1], "<i2")
        wide = samples.astype(np.float32)
        return bool(wide.size) and float(np.sqrt(np.dot(wide, wide) / wide.size)) >= LOUD_RMS

    def _maybe_over(self) -> None:
        due = self._last_loud + self._times.final_s
        if (left_s := due - time.monotonic()) > 0.0005:
            self._ending = asyncio.get_running_loop().call_later(left_s, self._maybe_over)
            return
        self._lateness.note("final", due)
        self._finish()

    def _finish(self) -> None:
        self._ending = None
        if self._speaking:
            self.results.put_nowait((SENTENCES[self._number % len(SENTENCES)], True))
            self._speaking, self._loud, self._number = False, 0, self._number + 1

    def end(self) -> None:
        """No more audio: what is being said counts as said."""
        if self._ending is not None:
            self._ending.cancel()
        self._finish()
        self.results.put_nowait(None)

    def stop(self) -> None:
        """The stream is gone."""
        if self._ending is not None:
            self._ending.cancel()


def handlers(times: HearingTimes, lateness: Lateness) -> list[grpc.GenericRpcHandler]:
    """The two services."""
    return [_handler("v1", v1, times, lateness), _handler("v2", v2, times, lateness)]


def _handler(version: str, types: Any, times: HearingTimes, lateness: Lateness) -> grpc.GenericRpcHandler:
    # Bare protobuf messages: the client libraries' wrappers cost many times as much, and the stand-ins share a core with the callers.
    request, response = types.StreamingRecognizeRequest.pb(), types.StreamingRecognizeResponse.pb()

    async def streaming_recognize(requests: AsyncIterator[Any], _: Any) -> AsyncIterator[Any]:
        first = await anext(aiter(requests))
        heard = Utterances(times, lateness, mulaw=_is_mulaw(version, first))
        feeding = asyncio.create_task(_feed(heard, version, requests))
        try:
            while (result := await heard.results.get()) is not None:
                yield _response(response, *result)
        finally:
            feeding.cancel()
            heard.stop()

    method = grpc.stream_stream_rpc_method_handler(
        streaming_recognize, request_deserializer=request.FromString, response_serializer=response.SerializeToString
    )
    return grpc.method_handlers_generic_handler(f"google.cloud.speech.{version}.Speech", {"StreamingRecognize": method})


def _is_mulaw(version: str, first: Any) -> bool:
    config = first.streaming_config.config
    if version == "v1":
        return bool(config.encoding == v1.RecognitionConfig.AudioEncoding.MULAW)
    return bool(config.explicit_decoding_config.encoding == v2.ExplicitDecodingConfig.AudioEncoding.MULAW)


async def _feed(heard: Utterances, version: str, requests: AsyncIterator[Any]) -> None:
    async for request in requests:
        if audio := request.audio_content if version == "v1" else request.audio:
            heard.feed(audio)
    heard.end()


def _response(kind: Any, text: str, is_final: bool) -> Any:
    response = kind()
    result = response.results.add(is_final=is_final, stability=0.0 if is_final else 0.9)
    result.alternatives.add(transcript=text, confidence=0.95 if is_final else 0.0)
    return response
