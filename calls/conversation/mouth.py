"""What Floyd says: clauses on their way to the callee's ear, and the transcript lines they make up.

A clause is *resolved* when it is known how much of it was heard. The transcript and the model's history hold what was heard, never more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from calls.conversation.effects import PressKeys, SaveLine, Say, StopSpeaking
from calls.conversation.outbox import Outbox
from calls.conversation.transcript import LineNumbers, clean

#: How long a clause may take to be voiced and played before we stop believing in it.
PATIENCE_MS, PATIENCE_MS_PER_CHAR = 10_000, 90
#: Speaking rate for a first estimate of what was heard, until the line reports it.
MS_PER_CHAR = 70


@dataclass(slots=True)
class Clause:
    """One `Say`."""

    speech_id: str
    text: str
    interruptible: bool
    cached: bool
    started_ms: int | None = None
    heard: int = 0
    resolved: bool = False
    stopped: bool = False  # stopped by us: the line's report may still correct `heard`

    @property
    def heard_text(self) -> str:
        """The words that reached the callee."""
        return self.text[: self.heard].rstrip()


@dataclass(slots=True)
class SpokenLine:
    """One transcript line of Floyd's: the clauses of a reply."""

    seq: int
    start_ms: int
    end_ms: int
    clauses: list[Clause] = field(default_factory=list)
    complete: bool = False  # no clause will be added
    keyed: bool = False  # key tones, no words

    @property
    def heard(self) -> str:
        """What was heard of it so far."""
        return " ".join(part for clause in self.clauses if (part := clause.heard_text))

    @property
    def intended(self) -> str:
        """All that was to be said."""
        return " ".join(clause.text for clause in self.clauses)

    @property
    def expected(self) -> str:
        """What will have been heard once what is still queued has played."""
        return " ".join(part for clause in self.clauses if (part := clause.heard_text if clause.resolved else clause.text))


class Mouth:
    """Says clauses in order and keeps account of what was heard of them."""

    def __init__(self, outbox: Outbox, numbers: LineNumbers) -> None:
        self._outbox, self._numbers = outbox, numbers
        self._clauses: dict[str, Clause] = {}
        self._line_of: dict[str, SpokenLine] = {}
        self._unresolved: list[str] = []
        self._cut: list[Clause] = []
        self._count = 0

    @property
    def busy(self) -> bool:
        """Whether something is queued or playing."""
        return bool(self._unresolved)

    @property
    def chars_left(self) -> int:
        """Length of what is queued or playing."""
        return sum(len(self._clauses[speech_id].text) for speech_id in self._unresolved)

    @property
    def asked_something(self) -> bool:
        """Whether the newest line holds a question that was, at least in part, heard."""
        if not self._line_of:
            return False
        line = next(reversed(self._line_of.values()))
        return any("?" in clause.text and clause.heard > len(clause.text) // 2 for clause in line.clauses)

    def line_of(self, speech_id: str) -> int:
        """Number of the transcript line a clause belongs to; 0 for an unknown clause."""
        line = self._line_of.get(speech_id)
        return line.seq if line else 0

    def open_line(self, now_ms: int) -> SpokenLine:
        """Begins a transcript line, to which clauses can be said."""
        return SpokenLine(self._numbers.next(), now_ms, now_ms)

    def say(self, line: SpokenLine, text: str, now_ms: int, *, interruptible: bool = True, cached: bool = False) -> Clause | None:
        """Queues a clause; the line is stored before it is spoken. Text without any word is dropped (None)."""
        text = clean(text)
        if not any(char.isalnum() for char in text):
            return None
        self._count += 1
        clause = Clause(f"s{self._count}", text, interruptible, cached)
        line.clauses.append(clause)
        self._clauses[clause.speech_id], self._line_of[clause.speech_id] = clause, line
        self._unresolved.append(clause.speech_id)
        self._cut.clear()
        self._save(line, now_ms)
        self._outbox.add(Say(clause.speech_id, text, interruptible, cached))
        self._watch(now_ms)
        return clause

    def press(self, keys: str, now_ms: int) -> Clause:
        """Queues key tones; their line is a note in the transcript."""
        line = self.open_line(now_ms)
        line.keyed = True
        self._count += 1
        clause = Clause(f"s{self._count}", keys, interruptible=False, cached=False)
        line.clauses.append(clause)
        self._clauses[clause.speech_id], self._line_of[clause.speech_id] = clause, line
        self._unresolved.append(clause.speech_id)
        self._save(line, now_ms)
        self._outbox.add(PressKeys(clause.speech_id, keys))
        self._watch(now_ms)
        self.complete(line, now_ms)
        return clause

    def say_line(self, text: str, now_ms: int, *, interruptible: bool = True, cached: bool = True) -> SpokenLine:
        """Says one whole line."""
        line = self.open_line(now_ms)
        self.say(line, text, now_ms, interruptible=interruptible, cached=cached)
        self.complete(line, now_ms)
        return line

    def complete(self, line: SpokenLine, now_ms: int) -> None:
        """Nothing will be added to a line."""
        if not line.complete:
            line.complete = True
            if line.clauses and all(clause.resolved for clause in line.clauses):
                self._save(line, now_ms)

    def started(self, speech_id: str, now_ms: int) -> None:
        """The first audio of a clause is being heard."""
        clause = self._clauses.get(speech_id)
        if clause is None or clause.started_ms is not None or clause.resolved:
            return
        clause.started_ms = now_ms
        line = self._line_of[speech_id]
        if clause is line.clauses[0]:
            line.start_ms = max(now_ms, line.start_ms)

    def heard(self, speech_id: str, heard: int, finished: bool, end_ms: int, now_ms: int) -> Clause | None:
        """The line's report on a clause; None when it tells nothing new."""
        clause = self._clauses.get(speech_id)
        if clause is None or (clause.resolved and not clause.stopped):
            return None
        clause.heard = len(clause.text) if finished else min(max(heard, 0), len(clause.text))
        if not clause.resolved and clause.heard < len(clause.text):
            self._cut.append(clause)
        clause.stopped = False
        line = self._line_of[speech_id]
        line.end_ms = max(line.end_ms, end_ms)
        self._resolve(clause, now_ms)
        return clause

    def stop(self, now_ms: int) -> None:
        """Stops everything that may be interrupted. What was heard is estimated from the time since a clause started, until the line reports it."""
        stopped = [self._clauses[speech_id] for speech_id in self._unresolved if self._clauses[speech_id].interruptible]
        if stopped:
            self._outbox.add(StopSpeaking())
        for clause in stopped:
            clause.stopped = True
            if clause.started_ms is not None:
                clause.heard = _whole_words(clause.text, (now_ms - clause.started_ms) // MS_PER_CHAR)
            self._resolve(clause, now_ms)

    def fail(self, speech_id: str, now_ms: int) -> Clause | None:
        """A clause could not be voiced: nothing of it was heard. None for one that is resolved or unknown."""
        clause = self._clauses.get(speech_id)
        if clause is None or clause.resolved:
            return None
        self._resolve(clause, now_ms)
        return clause

    def say_again(self, failed: Clause, now_ms: int) -> None:
        """Says a clause that failed once more, and behind it what is still queued of its line; what plays already is stopped for it."""
        line = self._line_of[failed.speech_id]
        behind = [clause for clause in line.clauses[line.clauses.index(failed) + 1 :] if not clause.resolved]
        if self._unresolved:
            self.stop(now_ms)
        again = [failed, *(clause for clause in behind if clause.resolved)]
        for clause in again:
            line.clauses.remove(clause)
            clause.heard = 0
        for clause in again:
            self.say(line, clause.text, now_ms, interruptible=clause.interruptible, cached=clause.cached)

    def was_stopped(self, speech_id: str) -> bool:
        """Whether we stopped a clause ourselves and wait for the report on it."""
        clause = self._clauses.get(speech_id)
        return clause is not None and clause.stopped

    def give_up(self, now_ms: int) -> list[Clause]:
        """Stops waiting for reports on what is queued; returns the clauses given up."""
        lost = [self._clauses[speech_id] for speech_id in self._unresolved]
        for clause in lost:
            clause.stopped = True
            self._resolve(clause, now_ms)
        return lost

    def take_unheard(self) -> list[str]:
        """Texts that were cut since something new was said, each from its beginning: what is left to say after a false alarm."""
        cut, self._cut = self._cut, []
        return [clause.text for clause in cut]

    def line_with(self, speech_id: str) -> SpokenLine | None:
        """The transcript line a clause belongs to."""
        return self._line_of.get(speech_id)

    def _resolve(self, clause: Clause, now_ms: int) -> None:
        clause.resolved = True
        if clause.speech_id in self._unresolved:
            self._unresolved.remove(clause.speech_id)
        self._save(self._line_of[clause.speech_id], now_ms)
        if self._unresolved:
            self._watch(now_ms)
        else:
            self._outbox.cancel_timer("speech")

    def _watch(self, now_ms: int) -> None:
        self._outbox.start_timer("speech", now_ms + PATIENCE_MS + PATIENCE_MS_PER_CHAR * self.chars_left)

    def _save(self, line: SpokenLine, now_ms: int) -> None:
        done = line.complete and all(clause.resolved for clause in line.clauses)
        end_ms = max(line.start_ms, line.end_ms) if done else max(line.start_ms, now_ms)
        if line.keyed:
            self._outbox.add(SaveLine(line.seq, "system", f"Pressed {line.intended}", line.start_ms, end_ms, final=done))
            return
        self._outbox.add(SaveLine(line.seq, "floyd", line.heard, line.start_ms, end_ms, intended=line.intended, final=done))


def _whole_words(text: str, chars: int) -> int:
    """The greatest length up to `chars` that ends with a word."""
    if chars >= len(text):
        return len(text)
    space = text.rfind(" ", 0, max(chars, 0) + 1)
    return max(space, 0)
