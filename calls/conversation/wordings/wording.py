"""What Floyd says by itself in one language, and the few words of it that code must know. One module of data for each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from calls.speech.phrases import words_of


@dataclass(frozen=True, slots=True)
class Wording:
    """One language.

    Attributes:
        code: two letters, the beginning of its BCP 47 tags.
        name: as the model is told.
        introduction: with {user} for the full name of whom Floyd calls for.
        recorded: that the call is recorded; a sentence of its own.
        not_recorded: to who does not want that, when it was stopped and what was kept is gone.
        objects: what somebody says who does not want to be recorded.
        goes_on: to a caller who wants this language: that an AI assistant speaks, and goes on in it.
        joining: that {user} is about to speak for themselves.
        back: that it is the AI assistant who speaks again, for {user}.
        lines: every fixed line (`fixed_lines.ALL`) in this language; a line that is missing is said in English.
        machine: what says that an AI assistant is calling.
        denial: what takes that back.
        speaks_as_machine: what somebody says who is an AI assistant.
        commits: a clause that agrees, orders or accepts.
        assent: the words that a mere yes is made of.
        farewell: the words that a goodbye is made of.
    """

    code: str
    name: str
    introduction: str
    recorded: str
    not_recorded: str
    goes_on: str
    joining: str
    back: str
    lines: Mapping[str, str]
    machine: re.Pattern[str]
    denial: re.Pattern[str]
    objects: re.Pattern[str]
    speaks_as_machine: re.Pattern[str]
    commits: re.Pattern[str]
    assent: frozenset[str]
    farewell: frozenset[str]

    def line(self, english: str) -> str:
        """A fixed line; any other text as it is."""
        return self.lines.get(english, english)

    def introduce(self, user_name: str) -> str:
        """The first words to a person."""
        return self.introduction.format(user=user_name)

    def agrees(self, text: str) -> bool:
        """Whether a clause commits the user to something."""
        return self.commits.search(text) is not None

    def assents(self, text: str) -> bool:
        """Whether a clause is nothing but a yes."""
        return _all_in(self.assent, text)

    def is_farewell(self, text: str) -> bool:
        """Whether it only closes the call."""
        return _all_in(self.farewell, text)


def _all_in(known: frozenset[str], text: str) -> bool:
    said = words_of(text)
    return 0 < len(said) <= 10 and "?" not in text and all(word in known for word in said)


def words(text: str) -> frozenset[str]:
    """A set of words, written one after the other."""
    return frozenset(text.split())
