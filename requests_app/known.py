""" "What do you know about me?", answered in full and in code: no catalogue bounds it, and no model sees it."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import appointment_in_words
from context.models import Sensitivity, User
from context.selectors import confirmed_facts, contacts, search_entries

_ASKED = re.compile(
    r"(?:(?:hey|hi|ok|please|floyd|so)[ ,]+)*(?:(?:tell|show|give|list)(?: me)? )?(?:(?:everything|all)(?: that)? |what(?: all)? (?:do |did )?)"
    r"(?:you |floyd |does floyd )(?:currently |actually )?(?:know|knows|remember|have|keep|store|saved?|noted?)(?: down| stored| saved| noted)?"
    r"(?: (?:about|on|of) (?:me|us|my family|me and my family))?(?: please)?",
    re.I,
)


_PRIVATE = noop("%(topic)s (kept private: read it under “What Floyd knows”)")
_PRIVATE_THING = noop("Something (kept private: read it under “What Floyd knows”)")
#: Of each sort: none, one, several.
_COUNTS = {
    "facts": (noop("no facts"), noop("1 fact"), noop("%(more)s facts")),
    "contacts": (noop("no contacts"), noop("1 contact"), noop("%(more)s contacts")),
    "appointments": (noop("no coming appointments"), noop("1 coming appointment"), noop("%(more)s coming appointments")),
}


def is_asked(ask: str) -> bool:
    """Whether the user wants to hear all that Floyd knows about them, and nothing else."""
    return _ASKED.fullmatch(" ".join(ask.split()).strip(" .?!")) is not None


def everything(user: User) -> dict[str, Any]:
    """The outcome: how much it is, and each thing as a source. What is never shared stands on the user's own page only, with its topic here."""
    sources = []
    facts = list(confirmed_facts(user))
    for fact in facts:
        private = fact.sensitivity == Sensitivity.NEVER
        label = (_PRIVATE % {"topic": fact.topic} if fact.topic else _PRIVATE_THING) if private else fact.statement
        sources.append({"id": f"fact:{fact.pk}", "kind": noop("You told me"), "label": label})
    known = list(contacts(user))
    sources += [
        {"id": f"contact:{one.pk}", "kind": noop("Contact"), "label": ", ".join(filter(None, [one.name, one.kind, one.phone]))} for one in known
    ]
    zone = user.time_zone
    entries = list(search_entries(user, "", starts_after=timezone.now()))
    sources += [
        {
            "id": f"calendar:{one.pk}",
            "kind": noop("Calendar"),
            "label": f"{one.title}, {appointment_in_words(one.starts_at, zone, all_day=one.all_day)}",
        }
        for one in entries
    ]
    counts = {name: _count(rows, name) for name, rows in (("facts", facts), ("contacts", known), ("appointments", entries))}
    told = noop("I know %(facts)s, %(contacts)s, %(appointments)s. You can read and change all of it here: %(link)s")
    answer = told % {**counts, "link": f"{settings.SITE_URL}/knows/"}
    return {"answer": answer, "sources": sources}


def _count(rows: list[Any], name: str) -> str:
    none, one, several = _COUNTS[name]
    return (one if len(rows) == 1 else several % {"more": len(rows)}) if rows else none
