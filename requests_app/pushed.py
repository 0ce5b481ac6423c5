"""A request as it is read for what is pushed to pages: what stands beside its row is read again only where it changed.

A request that is worked on is pushed again and again, and most of what its page shows stays as it was. So its row is read with a fingerprint of
what its page shows from other tables, and what has the same one as the last time is not read. A fingerprint holds the rows with the transaction
that wrote them: nobody's change goes unseen, whoever made it, not even one that was taken back.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from context.models import User
from requests_app import costs, recorded
from requests_app.aftermath import steps_of
from requests_app.models import Request, Snapshot
from requests_app.next_step import NextStep

#: Requests of which a process keeps what stands beside them: more than are pushed at the same time.
MOST = 64

_FINGERPRINT = "(select md5(string_agg(one.xmin || one::text, ' ' order by one.id)) from %s one where one.%s = requests_app_request.%s) as %s"
_BESIDE = (
    ("context_user", "id", "user_id", "user_print"),
    ("requests_app_charge", "request_id", "id", "bill_print"),
    ("requests_app_nextstep", "request_id", "id", "steps_print"),
)
_PRINTS = ", ".join(_FINGERPRINT % one for one in _BESIDE)
_READ = f"select requests_app_request.*, {_PRINTS}, %s as is_recorded from requests_app_request where id = %%s"  # noqa: S608  names of ours


def read(ref: str) -> tuple[Request, dict[str, Any]]:
    """A request with its user and snapshot, and what `detail` need not read. One query, when nothing beside its row changed since the last time.

    Raises:
        Request.DoesNotExist: there is none.
    """
    wish: Any = next(iter(Request.objects.raw(_READ % recorded.condition(), [ref])), None)
    if wish is None:
        raise Request.DoesNotExist
    wish.user = _user(wish.user_id, wish.user_print)
    if wish.current_snapshot_id is not None:
        wish.current_snapshot = _snapshot(wish.current_snapshot_id)
    return wish, {"bill": _bill(wish.pk, wish.bill_print), "steps": _steps(wish.pk, wish.steps_print)}


@lru_cache(maxsize=MOST)
def _user(pk: int, _fingerprint: str) -> User:
    return User.objects.get(pk=pk)


@lru_cache(maxsize=MOST)
def _snapshot(pk: int) -> Snapshot:
    """A row that never changes."""
    return Snapshot.objects.get(pk=pk)


@lru_cache(maxsize=MOST)
def _bill(pk: UUID, _fingerprint: str | None) -> costs.Bill:
    return costs.bill(Request(pk=pk))


@lru_cache(maxsize=MOST)
def _steps(pk: UUID, _fingerprint: str | None) -> list[NextStep]:
    return steps_of(Request(pk=pk))
