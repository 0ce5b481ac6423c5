"""G.711 μ-law by table: what the carrier sends and plays, 8000 samples a second, one byte each."""

from __future__ import annotations

from math import log10

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

BYTES_PER_MS = 8
FRAME_BYTES = 160  # 20 ms
SILENCE = b"\xff"


def _decoding_table() -> Samples:
    """ITU-T G.711: sign, three bits of exponent, four of mantissa, all inverted."""
    code = ~np.arange(256, dtype=np.uint8)
    exponent = ((code >> 4) & 7).astype(np.int32)
    magnitude = (((code & 15).astype(np.int32) << 3) + 0x84 << exponent) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encoding_table() -> npt.NDArray[np.uint8]:
    """For every 16-bit sample (as unsigned index) the code whose value is nearest, ties to the louder."""
    samples = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    clipped = np.minimum(np.abs(samples), 32_635) + 0x84
    exponent = np.floor(np.log2(clipped)).astype(np.int32) - 7
    mantissa = (clipped >> (exponent + 3)) & 15
    sign = np.where(samples < 0, 0x80, 0)
    codes: npt.NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return codes


_DECODE, _ENCODE = _decoding_table(), _encoding_table()
_SQUARE = _DECODE.astype(np.float64) ** 2


def decode(mulaw: bytes) -> Samples:
    """μ-law bytes to 16-bit samples."""
    return _DECODE.take(np.frombuffer(mulaw, dtype=np.uint8))


def encode(samples: Samples) -> bytes:
    """16-bit samples to μ-law bytes."""
    return _ENCODE[samples.view(np.uint16)].tobytes()


def level_db(mulaw: bytes) -> float:
    """Root mean square level of μ-law bytes in dB below full scale; silence is -100."""
    if not mulaw:
        return -100.0
    # By a table of squares, without the samples: most frames of a call are silence, and this is all that is done with those.
    mean_square = float(_SQUARE.take(np.frombuffer(mulaw, dtype=np.uint8)).sum()) / len(mulaw)
    return max(-100.0, 10.0 * log10(mean_square + 1e-9) - 90.309)
