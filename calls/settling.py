"""Charging an ended call: by what was used at once, and by the carrier's own price once it names one (which may take a while)."""

from __future__ import annotations

import logging
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from calls import services
from calls.models import OPEN_STATUSES, Call, Direction
from calls.pricing import INBOUND, used_in_call
from calls.reconcile import CARRIER_ERRORS
from calls.review import summing
from calls.telephony import live_calls
from providers.prices import MICROS
from requests_app import costs
from requests_app.charge import Charge, Component

log = logging.getLogger(__name__)

#: When the carrier is asked for its price, after the call and between two tries; then ours stands.
ASK_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=24))
#: A call that is still on is looked at again.
STILL_ON = timedelta(minutes=5)
BATCH = 50


@transaction.atomic
def settle(call_id: UUID | str) -> None:
    """Charges an ended call by what it used. Safe to run again: what came in since is brought up to date."""
    call = services.lock(call_id)
    if call is None or call.status in OPEN_STATUSES:
        return
    if call.direction == Direction.INBOUND:
        _settle_inbound(call)
        return
    used = used_in_call(number=call.number, line=call.line, seconds=call.seconds, usage=call.usage, table=costs.table())
    costs.write(request=call.made_for, used=used, key=f"call:{call.pk}", call=call.pk, at=call.ended_at)
    _show(call)
    if not call.price_asked:
        due_at = timezone.now() + ASK_AFTER[0] if call.carrier_sid and call.seconds else None
        Call.objects.filter(pk=call.pk).update(price_due_at=due_at)


def _settle_inbound(call: Call) -> None:
    """A call that came in is nobody's to pay: what it cost stands on the call, at our prices, and the carrier is not asked."""
    used = used_in_call(
        number=call.number if call.is_rung_back else INBOUND, line=call.line, seconds=call.seconds, usage=call.usage, table=costs.table()
    )
    _note(call, costs.priced(used, at=call.ended_at))
    summing.sum_up(call.pk)
    Call.objects.filter(pk=call.pk).update(price_due_at=None)


def _show(call: Call) -> None:
    """The sums, on the call itself, its request, and in the queue of reviews."""
    if _note(call, costs.bill(call.made_for, call.pk)):
        costs.show(call.made_for)
    summing.sum_up(call.pk)


def _note(call: Call, bill: costs.Bill) -> bool:
    """Writes the sums on the call; returns whether they are news."""
    cost: dict[str, Any] = {"currency": bill.currency} | {one.component: None if one.unknown else one.micros for one in bill.costs}
    if cost == call.cost:
        return False
    services.save(call, cost=cost)
    return True


def due() -> list[UUID]:
    """Calls whose price is to be asked for."""
    return list(Call.objects.filter(price_due_at__lte=Now()).order_by("price_due_at").values_list("pk", flat=True)[:BATCH])


def ask(client: Any, call_id: UUID | str) -> None:
    """Asks the carrier what it charges for one call. Each try is claimed, so that many processes ask once."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None or call.price_due_at is None:
        return
    if call.status in OPEN_STATUSES:
        Call.objects.filter(pk=call.pk, price_due_at=call.price_due_at).update(price_due_at=timezone.now() + STILL_ON)
        return
    tries = call.price_asked + 1
    again = timezone.now() + ASK_AFTER[tries] if tries < len(ASK_AFTER) and call.carrier_sid and call.seconds else None
    if not Call.objects.filter(pk=call.pk, price_due_at=call.price_due_at).update(price_due_at=again, price_asked=tries):
        return
    settle(call.pk)
    if not (call.carrier_sid and call.seconds):
        Call.objects.filter(pk=call.pk).update(price_due_at=None)
        return
    try:
        seen = live_calls.look_up(client, call.carrier_sid)
    except CARRIER_ERRORS as error:
        log.warning("call %s: no price from the carrier: %s", call.pk, type(error).__name__)
        return
    if seen is not None and seen.price:
        take_price(call.pk, seen.price, seen.price_unit)


@transaction.atomic
def take_price(call_id: UUID | str, price: str, unit: str) -> None:
    """The carrier's price takes the place of ours. One in another currency than the table's cannot be added up, so ours stands."""
    call = services.lock(call_id)
    try:
        micros = int(abs(Decimal(price)) * MICROS)
    except (InvalidOperation, ValueError, OverflowError):
        log.warning("call %s: the carrier's price is no amount", call_id)
        return
    if call is None or call.direction == Direction.INBOUND:
        return
    Call.objects.filter(pk=call.pk).update(price_due_at=None)
    line = Charge.objects.filter(request=call.request_id, call=call.pk, component=Component.CARRIER, what=call.number).first()
    if line is not None and unit.upper() == line.currency:
        costs.take_reported(line=line, micros=micros)
        _show(call)
