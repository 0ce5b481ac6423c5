"""The languages in which users write to Floyd: names of days and months, and telling one language from another. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language.

    Attributes:
        weekdays: from Monday on, in lower case; `months` from January on.
        relative: words for a day → how many days it is off from today.
        written: how a date is written; `aloud` how it is said.
        signs: little words that no other language here has.
    """

    code: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    relative: dict[str, int]
    written: str
    aloud: str
    signs: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = Tongue(
    "en",
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"),
    {
        "the day after tomorrow": 2,
        "day after tomorrow": 2,
        "the day before yesterday": -2,
        **dict.fromkeys(("today", "tonight", "this morning", "this afternoon", "this evening"), 0),
        **dict.fromkeys(("tomorrow", "tomorrow morning", "tomorrow afternoon", "tomorrow evening"), 1),
        "yesterday": -1,
    },
    "{weekday}, {day} {month} {year}",
    "{weekday}, {month} {ordinal}",
    _words("the and my our is are was call tell ask order book please when what with for they she he it if whether of"),
)
FRENCH = Tongue(
    "fr",
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    {"après-demain": 2, "avant-hier": -2, "aujourd'hui": 0, "ce soir": 0, "demain": 1, "hier": -1},
    "{weekday} {day} {month} {year}",
    "{weekday} {day} {month}",
    _words("le les et est mon ma mes notre pour avec chez quand je qu dis si c'était c'est appelle prochain prochaine rendez une aux où"),
)
GERMAN = Tongue(
    "de",
    ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    ("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"),
    {"übermorgen": 2, "vorgestern": -2, "heute": 0, "heute abend": 0, "morgen früh": 1, "gestern": -1},
    "{weekday}, {day}. {month} {year}",
    "{weekday}, den {day}. {month}",
    _words("der das und ist mein meine meinen unser für mit bei wann ich ihnen bitte ruf nicht ein eine einen wir zum zur ob um dem den nächster"),
)
SPANISH = Tongue(
    "es",
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    {"pasado mañana": 2, "anteayer": -2, "hoy": 0, "esta noche": 0, "ayer": -1},
    "{weekday} {day} de {month} de {year}",
    "{weekday} {day} de {month}",
    _words("el los las y está mi mis nuestra para con cuándo cuando yo diles llama por favor próxima próximo cita una del fue era qué dónde"),
)
ALL = (ENGLISH, FRENCH, GERMAN, SPANISH)


def tongue_of(text: str) -> Tongue:
    """The language that most of the little words of `text` are of; English where nothing tells."""
    said = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower().replace("’", "'"))
    counts = {tongue.code: sum(word in tongue.signs for word in said) for tongue in ALL}
    return max(ALL, key=lambda tongue: counts[tongue.code])
