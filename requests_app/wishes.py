"""Several wishes in one sentence: the planner plans the first, and each of the others becomes a request of its own, linked to it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from context.money import find_amounts
from requests_app.errors import InvalidAsk
from requests_app.intake import create_request
from requests_app.life import record_event
from requests_app.models import Channel, Event, Request

log = logging.getLogger(__name__)

MOST = 5
KIND = "wishes"
#: What the key of a linked request begins with: such a one is not taken apart again.
KEY = "wish:"


@transaction.atomic
def make_linked(*, request: Request, wishes: Sequence[str]) -> list[Request]:
    """Makes requests of the other wishes in the ask of `request`, once, however often it is planned.

    A wish is the planner's wording: one that names money that the user did not name is left out.
    """
    if not wishes or request.client_key.startswith(KEY):
        return []
    Request.objects.select_for_update(no_key=True).get(pk=request.pk)
    if Event.objects.filter(request=request, kind=KIND).exists():
        return []
    made = [one for number, wish in enumerate(wishes[:MOST], 1) if (one := _make(request, wish, number)) is not None]
    if made:
        text = noop("You asked for several things. Floyd made requests of their own of the others.")
        record_event(request_id=request.pk, kind=KIND, text=text, data={"requests": [str(one.pk) for one in made]})
    return made


def _make(request: Request, wish: str, number: int) -> Request | None:
    currency = request.user.currency
    named = {found.amount for found in find_amounts(request.ask, currency)}
    if {found.amount for found in find_amounts(wish, currency)} - named:
        log.info("request %s: a further wish names money that the user did not", request.pk)
        return None
    try:
        made = create_request(user=request.user, ask=wish, channel=Channel(request.channel), client_key=f"{KEY}{request.pk}:{number}", parent=request)
    except InvalidAsk:
        return None
    # They came in one breath, and are taken back together.
    Request.objects.filter(pk=made.pk).update(undo_until=request.undo_until)
    return made
