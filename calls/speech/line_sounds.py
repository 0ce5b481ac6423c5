"""What is heard on the line besides words: the beep of an answering machine, and music. Cheap: 100 ms at a time, and each only while it is wanted."""

from __future__ import annotations

from calls.conversation.events import BeepHeard, MusicHeard
from calls.speech import mulaw
from calls.speech.beep import BeepDetector
from calls.speech.music import BLOCK, MusicDetector


class LineSounds:
    """Listens to one call.

    Attributes:
        wants_beep: a machine may have answered.
        wants_music: nobody but the other side makes sound (music is not looked for while Floyd speaks: it would hear its own echo).
    """

    def __init__(self) -> None:
        self._beep, self._music = BeepDetector(), MusicDetector()
        self._waiting = b""
        self.wants_beep = True
        self.wants_music = True

    def frame(self, audio: bytes, now_ms: int) -> list[BeepHeard | MusicHeard]:
        """Takes the other side's μ-law of any length."""
        self._waiting += audio
        if len(self._waiting) < BLOCK:
            return []
        events: list[BeepHeard | MusicHeard] = []
        while len(self._waiting) >= BLOCK:
            block, self._waiting = self._waiting[:BLOCK], self._waiting[BLOCK:]
            if not self.wants_beep and not self.wants_music:
                continue
            samples = mulaw.decode(block)
            if self.wants_beep and self._beep.take(samples):
                events.append(BeepHeard(now_ms))
            if self.wants_music and self._music.take(samples, now_ms):
                events.append(MusicHeard(self._music.on, now_ms))
        return events

    def words(self, now_ms: int) -> list[MusicHeard]:
        """Words were recognised: that is no music."""
        return [MusicHeard(False, now_ms)] if self._music.words(now_ms) else []
