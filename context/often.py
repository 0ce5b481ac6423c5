"""How often something may be done: counted in the cache, for all processes together."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone


def too_often(what: str, *, most: int, within_s: int) -> bool:
    """Counts one more of `what`. Whether these are more than `most` within this stretch of `within_s` seconds."""
    key = f"{what}:{int(timezone.now().timestamp()) // within_s}"
    cache.add(key, 0, timeout=2 * within_s)
    return cache.incr(key) > most
