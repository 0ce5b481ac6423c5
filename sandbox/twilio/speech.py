"""What a person on the phone is about to say or do, frame by frame: speech, key presses, sounds, hanging up, in the order given."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.tasks import Tasks
from sandbox.twilio import tones
from sandbox.twilio.frames import FRAME_BYTES
from sandbox.twilio.line import Uplink

#: The other side must have been quiet for so long before a polite person begins.
POLITE_QUIET_MS = 300
#: Who takes the receiver up again needs a moment: 500 ms, in frames of 20 ms, between the music and the first word.
BACK_FRAMES = 25
SILENCE = b"\xff"


@dataclass(slots=True)
class Doing:
    """One thing to do.

    Attributes:
        audio: what is heard of it; None while it is still being made.
        not_before_ms: when it may begin, on the call's clock.
        over: begin even while the other side talks.
        run: done when its turn has come.
    """

    text: str = ""
    audio: bytes | None = b""
    keys: str = ""
    not_before_ms: int = 0
    over: bool = False
    hang_up: bool = False
    run: Callable[[], None] | None = None


class SpeechQueue:
    """What one person does, in order.

    Args:
        tasks: owns the making of speech.
        began: told the text when a person begins to say it.
    """

    def __init__(self, tasks: Tasks, began: Callable[[str], None]) -> None:
        self._tasks = tasks
        self._began = began
        self._queue: deque[Doing] = deque()
        self._playing = b""
        self._at = 0
        self._live: deque[bytes] = deque(maxlen=100)
        self._music, self._music_at = b"", 0
        self._coming_back = 0
        self.hung_up = False

    @property
    def busy(self) -> bool:
        """Whether something is being said or waits to be."""
        return bool(self._queue or self._at < len(self._playing))

    def say(self, text: str, audio: Awaitable[bytes], *, not_before_ms: int = 0, over: bool = False) -> None:
        """Says a text; its audio may still be in the making."""
        doing = Doing(text, None, not_before_ms=not_before_ms, over=over)
        self._queue.append(doing)
        self._tasks.start(self._make(doing, audio), "speech")

    async def _make(self, doing: Doing, audio: Awaitable[bytes]) -> None:
        made = b""
        try:
            made = await audio
        finally:
            doing.audio = made  # silence when it failed: the queue must not wait for ever

    def sound(self, audio: bytes, *, not_before_ms: int = 0) -> None:
        """Plays a sound, such as music or a beep."""
        self._queue.append(Doing(audio=audio, not_before_ms=not_before_ms, over=True))

    def press(self, digits: str, *, not_before_ms: int = 0) -> None:
        """Presses keys: their tones are in the audio, and the carrier reports them."""
        for digit in digits:
            self._queue.append(Doing(audio=tones.key(digit), keys=digit, not_before_ms=not_before_ms, over=True))

    def when_reached(self, run: Callable[[], None]) -> None:
        """Runs something when all before it is done."""
        self._queue.append(Doing(over=True, run=run))

    def hang_up(self, *, not_before_ms: int = 0) -> None:
        """Puts the phone down when all before it is done."""
        self._queue.append(Doing(not_before_ms=not_before_ms, over=True, hang_up=True))

    def live(self, audio: bytes) -> None:
        """Audio of a microphone, heard at once; not while the other side is on hold."""
        if self._music:
            return
        for start in range(0, len(audio), FRAME_BYTES):
            self._live.append(audio[start : start + FRAME_BYTES].ljust(FRAME_BYTES, SILENCE))

    @property
    def on_hold(self) -> bool:
        """Whether the other side hears music, and nothing of this one."""
        return bool(self._music)

    def hold(self, *, on: bool) -> None:
        """Plays hold music until it is switched off. What is to be said waits meanwhile."""
        self._coming_back = BACK_FRAMES if self._music and not on else 0
        self._music, self._music_at = tones.hold_music() if on else b"", 0
        self._live.clear()

    def stop(self) -> None:
        """Falls silent and forgets what was still to be done."""
        self._queue.clear()
        self._playing, self._at = b"", 0

    def frame(self, quiet_ms: int, now_ms: int) -> Uplink:
        """20 ms of it. `quiet_ms` is how long the other side has been silent."""
        if self._music and not (self._queue and self._queue[0].hang_up):
            return Uplink(self._next_bar())
        keys = ""
        if self._coming_back:
            self._coming_back -= 1
        elif self._at >= len(self._playing):
            keys = self._next(quiet_ms, now_ms)
        if self._live:
            return Uplink(self._live.popleft(), keys)
        if self._at >= len(self._playing):
            return Uplink(None, keys)
        audio = self._playing[self._at : self._at + FRAME_BYTES]
        self._at += FRAME_BYTES
        return Uplink(audio if len(audio) == FRAME_BYTES else audio.ljust(FRAME_BYTES, SILENCE), keys)

    def _next_bar(self) -> bytes:
        audio = self._music[self._music_at : self._music_at + FRAME_BYTES]
        self._music_at = (self._music_at + FRAME_BYTES) % len(self._music)
        return audio.ljust(FRAME_BYTES, SILENCE)

    def _next(self, quiet_ms: int, now_ms: int) -> str:
        """Begins the next thing if its time has come; the keys it presses."""
        if not self._queue:
            return ""
        doing = self._queue[0]
        if doing.audio is None or now_ms < doing.not_before_ms or (not doing.over and quiet_ms < POLITE_QUIET_MS):
            return ""
        self._queue.popleft()
        self._playing, self._at = doing.audio, 0
        if doing.text:
            self._began(doing.text)
        if doing.run is not None:
            doing.run()
        self.hung_up = self.hung_up or doing.hang_up
        return doing.keys
