"""Which part of a snapshot a planner gets to see: a bounded catalogue, by words and names.

Whatever fits is taken whole. Of more than that, PostgreSQL's full-text search (stems and prefixes of the ask's words)
picks the best; then come other facts about the same people, then the newest.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.db import connection

from context.snapshot import Snapshot

MOST_FACTS = 60
MOST_CONTACTS = 30
MOST_ENTRIES = 40
#: Of these, how many may be there for the ask's own words; the rest is about the same people.
FACTS_BY_WORDS = 40
MOST_WORDS = 80
_CONFIGURATIONS = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian", "pt": "portuguese", "nl": "dutch"}
_RANKED = """
select item.id from (
    select id, place, ts_rank(setweight(to_tsvector(%(configuration)s::regconfig, names), 'A') || to_tsvector(%(configuration)s::regconfig, words),
                              to_tsquery(%(configuration)s::regconfig, %(query)s)) as rank
    from jsonb_to_recordset(%(items)s::jsonb) as given(id text, place int, names text, words text)
) as item
where item.rank > 0
order by item.rank desc, item.place desc
limit %(most)s
"""


def choose(snapshot: Snapshot, ask: str) -> dict[str, list[str]]:
    """Ids of the facts, contacts and calendar entries that may matter for `ask`, by kind, in the snapshot's order."""
    language = snapshot["user"]["language"]
    facts, contacts, entries = snapshot["facts"], snapshot["contacts"], snapshot["calendar"]
    return {
        "facts": _facts(facts, ask, language),
        "contacts": _contacts(contacts, ask, language),
        "calendar": _entries(entries, snapshot["taken_at"]),
    }


def _facts(facts: list[dict[str, Any]], ask: str, language: str) -> list[str]:
    if len(facts) <= MOST_FACTS:
        return [fact["id"] for fact in facts]
    items = [{"id": fact["id"], "names": f"{fact['about']} {fact['topic']}", "words": fact["statement"]} for fact in facts]
    chosen = _rank(items, ask, language, FACTS_BY_WORDS)
    people = {fact["about"] for fact in facts if fact["id"] in set(chosen) and fact["about"]}
    newest_first = list(reversed(facts))
    # A dict keeps the first place of an id and drops repeats.
    ordered = dict.fromkeys([*chosen, *(f["id"] for f in newest_first if f["about"] in people), *(f["id"] for f in newest_first)])
    return _in_order(facts, list(ordered)[:MOST_FACTS])


def _contacts(contacts: list[dict[str, Any]], ask: str, language: str) -> list[str]:
    if len(contacts) <= MOST_CONTACTS:
        return [contact["id"] for contact in contacts]
    items = [{"id": contact["id"], "names": contact["name"], "words": contact["kind"]} for contact in contacts]
    # The snapshot has preferred ones first.
    ordered = dict.fromkeys([*_rank(items, ask, language, MOST_CONTACTS), *(contact["id"] for contact in contacts)])
    return _in_order(contacts, list(ordered)[:MOST_CONTACTS])


def _entries(entries: list[dict[str, Any]], taken_at: str) -> list[str]:
    """What is next matters most, then what was last."""
    now = datetime.fromisoformat(taken_at)
    starts = {entry["id"]: datetime.fromisoformat(entry["starts_at"]) for entry in entries}
    coming = [entry_id for entry_id, start in starts.items() if start >= now]
    past = [entry_id for entry_id, start in reversed(starts.items()) if start < now]
    return _in_order(entries, [*coming, *past][:MOST_ENTRIES])


def _in_order(items: list[dict[str, Any]], chosen: list[str]) -> list[str]:
    wanted = set(chosen)
    return [item["id"] for item in items if item["id"] in wanted]


def _rank(items: list[dict[str, str]], ask: str, language: str, most: int) -> list[str]:
    words = list(dict.fromkeys(re.findall(r"[^\W_]{2,}", ask.casefold())))[:MOST_WORDS]
    if not words:
        return []
    parameters: dict[str, str | int] = {
        "configuration": _CONFIGURATIONS.get(language.partition("-")[0], "simple"),
        "query": " | ".join(f"'{word}':*" for word in words),
        "items": json.dumps([{**item, "place": place} for place, item in enumerate(items)]),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, parameters)
        return [row[0] for row in cursor.fetchall()]
