"""A week of ended calls in the queue of reviews."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from calls.models import Call
from calls.review.summing import sum_up
from calls.review_models import ReviewNote, TurnPrompt
from context.models import User
from tests.browser.furnished import USED, Furnished
from tests.calls.review.scene import in_queue
from tests.cast import alice

ENDS = ("goal_reached", "goal_reached", "voicemail", "goal_reached", "no_response", "goal_reached", "goal_not_reached", "callee_hung_up")
QUESTION = "Sorry, which grade did you say?"
ANSWER = "Grade three, with Ms. Lind. She is sick today and will stay at home."


def in_the_queue(account: Furnished, staff: User) -> Call:
    """Puts calls of many days in the queue; gives the one to the school, with a note and what the model was asked."""
    now, user = timezone.now(), alice()
    for place in range(24):
        ended = now - timedelta(days=place % 9, hours=place)
        waits = tuple(520 + 90 * ((place + step) % 9) for step in range(3))
        ending = {"end_reason": ENDS[place % len(ENDS)], "seconds": 30 + 11 * place, "number": f"+151955501{place:02d}"}
        cost = {"currency": "USD", "model": 12_000 + 900 * place, "voice": 4_000, "carrier": 13_000}
        in_queue(user, waits=waits, ended_at=ended, cost=cost, usage=USED, review={"verdict": "good" if place % 5 == 0 else ""}, **ending)
    call: Call = account.done.calls.get()
    review = sum_up(call.pk)
    assert review is not None
    ReviewNote.objects.create(review=review, author=staff, text="Cut short once, and said again well.")
    messages = [
        {"role": "system", "content": "You are Floyd, an AI assistant on the phone for Tom Redmond.\n\nBRIEF\nTell the school that Mara is sick."},
        {"role": "user", "content": QUESTION},
    ]
    times = {"asked_ms": 27_500, "first_ms": 27_800, "done_ms": 28_200}
    tokens = {"prompt_tokens": 900, "cached_tokens": 800, "completion_tokens": 21}
    said = {"purpose": "answer", "model": "gpt-6-luna", "ended": "whole", "text": ANSWER, "finish_reason": "stop"}
    tools = [{"type": "function", "function": {"name": "end_call"}}]
    TurnPrompt.objects.create(call=call, number=1, messages=messages, shared=0, tools=tools, **said, **times, **tokens)
    return call
