"""The languages in which the phone is answered: how a caller is understood, and how a result is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.mind import french_desk
from sandbox.mind.findings import Result, in_words

_LANGUAGE = re.compile(r"\nLANGUAGE: the caller speaks (\w+)\.")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that is understood and spoken.

    Attributes:
        understood: what the caller says, as the rules read it.
        told: a result in words.
        which_tour, call_off, stays: before a tour is called off: which one, whether they mean it, and that it is not.
        asked_for: who asks for this language is told `welcome`.
    """

    understood: Callable[[str], str]
    told: Callable[[Result], str]
    again: str
    farewell: str
    which_tour: str
    call_off: str
    stays: str
    asked_for: re.Pattern[str] | None = None
    welcome: str = ""


_ENGLISH = Tongue(
    str,
    in_words,
    "I'm sorry, could you say that again?",
    "Thank you for calling. Goodbye.",
    which_tour="For which day and time is the tour?",
    call_off="Shall I call off that tour?",
    stays="All right, it stays as it is.",
)
#: Language, as the prompt names it → how it is spoken here; of others, English.
_TONGUES = {
    "French": Tongue(
        french_desk.understood,
        french_desk.in_french,
        french_desk.AGAIN,
        french_desk.FAREWELL,
        which_tour="La visite est pour quel jour, et à quelle heure ?",
        call_off="J'annule cette visite ?",
        stays="Très bien, elle reste.",
        asked_for=french_desk.ASKED_FOR,
        welcome=french_desk.WELCOME,
    )
}


def tongue_of(prompt: str) -> Tongue:
    """The one that a prompt asks for."""
    found = _LANGUAGE.search(prompt)
    return _TONGUES.get(found[1], _ENGLISH) if found else _ENGLISH
