"""The μ-law table, levels, the voice gate and the segmenter."""

import warnings

import numpy as np
import pytest

from calls.speech import mulaw
from calls.speech.segmenter import Segmenter, SpeechBegan, SpeechEnded
from calls.speech.vad import VoiceGate

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop


def test_decoding_is_that_of_the_standard():
    every_code = bytes(range(256))
    assert mulaw.decode(every_code).tobytes() == audioop.ulaw2lin(every_code, 2)


def test_encoding_is_that_of_the_standard():
    every_sample = np.arange(-32_768, 32_768, dtype=np.int32).astype(np.int16)
    ours = mulaw.decode(mulaw.encode(every_sample)).astype(np.int32)
    theirs = np.frombuffer(audioop.ulaw2lin(audioop.lin2ulaw(every_sample.tobytes(), 2), 2), dtype=np.int16)
    assert np.abs(ours - every_sample).max() <= np.abs(theirs.astype(np.int32) - every_sample).max()


def test_codes_survive_a_round_trip():
    codes = bytes(code for code in range(256) if code != 0x7F)  # 0x7F is a second zero
    assert mulaw.encode(mulaw.decode(codes)) == codes


def test_levels_are_below_full_scale():
    assert mulaw.level_db(mulaw.encode(np.zeros(160, dtype=np.int16))) == -100
    assert mulaw.level_db(mulaw.encode(np.full(160, 32_767, dtype=np.int16))) == pytest.approx(0, abs=0.2)
    assert mulaw.level_db(mulaw.encode(np.full(160, 3_277, dtype=np.int16))) == pytest.approx(-20, abs=0.2)
    assert mulaw.level_db(b"") == -100


def voice_like(seconds, amplitude=6_000.0):
    """A buzz of 120 Hz with formants, louder and softer like syllables."""
    at = np.arange(int(seconds * 8000)) / 8000
    wave = sum(weight * np.sin(2 * np.pi * 120 * harmonic * at) for harmonic, weight in enumerate([1, 0.9, 0.8, 0.9, 1, 0.7, 0.3, 0.2, 0.3, 0.4], 1))
    return (amplitude * wave / 5 * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))).astype(np.int16)


def frames(samples):
    audio = mulaw.encode(samples)
    return [audio[at : at + 160] for at in range(0, len(audio) - 159, 160)]


def noise(seconds, amplitude):
    return (np.random.default_rng(1).normal(0, amplitude, int(seconds * 8000))).astype(np.int16)


def test_the_gate_opens_for_a_voice_and_not_for_the_lines_noise():
    gate = VoiceGate()
    quiet = [gate.probability(frame) for frame in frames(noise(2, 60))]
    loud = [gate.probability(frame) for frame in frames(voice_like(1))]
    assert max(quiet[25:]) < 0.5
    assert sum(value >= 0.5 for value in loud) > 0.8 * len(loud)


def test_the_gate_gets_used_to_a_noisy_line():
    gate = VoiceGate()
    for frame in frames(noise(20, 300)):
        gate.probability(frame)
    assert gate.noise_db > -50
    assert max(gate.probability(frame) for frame in frames(noise(1, 300))) < 0.5
    assert max(gate.probability(frame) for frame in frames(voice_like(0.5))) >= 0.5


def test_digital_silence_is_no_voice():
    gate = VoiceGate()
    assert {gate.probability(mulaw.SILENCE * 160) for _ in range(200)} == {0.0}


def run(pattern, **how):
    """Steps through "1" (voice) and "0" frames of 20 ms; returns the changes."""
    segmenter, changes = Segmenter(**how), []
    for number, char in enumerate(pattern, 1):
        change = segmenter.step(0.9 if char == "1" else 0.0, 20, number * 20)
        if change:
            changes.append(change)
    return changes


def test_speech_begins_where_its_first_frame_began():
    assert run("00000" + "11111") == [SpeechBegan(100)]


def test_a_click_is_no_speech():
    assert run("0001000011000000") == []


def test_gaps_between_syllables_do_not_end_speech():
    assert run("11111" + "00000" + "1111" + "0" * 12) == [SpeechBegan(0), SpeechEnded(280, 180)]


def test_speech_begins_again_after_its_end():
    assert [type(change) for change in run("11111" + "0" * 10 + "11111")] == [SpeechBegan, SpeechEnded, SpeechBegan]
