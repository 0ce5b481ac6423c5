"""Speaking with Google Text-to-Speech, streamed as μ-law straight to the carrier.

https://cloud.google.com/text-to-speech/docs/create-audio-text-streaming
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

from google.cloud import texttospeech_v1 as tts
from google.cloud.texttospeech_v1.services.text_to_speech.transports import TextToSpeechGrpcAsyncIOTransport

from providers.google_client import ERRORS, GoogleConnection, provider_error
from providers.patience import Patiently
from providers.types import ProviderError
from providers.voices import VOICES, google_voice

log = logging.getLogger(__name__)

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
        chosen: name of the voice that takes their place where the language has it.
        missing: chosen voices that the service turned out not to have.
    """

    def __init__(
        self, connection: GoogleConnection, voice: str, voices: Mapping[str, str] | None = None, chosen: str = "", missing: set[str] | None = None
    ) -> None:
        self._connection = connection
        self._voice = voice
        self._voices = voices or {}
        self._chosen = chosen
        self._missing: set[str] = set() if missing is None else missing

    @property
    def voice(self) -> str:
        """Part of the cache key of rendered audio."""
        chosen = (f"Chirp3-HD-{VOICES[self._chosen].google}",) if self._chosen else ()
        return ":".join(("google", *chosen, self._voice, *self._voices.values()))

    def in_voice(self, name: str) -> GoogleVoice:
        """The same in another voice, on the same connection."""
        return GoogleVoice(self._connection, self._voice, self._voices, name if name in VOICES else "", self._missing)

    async def warm(self) -> None:
        """Connects."""
        await self._connection.warm()

    async def close(self) -> None:
        """Disconnects."""
        await self._connection.close()

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """μ-law 8 kHz audio in chunks as they come. Where the service refuses the chosen voice, the usual one speaks."""
        chosen = google_voice(self._chosen, language)
        if chosen and chosen not in self._missing:
            begun = False
            try:
                async with aclosing(self._speak(text, chosen, language)) as chunks:
                    async for audio in chunks:
                        begun = True
                        yield audio
                return
            except ProviderError as error:
                if begun or not error.permanent:
                    raise
                refused = error
        async with aclosing(self._speak(text, self._voices.get(language) or self._voice, language)) as chunks:
            async for audio in chunks:
                yield audio
        if chosen and chosen not in self._missing:
            # The usual voice was accepted: it is the voice that is missing, not a key or a project.
            log.warning("google voice: %s is refused (%s); the usual voice speaks", chosen, refused)
            self._missing.add(chosen)

    async def _speak(self, text: str, voice: str, language: str) -> AsyncGenerator[bytes]:
        client = await self._connection.client()
        stream: Any = None
        spoken = 0
        try:
            stream = await client.streaming_synthesize(requests=self._requests(text, voice, language), retry=None, timeout=WHOLE_S)
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

    async def _requests(self, text: str, voice: str, language: str) -> AsyncIterator[tts.StreamingSynthesizeRequest]:
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
