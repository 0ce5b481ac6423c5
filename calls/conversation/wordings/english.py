"""English: the fixed lines are written in it, and `commitments` and `speech.phrases` know its agreements and farewells."""

from __future__ import annotations

import re

from calls.conversation.wordings.wording import Wording

_NOTHING = re.compile(r"(?!)")
ENGLISH = Wording(
    code="en",
    name="English",
    introduction="Hi, this is Floyd, an AI assistant calling for {user}.",
    joining="{user} is joining the call now, and will speak with you directly.",
    back="This is Floyd again, the AI assistant calling for {user}.",
    lines={},
    machine=re.compile(r"\b(?:an?\s+)?(?:ai|a\.i\.|artificial intelligence|automated|virtual)\s+assistant\b", re.I),
    denial=re.compile(r"\b(?:not|isn't|no|never)\b", re.I),
    commits=_NOTHING,
    assent=frozenset(),
    farewell=frozenset(),
)
