"""Whom a plan means among the user's contacts: by name, by sort, "my usual". Pure; the planner's own choice counts unless the ask says "usual"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Contact = dict[str, Any]  # as in a snapshot: id, name, kind, phone, preferred
#: How alike two names must be to be taken for one ("Sweet Violets", "Sweet Violet's").
ALIKE = 0.85
_USUAL = re.compile(r"\b(?:usual|regular)\b", re.I)
_FILLERS = frozenset({"the", "a", "an", "my", "our", "your", "some", "any", "local", "nearby", "good", "another"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to call, before it is known who that is.

    Attributes:
        name: a business's own name, or its sort.
        kind: its sort.
        ask: the user's words.
        contact_id: the planner's choice among the contacts.
        named_by_user: it is the user's answer, not the plan.
    """

    name: str
    kind: str
    ask: str = ""
    contact_id: str | None = None
    named_by_user: bool = False

    @property
    def is_a_sort(self) -> bool:
        """Whether any business of the sort will do ("a plumber"), rather than one with a name of its own."""
        return bool(_words(self.name)) and _words(self.name) <= _words(self.kind)

    @property
    def term(self) -> str:
        """What to search a directory for."""
        return " ".join(word for word in self.name.split() if word.casefold() not in _FILLERS) or self.kind or self.name


def choose(contacts: Sequence[Contact], wanted: Wanted, uses: Mapping[str, int]) -> Contact | None:
    """The contact that is meant; None when none is.

    Args:
        uses: id → how often it served the user well.
    """
    planned = next((one for one in contacts if one["id"] == wanted.contact_id), None)
    usual = _USUAL.search(wanted.name) or (_USUAL.search(wanted.ask) and (planned is None or wanted.is_a_sort))
    kind = (planned or {}).get("kind") or wanted.kind
    if usual and (alike := _of_kind(contacts, kind)):
        return _best(alike, uses)
    if planned is not None:
        return planned
    if named := _named(contacts, wanted.name):
        return _best(named, uses)
    return _best(_of_kind(contacts, wanted.kind), uses) if wanted.is_a_sort else None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", re.sub(r"['’]", "", text.casefold()))) - _FILLERS


def _of_kind(contacts: Sequence[Contact], kind: str) -> list[Contact]:
    return [one for one in contacts if _words(kind) and _words(one.get("kind") or "") == _words(kind)]


def _named(contacts: Sequence[Contact], name: str) -> list[Contact]:
    wanted = _words(name)
    if not wanted:
        return []
    if same := [one for one in contacts if _words(one["name"]) == wanted]:
        return same
    joined = " ".join(sorted(wanted))
    return [one for one in contacts if SequenceMatcher(None, joined, " ".join(sorted(_words(one["name"])))).ratio() >= ALIKE]


def _best(contacts: Sequence[Contact], uses: Mapping[str, int]) -> Contact | None:
    """The preferred one, else the one most used, else the first."""
    return max(contacts, key=lambda one: (bool(one.get("preferred")), uses.get(one["id"], 0)), default=None)
