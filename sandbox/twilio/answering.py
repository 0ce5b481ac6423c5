"""Puts a person on an answered phone: their mind, their voice, their ear."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor

from sandbox import voice
from sandbox.ears import EarProcess
from sandbox.state import SandboxState
from sandbox.twilio.callee import Callee, HumanMind
from sandbox.twilio.calls import Call
from sandbox.twilio.phones import Behaviour, Phone
from sandbox.words import for_voice


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
        name, rate = (person.voice, person.rate) if person is not None else (voice.DEFAULT_VOICE, voice.DEFAULT_RATE)

        async def speak(text: str) -> bytes:
            self._state.expected.callee.add(text)  # before it is spoken: the application's ear must know it
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, lambda: voice.mulaw_encode(voice.say(for_voice(text), voice=name, rate=rate))
            )

        ear = self._ears.ear(conversation.expects if conversation is not None else (), also=self._state.expected.floyd)
        return Callee(mind, speak, ear, call)
