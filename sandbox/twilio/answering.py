"""Puts a person on an answered phone: their mind, their voice, their ear, and what is heard behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np

from sandbox import voice
from sandbox.ears import EarProcess
from sandbox.languages import ENGLISH, language_of_voice, tagged
from sandbox.noise import Noise, mumbled
from sandbox.people import LineNoise, Say
from sandbox.state import SandboxState
from sandbox.twilio.callee import Callee, HumanMind
from sandbox.twilio.calls import Call
from sandbox.twilio.phones import Behaviour, Phone
from sandbox.words import for_voice

#: People draw breath before the next sentence.
SENTENCE_PAUSE = b"\xff" * (8 * 250)


class Answering:
    """Makes the callee of an answered call.

    Args:
        state: who hears of what people say.
        threads: where voices are made.
        ears: where people hear.
    """

    def __init__(self, state: SandboxState, threads: Executor, ears: EarProcess) -> None:
        self._ears = ears
        self._state = state
        self._threads = threads

    def callee(self, phone: Phone, call: Call) -> Callee:
        """Somebody picks up `phone`."""
        person = phone.person
        conversation = person.new_conversation() if person is not None else None
        mind = conversation if conversation is not None and phone.behaviour is not Behaviour.HUMAN else HumanMind()
        own = Say("", voice=person.voice, rate=person.rate) if person is not None else Say("", voice=voice.DEFAULT_VOICE, rate=voice.DEFAULT_RATE)
        known = frozenset(person.sentences) if person is not None else frozenset()

        async def speak(what: Say) -> bytes:
            said = tagged(what.text, what.voice or own.voice)
            if said not in known:
                self._state.expected.callee.add(said)  # before it is spoken: the application's ear must know it
            return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: spoken_as(what, own))

        ear = self._ears.ear(conversation.expects if conversation is not None else (), also=self._state.expected.floyd)
        callee = Callee(mind, speak, ear, call)
        callee.at_the_end(self._state.on_the_phone.join(phone.name, known))
        if person is not None and person.noise is not None:
            callee.surround(self._noise(person.noise))
        return callee

    def expect_floyd(self) -> Callable[[], None]:
        """The application calls itself: what its voice says is heard by its own ears, until what is returned is called."""
        from sandbox.mind.phrases import FLOYD_SAYS

        return self._state.on_the_phone.join_growing(FLOYD_SAYS, self._state.expected.floyd)

    async def _noise(self, wanted: LineNoise) -> Noise:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: Noise(wanted.background, wanted.snr_db))


def spoken_as(what: Say, own: Say) -> bytes:
    """The sound of it, μ-law; the voice is that of `own` unless it says otherwise."""
    name = what.voice or own.voice
    text = for_voice(what.text) if language_of_voice(name) == ENGLISH else what.text
    sound = mumbled(voice.say(text, voice=name, rate=what.rate or own.rate), what.clarity or 1.0)
    if what.loudness != 1.0:
        sound = np.round(sound * what.loudness).astype(np.int16)
    return voice.mulaw_encode(sound) + (SENTENCE_PAUSE if what.text.endswith((".", "?", "!")) else b"")
