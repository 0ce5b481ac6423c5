"""Text as it is handed to a voice: what people would read aloud, with nothing a voice stumbles over. English; other languages stay as they are."""

from __future__ import annotations

import re
import unicodedata

from context.money import find_amounts, spoken_amount
from context.number_words import in_words

_PHONE = re.compile(r"(?<![\w$€£.,])\+?1?[\s.-]*\(?(\d{3})\)?[\s.-]*(\d{3})[\s.-]*(\d{4})(?![\w])")
_CLOCK = re.compile(r"\b(1[0-2]|0?[1-9])(?::([0-5]\d))?\s*([ap])\.?\s?m\b\.?", re.I)
_MARKUP = re.compile(r"[*_`#~|<>\[\]{}\\^]+")
_DIGIT_NAMES = "zero one two three four five six seven eight nine".split()  # noqa: SIM905
_ABBREVIATIONS = {
    "Dr.": "Doctor",
    "Mr.": "Mister",
    "Mrs.": "Missus",
    "e.g.": "for example",
    "i.e.": "that is",
    "approx.": "about",
    "&": "and",
    "%": " percent",
}


def for_speech(text: str, *, language: str = "en-US", currency: str = "CAD") -> str:
    """Plain words for a voice: prices, phone numbers and times written out, markup and emoji gone. Empty when nothing is left to say."""
    text = "".join(
        char
        for char in unicodedata.normalize("NFC", text)
        if char in "\n\t" or unicodedata.category(char) not in ("So", "Cs", "Co", "Cc", "Cf", "Cn")
    )
    text = _MARKUP.sub(" ", text)
    if language.lower().startswith("en"):
        text = _money(text, currency)
        text = _PHONE.sub(lambda match: ", ".join(" ".join(_DIGIT_NAMES[int(digit)] for digit in group) for group in match.groups()), text)
        text = _CLOCK.sub(_clock, text)
        for short, long in _ABBREVIATIONS.items():
            text = text.replace(short, long)
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    return text if any(char.isalnum() for char in text) else ""


def _money(text: str, currency: str) -> str:
    """Amounts in figures as words; those in words already stay."""
    for found in reversed(find_amounts(text, currency)):
        written = text[found.start : found.end]
        if any(char.isdigit() for char in written):
            text = f"{text[: found.start]}{spoken_amount(found.amount.minor, found.amount.currency)}{text[found.end :]}"
    return text


def _clock(match: re.Match[str]) -> str:
    """ "9:30 a.m." → "nine thirty A M", "5 pm" → "five P M", "9:05" → "nine oh five"; a sentence's full stop is kept."""
    hour, minute, half = int(match[1]), match[2], match[3].upper()
    minutes = "" if minute in (None, "00") else f" oh {in_words(int(minute))}" if minute[0] == "0" else f" {in_words(int(minute))}"
    ends = match[0].endswith(".") and (match.end() == len(match.string) or re.match(r"\s+[A-Z]", match.string[match.end() :]) is not None)
    return f"{in_words(hour)}{minutes} {half} M{'.' if ends else ''}"
