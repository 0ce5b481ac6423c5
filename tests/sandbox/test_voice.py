"""The voice speaks, and its sound survives the telephone's coding."""

import threading

import numpy as np
import pytest

from sandbox import voice


def test_a_sentence_lasts_as_long_as_a_person_needs_for_it():
    sound = voice.say("Hello, Brock Road School.")
    assert sound.dtype == np.int16
    assert 1.0 < sound.size / 8000 < 2.5
    assert 10_000 < np.abs(sound).max() < 20_000


@pytest.mark.parametrize("rate", [8000, 16_000, 24_000])
def test_it_lasts_as_long_at_every_sample_rate(rate):
    assert voice.say("One moment, please.", sample_rate=rate).size / rate == pytest.approx(voice.say("One moment, please.").size / 8000, abs=0.01)


def test_what_was_said_once_is_not_made_again():
    assert voice.say("Goodbye.") is voice.say("Goodbye.")


def test_an_unknown_voice_is_refused():
    with pytest.raises(voice.VoiceError, match="nobody"):
        voice.say("Hello.", voice="nobody")


def test_it_can_be_used_from_several_threads():
    texts = [f"This is number {number}." for number in ("one", "two", "three", "four")]
    alone = {text: voice.say(text).copy() for text in texts}
    voice._spoken.cache_clear()
    made: dict[str, np.ndarray] = {}
    threads = [threading.Thread(target=lambda text=text: made.update({text: voice.say(text)})) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(made[text].size == pytest.approx(alone[text].size, rel=0.05) for text in texts)


def test_mulaw_knows_every_byte_again():
    every = bytes(range(256))
    again = voice.mulaw_encode(voice.mulaw_decode(every))
    # The two zeros sound alike; the one that carriers send as silence is written.
    assert again == every.replace(b"\x7f", b"\xff")


def test_mulaw_loses_little():
    samples = np.arange(-32_000, 32_000, 7, dtype=np.int16)
    error = np.abs(voice.mulaw_decode(voice.mulaw_encode(samples)).astype(int) - samples)
    assert (error <= np.maximum(8, np.abs(samples.astype(int)) // 16)).all()


def test_silence_is_the_carriers_silence():
    assert voice.mulaw_encode(np.zeros(4, np.int16)) == b"\xff" * 4
