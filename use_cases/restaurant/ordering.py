"""An order from the first word to the kitchen: one per call, changed under a lock, placed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from use_cases.models import Caller
from use_cases.restaurant.cart import Cart, Line
from use_cases.restaurant.house import house
from use_cases.restaurant.kitchen import Ready, ready_at
from use_cases.restaurant.models import Order, OrderKind, OrderLine, OrderState

#: Where a caller's address is kept among what use cases know about them.
ADDRESS = "delivery_address"
LONGEST_ADDRESS = 200

Change = Callable[[Cart], tuple[Cart, Line]]


class OrderError(Exception):
    """It cannot be done now; the message says what has to come first."""


class NotReadyError(OrderError):
    """The kitchen cannot make it for then; `found` says when it could."""

    def __init__(self, found: Ready) -> None:
        super().__init__(found.why)
        self.found = found


@transaction.atomic
def begin(*, call_id: UUID, caller: Caller, kind: OrderKind, address: str = "", keep: bool) -> Order:
    """Begins the order of a call, or says anew how the caller gets it.

    Args:
        keep: a new address is kept for the next time: never where the number may be forged, since somebody else's order would go there.

    Raises:
        OrderError: a delivery without an address, or the order is placed.
    """
    order, _ = Order.objects.select_for_update(no_key=True).get_or_create(
        call_id=call_id, defaults={"caller": caller, "currency": house().menu.currency}
    )
    if order.placed_at is not None:
        raise OrderError("The order is placed. Only a person can change it now.")
    given = " ".join(address.split())[:LONGEST_ADDRESS]
    if kind == OrderKind.DELIVERY and not given:
        raise OrderError("Ask for the address first, with the zip code.")
    order.kind, order.address = kind, given if kind == OrderKind.DELIVERY else ""
    order.delivery_fee_minor = house().delivery_fee_minor if kind == OrderKind.DELIVERY else 0
    order.save(update_fields=["kind", "address", "delivery_fee_minor"])
    if order.address and keep:
        _keep_address(caller, order.address)
    return order


def address_of(caller: Caller) -> str:
    """The address to which this caller had something delivered last; empty for none."""
    return str(caller.data.get(ADDRESS, ""))


@transaction.atomic
def change_order(*, call_id: UUID, key: str, change: Change) -> tuple[Order, Line | None]:
    """Changes the cart, once per key: tried again, it finds it done and gives no line.

    Raises:
        OrderError: nobody said yet how they get it, or it is placed.
        CartError: see `cart`.
    """
    order = _open_order(call_id)
    if key in order.applied:
        return order, None
    cart, line = change(order.cart())
    order.lines.exclude(number__in=[each.number for each in cart.lines]).delete()
    for each in cart.lines:
        OrderLine.objects.update_or_create(order=order, number=each.number, defaults=_row(each))
    order.next_number, order.applied = cart.next_number, [*order.applied, key]
    order.save(update_fields=["next_number", "applied"])
    return order, line


@transaction.atomic
def read_back(*, call_id: UUID, now: datetime) -> tuple[Order, bool]:
    """The order, and whether it is the first time that it is read back whole.

    Raises:
        OrderError: nothing is ordered.
    """
    order = _open_order(call_id)
    if not order.lines.exists():
        raise OrderError("Nothing is ordered yet.")
    first = order.read_back_at is None
    if first:
        order.read_back_at = now
        order.save(update_fields=["read_back_at"])
    return order, first


@transaction.atomic
def place(*, call_id: UUID, now: datetime, wanted: datetime | None = None) -> tuple[Order, bool]:
    """Sends the order to the kitchen, once: a second try gives the first order, and False.

    Args:
        wanted: when the caller wants it; None: as soon as possible.

    Raises:
        OrderError: nothing is ordered, or it was not read back.
        NotReadyError: the kitchen is closed then.
    """
    order = _locked(call_id)
    if order is not None and order.placed_at is not None:
        return order, False
    order = _open_order(call_id)
    cart = order.cart()
    if not cart.lines:
        raise OrderError("Nothing is ordered yet.")
    if order.read_back_at is None:
        raise OrderError("Read the order back first, with its total, and ask whether it is right.")
    found = ready_at(house().kitchen, now=now, count=cart.count, delivery=order.kind == OrderKind.DELIVERY, wanted=wanted)
    if found.at is None:
        raise NotReadyError(found)
    order.state, order.total_minor, order.placed_at, order.ready_at = OrderState.PLACED, cart.total_minor, now, found.at
    order.save(update_fields=["state", "total_minor", "placed_at", "ready_at"])
    return order, True


def order_of(call_id: UUID) -> Order | None:
    """The order of a call, if one was begun."""
    return Order.objects.filter(call_id=call_id).first()


def placed_orders(caller: Caller, most: int = 5) -> list[Order]:
    """The caller's orders, newest first."""
    return list(Order.objects.filter(caller=caller, placed_at__isnull=False).prefetch_related("lines").order_by("-placed_at")[:most])


def _locked(call_id: UUID) -> Order | None:
    return Order.objects.select_for_update(no_key=True).filter(call_id=call_id).first()


def _open_order(call_id: UUID) -> Order:
    order = _locked(call_id)
    if order is None or not order.kind:
        raise OrderError("Ask first whether it is for pickup or delivery.")
    if order.placed_at is not None:
        raise OrderError("The order is placed. Only a person can change it now.")
    return order


def _row(line: Line) -> dict[str, object]:
    return {**asdict(line), "toppings": list(line.toppings)}


def _keep_address(caller: Caller, address: str) -> None:
    """Writes only this of the profile, whatever else changes meanwhile."""
    row = Caller.objects.select_for_update(no_key=True).get(pk=caller.pk)
    row.data = row.data | {ADDRESS: address}
    row.save(update_fields=["data", "updated_at"])
