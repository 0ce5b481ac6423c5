"""Speaking with OpenAI's Realtime API, used as a voice: μ-law deltas go straight to the carrier.

The model converses, so it may say something else than it was asked to. Its own transcript is compared with the text as both come;
the first word that differs is a ProviderError, and the caller says the clause with another try or another voice.
https://platform.openai.com/docs/guides/realtime
"""

from __future__ import annotations

import asyncio
import base64
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import openai
from websockets.exceptions import WebSocketException

from providers.openai_client import CONNECT_S, ERRORS, PERMANENT_CODES, make_client, provider_error
from providers.types import ProviderError
from providers.voices import openai_voice

FIRST_EVENT_S = 4.0
NEXT_EVENT_S = 3.0
#: The service ends a session after an hour; an idle one is not trusted for nearly as long.
MOST_IDLE = 4
IDLE_S = 300.0
INSTRUCTIONS = (
    "You are a voice, not a conversation partner. Read the user's text aloud word for word, in a friendly tone: add nothing, answer nothing."
)
_WORD = re.compile(r"[\w$€£%]+(?:[.,:]\d+)*")


def words(text: str) -> list[str]:
    """What is compared: words and numbers, without case, apostrophes and the punctuation between them."""
    return _WORD.findall(text.casefold().replace("’", "'").replace("'", ""))


class OpenAIRealtimeVoice:
    """A `Speaker`. One session reads one clause at a time; sessions are kept for the next clause."""

    def __init__(self, client: openai.AsyncOpenAI, model: str, voice: str) -> None:
        self._client = client
        self._model = model
        self._voice = voice
        self._idle: list[tuple[float, Any]] = []
        self._others: dict[str, OpenAIRealtimeVoice] = {}

    @property
    def voice(self) -> str:
        """Part of the cache key of rendered audio."""
        return f"openai-realtime:{self._model}:{self._voice}"

    def in_voice(self, name: str) -> OpenAIRealtimeVoice:
        """The same in another voice, on the same client. A session has one voice for good, so each voice has sessions of its own."""
        voice = openai_voice(name) or self._voice
        if voice == self._voice:
            return self
        return self._others.setdefault(voice, OpenAIRealtimeVoice(self._client, self._model, voice))

    async def warm(self) -> None:
        """Opens a session ahead of need."""
        self._keep(await self._open())

    async def close(self) -> None:
        """Closes the sessions that are kept."""
        idle = [kept for speaker in (self, *self._others.values()) for kept in speaker._idle]
        for speaker in (self, *self._others.values()):
            speaker._idle = []
        for _, session in idle:
            await session.close()
        await self._client.close()

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """μ-law 8 kHz audio in chunks as they come. The model hears the language from the text."""
        session = await self._begin(text)
        whole = False
        try:
            reading = _Reading(text)
            patience_s = FIRST_EVENT_S
            while not reading.ended:
                async with asyncio.timeout(patience_s):
                    event = await session.recv()
                patience_s = NEXT_EVENT_S
                if audio := reading.take(event):
                    yield audio
            whole = True
        except TimeoutError:
            raise ProviderError("openai realtime voice: nothing came") from None
        except (*ERRORS, WebSocketException, OSError) as error:
            raise provider_error("openai realtime voice", error) from error
        finally:
            # A session that still talks would mix two clauses: only one that came to its end is used again.
            if whole:
                self._keep(session)
            else:
                await session.close()

    def _keep(self, session: Any) -> None:
        self._idle.append((time.monotonic(), session))
        self._idle = self._idle[-MOST_IDLE:]

    async def _begin(self, text: str) -> Any:
        """A session that has been asked to read: one that is kept, if it is still alive, else a new one."""
        while self._idle:
            since, session = self._idle.pop()
            try:
                if time.monotonic() - since < IDLE_S:
                    await session.response.create(response=_reading(text))
                    return session
            except (WebSocketException, OSError):
                pass  # it died while nobody looked
            await session.close()
        session = await self._open()
        try:
            await session.response.create(response=_reading(text))
        except (*ERRORS, WebSocketException, OSError) as error:
            await session.close()
            raise provider_error("openai realtime voice", error) from error
        return session

    async def _open(self) -> Any:
        try:
            async with asyncio.timeout(CONNECT_S):
                session = await self._client.realtime.connect(model=self._model).enter()
                await session.session.update(session=_as_voice(self._voice))
        except TimeoutError:
            raise ProviderError("openai realtime voice: no connection") from None
        except (*ERRORS, WebSocketException, OSError) as error:
            raise provider_error("openai realtime voice", error) from error
        return session


def _as_voice(voice: str) -> Any:
    output = {"format": {"type": "audio/pcmu"}, "voice": voice}
    return {"type": "realtime", "instructions": INSTRUCTIONS, "audio": {"input": {"turn_detection": None}, "output": output}}


def _reading(text: str) -> dict[str, Any]:
    message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    # Out of band: nothing read before can colour what is read now.
    return {"conversation": "none", "output_modalities": ["audio"], "instructions": INSTRUCTIONS, "input": [message]}


class _Reading:
    """Follows one response: lets audio through once its transcript has begun as it should."""

    def __init__(self, text: str) -> None:
        self.ended = False
        self._wanted = words(text)
        self._transcript = ""
        self._held: list[bytes] = []
        self._begun_well = False

    def take(self, event: Any) -> bytes:
        """The audio that may be played after this event."""
        # By its `type`, not its class: the library gives types it does not know some other class.
        match event.type:
            case "response.output_audio.delta":
                self._held.append(base64.b64decode(event.delta))
            case "response.output_audio_transcript.delta":
                self._transcript += event.delta
                self._compare(whole=False)
            case "response.output_audio_transcript.done":
                self._transcript = event.transcript
                self._compare(whole=True)
            case "response.done":
                self.ended = True
                if event.response.status != "completed" or not self._begun_well:
                    raise ProviderError(f"openai realtime voice: the reading is {event.response.status}")
            case "error":
                raise ProviderError(f"openai realtime voice: {event.error.code or event.error.type}", permanent=event.error.code in PERMANENT_CODES)
        if not self._begun_well:
            return b""
        audio, self._held = b"".join(self._held), []
        return audio

    def _compare(self, *, whole: bool) -> None:
        said = words(self._transcript)
        if not whole and said:
            said.pop()  # the last word may still grow
        if said != (self._wanted if whole else self._wanted[: len(said)]):
            raise ProviderError("openai realtime voice: it read something else than the text")
        self._begun_well = self._begun_well or whole or bool(said)


def make_speaker(settings: Any) -> OpenAIRealtimeVoice:
    """From OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_REALTIME_MODEL and OPENAI_VOICE."""
    return OpenAIRealtimeVoice(make_client(settings), settings.OPENAI_REALTIME_MODEL, settings.OPENAI_VOICE)
