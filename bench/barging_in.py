"""How soon Floyd notices that somebody speaks over it, and what stops it wrongly: the turn taker alone, in virtual time.

    .venv/bin/python bench/barging_in.py

Sentences, back-channels, coughs, clicks and the echo of a voice are laid over Floyd's speech, on a quiet line and with noise, at random
offsets into a frame. No words are recognised, so this is what the sound alone does. The time is from the first sample of speech to the frame
with which the turn taker says CalleeInterrupted.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.pausing_speakers import RATE, SPEEDS, VOICES, Sound, noise, synthesised, utterances
from calls.conversation.events import CalleeInterrupted
from calls.speech.mulaw import FRAME_BYTES, encode
from calls.speech.turns import TurnTaker

BACK_CHANNELS = ("okay", "mm hm", "uh huh", "yeah", "right", "hmm", "sure", "oh okay", "I see")
INTERRUPTIONS = ("wait wait", "stop", "no no that's wrong", "sorry what", "excuse me", "hang on", "actually we are closed today")
LINES = {"quiet": -65.0, "noise 20 dB below": -40.0}
PEAK, ECHO_DB = 14_000, -18.0
BEFORE_S, AFTER_S = 4.0, 0.6


def cough(rng: np.random.Generator, *, voiced: bool) -> Sound:
    """A burst that decays, some with a voice in its second phase."""
    count = int(RATE * rng.uniform(0.2, 0.35))
    at = np.arange(count) / RATE
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    shape = 0.3 + 1 / (1 + ((frequencies - rng.uniform(700, 1500)) / 600) ** 2)
    burst = np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * shape, count)
    sound = burst / np.abs(burst).max() * np.exp(-at / rng.uniform(0.04, 0.09)) * (1 - np.exp(-at / 0.004))
    if voiced:
        pitch = rng.uniform(120, 220)
        voice = sum(np.cos(2 * np.pi * pitch * number * at + number) / number for number in range(1, 12))
        sound = 0.7 * sound + 0.4 * voice / np.abs(voice).max() * np.exp(-(((at - 0.12) / 0.06) ** 2))
    return _scaled(sound, PEAK)


def click(rng: np.random.Generator) -> Sound:
    """A pop of a few milliseconds."""
    sound = rng.standard_normal(240) * np.exp(-np.arange(240) / 40)
    return _scaled(sound, 20_000)


def _scaled(sound: NDArray[np.float64], peak: int) -> Sound:
    scaled: Sound = (sound / np.abs(sound).max() * peak).astype(np.float32)
    return scaled


def sounds(rng: np.random.Generator) -> Iterator[tuple[str, Sound]]:
    """Each kind and one of its sounds."""
    texts = [re.sub(r"\s*[|/_=]\s*", " ", utterance.text) for utterance in utterances("held_out") if utterance.kind != "menu"]
    for number, text in enumerate([*texts, *INTERRUPTIONS]):
        said = synthesised(text, VOICES[number % len(VOICES)], SPEEDS[number % len(SPEEDS)])[0]
        yield "speech", said
        yield "echo", said * 10 ** (ECHO_DB / 20)
    for text in BACK_CHANNELS:
        for number, voice in enumerate(VOICES):
            yield "back-channel", synthesised(text, voice, SPEEDS[number % len(SPEEDS)])[0]
    for number in range(60):
        yield "cough", cough(rng, voiced=number % 3 == 0)
        yield "click", click(rng)


def noticed_ms(sound: Sound, level_db: float, rng: np.random.Generator) -> float | None:
    """When Floyd is stopped, from the sound's first sample; None if it is not."""
    own = synthesised("That is fine, I will tell you what we have.", VOICES[0], SPEEDS[1])[0]  # the callee's usual level is known by then
    begin = int(BEFORE_S * RATE) + int(rng.integers(0, 160))
    line = noise(begin / RATE + sound.size / RATE + AFTER_S, level_db=level_db, rng=rng)
    line[4_000 : 4_000 + own.size] += own
    line[begin : begin + sound.size] += sound
    audio = encode(np.clip(line, -32_768, 32_767).astype(np.int16))
    taker = TurnTaker()
    for at in range(0, len(audio) - FRAME_BYTES + 1, FRAME_BYTES):
        now_ms = (at + FRAME_BYTES) // 8
        if now_ms == int(BEFORE_S * 1000) - 400:
            taker.speaking(playing=True, text="We would like to order some flowers.")
        if any(isinstance(event, CalleeInterrupted) for event in taker.frame(audio[at : at + FRAME_BYTES], now_ms)):
            return now_ms - begin * 1000 / RATE
    return None


def main() -> None:
    """Measures and prints."""
    print("| line | sound | number | stops Floyd | p50 ms | p95 ms |\n| --- | --- | --- | --- | --- | --- |")
    for line, level_db in LINES.items():
        rng = np.random.default_rng(1)
        found: dict[str, list[float | None]] = {}
        for kind, sound in sounds(rng):
            found.setdefault(kind, []).append(noticed_ms(sound, level_db, rng))
        for kind, times in found.items():
            noticed = [time for time in times if time is not None]
            middle, late = np.percentile(noticed, [50, 95]).round() if noticed else (float("nan"), float("nan"))
            print(f"| {line} | {kind} | {len(times)} | {round(100 * len(noticed) / len(times))} % | {middle:.0f} | {late:.0f} |")


if __name__ == "__main__":
    main()
