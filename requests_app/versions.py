"""What was known for a request, version by version: what of it may be told on the call, and what is kept back."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as noop

from context.models import Sensitivity
from context.snapshot import left_out
from requests_app.after_planning import PLAN_EVENT
from requests_app.models import Event, Request, Snapshot

#: Whether it is told only after a word of the user → why no callee hears it.
WHY_KEPT = {False: noop("The call does not need it."), True: noop("Told only with your yes, and the call does not need it.")}


class KeptBack(NamedTuple):
    """A statement that no callee hears, and why."""

    statement: str
    why: str


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One snapshot as its user reads it.

    Attributes:
        told: statements that a plan made on it shares.
        told_after_asking: those of them that need the user's yes first.
        kept: the others, which no callee hears, each with the reason.
        left_out: by kind, how much more was known that seemed to have nothing to do with the ask.
    """

    version: int
    taken_at: datetime
    ask: str
    current: bool
    told: tuple[str, ...]
    told_after_asking: tuple[str, ...]
    kept: tuple[KeptBack, ...]
    contacts: tuple[str, ...]
    appointments: tuple[str, ...]
    left_out: dict[str, int]


def shown(request: Request, taken: Iterable[Snapshot]) -> list[VersionShown]:
    """Snapshots of one request, in the order given."""
    shared: dict[int, set[str]] = {}
    for data in Event.objects.filter(request=request, kind=PLAN_EVENT).values_list("data", flat=True):
        shared.setdefault(int(data.get("snapshot", 0)), set()).update(data.get("share", ()))
    return [_shown(one, shared.get(one.version, set()), one.pk == request.current_snapshot_id) for one in taken]


def _shown(taken: Snapshot, shared: set[str], current: bool) -> VersionShown:
    facts: list[dict[str, Any]] = taken.data.get("facts", [])
    in_plan = [fact for fact in facts if fact["id"] in shared]
    return VersionShown(
        version=taken.version,
        taken_at=taken.taken_at,
        ask=taken.ask,
        current=current,
        told=_statements(fact for fact in in_plan if fact["sensitivity"] == Sensitivity.SHARE),
        told_after_asking=_statements(fact for fact in in_plan if fact["sensitivity"] == Sensitivity.ASK_FIRST),
        kept=kept_back(taken.data, shared),
        contacts=tuple(str(one["name"]) for one in taken.data.get("contacts", ())),
        appointments=tuple(str(one["title"]) for one in taken.data.get("calendar", ())),
        left_out=left_out(taken.data),
    )


def kept_back(data: Mapping[str, Any], shared: Container[str]) -> tuple[KeptBack, ...]:
    """The facts of a snapshot that no plan shares, each with the reason."""
    kept = (fact for fact in data.get("facts", ()) if fact["id"] not in shared)
    return tuple(KeptBack(str(fact["statement"]), WHY_KEPT[fact.get("sensitivity") == Sensitivity.ASK_FIRST]) for fact in kept)


def _statements(facts: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(fact["statement"]) for fact in facts)
