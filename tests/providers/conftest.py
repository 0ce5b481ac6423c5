"""The providers' stand-ins, started on free ports, and settings that point at them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.providers.google_server import GoogleServer
from tests.providers.openai_server import OpenAIServer


@pytest.fixture
async def google():
    stand_in = GoogleServer()
    server = await stand_in.start()
    yield stand_in
    await server.stop(0)


@pytest.fixture
async def openai_api():
    stand_in = OpenAIServer()
    runner = await stand_in.start()
    yield stand_in
    await runner.cleanup()


@pytest.fixture
def google_settings(google):
    return SimpleNamespace(
        GOOGLE_SPEECH_ENDPOINT=google.address,
        GOOGLE_SPEECH_MODEL="telephony",
        GOOGLE_MICROPHONE_MODEL="latest_long",
        GOOGLE_SPEECH_RECOGNIZER="projects/floyd/locations/global/recognizers/_",
        GOOGLE_VOICE="en-US-Chirp3-HD-Aoede",
        CALL_LANGUAGES={},
    )


@pytest.fixture
def openai_settings(openai_api):
    return SimpleNamespace(
        OPENAI_API_KEY="sk-test",
        OPENAI_BASE_URL=openai_api.base_url,
        OPENAI_CALL_MODEL="call-model",
        OPENAI_CALL_REASONING="",
        OPENAI_SERVICE_TIER="",
        OPENAI_SPEECH_MODEL="speech-model",
        OPENAI_REALTIME_MODEL="realtime-model",
        OPENAI_VOICE="marin",
    )
