"""Everything that writes what Floyd knows about a user: the one door for pages, API, imports, mail, calls and tasks.

Each takes keyword arguments only, is one transaction, publishes what changed, and raises a `KnowledgeError` whose message is
written for people.
"""

from context.keeping import (
    KINDS,
    add_calendar_entry,
    add_contact,
    add_fact,
    change_calendar_entry,
    change_contact,
    correct_fact,
    note_use,
    publish_knowledge,
    set_sensitivity,
    supersede_fact,
)
from context.proposals import confirm, propose_again, propose_calendar_entry, propose_contact, propose_fact, reinstate, reject
from context.retiring import delete_for_good, restore, retire

__all__ = [
    "KINDS",
    "add_calendar_entry",
    "add_contact",
    "add_fact",
    "change_calendar_entry",
    "change_contact",
    "confirm",
    "correct_fact",
    "delete_for_good",
    "note_use",
    "propose_again",
    "propose_calendar_entry",
    "propose_contact",
    "propose_fact",
    "publish_knowledge",
    "reinstate",
    "reject",
    "restore",
    "retire",
    "set_sensitivity",
    "supersede_fact",
]
