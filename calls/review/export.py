"""The queue as a file: figures as CSV for a spreadsheet, or whole calls as JSON, each of which is logged as read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, OuterRef
from django.http import HttpResponse
from django.utils import timezone

from calls.models import Call
from calls.review.access import open_call
from calls.review.queue import Filters
from calls.review_models import Labelling, ReviewNote
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


def _figures(filters: Filters, staff: User, most: int) -> Iterator[dict[str, Any]]:
    """The list without anybody's words, a row for each call: one query, and no objects, for there may be thousands."""
    labels = ArraySubquery(Labelling.objects.filter(review=OuterRef("pk")).order_by("label__name").values("label__name"))
    rows = filters.rows(staff).annotate(label_names=labels, assigned_to=F("assignee__email"))
    plain = [name for name in COLUMNS if name not in ("call", "labels", "assignee")]
    for row in rows.values("call_id", "label_names", "assigned_to", *plain)[:most]:
        yield {
            **{name: row[name] for name in plain},
            "call": str(row["call_id"]),
            "ended_at": row["ended_at"].isoformat(),
            "verdict_at": row["verdict_at"].isoformat() if row["verdict_at"] else "",
            "labels": ", ".join(row["label_names"]),
            "assignee": row["assigned_to"] or "",
        }


def as_csv(filters: Filters, staff: User) -> HttpResponse:
    """The list, figures only."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    for row in _figures(filters, staff, MOST_ROWS):
        writer.writerow([safe(row[name]) for name in COLUMNS])
    return _file(text.getvalue(), "text/csv; charset=utf-8", "csv")


def as_json(filters: Filters, staff: User, *, reason: str) -> HttpResponse:
    """The newest calls of the list with what was said, their times, and what staff said of them. Each is logged as read for `reason`.

    Raises:
        NotFound: not staff, or no reason.
    """
    calls = []
    for row in _figures(filters, staff, MOST_CALLS):
        call = open_call(staff, UUID(row["call"]), reason=reason, what="export")
        notes = ReviewNote.objects.filter(review=row["call"]).values("seq", "text", "created_at", "author__email")
        calls.append({**row, **words(call), "notes": list(notes)})
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
