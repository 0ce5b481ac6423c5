"""The check of a recognition's configuration and audio: what the service would refuse is refused here."""

from __future__ import annotations

from typing import Any

from google.cloud.speech_v1.types import cloud_speech as cs

MODELS = frozenset({"", "default", "telephony", "telephony_short", "phone_call", "latest_long", "latest_short", "command_and_search", "video"})
SINGLE_UTTERANCE_MODELS = frozenset({"", "default", "command_and_search", "phone_call"})
FORMATS = {(cs.RecognitionConfig.AudioEncoding.MULAW, 8000), (cs.RecognitionConfig.AudioEncoding.LINEAR16, 16_000)}
LANGUAGES = frozenset({"en", "es", "fr"})
MOST_ALTERNATIVE_LANGUAGES = 3
MOST_AUDIO_BYTES = 25 * 1024
MOST_PHRASES = 5000
LONGEST_PHRASE = 100
MALORDERED = "Malordered Data Received. Expected {}. Send exactly one config, followed by audio data."


def problem_of_config(streaming: Any) -> str:
    """Why a configuration is refused; empty when it is not."""
    config = streaming.config
    if (config.encoding, config.sample_rate_hertz) not in FORMATS:
        return "Invalid recognition 'config': bad encoding or sample rate hertz. The sandbox hears MULAW at 8000 and LINEAR16 at 16000."
    if config.audio_channel_count not in (0, 1):
        return "Invalid recognition 'config': the sandbox hears one channel."
    if not config.language_code:
        return "Invalid recognition 'config': missing language code."
    for code in (config.language_code, *config.alternative_language_codes):
        if code.lower()[:2] not in LANGUAGES:
            return f"Invalid recognition 'config': the sandbox hears {', '.join(sorted(LANGUAGES))}, not {code}."
    if len(config.alternative_language_codes) > MOST_ALTERNATIVE_LANGUAGES:
        return f"Invalid recognition 'config': at most {MOST_ALTERNATIVE_LANGUAGES} alternative language codes."
    if config.model not in MODELS:
        return f"Invalid recognition 'config': Incorrect model specified: {config.model}."
    if not 0 <= config.max_alternatives <= 30:
        return "Invalid recognition 'config': max_alternatives must be 0 to 30."
    if streaming.single_utterance and config.model not in SINGLE_UTTERANCE_MODELS:
        return "Invalid streaming 'config': single_utterance is not supported by this model."
    if cs.StreamingRecognitionConfig.pb(streaming).HasField("voice_activity_timeout") and not streaming.enable_voice_activity_events:
        return "Invalid streaming 'config': voice_activity_timeout needs enable_voice_activity_events."
    return _problem_of_phrases([phrase for context in config.speech_contexts for phrase in context.phrases])


def _problem_of_phrases(phrases: list[str]) -> str:
    if len(phrases) > MOST_PHRASES:
        return f"Invalid recognition 'config': too many phrases ({len(phrases)})."
    if any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
        return f"Invalid recognition 'config': a phrase is longer than {LONGEST_PHRASE} characters."
    return ""


def problem_of_audio(request: Any) -> str:
    """Why a request after the first is refused; empty when it is not."""
    if cs.StreamingRecognizeRequest.pb(request).WhichOneof("streaming_request") != "audio_content":
        return MALORDERED.format("audio_content")
    if len(request.audio_content) > MOST_AUDIO_BYTES:
        return f"Audio chunk can be of a maximum of {MOST_AUDIO_BYTES} bytes."
    return ""
