"""Digits in what somebody says: "4217", "four two one seven", "forty-two seventeen", "double oh seven".

Pure. English, and by `digits_abroad` German, French and Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from calls.conversation.reception import digits_abroad
from context.number_words import ONES, TENS

_UNITS = {word: str(digit) for digit, word in enumerate(ONES[:10])} | {"oh": "0", "o": "0", "nought": "0"}
#: Numbers below a hundred that are one word.
_TWO_DIGITS = {word: str(number) for number, word in enumerate(ONES[10:], 10)} | {word: f"{number}0" for number, word in enumerate(TENS, 2)}
_TIMES = {"double": 2, "triple": 3, "doppel": 2, "doppelt": 2, "doble": 2}
#: Written by a recogniser where a digit was said. They count only beside one.
_SOUND_ALIKE = {"to": "2", "too": "2", "for": "4", "won": "1", "ate": "8"}
_HUNDRED, _THOUSAND, _AND = "hundred", "thousand", "and"
#: Words that are mostly none, unless they stand alone: "one moment", "oh, I see", "ein Moment", "once more".
_DOUBTFUL = frozenset({"one", "oh", "o", "un", "une", "una", "ein", "once", "seize", "null", "cent", "cents", "mil"})
_SAID_WITH_DIGITS = """my pin pins p i n is the it that s so please and uh um er hm yes okay ok sure well
    mein meine ist die der das sie es lautet bitte und äh ähm ja also gut mon ma le la c est il te vous plaît alors euh oui et donc
    mi el es sí por favor y eh bueno entonces"""
#: Said with digits, and tell nothing themselves.
_FILLERS = frozenset(re.findall(r"\w+", _SAID_WITH_DIGITS))
#: A PIN has so many digits.
LEAST_DIGITS, MOST_DIGITS = 4, 8
_WORD = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Digits that follow each other.

    Attributes:
        digits: where some are missing, with what only sounds like them at the edges.
        start, end: where they stand in the text, with what only sounds like digits around them.
        sure: without that.
        sure_start, sure_end: where those stand.
    """

    digits: str
    start: int
    end: int
    sure: str
    sure_start: int
    sure_end: int

    def stands_at(self, position: int) -> bool:
        """Whether a character of the text belongs to it."""
        return self.start <= position < self.end


def runs_in(text: str) -> list[Run]:
    """All digits of a text, those together that nothing but punctuation parts."""
    matches = list(_WORD.finditer(text.lower()))
    words, found, at = [match[0] for match in matches], list[Run](), 0
    while at < len(words):
        read = _run(words, at)
        if read is None:
            at += 1
        else:
            spans = [match.span() for match in matches]
            found.append(
                Run(
                    read.digits,
                    spans[at][0],
                    spans[read.end - 1][1],
                    read.sure,
                    spans[read.sure_begins][0],
                    spans[read.sure_ends - 1][1],
                )
            )
            at = read.end
    few = sum(len(run.digits) for run in found) < LEAST_DIGITS and words_besides(text, found)
    if few and all(_DOUBTFUL.issuperset(_WORD.findall(text.lower()[run.start : run.end])) for run in found):
        return []
    return found


def words_besides(text: str, runs: list[Run]) -> int:
    """How many words of a text are neither digits nor said for their sake ("my PIN is …")."""
    others = (match for match in _WORD.finditer(text.lower()) if not any(run.stands_at(match.start()) for run in runs))
    return sum(1 for match in others if match[0] not in _FILLERS)


@dataclass(frozen=True, slots=True)
class _Read:
    """A run as it was read; places count words."""

    digits: str
    end: int
    sure: str
    sure_begins: int
    sure_ends: int


def _run(words: list[str], at: int) -> _Read | None:
    """The run that begins at a word; None when none begins there."""
    first = last = ""
    begins = at
    while begins < len(words) and words[begins] in _SOUND_ALIKE:
        first += _SOUND_ALIKE[words[begins]]
        begins += 1
    digits, end = "", begins
    while (value := _value(words, end)) is not None:
        digits, end = digits + last + value[0], value[1]
        last, next_one = "", end
        while next_one < len(words) and words[next_one] in _SOUND_ALIKE:
            last += _SOUND_ALIKE[words[next_one]]
            next_one += 1
        if _value(words, next_one) is not None:
            end = next_one
    if not digits:
        return None
    sure, sure_ends = digits, end
    # "4217 to call": at its edges, what only sounds like a digit is one where digits are missing.
    if len(digits) < LEAST_DIGITS:
        digits = first + digits + last
        end += len(last)
    return _Read(digits, end, sure, begins, sure_ends)


def _value(words: list[str], at: int) -> tuple[str, int] | None:
    """One number at a word, as digits, and where it ends."""
    english, abroad = _english(words, at), digits_abroad.read(words, at)
    if english is None or abroad is None:
        return english or abroad
    return abroad if abroad[1] > english[1] else english


def _english(words: list[str], at: int) -> tuple[str, int] | None:
    return _scaled(words, at, _THOUSAND, 3, _below_thousand)


def _below_thousand(words: list[str], at: int) -> tuple[str, int] | None:
    return _scaled(words, at, _HUNDRED, 2, _below_hundred)


def _scaled(words: list[str], at: int, scale: str, zeros: int, part: Callable[[list[str], int], tuple[str, int] | None]) -> tuple[str, int] | None:
    """A part by itself ("forty"), or so many hundreds or thousands with what stands behind them ("forty thousand and two")."""
    read = part(words, at)
    if read is None or not _is(words, read[1], scale):
        return read
    behind = read[1] + 1
    rest, end = part(words, behind + 1 if _is(words, behind, _AND) else behind) or ("", behind)
    return read[0] + rest.zfill(zeros), end


def _below_hundred(words: list[str], at: int) -> tuple[str, int] | None:
    if at >= len(words):
        return None
    word, behind = words[at], words[at + 1] if at + 1 < len(words) else ""
    if word.isdigit():
        return word, at + 1
    if word in _TIMES and (digit := _digit(words, at + 1)):
        return digit * _TIMES[word], at + 2
    if word in _TWO_DIGITS:
        tens = _TWO_DIGITS[word]
        if word in TENS and _UNITS.get(behind, "0") != "0":
            return tens[0] + _UNITS[behind], at + 2
        return tens, at + 1
    return (_UNITS[word], at + 1) if word in _UNITS else None


def _digit(words: list[str], at: int) -> str:
    """The single digit at a word; empty for none."""
    word = words[at] if at < len(words) else ""
    if word in _UNITS or (len(word) == 1 and word.isdigit()):
        return _UNITS.get(word, word)
    abroad = digits_abroad.read(words[: at + 1], at)
    return abroad[0] if abroad is not None and len(abroad[0]) == 1 else ""


def _is(words: list[str], at: int, word: str) -> bool:
    return at < len(words) and words[at] == word
