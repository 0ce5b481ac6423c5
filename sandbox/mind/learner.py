"""Noting what a user says of themselves, by rule: fills the form `learned_facts`."""

from __future__ import annotations

import re
from typing import Any

from sandbox.mind.household import words

_PASSES = re.compile(r"\b(?:today|tomorrow|tonight|yesterday|now|sick|late|this (?:week|morning|afternoon|evening)|next (?:week|\w+day))\b", re.I)
_SAYS = re.compile(r"\b(?:is|are|has|have|drives?|goes|lives?|likes?|loves?|moved|works?|am|called)\b", re.I)
_OWN = re.compile(r"^(?:by the way,? |and |also |oh,? )*(?:my|our|i|we|i'm|[A-Z][a-z]+(?:'s)?)\b")
_ORDER = re.compile(
    r"^(?:please |can you |could you )?(?:call|order|book|cancel|ask|tell|find|get|buy|send|make|when|what|where|how|who|do|is|are)\b", re.I
)
_CHANGED = re.compile(r"\b(?:no longer|not any ?more|moved|sold|changed|instead|new)\b", re.I)
_TOPICS = (
    ("car", r"car|civic|tires?|truck|van"),
    ("health", r"allerg\w*|medication|diabet\w*"),
    ("address", r"liv\w+|moved|address|street|road"),
    ("taste", r"likes?|loves?|favou?rite"),
    ("school", r"school|teacher|grade"),
)


def learn(data: dict[str, Any]) -> dict[str, Any]:
    """Lasting statements of the user's, as the form wants them."""
    name = str(data.get("user", {}).get("name", "The user")).split()[0]
    told = data.get("purpose") == "told"
    facts = [fact for said in data.get("said", []) for clause in _clauses(said) if (fact := _fact(clause, name, data.get("known", []), told=told))]
    return {
        "facts": facts[:8],
        "sure": not any("?" in said or re.search(r"\b(?:maybe|perhaps|i think)\b", said, re.I) for said in data.get("said", [])),
    }


def _clauses(said: str) -> list[str]:
    parts = re.split(r"[.;!?\n]+|,\s+(?:and\s+)?|\s+and\s+(?=my |our |i |we |the )", said)
    return [part.strip(" ,") for part in parts if part and part.strip(" ,")]


def _fact(clause: str, name: str, known: list[dict[str, str]], *, told: bool) -> dict[str, Any] | None:
    if not _SAYS.search(clause) or _PASSES.search(clause) or _ORDER.match(clause) or (not told and not _OWN.match(clause)):
        return None
    statement = re.sub(r"\b(?:my|our)\b", f"{name}'s", clause, flags=re.I)
    statement = re.sub(r"\b(?:i am|i'm|we are)\b", f"{name} is", statement, flags=re.I)
    statement = re.sub(r"\b(?:i|we) have\b", f"{name} has", statement, flags=re.I)
    statement = re.sub(r"\b(?:i|we)\b", name, statement, flags=re.I)
    statement = statement[:1].upper() + statement[1:]
    if any(words(statement) == words(one["statement"]) for one in known):
        return None
    before = _before(statement, known)
    relation = "new" if before is None else "corrects" if _CHANGED.search(clause) else "contradicts"
    topic = next((topic for topic, found in _TOPICS if re.search(rf"\b(?:{found})\b", clause, re.I)), "")
    about = next((word for word in re.findall(r"\b[A-Z][a-z]+\b", statement) if word in (name, *clause.split())), "")
    known_id = before["id"] if before else None
    return {"statement": statement, "about": about, "topic": topic, "quote": clause, "relation": relation, "known_id": known_id}


def _before(statement: str, known: list[dict[str, str]]) -> dict[str, str] | None:
    """What is known of the same thing: the same words before "is"."""
    subject = _subject(statement)
    return next((one for one in known if subject and _subject(one["statement"]) == subject), None)


def _subject(statement: str) -> str:
    match = re.match(r"(.{4,60}?) (?:is|are)\b(?! allergic)", statement)
    return match[1].casefold() if match else ""
