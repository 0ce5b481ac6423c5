"""Where Floyd doesn't know, it says so and offers to call; one tap makes that a request of its own."""

import pytest

from requests_app import planning, services
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.models import Channel, Request
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import no_call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
OFFER = "Call Dr. Patel and ask when my next appointment is."


@pytest.fixture
def unknown(tom, thinker) -> Request:
    tom.calendar_entries.all().delete()
    thinker.scripts = [no_call("answer", answer="I see no appointment in your calendar.", sources=["calendar"], follow_up=OFFER)]
    request = make_request(tom, ask="When's my next dentist appointment?")
    planning.pick_up(request_id=request.pk)
    return Request.objects.get(pk=request.pk)


def test_the_answer_says_where_floyd_looked_and_offers_the_call(unknown):
    assert unknown.status == Status.DONE
    assert unknown.outcome == {
        "answer": "I see no appointment in your calendar.",
        "sources": [{"id": "calendar", "label": "your calendar"}],
        "follow_up": OFFER,
    }


def test_taking_it_makes_one_linked_request_however_often(unknown, tom, hints):
    made = services.take_offer(request_id=unknown.pk, user=tom, channel=Channel.WEB)
    assert (made.ask, made.parent, made.status) == (OFFER, unknown, Status.PENDING)
    assert services.take_offer(request_id=unknown.pk, user=tom, channel=Channel.WEB) == made
    assert Request.objects.count() == 2 and hints.ids("requests.pick_up") == [str(made.pk)]


def test_nothing_offered_nothing_taken(tom, alice, unknown):
    with pytest.raises(NotPossibleNow):
        services.take_offer(request_id=make_request(tom).pk, user=tom, channel=Channel.WEB)
    with pytest.raises(NotFound):
        services.take_offer(request_id=unknown.pk, user=alice, channel=Channel.WEB)
