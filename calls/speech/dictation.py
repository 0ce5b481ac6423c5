"""Things that are read out piece by piece: phone numbers, spelled names, codes, addresses, dates. Is the one at the end of a text whole? English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

#: A number as recognisers write it, or a word.
_TOKEN = re.compile(r"[$€£]?\d[\d.,:/-]*(?:st|nd|rd|th)?|[^\W\d_]+(?:['’][^\W_]+)*")
_GROUP = re.compile(r"\d+(?:-\d+)*-?")
_DIGIT_WORDS = dict(zip("oh zero one two three four five six seven eight nine".split(), "00123456789", strict=True))  # noqa: SIM905
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())  # noqa: SIM905
_NUMBER_WORDS = _TENS | frozenset(
    re.findall(
        r"\S+",
        """ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen hundred one two three four five six seven eight nine""",
    )
)
_REPEATS = {"double": 1, "triple": 2}
_ALPHABET = frozenset(
    re.findall(
        r"\S+",
        """alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec romeo sierra
        tango uniform victor whiskey xray yankee zulu""",
    )
)
_CONNECTORS = frozenset("dash hyphen dot underscore slash plus".split())  # noqa: SIM905
#: Two letters that are a word of their own.
_LETTER_WORDS = frozenset("am pm id tv us uk ok pc hr it".split())  # noqa: SIM905
_MONTHS = frozenset("january february april june july august september october november december".split())  # noqa: SIM905
_STREETS = frozenset(
    re.findall(
        r"\S+",
        """street st road rd avenue ave drive dr lane ln court ct crescent boulevard blvd place way square terrace highway parkway circle close
        trail north south east west""",
    )
)
_PHONE = re.compile(r"\b(?:phone|number|call(?: me)? (?:back )?(?:at|on)|reach|cell|mobile|fax|area code|line is)\b")
_CODE = re.compile(r"\b(?:code|reference|confirmation|order|booking|account|card|policy|invoice|tracking|licen[cs]e|plate|serial|file)\b")
_SPELLING = re.compile(r"\b(?:spell(?:ed|ing|s)?|letters?|as in|postal code|zip code|postcode|initials)\b")
_ADDRESS = re.compile(
    r"\b(?:address|deliver\w*|located|location|street|live at|come to|send (?:it|them) to|we(?:'re| are) at|it's at|find us|lives|moved|unit"
    r"|apartment)\b"
)
_HOUSE_IN_WORDS = re.compile(
    r"\b(?:address is|located at|lives? at|moved to|find us at|come to|deliver(?:ed)? (?:it |them )?to|is on|we're at|we are at)"
    rf"(?: (?:{'|'.join(sorted(_NUMBER_WORDS))}))+$"
)
#: What follows a number that is no house.
_NO_STREET = frozenset("a p am pm o'clock in on tomorrow today tonight sharp and or to dollars people".split())  # noqa: SIM905
_RANGE = re.compile(
    r"\b(?:between|from) (?:(?!to\b|and\b)\S+ ){0,2}(?:\d[\d:]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)$"
)
_POSTCODE = re.compile(r"[a-z]\d[a-z]\d[a-z]\d")
WHOLE_PHONE, WHOLE_CARD = 10, 16


class Dictated(StrEnum):
    """What stands at the end of a text."""

    NOTHING = "nothing"
    UNFINISHED = "unfinished"
    PERHAPS = "perhaps"  # whole by its form, and may well go on
    WHOLE = "whole"


@dataclass(slots=True)
class _Run:
    """The characters read out at the end of a text."""

    characters: str = ""
    pieces: int = 0
    begins: int = 0  # index of its first token
    by_example: bool = False  # "S as in Sam"


def tokens_of(text: str) -> list[str]:
    """Words and numbers of `text` in lower case; prices, clock times and grouped numbers are one token each."""
    return [token.rstrip(".,:/") for token in _TOKEN.findall(text.lower().replace("’", "'"))]


def dictated(text: str) -> Dictated:
    """Whether `text` ends in something that is read out, and whether that is whole."""
    tokens = tokens_of(text)
    if not tokens:
        return Dictated.NOTHING
    if tokens[-1] in _CONNECTORS or (tokens[-1] in _REPEATS and len(tokens) > 1 and _characters_of(tokens[-2])):
        return Dictated.UNFINISHED
    run = _run_at_end(tokens)
    if run.characters:
        found = _characters(run, tokens, " ".join(tokens))
        if found is not Dictated.NOTHING:
            return found
    return _address_or_date(tokens, " ".join(tokens))


def _run_at_end(tokens: list[str]) -> _Run:
    run, index = _Run(begins=len(tokens)), len(tokens) - 1
    while index >= 0:
        token, width = tokens[index], 1
        if index >= 3 and tokens[index - 2 : index] == ["as", "in"] and len(tokens[index - 3]) == 1:
            characters, width, run.by_example = tokens[index - 3], 4, True
        elif index >= 2 and tokens[index - 1] in ("for", "like") and len(tokens[index - 2]) == 1 and token.startswith(tokens[index - 2]):
            characters, width, run.by_example = tokens[index - 2], 3, True
        else:
            characters = _characters_of(token)
        if tokens[index] == "hundred" and run.characters and index and tokens[index - 1] in _DIGIT_WORDS:
            characters = "00"  # "one eight hundred, five five five"
        if token in _REPEATS and run.characters:
            run.characters = run.characters[0] * _REPEATS[token] + run.characters
        elif characters:
            run.characters = characters + run.characters
            run.pieces += 1
        elif token not in _CONNECTORS or not run.characters:
            break
        index -= width
    run.begins = index + 1
    return run


def _characters_of(token: str) -> str:
    """The characters that a token stands for when it is read out, or ""."""
    if _GROUP.fullmatch(token):
        return token.replace("-", "")
    if token in _DIGIT_WORDS:
        return _DIGIT_WORDS[token]
    if len(token) == 1 and token.isalpha():
        return token
    return token[0] if token in _ALPHABET else ""


def _characters(run: _Run, tokens: list[str], text: str) -> Dictated:
    read, before = run.characters, tokens[: run.begins]
    letters = sum(char.isalpha() for char in read)
    if letters:
        return _letters(run, before, text)
    by_itself = not before or before[-1] in ("is", "it's", "code", "number", "that's", "at", "extension", "was")
    if _CODE.search(text) and by_itself and "area code" not in text:
        return Dictated.WHOLE if "card" in text and len(read) >= WHOLE_CARD else Dictated.UNFINISHED
    if before[-1:] == ["extension"]:
        return Dictated.WHOLE
    is_phone = _PHONE.search(text) is not None and by_itself
    if run.pieces == 1 and len(read) == 3 and not is_phone and before[-1:] in (["is"], ["it's"], ["that's"], []):
        return Dictated.PERHAPS  # an area code, or a price
    if run.pieces == 1 and len(read) <= 4 and not (is_phone and len(read) <= 3):
        return Dictated.NOTHING  # a price, a house, a year, "at five"
    wanted = WHOLE_PHONE + (read[0] == "1")  # no area code begins with 1
    if len(read) >= wanted:
        return Dictated.WHOLE
    return Dictated.UNFINISHED


def _letters(run: _Run, before: list[str], text: str) -> Dictated:
    read = run.characters
    if read in before or _POSTCODE.fullmatch(read):
        return Dictated.WHOLE
    is_word = read.isalpha() and (set(read) <= {"a", "i"} or (run.pieces == 2 and read in _LETTER_WORDS))
    if is_word or re.fullmatch(r"\d+[ap]m", read):
        return Dictated.NOTHING
    if len(read) == 1 and not run.by_example and _SPELLING.search(text) is None:
        return Dictated.NOTHING  # "plan B", "Mike"
    return Dictated.PERHAPS if "initials" in text and len(read) > 1 else Dictated.UNFINISHED


def _address_or_date(tokens: list[str], text: str) -> Dictated:
    last = tokens[-1]
    if last in _MONTHS and not any(re.fullmatch(r"\d+(?:st|nd|rd|th)?|[a-z]+(?:st|nd|rd|th)", token) for token in tokens[-3:-1]):
        return Dictated.UNFINISHED
    if last in ("twenty", "thirty", "twentieth") and len(tokens) > 1 and tokens[-2] in _MONTHS:
        return Dictated.PERHAPS
    if last in _TENS and len(tokens) > 1 and tokens[-2] in ("and", "hundred"):
        return Dictated.PERHAPS
    if re.search(
        r"\b(?:between|from) (?:(?!to\b|and\b)\S+ ){0,2}(?:\d[\d:]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)$", text
    ):
        return Dictated.UNFINISHED
    if not _ADDRESS.search(text):
        return Dictated.NOTHING
    if any(token in _STREETS for token in tokens[-4:-1]):
        return Dictated.PERHAPS if last in _NUMBER_WORDS or last.isdecimal() else Dictated.NOTHING
    if _HOUSE_IN_WORDS.search(text):
        return Dictated.UNFINISHED
    house = next((index for index in range(len(tokens) - 1, -1, -1) if tokens[index].isdecimal()), None)
    after = tokens[house + 1 :] if house is not None else []
    if house is not None and len(after) <= 2 and not any(token in _STREETS | _NO_STREET for token in after):
        return Dictated.UNFINISHED if tokens[house - 1] not in ("unit", "apartment", "suite") else Dictated.PERHAPS
    return Dictated.PERHAPS if last in _STREETS else Dictated.NOTHING
