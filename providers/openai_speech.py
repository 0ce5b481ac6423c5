"""Speaking with OpenAI's speech endpoint: 24 kHz samples, brought down to the carrier's μ-law here.

Its models are announced to end on 6 January 2027; `openai_realtime` is their maker's successor.
https://platform.openai.com/docs/api-reference/audio/createSpeech
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import openai

from providers.mulaw import Downsampler
from providers.openai_client import ERRORS, make_client, provider_error, warm
from providers.patience import Patiently
from providers.types import ProviderError
from providers.voices import openai_voice

FIRST_AUDIO_S = 4.0
NEXT_AUDIO_S = 3.0


class OpenAISpeech:
    """A `Speaker`."""

    def __init__(self, client: openai.AsyncOpenAI, model: str, voice: str) -> None:
        self._client = client
        self._model = model
        self._voice = voice

    @property
    def voice(self) -> str:
        """Part of the cache key of rendered audio."""
        return f"openai:{self._model}:{self._voice}"

    def in_voice(self, name: str) -> OpenAISpeech:
        """The same in another voice, on the same client."""
        return OpenAISpeech(self._client, self._model, openai_voice(name) or self._voice)

    async def warm(self) -> None:
        """Connects."""
        await warm(self._client, "openai speech")

    async def close(self) -> None:
        """Disconnects."""
        await self._client.close()

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """μ-law 8 kHz audio in chunks as they come. The model hears the language from the text."""
        downsampler, spoken = Downsampler(), 0
        pcm = self._pcm(text)
        try:
            async for chunk in Patiently(pcm, first_s=FIRST_AUDIO_S, next_s=NEXT_AUDIO_S, what="openai speech"):
                if audio := downsampler.feed(chunk):
                    spoken += len(audio)
                    yield audio
        except ERRORS as error:
            raise provider_error("openai speech", error) from error
        finally:
            await pcm.aclose()
        if rest := downsampler.flush():
            spoken += len(rest)
            yield rest
        if not spoken:
            raise ProviderError("openai speech: no audio")

    async def _pcm(self, text: str) -> Any:
        speech = self._client.audio.speech.with_streaming_response
        async with speech.create(model=self._model, voice=self._voice, input=text, response_format="pcm") as response:
            async for chunk in response.iter_bytes():
                yield chunk


def make_speaker(settings: Any) -> OpenAISpeech:
    """From OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_SPEECH_MODEL and OPENAI_VOICE."""
    return OpenAISpeech(make_client(settings), settings.OPENAI_SPEECH_MODEL, settings.OPENAI_VOICE)
