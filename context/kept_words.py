"""Sentences that are kept, in the reader's language.

Services and tasks write their sentences in English, marked by `gettext_noop`: whoever reads them later (in a timeline, a question, a text) may speak
another language than whoever caused them. `said` finds the message of the catalogue that a kept sentence was made from, and says it again.
Words of users, callees and models match no message, and stay.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from datetime import date, time
from functools import cache, lru_cache
from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from context.dates import MONTHS, WEEKDAYS
from context.figures import AMOUNT, FIGURE, amount_as_read, figures
from context.german_hours import in_german, is_german

#: How `context.dates`, which knows nothing of Django, writes moments.
_MOMENTS = (
    noop("at %(clock)s"),
    noop("tomorrow at %(clock)s"),
    noop("on %(day)s at %(clock)s"),
    noop("%(day)s at %(clock)s"),
    noop("%(day)s, all day"),
    noop("%(title)s, %(moment)s"),
    noop("%(title)s, %(moment)s, %(price)s"),
)
#: A pattern with fewer letters of its own would fit what others said, unless its places are typed.
FEWEST_LETTERS = 8
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
#: A place between quotation marks holds somebody's words.
_QUOTED = re.compile(r"“%\((\w+)\)s”")
_WEEKDAY, _MONTH, _HOUR = "|".join(WEEKDAYS), "|".join(MONTHS), r"\d{1,2}:\d\d(?: [ap]m)?"
_DATE = re.compile(rf"(?:(?:{_WEEKDAY}), )?(\d{{1,2}}) ({_MONTH})(?: (\d{{4}}))?")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?: (am|pm))?")
_HOURS = re.compile(rf"({_HOUR}) to ({_HOUR})")
#: As `context.hours` writes a week.
_SPAN, _SHORT = r"\d\d:\d\d-\d\d:\d\d", "|".join(day[:3] for day in WEEKDAYS)
_OPEN = rf"(?:{_SHORT})(?:-(?:{_SHORT}))? (?:closed|{_SPAN}(?: and {_SPAN})*)"
_WEEK = re.compile(rf"{_OPEN}(?:, {_OPEN})*")
#: What can stand in places of these names.
_TYPES = {
    "clock": _HOUR,
    "day": rf"(?:{_WEEKDAY})|(?:(?:{_WEEKDAY}), )?\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?",
    "moment": rf"(?:{_WEEKDAY}), \d{{1,2}} (?:{_MONTH}) \d{{4}}(?: at {_HOUR}|, all day)",
    "hours": rf"(?:{_HOUR} to {_HOUR}|all day)(?:, (?:{_HOUR} to {_HOUR}))*",
    "week": _WEEK.pattern,
    "keys": r"[\d*#w]+",
    "link": r"https?://\S+",
    "tried": r".+? \(.+",  # names, each with what came of it: we alone write so
    **dict.fromkeys(("amount", "limit", "limit_minor", "price"), AMOUNT),
    **dict.fromkeys(("distance", "rating", "ratings", "more"), FIGURE),
}
_BETWEEN_SENTENCES = re.compile(r"(?<!\bDr\.)(?<!\bM[rs]\.)(?<!\bMrs\.)(?<!\bSt\.)(?<=[.!?”]) |(?<=/) (?=[A-Z])")
_BETWEEN_CLAUSES = re.compile(r"([:;] | · )")
_NOTED = re.compile(r"(.+) \((.+)\)")
_LIST = re.compile(r", | and ")
_ANY_YEAR = 2024  # has a 29 February
_NOON = 12


def pages_language(language: str) -> str:
    """The language of pages for any, e.g. `de` for `de-AT`; English when there is none."""
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return "en"


def speaking(user: object) -> AbstractContextManager[object]:
    """The language of that user's pages, for what is written or drawn for them; as it is when nobody is given."""
    language = getattr(user, "page_language", "")
    return translation.override(pages_language(language)) if language else nullcontext()


def said(text: str) -> str:
    """A kept sentence, or several, in the language that is active now; what is no sentence of ours stays as it is."""
    language = translation.get_language() or "en"
    return text if language == "en" or not text else _said(str(text), language)


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    whole = _one(text, language, bounded="\n" not in text)
    if whole is not None:
        return whole
    return "\n".join(" ".join(_in_pieces(_BETWEEN_SENTENCES.split(line), language)) for line in text.split("\n"))


def _in_pieces(sentences: list[str], language: str) -> list[str]:
    """Several sentences, each run of them by the longest message that it was made from."""
    found, first = [], 0
    while first < len(sentences):
        words, first = _longest(sentences, first, language)
        found.append(words)
    return found


def _longest(sentences: list[str], first: int, language: str) -> tuple[str, int]:
    """The longest run of sentences from `first` that one message made, and where it ends. At best, no place of it holds several sentences."""
    for bounded in (True, False):
        for last in range(len(sentences), first, -1):
            words = _one(" ".join(sentences[first:last]), language, bounded=bounded)
            if words is not None:
                return words, last
    return _clauses(sentences[first], language), first + 1


def _clauses(sentence: str, language: str) -> str:
    """What stands around colons and semicolons, each by itself."""
    parts = _BETWEEN_CLAUSES.split(sentence)
    return "".join(_clause(part, language) for part in parts) if len(parts) > 1 else sentence


def _clause(clause: str, language: str) -> str:
    """A phrase or figure of ours, or a name with a note of ours: "Alpha Plumbing (nobody answered)"."""
    found = _one(clause, language) or _value(clause)
    if not found and (noted := _NOTED.fullmatch(clause)):
        return f"{noted[1]} ({_within(noted[2], language)})"
    return found or clause


def _one(text: str, language: str, *, bounded: bool = False) -> str | None:
    """What one message made; None if none did. `bounded`: of whose places none holds more than one sentence."""
    exact, patterns = _messages(language)
    if text in exact:
        return exact[text]
    if text[:1].islower() and (label := exact.get(f"{text[0].upper()}{text[1:]}")):
        return label
    # A reason that was made a sentence (`life.transition`).
    if text.endswith(".") and (reason := exact.get(f"{text[0].lower()}{text[1:-1]}")):
        return f"{reason[0].upper()}{reason[1:]}."
    for message, pattern, words in patterns:
        if (match := pattern.fullmatch(text)) and not (bounded and any(_BETWEEN_SENTENCES.search(value) for value in match.groupdict().values())):
            quoted = set(_QUOTED.findall(message))
            return _filled(words, {name: value if name in quoted else _within(value, language) for name, value in match.groupdict().items()})
    return None


def _filled(words: str, places: dict[str, str]) -> str:
    return _PLACE.sub(lambda place: places[place[1] or place[2]], words).replace("%%", "%")


def _within(value: str, language: str) -> str:
    """What stands in a place of a sentence: a figure, a date, phrases or sentences of ours, or somebody's words."""
    found = _value(value) or _one(value, language) or _listed(value, language)
    if not found and len(sentences := _BETWEEN_SENTENCES.split(value)) > 1:
        return " ".join(_in_pieces(sentences, language))
    return found or "".join(_clause(clause, language) for clause in _BETWEEN_CLAUSES.split(value))


def _value(value: str) -> str:
    """A day, an hour, opening hours of a day or a week, an amount or another figure; empty when it is none."""
    if _WEEK.fullmatch(value):
        return in_german(value) if is_german(translation.get_language()) else value
    if re.fullmatch(FIGURE, value):
        return figures(value)
    return _day(value) or _clock(value) or _hours(value) or (amount_as_read(value) if re.fullmatch(AMOUNT, value) else "")


def _listed(value: str, language: str) -> str:
    """Several phrases of ours, e.g. "the goal, whom to call and what is told"."""
    exact, _patterns = _messages(language)
    parts = _LIST.split(value)
    if len(parts) == 1 or not all(part in exact for part in parts):
        return ""
    *first, last = (exact[part] for part in parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


def _hours(value: str) -> str:
    """Opening hours of a day, e.g. "8:00 to 12:00, 14:00 to 18:00"."""
    spans = [_HOURS.fullmatch(span) for span in value.split(", ")]
    if value == "all day":
        return _("all day")
    times = [(_time(span[1]), _time(span[2])) for span in spans if span]
    found = [_("%(opens)s to %(closes)s") % {"opens": f"{opens:%-H:%M}", "closes": f"{closes:%-H:%M}"} for opens, closes in times if opens and closes]
    return ", ".join(found) if len(found) == len(spans) else ""


def _day(value: str) -> str:
    if value in WEEKDAYS:
        return date_format(date(_ANY_YEAR, 1, 1 + WEEKDAYS.index(value)), "l")
    match = _DATE.fullmatch(value)
    if match is None:
        return ""
    day, month, year = int(match[1]), MONTHS.index(match[2]) + 1, match[3]
    try:
        return date_format(date(int(year or _ANY_YEAR), month, day), _("l, j F Y") if year else _("j F"))
    except ValueError:
        return ""


def _clock(value: str) -> str:
    found = _time(value)
    return "" if found is None else time_format(found, _("g:i a"))


def _time(value: str) -> time | None:
    match = _CLOCK.fullmatch(value)
    if match is None:
        return None
    hour = int(match[1]) % _NOON + (_NOON if match[3] == "pm" else 0) if match[3] else int(match[1])
    try:
        return time(hour, int(match[2]))
    except ValueError:
        return None


@cache
def _messages(language: str) -> tuple[dict[str, str], list[tuple[str, re.Pattern[str], str]]]:
    """Our own catalogue: messages without places, and those with places as patterns, the ones with the most letters first."""
    exact: dict[str, str] = {}
    patterns = []
    for message, words in _catalogue(language).items():
        if not _PLACE.search(message):
            exact[message] = words
        elif _may_be_read(message):
            patterns.append((message, _pattern(message), words.strip()))
    return exact, sorted(patterns, key=lambda one: -_letters(one[0]))


def _letters(message: str) -> int:
    return sum(character.isalpha() for character in _PLACE.sub("", message))


def _may_be_read(message: str) -> bool:
    """Whether a pattern fits only what was made from it: by its own letters, or by what its places can hold."""
    names = {place[1] or place[2] for place in _PLACE.finditer(message)}
    return _letters(message) >= FEWEST_LETTERS or "moment" in names or names <= _TYPES.keys()


def _pattern(message: str) -> re.Pattern[str]:
    pattern, rest, names = "", message.strip(), set[str]()
    for place in _PLACE.finditer(rest):
        name = place[1] or place[2]
        before, _found, rest = rest.partition(place[0])
        pattern += re.escape(before.replace("%%", "%")) + (f"(?P={name})" if name in names else f"(?P<{name}>{_TYPES.get(name, '.+?')})")
        names.add(name)
    return re.compile(pattern + re.escape(rest.replace("%%", "%")), re.DOTALL)


def _catalogue(language: str) -> dict[str, str]:
    file = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.mo"
    if not file.exists():
        return {}
    with file.open("rb") as compiled:
        catalogue = GNUTranslations(compiled)
    # Messages with a context or with plurals are written by templates where they are shown, and kept nowhere.
    return {key: words for key, words in vars(catalogue)["_catalog"].items() if isinstance(key, str) and key and "\x04" not in key}
