"""Key tones are taken and refused as ITU-T Q.24 wants it."""

import numpy as np
import pytest

from sandbox.noise import Background, Noise
from sandbox.twilio import tones
from sandbox.twilio.key_ear import KeyEar
from sandbox.voice import mulaw_encode, say

SILENCE = b"\xff"


def heard(audio, *, shifted=0, ear=None):
    """The tones in some audio that begins anywhere in a frame."""
    audio = SILENCE * (480 + shifted) + audio + SILENCE * 800
    ear = ear or KeyEar()
    return [tone for start in range(0, len(audio) // 160 * 160, 160) for tone in ear.frame(audio[start : start + 160])]


def pair(low, high, ms, *, level_dbm=-10.0, twist_db=0.0):
    times = np.arange(8 * ms) / 8000
    amplitude = 32_124 * 10 ** ((level_dbm - 3.14) / 20)
    wave = amplitude * np.sin(2 * np.pi * low * times) + amplitude * 10 ** (twist_db / 20) * np.sin(2 * np.pi * high * times)
    return mulaw_encode(np.clip(wave, -32_124, 32_124).astype(np.int16))


def good(tones_heard):
    return "".join(tone.digit for tone in tones_heard if not tone.wrong)


@pytest.mark.parametrize("shifted", [0, 1, 37, 80, 111, 159])
def test_every_key_is_heard_wherever_it_falls_in_a_frame(shifted):
    assert good(heard(tones.keys(tones.KEYS), shifted=shifted)) == tones.KEYS


def test_the_same_key_twice_is_two_keys():
    found = heard(tones.keys("00"))
    assert good(found) == "00"
    assert 80 <= found[1].gap_ms <= 100


@pytest.mark.parametrize("ms", [40, 50, 100, 400])
def test_length_is_measured_and_forty_milliseconds_are_enough(ms):
    [tone] = heard(pair(770, 1336, ms), shifted=50)
    assert not tone.wrong
    assert abs(tone.ms - ms) <= 4


@pytest.mark.parametrize("ms", [15, 20, 24])
def test_what_is_shorter_than_24_milliseconds_is_no_key(ms):
    assert good(heard(pair(770, 1336, ms))) == ""


@pytest.mark.parametrize(("low", "high"), [(697, 1209), (941, 1633)])
@pytest.mark.parametrize("off", [-0.018, -0.015, 0.015, 0.018])
def test_frequencies_may_be_a_little_off(low, high, off):
    assert len(good(heard(pair(low * (1 + off), high, 60)))) == 1
    assert len(good(heard(pair(low, high * (1 + off), 60)))) == 1


@pytest.mark.parametrize(("low", "high"), [(697, 1209), (941, 1633)])
@pytest.mark.parametrize("off", [-0.06, -0.035, 0.035, 0.06])
def test_and_no_more_than_a_little(low, high, off):
    assert good(heard(pair(low * (1 + off), high, 100))) == ""
    assert good(heard(pair(low, high * (1 + off), 100))) == ""


@pytest.mark.parametrize(("level", "taken"), [(-3, True), (-10, True), (-25, True), (-29, False), (-40, False)])
def test_levels(level, taken):
    assert bool(good(heard(pair(852, 1477, 60, level_dbm=level)))) is taken


@pytest.mark.parametrize(("twist", "taken"), [(-11, False), (-8, True), (0, True), (4, True), (7, False)])
def test_the_higher_frequency_may_be_a_little_louder_or_somewhat_softer(twist, taken):
    assert bool(good(heard(pair(852, 1477, 60, level_dbm=-12, twist_db=twist)))) is taken


def test_one_frequency_alone_is_no_key():
    times = np.arange(4000) / 8000
    assert heard(mulaw_encode((8000 * np.sin(2 * np.pi * 770 * times)).astype(np.int16))) == []
    assert good(heard(tones.beep())) == ""


def test_speech_and_music_hold_no_keys():
    text = "We have peonies and roses for five hundred and sixty dollars. Hi, this is Floyd, an AI assistant. Ooh, aah, you may see me too."
    for voice in ("en-us", "en-us+f3", "en-us+m3"):
        assert good(heard(mulaw_encode(say(text, voice=voice)))) == ""
    assert good(heard(tones.hold_music() * 3)) == ""


def test_a_vowel_with_the_frequencies_of_a_key_is_none():
    times = np.arange(8 * 80) / 8000
    sounds = ((formant + overtone, 0.3 if overtone else 1.0) for formant in (770, 1209) for overtone in (-95, 0, 95))
    voice = np.sum([share * np.sin(2 * np.pi * frequency * times) for frequency, share in sounds], axis=0)
    [tone] = heard(mulaw_encode((4000 * voice).astype(np.int16)))
    assert tone.wrong == "not two steady tones"


def test_keys_are_heard_over_a_noisy_line():
    audio = tones.keys("1590")
    noise = Noise(Background.STREET, 20)
    assert good(heard(noise.over(audio, len(audio)))) == "1590"


def test_what_is_a_tone_is_known_while_it_sounds():
    ear = KeyEar()
    ear.frame(None)
    audio = tones.key("5")
    during = [ear.frame(audio[start : start + 160]) or ear.in_tone for start in range(0, 960, 160)]
    assert all(during)
    for _ in range(5):
        ear.frame(SILENCE * 160)
    assert not ear.in_tone
