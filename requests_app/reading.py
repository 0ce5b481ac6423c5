"""Reading an answer in the user's own words: typed, or not understood with a sentence that says how to put it. No model, no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as noop

from context.day_words import read_clock, read_day
from context.money import find_amounts, parse_amount
from context.phone import read_number
from context.when_abroad import in_english
from requests_app.models import QuestionKind

#: Asks for a number; answered like a text, but checked.
NUMBER_STEP = "number"
#: Asks which of several businesses to call.
CANDIDATE_STEP = "candidate"
#: Asks whether a guarded fact may be told.
SHARE_STEP = "share"
ANSWER_LENGTH = 1000
#: A business's name is not longer.
NAME_LENGTH = 80
NOBODY = frozenset({"i don't know", "don't know", "dunno", "no idea", "not sure", "i'm not sure", "anybody", "anyone", "whoever", "whatever", "help"})
YES = frozenset(
    {"y", "yes", "yeah", "yep", "yup", "sure", "ok", "okay", "of course", "please do", "go ahead", "do it", "yes please", "absolutely"}
    | {"no problem", "no worries", "oui", "sí", "ja"}
)
NO = frozenset(
    {"n", "no", "nope", "nah", "don't", "do not", "no thanks", "no thank you", "not now", "never mind", "nevermind", "forget it", "non", "nein"}
)
#: Words around a yes or no that add nothing to it.
COURTESIES = frozenset(
    re.findall(
        r"\S+",
        """a absolutely ahead alright and course do exactly fine floyd for go good great is it let's love me ok okay please
        right sounds sure thank thanks that that's the they this to too us very well works yeah yes yep you no nope nah not now""",
    )
)
#: Alone they answer; at the beginning of more ("don't know") they do not.
_ONLY_ALONE = frozenset({"y", "n", "don't", "do not"})
#: One of these at the beginning decides a longer answer; the longest first.
_BEGINS = re.compile("(?:" + "|".join(sorted(YES | NO, key=len, reverse=True)) + r")(?![\w'])")
#: From here on an answer says under which condition it holds.
_CONDITION = re.compile(r"[\s,;.–—-]*\b(?P<words>(?:but|only if|if|as long as|unless|except|provided|without)\b.*)", re.I | re.S)


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


def _yes_or_no(text: str) -> tuple[bool, str] | None:
    """What an answer begins with, and what else it says: yes and "only tomorrow" for "Yes, but only tomorrow". None when it is neither."""
    plain = re.sub(r"\s+", " ", _plain(text))
    begun = _BEGINS.match(plain)
    if begun is None or (begun[0] in _ONLY_ALONE and begun[0] != plain):
        return None
    yes = begun[0] in YES
    words = plain.split()
    if yes and plain[begun.end() :].split()[:1] in (["not"], ["no"], ["don't"]):  # "of course not"
        return None
    if all(word in COURTESIES for word in words):
        rest = ""
    else:
        rest = re.sub(rf"^(?:\W*[\w'’]+){{{len(begun[0].split())}}}\W*(?:(?:please|thanks|but|and)\b\W*)*", "", text, flags=re.I).strip()
    other = NO if yes else YES
    return None if len(words) > 1 and words[-1] in other else (yes, rest)


def _says_no(text: str) -> bool:
    read = _yes_or_no(text)
    return read is not None and not read[0]


def _split(text: str) -> tuple[str, str]:
    """An answer and the condition that it holds under, in the user's words: "eighty tops", "but no lilies"."""
    found = _CONDITION.search(text)
    head = text[: found.start()] if found else ""
    return (head, found["words"].strip()) if found and head.strip() else (text, "")


def _money(text: str, currency: str) -> Answer | Unclear:
    head, condition = _split(text)
    amount = parse_amount(head, currency) if condition and not find_amounts(condition, currency) else None
    if amount is None:
        amount, condition = parse_amount(text, currency), ""
    if amount is None:
        if _says_no(text):
            return Answer({"amount_minor": 0, "currency": currency})
        return Unclear(noop("I didn't understand an amount. Reply for example: up to $80."))
    if amount.currency != currency:
        return Unclear(
            noop("Your account is in %(currency)s. Please give the amount in %(currency)s, for example: up to $80.") % {"currency": currency}
        )
    return Answer({"amount_minor": amount.minor, "currency": currency, **({"text": condition} if condition else {})})


def _choice(text: str, choices: Sequence[str]) -> Answer | Unclear:
    if text in choices:  # a button; its words may look like a condition
        return Answer({"choice": text})
    text, condition = _split(text)
    added = {"text": condition} if condition else {}
    plain = _plain(text)
    if plain.isdigit() and 1 <= int(plain) <= len(choices):
        return Answer({"choice": choices[int(plain) - 1], **added})
    exact = [choice for choice in choices if _plain(choice) == plain]
    within = [choice for choice in choices if plain and (plain in _plain(choice) or _plain(choice) in plain)]
    for found in (exact, within):
        if len(found) == 1:
            return Answer({"choice": found[0], **added})
    return Unclear(noop("Please reply with one of: %(choices)s.") % {"choices": "; ".join(choices)})


def _number(text: str, region: str) -> Answer | Unclear:
    """A number, or the name of somebody to look up."""
    number = read_number(text, region)
    if number is not None:
        return Answer({"text": text, "number": number})
    named_no = re.match(r"[Nn]o [A-Z]\w", text.strip()) is not None and _plain(text) not in NO  # such as No Frills
    if _says_no(text) and not named_no:
        return Answer({"text": text})
    letters, digits = (sum(test(character) for character in text) for test in (str.isalpha, str.isdigit))
    if _plain(text) in NOBODY:
        return Unclear(noop("Without a name or a number I can't call anybody. Give me one, or reply no and I stop."))
    if letters >= 3 and digits < 5 and len(text) <= NAME_LENGTH and _plain(text) not in YES:
        return Answer({"text": text, "vendor": text})
    return Unclear(
        noop("That doesn't look like a phone number I can call. Please give the whole number with its area code, for example 519 555 0123.")
    )


def read_answer(*, kind: str, step: str, choices: Sequence[str], text: str, currency: str, region: str, today: date) -> Answer | Unclear:
    """Types an answer to a question of `kind`, asked at `step`.

    What the user adds to it ("yes, but only tomorrow") is its `text`; a day or time that it names without a doubt is its `date` and `time` (ISO).

    Args:
        today: the user's own day.
    """
    text = text.strip()[:ANSWER_LENGTH]
    if not text:
        return Unclear(noop("The answer was empty. Please answer in a few words."))
    if step == NUMBER_STEP:
        return _number(text, region)
    read = _typed(kind, step, choices, text, currency)
    if isinstance(read, Unclear):
        return read
    return Answer({**read.value, **_when(str(read.value.get("text", "")), today)})


def _typed(kind: str, step: str, choices: Sequence[str], text: str, currency: str) -> Answer | Unclear:
    if kind == QuestionKind.MONEY:
        return _money(text, currency)
    if kind == QuestionKind.CHOICE:
        return _choice(text, choices)
    if kind == QuestionKind.YES_NO:
        read = _yes_or_no(text)
        # "Yes, but only the year" is no yes to telling all of it.
        if read is None or (step == SHARE_STEP and read[1]):
            return Unclear(noop("I didn't understand that. Please reply yes or no."))
        yes, rest = read
        return Answer({"yes": yes, **({"text": rest} if rest else {})})
    return Answer({"text": text})


def _when(text: str, today: date) -> dict[str, str]:
    text = in_english(text)
    day, clock = read_day(text, today), read_clock(text)
    named = {"date": day.isoformat()} if day else {}
    return {**named, "time": clock.isoformat("minutes")} if clock else named
