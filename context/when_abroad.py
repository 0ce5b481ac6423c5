"""Days and times as people say them in French, German and Spanish, put into the English that `when` reads. Pure.

Only what names a day or an hour is put into English; a text that names none in another language stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from context.tongues import ALL, ENGLISH, FRENCH, GERMAN, SPANISH, Tongue

#: One, two, three …, as hours are said.
_HOURS = {
    code: tuple(re.findall(r"\S+", words))
    for code, words in (
        ("fr", "une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt"),
        (
            "de",
            """eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn
            zwanzig""",
        ),
        ("es", "una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    )
}
_DAYS_AHEAD = {0: "today", 1: "tomorrow", 2: "day after tomorrow"}
_EVENINGS = {"heute abend": "tonight", "ce soir": "tonight", "esta noche": "tonight", "morgen früh": "tomorrow morning"}
_HALF_HOUR = 30

Change = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _hours(code: str) -> str:
    return "|".join(sorted(_HOURS[code], key=len, reverse=True)) + r"|\d{1,2}"


def _number(code: str, word: str) -> int:
    return int(word) if word.isdigit() else _HOURS[code].index(word) + 1


def _clock(code: str, *, half_is_before: bool = False) -> Callable[[re.Match[str]], str]:
    """Writes an hour with its minutes; `half_is_before`: "halb zehn" is half past nine."""

    def write(match: re.Match[str]) -> str:
        found = match.groupdict()
        hour, minutes = _number(code, found["hour"]), int(found.get("minutes") or 0)
        if found["hour"].startswith("0"):
            return f" at {hour:02d}:{minutes:02d} "  # a nought before the hour is a clock of 24 hours
        if found.get("half"):
            hour, minutes = (hour - 1 or 12, _HALF_HOUR) if half_is_before else (hour, _HALF_HOUR)
        elif found.get("quarter"):
            minutes = 15
        elif found.get("quarter_to"):
            hour, minutes = hour - 1 or 12, 45
        return f" at {hour}:{minutes:02d} "

    return write


def _span(match: re.Match[str]) -> str:
    return f" between {_number('de', match['from'])}:00 and {_number('de', match['to'])}:00 "


def _uhr(match: re.Match[str]) -> str:
    hour = 1 if match["hour"] == "ein" else _number("de", match["hour"])
    return f" at {hour}:{match['minutes'] or match['late'] or '00'} "


#: Words before a length of time, what is counted, and halves of an hour: "in zwei Stunden", "dans une demi-heure".
_LENGTHS = {
    "fr": ("dans", "environ", {"minute": "minutes?", "hour": "heures?", "day": "jours?", "week": "semaines?"}, "une demi-heure"),
    "de": ("in", "etwa|circa|rund", {"minute": "minuten?", "hour": "stunden?", "day": "tag(?:en)?", "week": "wochen?"}, "einer halben stunde"),
    "es": ("en|dentro de", "unas?|unos", {"minute": "minutos?", "hour": "horas?", "day": "d[ií]as?", "week": "semanas?"}, "media hora"),
}
_ONE = {"fr": "une?", "de": "eine[rm]", "es": "una?"}


def _ahead(code: str) -> list[Change]:
    """Moments that are told by how far away they are."""
    before, about, units, half_hour = _LENGTHS[code]
    begin, count = rf"\b(?:{before}) (?:(?:{about}) )?", "|".join(sorted(_HOURS[code], key=len, reverse=True)) + r"|\d{1,3}"

    def write(unit: str) -> Callable[[re.Match[str]], str]:
        return lambda match: f" in {1 if match['one'] else _number(code, match['count'])} {unit}s "

    lengths: list[Change] = [
        (re.compile(rf"{begin}(?:(?P<one>{_ONE[code]})|(?P<count>{count})) {named}\b"), write(unit)) for unit, named in units.items()
    ]
    return [(re.compile(rf"{begin}{half_hour}\b"), " in 30 minutes "), *lengths]


def _days(tongue: Tongue) -> list[Change]:
    """Weekdays, months and relative days."""
    ahead = {word: _EVENINGS.get(word) or _DAYS_AHEAD[days] for word, days in tongue.relative.items() if days >= 0}
    names = ahead | dict(zip(tongue.weekdays, ENGLISH.weekdays, strict=True))
    article = {"fr": r"(?:le |ce )?", "de": r"(?:(?<!\d )am |den |diesen )?", "es": r"(?:el |este )?"}[tongue.code]
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    months = dict(zip(tongue.months, ENGLISH.months, strict=True))
    dated = rf"\b{article}(?P<day>\d{{1,2}})(?:er|\.)?\s+(?:de\s+)?(?P<month>{'|'.join(tongue.months)})\b(?:\s+de\b)?"
    alone = {"fr": r"\ble (\d{1,2})(?:er)?\b", "de": r"(?<!\d )\b(?:am|den|der) (\d{1,2})\.(?!\d)", "es": r"\bel (\d{1,2})\b"}[tongue.code]
    return [
        (re.compile(dated), lambda match: f"{match['day']} {months[match['month']]}"),
        (re.compile(rf"\b{article}(?P<name>{alternatives})(?!\w)"), lambda match: names[match["name"]]),
        (re.compile(alone + r"(?! ?(?:h|heures|uhr)\b)"), r"the \1th"),
    ]


_FR, _DE, _ES = _hours("fr"), _hours("de"), _hours("es")
_CHANGES: dict[str, list[Change]] = {
    "fr": [
        *_ahead("fr"),
        (re.compile(rf"\b(?:à |vers )?(?P<hour>{_FR}) ?(?:heures?|h) (?P<quarter_to>moins le quart)\b"), _clock("fr")),
        (
            re.compile(rf"\b(?:à )?(?P<hour>{_FR}) ?(?:heures?|h)\b(?: et (?:(?P<half>demie?)|(?P<quarter>quart))\b| (?P<minutes>[0-5]\d)\b)?"),
            _clock("fr"),
        ),
        (re.compile(r"\b(?:à )?(?P<hour>\d{1,2})h(?P<minutes>[0-5]\d)\b"), _clock("fr")),
        (re.compile(r"\bde l'après-midi\b"), "in the afternoon"),
        (re.compile(r"\b(?:à )?midi\b"), " noon "),
        (re.compile(r"\bdu matin\b"), "in the morning"),
        (re.compile(r"\bdu soir\b"), "in the evening"),
        (re.compile(r"\b(?:pas|jamais|sauf)\b"), "not"),
        (re.compile(rf"\b(?P<day>{'|'.join(FRENCH.weekdays)}) prochain\b"), r"next \g<day>"),
        *_days(FRENCH),
    ],
    "de": [
        *_ahead("de"),
        (re.compile(rf"\b({'|'.join(GERMAN.weekdays)})((?:vor|nach)?mittag|abend)s?\b"), r"\1 \2"),
        (re.compile(rf"\b(?:zwischen|von) (?P<from>{_DE}) (?:uhr )?(?:und|bis) (?P<to>{_DE}) uhr\b"), _span),
        (re.compile(rf"\b(?:um |gegen )?(?P<half>halb) (?P<hour>{_DE})\b"), _clock("de", half_is_before=True)),
        (re.compile(rf"\b(?:um )?(?P<quarter>viertel) nach (?P<hour>{_DE})\b"), _clock("de")),
        (re.compile(rf"\b(?:um )?(?P<quarter_to>viertel) vor (?P<hour>{_DE})\b"), _clock("de")),
        (re.compile(rf"\b(?:um )?(?P<hour>{_DE}|ein)(?:[:.](?P<minutes>[0-5]\d))? uhr\b(?: (?P<late>[0-5]\d)\b)?"), _uhr),
        (re.compile(rf"\bum (?P<hour>{_DE})(?:[:.](?P<minutes>[0-5]\d))?\b"), _clock("de")),
        (re.compile(r"\b(?:am )?(?:vormittags?|morgens)\b"), "in the morning"),
        (re.compile(r"\b(?:am )?nachmittags?\b"), "in the afternoon"),
        (re.compile(r"(?<!heute )\b(?:am )?abends?\b"), "in the evening"),
        (re.compile(r"\b(?:am )?mittags?\b"), "noon"),
        (re.compile(r"\b(?:nicht|kein|keinen|nie|außer)\b"), "not"),
        (re.compile(r"\bnächste[nrs]?\b"), "next"),
        *_days(GERMAN),
        (re.compile(r"\bmorgen\b"), "tomorrow"),
    ],
    "es": [
        *_ahead("es"),
        (re.compile(rf"\ba las? (?P<hour>{_ES}) (?P<quarter_to>menos cuarto)\b"), _clock("es")),
        (re.compile(rf"\ba las? (?P<hour>{_ES})(?: y (?:(?P<half>media)|(?P<quarter>cuarto))\b|[:.](?P<minutes>[0-5]\d)\b)?"), _clock("es")),
        (re.compile(r"\b(?:al? )?mediod[ií]a\b"), " noon "),
        (re.compile(r"\bde la mañana\b"), "in the morning"),
        (re.compile(r"\bde la tarde\b"), "in the afternoon"),
        (re.compile(r"\bde la noche\b"), "in the evening"),
        (re.compile(r"\b(?:no|nunca|excepto)\b"), "not"),
        (re.compile(r"\bpróximo\b"), "next"),
        *_days(SPANISH),
        (re.compile(r"\bmañana\b"), "tomorrow"),
    ],
}


_GERMAN_PARTS = [part + end for part in ("vormittag", "mittag", "nachmittag") for end in ("", "s")] + ["morgens", "abends"]
_GERMAN_PARTS += [day + part for day in GERMAN.weekdays for part in ("vormittag", "mittag", "nachmittag", "abend")]
_GERMAN_LENGTHS = ("minuten", "stunde", "stunden", "tagen", "woche", "wochen")
#: Words that begin or make a day or an hour in one language only.
_SIGNS = {
    tongue.code: re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in (*tongue.weekdays, *tongue.relative, *extra))})(?!\w)|{pattern}")
    for tongue, extra, pattern in (
        (FRENCH, ("midi", "heure", "heures", *set(FRENCH.months) - {"mars"}), r"\bà \d|\d ?h(?:\d\d)?\b|\bdans (?:\d|une)"),
        (
            GERMAN,
            ("morgen", "halb", "viertel", "uhr", *_GERMAN_PARTS, *_GERMAN_LENGTHS, *set(GERMAN.months) - set(ENGLISH.months)),
            r"(?<!\d )\bam \d{1,2}\.(?!\d)|\bden \d|\bum (?:" + _DE + r")\b",
        ),
        (SPANISH, ("mañana", "mediodía", "mediodia", "hora", "horas", *SPANISH.months), r"\ba las? (?:" + _ES + r")\b|\bel \d"),
    )
}


def in_english(text: str) -> str:
    """`text` in lower case, with the days and hours that it names in another language in English."""
    plain = " ".join(text.lower().replace("’", "'").split())
    code = next((tongue.code for tongue in ALL if tongue is not ENGLISH and _SIGNS[tongue.code].search(plain)), None)
    if code is None:
        return text
    for pattern, written in _CHANGES[code]:
        plain = pattern.sub(written, plain)
    return " ".join(plain.split())
