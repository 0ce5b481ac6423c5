"""Makes an ended call's row in the queue of reviews, and keeps it current while prices and corrections come in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from calls.models import OPEN_STATUSES, Call
from calls.review import flags
from calls.review.flags import Flag
from calls.review_models import Review
from requests_app.charge import Component
from requests_app.models import Request
from requests_app.next_step import Correction


def sum_up(call_id: UUID | str) -> Review | None:
    """Writes what the queue lists of an ended call. What staff said of it stays. None: there is no such call, or it is still on."""
    call = Call.objects.prefetch_related("lines", "turns").filter(pk=call_id).exclude(status__in=OPEN_STATUSES).first()
    if call is None:
        return None
    lines, turns = list(call.lines.all()), list(call.turns.all())
    waits = [turn.whole_ms for turn in turns if turn.whole_ms is not None]
    slowest_ms = max(waits, default=None)
    interruptions, cut_ins = sum(turn.interrupted for turn in turns), flags.cut_ins(lines, turns)
    found = flags.found(call, slowest_ms=slowest_ms, interruptions=interruptions, cut_ins=cut_ins)
    if _corrected(call):
        found.add(Flag.CORRECTED)
    brief = call.brief or {}
    values: dict[str, Any] = {
        "ended_at": call.ended_at or timezone.now(),
        "line": call.line,
        "outcome": call.end_reason or call.status,
        "use_case": str((brief.get("use_case") or {}).get("slug") or brief.get("kind") or "")[:40],
        "seconds": call.seconds,
        "turns": len(turns),
        "slowest_ms": slowest_ms,
        "interruptions": interruptions,
        "cut_ins": cut_ins,
        "cost_micros": known_cost(call),
        "currency": str((call.cost or {}).get("currency", ""))[:3],
        "flags": flags.written(found),
        **_services(call),
    }
    review, _ = Review.objects.update_or_create(call=call, defaults=values)
    return review


def known_cost(call: Call) -> int | None:
    """What a call cost, in micro-units, as far as it is known; None for not at all."""
    known = [value for name, value in (call.cost or {}).items() if name != "currency" and isinstance(value, int)]
    return sum(known) if known else None


def _services(call: Call) -> dict[str, str]:
    """Who heard, thought and spoke, by what was used of them; the first of several."""
    columns = {Component.RECOGNITION: "recognition", Component.MODEL: "model", Component.VOICE: "voice"}
    services: dict[str, str] = {}
    for one in call.usage or []:
        if column := columns.get(one.get("component")):
            services.setdefault(column, str(one.get("what", ""))[:80])
    return services


def _corrected(call: Call) -> bool:
    return call.request_id is not None and Correction.objects.filter(request=call.request_id, attempt=call.attempt).exists()


def corrected(correction: Correction) -> None:
    """A user put an outcome right: the call that it came from is worth a look."""
    request: Request = correction.request
    call = Call.objects.filter(request=request, attempt=correction.attempt).only("pk").first()
    if call is not None:
        sum_up(call.pk)
