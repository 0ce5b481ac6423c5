"""Key tones, beeps and music: made and found in real sound, and told from speech, ringing and noise."""

import numpy as np
import pytest

from calls.conversation.events import BeepHeard, MusicHeard
from calls.speech import mulaw, tones
from calls.speech.line_sounds import LineSounds
from sandbox.voice import say

RATE = 8000
TEXTS = (
    "Hello, Speedvale Garage, this is Mike speaking, how can I help you today? We are open from nine to five.",
    "Your call is important to us. Please stay on the line and the next available agent will be with you shortly.",
)
CHORDS = ((262, 330, 392), (220, 262, 330), (349, 440, 523), (392, 494, 587))


def sine(hz, ms, level=8_000):
    return level * np.sin(2 * np.pi * hz * np.arange(RATE * ms // 1000) / RATE)


def silence(ms):
    return np.zeros(RATE * ms // 1000)


def noise(ms, level=30.0):
    return np.random.default_rng(7).standard_normal(RATE * ms // 1000) * level


def music(ms, decay=1.5, note_ms=500):
    notes = []
    for number in range(-(-ms // note_ms)):
        seconds = np.arange(RATE * note_ms // 1000) / RATE
        wave = sum(np.sin(2 * np.pi * hz * k * seconds) / k for hz in CHORDS[number // 2 % 4] for k in (1, 2, 3))
        notes.append(wave * np.exp(-decay * seconds) * 2_500)
    return np.concatenate(notes)[: RATE * ms // 1000]


def with_noise(sound, snr_db):
    generator = np.random.default_rng(11)
    return sound + generator.standard_normal(len(sound)) * np.sqrt(np.mean(np.square(sound, dtype=float)) / 10 ** (snr_db / 10))


def hear(*parts, sounds=None):
    """What is heard of sounds one after the other, in frames of 20 ms."""
    sounds = sounds or LineSounds()
    audio = mulaw.encode(np.clip(np.concatenate(parts), -32_768, 32_767).astype(np.int16))
    return [event for at in range(0, len(audio), 160) for event in sounds.frame(audio[at : at + 160], at // 8 + 20)]


def beeps(*parts):
    return [event for event in hear(*parts) if isinstance(event, BeepHeard)]


# --- key tones ---


@pytest.mark.parametrize(
    ("key", "row", "column"), [("1", 697, 1209), ("6", 770, 1477), ("8", 852, 1336), ("0", 941, 1336), ("*", 941, 1209), ("#", 941, 1477)]
)
def test_a_key_is_its_two_tones_at_their_level(key, row, column):
    samples = mulaw.decode(tones.key(key)[:800]).astype(float)
    spectrum = np.abs(np.fft.rfft(samples[40:760] * np.hanning(720), 8000)) / 180
    strongest = {int(hz) for hz in np.argsort(spectrum)[-2:]}
    assert all(any(abs(found - hz) <= 0.015 * hz for found in strongest) for hz in (row, column))
    for hz in (row, column):
        dbm0 = 20 * np.log10(spectrum[hz - 10 : hz + 10].max() / 32_124) + 3.17
        assert -11.5 < dbm0 < -8.5


def test_keys_are_100_ms_long_and_100_ms_apart_and_w_waits():
    assert len(tones.key("5")) == 200 * mulaw.BYTES_PER_MS
    assert len(tones.keys("1w2")) == 900 * mulaw.BYTES_PER_MS
    assert set(tones.key("5")[800:]) == {mulaw.SILENCE[0]}


@pytest.mark.parametrize("key", ["a", "W", "", " ", "12"])
def test_nothing_but_keys_is_keyed(key):
    if key in ("", "12"):
        assert tones.keys(key) == b"".join(tones.key(name) for name in key)
        return
    with pytest.raises(ValueError, match="substring"):
        tones.keys(key)


# --- beeps ---


@pytest.mark.parametrize("hz", [440, 700, 1000, 1400, 2000])
@pytest.mark.parametrize("ms", [200, 450, 600])
def test_a_beep_is_heard_soon_after_it_ended(hz, ms):
    sound = (noise(307), sine(hz, ms) + noise(ms), noise(600))
    (beep,) = beeps(*sound)
    assert 40 <= beep.at_ms - (307 + ms) <= 200


def test_a_long_beep_is_one_and_an_endless_tone_is_none():
    assert len(beeps(silence(300), sine(1000, 1_900), silence(300))) == 1
    assert beeps(silence(300), sine(1000, 3_000), silence(300)) == []
    assert beeps(silence(300), sine(1000, 120), silence(300)) == []


def test_a_beep_behind_a_greeting_is_heard():
    greeting = say("Hi, you have reached Dave. Please leave a message after the tone.").astype(float)
    assert len(beeps(greeting, noise(700), sine(1000, 600), noise(500))) == 1


@pytest.mark.parametrize("voice", ["en-us", "en-us+f3", "en-us+m3"])
@pytest.mark.parametrize("text", TEXTS)
def test_speech_is_neither_beep_nor_music(voice, text):
    speech = say(text, voice=voice).astype(float)
    for snr_db in (60, 20, 10):
        assert hear(with_noise(speech, snr_db), silence(500)) == []


def test_ringing_key_tones_announcements_and_music_are_no_beeps():
    american = (sine(440, 2_000, 4_000) + sine(480, 2_000, 4_000), silence(4_000))
    european = (sine(425, 1_000), silence(4_000))
    not_in_service = (sine(950, 330), sine(1400, 330), sine(1800, 330), silence(500))
    keys = mulaw.decode(tones.keys("12*")).astype(float)
    tune = np.concatenate([sine(hz, 400) for hz in (523, 587, 659, 698, 784)])
    for sound in (american * 2, european * 2, not_in_service, (keys, silence(300)), (tune, silence(300))):
        assert beeps(*sound) == []


# --- music ---


@pytest.mark.parametrize(("decay", "note_ms"), [(0.0, 500), (1.5, 500), (3.0, 300)])
@pytest.mark.parametrize("snr_db", [60, 15])
def test_music_is_heard_within_two_seconds_and_its_end_within_one(decay, note_ms, snr_db):
    began, ended = hear(with_noise(music(5_000, decay, note_ms), snr_db), noise(2_000, 10))
    assert began.on and began.at_ms <= 2_000
    assert not ended.on and 5_000 < ended.at_ms <= 6_000


def test_noise_ringing_and_silence_are_no_music():
    ringing = [sine(440, 2_000, 4_000) + sine(480, 2_000, 4_000), silence(4_000)] * 2
    assert hear(*ringing) == []
    assert hear(noise(8_000, 1_000)) == []
    assert hear(silence(8_000)) == []


def test_words_end_the_music_at_once_and_keep_it_away():
    sounds = LineSounds()
    hear(music(4_000), sounds=sounds)
    assert sounds.words(4_000) == [MusicHeard(False, 4_000)]
    assert sounds.words(4_100) == []
    audio = mulaw.encode(np.clip(music(600), -32_768, 32_767).astype(np.int16))
    assert sounds.frame(audio, 4_700) == []


def test_music_behind_an_announcement_is_found_again_faster():
    sounds = LineSounds()
    hear(music(4_000), sounds=sounds)
    sounds.words(4_000)
    audio = mulaw.encode(np.clip(music(4_000), -32_768, 32_767).astype(np.int16))
    found = [event for at in range(0, len(audio), 160) for event in sounds.frame(audio[at : at + 160], 4_000 + at // 8)]
    (event,) = found
    assert isinstance(event, MusicHeard) and event.on and event.at_ms <= 5_600


def test_nothing_is_looked_for_that_is_not_wanted():
    sounds = LineSounds()
    sounds.wants_beep = sounds.wants_music = False
    assert hear(sine(1000, 400), silence(300), music(4_000), sounds=sounds) == []
