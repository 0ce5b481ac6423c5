"""The other end of a call: a person who hears what was really played, and speaks with a real voice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from sandbox.people import Act, HangUp, HoldMusic, Keys, Say
from sandbox.tasks import Tasks
from sandbox.twilio import tones
from sandbox.twilio.calls import Call, Heard
from sandbox.twilio.frames import FRAME_MS
from sandbox.twilio.line import Uplink
from sandbox.twilio.listening import SILENT_FRAME, Ear, Listener
from sandbox.twilio.speech import SpeechQueue

TICK_MS = 100
Speak = Callable[[str], Awaitable[bytes]]


class Mind(Protocol):
    """Decides what a person says and does; `now_ms` counts from the answer."""

    def on_answer(self, now_ms: int) -> list[Act]:
        """The phone was picked up."""

    def noise(self, now_ms: int) -> None:
        """Somebody is speaking."""

    def heard(self, text: str, now_ms: int, *, sure: bool = True) -> list[Act]:
        """The other side has said something; not sure is a guess."""

    def tick(self, now_ms: int) -> list[Act]:
        """Time has passed."""


class HumanMind:
    """A human in the browser: does nothing of its own accord."""

    def on_answer(self, now_ms: int) -> list[Act]:
        """Nothing: the human says hello."""
        return []

    def noise(self, now_ms: int) -> None:
        """Nothing."""

    def heard(self, text: str, now_ms: int, *, sure: bool = True) -> list[Act]:
        """Nothing: the human answers."""
        return []

    def tick(self, now_ms: int) -> list[Act]:
        """Nothing."""
        return []


class Callee:
    """Audio end of one person in one call.

    Args:
        mind: decides.
        speak: their voice: text → μ-law.
        ear: hears for them.
        call: keeps the transcript.
    """

    def __init__(self, mind: Mind, speak: Speak, ear: Ear, call: Call) -> None:
        self.call = call
        self.hearing = ""
        self.listeners: set[asyncio.Queue[bytes]] = set()
        self._mind = mind
        self._speak = speak
        self._now_ms = 0
        self._tasks = Tasks()
        self._listener = Listener(ear, self._understood, self._partly)
        self.speech = SpeechQueue(self._tasks, self._began_to_say)
        self._tasks.start(self._listener.run(), "listener")
        self._do(mind.on_answer(0))

    @property
    def hung_up(self) -> bool:
        """Whether they have put the phone down."""
        return self.speech.hung_up

    def frame(self, heard: bytes | None, now_ms: int) -> Uplink:
        """20 ms pass: they hear `heard` (None is silence) and do what they do."""
        self._now_ms = now_ms
        self._listener.frame(heard)
        for queue in self.listeners:
            if not queue.full():  # a browser that does not keep up misses some
                queue.put_nowait(heard or SILENT_FRAME)
        if now_ms % TICK_MS < FRAME_MS:
            if self._listener.hears_speech or self.speech.busy:
                self._mind.noise(now_ms)
            self._do(self._mind.tick(now_ms))
        return self.speech.frame(self._listener.quiet_ms, now_ms)

    def say(self, text: str, *, pause_ms: int = 0) -> None:
        """Says something, after what they are saying."""
        self.speech.say(text, self._speak(text), not_before_ms=self._now_ms + pause_ms)

    def press(self, digits: str, *, pause_ms: int = 0) -> None:
        """Presses keys."""
        self.speech.press(digits, not_before_ms=self._now_ms + pause_ms)

    def hang_up(self) -> None:
        """Puts the phone down at once."""
        self.speech.stop()
        self.speech.hang_up()

    async def close(self) -> None:
        """The call is over."""
        await self._tasks.close()

    def _do(self, acts: list[Act]) -> None:
        for act in acts:
            match act:
                case Say(text, pause_ms):
                    self.say(text, pause_ms=pause_ms)
                case Keys(digits, pause_ms):
                    self.press(digits, pause_ms=pause_ms)
                case HoldMusic(duration_ms):
                    bar = tones.hold_music()
                    size = duration_ms * 8
                    self.speech.sound((bar * (size // len(bar) + 1))[:size])
                case HangUp(pause_ms):
                    self.speech.hang_up(not_before_ms=self._now_ms + pause_ms)

    def _understood(self, text: str, sure: bool) -> None:
        self.hearing = ""
        self.call.transcript.append(Heard(self._now_ms, "floyd", text, sure))
        self._do(self._mind.heard(text, self._now_ms, sure=sure))

    def _partly(self, text: str) -> None:
        self.hearing = text

    def _began_to_say(self, text: str) -> None:
        self.call.transcript.append(Heard(self._now_ms, "callee", text))
