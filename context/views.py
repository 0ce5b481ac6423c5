"""What Floyd knows about the user: to read. It is changed by telling Floyd, or in the admin."""

from __future__ import annotations

import json
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from context.models import CalendarEntry, Contact, Fact, FactStatus
from context.signed_in import signed_in
from live.rows import heads

MOST = 200


@require_GET
@signed_in
def knows(request: HttpRequest) -> HttpResponse:
    """Facts, contacts and the calendar of the signed-in user."""
    topic = f"user.{request.user.pk}"
    live_topics = json.dumps(heads([topic]))
    mine = {"user": request.user}
    context = {
        "page": "knows",
        "live_topics": live_topics,
        "facts": Fact.objects.filter(**mine).exclude(status=FactStatus.RETIRED)[:MOST],
        "contacts": Contact.objects.filter(**mine).exclude(status=FactStatus.RETIRED)[:MOST],
        "calendar": CalendarEntry.objects.filter(**mine, starts_at__gte=timezone.now() - timedelta(days=1)).exclude(status=FactStatus.RETIRED)[:MOST],
    }
    return render(request, "context/knows.html", context)
