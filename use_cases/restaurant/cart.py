"""The order as it grows. What it costs is added up here and nowhere else. Pure: every change makes a new cart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from context.money import format_amount
from use_cases.restaurant.menu import Found, Item, Menu

MOST_OF_ONE = 50
MOST_LINES = 40
LONGEST_NOTE = 200


class CartError(Exception):
    """It cannot be put into the order; the message says why, and what to ask the caller."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. `each_minor`: price of one, toppings included, as it was when it was ordered."""

    number: int
    name: str
    quantity: int
    each_minor: int
    size: str = ""
    toppings: tuple[str, ...] = ()
    note: str = ""

    @property
    def total_minor(self) -> int:
        """What the line costs."""
        return self.each_minor * self.quantity

    def in_words(self, currency: str) -> str:
        """E.g. "2 large The Works with extra cheese (well done), $51.88"."""
        what = " ".join(filter(None, [str(self.quantity), self.size, self.name]))
        if self.toppings:
            what += " with " + " and ".join(topping.lower() for topping in self.toppings)
        if self.note:
            what += f" ({self.note})"
        return f"{what}, {format_amount(self.total_minor, currency, full=True)}"


@dataclass(frozen=True, slots=True)
class Cart:
    """The lines of an order, and what delivering it costs. Numbers of lines are never used again."""

    lines: tuple[Line, ...] = ()
    delivery_fee_minor: int = 0
    next_number: int = 1

    @property
    def items_minor(self) -> int:
        """What the items cost."""
        return sum(line.total_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        """What the whole order costs; an empty one costs nothing."""
        return self.items_minor + self.delivery_fee_minor if self.lines else 0

    @property
    def count(self) -> int:
        """How many things were ordered."""
        return sum(line.quantity for line in self.lines)

    def line(self, number: int) -> Line:
        """The line of that number.

        Raises:
            CartError: there is none.
        """
        for line in self.lines:
            if line.number == number:
                return line
        raise CartError(f"The order has no line {number}. Its lines: {', '.join(str(line.number) for line in self.lines) or 'none'}.")

    def in_words(self, currency: str) -> str:
        """The whole order with its total, to be read to the caller."""
        parts = [line.in_words(currency) for line in self.lines]
        if self.delivery_fee_minor and self.lines:
            parts.append(f"delivery, {format_amount(self.delivery_fee_minor, currency, full=True)}")
        return f"{'; '.join(parts)}. The total is {format_amount(self.total_minor, currency, full=True)}." if parts else "Nothing is ordered yet."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller wants to have, in their words."""

    item: str
    size: str = ""
    toppings: tuple[str, ...] = ()
    quantity: int = 1
    note: str = ""


def add(cart: Cart, menu: Menu, wanted: Wanted) -> tuple[Cart, Line]:
    """The cart with one more line, and that line.

    Raises:
        CartError: it is not on the menu, a size is missing, or there is too much of it.
    """
    if len(cart.lines) >= MOST_LINES:
        raise CartError(f"An order has up to {MOST_LINES} lines. For more, a person has to take it.")
    line = _line(cart.next_number, menu, wanted)
    return replace(cart, lines=(*cart.lines, line), next_number=cart.next_number + 1), line


def change(cart: Cart, menu: Menu, number: int, wanted: Mapping[str, Any]) -> tuple[Cart, Line]:
    """The cart with a line changed, and that line. `wanted` has only what changes, named as in `Wanted`.

    Raises:
        CartError: there is no such line, or it cannot be had so.
    """
    old = cart.line(number)
    before = Wanted(old.name, old.size, old.toppings, old.quantity, old.note)
    # Another item comes without what was said about the first one, unless it comes in that size, too.
    if "item" in wanted and _one(menu.find(str(wanted["item"])), str(wanted["item"]), "item").name != old.name:
        before = Wanted(old.name, quantity=old.quantity, size=old.size if _has_size(menu, str(wanted["item"]), old.size) else "")
    line = _line(number, menu, replace(before, **wanted))
    return replace(cart, lines=tuple(line if each.number == number else each for each in cart.lines)), line


def remove(cart: Cart, number: int) -> tuple[Cart, Line]:
    """The cart without a line, and that line.

    Raises:
        CartError: there is no such line.
    """
    gone = cart.line(number)
    return replace(cart, lines=tuple(line for line in cart.lines if line.number != number)), gone


def _line(number: int, menu: Menu, wanted: Wanted) -> Line:
    item = menu.item(_one(menu.find(wanted.item), wanted.item, "item").name)
    if not 1 <= wanted.quantity <= MOST_OF_ONE:
        raise CartError(f"From one to {MOST_OF_ONE} of an item can be ordered here.")
    size = _size(item, wanted.size)
    if wanted.toppings and not item.takes_toppings:
        raise CartError(f"{item.name} comes without toppings. What the caller wants about it can be a note.")
    toppings = tuple(_one(menu.find_topping(said), said, "topping").name for said in wanted.toppings)
    each = item.price(size) + sum(menu.toppings[topping] for topping in toppings)
    note = " ".join(wanted.note.split())
    if len(note) > LONGEST_NOTE:
        raise CartError("That note is too long. Say it more briefly.")
    return Line(number, item.name, wanted.quantity, each, size, toppings, note)


def _one(found: Found, said: str, what: str) -> Found:
    if found.name:
        return found
    if found.several:
        raise CartError(f"Several fit “{said}”. Ask which one: {', '.join(found.several)}.")
    hint = f" On it are: {', '.join(found.alike)}. Ask whether one of these is meant." if found.alike else ""
    raise CartError(f"There is no {what} “{said}” on the menu.{hint}")


def _size(item: Item, said: str) -> str:
    if not item.sizes:
        if said:
            raise CartError(f"{item.name} comes in one size only.")
        return ""
    size = said.strip().lower()
    if size not in item.sizes:
        raise CartError(f"Ask for the size of {item.name}: {_either(list(item.sizes))}.")
    return size


def _has_size(menu: Menu, said: str, size: str) -> bool:
    name = menu.find(said).name
    return bool(name) and size in menu.item(name).sizes


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
