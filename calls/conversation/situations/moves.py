"""What a situation may come to: a person, another situation, or the end of the call. Values that its handler returns."""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.effects import EndReason, Situation


@dataclass(frozen=True, slots=True)
class ToPerson:
    """A person is there.

    Attributes:
        another: it is or may be somebody who has not heard who calls.
        said: their words, when their utterance is over already; empty when it goes on.
        unheard: their utterance is over, and not a word of it was made out.
    """

    another: bool
    said: str = ""
    unheard: bool = False


@dataclass(frozen=True, slots=True)
class ToSituation:
    """Something else has the line now.

    Attributes:
        another: who comes after it may be somebody new.
        polite: what a person who asked for it gets to hear; their words are dealt with then.
    """

    situation: Situation
    another: bool = True
    polite: str = ""


@dataclass(frozen=True, slots=True)
class ToEnd:
    """There is nothing left to do on this line."""

    reason: EndReason


Move = ToPerson | ToSituation | ToEnd
