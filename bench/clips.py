"""What the callers say: a few sentences as espeak-ng speaks them, cut to their first and last loud sample, and the noise of a line.

The recognition stand-in gives the sentences' words back in the same order in which every caller says them.
"""

from __future__ import annotations

import base64
from functools import cache

import numpy as np

from sandbox.voice import DEFAULT_RATE, mulaw_encode, say

#: Whole questions and requests; none of them sounds as if it went on. Spoken, each takes a little longer than 250 ms a word.
SENTENCES = (
    "Could you forward the documents to my email address?",
    "Can you tell me when somebody will come over tomorrow?",
    "I need to change the delivery address for that parcel.",
    "Please ask them to leave the boxes near the garden door.",
)
FRAME_BYTES = 160
FRAME_MS = 20
#: Samples above this are speech: quieter ones at either end are cut away.
LOUD = 400
#: Line noise, root mean square, in dB below full scale.
NOISE_DB = -65.0
NOISE_FRAMES = 50


def frames_of(mulaw: bytes) -> list[bytes]:
    """Frames of 20 ms. Silence goes in front, so that the last sample of the last frame is the last of the sentence."""
    padded = b"\xff" * (-len(mulaw) % FRAME_BYTES) + mulaw
    return [padded[at : at + FRAME_BYTES] for at in range(0, len(padded), FRAME_BYTES)]


@cache
def sentence(number: int) -> tuple[str, ...]:
    """Frames of a sentence, in base 64. Numbers go round."""
    samples = say(SENTENCES[number % len(SENTENCES)], rate=DEFAULT_RATE)
    loud = np.flatnonzero(np.abs(samples) > LOUD)
    return tuple(base64.b64encode(frame).decode() for frame in frames_of(mulaw_encode(samples[loud[0] : loud[-1] + 1])))


@cache
def noise() -> tuple[str, ...]:
    """A second of line noise, in base 64; the same one always."""
    samples = np.random.default_rng(1).normal(0, 32_768 * 10 ** (NOISE_DB / 20), FRAME_BYTES * NOISE_FRAMES).astype(np.int16)
    return tuple(base64.b64encode(frame).decode() for frame in frames_of(mulaw_encode(samples)))
