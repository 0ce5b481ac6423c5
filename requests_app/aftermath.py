"""What came of a request, as it is shown: the outcome with its user's corrections, next steps, and entries in the calendar."""

from __future__ import annotations

from typing import Any

from context.models import CalendarEntry, FactStatus
from requests_app.models import Request
from requests_app.next_step import Correction, NextStep, StepStatus


def source_ref(request: Request, attempt: int, item: int) -> str:
    """Names the item of an outcome that a calendar entry stems from, so that a correction finds it."""
    return f"request:{request.pk}:{attempt}:{item}"


def entries_of(request: Request) -> list[CalendarEntry]:
    """The appointments that a request led to, in order of time."""
    rows = CalendarEntry.objects.filter(user=request.user_id, source_ref__startswith=f"request:{request.pk}:")
    return list(rows.exclude(status=FactStatus.RETIRED).order_by("starts_at"))


def steps_of(request: Request) -> list[NextStep]:
    """Its reminders, follow-ups and notes; cancelled ones are gone."""
    return list(request.next_steps.exclude(status=StepStatus.CANCELLED))


def corrections_of(request: Request) -> dict[tuple[int | None, str], Correction]:
    """What its user put right in the outcome of its latest call, by item and field; of several the last."""
    rows = request.corrections.filter(attempt=request.attempt)
    return {(row.item, row.field): row for row in rows}


def items_shown(request: Request) -> list[dict[str, Any]]:
    """The outcome's items as they stand; what was corrected comes with the words that stood there before."""
    outcome = request.outcome if isinstance(request.outcome, dict) else {}
    found = corrections_of(request) if outcome.get("items") else {}
    shown = []
    for index, item in enumerate(outcome.get("items") or ()):
        corrected = {field: row for (at, field), row in found.items() if at == index}
        shown.append({**item, "index": index, **{field: row.now for field, row in corrected.items()}, "corrected": list(corrected.values())})
    return shown


def summary_shown(request: Request) -> Correction | None:
    """The user's own summary, where they wrote one."""
    return request.corrections.filter(attempt=request.attempt, item=None, field="summary").last()


def aftermath(request: Request) -> dict[str, Any]:
    """Template variables, beside the steps. Three short queries, for a request that has ended; none before."""
    if request.outcome is None and request.ended_at is None:
        return {}
    return {"items": items_shown(request), "summary": summary_shown(request), "entries": entries_of(request)}
