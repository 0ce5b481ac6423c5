"""What the far end of a call really hears: queued audio plays in order, in real time.

A media message starts to play when everything before it has: `end = max(now, end) + bytes / 8 per ms`. A mark is due at `end`;
`clear` throws away what has not been played and makes every outstanding mark due at once.
https://www.twilio.com/docs/voice/media-streams/websocket-messages#messages-sent-to-twilio
"""

from __future__ import annotations

from collections import deque

BYTES_PER_SECOND = 8000
SILENCE = b"\xff"


class Playout:
    """Queue of μ-law audio of one call. All times are seconds of one clock, given by the caller.

    Args:
        now: when listening begins.
    """

    def __init__(self, now: float = 0.0) -> None:
        self.end = now
        self._marks: deque[tuple[float, str]] = deque()
        self._audio: deque[tuple[float, bytes]] = deque()
        self._heard_until = now
        self.seconds_played = 0.0

    @property
    def pending(self) -> bool:
        """Whether marks are outstanding."""
        return bool(self._marks)

    def media(self, audio: bytes, now: float) -> None:
        """Queues audio of any length."""
        start = max(now, self.end)
        if audio:
            self._audio.append((start, audio))
        self.end = start + len(audio) / BYTES_PER_SECOND

    def mark(self, name: str, now: float) -> None:
        """Asks to be told when everything queued so far has played."""
        self._marks.append((max(now, self.end), name))

    def clear(self, now: float) -> None:
        """Drops what has not been played; all outstanding marks become due, in order."""
        self.end = now
        kept: deque[tuple[float, bytes]] = deque()
        for start, audio in self._audio:
            played = min(len(audio), round((now - start) * BYTES_PER_SECOND))
            if played > 0:
                kept.append((start, audio[:played]))
        self._audio = kept
        self._marks = deque((now, name) for _, name in self._marks)

    def due(self, now: float) -> list[str]:
        """Names of the marks that are due; each is returned once."""
        names = []
        while self._marks and self._marks[0][0] <= now:
            names.append(self._marks.popleft()[1])
        return names

    def playing(self, now: float) -> bool:
        """Whether something is being played."""
        return self.end > now

    def heard(self, size: int) -> bytes | None:
        """The next `size` bytes that were played, silence where nothing was; None when all of it is silence.

        Each call goes on where the one before ended, so that no sample is heard twice or missed.
        """
        begin = self._heard_until
        until = begin + size / BYTES_PER_SECOND
        self._heard_until = until
        if not self._audio or self._audio[0][0] >= until:
            return None
        frame = bytearray(SILENCE * size)
        while self._audio and self._audio[0][0] < until:
            start, audio = self._audio[0]
            offset = max(0, round((start - begin) * BYTES_PER_SECOND))
            skipped = max(0, round((begin - start) * BYTES_PER_SECOND))
            part = audio[skipped : skipped + size - offset]
            frame[offset : offset + len(part)] = part
            self.seconds_played += len(part) / BYTES_PER_SECOND
            if skipped + len(part) < len(audio):
                break
            self._audio.popleft()
        return bytes(frame)
