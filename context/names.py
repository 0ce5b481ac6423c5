"""Names that sound alike: what speech recognition (or a hurried typist) makes of the names of children and businesses. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz import fuzz, process

#: Spellings so alike (0 to 100) are the same name.
ALIKE = 80.0
#: Less alike ones are, when their consonants are the same: Myra and Mara.
ALIKE_IN_SOUND = 70.0
MOST_WORDS = 60
_SHORTEST = 3
#: Common spellings of the same sound, in order.
_SOUNDS = (
    ("sch", "sk"),
    ("tch", "k"),
    ("ch", "k"),
    ("ck", "k"),
    ("ph", "f"),
    ("gh", "g"),
    ("th", "t"),
    ("dt", "t"),
    ("qu", "kv"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("w", "v"),
    ("ge", "je"),
    ("gi", "ji"),
    ("y", "i"),
)
#: Words of asks that are no names, however much they sound like one.
_ORDINARY = frozenset(
    """about again also and any are ask been before book call can cancel change could doctor does done find for from get give going has have
    her him his home house how know let like make may me mine more my need next new number off order our out phone please school say see send she
    shop should sick some tell that the their them then there they this time today tomorrow until want was what when where whether which who will
    with would you your""".split()  # noqa: SIM905
)


def folded(name: str) -> str:
    """A word as it sounds, roughly: no accents, one letter for each sound, nothing doubled."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if sign.isalnum())
    for spelling, sound in _SOUNDS:
        plain = plain.replace(spelling, sound)
    plain = plain[:1] + plain[1:].replace("h", "")
    return re.sub(r"(.)\1+", r"\1", plain)


def names_heard(text: str, names: Iterable[str]) -> dict[str, str]:
    """Names that a text may mean though it spells them otherwise: name → the words that sound like it.

    Names that stand in the text as they are written are none of them.
    """
    tokens = _tokens(text)[:MOST_WORDS]
    # People and recognisers also part a name in two: "speed veil".
    pairs = [f"{first} {second}" for first, second in pairwise(tokens)]
    spoken = [word for word in dict.fromkeys([*tokens, *pairs]) if word not in _ORDINARY and len(word) >= _SHORTEST]
    written = {word.casefold() for word in tokens}
    sounds: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        for part in _parts(name, written):
            sounds.setdefault(folded(part), []).append(name)
    heard: dict[str, str] = {}
    for words in spoken:
        for sound in _alike(folded(words), list(sounds)):
            for name in sounds[sound]:
                heard.setdefault(name, words)
    return heard


def _parts(name: str, written: set[str]) -> list[str]:
    """What of a name may have been misheard: its words that are not written so, and two words of it in a row unless both are."""
    words = _tokens(name)
    single = [word for word in words if word not in written and word not in _ORDINARY and len(word) >= _SHORTEST]
    pairs = [f"{first} {second}" for first, second in pairwise(words) if not {first, second} <= written and len(f"{first}{second}") > 2 * _SHORTEST]
    return [*single, *pairs]


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", re.sub(r"['’]s?\b", "", text.casefold()))


def _alike(sound: str, sounds: list[str]) -> list[str]:
    found = process.extract(sound, sounds, scorer=fuzz.ratio, score_cutoff=ALIKE_IN_SOUND, limit=5)
    return [other for other, score, _ in found if score >= ALIKE or (other[:1] == sound[:1] and _bones(other) == _bones(sound))]


def _bones(sound: str) -> str:
    """Consonants alone; vowels are what recognisers get wrong."""
    return sound[:1] + re.sub(r"[aeiou]", "", sound[1:])
