"""Who wants no texts: STOP, START and HELP, as carriers know them.

The carrier answers these words itself, and refuses texts to whoever said STOP; what is kept here is so that none are sent in vain.
https://help.twilio.com/articles/223134027
"""

from __future__ import annotations

import re
from enum import StrEnum

from django.db import models
from django.db.models.functions import Now

from requests_app.hints import hint

#: The carrier's answer to a text that somebody does not want.
CARRIER_REFUSES = "21610"
#: Error code of a text that was not given to the carrier.
WANTS_NONE = "opted-out"


class Word(StrEnum):
    """What a word asks of the carrier."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_WORDS: dict[str, Word] = {
    **dict.fromkeys(("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"), Word.STOP),
    **dict.fromkeys(("start", "unstop"), Word.START),
    **dict.fromkeys(("help", "info"), Word.HELP),
}


class OptOut(models.Model):
    """A number to which no texts are sent."""

    number = models.CharField(max_length=16, unique=True, help_text="E.164")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        """Newest first."""

        ordering = ["-id"]

    def __str__(self) -> str:
        return f"opt-out {self.pk}"


def read_word(body: str) -> Word | None:
    """The word with which people steer the carrier, when a message is nothing else."""
    return _WORDS.get(re.sub(r"[^a-z ]", "", body.casefold()).strip())


def take_word(*, number: str, word: Word | str) -> None:
    """Does what the word asks. HELP changes nothing. Whoever says it twice has said it once."""
    if not number:
        return
    if word == Word.STOP:
        said, _ = OptOut.objects.get_or_create(number=number)
        hint("calls.heed_stop", said.pk)
    elif word == Word.START:
        OptOut.objects.filter(number=number).delete()


def wants_texts(number: str) -> bool:
    """Whether texts may go to that number."""
    return not OptOut.objects.filter(number=number).exists()
