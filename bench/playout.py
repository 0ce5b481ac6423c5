"""The carrier's end of the line as far as it matters here: what it was sent is played in real time, in order. Pure: seconds are arguments.

begins = max(now, end of what waits);  a mark comes back when all before it was played;  `clear` drops what waits and returns every mark.
"""

from __future__ import annotations

from dataclasses import dataclass

BYTES_PER_S = 8000
#: A sample counts as sound from this level on (of 32 768), and a pause within one reply as a hole from this length on.
SOUND = 250
HOLE_S = 0.04


def _is_sound() -> bytes:
    """For every μ-law code 1 when it is louder than SOUND."""
    table = bytearray(256)
    for code in range(256):
        inverted = ~code & 0xFF
        magnitude = (((inverted & 0x0F) << 3) + 0x84 << ((inverted & 0x70) >> 4)) - 0x84
        table[code] = magnitude > SOUND
    return bytes(table)


_SOUND = _is_sound()


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one stretch of audio: when it begins to play, when its first sound is heard, and the silence that preceded it."""

    begins: float
    sound_at: float | None
    dry_s: float


class Playout:
    """One call's buffer at the carrier."""

    def __init__(self) -> None:
        self.end = 0.0
        self.longest_lead_s = 0.0
        self._marks: list[tuple[float, str]] = []

    def audio(self, mulaw: bytes, now: float) -> Played:
        """Takes audio to be played behind what waits."""
        dry_s = max(0.0, now - self.end)
        begins = max(now, self.end)
        first = mulaw.translate(_SOUND).find(1)
        self.end = begins + len(mulaw) / BYTES_PER_S
        self.longest_lead_s = max(self.longest_lead_s, self.end - now)
        return Played(begins, begins + first / BYTES_PER_S if first >= 0 else None, dry_s)

    def mark(self, name: str, now: float) -> None:
        """Takes a mark."""
        self._marks.append((max(now, self.end), name))

    def marks_due(self, now: float) -> list[str]:
        """Marks whose time has come; each is given once."""
        due = [name for at, name in self._marks if at <= now]
        if due:
            self._marks = [(at, name) for at, name in self._marks if at > now]
        return due

    def clear(self, now: float) -> list[str]:
        """Drops what waits; returns all marks that were out."""
        self.end = min(self.end, now)
        names, self._marks = [name for _, name in self._marks], []
        return names

    def playing(self, now: float) -> bool:
        """Whether something is being heard."""
        return self.end > now
