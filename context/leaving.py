"""Deleting an account: everything that is kept of a user goes, in steps that can be done again, so that a killed process costs time only.

First the account is closed: nobody signs in, no token works, nothing new begins. Then each app does its step (stop calls, drop files);
when all are done, the rows go in one transaction, with what tells of them in the logs of the admin and in the live changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Now

from context.mail_models import BouncedAddress
from context.models import User
from context.ownership import claim, paths, rows_of
from live.models import Change, Topic

log = logging.getLogger(__name__)

#: Who writes about a user locks a row of theirs (a request, a call) and then, by a foreign key, the user; here it is the user first, and then
#: all rows. So the one that can be done again gives way, long before the database notices a circle and ends either (`deadlock_timeout`, 1 s).
LOCK_MS = 200
#: Does what comes before the rows go; True when there is nothing more to do. Runs any number of times.
Step = Callable[[User], bool]

_steps: list[Step] = []
#: Gives the live topics that tell of a user.
_topics: list[Callable[[User], list[str]]] = []


def register(step: Step) -> None:
    """Has `step` done before an account's rows go. Call it from an app's `ready`."""
    if step not in _steps:
        _steps.append(step)


def register_topics(topics: Callable[[User], list[str]]) -> None:
    """Has the changes of these live topics go with their user. Call it from an app's `ready`."""
    if topics not in _topics:
        _topics.append(topics)


@transaction.atomic
def begin(*, user: User) -> None:
    """Closes an account for ever. Its rows go soon, by `finish_all`."""
    User.objects.filter(pk=user.pk, leaving_at=None).update(is_active=False, leaving_at=Now())
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def finish_all() -> int:
    """Goes on with every account that is being deleted. Returns how many are gone now. Runs any number of times at once."""
    return sum(finish(user) for user in User.objects.filter(leaving_at__isnull=False).order_by("leaving_at")[:20])


def finish(user: User) -> bool:
    """Does what is still to do for one account; True when it is gone."""
    try:
        claim(user)
        return all(step(user) for step in _steps) and _delete(user.pk)
    except (IntegrityError, OperationalError) as error:  # somebody was just writing about them: the next time
        log.info("user %s: not deleted yet: %s", user.pk, type(error).__name__)
        return False


@transaction.atomic
def _delete(user_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, true)", [f"{LOCK_MS}ms"])
    user = User.objects.select_for_update(skip_locked=True).filter(pk=user_id, leaving_at__isnull=False).first()
    if user is None:
        return False
    forget = _what_tells(user)
    user.delete()
    # Topics last: whoever writes about a user has their row first and its topic then.
    for rows in forget:
        rows.delete()
    log.info("user %s: deleted", user_id)
    return True


def _what_tells(user: User) -> list[QuerySet[Any]]:
    """What names rows of the user without belonging to them, by keys that outlast the rows."""
    found: list[QuerySet[Any]] = []
    names = [f"user.{user.pk}", *(name for topics in _topics for name in topics(user))]
    owned: list[type[Model]] = [User, *paths()]
    for model in owned:
        keys: list[Any] = [str(key) for key in rows_of(model, user).values_list("pk", flat=True)]
        found.append(LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=keys))
    return [
        *found,
        BouncedAddress.objects.filter(address=user.email.lower()),
        Change.objects.filter(topic__in=names),
        Topic.objects.filter(name__in=names),
    ]
