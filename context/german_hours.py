"""Opening hours in German, for people whose pages are: "Mo-Fr 8-17 Uhr, Sa geschlossen". Pure.

What they type is put into the English of `context.hours`, which reads it; what that writes is put into German.
"""

from __future__ import annotations

import re

#: German, as a pattern, and what `parse_hours` understands. Longer words first where one begins another.
_READ = [
    (re.compile(rf"\b(?:{german})\b", re.I), english)
    for german, english in (
        ("am wochenende|wochenends?|wochenende", "weekend"),
        ("rund um die uhr", "24 hours"),
        ("jeden tag|täglich", "daily"),
        ("montags?|mo", "Mon"),
        ("dienstags?|di", "Tue"),
        ("mittwochs?|mi", "Wed"),
        ("donnerstags?|do", "Thu"),
        ("freitags?|fr", "Fri"),
        ("samstags?|sonnabends?|sa", "Sat"),
        ("sonntags?|so", "Sun"),
        ("geschlossen|ruhetag|zu", "closed"),
        ("mitternacht", "midnight"),
        ("mittags?", "noon"),
        ("bis", "to"),
        ("und", "and"),
        ("uhr|von|ab|am|wir|haben|hat|ist|sind|geöffnet|offen|auf", ""),
    )
]
_WRITTEN = {"Mon": "Mo", "Tue": "Di", "Wed": "Mi", "Thu": "Do", "Fri": "Fr", "Sat": "Sa", "Sun": "So", "and": "und", "closed": "geschlossen"}
_WORD = re.compile(r"[A-Za-z]+")


def in_english(text: str) -> str:
    """German hours with English words; what is no German of hours stays, and is refused by whoever reads it."""
    for pattern, english in _READ:
        text = pattern.sub(english, text)
    return text


def is_german(language: str | None) -> bool:
    """Whether a page's language, a tag such as `de-at`, is German."""
    return (language or "").startswith("de")


def in_german(words: str) -> str:
    """What `hours_in_words` wrote, in German."""
    return _WORD.sub(lambda word: _WRITTEN.get(word[0], word[0]), words)
