"""What the callee has heard of Floyd, worked out from the audio sent, the carrier's marks and the clock. Pure.

How to drive it, for each clause of the conversation (`Say`), in order:

    account.queue(speech_id, text, interruptible=…)
    account.sent(speech_id, len(chunk), now_ms)        # whenever μ-law audio of it went to the carrier
    name = account.all_sent(speech_id, now_ms)         # send a mark of that name behind it
    events += account.mark_returned(name, now_ms)      # late, unknown and repeated names are harmless
    events += account.tick(now_ms)                     # every 20 to 100 ms
    events += account.failed(speech_id)                # its voice failed before any audio
    name = account.broke_off(speech_id)                # its voice failed after some: send a mark of that name, and nothing behind it yet
    events += account.clear(now_ms)                    # right after sending `clear`; also drops clauses of which nothing was sent
    events += account.lost(now_ms)                     # the stream broke: nothing more of what was sent is heard

The events are the conversation's: SpeechStarted, HeardUpTo and SpeechFailed, each clause resolved exactly once.
The carrier clears everything or nothing: while `protected`, a clause that may not be cut is on its way, so do not clear, and send nothing behind
it until `protected` is false again. `playing` tells whether Floyd is heard now, for the turn taker.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import HeardUpTo, SpeechFailed, SpeechStarted
from calls.speech.mulaw import BYTES_PER_MS

PlaybackEvent = SpeechStarted | HeardUpTo | SpeechFailed

#: Time for a mark to come back before the clock alone counts.
MARK_GRACE_MS = 1_500
#: Length of speech that has not been sent yet, for a first estimate.
MS_PER_CHAR = 65
#: So many characters tell how fast a voice really speaks.
ENOUGH_CHARS = 40


@dataclass(slots=True)
class _Clause:
    speech_id: str
    text: str
    interruptible: bool
    mark: str
    sent_bytes: int = 0
    starts_ms: int | None = None
    ends_ms: int = 0
    gaps_ms: int = 0  # silence inside it, where audio came too late
    complete: bool = False
    started: bool = False
    broken: bool = False  # complete in that no more audio of it will come
    permanent: bool = False


class PlaybackAccount:
    """Keeps account of the clauses on their way to one callee's ear.

    Args:
        line_delay_ms: how long audio takes to the callee beyond what the carrier's clock shows.
    """

    def __init__(self, *, line_delay_ms: int = 0) -> None:
        self._line_delay_ms = line_delay_ms
        self._clauses: list[_Clause] = []  # unresolved, in order of playing
        self._end_ms = 0  # when all that was sent will have played
        self._marks = 0
        self._whole_ms = self._whole_chars = 0  # of the clauses that were sent to their end: how fast this voice speaks

    @property
    def protected(self) -> bool:
        """Whether a clause that may not be cut is on its way."""
        return any(not clause.interruptible for clause in self._clauses)

    @property
    def idle(self) -> bool:
        """Whether nothing is queued or playing."""
        return not self._clauses

    def playing(self, now_ms: int) -> bool:
        """Whether Floyd is heard at `now_ms`."""
        return any(clause.starts_ms is not None and clause.starts_ms <= now_ms < clause.ends_ms for clause in self._clauses)

    def now_playing(self) -> tuple[str, bool] | None:
        """Text of the clause whose audio is playing or first in line, and whether it may be cut."""
        clause = next((clause for clause in self._clauses if clause.started), None)
        return (clause.text, clause.interruptible) if clause is not None else None

    def lead_ms(self, now_ms: int) -> int:
        """How much sound the carrier still has to play."""
        return max(0, self._end_ms - now_ms)

    def heard_ms(self, speech_id: str, now_ms: int) -> int:
        """How much sound of a clause has been heard; 0 for one that is gone."""
        clause = self._find(speech_id)
        return 0 if clause is None else _heard_ms(clause, now_ms)

    def queue(self, speech_id: str, text: str, *, interruptible: bool = True) -> None:
        """A clause is to be said after those before it."""
        self._marks += 1
        self._clauses.append(_Clause(speech_id, text, interruptible, f"{speech_id}.{self._marks}"))

    def sent(self, speech_id: str, nbytes: int, now_ms: int) -> None:
        """Audio of a clause went to the carrier, which plays it behind all that it has."""
        clause = self._find(speech_id)
        if clause is None or nbytes <= 0:
            return
        begins = max(now_ms + self._line_delay_ms, self._end_ms)
        if clause.starts_ms is None:
            clause.starts_ms = begins
        else:
            clause.gaps_ms += max(0, begins - clause.ends_ms)
        clause.sent_bytes += nbytes
        clause.ends_ms = self._end_ms = begins + -(-nbytes // BYTES_PER_MS)

    def all_sent(self, speech_id: str, now_ms: int) -> str:
        """All audio of a clause was sent; returns the name of the mark to send behind it ("" for a clause that is gone)."""
        clause = self._find(speech_id)
        if clause is None:
            return ""
        clause.complete = True
        if clause.starts_ms is None:
            clause.starts_ms = clause.ends_ms = max(now_ms, self._end_ms)
        return clause.mark

    def mark_returned(self, name: str, now_ms: int) -> list[PlaybackEvent]:
        """The carrier played all up to a mark, and so all clauses before it too."""
        at = next((index for index, clause in enumerate(self._clauses) if clause.mark == name and clause.complete), None)
        if at is None:
            return []
        return [event for clause in self._clauses[: at + 1] for event in self._finish(clause, now_ms)]

    def tick(self, now_ms: int) -> list[PlaybackEvent]:
        """Time passed: what started, and what must have ended though its mark never came."""
        events: list[PlaybackEvent] = []
        for clause in list(self._clauses):
            if clause.starts_ms is None or clause.starts_ms > now_ms:
                break
            events += self._start(clause)
            if clause.complete and now_ms >= clause.ends_ms + MARK_GRACE_MS:
                events += self._finish(clause, clause.ends_ms)
        return events

    def clear(self, now_ms: int) -> list[PlaybackEvent]:
        """The carrier's buffer was cleared: what was heard of each clause that may be cut. The marks it returns for them say nothing."""
        events: list[PlaybackEvent] = []
        for clause in list(self._clauses):
            if clause.interruptible:
                events += self._cut(clause, now_ms)
        self._end_ms = max((clause.ends_ms for clause in self._clauses), default=now_ms)
        return events

    def lost(self, now_ms: int) -> list[PlaybackEvent]:
        """What was sent and not heard yet is gone, whether it may be cut or not: the conversation says the rest again."""
        events: list[PlaybackEvent] = []
        for clause in [clause for clause in self._clauses if clause.starts_ms is not None]:
            for event in self._cut(clause, now_ms):
                unheard = isinstance(event, HeardUpTo) and not event.finished
                events.append(SpeechFailed(clause.speech_id, heard=event.heard) if unheard and isinstance(event, HeardUpTo) else event)
        self._end_ms = now_ms
        return events

    def failed(self, speech_id: str, *, permanent: bool = False) -> list[PlaybackEvent]:
        """A clause could not be voiced at all; the conversation decides whether it is said again."""
        clause = self._find(speech_id)
        if clause is None:
            return []
        self._clauses.remove(clause)
        return [SpeechFailed(speech_id, permanent)]

    def broke_off(self, speech_id: str, *, permanent: bool = False) -> str:
        """A clause could not be voiced to its end. What was sent plays; then SpeechFailed tells how far it came. Returns its mark."""
        clause = self._find(speech_id)
        if clause is None:
            return ""
        clause.complete = clause.broken = True
        clause.permanent = permanent
        return clause.mark

    def _find(self, speech_id: str) -> _Clause | None:
        return next((clause for clause in self._clauses if clause.speech_id == speech_id), None)

    def _start(self, clause: _Clause) -> list[PlaybackEvent]:
        if clause.started:
            return []
        clause.started = True
        return [SpeechStarted(clause.speech_id)]

    def _finish(self, clause: _Clause, now_ms: int) -> list[PlaybackEvent]:
        self._clauses.remove(clause)
        if clause.broken:
            return [*self._start(clause), SpeechFailed(clause.speech_id, clause.permanent, self._voiced(clause))]
        self._whole_ms += clause.sent_bytes // BYTES_PER_MS
        self._whole_chars += len(clause.text)
        return [*self._start(clause), HeardUpTo(clause.speech_id, len(clause.text), True, now_ms)]

    def _voiced(self, clause: _Clause) -> int:
        """Characters of a clause that broke off which were voiced. The last word never counts: a word said twice is better than one that is lost."""
        per_char = self._whole_ms / self._whole_chars if self._whole_chars >= ENOUGH_CHARS else MS_PER_CHAR
        but_last = len(clause.text.rstrip().rpartition(" ")[0])
        return min(heard_characters(clause.text, clause.sent_bytes // BYTES_PER_MS, int(per_char * len(clause.text))), but_last)

    def _cut(self, clause: _Clause, now_ms: int) -> list[PlaybackEvent]:
        heard_ms = _heard_ms(clause, now_ms)
        whole_ms = clause.sent_bytes // BYTES_PER_MS
        if not clause.complete or clause.broken:
            whole_ms = max(whole_ms, MS_PER_CHAR * len(clause.text))
        finished = clause.complete and not clause.broken and heard_ms >= whole_ms
        heard = len(clause.text) if finished else heard_characters(clause.text, heard_ms, whole_ms)
        self._clauses.remove(clause)
        started = self._start(clause) if heard_ms else []
        return [*started, HeardUpTo(clause.speech_id, heard, finished, now_ms)]


def _heard_ms(clause: _Clause, now_ms: int) -> int:
    if clause.starts_ms is None:
        return 0
    return min(max(0, now_ms - clause.starts_ms - clause.gaps_ms), clause.sent_bytes // BYTES_PER_MS)


def heard_characters(text: str, heard_ms: int, whole_ms: int) -> int:
    """Characters of `text` heard after `heard_ms` of `whole_ms`: in proportion, back to the end of the last whole word."""
    if whole_ms <= 0 or heard_ms <= 0:
        return 0
    share = len(text) * min(heard_ms, whole_ms) // whole_ms
    if share >= len(text) or text[share].isspace():
        return share
    space = max((index for index in range(share, -1, -1) if text[index].isspace()), default=0)
    return len(text[:space].rstrip())
