"""Whether two renderings of an utterance say the same. A recogniser's last word on it often differs from its first only in spelling."""

from __future__ import annotations

import re

from calls.speech.phrases import words_of
from context.number_words import find_numbers

_SAME = {
    "ok": "okay",
    "alright": "all right",
    "mr": "mister",
    "mrs": "missus",
    "gonna": "going to",
    "wanna": "want to",
    "won't": "will not",
    "can't": "can not",
    "cannot": "can not",
}
_CONTRACTED = re.compile(r"(?<=[a-z])(n't|'s|'re|'m|'ll|'ve|'d)$")
_LONG = {"n't": " not", "'s": " is", "'re": " are", "'m": " am", "'ll": " will", "'ve": " have", "'d": " would"}
#: Sounds of thinking, which a recogniser keeps or drops as it likes.
_FILLERS = frozenset({"uh", "um", "er", "erm", "hm", "hmm", "mm"})
_MONEY = re.compile(r"\$\s*([\d.,]*\d)")


def mean_the_same(one: str, other: str) -> bool:
    """Whether case, punctuation, contractions, figures ("four", "4", "$40") and where words are parted are all that differs."""
    return words_of(one) == words_of(other) or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    """The words run together, numbers in figures. Only sounds of thinking: they are the words."""
    text = _MONEY.sub(r"\1 dollars", text).replace("%", " percent").replace("&", " and ")
    parts, at = [], 0
    for number in find_numbers(text):
        parts += [text[at : number.start], " ", f"{number.value.normalize():f}".replace(".", " point "), " "]
        at = number.end
    words = words_of("".join([*parts, text[at:]]))
    return "".join(_long(word) for word in words if word not in _FILLERS).replace(" ", "") or "".join(words)


def _long(word: str) -> str:
    return _SAME.get(word) or _CONTRACTED.sub(lambda match: _LONG[match[0]], word)
