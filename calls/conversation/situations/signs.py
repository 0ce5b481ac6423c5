"""From words to a situation: which machine has the line, if any."""

from __future__ import annotations

from calls.conversation.effects import Situation
from calls.conversation.situations.announcements import Sort, sorts_of
from calls.conversation.situations.options import options_in

#: What an utterance makes of the line, the surest sign first.
_SIGNS = (
    (Sort.SCREENING, Situation.SCREENING),
    (Sort.MENU, Situation.MENU),
    (Sort.MAILBOX_FULL, Situation.VOICEMAIL),
    (Sort.VOICEMAIL, Situation.VOICEMAIL),
    (Sort.TRANSFER, Situation.HOLD),
    (Sort.HOLD, Situation.HOLD),
)
#: The same while nobody was spoken to yet.
_SIGNS_AT_FIRST = (*_SIGNS, (Sort.PERHAPS_VOICEMAIL, Situation.VOICEMAIL), (Sort.WAIT, Situation.HOLD))


def sign_of(text: str, *, at_first: bool) -> Situation | None:
    """The situation that an utterance is the sign of; None for a person's talk.

    Args:
        at_first: nobody was spoken to yet, or a machine has the line. Later a person may use many of a machine's words.
    """
    sorts = sorts_of(text)
    if not at_first and not any(option.keys for option in options_in(text)):
        sorts -= {Sort.MENU}  # "you can say that again"
    for sort, situation in _SIGNS_AT_FIRST if at_first else _SIGNS:
        if sort in sorts:
            return situation
    return None
