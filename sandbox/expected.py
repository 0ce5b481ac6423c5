"""What may be said next: registries that stand-ins grow while others listen.

The sandbox's ears only understand phrases they expect. So whoever is about to speak (Floyd's voice, a person at the vendor's phone
who types) says so here first; ears look at the beginning of each utterance.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


class Phrases:
    """A bounded set of phrases; the oldest give way. Safe to use from several threads.

    Args:
        most: how many are kept. More than an application says before it repeats something that it keeps the sound of: its fixed lines alone
            are some dozens, and a line that was forgotten would not be understood the second time.
    """

    def __init__(self, most: int = 200) -> None:
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


class OnThePhone:
    """What callees may say: the sentences of everybody who is on the phone now; of anybody as long as nobody is.

    Args:
        everybody: the sentences of all people there are.
        others: what humans type, and the like.
    """

    def __init__(self, everybody: Iterable[str], others: Phrases) -> None:
        self._everybody = tuple(dict.fromkeys(everybody))
        self._others = others
        self._talking: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._growing: dict[int, Phrases] = {}
        self._changes = 0

    @property
    def version(self) -> int:
        """Changes with the phrases."""
        return self._changes + self._others.version + sum(phrases.version for phrases in self._growing.values())

    def join(self, name: str, sentences: Iterable[str]) -> Callable[[], None]:
        """Somebody has picked up; what is returned puts their phone down."""
        self._changes += 1
        place = self._changes
        self._talking[place] = name.casefold(), tuple(sentences)

        def leave() -> None:
            self._changes += self._talking.pop(place, None) is not None

        return leave

    def join_growing(self, sentences: Iterable[str], phrases: Phrases) -> Callable[[], None]:
        """Somebody has picked up who may say `sentences`, and whatever else is added to `phrases`; what is returned puts their phone down."""
        leave = self.join("", sentences)
        place = self._changes
        self._growing[place] = phrases

        def leave_growing() -> None:
            # The version never comes back to one that was there before.
            grown = self._growing.pop(place, None)
            self._changes += grown.version if grown is not None else 0
            leave()

        return leave_growing

    def all(self, hints: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """The phrases. When one of the people is named among the `hints` (in lower case), only theirs."""
        talking = [*self._talking.values(), *(("", phrases.all()) for phrases in self._growing.values())]
        hinted = [sentences for name, sentences in talking if name in hints]
        known = hinted or [sentences for _, sentences in talking] or [self._everybody]
        return tuple(dict.fromkeys((*(sentence for sentences in known for sentence in sentences), *self._others.all())))


class Hinted:
    """The same, for an ear that was told phrases to listen for.

    Args:
        hints: phrases that are likely to be heard, such as the name of who was called.
    """

    def __init__(self, on_the_phone: OnThePhone, hints: Iterable[str]) -> None:
        self._on_the_phone = on_the_phone
        self._hints = frozenset(hint.casefold() for hint in hints)

    @property
    def version(self) -> int:
        """Changes with the phrases."""
        return self._on_the_phone.version

    def all(self) -> tuple[str, ...]:
        """The phrases."""
        return self._on_the_phone.all(self._hints)


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
