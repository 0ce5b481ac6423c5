"""A person takes a call over when the line lets go of it; when there is none, the caller is told so, and what it was about stays."""

from __future__ import annotations

from calls.models import Call
from calls.telephony import twiml
from use_cases.models import HandOff, HandOffState

NOBODY_FREE = "I'm sorry, nobody is free right now. I have noted what it is about, and somebody will call you back. Goodbye."


def after_line(call: Call) -> str:
    """What the carrier does with a call whose line has ended."""
    asked = HandOff.objects.filter(call=call, state=HandOffState.ASKED).first()
    if asked is None:
        return twiml.hang_up()
    HandOff.objects.filter(pk=asked.pk).update(state=HandOffState.NOBODY)
    return twiml.say_and_hang_up(NOBODY_FREE)
