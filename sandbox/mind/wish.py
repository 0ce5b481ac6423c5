"""The words of an ask: where one wish ends and another begins, whom it is for, what it is about."""

from __future__ import annotations

import re
from typing import Any

from sandbox.mind.household import contact_for

_ORDERS = r"call|phone|ring|order|buy|book|reserve|schedule|cancel|move|reschedule|postpone|ask|tell|let|find out|when's|when is"
#: Where another wish may begin: after a sentence or a comma, or with "and".
_AND_THEN = re.compile(rf"(?:[.;!?,]\s+(?:(?:and|then|also|oh)\b[ ,]*)*|\s+(?:(?:and|then|also)\b[ ,]*)+)(?:please\s+)?(?=(?:{_ORDERS})\b)", re.I)
_SAME_PERSON = re.compile(r"^(?:ask|tell|let|call) (?:them|him|her)\b", re.I)


def apart(ask: str, contacts: list[dict[str, Any]]) -> tuple[str, list[str]]:
    """The first wish of an ask, and the others as sentences of their own. What is for the same business is one wish."""
    cuts = list(_AND_THEN.finditer(ask))
    wishes: list[str] = []
    begin = 0
    for number, cut in enumerate(cuts, 1):
        after = ask[cut.end() : cuts[number].start() if number < len(cuts) else None]
        whose, whose_next = (_business(text, contacts) for text in (ask[begin : cut.start()], after))
        if whose and whose_next and whose != whose_next and not _SAME_PERSON.match(after):
            wishes.append(ask[begin : cut.start()])
            begin = cut.end()
    first, *others = [*wishes, ask[begin:]]
    return first, [f"{other[:1].upper()}{bare_sentence(other)[1:]}." for other in others]


def _business(text: str, contacts: list[dict[str, Any]]) -> str:
    contact, kind = contact_for(text, contacts)
    return str(contact["id"]) if contact else kind


def callee_of(wish: str, data: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Whom to call, and their name: whom the user wrote into the plan, a contact, or who the wish names."""
    if edited := data.get("edits", {}).get("callee"):
        return edited, edited["name"]
    contact, kind = contact_for(wish, data.get("contacts", []))
    if contact:
        return {"contact_id": contact["id"], "name": contact["name"], "kind": contact["kind"]}, contact["name"]
    called = re.search(r"\b(?:call|phone|ring)\s+(?:the |my |our )?([\w' ]+?)(?:\s+(?:and|to|that)\b|\s+at\s+[+\d]|[,.]|$)", wish, re.I)
    name = called[1].strip() if called else (kind or "the business")
    return {"contact_id": None, "name": name, "kind": kind or name}, name


def bare_sentence(text: str) -> str:
    """Without what ends it."""
    return text.strip().rstrip(".!? ")


def indirect(asked: str) -> str:
    """A question as it is told: "when can I come" is "when I can come", "do you deliver" is "whether you deliver"."""
    found = re.match(r"((?:when|where|how|what)(?: \w+)??) (can|could|will|would|is|are|do) (I|you|they|we|my \w+|the \w+) (.+)$", asked, re.I)
    if found:
        asked, verb, who, rest = found.groups()
    elif found := re.match(r"(can|could|will|would|is|are|do) (I|you|they|we|my \w+|the \w+) (.+)$", asked, re.I):
        (verb, who, rest), asked = found.groups(), "whether"
    else:
        return asked
    return " ".join(word for word in (asked, who, "" if verb.lower() == "do" else verb.lower(), rest) if word)


def dated(text: str, data: dict[str, Any]) -> str:
    """ "today" with the day spelled out, as who reads it later needs it."""
    return re.sub(r"\btoday\b(?!,)", f"today, {data.get('today', '')}", text, count=1, flags=re.I)


def said_aloud(text: str) -> str:
    """Dates in it as people say them: "Saturday, 21 November 2026" is "Saturday, November 21st"."""

    def say(written: re.Match[str]) -> str:
        number = int(written["day"])
        ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if number in (11, 12, 13) else number % 10, "th")
        return f"{written['weekday']}, {written['month']} {number}{ending}"

    return re.sub(r"\b(?P<weekday>[A-Z][a-z]+day), (?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+) 20\d\d\b", say, text)


def without_place(text: str, name: str) -> str:
    """Without "at The Red Lantern": they know where they are."""
    return re.sub(rf"\s+(?:at|from|with) {re.escape(name)}(?!\w)", "", text, flags=re.I)


def thing(wish: str, people: list[str]) -> str:
    """What is to be bought."""
    bought = re.sub(r"^.*?\b(?:order|buy|get|send)\s+", "", bare_sentence(wish), flags=re.I)
    bought = re.sub(r"\b(?:for )?(?:up to|under|at most|no more than|max(?:imum)?)\s.*$", "", bought, flags=re.I)
    for person in people:
        first, _, last = person.partition(" ")
        bought = re.sub(rf"\b(?:for |to )?{first}\b(?: {last}\b)?(?:'s)?", "", bought, flags=re.I)
    return re.sub(r"\s+", " ", bought).strip(" ,") or "something"
