"""Phrases that are said again and again (the introduction, a goodbye), rendered once and kept as audio.

A phrase is known by the hash of voice, language and text, so nothing has to be invalidated.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import tempfile
from collections import OrderedDict
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

from providers.types import Speaker

log = logging.getLogger(__name__)

MOST_IN_MEMORY = 64
MOST_ON_DISK = 500


class Phrases:
    """Rendered phrases of one voice: in memory, then on disk, then from the speaker.

    Args:
        speaker: renders what is not there yet.
        folder: where audio is kept; made when missing, readable by us only. One that cannot be used costs renderings, nothing else.
    """

    def __init__(self, speaker: Speaker, folder: Path) -> None:
        self._speaker = speaker
        self._folder = folder
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._rendering: dict[str, asyncio.Lock] = {}

    def ready(self, text: str, *, language: str) -> bytes | None:
        """The audio, if no rendering is needed."""
        key = self._key(text, language)
        audio = self._memory.get(key) or self._read(key)
        if audio is not None:
            self._remember(key, audio)
        return audio

    async def audio(self, text: str, *, language: str, lasting: bool = True) -> bytes:
        """The phrase as μ-law 8 kHz, rendered if need be. Raises what the speaker raises.

        Args:
            lasting: False for what is said in one call only: it is not written to disk.
        """
        key = self._key(text, language)
        # Two calls may want the same phrase at the same moment: one renders, the other waits for it.
        async with self._rendering.setdefault(key, asyncio.Lock()):
            try:
                audio = self.ready(text, language=language)
                if audio is None:
                    async with aclosing(cast(Any, self._speaker.speak(text, language=language))) as chunks:
                        audio = b"".join([chunk async for chunk in chunks])
                    self._remember(key, audio)
                    if lasting:
                        self._write(key, audio)
                return audio
            finally:
                self._rendering.pop(key, None)

    def _key(self, text: str, language: str) -> str:
        return hashlib.sha256("\0".join((self._speaker.voice, language, text)).encode()).hexdigest()

    def _remember(self, key: str, audio: bytes) -> None:
        self._memory[key] = audio
        self._memory.move_to_end(key)
        if len(self._memory) > MOST_IN_MEMORY:
            self._memory.popitem(last=False)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.ulaw"

    def _read(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes() or None
        except OSError:
            return None

    def _write(self, key: str, audio: bytes) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whole or not at all: another process may read it at any moment.
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(audio)
            os.replace(file.name, self._path(key))  # noqa: PTH105
            self._prune()
        except OSError as error:
            log.warning("phrase not kept: %s", type(error).__name__)

    def _prune(self) -> None:
        """Keeps the folder small: phrases carry names, and the newest are the ones still used."""
        kept = sorted(self._folder.glob("*.ulaw"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-MOST_ON_DISK]:
            path.unlink(missing_ok=True)
