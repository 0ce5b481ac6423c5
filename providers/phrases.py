"""Phrases that are said again and again (the introduction, a goodbye), rendered once and kept as audio.

A phrase is known by the hash of voice, language and text, so nothing has to be invalidated. What names somebody belongs to an owner: it lies in a
folder of the owner's, which goes with them.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections import OrderedDict
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

from providers.types import Speaker

log = logging.getLogger(__name__)

MOST_IN_MEMORY = 200
MOST_ON_DISK = 2000
#: Owner and hash; "" owns what everybody may hear.
Key = tuple[str, str]


class Phrases:
    """Rendered phrases of all voices: in memory, then on disk, then from the speaker.

    Args:
        speaker: renders what is not there yet.
        folder: where audio is kept; made when missing, readable by us only. One that cannot be used costs renderings, nothing else.
    """

    def __init__(self, speaker: Speaker, folder: Path) -> None:
        self._speaker = speaker
        self._folder = folder
        self._memory: OrderedDict[Key, bytes] = OrderedDict()
        self._rendering: dict[Key, asyncio.Lock] = {}

    def ready(self, text: str, *, language: str, owner: str = "", voice: str = "") -> bytes | None:
        """The audio, if no rendering is needed. `voice`: one of `voices.VOICES`; empty: the usual one."""
        key = self._key(self._in_voice(voice), text, language, owner)
        audio = self._memory.get(key) or self._read(key)
        if audio is not None:
            self._remember(key, audio)
        return audio

    async def audio(self, text: str, *, language: str, owner: str = "", lasting: bool = True, voice: str = "") -> bytes:
        """The phrase as μ-law 8 kHz, rendered if need be. Raises what the speaker raises.

        Args:
            owner: whose phrase it is (a folder's name); empty for one that names nobody.
            lasting: False for what is said in one call only: it is not written to disk.
            voice: as of `ready`.
        """
        speaker = self._in_voice(voice)
        key = self._key(speaker, text, language, owner)
        # Two calls may want the same phrase at the same moment: one renders, the other waits for it.
        async with self._rendering.setdefault(key, asyncio.Lock()):
            try:
                audio = self.ready(text, language=language, owner=owner, voice=voice)
                if audio is None:
                    async with aclosing(cast(Any, speaker.speak(text, language=language))) as chunks:
                        audio = b"".join([chunk async for chunk in chunks])
                    self._remember(key, audio)
                    if lasting:
                        self._write(key, audio)
                return audio
            finally:
                self._rendering.pop(key, None)

    def owners(self) -> set[str]:
        """Who has phrases here, in memory or on disk."""
        on_disk = {path.name for path in self._folder.iterdir() if path.is_dir()} if self._folder.is_dir() else set()
        return on_disk | {owner for owner, _ in list(self._memory) if owner}

    def forget(self, owner: str) -> None:
        """Deletes all phrases of an owner."""
        for key in [key for key in list(self._memory) if key[0] == owner]:
            self._memory.pop(key, None)
        forget_on_disk(self._folder, owner)

    def forget_unused(self, longest_s: float) -> None:
        """Deletes from disk what was neither rendered nor read for `longest_s`, and the folders that it leaves empty."""
        if not self._folder.is_dir():
            return
        for path in self._files():
            if path.stat().st_mtime < time.time() - longest_s:
                path.unlink(missing_ok=True)
        for folder in self._folder.iterdir():
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _in_voice(self, name: str) -> Speaker:
        return self._speaker.in_voice(name) if name else self._speaker

    def _key(self, speaker: Speaker, text: str, language: str, owner: str) -> Key:
        return owner, hashlib.sha256("\0".join((speaker.voice, language, text)).encode()).hexdigest()

    def _remember(self, key: Key, audio: bytes) -> None:
        self._memory[key] = audio
        self._memory.move_to_end(key)
        if len(self._memory) > MOST_IN_MEMORY:
            self._memory.popitem(last=False)

    def _path(self, key: Key) -> Path:
        owner, name = key
        return self._folder / owner / f"{name}.ulaw"

    def _read(self, key: Key) -> bytes | None:
        try:
            audio = self._path(key).read_bytes()
            os.utime(self._path(key))
        except OSError:
            return None
        return audio or None

    def _write(self, key: Key, audio: bytes) -> None:
        path = self._path(key)
        try:
            for folder in (self._folder, path.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whole or not at all: another process may read it at any moment.
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(audio)
            os.replace(file.name, path)  # noqa: PTH105
            self._prune()
        except OSError as error:
            log.warning("phrase not kept: %s", type(error).__name__)

    def _files(self) -> list[Path]:
        return list(self._folder.rglob("*.ulaw"))

    def _prune(self) -> None:
        """Keeps the folder small: the newest are the ones still used."""
        for path in sorted(self._files(), key=lambda path: path.stat().st_mtime)[:-MOST_ON_DISK]:
            path.unlink(missing_ok=True)


def forget_on_disk(folder: Path, owner: str) -> None:
    """Deletes what is kept of an owner's phrases in `folder`."""
    if owner:
        shutil.rmtree(folder / owner, ignore_errors=True)
