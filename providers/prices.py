"""What services charge: a dated table, and the price of a quantity by it. Pure; amounts in micro-units, millionths of the table's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any

MICROS = 1_000_000
#: Name of a rate → the quantity that it prices, and how many of them cost so much.
RATES: dict[str, tuple[str, int]] = {
    "input_per_million": ("input_tokens", 1_000_000),
    "cached_per_million": ("cached_tokens", 1_000_000),
    "output_per_million": ("output_tokens", 1_000_000),
    "audio_input_per_million": ("audio_tokens", 1_000_000),
    "audio_cached_per_million": ("audio_cached_tokens", 1_000_000),
    "audio_output_per_million": ("audio_output_tokens", 1_000_000),
    "characters_per_million": ("characters", 1_000_000),
    "per_minute": ("ms", 60_000),
    "per_started_minute": ("started_minutes", 1),
}
#: What is used, by kind of service: each of these has entries of its own.
COMPONENTS = ("carrier", "recognition", "model", "voice")


class PriceTableError(ValueError):
    """The table is not one. The message says what is wrong where."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one service charges from a day on."""

    name: str
    since: date
    rates: Mapping[str, Decimal]

    def of(self, quantities: Mapping[str, int]) -> int:
        """The price of these quantities in micro-units, rounded up. What no rate names is free: a voice is paid by length or by letters."""
        total = Decimal(0)
        for rate, amount in self.rates.items():
            quantity, per = RATES[rate]
            total += amount * MICROS * quantities.get(quantity, 0) / per
        return int(total.to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class PriceTable:
    """All prices.

    Attributes:
        currency: of everything in it.
        reserve_micros_per_minute: most that a minute of a call may come to.
        prices: component → its prices.
    """

    currency: str
    reserve_micros_per_minute: int
    prices: Mapping[str, Sequence[Price]]

    def price(self, component: str, name: str, on: date) -> Price | None:
        """The newest price of that service that has begun; None: unknown."""
        fitting = [price for price in self.prices.get(component, ()) if price.since <= on and fnmatchcase(name, price.name)]
        return max(fitting, key=lambda price: price.since, default=None)

    def micros(self, component: str, name: str, quantities: Mapping[str, int], on: date) -> int | None:
        """What these quantities cost; None when the price is unknown."""
        price = self.price(component, name, on)
        return None if price is None else price.of(quantities)


def read_table(data: Mapping[str, Any]) -> PriceTable:
    """The table that `data` (from TOML) describes.

    Raises:
        PriceTableError: it does not describe one.
    """
    currency = data.get("currency")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isupper()):
        raise PriceTableError("currency must be an ISO code such as USD")
    prices = {component: [_price(component, entry) for entry in data.get(component, ())] for component in COMPONENTS}
    return PriceTable(currency, int(_amount("reserve_per_minute", data.get("reserve_per_minute")) * MICROS), prices)


def _price(component: str, entry: Mapping[str, Any]) -> Price:
    name, since = entry.get("name"), entry.get("from")
    if not isinstance(name, str) or not isinstance(since, date):
        raise PriceTableError(f"each [[{component}]] needs a name, and from as a date")
    rates = {rate: _amount(f"{rate} of {name}", value) for rate, value in entry.items() if rate not in ("name", "from")}
    if unknown := sorted(set(rates) - set(RATES)):
        raise PriceTableError(f"{name}: {', '.join(unknown)} is no rate; known are {', '.join(RATES)}")
    if "input_per_million" in rates:
        rates.setdefault("cached_per_million", rates["input_per_million"])
    return Price(name, since, rates)


def _amount(what: str, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and amount >= 0):
        raise PriceTableError(f"{what} must be an amount such as 0.10")
    return amount
