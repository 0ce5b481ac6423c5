"""A call whose sound is kept: they speak at 2 kHz left, Floyd at 500 Hz right, so that any player and any test can tell them apart."""

from __future__ import annotations

import numpy as np

from calls.models import Call
from calls.recording.models import SoundChunk
from calls.speech.mulaw import SILENCE, encode

RATE_HZ = 8_000
THEIRS_HZ, OURS_HZ = 2_000, 500


def tone(hz: int, ms: int) -> bytes:
    """A tone in μ-law."""
    times = np.arange(ms * RATE_HZ // 1000) / RATE_HZ
    return encode((8_000 * np.sin(2 * np.pi * hz * times)).astype(np.int16))


def with_sound(call: Call, *, begins_ms: int = 3_000, lost_ms: int = 0) -> Call:
    """Twelve seconds in two pieces, a pause of two seconds between them: in the first Floyd speaks, in the second they do."""
    quiet = SILENCE * (6_000 * RATE_HZ // 1000)
    SoundChunk.objects.create(call=call, after_line=0, start_ms=begins_ms, lost_ms=0, theirs=quiet, ours=tone(OURS_HZ, 6_000))
    SoundChunk.objects.create(call=call, after_line=0, start_ms=begins_ms + 8_000, lost_ms=lost_ms, theirs=tone(THEIRS_HZ, 6_000), ours=quiet)
    Call.objects.filter(pk=call.pk).update(recording="off")
    call.refresh_from_db()
    return call
