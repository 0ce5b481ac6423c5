"""google.cloud.speech.v2.Speech: StreamingRecognize. Checked in its own words, then heard as a stream of v1 is.

https://cloud.google.com/speech-to-text/v2/docs/reference/rpc/google.cloud.speech.v2
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import grpc
from google.cloud.speech_v1.types import cloud_speech as v1
from google.cloud.speech_v2.types import cloud_speech as v2

from sandbox.google.hearing import Hearing, StreamEndedError
from sandbox.google.hearing_config import MALORDERED

RECOGNIZER = re.compile(r"projects/[a-z0-9-]+/locations/[a-z0-9-]+/recognizers/(?:_|[a-z][a-z0-9-]{3,62})")
#: Model → as v1 calls it.
MODELS = {
    "long": "latest_long",
    "short": "latest_short",
    "telephony": "telephony",
    "telephony_short": "telephony_short",
    "chirp_2": "latest_long",
    "chirp_3": "latest_long",
}
CODES = v2.ExplicitDecodingConfig.AudioEncoding
V1_CODES = v1.RecognitionConfig.AudioEncoding
ENCODINGS = {CODES.MULAW: V1_CODES.MULAW, CODES.LINEAR16: V1_CODES.LINEAR16}


def _refused(problem: str) -> StreamEndedError:
    return StreamEndedError(grpc.StatusCode.INVALID_ARGUMENT, problem)


class HearingV2:
    """The service.

    Args:
        hearing: hears.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    async def recognise(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        """One stream: a recogniser and a configuration, then audio until the client's side closes."""
        async for response in self._hearing.recognise(_as_v1(requests), context):
            yield _as_v2(response)


async def _as_v1(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    first = True
    async for request in requests:
        kind = v2.StreamingRecognizeRequest.pb(request).WhichOneof("streaming_request")
        if kind != ("streaming_config" if first else "audio"):
            raise _refused(MALORDERED.format("streaming_config" if first else "audio"))
        if first:
            yield v1.StreamingRecognizeRequest(streaming_config=_config(request))
        else:
            yield v1.StreamingRecognizeRequest(audio_content=request.audio)
        first = False


def _config(request: Any) -> Any:
    if not RECOGNIZER.fullmatch(request.recognizer):
        raise _refused("Expected resource location to be global or a region, and a recognizer: projects/P/locations/L/recognizers/_.")
    streaming, config = request.streaming_config, request.streaming_config.config
    bare = v2.RecognitionConfig.pb(config)
    if bare.WhichOneof("decoding_config") != "explicit_decoding_config":
        raise _refused("The sandbox hears what is explicitly decoded: explicit_decoding_config is missing.")
    decoding = config.explicit_decoding_config
    if decoding.encoding not in ENCODINGS or decoding.audio_channel_count != 1:
        raise _refused("Invalid explicit_decoding_config: the sandbox hears MULAW or LINEAR16, one channel.")
    if not config.language_codes:
        raise _refused("language_codes must not be empty.")
    if config.model not in MODELS:
        raise _refused(f'The model "{config.model}" does not exist in the location named "global".')
    if not 0 <= config.features.max_alternatives <= 30:
        raise _refused("max_alternatives must be 0 to 30.")
    return v1.StreamingRecognitionConfig(
        config={
            "encoding": ENCODINGS[decoding.encoding],
            "sample_rate_hertz": decoding.sample_rate_hertz,
            "audio_channel_count": 1,
            "language_code": config.language_codes[0],
            "alternative_language_codes": config.language_codes[1:],
            "model": MODELS[config.model],
            "max_alternatives": config.features.max_alternatives,
            "enable_automatic_punctuation": config.features.enable_automatic_punctuation,
            "speech_contexts": [{"phrases": _phrases(config)}],
        },
        interim_results=streaming.streaming_features.interim_results,
        enable_voice_activity_events=streaming.streaming_features.enable_voice_activity_events,
    )


def _phrases(config: Any) -> list[str]:
    phrases = [phrase for phrases in config.adaptation.phrase_sets for phrase in phrases.inline_phrase_set.phrases]
    if config.model == "telephony" and any(phrase.boost for phrase in phrases):
        raise _refused("Recognizer does not support feature: speech_adaptation_boost")
    return [phrase.value for phrase in phrases]


def _as_v2(response: Any) -> Any:
    """A response in the words of v2; `single_utterance` is not asked for, so its event does not come."""
    results = [
        v2.StreamingRecognitionResult(
            alternatives=[{"transcript": one.transcript, "confidence": one.confidence} for one in result.alternatives],
            is_final=result.is_final,
            stability=result.stability,
            result_end_offset=result.result_end_time,
            language_code=result.language_code,
        )
        for result in response.results
    ]
    kinds = v2.StreamingRecognizeResponse.SpeechEventType
    kind = response.speech_event_type
    return v2.StreamingRecognizeResponse(
        results=results,
        # v1 has one more, before these: their names are the same.
        speech_event_type=getattr(kinds, kind.name) if kind else kinds.SPEECH_EVENT_TYPE_UNSPECIFIED,
        speech_event_offset=response.speech_event_time,
        metadata={"total_billed_duration": response.total_billed_time} if response.total_billed_time else None,
    )
