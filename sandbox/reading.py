"""Floyd's voice, whoever is asked to speak with it: texts read aloud piece by piece, at the pace of the services that it stands in for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np

from sandbox import voice
from sandbox.languages import ENGLISH, language_of_voice, tagged
from sandbox.state import SandboxState
from sandbox.voice import Samples
from sandbox.words import for_voice, sentences

PIECE_MS = 100
#: Sentences are spoken together up to this length, so that a long text begins as soon as a short one.
TOGETHER_CHARACTERS = 200
#: A voice rests after a sentence, and for less after part of one; espeak-ng does so between sentences only, not behind the last.
REST_MS = {True: 280, False: 120}


def portions(text: str) -> list[str]:
    """A text cut at ends of sentences into what is made at once."""
    cut: list[str] = []
    for sentence in sentences(text):
        if cut and len(cut[-1]) + len(sentence) < TOGETHER_CHARACTERS:
            cut[-1] += f" {sentence}"
        else:
            cut.append(sentence)
    return cut


async def read(
    state: SandboxState, text: str, *, sample_rate: int, speed: float = 1.0, name: str = voice.DEFAULT_VOICE, soon: bool = False
) -> AsyncIterator[Samples]:
    """Samples of `text` in pieces of 100 ms, faster than real time.

    Args:
        speed: of the speech itself; 1 is normal.
        name: an espeak-ng voice.
        soon: the text goes on from one just read: it begins at once.
    """
    pace = state.settings.pace
    state.expected.floyd.add(tagged(text, name))  # before it is spoken: the callees' ears must know it
    loop = asyncio.get_running_loop()
    due = loop.time() + (0 if soon else pace.first_audio_ms / 1000)
    size = sample_rate * PIECE_MS // 1000
    for portion in portions(text):
        words, rate = for_voice(portion) if language_of_voice(name) == ENGLISH else portion, round(voice.DEFAULT_RATE * speed)
        sound = await asyncio.to_thread(voice.say, words, voice=name, rate=rate, sample_rate=sample_rate)
        rest = np.zeros(sample_rate * REST_MS[portion.rstrip().endswith((".", "!", "?"))] // 1000, np.int16)
        sound = np.concatenate([sound, rest])
        for start in range(0, sound.size, size):
            await asyncio.sleep(max(0.0, due - loop.time()))
            yield sound[start : start + size]
            due += PIECE_MS / 1000 / pace.audio_speed
