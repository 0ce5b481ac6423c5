"""Floyd's words on their way to the callee's ear: clauses, and the transcript lines that they make up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clause:
    """One `Say`."""

    number: int
    text: str
    interruptible: bool
    cached: bool
    started_ms: int | None = None
    heard: int = 0
    resolved: bool = False
    stopped: bool = False  # stopped by us: the line's report may still correct `heard`
    may_go_on: bool = False  # cut, and perhaps taken up again

    @property
    def speech_id(self) -> str:
        """Its id outside."""
        return f"s{self.number}"

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
    def whole(self) -> bool:
        """Whether nothing about it changes any more."""
        return self.complete and all(clause.resolved and not clause.may_go_on for clause in self.clauses)

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


def lines_of(clauses: Iterable[Clause], line_of: dict[str, SpokenLine]) -> list[SpokenLine]:
    """The lines that clauses belong to, each once."""
    return list({line_of[clause.speech_id].seq: line_of[clause.speech_id] for clause in clauses}.values())


def start_of_word(text: str, at: int) -> int:
    """Where the first word begins that is not whole in `text[:at]`."""
    if at and not text[at - 1].isspace() and not text[at].isspace():
        at = text.rfind(" ", 0, at) + 1
    return at + len(text[at:]) - len(text[at:].lstrip())


def whole_words(text: str, chars: int) -> int:
    """The greatest length up to `chars` that ends with a word."""
    if chars >= len(text):
        return len(text)
    space = text.rfind(" ", 0, max(chars, 0) + 1)
    return max(space, 0)
