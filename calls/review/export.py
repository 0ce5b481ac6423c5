"""The queue as a file: figures as CSV for a spreadsheet, or whole calls as JSON, each of which is logged as read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils import timezone

from calls.models import Call
from calls.review.access import open_call
from calls.review.queue import Filters
from calls.review_models import Review
from context.models import User

MOST_ROWS = 20_000
#: Whole calls are opened one by one, each with its log.
MOST_CALLS = 200
COLUMNS = (
    "call", "ended_at", "line", "outcome", "use_case", "seconds", "turns", "slowest_ms", "interruptions", "cut_ins", "cost_micros",
    "currency", "recognition", "model", "voice", "flags", "verdict", "verdict_at", "labels", "assignee",
)  # fmt: skip
#: What makes spreadsheets take a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection), wide forms included.
_FORMULA = (*"=+-@\t\r\n|%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula. Numbers are numbers."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    text = str(cell).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def figures(review: Review) -> dict[str, Any]:
    """A review without anybody's words."""
    row = {name: getattr(review, name) for name in COLUMNS if name not in ("call", "labels", "assignee", "ended_at", "verdict_at")}
    return {
        **row,
        "call": str(review.pk),
        "ended_at": review.ended_at.isoformat(),
        "verdict_at": review.verdict_at.isoformat() if review.verdict_at else "",
        "labels": ", ".join(label.name for label in review.labels.all()),
        "assignee": review.assignee.email if review.assignee else "",
    }


def _rows(filters: Filters, staff: User, most: int) -> Iterator[Review]:
    return iter(filters.rows(staff).select_related("assignee").prefetch_related("labels")[:most])


def as_csv(filters: Filters, staff: User) -> HttpResponse:
    """The list, figures only."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    for review in _rows(filters, staff, MOST_ROWS):
        row = figures(review)
        writer.writerow([safe(row[name]) for name in COLUMNS])
    return _file(text.getvalue(), "text/csv; charset=utf-8", "csv")


def as_json(filters: Filters, staff: User, *, reason: str) -> HttpResponse:
    """The newest calls of the list with what was said, their times, and what staff said of them. Each is logged as read for `reason`.

    Raises:
        NotFound: not staff, or no reason.
    """
    calls = []
    for review in _rows(filters, staff, MOST_CALLS):
        call = open_call(staff, review.pk, reason=reason, what="export")
        calls.append({**figures(review), **words(call), "notes": list(review.notes.values("seq", "text", "created_at", "author__email"))})
    document = {"format": "floyd-reviews-1", "made_at": timezone.now(), "reason": reason, "most": MOST_CALLS, "calls": calls}
    return _file(json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1), "application/json", "json")


def words(call: Call) -> dict[str, Any]:
    """What was said in a call, and where the time of each turn went."""
    brief = call.brief or {}
    return {
        "goal": brief.get("goal", ""),
        "lines": list(call.lines.filter(final=True).values("seq", "speaker", "text", "intended", "start_ms", "end_ms")),
        "turn_times": [{name: value for name, value in row.items() if name not in ("id", "call_id")} for row in call.turns.values()],
    }


def _file(text: str, kind: str, ending: str) -> HttpResponse:
    name = f"floyd-calls-{timezone.now():%Y-%m-%d-%H%M}.{ending}"
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})
