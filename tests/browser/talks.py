"""What was said in the calls of the furnished account, with all that a transcript can show."""

from __future__ import annotations

from typing import Any

from calls.conversation.brief import CallBrief
from calls.models import Call, TranscriptLine, Turn
from requests_app.models import Request

#: speaker, what was heard, what was meant to be said where that is more
SCHOOL = (
    ("callee", "Welcome to Brock Road School. For absences, press 1.", ""),
    ("system", "Pressed 1", "1"),
    ("callee", "Hello, this is the office.", ""),
    ("floyd", "Hi, this is Floyd, an AI assistant calling for Tom Redmond.", ""),
    ("callee", "Oh, hi. What can I do for you?", ""),
    ("floyd", "Mara Redmond in grade three", "Mara Redmond in grade three is sick today and will stay at home."),
    ("callee", "Sorry, which grade did you say?", ""),
    ("floyd", "Grade three, with Ms. Lind. She is sick today and will stay at home.", ""),
    ("callee", "Alright, I'll let Ms. Lind know. I hope she feels better.", ""),
)
FLORIST = (
    ("callee", "Sweet Violet's, good afternoon.", ""),
    ("floyd", "Hi, this is Floyd, an AI assistant calling for Tom Redmond. He would like flowers for his wife, for Friday.", ""),
    ("callee", "Lovely. What does she like?", ""),
    ("floyd", "White and pink ones, a bouquet for about eighty dollars", "White and pink ones, a bouquet for about eighty dollars, with a card."),
    ("user", "Ask if they deliver on Friday morning.", ""),
)
TIMES = {"end_of_turn_ms": 240, "model_first_token_ms": 310, "first_clause_ms": 40, "voice_first_byte_ms": 90}


def make_call(wish: Request, callee: str, words: tuple[tuple[str, str, str], ...], **fields: Any) -> Call:
    """A call with these words, and the times of Floyd's replies."""
    brief = CallBrief(user_name="Tom Redmond", callee_name=callee, kind="inform", goal="", introduction="", opening_line="", success="", today="")
    fields = {"number": "+15195550110", "attempt": 1, **fields}
    call = Call.objects.create(request=wish, user=wish.user, brief=brief.to_json(), **fields)
    for seq, (speaker, text, intended) in enumerate(words, start=1):
        TranscriptLine.objects.create(
            call=call, seq=seq, speaker=speaker, text=text, intended=intended, start_ms=seq * 3600, end_ms=seq * 3600 + 2900
        )
        if speaker == "floyd" and seq > 2:
            Turn.objects.create(call=call, seq=seq, whole_ms=620 + 40 * seq, interrupted=bool(intended), **TIMES)
    return call
