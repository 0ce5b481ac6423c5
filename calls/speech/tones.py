"""Key tones in band: two sines a key (ITU-T Q.23), as μ-law at 8 kHz, long and loud enough for any phone menu (ITU-T Q.24).

Full scale of a μ-law sine is +3.17 dBm0; each of the two tones is sent at about -10 dBm0, so their sum stays 7 dB below clipping.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from calls.speech import mulaw

RATE = 8000
#: Hz of rows and columns of the key pad.
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477)
_PAD = "123456789*0#"
ON_MS, OFF_MS, PAUSE_MS = 100, 100, 500
#: Peak of a sine at -10 dBm0: 13.17 dB below the one that fills 16 bits.
PEAK = round(32_124 * 10 ** (-13.17 / 20))
#: Edges that do not click; far shorter than the 40 ms a receiver needs.
_EDGE = RATE * 4 // 1000


@lru_cache(maxsize=len(_PAD))
def key(name: str) -> bytes:
    """One key: 100 ms of tone and 100 ms of silence.

    Raises:
        ValueError: there is no such key.
    """
    row, column = divmod(_PAD.index(name), 3)
    times = np.arange(RATE * ON_MS // 1000) / RATE
    wave = PEAK * (np.sin(2 * np.pi * ROWS[row] * times) + np.sin(2 * np.pi * COLUMNS[column] * times))
    edge = np.linspace(0.0, 1.0, _EDGE)
    wave[:_EDGE] *= edge
    wave[-_EDGE:] *= edge[::-1]
    return mulaw.encode(wave.astype(np.int16)) + mulaw.SILENCE * (OFF_MS * mulaw.BYTES_PER_MS)


def keys(names: str) -> bytes:
    """Several keys one after the other; `w` waits half a second. Raises ValueError for anything but 0-9, * and #."""
    return b"".join(mulaw.SILENCE * (PAUSE_MS * mulaw.BYTES_PER_MS) if name == "w" else key(name) for name in names)
