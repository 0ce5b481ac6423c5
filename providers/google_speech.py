"""Hearing with Google Cloud Speech (v1 StreamingRecognize).

A stream of the service lasts 305 s at most, so one recognition is a chain of them: the next is opened at a quiet moment, or after a failure
that may pass, and audio waits in the feed meanwhile. https://cloud.google.com/speech-to-text/docs/reference/rpc/google.cloud.speech.v1
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Protocol, cast

from google.api_core import exceptions as google_errors
from google.cloud import speech_v1 as speech
from google.cloud.speech_v1.services.speech.transports import SpeechGrpcAsyncIOTransport

from providers.audio_feed import BYTES_PER_MS, AudioFeed
from providers.google_client import ERRORS, GoogleConnection, provider_error
from providers.types import Encoding, ProviderError, Recognition

log = logging.getLogger(__name__)

ROTATE_S = 240.0
ROTATE_AT_ONCE_S = 290.0
QUIET_MOMENT_MS = 600
#: The deadline spans a whole stream, so it lies above the service's own limit.
STREAM_TIMEOUT_S = 330.0
#: How long the last results may take after the last audio.
DRAIN_S = 3.0
#: Waits between failures in a row; after the last the recognition is given up.
REOPEN_AFTER_S = (0.05, 0.3, 1.0)
#: After a failure: how long a refusal may take to show before audio is sent.
SETTLE_S = 0.25
HEALTHY_AFTER_S = 20.0
MOST_HINTS = 500
LONGEST_HINT = 100
#: The client library's message types wrap these, and take many times as long to make and to read; ten and more go each way in a second of speech.
_BARE_REQUEST = speech.StreamingRecognizeRequest.pb()


class Wire(Protocol):
    """One version of the service's API: what is sent for a stream, and where its answers have what."""

    def configuration(self, hints: Sequence[str]) -> Any:
        """The first request."""

    def audio(self, piece: bytes) -> Any:
        """Each later one."""

    def results(self, response: Any) -> Sequence[Any]:
        """The bare results of a response; they have alternatives, is_final and stability in all versions."""

    def end_ms(self, result: Any) -> int:
        """Where a result's sound ends, from the beginning of the stream."""


def phrases_of(hints: Sequence[str]) -> list[str]:
    """Hints as the service takes them."""
    return [hint[:LONGEST_HINT] for hint in hints if hint.strip()][:MOST_HINTS]


@dataclass(frozen=True, slots=True)
class _WireV1:
    encoding: Encoding
    language: str
    model: str

    def configuration(self, hints: Sequence[str]) -> Any:
        mulaw = self.encoding is Encoding.MULAW_8K
        codes = speech.RecognitionConfig.AudioEncoding
        phrases = phrases_of(hints)
        streaming = speech.StreamingRecognitionConfig(
            config=speech.RecognitionConfig(
                encoding=codes.MULAW if mulaw else codes.LINEAR16,
                sample_rate_hertz=8000 if mulaw else 16_000,
                language_code=self.language,
                model=self.model,
                max_alternatives=1,
                enable_automatic_punctuation=True,
                # Without a boost: some models refuse it.
                speech_contexts=[speech.SpeechContext(phrases=phrases)] if phrases else [],
            ),
            interim_results=True,
        )
        return speech.StreamingRecognizeRequest(streaming_config=streaming)

    def audio(self, piece: bytes) -> Any:
        return speech.StreamingRecognizeRequest.wrap(_BARE_REQUEST(audio_content=piece))

    def results(self, response: Any) -> Sequence[Any]:
        return speech.StreamingRecognizeResponse.pb(response).results  # type: ignore[no-any-return]

    def end_ms(self, result: Any) -> int:
        return int(result.result_end_time.ToMilliseconds())


class GoogleRecognition:
    """A `RecognitionStream`."""

    def __init__(self, connection: GoogleConnection, wire: Wire, encoding: Encoding, hints: Sequence[str]) -> None:
        self._connection = connection
        self._wire = wire
        self._encoding = encoding
        self._hints = tuple(hints)
        self._feed = AudioFeed(encoding)
        self._rpc: Any = None
        self._closed = False
        self._half_closed = False
        self._failed = False
        self._offset_ms = 0

    @property
    def dropped_ms(self) -> int:
        """Audio that was thrown away because the provider was stuck."""
        return self._feed.dropped_ms

    @property
    def hints_refused(self) -> bool:
        """Whether the model took no hints."""
        return not self._hints

    def feed(self, audio: bytes) -> None:
        """Takes audio at once."""
        self._feed.put(audio)

    async def finish(self) -> None:
        """No more audio will come."""
        self._feed.end()

    async def close(self) -> None:
        """Ends it now."""
        self._feed.end()
        self._closed = True
        if self._rpc is not None:
            self._rpc.cancel()

    async def __aiter__(self) -> AsyncIterator[Recognition]:
        failures = 0
        # The service ends a stream that gets no audio, so none is opened before there is some.
        while await self._feed.wait() and not self._closed:
            opened = time.monotonic()
            try:
                async with aclosing(cast(Any, self._leg(opened))) as results:
                    async for recognition in results:
                        failures, self._failed = 0, False
                        yield recognition
            except ERRORS as error:
                self._failed = True
                if self._hints and isinstance(error, google_errors.InvalidArgument):
                    self._hints = ()
                    continue
                failures = 0 if time.monotonic() - opened > HEALTHY_AFTER_S else failures
                failure = provider_error("google speech", error)
                if failure.permanent or failures == len(REOPEN_AFTER_S):
                    raise failure from error
                log.info("recognition reopened after %s", type(error).__name__)
                await asyncio.sleep(REOPEN_AFTER_S[failures])
                failures += 1

    async def _leg(self, opened: float) -> AsyncIterator[Recognition]:
        """One stream of the service, to its end."""
        client = await self._connection.client()
        self._half_closed = False
        self._rpc = rpc = await client.streaming_recognize(requests=self._requests(opened), retry=None, timeout=STREAM_TIMEOUT_S)
        try:
            async for response in rpc:
                for recognition in self._read(response):
                    yield recognition
        except asyncio.CancelledError:
            task = asyncio.current_task()
            # A stream that we cancel looks to its reader as if the reader itself were cancelled.
            if (task is not None and task.cancelling()) or not (self._closed or self._half_closed):
                raise
        finally:
            rpc.cancel()
            self._rpc = None

    async def _requests(self, opened: float) -> AsyncIterator[Any]:
        yield self._wire.configuration(self._hints)
        if self._failed:
            # A write that meets a refusal hides it: the client then reports an internal error in place of the status.
            await asyncio.sleep(SETTLE_S)
        sent = 0
        while (piece := await self._feed.take()) is not None:
            # Drawn anew for each piece: what was dropped in between shifts the stream's own clock.
            self._offset_ms = piece.start_ms - sent // BYTES_PER_MS[self._encoding]
            sent += len(piece.audio)
            yield self._wire.audio(piece.audio)
            age_s = time.monotonic() - opened
            if age_s > ROTATE_AT_ONCE_S or (age_s > ROTATE_S and self._feed.quiet_ms >= QUIET_MOMENT_MS):
                break
        # Ending here half-closes the stream: the service sends what it still has and ends it. One that does not is cancelled.
        self._half_closed = True
        if self._rpc is not None:
            asyncio.get_running_loop().call_later(DRAIN_S, self._rpc.cancel)

    def _read(self, response: Any) -> Iterator[Recognition]:
        """Finals one by one; the parts of an interim (a stable head and an unstable tail) joined."""
        interim: list[Any] = []
        for result in self._wire.results(response):
            if not result.alternatives:
                continue
            if not result.is_final:
                interim.append(result)
                continue
            best = result.alternatives[0]
            if text := best.transcript.strip():
                yield Recognition(text, is_final=True, confidence=best.confidence, end_ms=self._end_ms(result))
        text = "".join(result.alternatives[0].transcript for result in interim).strip()
        if text:
            yield Recognition(text, is_final=False, stability=interim[0].stability, end_ms=self._end_ms(interim[-1]))

    def _end_ms(self, result: Any) -> int:
        return self._offset_ms + self._wire.end_ms(result)


class GoogleSpeech:
    """A `Recognizer`.

    Args:
        connection: the channel.
        wire: makes the wire of one stream from its encoding, language and model.
        models: for each encoding.
    """

    def __init__(self, connection: GoogleConnection, wire: Callable[[Encoding, str, str], Wire], models: Mapping[Encoding, str]) -> None:
        self._connection = connection
        self._wire = wire
        self._models = models

    async def warm(self) -> None:
        """Connects."""
        await self._connection.warm()

    async def open(self, *, encoding: Encoding, language: str, hints: Sequence[str] = ()) -> GoogleRecognition:
        """A stream; it reaches for the service when the first audio is there."""
        return GoogleRecognition(self._connection, self._wire(encoding, language, self._models[encoding]), encoding, hints)

    async def close(self) -> None:
        """Disconnects."""
        with suppress(ProviderError):
            await self._connection.close()


def models_of(settings: Any) -> dict[Encoding, str]:
    """The telephone's 8 kHz and the microphone's 16 have models of their own."""
    return {Encoding.MULAW_8K: settings.GOOGLE_SPEECH_MODEL, Encoding.LINEAR16_16K: settings.GOOGLE_MICROPHONE_MODEL}


def make_recognizer(settings: Any) -> GoogleSpeech:
    """From GOOGLE_SPEECH_ENDPOINT, GOOGLE_SPEECH_MODEL and GOOGLE_MICROPHONE_MODEL."""
    connection = GoogleConnection(settings.GOOGLE_SPEECH_ENDPOINT, speech.SpeechAsyncClient, SpeechGrpcAsyncIOTransport)
    return GoogleSpeech(connection, _WireV1, models_of(settings))
