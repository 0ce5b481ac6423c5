"""What a call's brief, the user's answers and the callee's words bear out about people who are not on the line.

A name or a day that none of them holds is invented. One that only the callee's guess holds ("Will she be back on Friday?") may be named to say that
it is not known, never to say yes to it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from calls.conversation.claims import (
    affirms,
    content,
    guesses_in,
    is_about_people,
    is_hedged,
    is_known,
    is_question,
    names_in,
    sentences,
    times_in,
    words_in,
)
from calls.conversation.spelling import dates

_PARTS = re.compile(r"[,;:–—]\s|\bbut\b")
_SOMEBODY = re.compile(r"\b(?:who|whom|whose|name|names|where)\b", re.I)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Support:
    """Judges claims. Texts are `spelling.normal`.

    Args:
        people: names of the user and of those the facts are about, in lower case.
        informs: whether the call only tells or asks something: then "it" in a guess is no goods.
        today: the day of the call.
    """

    def __init__(self, people: frozenset[str], *, informs: bool, today: date | None) -> None:
        self._people, self._informs, self._today = people, informs, today
        self._own: set[str] = set()
        self._own_times: set[str] = set()
        self._own_content: set[str] = set()
        self._callee: set[str] = set()
        self._callee_times: set[str] = set()
        self._asked_about_people = self._asked_for_somebody = False
        self._guesses: list[str] = []
        self._guessed: set[str] = set()
        self._guessed_times: set[str] = set()
        self._open_guess: set[str] = set()  # what yes or no to the callee's last question would tell
        if today is not None:
            self._own_times.add(_DAYS[today.weekday()])

    def know(self, text: str) -> None:
        """Words of the brief or of the user."""
        text = straight(text)
        self._own |= words_in(text)
        self._own_content |= content(text)
        self._own_times |= times_in(text)
        if self._today is not None:
            for month, day, _ in dates(text):
                self._know_day(month, day)

    def _know_day(self, month: int, day: int) -> None:
        assert self._today is not None
        for year in (self._today.year, self._today.year + 1):
            try:
                named = date(year, month, day)
            except ValueError:
                continue
            if timedelta(-7) <= named - self._today <= timedelta(92):
                self._own_times.add(_DAYS[named.weekday()])
                if named - self._today == timedelta(1):
                    self._own_times.add("tomorrow")

    def user_said(self, text: str) -> None:
        """The user answered: what was only guessed may be settled now."""
        self.know(text)
        self._open_guess = set()

    def callee_said(self, text: str) -> None:
        """What the callee says may be said back, except where it is a guess."""
        text = straight(text)
        self._callee |= words_in(text)
        self._callee_times |= times_in(text)
        self._guesses = guesses_in(text, self._people, about_it=self._informs)
        self._asked_for_somebody = bool(_SOMEBODY.search(text))
        self._asked_about_people = is_about_people(text, self._people)
        self._guessed = set().union(*(words_in(guess) for guess in self._guesses))
        self._guessed_times = set().union(*(times_in(guess) for guess in self._guesses))
        last = [sentence for sentence in sentences(text) if sentence.strip()][-1:]
        self._open_guess = content(last[0]) if last and last[0] in self._guesses else set()

    def invents(self, clause: str, tail: str) -> bool:
        """Whether a clause tells something that nothing bears out.

        Args:
            clause: what is about to be said.
            tail: what was said just before it, since the callee spoke.
        """
        clause = straight(clause)
        if self._open_guess - self._own_content and affirms(clause) and not is_hedged(clause):
            return True
        asks = is_question(clause)
        begins = not tail or tail.rstrip(" \"')").endswith((".", "!", "?", "…"))
        for name, _ in names_in(clause, begins=begins, lone=self._asked_for_somebody):
            if is_known(name, self._own):
                continue
            if not is_known(name, self._callee) or (name in self._guessed and not asks and not is_hedged(clause)):
                return True
        return not asks and self._invents_time(clause)

    def _invents_time(self, clause: str) -> bool:
        times = times_in(clause) - self._own_times
        if not times:
            return False
        about_people = self._asked_about_people or is_about_people(clause, self._people)
        guessed, nowhere = times & self._guessed_times, times - self._callee_times
        doubtful = guessed | nowhere if about_people else guessed
        return any(times_in(part) & doubtful and not is_hedged(part) for part in _PARTS.split(clause))


def straight(text: str) -> str:
    """Text with typewriter apostrophes."""
    return text.replace("’", "'")
