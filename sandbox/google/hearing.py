"""google.cloud.speech.v1.Speech: StreamingRecognize.

https://cloud.google.com/speech-to-text/docs/reference/rpc/google.cloud.speech.v1
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import yaml
from google.cloud.speech_v1.types import cloud_speech as cs

from sandbox.ears import EarError, EarProcess, RemoteEar
from sandbox.expected import Hinted
from sandbox.faults import Fault
from sandbox.google.hearing_config import MALORDERED, problem_of_audio, problem_of_config
from sandbox.google.listening import Listening
from sandbox.state import SandboxState

ASKS = Path(__file__).parent.parent / "asks.yaml"
Status = grpc.StatusCode
TOO_LONG = "Exceeded maximum allowed stream duration of 305 seconds."
IDLE = "Stream timed out after receiving no more client requests."
#: Faults that end a stream with a status, after some audio unless `after_ms` says otherwise.
ENDINGS = {
    "unavailable": (Status.UNAVAILABLE, "The service is currently unavailable."),
    "too_long": (Status.OUT_OF_RANGE, TOO_LONG),
    "idle": (Status.ABORTED, IDLE),
}
FAULT_AFTER_MS = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a stream may last, and how long it may go without a request, in seconds."""

    stream_s: float = 305.0
    idle_s: float = 10.0


class StreamEndedError(Exception):
    """A stream ends with a status."""

    def __init__(self, status: Any, message: str) -> None:
        super().__init__(message)
        self.status = status


class Hearing:
    """The service.

    Args:
        ears: where it hears.
    """

    def __init__(self, state: SandboxState, ears: EarProcess, limits: Limits) -> None:
        self._state = state
        self._ears = ears
        self._limits = limits

    async def recognise(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        """One stream: a configuration, then audio until the client's side closes."""
        fault = self._state.faults.take("google.hear")
        try:
            ends = asyncio.get_running_loop().time() + self._limits.stream_s
            streaming = await self._configuration(requests, ends)
            if streaming is None:
                return
            if fault is not None and fault.mode == "exhausted":
                raise StreamEndedError(Status.RESOURCE_EXHAUSTED, "Quota exceeded for quota metric 'Streaming requests'.")
            listening = Listening(self._ear(streaming), streaming, lose_finals=fault is not None and fault.mode == "no_final")
            try:
                async for response in self._hear(requests, listening, ends, fault):
                    yield response
            finally:
                await asyncio.shield(listening.close())
        except EarError:
            await context.abort(Status.UNAVAILABLE, "The sandbox's ear has failed.")
        except StreamEndedError as ended:
            await context.abort(ended.status, str(ended))

    async def _configuration(self, requests: AsyncIterator[Any], ends: float) -> Any:
        first = await self._next(requests, ends)
        if first is None:
            return None
        if cs.StreamingRecognizeRequest.pb(first).WhichOneof("streaming_request") != "streaming_config":
            raise StreamEndedError(Status.INVALID_ARGUMENT, MALORDERED.format("streaming_config"))
        if problem := problem_of_config(first.streaming_config):
            raise StreamEndedError(Status.INVALID_ARGUMENT, problem)
        return first.streaming_config

    def _ear(self, streaming: Any) -> RemoteEar:
        """An ear for telephones expects what people who are called may say, one for microphones what users ask."""
        if streaming.config.encoding == cs.RecognitionConfig.AudioEncoding.MULAW:
            hints = [phrase for context in streaming.config.speech_contexts for phrase in context.phrases]
            return self._ears.ear(also=Hinted(self._state.on_the_phone, hints))
        asks = yaml.safe_load(ASKS.read_text()) if ASKS.is_file() else []
        return self._ears.ear(asks or (), also=self._state.expected.user)

    async def _hear(self, requests: AsyncIterator[Any], listening: Listening, ends: float, fault: Fault | None) -> AsyncIterator[Any]:
        waiting: asyncio.Queue[bytes | StreamEndedError | None] = asyncio.Queue()
        reading = asyncio.create_task(self._read(requests, ends, waiting), name="recognition requests")
        try:
            while (audio := await _all_of(waiting)) is not None:
                async for response in listening.take(audio):
                    yield response
                if fault is not None and fault.mode in ENDINGS and listening.heard_ms >= fault.milliseconds("after_ms", FAULT_AFTER_MS):
                    raise StreamEndedError(*ENDINGS[fault.mode])
            async for response in listening.end():
                yield response
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading

    async def _read(self, requests: AsyncIterator[Any], ends: float, into: asyncio.Queue[bytes | StreamEndedError | None]) -> None:
        """Takes requests as they come, whether or not what came before is understood yet."""
        try:
            while (request := await self._next(requests, ends)) is not None:
                if problem := problem_of_audio(request):
                    raise StreamEndedError(Status.INVALID_ARGUMENT, problem)
                into.put_nowait(request.audio_content)
            into.put_nowait(None)
        except StreamEndedError as ended:
            into.put_nowait(ended)

    async def _next(self, requests: AsyncIterator[Any], ends: float) -> Any:
        """The next request; None when the client's side is closed."""
        left_s = ends - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(0.0, min(left_s, self._limits.idle_s))):
                return await anext(requests, None)
        except TimeoutError:
            if left_s <= self._limits.idle_s:
                raise StreamEndedError(Status.OUT_OF_RANGE, TOO_LONG) from None
            raise StreamEndedError(Status.ABORTED, IDLE) from None


async def _all_of(waiting: asyncio.Queue[bytes | StreamEndedError | None]) -> bytes | None:
    """All audio that waits, at least some; None at its end. What ends the stream is raised once the audio before it is taken."""
    first = await waiting.get()
    if isinstance(first, StreamEndedError):
        raise first
    audio = first
    while audio is not None and not waiting.empty():
        more = waiting.get_nowait()
        if not isinstance(more, bytes):
            waiting.put_nowait(more)  # an end is always the last
            break
        audio += more
    return audio
