"""What a user may set for themselves: the columns of `User` that the settings page and the API show, in named groups.

A new preference is a column on `User` and its name in a group here; the page and the API follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

import phonenumbers
from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from context.errors import KnowledgeError
from context.models import User


@dataclass(frozen=True, slots=True)
class Group:
    """Preferences that belong together.

    Attributes:
        key: its name in forms and addresses.
        on_page_only: they say how much Floyd may do by itself, so no program may change them, whatever token it has.
    """

    key: str
    title: str | Promise
    note: str | Promise
    fields: tuple[str, ...]
    on_page_only: bool = False


GROUPS: tuple[Group, ...] = (
    Group(
        "about",
        _("About you"),
        _("How callees hear of you, and where Floyd looks."),
        ("name", "home_area", "region", "time_zone", "page_language", "language", "voice"),
    ),
    Group(
        "acting",
        _("How Floyd acts"),
        "",
        ("plan_approval", "approval_above_minor", "callee_choice", "switches_language", "record_calls"),
        on_page_only=True,
    ),
    Group(
        "money",
        _("Money and limits"),
        _("What Floyd may do without a tap of yours."),
        ("spending_limit_minor", "calls_per_day", "minutes_per_day", "cost_per_day_minor"),
        on_page_only=True,
    ),
    Group(
        "telling",
        _("Telling you"),
        _("Whatever does not reach you goes by another way you have."),
        ("tell_by", "push_says_what", "quiet_from", "quiet_to"),
    ),
    Group("learning", _("Learning"), _("What becomes of what Floyd hears and reads."), ("learning", "mail_learning"), on_page_only=True),
    Group(
        "keeping",
        _("Keeping"),
        _("Then ended requests are deleted, with their calls and texts. Those that you keep stay, and so do facts, contacts and appointments."),
        ("keep_days",),
        on_page_only=True,
    ),
)
FIELDS: tuple[str, ...] = tuple(name for group in GROUPS for name in group.fields)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def shown_groups() -> tuple[Group, ...]:
    """The groups that have something to set."""
    return tuple(group for group in GROUPS if group.fields)


def fields_of(key: str) -> tuple[str, ...]:
    """The fields of one group, or of all for an empty key. An unknown key has none."""
    return FIELDS if not key else next((group.fields for group in GROUPS if group.key == key), ())


def _name(value: str) -> str:
    if not any(character.isalnum() for character in value):
        raise KnowledgeError(noop("Give your name as callees are to hear it."))
    return value.strip()


def _time_zone(value: str) -> str:
    if value.strip() not in available_timezones():
        raise KnowledgeError(noop("This is no time zone. Give its name, for example America/Toronto."))
    return value.strip()


def _region(value: str) -> str:
    if value.strip().upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise KnowledgeError(noop("This is no country. Give its two letters, for example CA or US."))
    return value.strip().upper()


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value.strip()):
        raise KnowledgeError(noop("This is no language. Give its code, for example en-US."))
    return value.strip()


def _page_language(value: str) -> str:
    if value not in dict(settings.LANGUAGES):
        raise KnowledgeError(noop("This site has no pages in this language. Give its code, for example en."))
    return value


#: field → what must hold of it, whoever writes it; gives the value as it is stored, or raises KnowledgeError.
CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "time_zone": _time_zone,
    "region": _region,
    "page_language": _page_language,
    "language": _language,
}


def checked(name: str, value: Any) -> Any:
    """A preference as it is stored.

    Raises:
        KnowledgeError: it cannot be that; the message says how to put it.
    """
    try:
        return CHECKS[name](value) if name in CHECKS else value
    except KnowledgeError as error:
        raise KnowledgeError(str(error), field=name) from None


_FOLLOWERS: list[Callable[[User], None]] = []


def register(follower: Callable[[User], None]) -> None:
    """Has `follower` told whose preferences were changed, in the same transaction. For apps that build on this one."""
    _FOLLOWERS.append(follower)


@transaction.atomic
def change_preferences(*, user: User, **changes: Any) -> User:
    """Writes the given preferences; the others stay, so that two open pages do not undo each other's.

    Raises:
        KnowledgeError: one cannot be that; then none is written.
    """
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for name, value in changes.items():
        setattr(row, name, checked(name, value))
    row.save(update_fields=list(changes))
    for follower in _FOLLOWERS:
        follower(row)
    return row
