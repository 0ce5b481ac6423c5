"""Whether two things that Floyd was told are the same thing, whatever their spelling. Pure."""

from __future__ import annotations

import re


def gist(text: str) -> str:
    """The words alone, without case, punctuation and spacing: equal for statements that say the same in the same words."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def same_contact(name: str, phone: str, other_name: str, other_phone: str) -> bool:
    """Whether two contacts are one: the same number, or the same name with no two numbers that differ."""
    if phone and other_phone:
        return phone == other_phone
    return gist(name) == gist(other_name)
