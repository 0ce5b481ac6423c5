"""The languages in which Floyd can hold a call. Adding one: write its module, add it here."""

from __future__ import annotations

from calls.conversation.wordings.english import ENGLISH
from calls.conversation.wordings.french import FRENCH
from calls.conversation.wordings.spanish import SPANISH
from calls.conversation.wordings.wording import Wording

ALL = (ENGLISH, FRENCH, SPANISH)
_BY_CODE = {wording.code: wording for wording in ALL}


def wording_of(language: str) -> Wording:
    """How Floyd talks in a language, given as a BCP 47 tag; in English where it knows no other."""
    return _BY_CODE.get(language[:2].lower(), ENGLISH)


def is_known(language: str) -> bool:
    """Whether Floyd has words of its own in a language."""
    return language[:2].lower() in _BY_CODE


__all__ = ["ALL", "ENGLISH", "Wording", "is_known", "wording_of"]
