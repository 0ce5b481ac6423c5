"""Does a clause commit the user to something? English phrases here, those of other languages in their
`wordings`; errs on the side of yes, since a held clause is only said later."""

from __future__ import annotations

import re

from calls.conversation import wordings
from calls.speech.phrases import words_of

_COMMITS = re.compile(
    r"\b(?:(?:we|i|he|she|they|tom)(?:'ll| will| shall)(?: just| gladly| happily)?"
    r" (?:take|go with|go for|accept|agree|buy|pay|order)\b(?! care| a look| a moment)"
    r"|(?:we|i|he|she|they)(?: do| can)? (?:accept|agree)\b"
    r"|(?:we|i|he|she|they)(?:'ll| will|'d like to| would like to|'d love to)"
    r" (?:have|take|order|buy|get|go with) (?:it|that|this|them|those|these|both|one|two)\b(?! delivered| sent| arranged)"
    r"|(?:that's|that is|it's|it is|you have|you've got|we have|we've got) a deal\b|(?:that's |all |we're |we are )?agreed\b"
    r"|let's (?:do|go with|book|order|take)\b|go ahead\b|please (?:proceed|charge|order|book|reserve)\b"
    r"|(?:place|confirm|complete|finalise|finalize) (?:the|that|this|our|an|my) order\b|(?:book|order|charge|reserve) (?:it|that|this|them)\b"
    r"|consider it (?:done|sold|booked)\b|put (?:me|us|him|her|them|it) down\b|you can (?:charge|bill|go ahead)\b"
    r"|(?:happy|ready|glad) to (?:pay|order|accept|take (?:it|that|them|those|the))\b)|^\W*(?:it's a )?deal\b",
    re.I,
)
_DOES = re.compile(r"take|accept|agree|order|pay|buy|charge|deal|book|ahead", re.I)
_APPROVES = frozenset(["works", "fine", "perfect", "great", "good", "yes", "sure", "okay", "ok", "alright"])
_APART = re.compile(r"(?<=\d)(?=[^\W\d_])")
_WITHHELD = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|won't|will not|not able|unable|not|don't|do not|didn't|never|before|until|unless|whether|if|once|in case"
    r"|without)\b[^.!?;]{0,60}$",
    re.I,
)
_QUESTION = re.compile(
    r"^(?:so |and |but |okay |ok )*(?:what|how|which|when|where|who|could|can|would|will|do|does|is|are|may|might|should|shall)\b", re.I
)
_HEDGE = frozenset(
    re.findall(
        r"\S+",
        """above afraid ask asking before budget but can't cannot check checking confirm expensive first hold let limit moment more much no not over
        too wait""",
    )
)
_ASSENT = frozenset(
    re.findall(
        r"\S+",
        """absolutely acceptable agreed alright certainly cool course deal definitely exactly excellent fantastic fine good great indeed it lovely of
        ok okay perfect please right sounds sure that that's this very well will wonderful work works yeah yep yes price for us me him her we'll
        do all""",
    )
)


def commits(clause: str) -> bool:
    """Whether `clause` itself agrees, orders or accepts ("We'll take it", "Please go ahead"), rather than asks about it or puts it off."""
    plain = _APART.sub(" ", clause.replace("’", "'")).strip()
    if plain.endswith("?") and _QUESTION.match(plain):
        return False
    if any(wording.agrees(plain) for wording in wordings.ALL):
        return True
    return any(not _WITHHELD.search(plain[: match.start()]) for match in _COMMITS.finditer(plain))


def may_commit(clause: str) -> bool:
    """The same for a clause that names a price which is not allowed: any word of agreement will do, unless it is put off, refused or asked about.

    "Okay, $560, let me check that" puts it off; "one moment, we take it for $560" does not, since nothing beside the taking does.
    """
    plain = clause.replace("’", "'").strip()
    if plain.endswith("?") and _QUESTION.match(plain):
        return False
    parts = [(part, words_of(part)) for part in re.split(r"[,;:–—]\s", plain)]
    if any(_DOES.search(part) and not any(word in _HEDGE for word in words) for part, words in parts):
        return True
    said = [word for _, words in parts for word in words]
    if any(wording.agrees(plain) or any(wording.assents(part) for part, _ in parts) for wording in wordings.ALL):
        return True
    return any(word in _APPROVES for word in said) and not any(word in _HEDGE for word in said)


def assents(clause: str) -> bool:
    """Whether `clause` is nothing but a yes ("Yes, that works"), which commits when it answers an offer."""
    words = words_of(clause)
    if any(wording.assents(clause) for wording in wordings.ALL):
        return True
    return (
        0 < len(words) <= 10
        and not clause.strip().endswith("?")
        and not any(word in _HEDGE for word in words)
        and all(word in _ASSENT for word in words)
    )
