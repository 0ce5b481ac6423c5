"""What the restaurant texts and mails: the placed order, its hours, where it is."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from context.dates import moment_in_words
from context.money import format_amount
from requests_app.message_templates import Words, load
from use_cases.restaurant.house import house
from use_cases.restaurant.models import Order, OrderKind
from use_cases.restaurant.ordering import order_of

MESSAGES = Path(__file__).parent / "messages.toml"


def details(what: str, *, call_id: UUID) -> Words | None:
    """The words for "order", "hours" or "location"; None when there is no placed order to tell of."""
    templates = load(MESSAGES)
    if what == "hours":
        return templates["hours"].fill(name=house().name, hours=house().kitchen.hours_told())
    if what == "location":
        return templates["location"].fill(name=house().name, address=house().address)
    order = order_of(call_id)
    return None if order is None or order.placed_at is None else _order(order)


def words_of_past(orders: list[Order]) -> Words | None:
    """Somebody's last orders in one message, without where they went; None: there are none."""
    if not orders:
        return None
    return load(MESSAGES)["past_orders"].fill(name=house().name, orders="\n".join(_in_one_line(order) for order in orders))


def _in_one_line(order: Order) -> str:
    assert order.placed_at is not None  # of a placed order, as the database says
    items = ", ".join(line.in_words(order.currency) for line in order.cart().lines)
    return f"{order.pk}, {moment_in_words(order.placed_at, house().kitchen.time_zone)}: {items}; total {order.total_in_words()}"


def _order(order: Order) -> Words:
    assert order.ready_at is not None  # of a placed order, as the database says
    when = moment_in_words(order.ready_at, house().kitchen.time_zone)
    delivered = order.kind == OrderKind.DELIVERY
    return load(MESSAGES)["order"].fill(
        name=house().name,
        number=str(order.pk),
        items="\n".join(line.in_words(order.currency) for line in order.cart().lines)
        + (f"\ndelivery, {format_amount(order.delivery_fee_minor, order.currency, full=True)}" if order.delivery_fee_minor else ""),
        total=order.total_in_words(),
        ready=f"Delivered to {order.address} by {when}." if delivered else f"Ready for pickup on {when} at {house().address}.",
    )
