"""Hearing with Google Cloud Speech v2 (StreamingRecognize): the same chain of streams as `google_speech`, in the words of the newer API.

https://cloud.google.com/speech-to-text/v2/docs/reference/rpc/google.cloud.speech.v2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from google.cloud import speech_v2 as speech
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcAsyncIOTransport

from providers.google_client import GoogleConnection
from providers.google_speech import GoogleSpeech, models_of, phrases_of
from providers.types import Encoding, ProviderError

#: Models of v1 that have another name here.
RENAMED = {"latest_long": "long", "latest_short": "short", "phone_call": "telephony"}
GLOBAL = "global"
CODES = speech.ExplicitDecodingConfig.AudioEncoding
_BARE_REQUEST = speech.StreamingRecognizeRequest.pb()


@dataclass(frozen=True, slots=True)
class WireV2:
    """A `Wire`."""

    recognizer: str
    encoding: Encoding
    language: str
    model: str

    def configuration(self, hints: Sequence[str]) -> Any:
        """The first request."""
        mulaw = self.encoding is Encoding.MULAW_8K
        phrases = [{"value": phrase} for phrase in phrases_of(hints)]
        sets = [{"inline_phrase_set": {"phrases": phrases}}] if phrases else []
        config = speech.RecognitionConfig(
            explicit_decoding_config=speech.ExplicitDecodingConfig(
                encoding=CODES.MULAW if mulaw else CODES.LINEAR16, sample_rate_hertz=8000 if mulaw else 16_000, audio_channel_count=1
            ),
            language_codes=[self.language],
            model=RENAMED.get(self.model, self.model),
            features=speech.RecognitionFeatures(enable_automatic_punctuation=True, max_alternatives=1),
            adaptation=speech.SpeechAdaptation(phrase_sets=sets) if sets else None,
        )
        streaming = speech.StreamingRecognitionConfig(config=config, streaming_features=speech.StreamingRecognitionFeatures(interim_results=True))
        return speech.StreamingRecognizeRequest(recognizer=self.recognizer, streaming_config=streaming)

    def audio(self, piece: bytes) -> Any:
        """Each later one."""
        return speech.StreamingRecognizeRequest.wrap(_BARE_REQUEST(audio=piece))

    def results(self, response: Any) -> Sequence[Any]:
        """Bare results."""
        return speech.StreamingRecognizeResponse.pb(response).results  # type: ignore[no-any-return]

    def end_ms(self, result: Any) -> int:
        """Where its sound ends."""
        return int(result.result_end_offset.ToMilliseconds())


def host_of(recognizer: str) -> str:
    """Where a recogniser is reached: each region has an address of its own.

    Raises:
        ProviderError: it is not the name of one.
    """
    match recognizer.split("/"):
        case ["projects", project, "locations", location, "recognizers", name] if project and location and name:
            return "speech.googleapis.com" if location == GLOBAL else f"{location}-speech.googleapis.com"
    hint = "set GOOGLE_SPEECH_RECOGNIZER, e.g. to projects/YOUR-PROJECT/locations/global/recognizers/_"
    raise ProviderError(f"google speech v2: {recognizer!r} names no recogniser; {hint}", permanent=True)


def make_recognizer(settings: Any) -> GoogleSpeech:
    """From GOOGLE_SPEECH_ENDPOINT, GOOGLE_SPEECH_RECOGNIZER, GOOGLE_SPEECH_MODEL and GOOGLE_MICROPHONE_MODEL."""
    recognizer = settings.GOOGLE_SPEECH_RECOGNIZER
    host = host_of(recognizer)
    connection = GoogleConnection(settings.GOOGLE_SPEECH_ENDPOINT, speech.SpeechAsyncClient, SpeechGrpcAsyncIOTransport, host=host)
    return GoogleSpeech(connection, partial(WireV2, recognizer), models_of(settings))
