"""Callbacks come late, doubled and in any order; the call ends up the same."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from calls import services
from calls.models import Call
from calls.reports import Report, raised
from calls.status import ENDS, RANK, CallStatus
from requests_app.status import Status
from tests.calls.conftest import call_at, callback, status_form

C = CallStatus
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SID = "CA" + "1" * 32


def report(status: CallStatus, seq: int, **more) -> Report:
    return Report(status=status, seq=seq, at=NOON + timedelta(seconds=seq), **more)


#: Whole lives as the carrier tells them: callbacks, the fetch of the voice document, the reply to the order.
REPLY, VOICE = Report(C.PLACED), Report(C.IN_PROGRESS, seq=0, answered_by="human")
LIVES = {
    "answered": [REPLY, report(C.PLACED, 0), report(C.RINGING, 1), VOICE, report(C.IN_PROGRESS, 2), report(C.COMPLETED, 3, seconds=49)],
    "busy": [REPLY, report(C.PLACED, 0), report(C.RINGING, 1), report(C.BUSY, 2)],
    "no answer": [REPLY, report(C.PLACED, 0), report(C.RINGING, 1), report(C.NO_ANSWER, 2)],
    "failed": [REPLY, report(C.PLACED, 0), report(C.FAILED, 1, error="carrier: sip:404")],
    "two ends": [REPLY, report(C.RINGING, 1), report(C.BUSY, 2, error="odd"), report(C.COMPLETED, 3, seconds=5)],
    "still ringing": [REPLY, report(C.PLACED, 0), report(C.RINGING, 1)],
}
SHOWN = ("status", "status_seq", "started_at", "ended_at", "seconds", "error", "answered_by")


def end_of(order: list[Report], start: CallStatus = C.SENDING) -> dict[str, object]:
    """Takes reports in, in that order; checks on the way that the status only rises."""
    call = Call(status=start)
    for one in order:
        before = CallStatus(call.status)
        for name, value in raised(call, one).items():
            setattr(call, name, value)
        after = CallStatus(call.status)
        assert RANK[after] >= RANK[before]
        assert before not in ENDS or after in ENDS
    return {name: getattr(call, name) for name in SHOWN}


@pytest.mark.parametrize("start", [C.NEW, C.SENDING, C.UNKNOWN])
@pytest.mark.parametrize("name", LIVES)
def test_every_order_with_any_repeats_ends_alike(name, start):
    life, chance = LIVES[name], random.Random(f"{name} {start}")
    expected = end_of(life, start)
    for _ in range(150):  # × 6 lives × 3 starts = 2 700 orders
        order = [*life, *chance.choices(life, k=chance.randint(0, 4))]
        chance.shuffle(order)
        assert end_of(order, start) == expected, order


def test_what_was_lost_on_the_way_does_not_matter_once_the_end_is_known():
    whole = end_of(LIVES["answered"])
    assert end_of([LIVES["answered"][-1]])["status"] == whole["status"]
    assert end_of([LIVES["answered"][-1]])["seconds"] == whole["seconds"]


def test_a_look_at_the_carrier_never_lowers_what_a_callback_said():
    stale = Report(C.RINGING, at=NOON)
    assert end_of([*LIVES["answered"], stale]) == end_of(LIVES["answered"])


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_through_the_webhooks_and_the_database_too(tom, seed):
    call = call_at(tom, C.SENDING)
    posts = [("status", status, seq) for seq, status in enumerate(["initiated", "ringing", "in-progress", "completed"])] + [
        ("voice", "in-progress", 2)
    ]
    order = posts + random.Random(seed).choices(posts, k=4)
    random.Random(seed).shuffle(order)
    for kind, status, seq in order:
        assert callback(f"/twilio/{kind}/{call.pk}", status_form(SID, status, seq, CallDuration="49")).status_code in {200, 204}
    services.take_report(call_id=call.pk, sid=SID, report=Report(C.PLACED))
    call.refresh_from_db()
    assert (call.status, call.status_seq, call.seconds, call.carrier_sid) == (C.COMPLETED, 3, 49, SID)
    assert call.started_at
    assert call.ended_at
    assert (call.started_at.second, call.ended_at.second) == (2, 3)
    texts = list(call.made_for.events.values_list("text", flat=True))
    assert texts == [text for text in ("Ringing", "Answered", "The call ended") if text in texts]
    assert texts.count("The call ended") == 1
    call.made_for.refresh_from_db()
    assert call.made_for.status == Status.CALLING
