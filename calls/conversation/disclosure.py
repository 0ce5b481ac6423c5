"""The introduction: who calls, that it is an AI, and for whom. Checked here, never left to a model."""

from __future__ import annotations

from calls.conversation import wordings
from calls.speech.phrases import words_of


class NotDisclosedError(ValueError):
    """An introduction that does not say that an AI assistant calls, and for whom."""


def discloses(text: str, user_name: str) -> bool:
    """Whether `text` says that an AI assistant is calling and names the user in full, plainly and without a denial."""
    words, name = " ".join(words_of(text)), " ".join(words_of(user_name))
    return bool(name) and f" {name} " in f" {words} " and says_machine(text)


def announced(text: str, language: str) -> str:
    """First words that also say that the call is recorded."""
    return f"{text} {wordings.wording_of(language).recorded}"


def announced_first(text: str, language: str) -> str:
    """The same for a greeting, which ends with what the caller is to answer."""
    return f"{wordings.wording_of(language).recorded} {text}"


def unannounced(text: str) -> str:
    """The same without that."""
    if not announces(text):
        return text
    for wording in wordings.ALL:
        text = text.replace(wording.recorded, "")
    return " ".join(text.split())


def announces(text: str) -> bool:
    """Whether `text` says that the call is recorded."""
    return any(wording.recorded in text for wording in wordings.ALL)


def objects_to_recording(text: str) -> bool:
    """Whether somebody says, in whatever language, that they do not want to be recorded."""
    plain = text.replace("’", "'")
    return any(wording.objects.search(plain) for wording in wordings.ALL)


def says_machine(text: str) -> bool:
    """Whether `text` says that an AI assistant speaks, plainly and without a denial."""
    plain = text.replace("’", "'")
    return any(wording.machine.search(plain) and not wording.denial.search(plain) for wording in wordings.ALL)
