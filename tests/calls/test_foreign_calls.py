"""A call, a line of its transcript and a turn that somebody changes with psql appear on the pages that show them."""

from __future__ import annotations

import pytest

from calls.models import Call, Direction, TranscriptLine, Turn
from live.models import Change
from tests.calls.conftest import ready_to_call
from tests.requests_app.test_foreign import connect, listener, notices  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(tom) -> Call:
    """A call that is over, with a line and a turn."""
    request = ready_to_call(tom)
    made = Call.objects.create(request=request, user=tom, attempt=1, number="+15195550110", status="completed", brief={})
    TranscriptLine.objects.create(call=made, seq=1, speaker="callee", text="Good mourning", start_ms=0, end_ms=900)
    Turn.objects.create(call=made, seq=1, whole_ms=700)
    return made


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("update calls_call set end_reason = 'wrong_number'", "call"),
        ("update calls_transcriptline set text = 'Good morning'", "line"),
        ("update calls_turn set whole_ms = 900", "turn"),
    ],
)
def test_psql_reaches_the_pages_of_a_call_and_of_its_request(call, listener, statement, kind):  # noqa: F811
    with connect("psql") as other:
        other.execute(statement)
    [payload] = notices(listener)
    topics = {f"call.{call.pk}", f"request.{call.request_id}"}
    assert (payload["kind"], payload["op"], set(payload["topics"])) == (kind, "update", topics)
    assert set(Change.objects.filter(kind=kind, ref=payload["ref"]).values_list("topic", flat=True)) == topics


def test_a_call_that_came_in_has_no_request_to_tell(listener):  # noqa: F811
    Call.objects.create(direction=Direction.INBOUND, number="+15195550110", status="completed", brief={})
    with connect("psql") as other:
        other.execute("update calls_call set seconds = 7")
    [payload] = notices(listener)
    assert list(payload["topics"]) == [f"call.{payload['ref']}"]
