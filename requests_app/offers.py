"""The call that Floyd offers where it didn't know, or could not tell somebody: one tap makes it a request of its own, once."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from context.models import User
from live.publish import publish
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.intake import create_request
from requests_app.life import topics
from requests_app.models import Channel, Request


def offered(request: Request) -> str:
    """What Floyd would be asked to do; empty when it offered nothing."""
    return str((request.outcome or {}).get("follow_up") or "")


@transaction.atomic
def offer(*, request_id: UUID | str, ask: str) -> None:
    """Offers a call behind a request that has ended: `ask` is what the user would ask for. The first one stays."""
    request = Request.objects.select_for_update(of=("self",), no_key=True).filter(pk=request_id, outcome__isnull=False).first()
    if request is None or request.outcome is None or offered(request):
        return
    request.outcome = {**request.outcome, "follow_up": ask}
    request.save(update_fields=["outcome"])
    publish(topics=topics(request.pk, request.user_id), kind="request", ref=request.pk)


@transaction.atomic
def take_offer(*, request_id: UUID | str, user: User, channel: Channel | str) -> Request:
    """Makes the request that was offered, linked to the one that ended; the same one however often.

    Raises:
        NotFound: not this user's.
        NotPossibleNow: nothing was offered.
    """
    request = Request.objects.filter(pk=request_id, user=user).first()
    if request is None:
        raise NotFound(noop("There is no such request."))
    if not offered(request):
        raise NotPossibleNow(noop("Floyd offered nothing further here. Say what you want as a new request."))
    made = create_request(user=user, ask=offered(request), channel=channel, client_key=f"offer:{request.pk}")
    Request.objects.filter(pk=made.pk, parent=None).update(parent=request)
    made.refresh_from_db()
    return made
