"""A talk that goes round in circles: the same words of the callee get the same words from Floyd, again and again.

Two machines never tire of that. The model is told, because it alone can think of another way to put it; `other_machine` ends a talk that goes on
all the same.
"""

from __future__ import annotations

from collections import Counter

from calls.speech.phrases import words_of

#: Every so often that the same exchange takes place, the model is told.
ROUNDS = 3
_Words = tuple[str, ...]
NOTE = {
    "going_round": "the same was said and answered several times",
    "do": "do not say it again: ask in another way, settle for less, or thank them and end the call",
}


class Circles:
    """Counts exchanges: what the callee said, and what Floyd answered."""

    def __init__(self) -> None:
        self._times: Counter[tuple[_Words, _Words]] = Counter()
        self._heard: _Words = ()
        self._known: tuple[set[_Words], set[_Words]] = (set(), set())
        self._stale = 0

    @property
    def most(self) -> int:
        """How often the exchange that came most often took place."""
        return max(self._times.values(), default=0)

    @property
    def without_news(self) -> int:
        """How many exchanges in a row, up to now, held nothing that either side had not said before."""
        return self._stale

    def heard(self, texts: list[str]) -> None:
        """What the callee said before the next answer."""
        self._heard = tuple(words_of(" ".join(texts)))

    def closed_by(self, said: str) -> bool:
        """Whether Floyd's answer closes a circle. Each answer counts once, and only to words of the callee."""
        exchange, self._heard = (self._heard, tuple(words_of(said))), ()
        if not all(exchange):
            return False
        self._stale += 1
        for words, known in zip(exchange, self._known, strict=True):
            if words not in known:
                known.add(words)
                self._stale = 0
        self._times[exchange] += 1
        return self._times[exchange] % ROUNDS == 0
