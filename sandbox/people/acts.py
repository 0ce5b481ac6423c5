"""What a person does in a call, one thing after the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SoundKind(StrEnum):
    """Sounds that are no speech."""

    MUSIC = "music"
    BEEP = "beep"
    RING = "ring"
    COUGH = "cough"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak, `pause_ms` after the moment the act was handed out.

    Attributes:
        voice, rate: an espeak-ng voice and words a minute; empty and 0: the person's own.
        over: whether they also begin while the other side talks.
        clarity: 1 is plain speech, towards 0 it becomes a mumble; 0: the person's own.
        loudness: 1 is as loud as everybody else.
    """

    text: str
    pause_ms: int = 0
    voice: str = ""
    rate: int = 0
    over: bool = False
    clarity: float = 0.0
    loudness: float = 1.0


@dataclass(frozen=True, slots=True)
class Sound:
    """Make a sound, or be silent, for so long."""

    kind: SoundKind
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Keys:
    """Press keys of the phone."""

    digits: str
    pause_ms: int = 0


@dataclass(frozen=True, slots=True)
class Quiet:
    """Fall silent at once, and forget what was still to be said."""


@dataclass(frozen=True, slots=True)
class Record:
    """From here on what the caller says is kept, as a mailbox does; what they said before is not."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Put the phone down, after everything said before it was spoken."""

    pause_ms: int = 0


Act = Say | Sound | Keys | Quiet | Record | HangUp
