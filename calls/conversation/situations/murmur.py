"""Voices that are not for us: a noisy line, a television, two people who talk to each other. Asked about a few times, then the call is given up.

A misunderstanding now and then is the Hearer's; this counts what keeps coming back although something is understood in between.
"""

from __future__ import annotations

from collections import deque

#: So many utterances without (certain) words within a minute are a line on which nobody can talk.
WINDOW_MS, MOST_UNCLEAR = 60_000, 6
#: Floyd is spoken over so often in a row, without one clause heard to its end: they are not talking to it.
MOST_OVER_FLOYD = 4
#: How often Floyd asks them to say it again, before it gives up.
MOST_ASKED = 2


class Murmur:
    """Counts."""

    def __init__(self) -> None:
        self._unclear: deque[int] = deque()
        self._over_floyd = 0
        self._asked = 0

    def unclear(self, now_ms: int) -> bool:
        """An utterance of which little or nothing was made out; True when there were too many."""
        self._unclear.append(now_ms)
        while self._unclear[0] < now_ms - WINDOW_MS:
            self._unclear.popleft()
        return len(self._unclear) >= MOST_UNCLEAR

    def over_floyd(self) -> bool:
        """Floyd was spoken over; True when it is time to ask who is talking."""
        self._over_floyd += 1
        return self._over_floyd >= MOST_OVER_FLOYD

    def listened(self) -> None:
        """Something that Floyd said was heard to its end."""
        self._over_floyd = 0

    def ask(self) -> bool:
        """Floyd asks again; False when it has asked often enough."""
        self._over_floyd = 0
        self._asked += 1
        return self._asked <= MOST_ASKED
