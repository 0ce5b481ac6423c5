"""Reading the facts, contacts and calendar that a planner's prompt carries."""

from __future__ import annotations

import re
from typing import Any

#: Words of an ask → sort of business it is about.
TRADES = {
    "florist": ("flower", "flowers", "bouquet", "roses", "tulips", "florist"),
    "school": ("school", "teacher"),
    "dentist": ("dentist", "dental", "teeth", "tooth"),
    "garage": ("garage", "car", "oil", "tires", "tyres", "mechanic", "brakes"),
    "restaurant": ("restaurant", "table", "dinner"),
    "plumber": ("plumber", "tap", "leak", "pipe"),
    "pharmacy": ("pharmacy", "refill", "prescription"),
    "doctor": ("doctor", "physician"),
}
_FULL_NAME = re.compile(r"\b([A-Z]\w+) ([A-Z]\w+) is\b")


def words(text: str) -> set[str]:
    """Lower-case words of a text, without possessive endings."""
    return set(re.findall(r"[a-z]+", re.sub(r"['’]s\b", "", text.lower())))


def full_names(facts: list[dict[str, Any]]) -> dict[str, str]:
    """First name → full name, of everybody a fact introduces ("Mara Redmond is …")."""
    found: dict[str, str] = {}
    for fact in facts:
        if match := _FULL_NAME.match(fact["statement"]):
            found[match[1].lower()] = f"{match[1]} {match[2]}"
    return found


def with_full_names(text: str, facts: list[dict[str, Any]]) -> str:
    """The text with people named in full; "my daughter" and the like become names."""
    names = full_names(facts)
    for relation in ("daughter", "son", "wife", "husband"):
        for fact in facts:
            match = _FULL_NAME.match(fact["statement"])
            if match and relation in words(fact["statement"]):
                text = re.sub(rf"\b(?:my|our) {relation}(?:,? {match[1]})?\b", f"{match[1]} {match[2]}", text, flags=re.I)
                break
    for first, full in names.items():
        text = re.sub(rf"\b{first}\b(?! {full.split()[1]})", full, text, flags=re.I)
    return text


def contact_for(ask: str, contacts: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, str]:
    """The contact an ask is about and the sort of business; preferred ones come first in the list."""
    said = words(ask)
    trade = next((trade for trade, signs in TRADES.items() if said & set(signs)), "")
    by_name = [contact for contact in contacts if (words(contact["name"]) - {"the", "and", "dr"}) <= said]
    by_kind = [contact for contact in contacts if contact["kind"] and words(contact["kind"]) & (said | {trade})]
    chosen = next(iter(by_name or by_kind), None)
    return chosen, (chosen["kind"] if chosen else trade)


def facts_about(ask: str, facts: list[dict[str, Any]], topics: set[str]) -> list[str]:
    """Ids of tellable facts about somebody the ask names, of the given topics."""
    said = words(ask)
    return [
        fact["id"]
        for fact in facts
        if fact["statement"] and fact.get("sensitivity", "share") == "share" and words(fact.get("about", "")) & said and fact.get("topic") in topics
    ]


def guarded_facts_about(ask: str, facts: list[dict[str, Any]]) -> list[str]:
    """Ids of facts that the user wants to be asked about first and whose topic the ask names."""
    said = words(ask)
    return [fact["id"] for fact in facts if fact.get("sensitivity") == "ask_first" and fact.get("topic") and words(fact["topic"]) <= said]


def facts_on(ask: str, facts: list[dict[str, Any]]) -> list[str]:
    """Ids of all facts about somebody the ask names, or whose topic it names."""
    said = words(ask)
    return [fact["id"] for fact in facts if words(fact.get("about", "")) & said or (fact.get("topic") and words(fact["topic"]) <= said)]
