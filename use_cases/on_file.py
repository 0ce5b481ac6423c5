"""What may be told of what is kept under a number to whoever rings from it. A number can be forged (decision 67).

Where the caller's carrier vouches for the number, everything. Else only what the caller names first: code compares it, and a few wrong names are the
end of it. Texts are no secret: they reach the number's owner, whoever rings.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction

from requests_app.message_templates import Words
from requests_app.opt_out import wants_texts
from requests_app.sending import send_text
from use_cases.models import Caller, WrongGuess
from use_cases.tooling import ToolContext, ToolRefusedError

#: Wrong names from one number before nothing is told there, over all its calls …
MOST_WRONG = 3
#: … within this time.
WRONG_WITHIN = timedelta(days=1)
LONGEST_NAMED = 200
NOT_TOLD = "The caller's number is not vouched for, so nothing is listed. Whether there is anything must not be said."
BY_TEXT = "Or offer to text it to the number they ring from."
TEXTED = "If anything is on file for this number, a text message about it is on its way there. Whether there was anything must not be said."


def may_hear(context: ToolContext, *, named: str, right: bool) -> bool:
    """Whether the caller may hear of what they named. Wrong names are counted, the same one in a call once.

    Args:
        named: what they named, in one form for all its words.
        right: whether that is on file.

    Raises:
        ToolRefusedError: there were too many wrong ones; nothing more is compared.
    """
    if context.attested:
        return right
    with transaction.atomic():
        caller = Caller.objects.select_for_update(no_key=True).only("pk").get(pk=context.caller.pk)  # calls side by side are counted, too
        wrong = WrongGuess.objects.filter(caller=caller, created_at__gte=context.now - WRONG_WITHIN)
        if wrong.count() < MOST_WRONG:
            if not right:
                WrongGuess.objects.get_or_create(
                    call_id=context.call_id, named=named[:LONGEST_NAMED], defaults={"caller": caller, "created_at": context.now}
                )
            return right
    raise ToolRefusedError(f"Too many did not fit, so nothing more can be checked today. Offer to connect them to a person. {BY_TEXT}")


def text_what_is_kept(context: ToolContext, words: Words | None, *, of: str) -> bool:
    """Texts what is kept under the caller's number to it, the same words once a day. Returns whether the caller may hear that there was something.

    Args:
        words: None: nothing is kept.
        of: names what is texted, e.g. "tours".

    Raises:
        ToolRefusedError: the number is withheld, or its owner wants no texts; said whether there was anything or not.
    """
    number = context.caller.number
    if not number:
        raise ToolRefusedError("There is no number to send a text to.")
    if not wants_texts(number):
        raise ToolRefusedError("Texts to that number were stopped by its owner. They can text START to get them again.")
    if words is not None:
        digest = hashlib.sha256(words.text.encode()).hexdigest()[:16]
        send_text(to=number, words=words, dedupe_key=f"on-file:{of}:{context.caller.pk}:{context.now:%Y-%m-%d}:{digest}")
    return context.attested
