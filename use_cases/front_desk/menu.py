"""What callers can choose from, and their choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.db import transaction

from use_cases.models import Caller, UseCase

#: Offers the others, and answers where nothing else does.
FRONT_DESK = "front_desk"
#: Answers for a user, on a number of theirs.
ON_BEHALF = "on_behalf"
#: What callers cannot choose.
NOT_OFFERED = (FRONT_DESK, ON_BEHALF)
#: For people whom Floyd knows.
FOR_USERS = frozenset({"floyd_line"})
NAME_LENGTH = 80
ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Experience:
    """One thing that a caller can choose."""

    slug: str
    title: str
    description: str


class NotThereError(LookupError):
    """Nothing that is offered was meant."""


def experiences(caller: Caller) -> list[Experience]:
    """What this caller can choose, by title."""
    rows = UseCase.objects.exclude(slug__in=NOT_OFFERED).filter(current__isnull=False).select_related("current")
    found = [Experience(row.slug, row.current.title, row.current.description) for row in rows if row.current is not None]
    return sorted((one for one in found if caller.user_id or one.slug not in FOR_USERS), key=lambda one: one.title)


def find(said: str, offered: Sequence[Experience]) -> Experience:
    """The one that was meant: by its title, a part of it that no other has, its slug, or a slip of the tongue.

    Raises:
        NotThereError: none of them, or several.
    """
    plain = _plain(said)
    names = {one: (_plain(one.title), _plain(one.slug)) for one in offered}
    exact = [one for one, known in names.items() if plain in known]
    parts = [one for one, known in names.items() if plain and any(f" {plain} " in f" {name} " for name in known)]
    words = [one for one, known in names.items() if set(plain.split()) & set(known[0].split()) - _COMMON]
    close = [one for one, known in names.items() if get_close_matches(plain, known, n=1, cutoff=ALIKE)]
    for fitting in (exact, parts, words, close):
        if len(fitting) == 1:
            return fitting[0]
    raise NotThereError(f"That is none of them. They are: {', '.join(one.title for one in offered)}.")


_COMMON = frozenset({"the", "a", "an", "of", "and", "one", "please", "demo"})


@transaction.atomic
def choose(caller: Caller, slug: str) -> None:
    """Keeps the choice for the next call; nothing else of the profile changes."""
    row = Caller.objects.select_for_update(no_key=True).get(pk=caller.pk)
    row.use_case = slug
    row.save(update_fields=["use_case", "updated_at"])


@transaction.atomic
def save_name(caller: Caller, *, first_name: str, last_name: str) -> Caller:
    """Keeps the parts of the name that were said; nothing else of the profile changes.

    Raises:
        ValueError: what was said is no name.
    """
    given = {"first_name": _name(first_name), "last_name": _name(last_name)}
    said = {field: name for field, name in given.items() if name}
    if not said:
        raise ValueError("No name was said.")
    row = Caller.objects.select_for_update(no_key=True).get(pk=caller.pk)
    for field, name in said.items():
        setattr(row, field, name)
    row.save(update_fields=[*said, "updated_at"])
    return row


def _name(said: str) -> str:
    """A name as it is kept: letters, and what stands between them in names."""
    name = " ".join(unicodedata.normalize("NFC", said).split())
    if not name:
        return ""
    if len(name) > NAME_LENGTH or not any(letter.isalpha() for letter in name) or any(not (letter.isalpha() or letter in " '’-.") for letter in name):
        raise ValueError("That does not look like a name.")
    return name


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
