"""What can be ordered: items, sizes, toppings and prices as data, found by the names that people use. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from context.money import format_amount

#: How much alike a misheard name is to one of the menu, for it to be suggested. It is never taken for it.
ALIKE = 0.6
#: Words that say nothing about which item is meant.
_FILLER = frozenset({"a", "an", "the", "some", "with", "of", "order", "topping", "pizza", "salad", "calzone"})
#: Words that tell one kind of dish from pizzas.
_KINDS = frozenset({"salad", "calzone", "stromboli"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the menu. With `sizes` (name → price) it comes in these; else it costs `price_minor`."""

    name: str
    section: str
    price_minor: int = 0
    sizes: Mapping[str, int] = field(default_factory=dict)
    description: str = ""
    takes_toppings: bool = False

    def price(self, size: str) -> int:
        """What it costs in that size, in minor units."""
        return self.sizes[size] if self.sizes else self.price_minor


@dataclass(frozen=True, slots=True)
class Found:
    """Which item was meant: one; or several that fit, or some that sound like it."""

    name: str = ""
    several: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """All that can be ordered. `toppings`: name → price."""

    items: tuple[Item, ...]
    toppings: Mapping[str, int]
    currency: str
    house_special: str = ""

    def item(self, name: str) -> Item:
        """The item of exactly that name."""
        return next(item for item in self.items if item.name == name)

    def find(self, said: str) -> Found:
        """The item that a caller means."""
        return find_name(said, [item.name for item in self.items])

    def find_topping(self, said: str) -> Found:
        """The topping that a caller means."""
        return find_name(said, list(self.toppings))

    def in_words(self) -> dict[str, list[str]]:
        """Section → items with prices, and the toppings, for somebody who asks for the menu."""
        listed: dict[str, list[str]] = {}
        for item in self.items:
            prices = ", ".join(f"{size} {format_amount(price, self.currency, full=True)}" for size, price in item.sizes.items())
            listed.setdefault(item.section, []).append(f"{item.name}: {prices or format_amount(item.price_minor, self.currency, full=True)}")
        listed["Toppings"] = [f"{name}: {format_amount(price, self.currency, full=True)}" for name, price in self.toppings.items()]
        return listed


def find_name(said: str, names: list[str]) -> Found:
    """The one of `names` that was said: whatever case, accents, plural, or words left out that say nothing."""
    words = _words(said)
    if not words:
        return Found()
    by_words = {name: _words(name) for name in names}
    exact = [name for name in names if by_words[name] == words]
    if len(exact) == 1:
        return Found(exact[0])
    telling = words - _FILLER
    if telling:
        fitting = [name for name in names if telling <= by_words[name] and _kind_fits(words, by_words[name])]
        best = [name for name in fitting if by_words[name] - _FILLER == telling and by_words[name] & _KINDS == words & _KINDS] or fitting
        if len(best) == 1:
            return Found(best[0])
        if best:
            return Found(several=tuple(best))
    plain = {_plain(name): name for name in names}
    return Found(alike=tuple(plain[close] for close in get_close_matches(_plain(said), list(plain), n=3, cutoff=ALIKE)))


def _kind_fits(said: frozenset[str], name: frozenset[str]) -> bool:
    """A caller who says "calzone" or "salad" does not mean a pizza; one who says "pizza" does not mean those."""
    return (said & _KINDS) <= name and not ("pizza" in said and name & _KINDS)


def _plain(text: str) -> str:
    """Lower case, without accents, hyphens and plurals."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter))
    return " ".join(_singular(word) for word in re.findall(r"[a-z0-9]+", bare))


def _words(text: str) -> frozenset[str]:
    return frozenset(_plain(text).split())


def _singular(word: str) -> str:
    if word.endswith("oes"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def read_menu(data: Mapping[str, Any]) -> Menu:
    """The menu of a data file (see data/menu.toml).

    Raises:
        ValueError: an item without a price, a name twice, or a house special that is not on it.
    """
    items = tuple(_items(data["sections"]))
    names = [item.name for item in items]
    special = str(data["restaurant"].get("house_special", ""))
    if len(set(names)) != len(names):
        raise ValueError("An item stands on the menu twice.")
    if special and special not in names:
        raise ValueError(f"The house special is not on the menu: {special}")
    return Menu(items, dict(data.get("toppings", {})), str(data["restaurant"]["currency"]), special)


def _items(sections: Iterable[Mapping[str, Any]]) -> Iterable[Item]:
    for section in sections:
        for item in section["items"]:
            price, sizes = int(item.get("price_minor", 0)), dict(item.get("sizes", {}))
            if not (price > 0 or (sizes and all(each > 0 for each in sizes.values()))):
                raise ValueError(f"{item['name']} has no price.")
            toppings = bool(section.get("toppings", False))
            yield Item(item["name"], section["name"], price, sizes, item.get("description", ""), toppings)
