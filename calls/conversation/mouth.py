"""What Floyd says: clauses on their way to the callee's ear, and the transcript lines they make up.

A clause is *resolved* when it is known how much of it was heard. The transcript and the model's history hold what was heard, never more.
"""

from __future__ import annotations

from calls.conversation.effects import PressKeys, SaveLine, Say, StopSpeaking
from calls.conversation.outbox import Outbox
from calls.conversation.spoken import Clause, SpokenLine, lines_of, start_of_word, whole_words
from calls.conversation.transcript import LineNumbers, clean
from context.marking import noop

#: How long a clause may take to be voiced and played before we stop believing in it.
PATIENCE_MS, PATIENCE_MS_PER_CHAR = 10_000, 90
#: Speaking rate for a first estimate of what was heard, until the line reports it.
MS_PER_CHAR = 70


class Mouth:
    """Says clauses in order and keeps account of what was heard of them."""

    def __init__(self, outbox: Outbox, numbers: LineNumbers) -> None:
        self._outbox, self._numbers = outbox, numbers
        self._clauses: dict[str, Clause] = {}
        self._line_of: dict[str, SpokenLine] = {}
        self._unresolved: list[str] = []
        self._cut: list[Clause] = []  # not heard to their end; perhaps Floyd goes on there
        self._fresh: list[Clause] = []
        self._incomplete: dict[int, SpokenLine] = {}
        self._count = 0

    @property
    def busy(self) -> bool:
        """Whether something is queued or playing."""
        return bool(self._unresolved)

    @property
    def playing(self) -> bool:
        """Whether a clause has begun to be heard, and is not over."""
        return bool(self._unresolved) and self._clauses[self._unresolved[0]].started_ms is not None

    @property
    def waits_for_voice(self) -> bool:
        """Whether the next clause must still be made into sound; one that was rendered ahead, or that all waits for, does not count."""
        if not self._unresolved:
            return False
        clause = self._clauses[self._unresolved[0]]
        return clause.started_ms is None and clause.interruptible and not clause.cached

    @property
    def chars_left(self) -> int:
        """Length of what is queued or playing."""
        return sum(len(self._clauses[speech_id].text) for speech_id in self._unresolved)

    @property
    def heard_since_mark(self) -> bool:
        """Whether any word that was said since `mark` has been heard."""
        return any(clause.heard > 0 if clause.resolved else clause.started_ms is not None for clause in self._fresh)

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
        line = SpokenLine(self._numbers.next(), now_ms, now_ms)
        self._incomplete[line.seq] = line
        return line

    def mark(self) -> None:
        """From here on `heard_since_mark` counts."""
        self._fresh.clear()

    def say(self, line: SpokenLine, text: str, now_ms: int, *, interruptible: bool = True, cached: bool = False) -> Clause | None:
        """Queues a clause; the line is stored before it is spoken. Text without any word is dropped (None)."""
        text = clean(text)
        if not any(char.isalnum() for char in text):
            return None
        self._count += 1
        clause = Clause(self._count, text, interruptible, cached)
        line.clauses.append(clause)
        self._clauses[clause.speech_id], self._line_of[clause.speech_id] = clause, line
        self._unresolved.append(clause.speech_id)
        self._fresh.append(clause)
        self.forget_cut(now_ms)
        self._save(line, now_ms)
        self._outbox.add(Say(clause.speech_id, text, interruptible, cached))
        self._watch(now_ms)
        return clause

    def press(self, keys: str, now_ms: int) -> Clause:
        """Queues key tones; their line is a note in the transcript."""
        line = self.open_line(now_ms)
        line.keyed = True
        self._count += 1
        clause = Clause(self._count, keys, interruptible=False, cached=False)
        line.clauses.append(clause)
        self._clauses[clause.speech_id], self._line_of[clause.speech_id] = clause, line
        self._unresolved.append(clause.speech_id)
        self._save(line, now_ms)
        self._outbox.add(PressKeys(clause.speech_id, keys))
        self._watch(now_ms)
        self.complete(line, now_ms)
        return clause

    def is_keys(self, speech_id: str) -> bool:
        """Whether a clause is key tones: nothing to be said aloud."""
        line = self._line_of.get(speech_id)
        return line is not None and line.keyed

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
            self._incomplete.pop(line.seq, None)
            if line.clauses and line.whole:
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
        if not clause.resolved and clause.interruptible and clause.heard < len(clause.text):
            self._keep(clause)
        clause.stopped = False
        line = self._line_of[speech_id]
        line.end_ms = max(line.end_ms, end_ms)
        self._resolve(clause, now_ms)
        return clause

    def stop(self, now_ms: int, *, may_go_on: bool = False) -> None:
        """Stops everything that may be interrupted. What was heard is estimated from the time since a clause started, until the line reports it.

        Args:
            may_go_on: what is cut, now or a moment ago, may be taken up again (`resume`).
        """
        stopped = [self._clauses[speech_id] for speech_id in self._unresolved if self._clauses[speech_id].interruptible]
        if stopped:
            self._outbox.add(StopSpeaking())
        for clause in stopped:
            clause.stopped = True
            if clause.started_ms is not None:
                clause.heard = whole_words(clause.text, (now_ms - clause.started_ms) // MS_PER_CHAR)
            if may_go_on:
                self._keep(clause)
            self._resolve(clause, now_ms)
        if not may_go_on:
            self.forget_cut(now_ms)

    def resume(self, now_ms: int) -> SpokenLine | None:
        """Says what was cut, from the word at which it was: in its own line, or in a new one when somebody has spoken since.

        Returns the line in which Floyd goes on, to be completed; None when nothing is left to say.
        """
        cut = [clause for clause in self._cut if clause.heard < len(clause.text)]
        if not cut:
            self.forget_cut(now_ms)
            return None
        last = self._line_of[cut[-1].speech_id]
        new = self.open_line(now_ms) if last.seq != self._numbers.last else None
        before, self._cut = self._cut, []
        for clause in cut:
            self._go_on(clause, new or self._line_of[clause.speech_id], now_ms)
        for clause in before:
            clause.may_go_on = False
        for line in lines_of(before, self._line_of):
            self._save(line, now_ms)
        return new or last

    def _go_on(self, cut: Clause, line: SpokenLine, now_ms: int) -> None:
        if self.is_keys(cut.speech_id):
            if rest := cut.text[cut.heard :]:
                self.press(rest, now_ms)
            return
        at = start_of_word(cut.text, cut.heard)
        rest = cut.text[at:]
        if line is self._line_of[cut.speech_id]:
            cut.text = cut.text[:at].rstrip()
            cut.heard = len(cut.text)
            if not cut.text and cut in line.clauses:
                line.clauses.remove(cut)
        self.say(line, rest, now_ms, cached=cut.cached and not at)

    def forget_cut(self, now_ms: int) -> None:
        """What was cut is not taken up again."""
        cut, self._cut = self._cut, []
        for clause in cut:
            clause.may_go_on = False
        for line in lines_of(cut, self._line_of):
            self._save(line, now_ms)

    def _keep(self, clause: Clause) -> None:
        clause.may_go_on = True
        self._cut.append(clause)

    def fail(self, speech_id: str, now_ms: int, *, heard: int = 0) -> Clause | None:
        """A clause could not be voiced, or no further than `heard` characters. None for one that is resolved or unknown."""
        clause = self._clauses.get(speech_id)
        if clause is None or clause.resolved:
            return None
        clause.heard = min(max(heard, 0), len(clause.text))
        self._resolve(clause, now_ms)
        return clause

    def say_again(self, now_ms: int, failed: Clause | None = None, *, first: str = "") -> None:
        """Says anew what could not be voiced.

        Args:
            failed: the clause; None: all that waits for its voice.
            first: a fixed line to be said before it.
        """
        if self._unresolved and (first or failed is None or self._clauses[self._unresolved[-1]].number > failed.number):
            self.stop(now_ms, may_go_on=True)
        cut, self._cut = self._cut, []
        again = sorted([*cut, *([failed] if failed is not None else ())], key=lambda clause: clause.number)
        if first:
            self.say_line(first, now_ms)
        for clause in again:
            self._go_on(clause, self._line_of[clause.speech_id], now_ms)
            clause.may_go_on = False

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

    def close(self, now_ms: int) -> None:
        """Nothing will be said any more: every line is as whole as it gets."""
        self.give_up(now_ms)
        self.forget_cut(now_ms)
        for line in list(self._incomplete.values()):
            self.complete(line, now_ms)

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
        done = line.whole
        end_ms = max(line.start_ms, line.end_ms) if done else max(line.start_ms, now_ms)
        if line.keyed:
            self._outbox.add(SaveLine(line.seq, "system", noop("Pressed %(keys)s") % {"keys": line.intended}, line.start_ms, end_ms, final=done))
            return
        self._outbox.add(SaveLine(line.seq, "floyd", line.heard, line.start_ms, end_ms, intended=line.intended, final=done))
