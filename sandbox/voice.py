"""The sandbox's voice: espeak-ng out of its wheel, driven through ctypes.

The library keeps one global synthesiser and is not thread-safe, so one lock stands round it. What was said once is cached.
"""

from __future__ import annotations

import ctypes
import threading
from functools import lru_cache

import espeakng_loader
import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.int16]

DEFAULT_VOICE = "en-us"
DEFAULT_RATE = 165  # words a minute
PEAK = 14_000  # every utterance is as loud as the next, with room above

_SYNCHRONOUS = 2
_CHARS_UTF8 = 1
_RATE_PARAMETER = 1
_IPA = 0x02
_NO_EXIT = 0x8000
_CallbackType = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class VoiceError(RuntimeError):
    """espeak-ng could not be loaded, or does not know a voice."""


class _Synthesiser:
    """The one espeak-ng of this process. Every method takes the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._library: ctypes.CDLL | None = None
        self._pieces: list[Samples] = []
        self._callback = _CallbackType(self._take)  # kept: the library holds a bare pointer to it
        self.native_rate = 22_050

    def _take(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        return 0

    def _loaded(self) -> ctypes.CDLL:
        if self._library is None:
            library = ctypes.CDLL(espeakng_loader.get_library_path())
            library.espeak_TextToPhonemes.restype = ctypes.c_char_p
            rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _NO_EXIT)
            if rate <= 0:
                raise VoiceError("espeak-ng did not start: reinstall the package espeakng-loader.")
            self.native_rate = rate
            library.espeak_SetSynthCallback(self._callback)
            self._library = library
        return self._library

    def _choose(self, library: ctypes.CDLL, voice: str) -> None:
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise VoiceError(f"espeak-ng has no voice {voice!r}.")

    def samples(self, text: str, voice: str, rate: int) -> Samples:
        """Sound of `text` at the native rate."""
        with self._lock:
            library = self._loaded()
            self._choose(library, voice)
            library.espeak_SetParameter(_RATE_PARAMETER, rate, 0)
            self._pieces = []
            data = text.encode()
            if library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _CHARS_UTF8, None, None) != 0:
                raise VoiceError("espeak-ng could not speak a text.")
            library.espeak_Synchronize()
            return np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.int16)

    def phonemes(self, text: str, voice: str) -> str:
        """Pronunciation of `text` in the International Phonetic Alphabet."""
        with self._lock:
            library = self._loaded()
            self._choose(library, voice)
            said: list[str] = []
            pointer = ctypes.c_char_p(text.encode())
            while pointer.value is not None:
                said.append((library.espeak_TextToPhonemes(ctypes.byref(pointer), _CHARS_UTF8, _IPA) or b"").decode())
            return " ".join(said)


_synthesiser = _Synthesiser()


@lru_cache(maxsize=400)
def _spoken(text: str, voice: str, rate: int, sample_rate: int) -> Samples:
    sound = _synthesiser.samples(text, voice, rate).astype(np.float32)
    loudest = float(np.abs(sound).max()) if sound.size else 0.0
    if loudest:
        sound *= PEAK / loudest
    if sound.size and sample_rate != _synthesiser.native_rate:
        sound = soxr.resample(sound, _synthesiser.native_rate, sample_rate)
    samples = np.clip(sound, -32_768, 32_767).astype(np.int16)
    samples.flags.writeable = False  # shared by all who ask for it
    return samples


def say(text: str, *, voice: str = DEFAULT_VOICE, rate: int = DEFAULT_RATE, sample_rate: int = 8000) -> Samples:
    """Speaks `text`.

    Args:
        voice: an espeak-ng voice, optionally with a variant, e.g. en-us, en-gb, en-us+f3.
        rate: words a minute.
        sample_rate: of the result, in Hz.

    Returns:
        Mono samples, read-only. Takes about a hundredth of the time that the sound lasts; run it in a thread from asyncio.
    """
    return _spoken(text, voice, rate, sample_rate)


def phonemes(text: str, *, voice: str = DEFAULT_VOICE) -> str:
    """Pronunciation of `text` in the International Phonetic Alphabet, as the voice would speak it."""
    return _synthesiser.phonemes(text, voice)


def _decode_table() -> Samples:
    """ITU-T G.711: μ-law byte → 16-bit sample."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


_DECODE = _decode_table()


def _encode_table() -> NDArray[np.uint8]:
    """Nearest μ-law byte for every 16-bit sample, indexed by its two's complement."""
    order = np.argsort(_DECODE, kind="stable")
    levels = _DECODE[order].astype(np.int32)
    middles = (levels[1:] + levels[:-1] + 1) // 2
    samples = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    table = order[np.searchsorted(middles, samples, side="right")].astype(np.uint8)
    table[0] = 0xFF  # of the two zeros, the one that carriers send as silence
    return table


_ENCODE = _encode_table()


def mulaw_encode(samples: Samples) -> bytes:
    """16-bit samples → μ-law bytes, one each."""
    return _ENCODE[samples.view(np.uint16) if samples.dtype == np.int16 else samples.astype(np.int16).view(np.uint16)].tobytes()


def mulaw_decode(data: bytes) -> Samples:
    """μ-law bytes → 16-bit samples, one each."""
    return _DECODE[np.frombuffer(data, np.uint8)]
