"""A Realtime session's input: sound is cut into utterances as turn detection asks, recognised, and told in the order of the real events."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sandbox.ears import EarError, EarProcess
from sandbox.expected import Hinted
from sandbox.google.endpointing import ENDS_AFTER_MS, Began, Ended, Endpointer, Spoken
from sandbox.openai.event_stream import pieces
from sandbox.state import SandboxState
from sandbox.voice import Samples, mulaw_decode, mulaw_encode

log = logging.getLogger("sandbox.openai")
RATE = 8000
PIECE_SAMPLES = RATE // 10
#: As the service's own defaults.
PREFIX_PADDING_MS, SILENCE_MS = 300, 500
#: Words that were made out so badly are none.
LEAST_CONFIDENCE = 0.35
#: Words of a language that the session does not name are a guess: bare sounds, without sentences.
_PUNCTUATION = re.compile(r"[.,;:!?¿¡]")


@dataclass(slots=True)
class HeardItem:
    """An utterance, as an item of the conversation."""

    id: str
    ms: int = 0
    words: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        content = [{"type": "input_audio", "transcript": self.words.result() if self.words.done() else None}]
        return {"id": self.id, "object": "realtime.item", "type": "message", "status": "completed", "role": "user", "content": content}


class RealtimeEar:
    """Hears one client.

    Args:
        send: sends an event by its type and fields.
        committed: gets each utterance when it has ended, before its words are known.
        began: told when somebody begins to speak.
        config: the session's `audio.input`, as it is now.
    """

    def __init__(
        self,
        state: SandboxState,
        ears: EarProcess,
        send: Callable[..., Awaitable[None]],
        *,
        committed: Callable[[HeardItem], Awaitable[None]],
        began: Callable[[], Awaitable[None]],
        config: Callable[[], dict[str, Any]],
    ) -> None:
        self._state, self._ears, self._send = state, ears, send
        self._committed, self._began, self._config = committed, began, config
        self._sounds: asyncio.Queue[Samples | None] = asyncio.Queue()
        self._endpointer = Endpointer(RATE)
        self._item: HeardItem | None = None
        self._pending: list[Samples] = []
        self._ear: Any = None
        self._buffered = 0

    def append(self, audio: bytes) -> None:
        """μ-law of the client's."""
        self._buffered += len(audio)
        self._sounds.put_nowait(mulaw_decode(audio))

    def commit(self) -> bool:
        """The client says that the utterance is over; False when there is no sound."""
        whole, self._buffered = self._buffered > 0, 0
        if whole:
            self._sounds.put_nowait(None)
        return whole

    def clear(self) -> None:
        """What was not committed is dropped."""
        self._buffered = 0
        while not self._sounds.empty():
            self._sounds.get_nowait()

    async def run(self) -> None:
        """Recognises until cancelled."""
        try:
            while True:
                sound = await self._sounds.get()
                segments = self._endpointer.end() if sound is None else self._endpointer.take(sound)
                try:
                    for segment in segments:
                        await self._take(segment)
                except EarError as error:
                    log.warning("an utterance was not heard: %s", error)
                    await self._not_heard()
        finally:
            if self._ear is not None:
                await self._ear.close()

    async def _take(self, segment: Began | Spoken | Ended) -> None:
        match segment:
            case Began(at_ms):
                await self._begin(at_ms)
            case Spoken(sound):
                self._pending.append(sound)
                if sum(piece.size for piece in self._pending) >= PIECE_SAMPLES:
                    await self._feed()
            case Ended(at_ms):
                await self._end(at_ms)

    async def _begin(self, at_ms: int) -> None:
        self._item, self._pending = HeardItem(f"item_{secrets.token_hex(10)}"), []
        detection = self._config().get("turn_detection")
        if detection is not None:
            padding_ms = detection.get("prefix_padding_ms", PREFIX_PADDING_MS)
            await self._send("input_audio_buffer.speech_started", audio_start_ms=max(0, at_ms - padding_ms), item_id=self._item.id)
            await self._began()
        if self._ear is None:
            keywords = (self._config().get("transcription") or {}).get("keywords") or ()
            self._ear = self._ears.ear(also=Hinted(self._state.on_the_phone, keywords))
        await self._ear.begin()

    async def _feed(self) -> None:
        if self._pending and self._item is not None:
            sound, self._pending = np.concatenate(self._pending), []
            self._item.ms += sound.size * 1000 // RATE
            await self._ear.feed_mulaw(mulaw_encode(sound))

    async def _end(self, at_ms: int) -> None:
        detection = self._config().get("turn_detection")
        if detection is not None:
            # The endpointer has waited for a part of it.
            silence_ms = detection.get("silence_duration_ms", SILENCE_MS)
            await asyncio.sleep(max(0, silence_ms - ENDS_AFTER_MS) / 1000)
            if self._item is not None:
                await self._send("input_audio_buffer.speech_stopped", audio_end_ms=at_ms + silence_ms, item_id=self._item.id)
        await self._feed()
        item, self._item = self._item, None
        if item is None:
            return
        self._buffered = 0
        await self._committed(item)
        heard = await self._ear.final()
        text = heard.text if heard.confidence >= LEAST_CONFIDENCE else ""
        item.words.set_result(text if self._may_be(heard.language) else _PUNCTUATION.sub("", text).lower())
        await self._transcribe(item)

    def _may_be(self, language: str) -> bool:
        """Whether the session is to expect this language: with none named, any."""
        asked = self._config().get("transcription") or {}
        languages = [*(asked.get("languages") or ()), *([asked["language"]] if asked.get("language") else ())]
        return not languages or language in languages

    async def _transcribe(self, item: HeardItem) -> None:
        if self._config().get("transcription") is None:
            return
        words, place = item.words.result(), {"item_id": item.id, "content_index": 0}
        for piece in pieces(words):
            await self._send("conversation.item.input_audio_transcription.delta", **place, delta=piece, logprobs=None)
        usage = {"type": "duration", "seconds": item.ms / 1000}
        await self._send("conversation.item.input_audio_transcription.completed", **place, transcript=words, logprobs=None, usage=usage)

    async def _not_heard(self) -> None:
        item, self._item = self._item, None
        if item is None:
            return
        if not item.words.done():
            item.words.set_result("")
        error = {"type": "server_error", "code": "transcription_failed", "message": "The audio could not be transcribed.", "param": None}
        await self._send("conversation.item.input_audio_transcription.failed", item_id=item.id, content_index=0, error=error)
