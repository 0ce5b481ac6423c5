"""A POST under the sender's own key is done once, however often and however many at once it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Value
from django.db.models.functions import Now

from context.access_models import IdempotencyKey
from context.models import User

KEY_LENGTH = 120
#: Nobody sends the same thing again after that long.
KEPT = timedelta(days=3)
PRUNED_AT_ONCE = 5000
Thing = TypeVar("Thing", bound=Model)


class KeyReusedError(Exception):
    """The key was used for something else."""

    permanent = True


@transaction.atomic
def once(*, user: User, operation: str, key: str, body: bytes, act: Callable[[], Thing]) -> tuple[str, Thing | None]:
    """Does `act` unless it was done under this key before.

    Who comes second waits until the first has ended: the row of the key is written first, in the same transaction.
    Where `act` raises, the key stays free.

    Returns:
        The primary key of the thing, and the thing itself if it was done just now.

    Raises:
        KeyReusedError: the key belongs to another body, or cannot be one.
    """
    if not key.strip() or len(key) > KEY_LENGTH or not key.isprintable():
        raise KeyReusedError(f"An Idempotency-Key is 1 to {KEY_LENGTH} printable characters, for example a UUID.")
    fingerprint = hashlib.sha256(body).hexdigest()
    fields = {"user": user, "operation": operation, "key": key}
    IdempotencyKey.objects.bulk_create([IdempotencyKey(**fields, body_sha256=fingerprint, ref="")], ignore_conflicts=True)
    row = IdempotencyKey.objects.select_for_update(no_key=True).get(**fields)
    if row.body_sha256 != fingerprint:
        raise KeyReusedError("This Idempotency-Key was already used for something else. Send a new key with a new wish.")
    if row.ref:
        return row.ref, None
    thing = act()
    IdempotencyKey.objects.filter(pk=row.pk).update(ref=str(thing.pk))
    return str(thing.pk), thing


def prune_keys() -> int:
    """Forgets keys that nobody will send again. Returns how many."""
    old = IdempotencyKey.objects.filter(created_at__lt=Now() - Value(KEPT)).order_by("created_at")[:PRUNED_AT_ONCE]
    count, _ = IdempotencyKey.objects.filter(pk__in=old.values("pk")).delete()
    return count
