"""A recording as a WAV file: 16-bit PCM, which every browser plays (μ-law in WAV only Chromium does), the other side left, ours right. Pure.

http://soundfile.sapp.org/doc/WaveFormat/ and https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
"""

from __future__ import annotations

import re
import struct

import numpy as np

from calls.speech.mulaw import decode

RATE, CHANNELS, SAMPLE_BYTES = 8_000, 2, 2
BLOCK = CHANNELS * SAMPLE_BYTES
HEADER_BYTES = 44
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class NoSuchRangeError(ValueError):
    """A range that lies behind the end."""


def size_of(samples: int) -> int:
    """Bytes of a file with so many samples a side."""
    return HEADER_BYTES + samples * BLOCK


def header(samples: int) -> bytes:
    """What a file with so many samples a side begins with."""
    data = samples * BLOCK
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", HEADER_BYTES - 8 + data, b"WAVE", b"fmt ", 16, 1, CHANNELS, RATE, RATE * BLOCK, BLOCK, 16, b"data", data
    )


def both(theirs: bytes, ours: bytes) -> bytes:
    """Two sides in μ-law, equally long, as PCM side by side."""
    return np.stack((decode(theirs), decode(ours)), axis=1).astype("<i2").tobytes()


def wanted(range_header: str, size: int) -> tuple[int, int] | None:
    """The bytes that a `Range` asks for, from and up to and with; None where all is to be sent (no range, several, or one that is none).

    Raises:
        NoSuchRangeError: nothing lies there.
    """
    match = _RANGE.fullmatch(range_header.replace(" ", ""))
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(int(match[2]), size - 1) if match[2] else size - 1
        if match[2] and int(match[2]) < first:
            return None
    if first >= size:
        raise NoSuchRangeError(range_header)
    return first, last
