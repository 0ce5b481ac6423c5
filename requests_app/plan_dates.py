"""Days in a plan's texts: relative ones are spelled out, and a weekday must belong to its date. Pure; English, French, German, Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from context.tongues import ALL, ENGLISH, GERMAN, Tongue


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_WEEKDAY = {name: number for language in ALL for number, name in enumerate(language.weekdays)}
_MONTH = {name: number for language in ALL for number, name in enumerate(language.months, start=1)}
_MONTH |= {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
_RELATIVE = {name: (language, days) for language in ALL for name, days in language.relative.items()}
#: A day that is named already: "today, Saturday, 21 November 2026".
_DATED = rf"(?!,? \(?(?:(?:{_any(_WEEKDAY)}|the)\b,? )?(?:\d{{1,2}}|{_any(_MONTH)})\b)(?!, (?:{_any(_WEEKDAY)})\b)"
# The longest word counts, and no part of it: "heute Abend (…)" is no "heute" without a date.
_RELATIVE_DAY = re.compile(rf"(?<![\w'-])(?P<word>(?>{_any(_RELATIVE)}))(?!['-]?\w){_DATED}", re.I)
#: "next Friday", "on Friday": the one that comes, as long as no date stands with it.
_BARE_LEADS = frozenset({"on", "by", "until", "before"})
_COMING = re.compile(
    rf"\b(?P<word>(?P<lead>next|this coming|this|coming|on|by|until|before) (?P<weekday>{_any(ENGLISH.weekdays)}))\b"
    rf"(?!s\b|['’]s\b|,? (?:the )?\d{{1,2}}\b|,? (?:{_any(_MONTH)})\b)",
    re.I,
)
_PAIR = re.compile(
    rf"\b(?P<weekday>{_any(_WEEKDAY)}),?\s+(?:(?:the|den|dem|le|el|der)\s+)?"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?(?P<month>{_any(_MONTH)})|(?P<month_first>{_any(_MONTH)})\.?\s+(?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?)\b"
    r"(?:,?\s+(?:de\s+)?(?P<year>20\d\d))?",
    re.I,
)


def relative_days(texts: Iterable[str]) -> list[str]:
    """Words of the texts that mean a day without naming its date: "tomorrow", "next Friday"."""
    found = [match["word"] for text in texts for pattern in (_RELATIVE_DAY, _COMING) for match in pattern.finditer(_plain(text))]
    return list(dict.fromkeys(found))


def spelled_out(text: str, day: date, *, weekdays: bool = True, aloud: bool = False) -> str:
    """The text with the date of every relative day, counted from `day`: "tomorrow (Sunday, 22 November 2026)".

    Args:
        weekdays: take "on Friday" for the next one, which it is in a wish but need not be in an answer.
        aloud: as people say it, since the text is read out: "tomorrow, Sunday, November 22nd".
    """

    def relative(match: re.Match[str]) -> str:
        language, days = _RELATIVE[match["word"].lower()]
        meant = day + timedelta(days=days)
        if aloud:
            return f"{match['word']}, {_written(meant, language, language.aloud)}{_goes_on(match)}"
        return f"{match['word']} ({_written(meant, language, language.written)})"

    def coming(match: re.Match[str]) -> str:
        ahead = (_WEEKDAY[match["weekday"].lower()] - day.weekday()) % 7
        # Said on a Friday, "next Friday" is in a week; "on Friday" is that as well, since for the same day people say today.
        meant = day + timedelta(days=ahead or 7)
        if aloud:
            return f"{match['word']}, {_written(meant, ENGLISH, '{month} {ordinal}')}{_goes_on(match)}"
        written = _written(meant, ENGLISH, ENGLISH.written)
        return f"{match['lead']} {written}" if match["lead"].lower() in _BARE_LEADS else f"{match['word']} ({written})"

    plain = _RELATIVE_DAY.sub(relative, _plain(text))
    return _COMING.sub(coming, plain) if weekdays else plain


def wrong_dates(texts: Iterable[str], day: date) -> list[str]:
    """What is wrong with weekdays and their dates in the texts; a date without a year is the one nearest to `day`."""
    problems = []
    for match in (match for text in texts for match in _PAIR.finditer(text)):
        number, month = int(match["day"] or match["day_last"]), _MONTH[(match["month"] or match["month_first"]).lower()]
        meant = _dates(number, month, int(match["year"] or 0), day)
        if not meant:
            problems.append(f"there is no {match[0]}")
        elif meant.weekday() != _WEEKDAY[match["weekday"].lower()]:
            problems.append(f"“{match[0]}” is wrong: {_written(meant, ENGLISH, ENGLISH.written)} is right")
    return list(dict.fromkeys(problems))


def _dates(number: int, month: int, year: int, day: date) -> date | None:
    found = []
    for one in [year] if year else [day.year - 1, day.year, day.year + 1]:
        try:
            found.append(date(one, month, number))
        except ValueError:
            continue
    return min(found, key=lambda one: abs((one - day).days)) if found else None


def _goes_on(match: re.Match[str]) -> str:
    """The comma that ends a date where the sentence goes on with a word."""
    return "," if re.match(r" \w", match.string[match.end() :]) else ""


def _written(day: date, language: Tongue, form: str) -> str:
    weekday, month = language.weekdays[day.weekday()], language.months[day.month - 1]
    if language in (ENGLISH, GERMAN):
        weekday, month = weekday.capitalize(), month.capitalize()
    ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if day.day in (11, 12, 13) else day.day % 10, "th")
    return form.format(weekday=weekday, day=day.day, ordinal=f"{day.day}{ending}", month=month, year=day.year)


def _plain(text: str) -> str:
    return text.replace("’", "'")
