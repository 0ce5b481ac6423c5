"""Who may see and change what is known about a user: only that user. Staff work in the admin, under Django's permissions."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_noop as noop

from context.errors import NotKnown
from context.import_models import ImportBatch
from context.interview_models import InterviewQuestion
from context.models import CalendarEntry, Contact, Fact, User

Viewer = User | AnonymousUser
Row = TypeVar("Row", Fact, Contact, CalendarEntry, ImportBatch, InterviewQuestion)
NOUNS: dict[type[Model], str] = {
    Fact: "fact",
    Contact: "contact",
    CalendarEntry: "calendar entry",
    ImportBatch: "import",
    InterviewQuestion: "question",
}


def own(model: type[Row], user: Viewer) -> QuerySet[Row]:
    """The user's own of a kind: facts, contacts, appointments, files read, questions of Floyd's."""
    rows: QuerySet[Row] = model._default_manager.all()
    return rows.filter(user=user) if isinstance(user, User) and user.is_active else rows.none()


def own_one(model: type[Row], user: Viewer, key: int | str, *, lock: bool = False) -> Row:
    """One of the user's own.

    Args:
        lock: hold the row until the transaction ends, to change it.

    Raises:
        NotKnown: there is none, or it is somebody else's.
    """
    rows = own(model, user).select_related("user")
    row = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).filter(pk=key).first()
    if row is None:
        raise NotKnown(noop("There is no such %(nouns)s.") % {"nouns": NOUNS[model]})
    return row


def may_watch_user(user: Any, user_id: str) -> bool:
    """Whether the live topic `user.<id>` is open to this user."""
    return str(user.pk) == user_id


def may_watch_staff(user: Any, ref: str) -> bool:
    """Whether the live topic `staff` is open to this user."""
    return ref == "" and bool(user.is_staff)
