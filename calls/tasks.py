"""Tasks: ids in, one service called. Losing one costs a sweep's interval."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from calls import dialling, holdings, services, wrap_up
from calls import sweep as sweeping
from calls.review import prompts, readings
from calls.telephony import live_calls, texts
from calls.telephony.client import make_client


@shared_task(name="calls.place")
def place(request_id: str) -> None:
    """Calls for a request, if the gates let it."""
    dialling.place(request_id)


@shared_task(name="calls.order")
def order(call_id: str) -> None:
    """Sends a new call's order to the carrier."""
    dialling.order(call_id)


@shared_task(name="calls.stop")
def stop(request_id: str) -> None:
    """Ends the calls of a request that its user stopped."""
    for sid in services.stop(request_id):
        live_calls.hang_up(make_client(settings), sid)


@shared_task(name="calls.heed_stop")
def heed_stop(opt_out_id: str) -> None:
    """Ends what rings at a number whose owner has just said STOP."""
    sweeping.heed_stop(int(opt_out_id))


@shared_task(name="calls.hang_up")
def hang_up(sid: str) -> None:
    """Ends a call that may not go on."""
    live_calls.hang_up(make_client(settings), sid)


@shared_task(name="calls.wrap_up")
def wrap(call_id: str) -> None:
    """Finds out what came of an ended call."""
    wrap_up.wrap_up(call_id)


@shared_task(name="calls.send_message")
def send_message(message_id: str) -> None:
    """Sends a text message of the outbox."""
    texts.send(message_id)


@shared_task(name="calls.sweep")
def sweep() -> None:
    """Finds what is due."""
    sweeping.sweep()


@shared_task(name="calls.forget_prompts")
def forget_prompts() -> None:
    """Forgets what the model was asked in calls of some weeks ago."""
    prompts.forget_old()


@shared_task(name="calls.forget_old")
def forget_old() -> None:
    """Forgets the carrier's reports, what staff opened of some time ago, and recordings whose time is over."""
    holdings.forget_old_callbacks()
    holdings.forget_old_sound()
    readings.forget_old()


@shared_task(name="calls.ask_for_prices")
def ask_for_prices() -> None:
    """Asks the carrier what it charges for calls that are over."""
    sweeping.ask_for_prices()
