"""Numbers of transcript lines, shared by everyone who speaks, and what people say into it."""

from __future__ import annotations

import unicodedata

from calls.conversation.effects import SaveLine
from calls.conversation.outbox import Outbox


def clean(text: str) -> str:
    """`text` without control, invisible and direction-changing characters, in compatibility form, with single spaces."""
    if text.isascii() and text.isprintable():  # nearly all that is said; there is nothing else to be done to it
        return " ".join(text.split())
    plain = unicodedata.normalize("NFKC", text)
    kept = (" " if char in "\t\n\r" else char for char in plain if char in "\t\n\r" or unicodedata.category(char)[0] != "C")
    return " ".join("".join(kept).split())


class LineNumbers:
    """Hands out transcript line numbers: 1, 2, 3, … behind those of the call's lines `before`."""

    def __init__(self, before: int = 0) -> None:
        self.last = before

    def next(self) -> int:
        """The next number."""
        self.last += 1
        return self.last


class Utterances:
    """A person's utterances as transcript lines. One line per utterance, kept up to date while it grows.

    Args:
        speaker: callee; or user, when they speak into the line.
    """

    def __init__(self, outbox: Outbox, numbers: LineNumbers, speaker: str = "callee") -> None:
        self._outbox, self._numbers, self._speaker = outbox, numbers, speaker
        self._seq = 0
        self._before = ""  # what an utterance that was opened again said up to then
        self.text = ""  # of the utterance that goes on; without `_before`
        self.start_ms = 0
        self.last_seq = 0
        self.last_text = ""  # all of the last utterance

    @property
    def open(self) -> bool:
        """Whether an utterance has words, or had some before it was opened again, but is not over."""
        return bool(self._seq)

    @property
    def reopened(self) -> bool:
        """Whether what goes on is the rest of an utterance that seemed to be over."""
        return bool(self._before)

    def reopen(self) -> None:
        """The last utterance goes on: what comes now belongs to its line."""
        if not self._seq and self.last_seq:
            self._seq, self._before = self.last_seq, self.last_text

    def saying(self, text: str, start_ms: int, now_ms: int) -> None:
        """Words of an utterance that still goes on."""
        text = clean(text)
        if not text or text == self.text:
            return
        if not self._seq:
            self._seq, self.start_ms = self._numbers.next(), max(0, start_ms)
        self.text = text
        whole = f"{self._before} {text}".lstrip()
        self._save(self._seq, whole, now_ms, final=False)

    def said(self, text: str, start_ms: int, end_ms: int) -> int:
        """The utterance is over; returns its line, 0 when there were no words at all. A withdrawn text keeps the words last heard."""
        text = f"{self._before} {clean(text) or self.text}".strip()
        if not text:
            return 0
        if not self._seq:
            self._seq, self.start_ms = self._numbers.next(), max(0, start_ms)
        seq = self._seq
        self._save(seq, text, end_ms, final=True)
        self._seq, self._before, self.text, self.last_seq, self.last_text = 0, "", "", seq, text
        return seq

    def _save(self, seq: int, text: str, end_ms: int, *, final: bool) -> None:
        intended = text if self._speaker == "user" else ""
        self._outbox.add(SaveLine(seq, self._speaker, text, self.start_ms, max(end_ms, self.start_ms), intended=intended, final=final))

    def close(self, now_ms: int) -> None:
        """The call is over: an utterance that still went on ends here."""
        if self._seq:
            self.said(self.text, self.start_ms, now_ms)
