"""What there is to say about an apartment: facts, answers in words, and whether a caller's claim is right. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from context.dates import date_in_words
from context.money import format_amount, parse_amount
from context.number_words import find_numbers
from context.when import read_date
from use_cases.apartments.slots import TourKind

#: The layouts, smallest first, and words for them besides their own.
LAYOUTS = {
    "studio": ("studio", "bachelor", "no bedroom", "zero bedroom", "0 bedroom"),
    "one-bedroom": ("one bed", "1 bed", "one br", "1 br", "single bed"),
    "two-bedroom": ("two bed", "2 bed", "two br", "2 br", "double bed"),
    "three-bedroom": ("three bed", "3 bed", "three br", "3 br"),
}
#: Words for each kind of tour.
_KINDS = {
    TourKind.SELF_GUIDED: re.compile(r"\b(?:self|alone|myself|ourselves|on (?:my|our|their) own|without (?:an? |the )?(?:agent|anyone|guide))\b"),
    TourKind.AGENT_LED: re.compile(r"(?<!without )(?<!without an )(?<!without the )\b(?:agent|in.?person|somebody|someone|with a guide)\b"),
}


class Topic(StrEnum):
    """What callers ask."""

    PETS = "pets"
    FEES = "fees"
    PARKING = "parking"
    SPECIALS = "specials"
    INCOME = "income"
    UTILITIES = "utilities"
    ADDRESS = "address"
    FEATURES = "features"


class Claim(StrEnum):
    """What callers say about an apartment, and may have wrong."""

    RENT = "rent"
    SQUARE_FEET = "square feet"
    BEDROOMS = "bedrooms"
    BATHROOMS = "bathrooms"
    APPLICATION_FEE = "application fee"
    DEPOSIT = "deposit"
    PARKING_SPOTS = "parking spots"
    AVAILABLE_FROM = "available from"


@dataclass(frozen=True, slots=True)
class Unit:
    """An apartment as it is offered. Amounts in minor units."""

    layout: str
    square_feet: int
    bedrooms: int
    bathrooms: int
    rent_minor: int
    application_fee_minor: int
    deposit_minor: int
    available_from: date
    currency: str = "USD"
    features: tuple[str, ...] = ()
    pets: str = ""
    parking: str = ""
    parking_spots: int = 0
    special: str = ""
    income: str = ""
    utilities: str = ""
    address: str = ""

    def price(self, minor: int) -> str:
        """An amount of its, as written."""
        return format_amount(minor, self.currency)

    def answer(self, topic: Topic) -> str:
        """What is to be said about one topic."""
        if topic is Topic.FEES:
            return f"The application fee is {self.price(self.application_fee_minor)} and the deposit {self.price(self.deposit_minor)}."
        if topic is Topic.FEATURES:
            return f"It has {_listed(self.features)}." if self.features else ""
        if topic is Topic.ADDRESS:
            return f"The address is {self.address}."
        return {
            Topic.PETS: self.pets,
            Topic.PARKING: self.parking,
            Topic.SPECIALS: self.special,
            Topic.INCOME: self.income,
            Topic.UTILITIES: self.utilities,
        }[topic]


def read_layout(text: str) -> str | None:
    """The layout that is meant: "studio", "2 bedroom", "a two-bed", "1BR". None: none, or several."""
    plain = re.sub(r"(\d)(?=[a-z])", r"\1 ", re.sub(r"[^a-z0-9]+", " ", text.lower()))
    found = {layout for layout, words in LAYOUTS.items() if any(re.search(rf"\b{word}", plain) for word in words)}
    return found.pop() if len(found) == 1 else None


def read_kind(text: str) -> TourKind | None:
    """How the tour shall be: "self-guided", "by myself"; "with an agent", "in person". None: not said, or both."""
    found = {kind for kind, words in _KINDS.items() if words.search(text.lower())}
    return found.pop() if len(found) == 1 else None


def matching(units: Iterable[Unit], *, layout: str | None = None, budget_minor: int | None = None, by: date | None = None) -> list[Unit]:
    """Those that fit all that was said, cheapest first.

    Args:
        by: the day on which the caller wants to move in.
    """
    fitting = [
        unit
        for unit in units
        if (layout is None or unit.layout == layout)
        and (budget_minor is None or unit.rent_minor <= budget_minor)
        and (by is None or unit.available_from <= by)
    ]
    return sorted(fitting, key=lambda unit: (unit.rent_minor, unit.layout))


def in_one_line(unit: Unit) -> str:
    """E.g. "studio, 450 square feet, $1,050 a month, from Tuesday, 1 December 2026"."""
    return f"{unit.layout}, {unit.square_feet} square feet, {unit.price(unit.rent_minor)} a month, from {date_in_words(unit.available_from)}"


def answer(units: Sequence[Unit], topic: Topic) -> str:
    """The answer for these apartments; those of which the same is true are told together."""
    layouts: dict[str, list[str]] = {}
    for unit in units:
        if words := unit.answer(topic):
            layouts.setdefault(words, []).append(unit.layout)
    if not layouts:
        return "There is nothing on file about that."
    if len(layouts) == 1 and len(units) != 1:
        return f"For all of them: {_lowered(next(iter(layouts)))}"
    return " ".join(f"For the {_listed(names)}: {_lowered(words)}" for words, names in layouts.items())


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a claim is right; None: it could not be read. `truth` is what is on file, in words."""

    right: bool | None
    truth: str


def check_claim(unit: Unit, claim: Claim, said: str, today: date) -> Checked:
    """Compares what a caller says with what is on file.

    Args:
        said: their value: "a thousand dollars", "500", "2", "December 1".
        today: from which on days are read.
    """
    if claim is Claim.AVAILABLE_FROM:
        day = read_date(said, today)
        return Checked(
            None if day is None else day == unit.available_from, f"The {unit.layout} is available from {date_in_words(unit.available_from)}."
        )
    if claim in _AMOUNTS:
        minor: int = getattr(unit, _AMOUNTS[claim])
        amount = parse_amount(said, unit.currency)
        return Checked(None if amount is None else amount.minor == minor, f"The {claim} of the {unit.layout} is {unit.price(minor)}.")
    count: int = getattr(unit, _COUNTS[claim])
    numbers = {number.value for number in find_numbers(said)}
    same = None if len(numbers) != 1 else numbers == {Decimal(count)}
    unit_words = str(claim) if count != 1 else {"square feet": "square foot"}.get(claim, claim.removesuffix("s"))
    return Checked(same, f"The {unit.layout} has {count} {unit_words}.")


_AMOUNTS = {Claim.RENT: "rent_minor", Claim.APPLICATION_FEE: "application_fee_minor", Claim.DEPOSIT: "deposit_minor"}
_COUNTS = {
    Claim.SQUARE_FEET: "square_feet",
    Claim.BEDROOMS: "bedrooms",
    Claim.BATHROOMS: "bathrooms",
    Claim.PARKING_SPOTS: "parking_spots",
}


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _lowered(sentence: str) -> str:
    """A sentence behind a colon; a name or abbreviation keeps its capital."""
    first = sentence.split(" ", 1)[0]
    return sentence if first.isupper() and len(first) > 1 else sentence[:1].lower() + sentence[1:]
