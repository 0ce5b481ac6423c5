"""What staff do with orders that were placed: say that one is ready, cancel it, put it right; and what its caller is texted of that."""

from __future__ import annotations

from django.db import transaction

from requests_app.message_templates import load
from requests_app.sending import CannotSendError, send_text
from use_cases.restaurant.house import house
from use_cases.restaurant.models import MOVES, Order, OrderKind, OrderState
from use_cases.restaurant.telling import MESSAGES


class WrongStateError(Exception):
    """Nothing of the kind can become of the order as it is; the message says how it is."""


@transaction.atomic
def move(order: Order, state: OrderState) -> str:
    """Has the order be in that state, once, and texts whoever ordered. Returns why they could not be told; empty: they are.

    Raises:
        WrongStateError: see `MOVES`.
    """
    before = [one for one, after in MOVES.items() if state in after]
    if Order.objects.filter(pk=order.pk, state__in=before).update(state=state) != 1:
        raise WrongStateError(f"Order {order.pk} is: {Order.objects.get(pk=order.pk).get_state_display()}.")
    values = {"name": house().name, "number": str(order.pk)}
    if state is OrderState.READY:
        at = f"Pick it up at {house().address}."
        values["where"] = f"It is on its way to {order.address}." if order.kind == OrderKind.DELIVERY else at
    try:
        send_text(to=order.caller.number, words=load(MESSAGES)[f"order_{state.value}"].fill(**values), dedupe_key=f"order:{order.pk}:{state.value}")
    except CannotSendError as error:
        return str(error)
    return ""


@transaction.atomic
def add_up(order: Order) -> int:
    """Counts the total of a placed order anew, whose lines staff put right. In minor units."""
    total = Order.objects.select_for_update(no_key=True).get(pk=order.pk).cart().total_minor
    Order.objects.filter(pk=order.pk).update(total_minor=total)
    return total
