"""From folders to versions: loading again changes nothing, and what a person edited is never overwritten unseen."""

from __future__ import annotations

import difflib
import json
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

from use_cases import folders
from use_cases.description import FIELDS, Description, check, read_folder
from use_cases.models import UseCase, UseCaseVersion

log = logging.getLogger(__name__)


class State(StrEnum):
    """What loading a folder came to."""

    NEW = "new"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    KEPT = "kept"  # a person edited it and the folder changed since: theirs stays, until somebody decides


@dataclass(frozen=True, slots=True)
class Loaded:
    """One use case after loading. `difference`: from the version in force to the folder, line by line."""

    slug: str
    state: State
    difference: str = ""


class SeenOtherwiseError(Exception):
    """Between what somebody saw and their yes the version in force or the folder changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking a folder's state would change.

    Attributes:
        pk: of the use case.
        edited_by: who edited the version in force; empty: it was loaded.
        lines: as in a unified diff; empty: they say the same.
        seen: names both states; to be given with the yes.
    """

    slug: str
    pk: int
    edited_by: str
    lines: str
    seen: str


def load_all() -> list[Loaded]:
    """Loads every folder. Raises BadUseCaseError for one that cannot answer calls; those before it are loaded."""
    return [load(slug) for slug in folders.slugs()]


@transaction.atomic
def load(slug: str) -> Loaded:
    """Makes the folder's state the one for new calls, unless a person's edit would be lost.

    Raises:
        BadUseCaseError: the folder cannot answer calls.
    """
    description = read_folder(slug)
    UseCase.objects.get_or_create(slug=slug)
    use_case = _locked(slug)
    current = use_case.current
    if current is None:
        _add(use_case, description, folder_hash=description.digest)
        return Loaded(slug, State.NEW)
    before = described(current)
    if before == description or current.folder_hash == description.digest:
        return Loaded(slug, State.UNCHANGED)
    difference = difference_between(before, description)
    if current.edited_by:
        return Loaded(slug, State.KEPT, difference)
    _add(use_case, description, folder_hash=description.digest)
    return Loaded(slug, State.UPDATED, difference)


def look(slug: str) -> Difference:
    """What `take_folder` would change. Changes nothing.

    Raises:
        BadUseCaseError: the folder cannot answer calls.
        UseCase.DoesNotExist: it was never loaded.
    """
    return _difference(UseCase.objects.select_related("current").get(slug=slug, current__isnull=False), read_folder(slug))


@transaction.atomic
def take_folder(slug: str, *, seen: str) -> Loaded:
    """Makes the folder's state the one for new calls, whoever edited: somebody has seen the difference, and wants it.

    Args:
        seen: of the difference that they saw (`look`).

    Raises:
        SeenOtherwiseError: it is another one by now.
        BadUseCaseError, UseCase.DoesNotExist: see `look`.
    """
    description = read_folder(slug)
    use_case = _locked(slug)
    difference = _difference(use_case, description)
    if difference.seen != seen:
        raise SeenOtherwiseError(slug)
    if not difference.lines:
        return Loaded(slug, State.UNCHANGED)
    _add(use_case, description, folder_hash=description.digest)
    return Loaded(slug, State.UPDATED, difference.lines)


def _locked(slug: str) -> UseCase:
    return UseCase.objects.select_for_update(no_key=True, of=("self",)).select_related("current").get(slug=slug)


def _difference(use_case: UseCase, description: Description) -> Difference:
    current = use_case.current
    if current is None:
        raise UseCase.DoesNotExist
    lines = difference_between(described(current), description)
    return Difference(use_case.slug, use_case.pk, current.edited_by, lines, f"{current.number}.{description.digest}")


@transaction.atomic
def edit(*, slug: str, by: str, **changes: Any) -> UseCaseVersion:
    """Makes a new version with some fields changed, for new calls; a running call keeps its own.

    Args:
        by: email of who edits.
        changes: fields of `Description`.

    Raises:
        BadUseCaseError: it could not answer calls.
        UseCase.DoesNotExist: there is none, or it was never loaded.
    """
    use_case = UseCase.objects.select_for_update(no_key=True, of=("self",)).select_related("current").get(slug=slug, current__isnull=False)
    current = use_case.current
    assert current is not None
    before = described(current)
    description = Description(**{name: changes.get(name, getattr(before, name)) for name in FIELDS})
    check(slug, description)
    if description == before:
        return current
    return _add(use_case, description, folder_hash=current.folder_hash, edited_by=by)


def described(version: UseCaseVersion) -> Description:
    """What a version says."""
    return Description(**{name: getattr(version, name) for name in FIELDS})


def difference_between(before: Description, after: Description) -> str:
    """Line by line, as in a unified diff; empty when they are the same."""
    return "\n".join(difflib.unified_diff(_lines(before), _lines(after), "in force", "folder", n=1, lineterm=""))


def _lines(description: Description) -> list[str]:
    lines = []
    for name in FIELDS:
        value = getattr(description, name)
        text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)
        lines += [f"{name}: {line}" for line in text.splitlines() or [""]]
    return lines


def _add(use_case: UseCase, description: Description, *, folder_hash: str, edited_by: str = "") -> UseCaseVersion:
    latest = use_case.versions.order_by("-number").values_list("number", flat=True).first() or 0
    values = {name: getattr(description, name) for name in FIELDS}
    version = UseCaseVersion.objects.create(use_case=use_case, number=latest + 1, folder_hash=folder_hash, edited_by=edited_by, **values)
    UseCase.objects.filter(pk=use_case.pk).update(current=version)
    return version
