"""The browser's microphone: sound in, words back as they are recognised, and the end when the speaker has stopped.

The page sends 16 kHz linear PCM (16 bit, little endian, mono) in binary frames, and `{"stop": true}` when the speaker
presses the button again or lets it go. Who holds it (`{"held": true}`, at first) may pause to think. It gets
`{"words": "…"}` while words may still change, and at the end either `{"done": "…"}` or `{"trouble": "…"}` with a sentence
for the person. Sound is passed on and not kept.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils.translation import gettext_noop as noop

from context.selectors import names_around
from live.signed_in_socket import NOT_UNDERSTOOD, SignedInSocket
from providers import registry
from providers.types import Encoding, ProviderError, RecognitionStream, Recognizer

log = logging.getLogger(__name__)

BYTES_PER_SECOND = 2 * 16_000
LONGEST_S = 60
MOST_BYTES_PER_FRAME = 64 * 1024
#: Silence after final words that means: that was it.
END_AFTER_S = 1.0
#: Silence without a word that means: there is nothing to hear.
NOTHING_AFTER_S = 8.0

NO_WORDS = noop("I didn't hear any words. Check that the microphone is on and try again, or type it.")
CANNOT_HEAR = noop("I can't hear anything at the moment. Please type it instead.")

_recognizers: dict[int, Recognizer] = {}


async def _recognizer() -> Recognizer:
    """This loop's recogniser. Loading its library takes a second, so not in the loop."""
    key = id(asyncio.get_running_loop())
    if key not in _recognizers:
        _recognizers[key] = await asyncio.to_thread(registry.recognizer, settings)
    return _recognizers[key]


class Heard:
    """Words so far: those that are final, and those that may change. Pure."""

    def __init__(self) -> None:
        self._final: list[str] = []
        self._interim = ""

    def take(self, text: str, *, is_final: bool) -> None:
        """A recognition."""
        if is_final:
            self._final.append(text.strip())
        self._interim = "" if is_final else text.strip()

    @property
    def words(self) -> str:
        """All of them."""
        return " ".join(part for part in (*self._final, self._interim) if part)

    @property
    def settled(self) -> bool:
        """There are words, and none of them may still change."""
        return bool(any(self._final)) and not self._interim


class MicrophoneSocket(SignedInSocket):
    """See the module."""

    most_per_user = 3

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sound: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=700)
        self._bytes = 0
        self._held = False

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Sound, or the word that it ends."""
        if bytes_data is None:
            await self._obey(text_data or "")
            return
        if len(bytes_data) > MOST_BYTES_PER_FRAME or len(bytes_data) % 2:
            await self.close(NOT_UNDERSTOOD)
            return
        self._bytes += len(bytes_data)
        self._put(bytes_data if self._bytes <= LONGEST_S * BYTES_PER_SECOND else None)

    async def _obey(self, command: str) -> None:
        if len(command) < 100 and "stop" in command:
            self._put(None)
        elif len(command) < 100 and "held" in command:
            self._held = True
        else:
            await self.close(NOT_UNDERSTOOD)

    def _put(self, sound: bytes | None) -> None:
        """A minute of sound fits; a page that sends faster than it speaks loses the rest."""
        if not self._sound.full():
            self._sound.put_nowait(sound)

    async def serve(self) -> None:
        """Listens, and says at the end what was heard."""
        heard = Heard()
        try:
            names = await database_sync_to_async(names_around)(self.scope["user"])
            recognizer = await _recognizer()
            stream = await recognizer.open(encoding=Encoding.LINEAR16_16K, language=self.scope["user"].language, hints=names)
            try:
                async with asyncio.TaskGroup() as group:
                    feeding = group.create_task(self._feed(stream))
                    await self._hear(stream, heard)
                    feeding.cancel()
            finally:
                await stream.close()
        except* ProviderError as group_error:
            log.warning("recognition failed: %s", group_error.exceptions[0])
            await self._end({"done": heard.words} if heard.words else {"trouble": CANNOT_HEAR})
        else:
            await self._end({"done": heard.words} if heard.words else {"trouble": NO_WORDS})

    async def _feed(self, stream: RecognitionStream) -> None:
        while (sound := await self._sound.get()) is not None:
            stream.feed(sound)
        await stream.finish()

    async def _hear(self, stream: RecognitionStream, heard: Heard) -> None:
        """Until the speaker has stopped, nobody has spoken, or the stream has ended."""
        results = aiter(stream)
        while True:
            try:
                async with asyncio.timeout(self._patience_s(heard)):
                    recognition = await anext(results)
            except (TimeoutError, StopAsyncIteration):
                return
            heard.take(recognition.text, is_final=recognition.is_final)
            await self.send(text_data=json.dumps({"words": heard.words}))

    def _patience_s(self, heard: Heard) -> float:
        """How long to wait for another word: as long as the button is held, once there are any."""
        if self._held and heard.words:
            return LONGEST_S
        return END_AFTER_S if heard.settled else NOTHING_AFTER_S

    async def _end(self, message: dict[str, str]) -> None:
        await self.send(text_data=json.dumps(message))
        await self.close(1000)
