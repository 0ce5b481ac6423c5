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

#: How `context.dates`, which knows nothing of Django, writes moments.
_MOMENTS = (
    noop("at %(clock)s"),
    noop("tomorrow at %(clock)s"),
    noop("on %(day)s at %(clock)s"),
    noop("%(day)s at %(clock)s"),
    noop("%(day)s, all day"),
)
#: A pattern with fewer letters of its own would fit what others said.
FEWEST_LETTERS, FEWEST_LETTERS_WITHIN = 8, 2
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
_DATE = re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)}), )?(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?: (am|pm))?")
_BETWEEN_SENTENCES, _BETWEEN_CLAUSES = re.compile(r"(?<=[.!?”]) "), re.compile(r"([:;] )")
_LIST = re.compile(r", | and ")
_ANY_YEAR = 2024  # has a 29 February
_NOON = 12


def pages_language(language: str) -> str:
    """The language of pages for a user's own, e.g. `de` for `de-AT`; English when there is none."""
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return "en"


def speaking(user: object) -> AbstractContextManager[object]:
    """The language of that user, for what is written or drawn for them; as it is when nobody is given."""
    language = getattr(user, "language", "")
    return translation.override(pages_language(language)) if language else nullcontext()


def said(text: str) -> str:
    """A kept sentence, or several, in the language that is active now; what is no sentence of ours stays as it is."""
    language = translation.get_language() or "en"
    return text if language == "en" or not text else _said(str(text), language)


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    whole = _one(text, FEWEST_LETTERS, language)
    if whole is not None:
        return whole
    return "\n".join(" ".join(_in_pieces(_BETWEEN_SENTENCES.split(line), language)) for line in text.split("\n"))


def _in_pieces(sentences: list[str], language: str) -> list[str]:
    """Several sentences, each run of them by the longest message that it was made from."""
    found, first = [], 0
    while first < len(sentences):
        for last in range(len(sentences), first, -1):
            piece = " ".join(sentences[first:last])
            words = _one(piece, FEWEST_LETTERS, language)
            if words is not None or last == first + 1:
                found.append(_clauses(piece, language) if words is None else words)
                first = last
                break
    return found


def _clauses(sentence: str, language: str) -> str:
    """What stands around colons and semicolons, each by itself."""
    parts = _BETWEEN_CLAUSES.split(sentence)
    return "".join(_one(part, FEWEST_LETTERS, language) or _day(part) or part for part in parts) if len(parts) > 1 else sentence


def _one(text: str, fewest: int, language: str) -> str | None:
    exact, patterns = _messages(language)
    if text in exact:
        return exact[text]
    if text[:1].islower() and (label := exact.get(f"{text[0].upper()}{text[1:]}")):
        return label
    # A reason that was made a sentence (`life.transition`).
    if text.endswith(".") and (reason := exact.get(f"{text[0].lower()}{text[1:-1]}")):
        return f"{reason[0].upper()}{reason[1:]}."
    for letters, pattern, words in patterns:
        if letters < fewest:
            break
        if match := pattern.fullmatch(text):
            return _filled(words, {name: _within(value, language) for name, value in match.groupdict().items()})
    return None


def _filled(words: str, places: dict[str, str]) -> str:
    return _PLACE.sub(lambda place: places[place[1] or place[2]], words).replace("%%", "%")


def _within(value: str, language: str) -> str:
    """What stands in a place of a sentence: a date, a phrase of ours, or somebody's words."""
    return _day(value) or _clock(value) or _one(value, FEWEST_LETTERS_WITHIN, language) or _listed(value, language) or value


def _listed(value: str, language: str) -> str:
    """Several phrases of ours, e.g. "the goal, whom to call and what is told"."""
    exact, _patterns = _messages(language)
    parts = _LIST.split(value)
    if len(parts) == 1 or not all(part in exact for part in parts):
        return ""
    *first, last = (exact[part] for part in parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


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
    match = _CLOCK.fullmatch(value)
    if match is None:
        return ""
    hour = int(match[1]) % _NOON + (_NOON if match[3] == "pm" else 0) if match[3] else int(match[1])
    try:
        return time_format(time(hour, int(match[2])), _("g:i a") if match[3] else "G:i")
    except ValueError:
        return ""


@cache
def _messages(language: str) -> tuple[dict[str, str], list[tuple[int, re.Pattern[str], str]]]:
    """Our own catalogue: messages without places, and those with places as patterns, the ones with the most letters first."""
    exact: dict[str, str] = {}
    patterns = []
    for message, words in _catalogue(language).items():
        if not _PLACE.search(message):
            exact[message] = words
            continue
        pattern, rest, names = "", message.strip(), set[str]()
        for place in _PLACE.finditer(rest):
            name = place[1] or place[2]
            before, _found, rest = rest.partition(place[0])
            pattern += re.escape(before.replace("%%", "%")) + (f"(?P={name})" if name in names else f"(?P<{name}>.+?)")
            names.add(name)
        pattern += re.escape(rest.replace("%%", "%"))
        letters = sum(character.isalpha() for character in _PLACE.sub("", message))
        patterns.append((letters, re.compile(pattern, re.DOTALL), words.strip()))
    return exact, sorted(patterns, key=lambda one: -one[0])


def _catalogue(language: str) -> dict[str, str]:
    file = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.mo"
    if not file.exists():
        return {}
    with file.open("rb") as compiled:
        catalogue = GNUTranslations(compiled)
    # Messages with a context or with plurals are written by templates where they are shown, and kept nowhere.
    return {key: words for key, words in vars(catalogue)["_catalog"].items() if isinstance(key, str) and key and "\x04" not in key}
