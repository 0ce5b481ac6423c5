"""Reading an answer in the user's own words: typed, or not understood with a sentence that says how to put it. No model, no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from context.money import parse_amount
from context.phone import read_number
from requests_app.models import QuestionKind

#: Asks for a number; answered like a text, but checked.
NUMBER_STEP = "number"
#: Asks whether a guarded fact may be told.
SHARE_STEP = "share"
ANSWER_LENGTH = 1000
YES = frozenset({"y", "yes", "yeah", "yep", "yup", "sure", "ok", "okay", "of course", "please do", "go ahead", "do it", "yes please", "absolutely"})
NO = frozenset({"n", "no", "nope", "nah", "don't", "do not", "no thanks", "no thank you", "not now", "never mind", "nevermind", "forget it"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A typed answer, as stored on the question."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why the words are no answer, and how to answer; for the user."""

    text: str


def _plain(text: str) -> str:
    return re.sub(r"[^\w' ]+", " ", text.casefold().replace("’", "'")).strip()


def _yes_or_no(text: str, *, whole: bool = False) -> bool | None:
    """Reads the whole answer, else (unless only the whole one counts) its first word ("yes, but before noon")."""
    plain = re.sub(r"\s+", " ", _plain(text))
    for words, meaning in ((NO, False), (YES, True)):
        if plain in words:
            return meaning
    if whole:
        return None
    first = plain.split(" ", maxsplit=1)[0]
    return True if first in {"yes", "yeah", "yep", "sure", "ok", "okay"} else False if first in {"no", "nope", "nah"} else None


def _money(text: str, currency: str) -> Answer | Unclear:
    amount = parse_amount(text, currency)
    if amount is None:
        if _yes_or_no(text) is False:
            return Answer({"amount_minor": 0, "currency": currency})
        return Unclear("I didn't understand an amount. Reply for example: up to $80.")
    if amount.currency != currency:
        return Unclear(f"Your account is in {currency}. Please give the amount in {currency}, for example: up to $80.")
    return Answer({"amount_minor": amount.minor, "currency": currency})


def _choice(text: str, choices: Sequence[str]) -> Answer | Unclear:
    plain = _plain(text)
    if plain.isdigit() and 1 <= int(plain) <= len(choices):
        return Answer({"choice": choices[int(plain) - 1]})
    exact = [choice for choice in choices if _plain(choice) == plain]
    within = [choice for choice in choices if plain and (plain in _plain(choice) or _plain(choice) in plain)]
    for found in (exact, within):
        if len(found) == 1:
            return Answer({"choice": found[0]})
    return Unclear("Please reply with one of: " + ", ".join(choices) + ".")


def _number(text: str, region: str) -> Answer | Unclear:
    number = read_number(text, region)
    if number is not None:
        return Answer({"text": text, "number": number})
    if _yes_or_no(text) is False:
        return Answer({"text": text})
    return Unclear("That doesn't look like a phone number I can call. Please give the whole number with its area code, for example 519 555 0123.")


def read_answer(*, kind: str, step: str, choices: Sequence[str], text: str, currency: str, region: str) -> Answer | Unclear:
    """Types an answer to a question of `kind`, asked at `step`."""
    text = text.strip()[:ANSWER_LENGTH]
    if not text:
        return Unclear("The answer was empty. Please answer in a few words.")
    if step == NUMBER_STEP:
        return _number(text, region)
    if kind == QuestionKind.MONEY:
        return _money(text, currency)
    if kind == QuestionKind.CHOICE:
        return _choice(text, choices)
    if kind == QuestionKind.YES_NO:
        # "Yes, but only the year" is no yes to telling all of it.
        yes = _yes_or_no(text, whole=step == SHARE_STEP)
        if yes is None:
            return Unclear("I didn't understand that. Please reply yes or no.")
        return Answer({"yes": yes})
    return Answer({"text": text})
