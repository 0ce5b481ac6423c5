"""The file is one that anything plays, and any part of it can be asked for."""

import wave
from io import BytesIO

import numpy as np
import pytest

from calls.recording import wav
from calls.speech.mulaw import decode, encode


def test_it_is_a_wave_file_with_them_left_and_us_right():
    theirs, ours = encode(np.full(100, 4_000, np.int16)), encode(np.full(100, -9_000, np.int16))
    file = wav.header(100) + wav.both(theirs, ours)
    assert len(file) == wav.size_of(100) and len(wav.header(100)) == wav.HEADER_BYTES
    with wave.open(BytesIO(file)) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate(), read.getnframes()) == (2, 2, 8_000, 100)
        samples = np.frombuffer(read.readframes(100), "<i2").reshape(-1, 2)
    assert (samples[:, 0] == decode(theirs)).all() and (samples[:, 1] == decode(ours)).all()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", None),
        ("bytes=0-", (0, 999)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-20", (10, 20)),
        ("bytes=990-2000", (990, 999)),
        ("bytes=-5", (995, 999)),
        ("bytes=-5000", (0, 999)),
        ("bytes=20-10", None),
        ("bytes=0-1,5-9", None),
        ("bytes=-", None),
        ("items=0-5", None),
        ("bytes=a-b", None),
    ],
)
def test_what_is_asked_for(header, found):
    assert wav.wanted(header, 1_000) == found


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_what_lies_behind_the_end(header):
    with pytest.raises(wav.NoSuchRangeError):
        wav.wanted(header, 1_000)
