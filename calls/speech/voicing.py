"""How strongly a sound is voiced: vowels repeat themselves at the pitch of a voice; coughs, clicks, breath and hiss do not.

The measure is the highest peak of the autocorrelation between the lags of 60 and 400 Hz, freed of the window's own shape
(Boersma, "Accurate short-term analysis of the fundamental frequency", 1993). 30 µs a frame, so it is asked for only where it decides something.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from calls.speech.mulaw import Samples

Floats = npt.NDArray[np.floating]

RATE = 8_000
NEARLY = 0.85

_SAMPLES, _TRANSFORM = 320, 1024
_SHORTEST_LAG, _LONGEST_LAG = 20, 134  # 400 Hz and 60 Hz at 8 kHz
_WINDOW = np.hanning(_SAMPLES).astype(np.float32)


def _autocorrelation(samples: Floats) -> Floats:
    spectrum = np.fft.rfft(samples, _TRANSFORM)
    found: Floats = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)[:_LONGEST_LAG]
    return found


_OF_WINDOW: Floats = _autocorrelation(_WINDOW)
_OF_WINDOW /= _OF_WINDOW[0]


def periodicity(samples: Samples) -> float:
    """From 0 (noise) to about 1 (a steady vowel), for 40 ms."""
    peaks = _peaks(samples)
    return float(peaks.max()) if peaks is not None else 0.0


def pitch(samples: Samples) -> tuple[float, float]:
    """Periodicity of 40 ms, and the pitch in Hz: the shortest period that explains the sound nearly as well as the best, lest it be an octave low."""
    peaks = _peaks(samples)
    if peaks is None:
        return 0.0, 0.0
    best = float(peaks.max())
    lag = int(np.argmax(peaks >= NEARLY * best))
    while lag + 1 < peaks.size and peaks[lag + 1] > peaks[lag]:
        lag += 1
    return best, RATE / (lag + _SHORTEST_LAG)


def _peaks(samples: Samples) -> Floats | None:
    sound = samples.astype(np.float32)
    if sound.size != _SAMPLES:
        return None
    found = _autocorrelation((sound - sound.mean()) * _WINDOW)
    if found[0] <= 0:
        return None
    peaks: Floats = found[_SHORTEST_LAG:] / _OF_WINDOW[_SHORTEST_LAG:] / found[0]
    return peaks
