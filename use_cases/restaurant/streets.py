"""Whether somebody names the street of an address, however they say it. Pure."""

from __future__ import annotations

import re
import unicodedata

#: More words are guesses, not a street.
MOST_WORDS = 8
#: What stands beside a street's own name, by how it is written short; these alone name no street.
_SORTS = {
    "st": "street",
    "ave": "avenue",
    "av": "avenue",
    "rd": "road",
    "dr": "drive",
    "blvd": "boulevard",
    "ln": "lane",
    "ct": "court",
    "pl": "place",
    "hwy": "highway",
    "pkwy": "parkway",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
}
_SAYS_NOTHING = frozenset({*_SORTS.values(), "on", "at", "in", "the", "my", "to", "it", "was", "number"})


def is_street_of(said: str, address: str) -> bool:
    """Whether what was said names the street of an address, such as "Pine Street" or "12 pine" of "12 Pine St, San Francisco".

    The street's whole name has to be said, and nothing that does not stand in the address.
    """
    words, whole = _words(said), _words(address)
    name = [word for word in _words(_street(address)) if not word.isdigit() and word not in _SAYS_NOTHING]
    telling = [word for word in words if word not in _SAYS_NOTHING]
    return bool(name) and len(words) <= MOST_WORDS and set(name) <= set(telling) <= set(whole)


def _street(address: str) -> str:
    """The part with the street: what stands before the first comma; without one, the first words behind the house number."""
    first, comma, _ = address.partition(",")
    if comma:
        return first
    words = address.split()
    ends = next(
        (place for place, word in enumerate(words) if place and _SORTS.get(word.casefold().strip("."), word.casefold()) in _SORTS.values()), None
    )
    return " ".join(words[: ends + 1] if ends is not None else words)


def _words(text: str) -> list[str]:
    plain = "".join(char for char in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(char))
    return [_SORTS.get(word, word) for word in re.findall(r"[^\W_]+", plain)]
