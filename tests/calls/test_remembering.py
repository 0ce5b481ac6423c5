"""A business that Floyd found and that could do it is a contact from then on; one that could not is none."""

import pytest

from calls import wrap_up
from context.models import Source
from requests_app.candidates import Candidate, Candidates, State, write
from requests_app.models import Request
from requests_app.outcome import Achieved
from tests.calls.test_concluding import booked, call_of
from tests.calls.test_wrap_up import thinker  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

HOURS = {"mon": ["08:00", "17:00"]}


@pytest.fixture
def found(tom):
    """A call to a plumber out of the directory, over and not summed up yet."""
    call = call_of(tom)
    plumber = Candidate(name="Royal City Plumbing", number=call.number, state=State.CURRENT, kind="plumber", hours=HOURS, address="3 Cork Street")
    Request.objects.filter(pk=call.request_id).update(contact=None, candidates=write(Candidates(wanted="plumber", found=[plumber])))
    tom.contacts.filter(phone=call.number).delete()
    return call


def test_it_is_a_contact_with_what_was_listed_once(tom, found, thinker):  # noqa: F811
    thinker.result = booked()
    for _ in range(2):
        wrap_up.wrap_up(found.pk)
    contact = tom.contacts.get(phone=found.number)
    assert (contact.name, contact.address, contact.hours, contact.source) == ("Royal City Plumbing", "3 Cork Street", HOURS, Source.CALL)
    assert Request.objects.get(pk=found.request_id).contact == contact
    assert found.made_for.events.filter(text="Floyd remembers Royal City Plumbing among your contacts.").count() == 1


def test_who_is_known_by_that_number_is_taken_as_they_are(tom, found, thinker):  # noqa: F811
    thinker.result = booked()
    known = tom.contacts.create(name="The plumber", phone=found.number)
    wrap_up.wrap_up(found.pk)
    assert tom.contacts.get(phone=found.number) == known
    assert Request.objects.get(pk=found.request_id).contact == known


def test_who_could_not_do_it_is_none(tom, found, thinker):  # noqa: F811
    thinker.result = booked(achieved=Achieved.NO, items=[])
    wrap_up.wrap_up(found.pk)
    assert not tom.contacts.filter(phone=found.number).exists()
