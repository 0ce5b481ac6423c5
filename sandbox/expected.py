"""What may be said next: registries that stand-ins grow while others listen.

The sandbox's ears only understand phrases they expect. So whoever is about to speak (Floyd's voice, a person at the vendor's phone
who types) says so here first; ears look at the beginning of each utterance.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field


class Phrases:
    """A bounded set of phrases; the oldest give way. Safe to use from several threads.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int = 60) -> None:
        self._most = most
        self._phrases: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()
        self.version = 0

    def add(self, *texts: str) -> None:
        """Somebody may say these, whole or sentence by sentence."""
        with self._lock:
            for text in texts:
                self.version += text not in self._phrases
                self._phrases[text] = None
                self._phrases.move_to_end(text)
            while len(self._phrases) > self._most:
                self._phrases.popitem(last=False)

    def all(self) -> tuple[str, ...]:
        """The phrases, oldest first."""
        with self._lock:
            return tuple(self._phrases)


@dataclass(frozen=True, slots=True)
class Expected:
    """Who may say what.

    Attributes:
        floyd: what Floyd's voice was just asked to say; for the callees' ears.
        callee: what a human at a vendor's phone typed or is about to say; for the recogniser of calls.
        user: what a user may say into the browser's microphone, besides the known asks.
    """

    floyd: Phrases = field(default_factory=Phrases)
    callee: Phrases = field(default_factory=Phrases)
    user: Phrases = field(default_factory=Phrases)
