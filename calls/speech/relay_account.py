"""What was heard of words that the carrier speaks for us: its reports, or the clock where it tells nothing, become events of the conversation.

    account.queue("s1", "Hello there.", interruptible=True)
    for clause in account.due(now_ms): send(clause); account.sent(clause.speech_id, now_ms)   # again whenever something changed
    events = account.agent_speaking(now_ms) | account.played(text, now_ms) | account.tick(now_ms)
    events = account.interrupted(heard, now_ms)          # the carrier dropped all that it had
    events = account.stop(now_ms)                        # we drop what was not sent: the carrier has no way to be told to stop

Only so much is sent ahead that nothing is missing when a clause ends: what is not sent can still be taken back.
The events are SpeechStarted and HeardUpTo, each clause resolved exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import HeardUpTo, SpeechStarted

SpokenEvent = SpeechStarted | HeardUpTo

#: How long the carrier's voice takes for a character, about, and for a key.
MS_PER_CHAR, MS_PER_KEY = 65, 250
#: From sending words to hearing them, about.
VOICE_DELAY_MS = 400
#: So much speech is at the carrier at most before another clause is sent.
LEAD_MS = 4_000
#: How long the carrier may be late with telling that a clause was heard before the clock alone counts.
GRACE_MS = 4_000
#: Words heard before are remembered so far, to find in them where an interrupted reply began.
MOST_REMEMBERED = 600


@dataclass(slots=True)
class Clause:
    """Words (or keys) on their way."""

    speech_id: str
    text: str
    interruptible: bool
    keyed: bool
    letters: str
    sent_ms: int | None = None
    started_ms: int | None = None
    heard: int = 0  # of the letters

    @property
    def whole_ms(self) -> int:
        """About how long it takes to say."""
        return MS_PER_KEY * len(self.letters) if self.keyed else MS_PER_CHAR * len(self.text)


def letters_of(text: str) -> str:
    """What counts of a text when it is compared with what was spoken: its letters, digits and keys."""
    return "".join(char for char in text.casefold() if char.isalnum() or char in "*#")


def place_of(text: str, letters: int) -> int:
    """Where in `text` its first so many letters (as `letters_of` counts) end."""
    count = 0
    for at, char in enumerate(text):
        if count >= letters:
            return at
        count += len(letters_of(char))
    return len(text)


class RelayAccount:
    """Keeps account of the clauses on their way to one callee's ear."""

    def __init__(self) -> None:
        self._clauses: list[Clause] = []  # unresolved, in order
        self._spoken = ""  # letters of clauses that were heard to their end
        self._told = False  # whether the carrier tells what it has played

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._clauses

    def queue(self, speech_id: str, text: str, *, interruptible: bool = True, keyed: bool = False) -> None:
        """A clause (or keys) to be said after those before it."""
        letters = letters_of(text).replace("w", "") if keyed else letters_of(text)
        self._clauses.append(Clause(speech_id, text, interruptible, keyed, letters))

    def said_by_carrier(self, text: str, now_ms: int) -> None:
        """The carrier says something by itself, before all else; nobody is told of it."""
        self._clauses.insert(0, Clause("", text, interruptible=False, keyed=False, letters=letters_of(text), sent_ms=now_ms))

    def due(self, now_ms: int) -> list[Clause]:
        """Clauses to be sent now, in order: as long as the carrier has little left to say."""
        found, lead = [], self.lead_ms(now_ms)
        for clause in self._clauses:
            if clause.sent_ms is not None:
                continue
            if lead >= LEAD_MS:
                break
            found.append(clause)
            lead += clause.whole_ms
        return found

    def lead_ms(self, now_ms: int) -> int:
        """About how much of what was sent is still to be heard."""
        lead = 0
        for clause in self._clauses:
            if clause.sent_ms is None:
                break
            gone = 0 if clause.started_ms is None else now_ms - clause.started_ms
            lead += max(0, clause.whole_ms - gone)
        return lead

    def sent(self, speech_id: str, now_ms: int) -> None:
        """A clause went to the carrier."""
        for clause in self._clauses:
            if clause.speech_id == speech_id:
                clause.sent_ms = now_ms

    def agent_speaking(self, now_ms: int) -> list[SpokenEvent]:
        """The carrier says that our words begin to be heard."""
        return self._start(self._clauses[0], now_ms) if self._clauses else []

    def played(self, text: str, now_ms: int) -> list[SpokenEvent]:
        """The carrier says that these words were heard. Words it writes differently count by their length."""
        self._told = True
        events: list[SpokenEvent] = []
        played = letters_of(text)
        while played and self._clauses and self._clauses[0].sent_ms is not None:
            clause = self._clauses[0]
            played = played.replace("w", "") if clause.keyed else played
            events += self._start(clause, now_ms)
            rest = clause.letters[clause.heard :]
            if not clause.speech_id and not played.startswith(rest) and not rest.startswith(played):
                events += self._finish(clause, now_ms)  # these words are ours, so what the carrier said before them is over
                continue
            clause.heard += min(len(played), len(rest))
            played = played[len(rest) :] if played.startswith(rest) else ""
            if clause.heard >= len(clause.letters):
                events += self._finish(clause, now_ms)
        return events

    def tick(self, now_ms: int) -> list[SpokenEvent]:
        """Time passed: what must have been heard though the carrier told nothing."""
        events: list[SpokenEvent] = []
        late_ms = GRACE_MS if self._told else 0
        while self._clauses and (sent_ms := self._clauses[0].sent_ms) is not None:
            clause = self._clauses[0]
            if clause.started_ms is None and now_ms >= sent_ms + max(late_ms, VOICE_DELAY_MS):
                events += self._start(clause, now_ms)
            if clause.started_ms is None or now_ms < clause.started_ms + clause.whole_ms + late_ms:
                break
            events += self._finish(clause, now_ms)
        return events

    def interrupted(self, heard: str, now_ms: int) -> list[SpokenEvent]:
        """The carrier fell silent and dropped all that it had; so is what was not sent yet.

        Args:
            heard: the last words that were heard, in the carrier's own account: of the sentence, or of all that belonged together.
        """
        left = self._heard_letters(letters_of(heard))
        events: list[SpokenEvent] = []
        for clause in list(self._clauses):
            count = min(left, len(clause.letters))
            left -= count
            if count:
                events += self._start(clause, now_ms)
            if count and count == len(clause.letters):
                events += self._finish(clause, now_ms)
            else:
                self._clauses.remove(clause)
                events += [HeardUpTo(clause.speech_id, place_of(clause.text, count), False, now_ms)] if clause.speech_id else []
        return events

    def stop(self, now_ms: int) -> list[SpokenEvent]:
        """Takes back what may be cut and was not sent. What was sent is heard, and reported on when it was."""
        taken = [clause for clause in self._clauses if clause.sent_ms is None and clause.interruptible]
        for clause in taken:
            self._clauses.remove(clause)
        return [HeardUpTo(clause.speech_id, 0, False, now_ms) for clause in taken]

    def _heard_letters(self, heard: str) -> int:
        """How many letters of what is on its way were heard by then."""
        sent = [clause for clause in self._clauses if clause.sent_ms is not None]
        on_its_way = "".join(clause.letters for clause in sent)
        confirmed = sent[0].heard if sent else 0
        if not heard:
            return confirmed
        everything, before = self._spoken + on_its_way, len(self._spoken)
        at = everything.find(heard)
        while at >= 0:
            if (end := at + len(heard) - before) >= confirmed:
                return end
            at = everything.find(heard, at + 1)
        return confirmed

    def _start(self, clause: Clause, now_ms: int) -> list[SpokenEvent]:
        if clause.started_ms is not None or clause.sent_ms is None:
            return []
        clause.started_ms = now_ms
        return [SpeechStarted(clause.speech_id)] if clause.speech_id else []

    def _finish(self, clause: Clause, now_ms: int) -> list[SpokenEvent]:
        self._clauses.remove(clause)
        self._spoken = (self._spoken + clause.letters)[-MOST_REMEMBERED:]
        heard = [HeardUpTo(clause.speech_id, len(clause.text), True, now_ms)] if clause.speech_id else []
        following = self._start(self._clauses[0], now_ms) if self._clauses else []
        return [*heard, *following]
