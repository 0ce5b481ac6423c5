"""Importing a file: chosen, looked at, saved, undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from context.import_models import ImportBatch
from context.imports import batches
from context.imports.found import MOST_BYTES, UnreadableError
from context.item_pages import own_or_404, see_other
from context.page_dates import appointment_on_a_page
from context.signed_in import signed_in

NO_FILE = noop("Choose a file first.")
MOST_SHOWN = 200
MOST_LISTED = 10
ACTS = {"save", "undo", "discard"}


@require_http_methods(["GET", "POST"])
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """GET: where a file is chosen, and what was imported before. POST: reads one."""
    user: Any = request.user
    trouble, sent = "", request.FILES.get("file")
    if request.method == "POST":
        if sent is None:
            trouble = NO_FILE
        else:
            try:
                # One byte more than may be: enough to tell that it is too large.
                batch = batches.read_file(user=user, name=sent.name or "", data=sent.read(MOST_BYTES + 1))
                return see_other(reverse("import", args=[batch.pk]))
            except UnreadableError as error:
                trouble = str(error)
    context = {
        "page": "knows",
        "trouble": trouble,
        "batches": ImportBatch.objects.filter(user=user)[:MOST_LISTED],
        "most": MOST_BYTES // 1024 // 1024,
    }
    return render(request, "context/import.html", context, status=422 if trouble else 200)


@require_GET
@signed_in
def look(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What would be saved, what is left out and why; or what was saved."""
    batch = own_or_404(ImportBatch, request, batch_id)
    shown = [(item.get("statement") or item.get("name") or item.get("title"), _beside(item)) for item in batch.items[:MOST_SHOWN]]
    return render(request, "context/import_look.html", {"page": "knows", "batch": batch, "shown": shown, "more": len(batch.items) - len(shown)})


def _beside(item: dict[str, Any]) -> str:
    if item["kind"] == "entry":
        when = appointment_on_a_page(datetime.fromisoformat(item["starts_at"]), all_day=item["all_day"])
        return f"{when} · {item['place']}" if item["place"] else when
    return str(item.get("phone") or item.get("topic") or "")


def _undone(count: int) -> str:
    return ngettext("Undone: one entry was taken away.", "Undone: %(count)s entries were taken away.", count) % {"count": count}


@require_POST
@signed_in
def act(request: HttpRequest, batch_id: int, verb: str) -> HttpResponse:
    """Saves, undoes or discards one."""
    batch = own_or_404(ImportBatch, request, batch_id)
    if verb not in ACTS:
        raise Http404("No such act.")
    if verb == "discard":
        batches.discard(batch=batch)
        return see_other("choose-import")
    if verb == "save":
        batches.save(batch=batch)
    else:
        messages.success(request, _undone(batches.undo(batch=batch)))
    return see_other(reverse("import", args=[batch.pk]))
