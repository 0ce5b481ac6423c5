"""The introduction: who calls, that it is an AI, and for whom. Checked here, never left to a model."""

from __future__ import annotations

import re

from calls.speech.phrases import words_of

_MACHINE = re.compile(r"\b(?:an?\s+)?(?:ai|a\.i\.|artificial intelligence|automated|virtual)\s+assistant\b", re.I)
_DENIAL = re.compile(r"\b(?:not|isn't|no|never)\b", re.I)


class NotDisclosedError(ValueError):
    """An introduction that does not say that an AI assistant calls, and for whom."""


def discloses(text: str, user_name: str) -> bool:
    """Whether `text` says that an AI assistant is calling and names the user in full, plainly and without a denial."""
    words, name = " ".join(words_of(text)), " ".join(words_of(user_name))
    return bool(name) and f" {name} " in f" {words} " and _MACHINE.search(text) is not None and not _DENIAL.search(text.replace("’", "'"))
