"""What the assistant of the restaurant can do during a call."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from context.dates import moment_in_words, soon_in_words, zone
from context.money import format_amount
from context.when import read_date, read_spoken_time
from use_cases.confirming import mail_caller, text_caller
from use_cases.live_agent import live_agent
from use_cases.on_file import BY_TEXT, NOT_TOLD, TEXTED, may_hear, text_what_is_kept
from use_cases.restaurant import afterwards
from use_cases.restaurant import cart as carts
from use_cases.restaurant.cart import CartError, Line, Wanted
from use_cases.restaurant.house import house
from use_cases.restaurant.kitchen import at_clock
from use_cases.restaurant.models import Order, OrderKind
from use_cases.restaurant.ordering import Change, NotReadyError, OrderError, address_of, begin, change_order, place, placed_orders, read_back
from use_cases.restaurant.streets import is_street_of
from use_cases.restaurant.telling import details, words_of_past
from use_cases.tooling import ToolContext, ToolRefusedError, ToolResult, tool

__all__ = ["live_agent"]


class _Arguments(BaseModel):
    """Nothing but what is listed."""

    model_config = ConfigDict(extra="forbid")


class Nothing(_Arguments):
    """No arguments."""


class StartOrder(_Arguments):
    """What `start_order` takes."""

    kind: OrderKind = Field(description="pickup or delivery, as the caller said")
    address: str = Field(default="", max_length=200, description="for a delivery: street, city and zip code")
    address_on_file: bool = Field(default=False, description="the caller said that it goes to the address on file")


class AddItem(_Arguments):
    """What `add_item` takes."""

    item: str = Field(max_length=80, description="as the caller calls it")
    size: str = Field(default="", description="small, medium or large, for pizzas")
    toppings: list[str] = Field(default_factory=list, max_length=10, description="additional ones, for pizzas")
    quantity: int = Field(default=1)
    note: str = Field(default="", description="what the caller wants about it, such as dressing on the side")


class ChangeItem(_Arguments):
    """What `change_item` takes: the line, and only what changes."""

    line: int = Field(description="number of the line in the order")
    item: str | None = Field(default=None, max_length=80)
    size: str | None = None
    toppings: list[str] | None = Field(default=None, max_length=10, description="all that it shall have")
    quantity: int | None = None
    note: str | None = None


class RemoveItem(_Arguments):
    """What `remove_item` takes."""

    line: int = Field(description="number of the line in the order")


class Describe(_Arguments):
    """What `describe_item` takes."""

    item: str = Field(max_length=80)


class PlaceOrder(_Arguments):
    """What `place_order` takes."""

    date: str = Field(default="", description="the day for which it is wanted, in any form; empty: today")
    time: str = Field(default="", description="the time at which it is wanted, in any form; empty: as soon as possible")


class WhichOrders(_Arguments):
    """What `past_orders` takes; nothing is needed."""

    street: str = Field(default="", max_length=80, description="to which it was delivered, as the caller says it")
    dish: str = Field(default="", max_length=80, description="that was in it, as the caller says it")


class SendDetails(_Arguments):
    """What `send_details` takes."""

    what: Literal["order", "past_orders", "hours", "location"]
    by: Literal["text", "email"] = Field(default="text", description="email only when there is an address on file")


@tool(reads=True)
def show_menu(_context: ToolContext, _arguments: Nothing) -> ToolResult:
    """Gives the menu with prices, and the house special to suggest."""
    return ToolResult({"menu": house().menu.in_words(), "house_special": house().menu.house_special})


@tool(reads=True)
def describe_item(_context: ToolContext, arguments: Describe) -> ToolResult:
    """Describes one item of the menu, when the caller asks what it is."""
    found = house().menu.find(arguments.item)
    if not found.name:
        raise ToolRefusedError(f"That is not on the menu. Close to it: {', '.join(found.several or found.alike) or 'nothing'}.")
    item = house().menu.item(found.name)
    prices = {size: format_amount(price, house().menu.currency, full=True) for size, price in (item.sizes or {"price": item.price_minor}).items()}
    return ToolResult({"item": item.name, "description": item.description or "There is no description.", **prices})


@tool(reads=True)
def opening_hours(context: ToolContext, _arguments: Nothing) -> ToolResult:
    """Says whether the restaurant is open now, when it opens, its hours and its address."""
    kitchen = house().kitchen
    told: dict[str, Any] = {"open_now": kitchen.is_open(context.now), "hours": kitchen.hours_told(), "address": house().address}
    if not told["open_now"] and (opens := kitchen.opens_next(context.now)):
        told["opens"] = soon_in_words(opens, kitchen.time_zone, context.now)
    return ToolResult(told)


@tool()
def start_order(context: ToolContext, arguments: StartOrder) -> ToolResult:
    """Begins the order, as pickup or delivery: always the first step. Called again, it changes that."""
    address = arguments.address
    if arguments.kind == OrderKind.DELIVERY and not address.strip():
        on_file = address_of(context.caller) if context.attested else ""
        if on_file and not arguments.address_on_file:
            return ToolResult({"address_on_file": on_file, "next": "Ask whether it goes there, and call start_order again."})
        address = on_file
    try:
        order = begin(call_id=context.call_id, caller=context.caller, kind=arguments.kind, address=address, keep=context.attested)
    except OrderError as error:
        raise ToolRefusedError(str(error)) from error
    told = {"kind": order.kind, **({"address": order.address} if order.address else {})}
    if not house().kitchen.is_open(context.now):
        told["closed"] = "The kitchen is closed now: the order can only be scheduled. Say so, and for when."
    return ToolResult({**told, "next": "Ask for the items, one at a time."})


@tool(exclusive=True)
def add_item(context: ToolContext, arguments: AddItem) -> ToolResult:
    """Adds one item to the order. For pizzas ask for the size and for additional toppings first."""
    wanted = Wanted(arguments.item, arguments.size, tuple(arguments.toppings), arguments.quantity, arguments.note)
    return _changed(context, lambda cart: carts.add(cart, house().menu, wanted), "added")


@tool(exclusive=True)
def change_item(context: ToolContext, arguments: ChangeItem) -> ToolResult:
    """Changes a line of the order."""
    changes = {name: value for name, value in arguments.model_dump(exclude={"line"}).items() if value is not None}
    if "toppings" in changes:
        changes["toppings"] = tuple(changes["toppings"])
    return _changed(context, lambda cart: carts.change(cart, house().menu, arguments.line, changes), "changed")


@tool(exclusive=True)
def remove_item(context: ToolContext, arguments: RemoveItem) -> ToolResult:
    """Takes a line out of the order."""
    return _changed(context, lambda cart: carts.remove(cart, arguments.line), "removed")


@tool()
def read_back_order(context: ToolContext, _arguments: Nothing) -> ToolResult:
    """Gives the whole order with its total, to be read to the caller once, when they are done. Then ask whether it is right."""
    try:
        order, first = read_back(call_id=context.call_id, now=context.now)
    except OrderError as error:
        raise ToolRefusedError(str(error)) from error
    if first:
        return ToolResult({"read_to_the_caller": order.cart().in_words(order.currency), **_delivered_to(order)})
    return ToolResult(
        {"read_back_before": True, "total": order.total_in_words(), "next": "Do not read it all again: say what changed, and the total."}
    )


@tool(exclusive=True, filler="One moment, I'll send it to the kitchen.")
def place_order(context: ToolContext, arguments: PlaceOrder) -> ToolResult:
    """Places the order, once the caller has heard it read back and said that it is right. Says when it is ready."""
    wanted = _wanted(context, arguments)
    try:
        order, is_new = place(call_id=context.call_id, now=context.now, wanted=wanted)
    except NotReadyError as error:
        earliest = error.found.earliest
        when = moment_in_words(earliest, house().kitchen.time_zone) if earliest else ""
        return ToolResult({"placed": False, "why": str(error), "earliest": when, "next": "Offer that time, and place it for then if they agree."})
    except OrderError as error:
        raise ToolRefusedError(str(error)) from error
    told = {"placed": True, "order_number": order.pk, "total": order.total_in_words(), _when_word(order): _ready(order), **_delivered_to(order)}
    if not is_new:
        told["placed_before"] = "This order was placed already; it was not placed again."
    way = "text or email" if context.caller.takes_mail else "text"
    told["next"] = f"Say when it is there, then offer a confirmation by {way}."
    return afterwards.placed(told, total=order.total_in_words(), when=f"{_when_word(order).replace('_', ' ')} {_ready(order)}")


@tool(reads=True)
def past_orders(context: ToolContext, arguments: WhichOrders) -> ToolResult:
    """Lists this caller's last orders; with a street or a dish that they name, those that went there or had it."""
    orders = placed_orders(context.caller)
    if arguments.street.strip() or arguments.dish.strip():
        fitting = _named(context, arguments, orders)
        return ToolResult({"orders": [_past(order) for order in fitting], **({} if fitting else {"next": "No order fits that."})})
    if context.attested:
        return ToolResult({"orders": [_past(order) for order in orders]})
    here = [_past(order) for order in orders if order.call_id == context.call_id]
    ask = "Ask for the street it was delivered to, or a dish that was in it, to tell about that order."
    return ToolResult({"orders_of_this_call": here, "not_told": NOT_TOLD, "next": f"{ask} {BY_TEXT}"})


@tool()
def send_details(context: ToolContext, arguments: SendDetails) -> ToolResult:
    """Sends the caller their placed order, past orders, the opening hours or the address, by text, or by email if there is an address on file."""
    if arguments.what == "past_orders":
        orders = placed_orders(context.caller)
        if not text_what_is_kept(context, words_of_past(orders), of="orders"):
            return ToolResult({"sent": TEXTED})
        return ToolResult({"sent": f"a text message with {len(orders)} orders" if orders else "nothing: there are no orders"})
    words = details(arguments.what, call_id=context.call_id)
    if words is None:
        raise ToolRefusedError("No order was placed in this call, so there is nothing to confirm.")
    if arguments.by == "email":
        mail_caller(context, words)
    else:
        text_caller(context, words)
    return ToolResult({"sent": arguments.what, "by": arguments.by})


def _changed(context: ToolContext, change: Change, what: str) -> ToolResult:
    try:
        order, line = change_order(call_id=context.call_id, key=context.key, change=change)
    except (CartError, OrderError) as error:
        raise ToolRefusedError(str(error)) from error
    return ToolResult({**({what: _line(line, order)} if line else {}), "order": _lines(order), "total": order.total_in_words()})


def _line(line: Line, order: Order) -> str:
    return f"line {line.number}: {line.in_words(order.currency)}"


def _lines(order: Order) -> list[str]:
    return [_line(line, order) for line in order.cart().lines]


def _delivered_to(order: Order) -> dict[str, str]:
    return {"delivered_to": order.address} if order.address else {}


def _when_word(order: Order) -> str:
    return "delivered_by" if order.kind == OrderKind.DELIVERY else "ready_at"


def _ready(order: Order) -> str:
    assert order.ready_at is not None  # of a placed order, as the database says
    return moment_in_words(order.ready_at, house().kitchen.time_zone)


def _past(order: Order) -> dict[str, Any]:
    assert order.placed_at is not None
    when = moment_in_words(order.placed_at, house().kitchen.time_zone)
    about = {"number": order.pk, "placed": when, "state": order.get_state_display(), "kind": order.kind}
    return {**about, "items": _lines(order), "total": order.total_in_words()}


def _named(context: ToolContext, arguments: WhichOrders, orders: list[Order]) -> list[Order]:
    """The orders that fit what the caller named; none if they may not hear of them."""
    dish = house().menu.find(arguments.dish).name if arguments.dish.strip() else ""
    if arguments.dish.strip() and not dish:
        raise ToolRefusedError("That is not clear. Ask for one dish as it stands on the menu, or for the street.")
    fitting = [
        order
        for order in orders
        if (not dish or any(line.name == dish for line in order.lines.all()))
        and (not arguments.street.strip() or is_street_of(arguments.street, order.address))
    ]
    if fitting and all(order.call_id == context.call_id for order in fitting):
        return fitting
    named = f"order {dish.casefold()} {' '.join(arguments.street.casefold().split())}"
    return fitting if may_hear(context, named=named, right=bool(fitting)) else []


def _wanted(context: ToolContext, arguments: PlaceOrder) -> datetime | None:
    """When the caller wants it; None: as soon as possible."""
    if not arguments.time.strip() and not arguments.date.strip():
        return None
    clock = read_spoken_time(arguments.time)
    if clock is None:
        raise ToolRefusedError("Ask for one time of day at which they want it.")
    today = context.now.astimezone(zone(house().kitchen.time_zone)).date()
    day = read_date(arguments.date, today) if arguments.date.strip() else today
    if day is None:
        raise ToolRefusedError("That day is past, or was not clear. Ask for a day from today on.")
    return at_clock(day, clock, house().kitchen)
