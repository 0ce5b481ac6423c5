"""Speaking with Google Text-to-Speech, streamed as μ-law straight to the carrier.

https://cloud.google.com/text-to-speech/docs/create-audio-text-streaming
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from google.cloud import texttospeech_v1 as tts
from google.cloud.texttospeech_v1.services.text_to_speech.transports import TextToSpeechGrpcAsyncIOTransport

from providers.google_client import ERRORS, GoogleConnection, provider_error
from providers.patience import Patiently
from providers.types import ProviderError

FIRST_AUDIO_S = 3.0
NEXT_AUDIO_S = 3.0
WHOLE_S = 60.0
WAV_HEADER_BYTES = 44


class GoogleVoice:
    """A `Speaker`.

    Args:
        connection: the channel.
        voice: who speaks.
        voices: who speaks in other languages, by BCP 47 tag.
    """

    def __init__(self, connection: GoogleConnection, voice: str, voices: Mapping[str, str] | None = None) -> None:
        self._connection = connection
        self._voice = voice
        self._voices = voices or {}

    @property
    def voice(self) -> str:
        """Part of the cache key of rendered audio."""
        return ":".join(("google", self._voice, *self._voices.values()))

    async def warm(self) -> None:
        """Connects."""
        await self._connection.warm()

    async def close(self) -> None:
        """Disconnects."""
        await self._connection.close()

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """μ-law 8 kHz audio in chunks as they come."""
        client = await self._connection.client()
        stream: Any = None
        spoken = 0
        try:
            stream = await client.streaming_synthesize(requests=self._requests(text, language), retry=None, timeout=WHOLE_S)
            async for response in Patiently(aiter(stream), first_s=FIRST_AUDIO_S, next_s=NEXT_AUDIO_S, what="google voice"):
                audio = tts.StreamingSynthesizeResponse.pb(response).audio_content
                if not spoken and audio.startswith(b"RIFF"):
                    # The API's one-shot μ-law comes in a WAV file; should a stream do so too, its header would be heard as a click.
                    audio = audio[WAV_HEADER_BYTES:]
                if audio:
                    spoken += len(audio)
                    yield audio
        except ERRORS as error:
            raise provider_error("google voice", error) from error
        finally:
            if stream is not None:
                stream.cancel()
        if not spoken:
            raise ProviderError("google voice: no audio")

    async def _requests(self, text: str, language: str) -> AsyncIterator[tts.StreamingSynthesizeRequest]:
        voice = self._voices.get(language) or self._voice
        # A voice belongs to one language: its name begins with the code.
        code = language if voice.lower().startswith(language.lower()) else "-".join(voice.split("-")[:2])
        yield tts.StreamingSynthesizeRequest(
            streaming_config=tts.StreamingSynthesizeConfig(
                voice=tts.VoiceSelectionParams(language_code=code, name=voice),
                streaming_audio_config=tts.StreamingAudioConfig(audio_encoding=tts.AudioEncoding.MULAW, sample_rate_hertz=8000),
            )
        )
        yield tts.StreamingSynthesizeRequest(input=tts.StreamingSynthesisInput(text=text))


def make_speaker(settings: Any) -> GoogleVoice:
    """From GOOGLE_SPEECH_ENDPOINT, GOOGLE_VOICE and CALL_LANGUAGES."""
    connection = GoogleConnection(settings.GOOGLE_SPEECH_ENDPOINT, tts.TextToSpeechAsyncClient, TextToSpeechGrpcAsyncIOTransport)
    return GoogleVoice(connection, settings.GOOGLE_VOICE, settings.CALL_LANGUAGES)
