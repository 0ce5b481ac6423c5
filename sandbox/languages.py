"""Languages other than English, as a tag before a text: "(es) Buenos días". Who speaks such a text says so; ears pass it on."""

from __future__ import annotations

import re

ENGLISH = "en"
_TAG = re.compile(r"\(([a-z]{2})\) ?")


def language_of_voice(voice: str) -> str:
    """Two letters: es for the voice es-419+f2."""
    return voice.partition("+")[0].partition("-")[0].rpartition("/")[2][:2] or ENGLISH


def tagged(text: str, voice: str) -> str:
    """The text with the language of the voice that speaks it; English goes without."""
    language = language_of_voice(voice)
    return text if language == ENGLISH else f"({language}) {text}"


def untagged(text: str) -> tuple[str, str]:
    """The language of a text (of its first tag), and the text without tags."""
    found = _TAG.search(text)
    return (found[1] if found else ENGLISH), _TAG.sub("", text).strip()
