"""Amounts of money: read from what people write and say, and written or said back. Pure; minor units throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from context.number_words import NumberFound, find_numbers, in_words

#: Nobody means more than this by phone; a greater number is something else (a phone number, an order number).
MOST_MINOR = 1_000_000_000
_NO_MINOR_UNIT = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})
_DOLLARS = frozenset({"CAD", "USD", "AUD", "NZD", "SGD", "HKD"})
_SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"} | dict.fromkeys(_DOLLARS, "$")
_NAMES = {"EUR": ("euro", "euros", "cent", "cents"), "GBP": ("pound", "pounds", "penny", "pence"), "CHF": ("franc", "francs", "centime", "centimes")}
_CODES = "CAD|USD|AUD|NZD|SGD|HKD|EUR|GBP|CHF|JPY|INR"
_BEFORE = re.compile(rf"(?:(?P<code>\b(?:{_CODES}))\s?\$?|(?P<land>\b(?:CA|US|AU|NZ|C|A))\$|(?P<symbol>[$€£¥₹]))\s?$", re.I)
_AFTER = re.compile(
    rf"(?:\s?(?P<code>(?:{_CODES})\b)|\s?(?P<symbol>[$€£¥₹])(?!\s?\d)|[\s-]?(?P<word>dollars?|bucks?|euros?|pounds?|quid|francs?)\b)(?:\s*(?P<land>CAD|USD)\b)?",
    re.I,
)
_CENTS = re.compile(r"\s?-?(?:cents?|pence|¢)(?!\w)", re.I)
_LANDS = {"CA": "CAD", "C": "CAD", "US": "USD", "AU": "AUD", "A": "AUD", "NZ": "NZD"}
_WORDS = {"euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "franc": "CHF", "francs": "CHF"}

_LIMIT_BEFORE = re.compile(
    r"\b(?:up to|max(?:imum)?(?: of)?|at (?:the )?most|(?:no|not|nothing) (?:more|higher|greater) than"
    r"|not? (?:over|above|beyond)|under|below|less than|(?:limit|budget|cap)(?: is| of|:)?"
    r"|(?:can|could|may|will|would|i'll|i'd) (?:spend|pay|do|go(?: up)?(?: to)?))\s*(?:about |around )?$",
    re.I,
)
_LIMIT_AFTER = re.compile(r"^\W*(?:tops|max(?:imum)?|at (?:the )?most|or (?:less|under|below)|limit|is (?:the|my) (?:limit|max|most))\b", re.I)
_REFUSAL = re.compile(r"\b(?:not|don'?t|do not|never|isn'?t|too much|instead of|rather than)\b[^.,;!?]*$", re.I)
_RANGE = re.compile(r"\s*(?:-|–|—|to|and|or)\s*(?:[$€£¥₹])?\s*$", re.I)
#: Words around a bare number that leave no doubt that it answers "how much?".
_FILLER = frozenset(
    re.findall(
        r"\S+",
        """a about above all altogether and around at be below beyond budget can cap could do everything fine flowers for go good great higher i i'd
        i'll in including is it it's just less limit make max maximum may maybe me more most my no not of ok okay or over pay please say should spend
        sure tax than thank thanks that that's the them then to top tops total under up we we'd well will with would yeah yep yes you your""",
    )
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: minor units (cents) and ISO 4217 code."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return format_amount(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class AmountFound:
    """An amount at `text[start:end]`. `ambiguous`: words like "five sixty" were read as the greatest sum they can mean."""

    start: int
    end: int
    amount: Amount
    ambiguous: bool = False


def parse_amount(text: str, currency: str = "CAD") -> Amount | None:
    """The one amount that an answer to "how much?" names, or None when it names none or leaves a doubt.

    "up to $80", "eighty tops", "80 bucks", "up to eighty", "$60 to $80" (the upper end). A bare number counts when hardly anything else is said.
    Several different amounts are a doubt unless exactly one is marked as the limit; "not $560" is no amount.
    """
    text = _plain(text)
    found = [item for item in find_amounts(text, currency) if not _refused(text, item.start)]
    if not found:
        return _bare(text, currency)
    limits = [item for item in found if _LIMIT_BEFORE.search(_before(text, item)) or _LIMIT_AFTER.match(text[item.end :])]
    chosen = limits if len({item.amount for item in limits}) == 1 else found
    if len(found) == 2 and not limits and _is_range(text, found[0], found[1]):
        chosen = [max(found, key=lambda item: item.amount.minor)]
    if len({item.amount for item in chosen}) != 1 or any(item.ambiguous for item in chosen):
        return None
    return chosen[0].amount


def find_amounts(text: str, currency: str = "CAD") -> list[AmountFound]:
    """Every amount with a currency mark or word in `text`, in order; "$" and "dollars" mean `currency` where that is a dollar."""
    text = _plain(text)
    numbers = find_numbers(text)
    found: list[AmountFound] = []
    at = 0
    while at < len(numbers):
        read = _amount_at(text, numbers, at, currency)
        if read is not None and read[0].amount.minor <= MOST_MINOR:
            found.append(read[0])
        at = read[1] if read is not None else at + 1
    return found


def format_amount(minor: int, currency: str, *, full: bool = False) -> str:
    """As written: "$560", "$85.50", "€12", "CHF 40"; a dollar sign for every dollar, since the user knows their own.

    Args:
        full: with the cents also where there are none ("$4.00"), so that sums in one text look alike.
    """
    whole = minor_units(currency)
    units, cents = divmod(abs(minor), whole)
    number = f"{units:,}" + (f".{cents:02d}" if cents or (full and whole > 1) else "")
    symbol = _SYMBOLS.get(currency)
    return ("-" if minor < 0 else "") + (f"{symbol}{number}" if symbol else f"{currency} {number}")


def spoken_amount(minor: int, currency: str) -> str:
    """As said: "five hundred and sixty dollars", "eighty-five dollars and fifty cents"."""
    one, many, cent, cents = _NAMES.get(
        currency, ("dollar", "dollars", "cent", "cents") if currency in _DOLLARS else (currency, currency, "cent", "cents")
    )
    units, small = divmod(abs(minor), minor_units(currency))
    parts = []
    if units or not small:
        parts.append(f"{in_words(units)} {one if units == 1 else many}")
    if small:
        parts.append(f"{in_words(small)} {cent if small == 1 else cents}")
    return ("minus " if minor < 0 else "") + " and ".join(parts)


def _plain(text: str) -> str:
    """Same length as `text`, with the apostrophes, spaces and full-width signs of phones made ordinary."""
    return text.translate({0x2019: "'", 0x2018: "'", 0xA0: " ", 0x202F: " ", 0xFF04: "$"})


def minor_units(currency: str) -> int:
    """How many minor units (cents) make one whole unit."""
    return 1 if currency in _NO_MINOR_UNIT else 100


def _amount_at(text: str, numbers: list[NumberFound], at: int, currency: str) -> tuple[AmountFound, int] | None:
    """The amount that begins with number `at`, and the index of the first number behind it."""
    number = numbers[at]
    before = _BEFORE.search(text, 0, number.start)
    if before is not None and re.search(r"(?<![\w.])\s*[-−]$", text[: before.start()]):
        return None  # "-$5" is no price
    pair = at + 1 < len(numbers) and _follows(text, number, numbers[at + 1])
    if before is None:
        after = _AFTER.match(text, number.end)
        if after is not None:
            return _with_cents(text, numbers, at, number.start, after.end(), number.value, _currency(after, currency))
        cents = _CENTS.match(text, number.end)
        if cents is not None:
            return AmountFound(number.start, cents.end(), Amount(int(number.value), currency)), at + 1
        if pair and (after := _AFTER.match(text, numbers[at + 1].end)) is not None and _small_pair(number, numbers[at + 1]):
            value = number.value * 100 + numbers[at + 1].value
            return AmountFound(number.start, after.end(), _amount(value, _currency(after, currency)), ambiguous=True), at + 2
        return None
    return _with_cents(text, numbers, at, before.start(), _tail(text, number.end), number.value, _currency(before, currency))


def _tail(text: str, end: int) -> int:
    """Takes in a currency that follows a sign: "$80 CAD", "$80 dollars"."""
    after = _AFTER.match(text, end)
    return after.end() if after is not None else end


def _with_cents(text: str, numbers: list[NumberFound], at: int, start: int, end: int, value: Decimal, currency: str) -> tuple[AmountFound, int]:
    """Adds "… and fifty cents", or a bare "fifty" in words right behind "eighty-five dollars"."""
    if at + 1 < len(numbers):
        cents = numbers[at + 1]
        between = text[end : cents.start]
        marked = _CENTS.match(text, cents.end)
        whole = cents.value < 100 and cents.value == int(cents.value)
        if whole and re.fullmatch(r"\s*(?:and\s+)?", between) and (marked or (cents.in_words and "and" not in between)):
            amount = Amount(_amount(value, currency).minor + int(cents.value), currency)
            return AmountFound(start, marked.end() if marked else cents.end, amount), at + 2
    return AmountFound(start, end, _amount(value, currency)), at + 1


def _amount(value: Decimal, currency: str) -> Amount:
    return Amount(int((value * minor_units(currency)).to_integral_value()), currency)


def _currency(mark: re.Match[str], currency: str) -> str:
    groups = mark.groupdict()
    if groups.get("code"):
        return str(groups["code"]).upper()
    if groups.get("land"):
        land = str(groups["land"]).upper()
        return _LANDS.get(land, land)
    if groups.get("word"):
        word = str(groups["word"]).lower()
        return _WORDS.get(word, currency if currency in _DOLLARS else "USD")
    symbol = groups.get("symbol")
    if symbol == "$":
        return currency if currency in _DOLLARS else "USD"
    return next((code for code, sign in _SYMBOLS.items() if sign == symbol), currency)


def _follows(text: str, first: NumberFound, second: NumberFound) -> bool:
    return re.fullmatch(r"[\s-]+", text[first.end : second.start]) is not None


def _small_pair(first: NumberFound, second: NumberFound) -> bool:
    return first.in_words and second.in_words and 1 <= first.value <= 99 and 10 <= second.value <= 99


def _refused(text: str, start: int) -> bool:
    """Whether the words before say "not this one"; "no more than" is a limit, not a refusal."""
    before = text[:start]
    return _REFUSAL.search(before) is not None and not _LIMIT_BEFORE.search(before)


def _before(text: str, item: AmountFound) -> str:
    return text[: item.start]


def _is_range(text: str, first: AmountFound, second: AmountFound) -> bool:
    return first.amount.currency == second.amount.currency and _RANGE.fullmatch(text[first.end : second.start]) is not None


def _bare(text: str, currency: str) -> Amount | None:
    """A number without a currency, in a text that says nothing else of weight."""
    numbers = find_numbers(text)
    if not numbers or len(numbers) > 2 or re.search(r"[%#@/°]|\d:\d|\d\s?(?:am|pm|a\.m|p\.m)\b|\d(?:st|nd|rd|th)\b|-\s?[$€£]?\d", text, re.I):
        return None
    if len(numbers) == 2 and not _RANGE.fullmatch(text[numbers[0].end : numbers[1].start]):
        return None
    number = max(numbers, key=lambda item: item.value)
    if number.in_words and number.value < 2:
        return None  # "that one"
    if _refused(text, number.start) or any(word not in _FILLER for word in _words_outside(text, numbers)):
        return None
    amount = _amount(number.value, currency)
    return amount if amount.minor <= MOST_MINOR else None


def _words_outside(text: str, numbers: list[NumberFound]) -> Iterator[str]:
    at = 0
    for start, end in [*((item.start, item.end) for item in numbers), (len(text), len(text))]:
        yield from re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text[at:start].lower())
        at = end
