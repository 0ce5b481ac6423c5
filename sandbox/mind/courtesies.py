"""What people say on the phone that tells nothing: greetings, thanks, "one moment", "putting you through"."""

from __future__ import annotations

import re

from sandbox.words import sentences

WAIT = re.compile(
    r"\b(?:hold on|hang on|please hold|one (?:moment|second|minute)|just a (?:moment|second|minute|sec)|stay on the line|bear with me"
    r"|let me (?:just )?(?:see|check|look|write)|put(?:ting)? you through|connect(?:ing)? you)\b",
    re.I,
)
GREETING = re.compile(
    r"^\s*(?:hello|hi|hey|good (?:morning|afternoon|evening))\b|\b(?:this is \w+|\w+ speaking)\s*[.!]?$"
    r"|\bthank(?:s| you) for (?:calling|waiting|holding)|\byou(?:'ve| have) reached\b|\byour call is important\b",
    re.I,
)
GO_ON = re.compile(r"\b(?:go on|go ahead|i'm listening|carry on)\b", re.I)
ABOUT = re.compile(r"\b(?:what is (?:this|it) about|what do you want|what did you want)\b", re.I)
#: Somebody is spoken to who is not Floyd: "Tim, is the bicycle ready?"
ASIDE = re.compile(r"^(?!Sorry|Well|Yes|No|Okay|Oh|So|Hello|Hi|And|But|Floyd)[A-Z][a-z]+, (?:is|are|was|do|does|did|has|have|can|could|where|what)\b")


def substance(text: str) -> str:
    """The text without the sentences that tell nothing."""
    told = [sentence for sentence in sentences(text) if not (GREETING.search(sentence) or WAIT.search(sentence) or ASIDE.search(sentence))]
    return " ".join(told)
