"""Numbers below a million in German, French and Spanish words, as digits: "fünfundzwanzig", "vingt-cinq", "dos mil quinientos".

Pure. Words come as they were parted by spaces and hyphens; accents may be missing, as recognisers leave them out.
Where words may be parted in two ways ("soixante dix": 70, or 60 and 10), each number takes as many as it can.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_Words = dict[tuple[str, ...], int]

#: The longest number below a hundred: "quatre vingt dix sept".
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Language:
    """Words of one language, without accents. `hundreds` and `thousands` stand behind what they are multiplied with; `whole_hundreds` hold it."""

    below_hundred: Mapping[tuple[str, ...], int]
    hundreds: frozenset[str]
    thousands: frozenset[str]
    whole_hundreds: Mapping[str, int]
    joint: str


def read(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The number at a word as digits, and the place behind it; None when there is none. Of several languages the one that reads most words."""
    found = [number for language in _LANGUAGES if (number := _read(language, words, at)) is not None]
    return max(found, key=lambda number: number[1], default=None)


def _read(language: _Language, words: Sequence[str], at: int) -> tuple[str, int] | None:
    parts, ends = list[str](), list[int]()
    for place, word in enumerate(words[at : at + 10], at + 1):
        pieces = [piece for piece in _COMPOUND.split(_plain(word)) if piece]
        parts += pieces
        ends += [place - 1] * (len(pieces) - 1) + [place]
    number = _whole(language, parts, 0)
    if number is None or (number[1] < len(ends) and number[1] > 0 and ends[number[1] - 1] < at + 1):
        return None  # the rest of a compound is no number ("hundertfach")
    return str(number[0]), ends[number[1] - 1]


def _whole(language: _Language, parts: list[str], at: int) -> tuple[int, int] | None:
    before = _below_thousand(language, parts, at)
    value, behind = before or (1, at)
    if behind >= len(parts) or parts[behind] not in language.thousands or not value:
        return before
    rest = _below_thousand(language, parts, _behind_joint(language, parts, behind + 1))
    return (value * 1000, behind + 1) if rest is None else (value * 1000 + rest[0], rest[1])


def _below_thousand(language: _Language, parts: list[str], at: int) -> tuple[int, int] | None:
    before = _below_hundred(language, parts, at)
    if before is None and at < len(parts) and parts[at] in language.whole_hundreds:
        value, behind = language.whole_hundreds[parts[at]] * 100, at + 1
    else:
        value, behind = before or (1, at)
        if behind >= len(parts) or parts[behind] not in language.hundreds or not 0 < value < 10:
            return before
        value, behind = value * 100, behind + 1
    rest = _below_hundred(language, parts, _behind_joint(language, parts, behind))
    return (value, behind) if rest is None or not rest[0] else (value + rest[0], rest[1])


def _below_hundred(language: _Language, parts: list[str], at: int) -> tuple[int, int] | None:
    for length in range(_MOST_WORDS, 0, -1):
        value = language.below_hundred.get(tuple(parts[at : at + length])) if at + length <= len(parts) else None
        if value is not None:
            return value, at + length
    return None


def _behind_joint(language: _Language, parts: list[str], at: int) -> int:
    return at + 1 if language.joint and at < len(parts) and parts[at] == language.joint else at


def _plain(word: str) -> str:
    """A word without accents, as German is written where there are none."""
    word = word.replace("ß", "ss").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


# --- the words ---

#: German writes hundreds and thousands in one word with what they are multiplied with.
_COMPOUND = re.compile(r"(tausend|hundert)")


def _german() -> _Language:
    ones = re.findall(
        r"\w+",
        """null ein zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf
        dreizehn vierzehn fuenfzehn sechzehn siebzehn achtzehn neunzehn""",
    )
    tens = ["zwanzig", "dreissig", "vierzig", "fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
    table: _Words = {(word,): value for value, word in enumerate(ones)}
    table[("eins",)], table[("zwo",)] = 1, 2
    for ten, word in enumerate(tens, 2):
        table[(word,)] = ten * 10
        for one, unit in [*enumerate(ones[1:10], 1), (1, "eins"), (2, "zwo")]:
            table[(f"{unit}und{word}",)] = table[(unit, "und", word)] = ten * 10 + one
    bare = {tuple(_without_umlauts(word) for word in words): value for words, value in table.items()}
    return _Language(bare | table, frozenset({"hundert"}), frozenset({"tausend"}), {}, "und")


def _without_umlauts(word: str) -> str:
    """As it is written where the dots were left out: "funf"."""
    return word.replace("fuenf", "funf").replace("zwoelf", "zwolf")


def _french() -> _Language:
    ones = re.findall(r"\w+", "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize")
    words: dict[int, str] = dict(enumerate(ones)) | {value: f"dix {ones[value - 10]}" for value in (17, 18, 19)}
    table: _Words = {tuple(word.split()): value for value, word in words.items()} | {("une",): 1}
    tens = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 70: "septante", 80: "huitante", 90: "nonante"}
    for ten, begin, most in [*((ten, word, 9) for ten, word in tens.items()), (60, "soixante", 19), (80, "quatre vingt", 19), (80, "octante", 9)]:
        table[tuple(begin.split())] = ten
        for one in range(1, most + 1):
            table[tuple(f"{begin} {words[one]}".split())] = ten + one
            if one in (1, 11):
                table[tuple(f"{begin} et {words[one]}".split())] = ten + one
    table[("quatre", "vingts")] = 80
    return _Language(table, frozenset({"cent", "cents"}), frozenset({"mille", "mil"}), {}, "")


def _spanish() -> _Language:
    ones = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce", "quince"]
    table: _Words = {(word,): value for value, word in enumerate(ones)}
    table |= {("un",): 1, ("una",): 1, ("veintiun",): 21, ("veintiuna",): 21}
    for begin, ten in (("dieci", 10), ("veinti", 20)):
        table |= {(f"{begin}{word}",): ten + value for value, word in enumerate(ones[1:10], 1)}
    tens = ["diez", "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
    for ten, word in enumerate(tens, 1):
        table[(word,)] = ten * 10
        table |= {(word, "y", one): ten * 10 + value for value, one in [*enumerate(ones[1:10], 1), (1, "un"), (1, "una")]}
    stems = {"cien": 1, "ciento": 1}
    for value, stem in enumerate(["dos", "tres", "cuatro", "quin", "seis", "sete", "ocho", "nove"], 2):
        ending = "ient" if stem == "quin" else "cient"
        stems |= {f"{stem}{ending}os": value, f"{stem}{ending}as": value}
    return _Language(table, frozenset(), frozenset({"mil"}), stems, "")


_LANGUAGES = (_german(), _french(), _spanish())
