"""What a number in somebody's words is for: by the words around it some are plainly no PIN.

Pure. A cue keeps a number from being taken for a PIN, so it is narrow: what no cue explains may be one.
"""

from __future__ import annotations

import re

from calls.conversation.reception.digits import LEAST_DIGITS, Run

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|januar|februar|märz|mai|juni|juli|oktober|dezember"
    "|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_UNITS = (
    r"a\.?m\b|p\.?m\b|clock|uhr|heures?|horas?"
    r"|people|persons?|adults?|kids?|children|guests?|personen|leute|gäste|personnes?|personas?"
    r"|minutes?|hours?|days?|nights?|weeks?|months?|years?|minuten|stunden?|tagen?|nächte|wochen?|jours?|nuits?|días?|noches?"
    r"|dollars?|bucks|euros?|cents?|percent|prozent|pizzas?|bedrooms?|rooms?|tables?|times"
)
#: Right behind a number: "12th", "9 o'clock", "4 people", "12 November", "12. Mai", "80 €".
_BEHIND = re.compile(
    rf"(?:st|nd|rd|th|er|º|ª)\b|[\s-]+(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b"
    rf"|\s*['’]?\s*(?:{_UNITS})\b|\s*[€$£%]|(?:\.|\s+of|\s+de)?\s+(?:{_MONTHS})\b",
    re.I,
)
#: Right before it: "a table for 4", "November 12", "$80".
_BEFORE = re.compile(rf"\b(?:(?:table|party|group|tisch|mesa) (?:for|of|für|pour|de|para)|(?:{_MONTHS})(?: the)?)\s+$", re.I)
_CURRENCY = re.compile(r"[€$£]\s?$")
#: Right before a number of any length: what bears it, or how somebody is reached.
_NAMED = re.compile(
    r"\b(?:orders?|reservation|booking|confirmation|invoice|ticket|case|reference|room|apartment|suite|unit|flight|extension|zip|phone|telephone|mobile|cell|fax"
    r"|bestellung|auftrag|rechnung|reservierung|buchung|zimmer|wohnung|telefon|handy|commande|réservation|facture|chambre|téléphone|portable"
    r"|pedido|reserva|factura|habitación|teléfono|móvil)"
    r"(?:[\s-]*(?:number|no\.?|id|code|nummer|nr\.?|numéro|número)(?:\s+is)?)?[\s:#]*$"
    r"|\b(?:bestellnummer|auftragsnummer|rechnungsnummer|kundennummer|telefonnummer|handynummer)[\s:]*(?:ist\s+)?$"
    r"|\b(?:call|reach|ring|text|phone)\s+(?:me|us|him|her|them)(?:\s+back)?(?:\s+(?:at|on))?[\s:]+$"
    r"|\b(?:mich|uns)\s+(?:\w+\s+)?unter\s+$|\b(?:appelez|joindre|rappelez)[\s-]+\w+\s+au\s+$|\b(?:ll[aá]m\w+|contact\w+)\s+al\s+$",
    re.I,
)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
_CLOCK_BEFORE = re.compile(r"\b(?:at|around|about|by|before|after|until|from|um|gegen|vers|à|las)\s+$", re.I)


def is_plainly_other(text: str, run: Run, *, final: bool) -> bool:
    """Whether a short number can be no part of a PIN, as the words right beside it say what it counts.

    Args:
        final: no more words come: until then a number at the end may only have begun.
    """
    if len(run.sure) >= LEAST_DIGITS or not (final or text[run.sure_end :].strip(" .,!?")):
        return False
    return _is_counted(text, run)


def is_named(text: str, run: Run, *, prices: bool) -> bool:
    """Whether words beside it say what a number is, however long it is: no proof that it is not a PIN, as long as that is not known.

    Args:
        prices: whether a currency's sign says so, too. Recognisers write four digits that are said as two numbers like a price ("$25.80").
    """
    before = text[: run.sure_start]
    if _is_counted(text, run) or _NAMED.search(before) or (prices and _CURRENCY.search(before)):
        return True
    clock = len(run.sure) <= 2 or _CLOCK.fullmatch(text[run.sure_start : run.sure_end]) is not None
    return clock and _CLOCK_BEFORE.search(before) is not None


def _is_counted(text: str, run: Run) -> bool:
    before = text[: run.sure_start]
    if _BEHIND.match(text, run.sure_end) or _BEFORE.search(before):
        return True
    return len(run.sure) < LEAST_DIGITS and _CURRENCY.search(before) is not None
