"""Recordings that a ConversationRelay session is asked to play: fetched from the application, as telephone sound."""

from __future__ import annotations

import io
import wave

import aiohttp
import numpy as np
import soxr

from sandbox.twilio.webhooks import HostMap, WebhookError
from sandbox.voice import mulaw_encode

RATE = 8000
LONGEST_BYTES = 10 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=10)


class SoundError(Exception):
    """A recording that cannot be had, or is none that is understood."""


async def fetched(url: str, hosts: HostMap) -> bytes:
    """μ-law of a recording. The sandbox plays WAV with 16-bit samples. Raises SoundError."""
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(hosts.local(url)) as response:
            if response.status != 200:
                raise SoundError(f"HTTP {response.status}")
            data = await response.read()
    except (aiohttp.ClientError, TimeoutError, WebhookError) as error:
        raise SoundError(type(error).__name__) from None
    if len(data) > LONGEST_BYTES:
        raise SoundError("the recording is too long")
    return as_mulaw(data)


def as_mulaw(data: bytes) -> bytes:
    """A WAV file as μ-law at 8 kHz, its channels mixed. Raises SoundError."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            if file.getsampwidth() != 2:
                raise SoundError("only 16-bit samples are played here")
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels()).mean(axis=1)
            rate = file.getframerate()
    except (wave.Error, EOFError, ValueError):
        raise SoundError("only WAV is played here") from None
    if rate != RATE:
        samples = soxr.resample(samples, rate, RATE)
    return mulaw_encode(np.clip(samples, -32768, 32767).astype(np.int16))
