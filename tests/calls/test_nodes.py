"""A call is placed for a media node that lives and has room, or a little later; never for one that stops, is full or is dead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls import dialling, nodes
from calls.models import Call, MediaNode
from calls.status import CallStatus
from calls.telephony import twiml
from requests_app.models import Event
from requests_app.status import Status
from tests.calls.conftest import SCHOOL, call_at, ready_to_call, the_call
from tests.cast import make_request

pytestmark = pytest.mark.django_db

ONE, TWO = "wss://one.floyd.example", "wss://two.floyd.example"
MINUTE = timedelta(minutes=1)


def node(name=ONE, *, calls=0, most=10, ready=True, silent=timedelta(0)):
    return MediaNode.objects.create(name=name, heartbeat_at=timezone.now() - silent, calls=calls, most_calls=most, ready=ready)


def coming(user, count, name=ONE, **fields):
    """Calls on their way to a node."""
    for number in range(count):
        request = make_request(user, status=Status.CALLING, attempt=1)
        values = {"status": CallStatus.RINGING, "node": name, "brief": {}} | fields
        Call.objects.create(request=request, user=user, attempt=1, number=f"+1519555020{number}", **values)


def test_the_node_with_the_most_room_gets_it(tom):
    node(ONE, calls=7)
    node(TWO, calls=3)
    assert nodes.with_room() == TWO


def test_calls_that_still_ring_take_room(tom):
    node(ONE, calls=2)
    node(TWO, calls=4)
    coming(tom, 3)
    assert nodes.with_room() == TWO


def test_a_lost_call_takes_no_room_for_ever(tom):
    node(ONE, most=1)
    coming(tom, 1)
    assert nodes.with_room() is None
    Call.objects.update(created_at=timezone.now() - 2 * MINUTE)
    assert nodes.with_room() == ONE


def test_a_stream_that_just_came_counts_before_the_node_says_so(tom):
    node(ONE, most=1)
    coming(tom, 1, token_used_at=timezone.now(), status=CallStatus.IN_PROGRESS)
    assert nodes.with_room() is None


@pytest.mark.parametrize("trouble", [{"ready": False}, {"silent": MINUTE}, {"calls": 10}], ids=["stopping", "dead", "full"])
def test_not_one_that_cannot_take_it(tom, carrier, trouble):
    node(ONE, **trouble)
    assert nodes.with_room() is None
    node(TWO)
    request = ready_to_call(tom)
    dialling.place(request.pk)
    assert the_call(request).node == TWO


def test_without_any_the_call_is_made_a_little_later_and_the_user_knows(tom, carrier):
    full = node(ONE, most=1, calls=1)
    request = ready_to_call(tom)
    dialling.place(request.pk)
    request.refresh_from_db()
    assert (request.status, request.attempt, carrier.orders[SCHOOL]) == (Status.SCHEDULED, 0, 0)
    assert request.not_before - timezone.now() < MINUTE
    assert Event.objects.filter(request=request, text=dialling.ALL_BUSY).count() == 1
    type(request).objects.update(not_before=timezone.now() - MINUTE)
    dialling.place(request.pk)  # still full: no second line about it
    assert Event.objects.filter(request=request, text=dialling.ALL_BUSY).count() == 1
    MediaNode.objects.filter(pk=full.pk).update(calls=0)
    type(request).objects.update(not_before=timezone.now() - MINUTE)
    dialling.place(request.pk)
    assert the_call(request).node == ONE


def test_the_last_place_is_given_once(tom, carrier):
    node(ONE, most=1)
    first, second = ready_to_call(tom), ready_to_call(tom, number="+15195550111", ask="Another thing")
    dialling.place(first.pk)
    dialling.place(second.pk)
    second.refresh_from_db()
    assert the_call(first).node == ONE
    assert second.status == Status.SCHEDULED


def test_where_no_node_was_ever_heard_of_the_configured_one_is_taken(tom, settings):
    assert nodes.with_room() == settings.MEDIA_NODE


class TestAnswered:
    """The callee has picked up: where does the stream go?"""

    def test_to_its_node_also_when_that_is_about_to_stop(self, tom):
        node(ONE, ready=False)
        node(TWO)
        call = call_at(tom, CallStatus.RINGING, node=ONE)
        assert f"{ONE}/media" in twiml.connect(call)

    def test_to_another_when_it_has_died(self, tom):
        node(ONE, silent=MINUTE)
        node(TWO)
        call = call_at(tom, CallStatus.RINGING, node=ONE)
        assert f"{TWO}/media" in twiml.connect(call)
        call.refresh_from_db()
        assert call.node == TWO
