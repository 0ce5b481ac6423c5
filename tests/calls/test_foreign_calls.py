"""A call, a line of its transcript and a turn that somebody changes or deletes with psql appear on, or vanish from, the pages that show them."""

from __future__ import annotations

import pytest

from calls.models import Call, Direction, TranscriptLine, Turn
from live.foreign import MOST_GONE
from live.fragments import RELOAD, render
from live.models import Change, Topic
from live.rows import watch
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


def topics_of(call: Call) -> list[str]:
    return [f"call.{call.pk}", f"request.{call.request_id}"]


@pytest.mark.parametrize(
    ("kind", "model", "place"),
    [
        ("line", TranscriptLine, """hx-target="[data-line='{ref}']" hx-swap="delete\""""),
        ("turn", Turn, """id="turn-{ref}" hx-swap-oob="delete\""""),
        ("call", Call, """id="call-{ref}" hx-swap-oob="delete\""""),
    ],
)
def test_what_psql_deletes_vanishes_from_the_pages_of_a_call_and_of_its_request(call, listener, kind, model, place):  # noqa: F811
    ref = str(model.objects.get().pk)
    if model is Call:
        TranscriptLine.objects.all().delete()
        Turn.objects.all().delete()
    watch(topics_of(call))
    with connect("psql") as other:
        other.execute(f"delete from {model._meta.db_table} where id = %s", [ref])
    told = {topic: seq for payload in notices(listener) for topic, seq in payload["topics"].items()}
    assert told == {topic: Topic.objects.get(name=topic).head for topic in topics_of(call)}
    assert set(Change.objects.filter(kind=kind, ref=ref).values_list("topic", flat=True)) == set(topics_of(call))
    assert place.format(ref=ref) in render((kind, ref))


def test_deletions_that_nobody_watches_are_kept_for_pages_that_come_back_and_told_to_nobody(call, listener):  # noqa: F811
    with connect("psql") as other:
        other.execute("delete from calls_transcriptline")
    assert notices(listener) == []
    assert set(Change.objects.filter(kind="line").values_list("topic", flat=True)) == set(topics_of(call))


def test_a_transcript_deleted_at_once_has_its_pages_start_anew(call, listener):  # noqa: F811
    lines = [TranscriptLine(call=call, seq=2 + n, speaker="callee", text="Hm", start_ms=0, end_ms=9) for n in range(MOST_GONE)]
    TranscriptLine.objects.bulk_create(lines)
    watch(topics_of(call))
    with connect("psql") as other:
        other.execute("delete from calls_transcriptline")
    assert len(notices(listener)) == 2
    assert set(Change.objects.filter(topic__in=topics_of(call)).values_list("kind", "ref")) == {RELOAD}


def test_what_we_delete_ourselves_does_not_go_through_the_trigger(call, listener):  # noqa: F811
    watch(topics_of(call))
    with connect("floyd-worker") as ours:
        ours.execute("delete from calls_transcriptline")
    TranscriptLine.objects.all().delete()
    Turn.objects.all().delete()
    assert notices(listener) == []
    assert not Change.objects.filter(topic__in=topics_of(call)).exists()
