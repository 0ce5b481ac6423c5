"""English: the fixed lines are written in it, and `commitments` and `speech.phrases` know its agreements and farewells."""

from __future__ import annotations

import re

from calls.conversation.wordings.wording import Wording

_NOTHING = re.compile(r"(?!)")
ENGLISH = Wording(
    code="en",
    name="English",
    introduction="Hi, this is Floyd, an AI assistant calling for {user}.",
    recorded="This call is recorded.",
    not_recorded="Of course. Recording has stopped, and nothing of it is kept.",
    goes_on="This is an AI assistant. Let's go on in English.",
    joining="{user} is joining the call now, and will speak with you directly.",
    back="This is Floyd again, the AI assistant calling for {user}.",
    lines={},
    machine=re.compile(r"\b(?:an?\s+)?(?:ai|a\.i\.|artificial intelligence|automated|virtual)\s+assistant\b", re.I),
    denial=re.compile(r"\b(?:not|isn't|no|never)\b", re.I),
    objects=re.compile(
        # "We don't record those" is about something else, and so is "stop the record of it".
        r"(?<!we )(?<!they )\b(?:do not|don't|can't|cannot|may not|must not|mustn't|shouldn't|stop|quit)\b(?: \w+){0,3}?"
        r" (?:record|recording|taping)\b(?! of\b)"
        r"|\b(?:don't|do not|didn't) (?:want|wish|like|agree|consent)(?: \w+){0,4}? (?:recorded|taped)\b"
        r"|\b(?:not|without|never|isn't|wasn't|against|object to|mind) (?:\w+ ){0,3}?(?:recording|recorded|taped)\b"
        r"|\b(?:no|delete|erase) (?:\w+ )?recordings?\b|\bcan you not record\b"
        r"|\b(?:turn|switch|shut) (?:\w+ ){0,2}?record(?:ing|er)(?: \w+)? off\b|\b(?:turn|switch|shut) off (?:\w+ )?record(?:ing|er)\b",
        re.I,
    ),
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
