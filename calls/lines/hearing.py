"""A call's ear: the recogniser's stream, and the words it is told to expect."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace

from calls.conversation.brief import CallBrief
from calls.lines.until import done_before
from providers.types import Encoding, ProviderError, Recognition, RecognitionStream, Recognizer

MOST_HINTS = 100
BYTES_PER_MS = 8
REOPEN_AFTER_S = 0.3
#: Audio that waits for a stream to open; what is older is lost.
MOST_EARLY_FRAMES = 100
_NAME = re.compile(r"[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+)*")


def hints(brief: CallBrief) -> list[str]:
    """Names and things that are likely to be said, from the brief: a recogniser knows few family names and fewer shops."""
    texts = [brief.goal, brief.opening_line, *(fact.statement for fact in (*brief.facts, *brief.answers))]
    found = [brief.callee_name, brief.user_name, "Floyd", *(slot.item for slot in brief.past)]
    found += [match for text in texts for match in _NAME.findall(text)]
    return list(dict.fromkeys(phrase.strip() for phrase in found if phrase.strip()))[:MOST_HINTS]


class Hearing:
    """Feeds the recogniser and passes on what it hears, with `end_ms` counted from the call's first audio.

    Args:
        recognizer: hears.
        brief: tells language and hints.
        heard: gets every result.
        failed: is told that hearing was lost, and whether for good; if not, a new stream is opened.
    """

    def __init__(self, recognizer: Recognizer, brief: CallBrief, heard: Callable[[Recognition], None], failed: Callable[[bool], None]) -> None:
        self._recognizer = recognizer
        self._brief = brief
        self._heard = heard
        self._failed = failed
        self._stream: RecognitionStream | None = None
        self._early: list[bytes] = []
        self._fed_bytes = 0
        self._language = brief.begins_in
        self._switched = asyncio.Event()

    def switch(self, language: str) -> None:
        """The callee speaks another language: the stream in the old one ends, a new one is opened."""
        self._language = language
        self._switched.set()

    @property
    def fed_ms(self) -> int:
        """How much audio the recogniser was sent."""
        return self._fed_bytes // BYTES_PER_MS

    def feed(self, audio: bytes) -> None:
        """Takes audio at once."""
        if self._stream is not None:
            self._stream.feed(audio)
            self._fed_bytes += len(audio)
        elif len(self._early) < MOST_EARLY_FRAMES:
            self._early.append(audio)  # until the stream is open

    async def run(self) -> None:
        """Hears until cancelled, or until the recogniser fails for good. It can be run again."""
        try:
            while True:
                try:
                    self._switched.clear()
                    if await done_before(self._switched, self._hear()):
                        return
                    continue
                except ProviderError as error:
                    self._failed(error.permanent)
                    if error.permanent:
                        return
                await asyncio.sleep(REOPEN_AFTER_S)
        finally:
            self._early.clear()

    async def _hear(self) -> None:
        stream = await self._recognizer.open(encoding=Encoding.MULAW_8K, language=self._language, hints=hints(self._brief))
        begun_ms = self._fed_bytes // BYTES_PER_MS
        try:
            self._stream = stream
            early, self._early = self._early, []
            for audio in early:
                self.feed(audio)
            async for recognition in stream:
                self._heard(replace(recognition, end_ms=recognition.end_ms + begun_ms) if recognition.end_ms else recognition)
        finally:
            self._stream = None
            await stream.close()
