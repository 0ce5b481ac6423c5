"""Who may see what is known about a user: only that user. Staff work in the admin, under Django's permissions."""

from __future__ import annotations

from typing import Any


def may_watch_user(user: Any, user_id: str) -> bool:
    """Whether the live topic `user.<id>` is open to this user."""
    return str(user.pk) == user_id


def may_watch_staff(user: Any, ref: str) -> bool:
    """Whether the live topic `staff` is open to this user."""
    return ref == "" and bool(user.is_staff)
