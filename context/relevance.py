"""Which part of all that is known a request gets: a bounded catalogue, by words and names. The planner sees no more, however much there is.

Whatever fits is taken whole. Of more than that, full-text search finds what the ask's words are about (`searching`); then come facts about
the same people, about people whose names sound like a word of the ask (`names`), and the newest ones. Of these the planner's model
names the ids that matter, and code lets none through that may not be told (`requests_app.plan_check`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from context import selectors
from context.models import CalendarEntry, Contact, Fact, User
from context.names import names_heard
from context.searching import ranked

MOST_FACTS = 60
MOST_CONTACTS = 30
MOST_ENTRIES = 40
#: All statements together; a household of long-winded facts costs no more prompt than one of short ones.
MOST_FACT_SIGNS = 9_000
#: Of these, how many may be there for the ask's own words; the rest is about the same people, or coming soon.
FACTS_BY_WORDS = 40
ENTRIES_BY_WORDS = 15
#: Names that are compared with the words of the ask.
MOST_NAMES = 3_000
MOST_HEARD = 8


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a request gets to know, each kind in its usual order.

    Attributes:
        known: how many there are of each kind in all.
        heard: name → words of the ask that sound like it.
    """

    facts: list[Fact]
    contacts: list[Contact]
    entries: list[CalendarEntry]
    known: dict[str, int]
    heard: dict[str, str]


def choose(*, user: User, ask: str, now: datetime) -> Catalogue:
    """What may matter for `ask`. A few statements in the database, whatever the size of the household."""
    about = selectors.tellable_facts(user).exclude(about="").values("about").annotate(facts=Count("pk")).order_by("-facts", "about")
    people = [str(row["about"]) for row in about[:MOST_NAMES]]
    businesses = dict(selectors.contacts(user).values_list("pk", "name")[:MOST_NAMES])
    heard = names_heard(ask, [*people, *businesses.values()])
    facts, contacts, entries = selectors.tellable_facts(user), selectors.contacts(user), selectors.appointments(user)
    known = {"facts": facts.count(), "contacts": contacts.count(), "calendar": entries.count()}
    alike = [key for key, name in businesses.items() if name in heard]
    return Catalogue(
        facts=_facts(user, ask, [name for name in people if name in heard], known["facts"]),
        contacts=_contacts(user, ask, alike, known["contacts"]),
        entries=_entries(user, ask, now),
        known=known,
        heard=dict(list(heard.items())[:MOST_HEARD]),
    )


def _facts(user: User, ask: str, people: list[str], known: int) -> list[Fact]:
    rows = selectors.tellable_facts(user)
    if known <= MOST_FACTS:
        return _within(list(rows.order_by("-pk")))
    by_words = ranked(rows, ask, user.language)[:FACTS_BY_WORDS]
    people += [about for about in rows.filter(pk__in=by_words).values_list("about", flat=True) if about]
    newest = rows.order_by("-pk")
    about_them = newest.filter(about__in=set(people)).values_list("pk", flat=True)[:MOST_FACTS]
    # A dict keeps the first place of a key and drops repeats.
    ordered = list(dict.fromkeys([*by_words, *about_them, *newest.values_list("pk", flat=True)[:MOST_FACTS]]))[:MOST_FACTS]
    found = rows.in_bulk(ordered)
    return _within([found[key] for key in ordered if key in found])


def _within(facts: list[Fact]) -> list[Fact]:
    """As many of the first ones as the prompt has room for, oldest first: of two that contradict each other the later one is newer."""
    kept, signs = [], 0
    for fact in facts:
        signs += len(fact.statement) + len(fact.about) + len(fact.topic)
        if signs > MOST_FACT_SIGNS:
            break
        kept.append(fact)
    return sorted(kept, key=lambda fact: fact.pk)


def _contacts(user: User, ask: str, alike: list[int], known: int) -> list[Contact]:
    rows = selectors.contacts(user)
    if known <= MOST_CONTACTS:
        return list(rows)
    some = rows.values_list("pk", flat=True)[:MOST_CONTACTS]  # preferred ones first
    ordered = list(dict.fromkeys([*ranked(rows, ask, user.language)[: MOST_CONTACTS - 5], *alike, *some]))[:MOST_CONTACTS]
    return list(rows.filter(pk__in=ordered))


def _entries(user: User, ask: str, now: datetime) -> list[CalendarEntry]:
    """What the ask is about, whenever it is; then what is next, then what was last."""
    around = selectors.calendar_around(user, now)
    coming = around.filter(starts_at__gte=now).values_list("pk", flat=True)[:MOST_ENTRIES]
    past = around.filter(starts_at__lt=now).order_by("-starts_at").values_list("pk", flat=True)[:MOST_ENTRIES]
    rows = selectors.appointments(user)
    by_words = ranked(rows, ask, user.language)[:ENTRIES_BY_WORDS]
    return list(rows.filter(pk__in=_first([*by_words, *coming, *past], MOST_ENTRIES)))


def _first(keys: Iterable[int], most: int) -> list[int]:
    return list(dict.fromkeys(keys))[:most]
