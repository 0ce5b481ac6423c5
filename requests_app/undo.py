"""Taking a request back. Planning starts at once, but as long as "undo" is offered nothing is dialled and no text goes out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context.models import User
from live.publish import publish
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.life import topics
from requests_app.models import Channel, Message, MessageStatus, Request

#: Who sends from a page sees what became of the words, and may find that they were misheard.
FROM_A_PAGE = frozenset({Channel.WEB, Channel.VOICE})
TOO_LATE = noop("It is too late to take this back. You can still stop it.")


def open_undo(request: Request) -> None:
    """Offers to take a new request back, if it came from a page. By the database's clock, in the transaction that made it."""
    if request.channel in FROM_A_PAGE and settings.UNDO_S:
        Request.objects.filter(pk=request.pk).update(undo_until=Now() + Value(timedelta(seconds=settings.UNDO_S)))
        request.refresh_from_db(fields=["undo_until"])


@transaction.atomic
def undo_request(*, request_id: UUID | str, user: User) -> str:
    """Takes a request back with all that was made of it. Nothing of it has left Floyd, and nothing stays.

    Returns:
        The ask, to be changed and sent again.

    Raises:
        NotFound: not this user's, or taken back already.
        NotPossibleNow: the moment has passed.
    """
    request = Request.objects.select_for_update().filter(pk=request_id, user=user).first()
    if request is None:
        raise NotFound(noop("There is no such request."))
    if not Request.objects.filter(pk=request.pk, undo_until__gt=Now()).exists():
        raise NotPossibleNow(TOO_LATE)
    # The other wishes of the same sentence, which have the same moment.
    together = Request.objects.filter(Q(pk=request.pk) | Q(parent=request, undo_until=request.undo_until))
    gone = list(together.select_for_update().values_list("pk", flat=True))
    Message.objects.filter(request__in=gone, outbound=True, status=MessageStatus.NEW).delete()
    Request.objects.filter(pk__in=gone).delete()
    for pk in gone:
        publish(topics=topics(pk, user.pk), kind="request_gone", ref=pk)
    return request.ask
