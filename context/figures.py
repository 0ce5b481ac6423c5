"""Figures as the reader's language writes them: amounts, decimals, distances. What is kept, computed and said on the phone has the English ones."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from context.money import format_amount, minor_units

#: How `context.money.format_amount` writes an amount: "$1,200.50", "CHF 40".
AMOUNT = r"-?(?:[$€£¥₹]|[A-Z]{3} )\d{1,3}(?:,\d{3})*(?:\.\d\d)?"
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
#: A number that may have its unit: "4.7", "2.3 km".
FIGURE = rf"{NUMBER}(?: (?:k?m|m?s|%))?"
#: Whose hundredth is called a cent.
_IN_CENTS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "EUR"})
_MICROS = 1_000_000
_AMOUNT_PARTS = re.compile(r"(-?)([$€£¥₹]|[A-Z]{3} )([\d,.]+)")
_NUMBER = re.compile(NUMBER)


def figures(text: str) -> str:
    """The numbers of a text with the reader's marks: "0.0312 USD" is "0,0312 USD" in German."""
    sample = _("1,234.5")
    marks = {",": sample[1], ".": sample[5]}
    return _NUMBER.sub(lambda number: "".join(marks.get(character, character) for character in number[0]), text)


def amount_as_read(written: str) -> str:
    """An amount as `format_amount` wrote it, for the reader: "$1,200.50" is "1.200,50 $" in German."""
    parts = _AMOUNT_PARTS.fullmatch(written)
    if parts is None:
        return written
    minus, sign, number = parts[1], parts[2], figures(parts[3])
    if sign.endswith(" "):
        return minus + _("%(code)s %(number)s") % {"code": sign.strip(), "number": number}
    return minus + _("%(sign)s%(number)s") % {"sign": sign, "number": number}


def amount(minor: int, currency: str) -> str:
    """An amount for the reader, e.g. "$85.50"."""
    return amount_as_read(format_amount(minor, currency))


def price(micros: int, currency: str) -> str:
    """A price in millionths as a person says it: "less than 1 cent", "12 cents", "$1.20"; "less than £0.01" where there are no cents."""
    units = minor_units(currency)
    minor = (micros * units + _MICROS // 2) // _MICROS
    cents = currency in _IN_CENTS
    if 0 < micros * units < _MICROS:
        return _("less than 1 cent") if cents else _("less than %(amount)s") % {"amount": amount(1, currency)}
    if cents and minor < units:
        return ngettext("%(count)s cent", "%(count)s cents", minor) % {"count": minor}
    return amount(minor, currency)
