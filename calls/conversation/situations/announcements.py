"""What the words on the line show: a phone menu, a queue, an answering machine, a screener, a person who asks us to wait or to go. English, and
the few words of other languages that say "not in English".

Everything here errs on the side of "a person says something": a machine repeats itself, a person who was not answered hangs up.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from calls.conversation.situations import patterns
from calls.conversation.situations.options import options_in
from calls.speech.phrases import is_greeting, words_of


class Sort(StrEnum):
    """What an utterance is."""

    MENU = "menu"
    SCREENING = "screening"
    VOICEMAIL = "voicemail"
    MAILBOX_FULL = "mailbox_full"
    PERHAPS_VOICEMAIL = "perhaps_voicemail"  # counts before anybody was spoken to
    TRANSFER = "transfer"
    HOLD = "hold"
    WAIT = "wait"
    NOT_IN_SERVICE = "not_in_service"
    REFUSAL = "refusal"
    WRONG_NUMBER = "wrong_number"


def plain(text: str) -> str:
    """`text` as the patterns here read it: words in lower case, single spaces, no punctuation."""
    return " ".join(words_of(text))


@lru_cache(maxsize=32)  # several parts ask about the same words
def sorts_of(text: str) -> frozenset[Sort]:
    """Everything that the words show; empty for ordinary talk."""
    said = plain(text)
    if not said:
        return frozenset()
    found = {sort for sort, pattern in _SIMPLE.items() if pattern.search(said)}
    if options_in(text) or patterns.MENU.search(said):
        found.add(Sort.MENU)
    if patterns.TO_US.search(said):  # "would you like to leave a message?" is a person's
        found -= {Sort.VOICEMAIL, Sort.PERHAPS_VOICEMAIL}
    if _only_asks_to_wait(said, text):
        found.add(Sort.WAIT)
    if "?" in text or re.match(r"(?:is|isn't|was) (?:this|it|that)\b", said):
        found.discard(Sort.WRONG_NUMBER)  # "is this the wrong number?"
    elif len(said.split()) <= 5 and "wrong number" in said:
        found.add(Sort.WRONG_NUMBER)
    return frozenset(found)


_SIMPLE = {
    Sort.SCREENING: patterns.SCREENING,
    Sort.VOICEMAIL: patterns.VOICEMAIL,
    Sort.MAILBOX_FULL: patterns.MAILBOX_FULL,
    Sort.PERHAPS_VOICEMAIL: patterns.PERHAPS_VOICEMAIL,
    Sort.TRANSFER: patterns.TRANSFER,
    Sort.HOLD: patterns.HOLD,
    Sort.NOT_IN_SERVICE: patterns.NOT_IN_SERVICE,
    Sort.REFUSAL: patterns.REFUSAL,
    Sort.WRONG_NUMBER: patterns.WRONG_NUMBER,
}


def _only_asks_to_wait(said: str, text: str) -> bool:
    """Whether nothing but "one moment, let me check" was said: with a question or an offer behind it, it is talk."""
    if "?" in text and not re.search(r"\b(?:can|could|would|will) you\b", said):
        return False
    rest, count = patterns.WAIT.subn(" ", said)
    return bool(count) and sum(word not in patterns.BESIDE_WAITING for word in rest.split()) <= 3 and not re.search(r"\d", rest)


@lru_cache(maxsize=32)  # several parts ask about the same words
def other_language(text: str) -> str | None:
    """The language somebody wants instead ("es"; "" when they only say that English is not theirs); None when nothing says so."""
    said = " ".join(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text.lower().replace("’", "'")))
    return next((language for language, pattern in patterns.OTHER_LANGUAGE if pattern.search(said)), None)


def wants_no_more_calls(text: str) -> bool:
    """Whether somebody asks never to be called again, by anybody."""
    return patterns.NEVER_AGAIN.search(plain(text)) is not None


def says_closed(text: str) -> bool:
    """Whether somebody (or their machine) says that they are closed now."""
    return patterns.CLOSED_NOW.search(plain(text)) is not None


def may_be_recorded(text: str) -> bool:
    """Whether a greeting sounds like the beginning of a recording, so that more of it may come ("Thank you for calling …", and no question)."""
    said = plain(text)
    return patterns.MAY_BE_RECORDED.search(said) is not None and patterns.ASKS_US.search(said) is None


def greets(text: str) -> bool:
    """Whether somebody answers the phone, perhaps somebody new: "Hello?", "Sales, this is Mike, how can I help you?"; not "Hi, I'm back"."""
    said = plain(text)
    if patterns.BACK_AGAIN.search(said) is not None and patterns.NAMES_THEMSELVES.search(said) is None:
        return False
    return is_greeting(text) or any(pattern.search(said) is not None for pattern in (patterns.ASKS_US, patterns.NAMES_THEMSELVES, patterns.HELLO))


def sounds_like_a_person(text: str) -> bool:
    """Whether words on hold are surely a person's: they ask us something, or begin as people do."""
    said = plain(text)
    return any(pattern.search(said) is not None for pattern in (patterns.ASKS_US, patterns.SPEAKING, patterns.STARTS_LIKE_A_PERSON))


def stays_on_hold(text: str) -> bool:
    """Whether words heard on hold are the queue's own announcement, or may become one ("Thank you for holding")."""
    said = plain(text)
    if patterns.ASKS_US.search(said) is not None:
        return False
    return bool(sorts_of(text) & {Sort.HOLD, Sort.TRANSFER, Sort.WAIT}) or patterns.THANKS.fullmatch(said) is not None


def may_become_an_announcement(text: str) -> bool:
    """Whether an utterance that has just begun may be a recording's: "Please", "Thank you for", "All of our"."""
    return patterns.STARTS_LIKE_A_RECORDING.match(plain(text)) is not None
