"""English: the fixed lines are written in it, and `commitments` and `speech.phrases` know its agreements and farewells."""

from __future__ import annotations

import re

from calls.conversation.wordings.wording import Wording

_NOTHING = re.compile(r"(?!)")
ENGLISH = Wording(
    code="en",
    name="English",
    introduction="Hi, this is Floyd, an AI assistant calling for {user}.",
    goes_on="This is an AI assistant. Let's go on in English.",
    joining="{user} is joining the call now, and will speak with you directly.",
    back="This is Floyd again, the AI assistant calling for {user}.",
    lines={},
    machine=re.compile(r"\b(?:an?\s+)?(?:ai|a\.i\.|artificial intelligence|automated|virtual)\s+assistant\b", re.I),
    denial=re.compile(r"\b(?:not|isn't|no|never)\b", re.I),
    speaks_as_machine=re.compile(
        r"\b(?:this is|it's|i'm|i am|my name is|(?:you've|you have) reached|you(?:'re| are) (?:speaking|talking) (?:to|with)|here is)\s+"
        # "I'm calling your AI assistant" speaks of another one.
        r"(?:(?!(?:about|at|for|from|in|on|to|with|calling|talking|speaking|looking|asking|using|like|your|my|our)\b)[\w'-]+,?\s+){0,5}?"
        r"(?:(?:ai|a\.i\.|a i|artificial intelligence)\b|(?:automated|virtual|digital)\s+(?:assistant|agent|receptionist|attendant)\b)",
        re.I,
    ),
    commits=_NOTHING,
    assent=frozenset(),
    farewell=frozenset(),
)
