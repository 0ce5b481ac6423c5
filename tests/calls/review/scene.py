"""Ended calls, as reviewers find them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from calls.models import Call, Turn
from calls.review.summing import sum_up
from calls.review_models import Review
from calls.status import CallStatus
from context.models import User
from requests_app.status import Status
from tests.cast import make_request
from tests.staff_reason import REASON  # noqa: F401 - reviewers give it

GREETING = "Brock Road School, good morning."


def ended_call(user: User, *, waits: tuple[int, ...] = (800,), **fields: Any) -> Call:
    """A call that was held: they greet, Floyd answers once for each wait."""
    wish = make_request(user, status=Status.DONE, attempt=1, outcome={"achieved": "yes", "summary": "They know."})
    usage = [{"component": "model", "what": "gpt-6-luna", "quantities": {"input_tokens": 10}}]
    defaults: dict[str, Any] = {
        "status": CallStatus.COMPLETED,
        "end_reason": "goal_reached",
        "seconds": 42,
        "ended_at": timezone.now(),
        "number": "+15195550110",
        "brief": {"kind": "inform", "callee_name": "Brock Road School", "goal": "Tell them that Mara is sick.", "facts": []},
        "usage": usage,
        "cost": {"currency": "USD", "model": 20_000, "voice": None},
    }
    call = Call.objects.create(request=wish, user=user, attempt=1, **(defaults | fields))
    call.refresh_from_db()
    call.lines.create(seq=1, speaker="callee", text=GREETING, start_ms=500, end_ms=2000)
    for place, wait in enumerate(waits):
        seq, start_ms = 2 + 2 * place, 3000 + 6000 * place
        call.lines.create(
            seq=seq, speaker="floyd", text="Hello, this is Floyd.", intended="Hello, this is Floyd.", start_ms=start_ms, end_ms=start_ms + 2000
        )
        call.lines.create(seq=seq + 1, speaker="callee", text="All right.", start_ms=start_ms + 3000, end_ms=start_ms + 4000)
        Turn.objects.create(call=call, seq=seq, whole_ms=wait, end_of_turn_ms=wait // 2, model_first_token_ms=wait - wait // 2)
    return call


def in_queue(user: User, *, waits: tuple[int, ...] = (800,), review: dict[str, Any] | None = None, **fields: Any) -> Review:
    """Such a call's row in the queue, with what staff said of it."""
    made = sum_up(ended_call(user, waits=waits, **fields).pk)
    assert made is not None
    for name, value in (review or {}).items():
        setattr(made, name, value)
    made.save()
    return made
