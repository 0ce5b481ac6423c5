"""A media stream that broke while its call goes on: the carrier asks what comes next, and is given another stream for the same conversation."""

from __future__ import annotations

import time
from enum import Enum
from uuid import UUID

from calls.models import CONVERSATION_RELAY, Call
from calls.status import CallStatus
from calls.telephony import twiml

#: A line that breaks again and again is no line.
MOST_BREAKS = 3
#: The carrier asks as soon as a stream is gone; what became of the call is written about then.
WRITTEN_WITHIN_S, LOOKS_EVERY_S = 2.0, 0.05


def next_stream(call: Call, *, breaks: int, after: str) -> str:
    """Another stream for a call whose conversation waits for one; else the call's end, with an apology where nobody has said goodbye.

    Takes up to `WRITTEN_WITHIN_S`.

    Args:
        breaks: how many of its streams broke before.
        after: asked by the carrier what comes behind the new stream; `breaks` is added.
    """
    stands = _how_it_stands(call.pk, streams=call.line != CONVERSATION_RELAY)
    if stands is _Stands.OVER:
        return twiml.hang_up()
    if stands is _Stands.GONE or breaks >= MOST_BREAKS:
        return twiml.cut_off(call)
    return twiml.connect(call, after=f"{after}?breaks={breaks + 1}")


def breaks_in(text: str) -> int:
    """How many streams broke, as the carrier hands it back; too many where it hands back anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else MOST_BREAKS


class _Stands(Enum):
    OVER, WAITS, GONE = range(3)


def _how_it_stands(call_id: UUID, *, streams: bool) -> _Stands:
    """Whether the conversation is over, or waits for another stream. Where nobody writes either, its process is gone."""
    deadline = time.monotonic() + WRITTEN_WITHIN_S
    while True:
        status, end_reason, token_used_at = Call.objects.values_list("status", "end_reason", "token_used_at").get(pk=call_id)
        if status != CallStatus.IN_PROGRESS or end_reason:
            return _Stands.OVER
        if streams and token_used_at is None:
            return _Stands.WAITS
        if time.monotonic() > deadline:
            return _Stands.GONE
        time.sleep(LOOKS_EVERY_S)
