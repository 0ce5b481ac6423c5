"""Finds what a lost hint, a lost callback or a dead process left behind. Run every few seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings

from calls import reconcile, selectors, settling
from calls.telephony import carrier_events
from calls.telephony.client import make_client
from requests_app.hints import hint

log = logging.getLogger(__name__)
Id = TypeVar("Id")


def sweep() -> None:
    """One round. What takes long is hinted to a worker of its own; one poisoned row does not stop the others."""
    _each(selectors.events_to_process(), carrier_events.process)
    _each(selectors.calls_abandoned(), reconcile.mark_abandoned)
    for request_id in selectors.requests_to_place():
        hint("calls.place", request_id)
    for call_id in selectors.calls_to_order():
        hint("calls.order", call_id)
    for call_id in selectors.calls_to_wrap_up():
        hint("calls.wrap_up", call_id)
    look()


def look() -> None:
    """Asks the carrier about calls of which too little is known, and ends those that may not go on."""
    to_find, quiet, to_end = selectors.calls_to_look_for(), selectors.calls_gone_quiet(), selectors.calls_to_end()
    if not (to_find or quiet or to_end) or not settings.TWILIO_ACCOUNT_SID:
        return
    client = make_client(settings)
    _each(to_find, lambda call_id: reconcile.look_for(client, call_id))
    _each(to_end, lambda call_id: reconcile.look_up(client, call_id, end_it=True))
    _each(quiet, lambda call_id: reconcile.look_up(client, call_id, end_it=False))


def heed_stop(opt_out_id: int) -> None:
    """Hangs up what rings at one number whose owner said STOP. What the carrier does not take now, `look` tries again."""
    if (ringing := selectors.calls_stopped_by_text(opt_out_id)) and settings.TWILIO_ACCOUNT_SID:
        client = make_client(settings)
        _each(ringing, lambda call_id: reconcile.look_up(client, call_id, end_it=True))


def ask_for_prices() -> None:
    """One round of asking the carrier for its prices."""
    if (calls := settling.due()) and settings.TWILIO_ACCOUNT_SID:
        client = make_client(settings)
        _each(calls, lambda call_id: settling.ask(client, call_id))


def _each(ids: Iterable[Id], act: Callable[[Id], object]) -> None:
    for one in ids:
        try:
            act(one)
        except Exception as error:
            log.exception("sweep: %s left for the next round: %s", one, type(error).__name__)
