"""One at a time for each user: whoever comes second waits, and sees what the first one saved."""

from __future__ import annotations

from context.models import User


def lock_user(user_id: int) -> None:
    """Holds the user's row until the transaction ends; who only writes rows of theirs is not held up. Call it in the transaction of the change."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user_id)
