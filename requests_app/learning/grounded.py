"""What of a filled form really stands in the user's words. Pure; the model proposes, the words decide."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from context.likeness import gist
from context.models import Sensitivity
from requests_app.learning.form import LearnedFact, LearnedFacts, Relation

MOST = 8
LENGTHS = {"statement": 500, "about": 120, "topic": 60}
#: Words that may begin a sentence, and that any sentence may hold.
_COMMON = frozenset(
    """a an the is are was has have had do does no not of to in on at for from with and or but by as it its this that there his her their our
    my i we you he she they name called who which be been being owns own lives live likes""".split()  # noqa: SIM905
)
_COUNTS = frozenset("two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand".split())  # noqa: SIM905
_NEVER = re.compile(r"\b(?:password|passwort|pin|pin code|alarm code|door code|access code|combination|security (?:code|answer))\b", re.I)
_ASK_FIRST = re.compile(
    r"\b(?:birth|born|social insurance|sin number|ssn|passport|licen[cs]e number|card number|account number|iban|health card|allerg\w*|"
    r"diagnos\w*|medication|pregnan\w*|disab\w*|illness|disease|salary|income)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Learned:
    """A statement that holds. `known`: primary key of the fact it corrects or contradicts."""

    statement: str
    about: str
    topic: str
    sensitivity: Sensitivity
    relation: Relation = Relation.NEW
    known: int | None = None


def grounded(form: LearnedFacts, *, said: Sequence[str], known_ids: Collection[str], user_name: str) -> list[Learned]:
    """The statements whose names, numbers and most other words stand in what was said; each once."""
    words = f" {gist(' '.join(said))} "
    free = set(gist(user_name).split()) | _COMMON
    found: dict[str, Learned] = {}
    for fact in form.facts[:MOST]:
        if _holds(fact, words, free):
            learned = _learned(fact, words, free, known_ids)
            found.setdefault(gist(learned.statement), learned)
    return list(found.values())


def _holds(fact: LearnedFact, words: str, free: Collection[str]) -> bool:
    statement = fact.statement.strip()
    if not statement or len(statement) > LENGTHS["statement"] or not statement.isprintable():
        return False
    if not gist(fact.quote) or f" {gist(fact.quote)} " not in words:
        return False
    loose = [word for word in re.findall(r"[^\W_]+", statement) if word.casefold() not in free and f" {word.casefold()} " not in words]
    # A name, or anything with a digit, must have been said; so must a number word.
    if any(word[0].isupper() or any(sign.isdigit() for sign in word) or word.casefold() in _COUNTS for word in loose):
        return False
    content = [word for word in gist(statement).split() if word not in free]
    return bool(content) and 2 * len(loose) < len(content)


def _learned(fact: LearnedFact, words: str, free: Collection[str], known_ids: Collection[str]) -> Learned:
    about = fact.about.strip()[: LENGTHS["about"]]
    if not all(word in free or f" {word} " in words for word in gist(about).split()):
        about = ""
    relation, known = fact.relation, None
    if relation is not Relation.NEW and fact.known_id in known_ids:
        known = int(str(fact.known_id).partition(":")[2])
    else:
        relation = Relation.NEW
    statement = " ".join(fact.statement.split())
    return Learned(statement, about, " ".join(fact.topic.split())[: LENGTHS["topic"]], sensitivity_of(statement), relation, known)


def sensitivity_of(statement: str) -> Sensitivity:
    """How private a statement is until its user says otherwise: codes are never told, what identifies or concerns health is asked about."""
    if _NEVER.search(statement):
        return Sensitivity.NEVER
    return Sensitivity.ASK_FIRST if _ASK_FIRST.search(statement) else Sensitivity.SHARE
