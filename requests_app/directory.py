"""Looking a business up in the directory: claim, search, record. The search happens outside of any transaction.

What is found, or why nothing could be searched, is kept on the request (`candidates`); `number` decides what is made of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from providers import registry
from providers.types import ProviderError
from requests_app import candidates, number
from requests_app.candidates import Candidates
from requests_app.life import record_event
from requests_app.models import Request
from requests_app.status import Status

log = logging.getLogger(__name__)

#: Two questions to the directory, each tried twice.
LEASE = timedelta(seconds=45)
NO_ANSWER = noop("The directory doesn't answer just now.")
REFUSED = noop("The directory can't be searched: whoever runs Floyd finds the reason with `floyd doctor`.")


@dataclass(frozen=True, slots=True)
class Search:
    """A search that is ours to make until the lease ends."""

    request: Request
    term: str
    lease: datetime


def look_up(*, request_id: UUID | str) -> None:
    """Searches the directory for a request that needs it, and lets it go on. Safe to run any number of times at once."""
    search = _claim(request_id)
    if search is not None:
        _record(search, _result(search))


@transaction.atomic
def _claim(request_id: UUID | str) -> Search | None:
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    rows = Request.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("user", "current_snapshot")
    request = rows.filter(free, pk=request_id, status=Status.FINDING_NUMBER, number="").first()
    term = number.to_be_searched(request) if request else ""
    if request is None or not term:
        return None
    Request.objects.filter(pk=request.pk).update(lease_until=Now() + LEASE)
    request.refresh_from_db(fields=["lease_until"])
    assert request.lease_until is not None
    return Search(request, term, request.lease_until)


def _result(search: Search) -> Candidates:
    """What the directory says, checked; or a sentence about why it says nothing."""
    user, before = search.request.user, candidates.read(search.request.candidates)
    try:
        directory = registry.directory(settings)
        try:
            found = directory.search(search.term, area=user.home_area, region=user.region, language=user.language)
        finally:
            directory.close()
    except ProviderError as error:
        log.warning("request %s: directory failed (permanent: %s)", search.request.pk, error.permanent)
        kept = before.tried if before else []
        return Candidates(wanted=search.term, area=user.home_area, trouble=REFUSED if error.permanent else NO_ANSWER, found=kept)
    return candidates.gather(
        found,
        wanted=search.term,
        area=user.home_area,
        source=directory.source,
        region=user.region,
        countries=frozenset(settings.ALLOWED_COUNTRIES),
        before=before,
    )


@transaction.atomic
def _record(search: Search, result: Candidates) -> None:
    rows = Request.objects.filter(pk=search.request.pk, status=Status.FINDING_NUMBER, number="", lease_until=search.lease)
    if rows.update(candidates=candidates.write(result), lease_until=None, updated_at=Now()) != 1:
        return  # stopped, or taken over
    new = [one for one in result.found if one.state is candidates.State.NEW]
    listed = noop("%(source)s lists %(new)s that can be called.") % {"source": result.source, "new": len(new)} if result.source else result.trouble
    looked = noop("Looked for “%(term)s” near %(area)s.") % {"term": search.term, "area": result.area}
    record_event(request_id=search.request.pk, kind="directory", text=f"{looked} {listed}")
    number.find_number(request_id=search.request.pk)
