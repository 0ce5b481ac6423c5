"""How requests move."""

import pytest

from requests_app import services
from requests_app.errors import NotATransition, NotFound, NotPossibleNow
from requests_app.models import Event, Message, QuestionStatus, Request
from requests_app.status import ENDED, TRANSITIONS, Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
EVERY_CHANGE = [(before, after) for before in Status for after in Status]


@pytest.mark.parametrize(("before", "after"), EVERY_CHANGE, ids=lambda status: status.value)
def test_only_listed_changes_of_status_happen(tom, before, after):
    request = make_request(tom, status=before)
    if after not in TRANSITIONS[before]:
        with pytest.raises(NotATransition):
            services.transition(request_id=request.pk, before=before, after=after)
        assert Request.objects.get().status == before
        return
    assert services.transition(request_id=request.pk, before=before, after=after)
    request.refresh_from_db()
    assert request.status == after
    assert (request.ended_at is not None) == (after in ENDED)
    event = Event.objects.get()
    assert (event.seq, event.data) == (1, {"from": before.value, "to": after.value})
    assert event.text.lower() == TRANSITIONS[before][after].lower() + "."


def test_a_request_that_moved_on_is_left_alone(tom):
    request = make_request(tom, status=Status.CALLING)
    assert not services.transition(request_id=request.pk, before=Status.PENDING, after=Status.PLANNING)
    assert not Event.objects.exists()


def test_events_are_numbered_without_gaps(tom):
    request = make_request(tom)
    for number in range(5):
        services.record_event(request_id=request.pk, kind="note", text=str(number))
    assert list(Event.objects.values_list("seq", "text")) == [(n + 1, str(n)) for n in range(5)]


def test_one_of_several_statuses_before(tom):
    request = make_request(tom, status=Status.SCHEDULED)
    assert services.transition(request_id=request.pk, before=(Status.FINDING_NUMBER, Status.SCHEDULED), after=Status.CALLING, attempt=1)
    assert Event.objects.get().data["from"] == "scheduled"


def test_someone_who_lost_the_lease_changes_nothing(tom):
    request = make_request(tom)
    services.transition(request_id=request.pk, before=Status.PENDING, after=Status.PLANNING)
    stale = request.created_at
    assert not services.transition(request_id=request.pk, before=Status.PLANNING, after=Status.DONE, lease=stale)


def test_the_end_closes_open_questions(tom):
    request = make_request(tom, status=Status.WRAPPING_UP)
    question = services.ask_question(request=request, kind="money", text="How much?", step="call")
    services.conclude(request_id=request.pk, outcome={"summary": "The school was told."}, achieved="yes")
    question.refresh_from_db()
    assert question.status == QuestionStatus.CLOSED


@pytest.mark.parametrize(("achieved", "status"), [("yes", "done"), ("partly", "done"), ("no", "failed")])
def test_the_outcome_ends_the_request_and_is_texted_once(tom, hints, achieved, status):
    request = make_request(tom, status=Status.WRAPPING_UP)
    outcome = {"summary": "The school was told that Mara is sick."}
    assert services.conclude(request_id=request.pk, outcome=outcome, achieved=achieved)
    assert not services.conclude(request_id=request.pk, outcome=outcome, achieved=achieved)
    request.refresh_from_db()
    assert (request.status, request.outcome) == (status, outcome)
    assert Message.objects.get().body == outcome["summary"]
    assert hints.ids("calls.send_message") == [str(Message.objects.get().pk)]


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_trying_again_starts_from_what_is_known_now(tom, hints, status):
    request = make_request(tom, status=status, snapshot={"facts": []}, trouble="The planner broke.", tries=3, number="+15195550110")
    services.retry_request(request_id=request.pk, user=tom)
    request.refresh_from_db()
    assert (request.status, request.snapshot, request.trouble, request.tries, request.number) == ("pending", None, "", 0, "")
    assert hints.ids("requests.pick_up") == [str(request.pk)]


def test_what_is_done_cannot_be_tried_again(tom):
    with pytest.raises(NotPossibleNow):
        services.retry_request(request_id=make_request(tom, status=Status.DONE).pk, user=tom)


@pytest.mark.parametrize("act", [services.retry_request, services.stop_request])
def test_nobody_acts_on_the_request_of_somebody_else(tom, alice, act):
    for status in (Status.FAILED, Status.PENDING):
        request = make_request(tom, status=status)
        with pytest.raises(NotFound):
            act(request_id=request.pk, user=alice)
        request.refresh_from_db()
        assert request.status == status


@pytest.mark.parametrize("status", [status for status in Status if status not in ENDED])
def test_whatever_is_under_way_can_be_stopped(tom, hints, status):
    request = make_request(tom, status=status)
    assert services.stop_request(request_id=request.pk, user=tom).status == Status.CANCELLED
    assert hints.ids("calls.stop") == [str(request.pk)]
