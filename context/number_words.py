"""Numbers in words and figures, read from English text and said in words. Pure text work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

ONES: list[str] = re.findall(
    r"\w+", "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {word: value for value, word in enumerate(ONES)} | {word: 20 + 10 * index for index, word in enumerate(TENS)} | {"fourty": 40}
_SCALES = {"thousand": 1_000, "grand": 1_000, "k": 1_000, "million": 1_000_000}
#: "1.200,50 €": where the currency comes last, a full stop stands between thousands.
_GROUPED_BY_STOPS = r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?(?=\s?(?:[€$]|EUR\b|[Ee]uro|CHF\b|Franken))"
_TOKEN = re.compile(
    rf"{_GROUPED_BY_STOPS}|"
    r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]{1,2}(?![0-9]))?|[0-9]+(?:[.,][0-9]{1,2}(?![0-9.,]*[0-9]))?|[^\W\d_]+"
)
#: Where there is none of these there is no number, and most texts need no reading.
_BEGINS = re.compile(rf"[0-9]|(?<![^\W\d_])(?:{'|'.join(_SMALL)}|an?[\s\-‐‑–]*(?:hundred|thousand|million|grand))(?![^\W\d_])", re.I)
#: What may stand between the parts of one number: "eighty-five", "five hundred", "two-hundred". A comma or full stop ends it.
_INSIDE = re.compile(r"[\s\-‐‑–]*")


@dataclass(frozen=True, slots=True)
class NumberFound:
    """A number at `text[start:end]`; `in_words` when it was spelled out."""

    start: int
    end: int
    value: Decimal
    in_words: bool


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int

    @property
    def in_figures(self) -> bool:
        """Whether it is written in ordinary digits."""
        return self.word[0] in "0123456789"

    @property
    def may_begin(self) -> bool:
        """Whether a number may begin with it. Most words are none, and need no reading."""
        return self.in_figures or self.word in _SMALL or self.word in ("a", "an")

    @property
    def figures(self) -> Decimal | None:
        """The value of a number in figures ("1,200", "85.50", "85,50", "1.200,50")."""
        if not self.in_figures:
            return None
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", self.word):
            return Decimal(self.word.replace(".", "").replace(",", "."))
        grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", self.word)
        return Decimal(self.word.replace(",", "")) if grouped else Decimal(self.word.replace(",", "."))


def find_numbers(text: str) -> list[NumberFound]:
    """Every number in `text`, in order: "five hundred and sixty", "1,200", "85.50", "2 grand", "a hundred".

    Numbers that merely follow each other stay apart ("five sixty" is 5 and 60): what they mean together is the caller's to say.
    """
    if _BEGINS.search(text) is None:
        return []
    tokens = [_Token(match[0].lower(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    found: list[NumberFound] = []
    at = 0
    while at < len(tokens):
        read = _Reader(text, tokens, at).whole() if tokens[at].may_begin else None
        if read is None:
            at += 1
            continue
        value, after = read
        in_words = not tokens[at].in_figures
        found.append(NumberFound(tokens[at].start, tokens[after - 1].end, value, in_words))
        at = after
    return found


class _Reader:
    """Reads one number that begins at a token; each method returns the value and the index behind it."""

    def __init__(self, text: str, tokens: list[_Token], at: int) -> None:
        self._text, self._tokens, self._at = text, tokens, at

    def whole(self) -> tuple[Decimal, int] | None:
        """The longest number from here: groups below a thousand, each with its scale, in falling order."""
        total, at, last_scale = Decimal(0), self._at, 10_000_000
        while True:
            group = self._below_thousand(at, first=at == self._at)
            if group is None:
                break
            value, after = group
            scale = _SCALES.get(self._word(after), 0)
            if scale and scale < last_scale:
                total, at, last_scale = total + value * scale, after + 1, scale
                at = self._over_and(at)
                continue
            if last_scale == 10_000_000 or value < last_scale:
                total, at, last_scale = total + value, after, 1
            break
        if last_scale == 10_000_000:
            return None
        return total, self._not_and(at)

    def _below_thousand(self, at: int, *, first: bool) -> tuple[Decimal, int] | None:
        if first and self._raw(at) in ("a", "an") and self._word(at + 1) in ("hundred", "thousand", "million", "grand"):
            small: tuple[Decimal, int] | None = (Decimal(1), at + 1)
        else:
            small = self._below_hundred(at, first=first)
        if small is None:
            return None
        value, after = small
        if self._word(after) not in ("hundred", "hundreds") or value >= 100 or value == 0:
            return value, after
        value, after = value * 100, after + 1
        rest = self._below_hundred(self._over_and(after), first=False)
        if rest is not None and rest[0] < 100 and rest[0] > 0 and not self._tokens[rest[1] - 1].in_figures:
            return value + rest[0], rest[1]
        return value, after

    def _below_hundred(self, at: int, *, first: bool) -> tuple[Decimal, int] | None:
        word = self._raw(at) if first else self._word(at)
        if not word:
            return None
        figures = self._tokens[at].figures
        if figures is not None:
            return figures, at + 1
        value = _SMALL.get(word)
        if value is None:
            return None
        unit = _SMALL.get(self._word(at + 1), 0)
        if value >= 20 and 1 <= unit <= 9:
            return Decimal(value + unit), at + 2
        return Decimal(value), at + 1

    def _raw(self, at: int) -> str:
        return self._tokens[at].word if at < len(self._tokens) else ""

    def _word(self, at: int) -> str:
        """The word at `at` when nothing but a space or hyphen parts it from the one before."""
        if not 0 < at < len(self._tokens):
            return ""
        between = self._text[self._tokens[at - 1].end : self._tokens[at].start]
        return self._tokens[at].word if _INSIDE.fullmatch(between) else ""

    def _over_and(self, at: int) -> int:
        return at + 1 if self._word(at) == "and" and self._word(at + 1) in _SMALL else at

    def _not_and(self, at: int) -> int:
        return at - 1 if self._tokens[at - 1].word == "and" else at


def in_words(value: int) -> str:
    """A whole number as people say it: 560 → "five hundred and sixty".

    Raises:
        ValueError: below zero or from a thousand million on.
    """
    if not 0 <= value < 1_000_000_000:
        raise ValueError(f"{value} is not said in words here")
    if value < 20:
        return ONES[value]
    if value < 100:
        tens, unit = divmod(value, 10)
        return TENS[tens - 2] + (f"-{ONES[unit]}" if unit else "")
    if value < 1_000:
        hundreds, rest = divmod(value, 100)
        return f"{ONES[hundreds]} hundred" + (f" and {in_words(rest)}" if rest else "")
    scale, name = (1_000_000, "million") if value >= 1_000_000 else (1_000, "thousand")
    count, rest = divmod(value, scale)
    joint = " and " if 0 < rest < 100 else " "
    return f"{in_words(count)} {name}" + (f"{joint}{in_words(rest)}" if rest else "")
