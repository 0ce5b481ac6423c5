"""The sound of keys that the other side presses: the carrier names the key, and its tone is no voice. Pure."""

from __future__ import annotations

from calls.speech.mulaw import SILENCE

#: A key sounds for so long at least, and is not believed to sound for longer than the second.
SHORTEST_MS, LONGEST_MS = 120, 1_000
#: μ-law codes of a magnitude (without the sign bit, inverted) from which on a sound is no silence: about 500 of 32 768.
LOUD_CODE = 0x2F
_LOUD = bytes(1 if (~code & 0x7F) >= LOUD_CODE else 0 for code in range(256))


class KeyTones:
    """Takes the tones out of one side's sound."""

    def __init__(self) -> None:
        self._began_ms = -LONGEST_MS

    def pressed(self, now_ms: int) -> None:
        """The carrier has told of a key, as its tone began."""
        self._began_ms = now_ms

    def without(self, audio: bytes, now_ms: int) -> bytes:
        """μ-law as it came, or as much silence while a key sounds: until it is quiet again."""
        sounds_ms = now_ms - self._began_ms
        if sounds_ms >= LONGEST_MS:
            return audio
        if sounds_ms >= SHORTEST_MS and 1 not in audio.translate(_LOUD):
            self._began_ms = now_ms - LONGEST_MS
            return audio
        return SILENCE * len(audio)
