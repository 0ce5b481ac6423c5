"""The other end of a call: a person who hears what was really played, and speaks with a real voice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.noise import Noise
from sandbox.people import Act, HangUp, Keys, Quiet, Record, Say, Sound
from sandbox.tasks import Tasks
from sandbox.twilio import tones
from sandbox.twilio.calls import Call, Heard, Pressed
from sandbox.twilio.frames import FRAME_BYTES, FRAME_MS
from sandbox.twilio.key_ear import KeyEar, KeyTone
from sandbox.twilio.line import Uplink
from sandbox.twilio.listening import SILENT_FRAME, Ear, Listener, Understood
from sandbox.twilio.speech import SpeechQueue

TICK_MS = 100
LAST_WORDS_S = 5
Speak = Callable[[Say], Awaitable[bytes]]


class Mind(Protocol):
    """Decides what a person says and does; `now_ms` counts from the answer."""

    def on_answer(self, now_ms: int) -> list[Act]:
        """The phone was picked up."""

    def noise(self, now_ms: int) -> None:
        """Somebody is speaking."""

    def heard(self, text: str, now_ms: int, *, sure: bool = True, ms: int = 0) -> list[Act]:
        """The other side has said something, for so long; not sure is a guess."""

    def pressed(self, digit: str, now_ms: int, *, talking: bool) -> list[Act]:
        """The other side has pressed a key."""

    def caller_talks(self, for_ms: int, now_ms: int, *, talking: bool) -> list[Act]:
        """The other side has talked for so long."""

    def said_all(self, now_ms: int) -> list[Act]:
        """Everything there was to say is said."""

    def tick(self, now_ms: int) -> list[Act]:
        """Time has passed."""


class HumanMind:
    """A human in the browser: does nothing of its own accord."""

    def on_answer(self, now_ms: int) -> list[Act]:
        """Nothing: the human says hello."""
        return []

    def noise(self, now_ms: int) -> None:
        """Nothing."""

    def heard(self, text: str, now_ms: int, *, sure: bool = True, ms: int = 0) -> list[Act]:
        """Nothing: the human answers."""
        return []

    def pressed(self, digit: str, now_ms: int, *, talking: bool) -> list[Act]:
        """Nothing."""
        return []

    def caller_talks(self, for_ms: int, now_ms: int, *, talking: bool) -> list[Act]:
        """Nothing."""
        return []

    def said_all(self, now_ms: int) -> list[Act]:
        """Nothing."""
        return []

    def tick(self, now_ms: int) -> list[Act]:
        """Nothing."""
        return []


@dataclass(slots=True)
class Greeting:
    """How far the first thing said on a line has come, for machine detection.

    Attributes:
        over: all of it was said, or a mailbox records.
        records, beeped: whether a mailbox records now, and whether a beep came before.
    """

    over: asyncio.Event = field(default_factory=asyncio.Event)
    records: bool = False
    beeped: bool = False


class Callee:
    """Audio end of one person in one call.

    Args:
        mind: decides.
        speak: their voice: what to say and how → μ-law.
        ear: hears for them.
        call: keeps the transcript.
    """

    def __init__(self, mind: Mind, speak: Speak, ear: Ear, call: Call) -> None:
        self.call = call
        self.hearing = ""
        self.listeners: set[asyncio.Queue[bytes]] = set()
        self.greeting = Greeting()
        self._mind = mind
        self._speak = speak
        self._now_ms = 0
        self._noise: Noise | None = None
        self._talked = False
        self._before_recording = 0
        self._over = False
        self._keys = KeyEar()
        self._tasks = Tasks()
        self._listener = Listener(ear, self._understood, self._partly)
        self.speech = SpeechQueue(self._tasks, self._began_to_say)
        self._closing: list[Callable[[], None]] = []
        self._tasks.start(self._listener.run(), "listener")
        self._do(mind.on_answer(0))

    @property
    def hung_up(self) -> bool:
        """Whether they have put the phone down."""
        return self.speech.hung_up

    def surround(self, noise: Awaitable[Noise]) -> None:
        """Puts noise behind everything, as soon as it is made."""

        async def wait() -> None:
            self._noise = await noise

        self._tasks.start(wait(), "noise")

    def frame(self, heard: bytes | None, now_ms: int) -> Uplink:
        """20 ms pass: they hear `heard` (None is silence) and do what they do."""
        self._now_ms = now_ms
        for tone in self._keys.frame(heard):
            self._pressed(tone)
        # What is a key tone is no speech.
        self._listener.frame(None if self._keys.in_tone else heard)
        for queue in self.listeners:
            if not queue.full():  # a browser that does not keep up misses some
                queue.put_nowait(heard or SILENT_FRAME)
        if now_ms % TICK_MS < FRAME_MS:
            self._tick()
        uplink = self.speech.frame(self._listener.quiet_ms, now_ms)
        return uplink if self._noise is None else Uplink(self._noise.over(uplink.audio, FRAME_BYTES), uplink.keys)

    def _tick(self) -> None:
        now_ms, talking = self._now_ms, self.speech.busy
        if self._talked and not talking:
            self.greeting.over.set()
            self._do(self._mind.said_all(now_ms))
        self._talked = self.speech.busy
        if self._listener.hears_speech or self.speech.busy:
            self._mind.noise(now_ms)
        self._do(self._mind.caller_talks(self._listener.speech_ms, now_ms, talking=talking))
        self._do(self._mind.tick(now_ms))

    def say(self, what: Say) -> None:
        """Says something, after what they are saying."""
        self.speech.say(what.text, self._speak(what), not_before_ms=self._now_ms + what.pause_ms, over=what.over)

    def press(self, digits: str, *, pause_ms: int = 0) -> None:
        """Presses keys."""
        self.speech.press(digits, not_before_ms=self._now_ms + pause_ms)

    @property
    def on_hold(self) -> bool:
        """Whether the other side was put on hold."""
        return self.speech.on_hold

    def hold(self, *, on: bool) -> None:
        """Puts the other side on hold, with music, or comes back."""
        self.speech.hold(on=on)

    def hang_up(self) -> None:
        """Puts the phone down at once."""
        self.speech.stop()
        self.speech.hang_up()

    def at_the_end(self, do: Callable[[], None]) -> None:
        """Something to do when the call is over."""
        self._closing.append(do)

    async def close(self) -> None:
        """The call is over. What was being said is still understood; nothing follows from it."""
        self._over = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await self._listener.finish()
        for do in self._closing:
            do()
        await self._tasks.close()

    def _do(self, acts: list[Act]) -> None:
        for act in acts:
            match act:
                case Say():
                    self.say(act)
                case Sound(kind, duration_ms):
                    self.speech.sound(tones.sound(kind, duration_ms))
                    self.greeting.beeped = self.greeting.beeped or kind == "beep"
                case Keys(digits, pause_ms):
                    self.press(digits, pause_ms=pause_ms)
                case Quiet():
                    self.speech.stop()
                    self._talked = False  # what was cut off is not said
                case Record():
                    self.speech.when_reached(self._record)
                case HangUp(pause_ms):
                    self.speech.hang_up(not_before_ms=self._now_ms + pause_ms)

    def _record(self) -> None:
        self._listener.cut()
        self._before_recording = self._listener.begun
        self.call.recording = []
        self.greeting.records = True
        self.greeting.over.set()

    def _pressed(self, tone: KeyTone) -> None:
        self.call.pressed.append(Pressed(tone.digit, tone.at_ms, tone.ms, tone.gap_ms, tone.level_dbm, tone.wrong))
        if not tone.wrong:
            self._do(self._mind.pressed(tone.digit, self._now_ms, talking=self.speech.busy))

    def _understood(self, what: Understood) -> None:
        self.hearing = ""
        heard = Heard(self._now_ms, "floyd", what.text, what.sure)
        self.call.transcript.append(heard)
        if self.call.recording is not None and what.number > self._before_recording:
            self.call.recording.append(heard)
        if not self._over:
            self._do(self._mind.heard(what.text, self._now_ms, sure=what.sure, ms=what.ms))

    def _partly(self, text: str) -> None:
        self.hearing = text

    def _began_to_say(self, text: str) -> None:
        self.call.transcript.append(Heard(self._now_ms, "callee", text))
