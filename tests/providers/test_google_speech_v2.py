"""What is particular to the newer API; the chain of streams is the same and tested with the older one."""

import asyncio
from types import SimpleNamespace

import pytest

from providers import google_speech_v2
from providers.google_speech_v2 import CODES, host_of
from providers.types import Encoding, ProviderError

RECOGNIZER = "projects/floyd/locations/europe-west4/recognizers/_"


def first_request(encoding, hints=(), model="telephony"):
    return google_speech_v2.WireV2(RECOGNIZER, encoding, "en-US", model).configuration(hints)


def test_a_call_is_recognised_as_the_telephone_hears_it():
    request = first_request(Encoding.MULAW_8K, ["Mara Redmond", " ", "x" * 150])
    config = request.streaming_config.config
    assert request.recognizer == RECOGNIZER
    decoding = config.explicit_decoding_config
    assert (decoding.encoding, decoding.sample_rate_hertz, decoding.audio_channel_count) == (CODES.MULAW, 8000, 1)
    assert (config.model, list(config.language_codes), config.features.enable_automatic_punctuation) == ("telephony", ["en-US"], True)
    phrases = config.adaptation.phrase_sets[0].inline_phrase_set.phrases
    assert [(phrase.value, phrase.boost) for phrase in phrases] == [("Mara Redmond", 0.0), ("x" * 100, 0.0)]
    assert request.streaming_config.streaming_features.interim_results


def test_models_have_their_newer_names():
    config = first_request(Encoding.LINEAR16_16K, model="latest_long").streaming_config.config
    assert (config.model, config.explicit_decoding_config.sample_rate_hertz) == ("long", 16_000)


@pytest.mark.parametrize(
    ("recognizer", "host"),
    [(RECOGNIZER, "europe-west4-speech.googleapis.com"), ("projects/p/locations/global/recognizers/_", "speech.googleapis.com")],
)
def test_each_region_has_its_address(recognizer, host):
    assert host_of(recognizer) == host


@pytest.mark.parametrize("recognizer", ["", "projects/p", "projects//locations/global/recognizers/_"])
def test_without_a_recogniser_it_says_what_to_set(google_settings, recognizer):
    google_settings.GOOGLE_SPEECH_RECOGNIZER = recognizer
    with pytest.raises(ProviderError, match="set GOOGLE_SPEECH_RECOGNIZER") as failure:
        google_speech_v2.make_recognizer(google_settings)
    assert failure.value.permanent


async def test_a_region_is_reached_at_its_own_address(google_settings, monkeypatch):
    asked = SimpleNamespace(hosts=[])
    transport = lambda **options: asked.hosts.append(options["host"])  # noqa: E731
    monkeypatch.setattr("google.auth.default", lambda scopes: (object(), "p"))
    monkeypatch.setattr(google_speech_v2, "SpeechGrpcAsyncIOTransport", transport)
    monkeypatch.setattr(google_speech_v2.speech, "SpeechAsyncClient", lambda transport: object())
    google_settings.GOOGLE_SPEECH_ENDPOINT, google_settings.GOOGLE_SPEECH_RECOGNIZER = "", RECOGNIZER
    recognizer = google_speech_v2.make_recognizer(google_settings)
    async with asyncio.timeout(30):
        await recognizer._connection.client()
    assert asked.hosts == ["europe-west4-speech.googleapis.com"]
