"""Nothing gets stuck: what a crash or a lost hint left behind is found, and nothing spins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live.models import Change
from requests_app import planning, services
from requests_app.models import Question, QuestionStatus, Request
from requests_app.status import Status
from requests_app.sweep import LIVE_CHANGES_KEPT, prune_live_changes, sweep
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
PAST = timedelta(seconds=-1)
AHEAD = timedelta(minutes=5)


def at(distance: timedelta | None):
    return None if distance is None else timezone.now() + distance


@pytest.mark.parametrize(
    ("status", "not_before", "lease", "task"),
    [
        (Status.PENDING, None, None, "requests.pick_up"),
        (Status.PENDING, PAST, PAST, "requests.pick_up"),
        (Status.PENDING, AHEAD, None, None),
        (Status.PENDING, None, AHEAD, None),
        (Status.PLANNING, None, None, "requests.pick_up"),
        (Status.PLANNING, None, AHEAD, None),
        (Status.FINDING_NUMBER, None, None, "requests.find_number"),
        (Status.FINDING_NUMBER, None, AHEAD, None),
        (Status.SCHEDULED, PAST, None, "requests.find_number"),
        (Status.SCHEDULED, AHEAD, None, None),
        (Status.WAITING_FOR_USER, None, None, None),
        (Status.CALLING, None, PAST, None),
        (Status.WRAPPING_UP, None, PAST, None),
        (Status.DONE, None, None, None),
        (Status.FAILED, PAST, PAST, None),
        (Status.CANCELLED, None, None, None),
    ],
)
def test_what_is_due_is_hinted_again_and_nothing_else(tom, hints, status, not_before, lease, task):
    request = make_request(tom, status=status, not_before=at(not_before), lease_until=at(lease))
    sweep()
    assert hints.sent == ([(task, (str(request.pk),))] if task else [])
    sweep()
    assert len(hints.sent) <= 1, "pushed out for a while"


def test_what_was_put_off_before_its_number_was_known_looks_for_it_in_time(tom, hints):
    request = make_request(tom, status=Status.SCHEDULED, not_before=at(PAST))
    dialled = make_request(tom, status=Status.SCHEDULED, not_before=at(PAST), number="+15195550110")
    sweep()
    request.refresh_from_db()
    dialled.refresh_from_db()
    assert (request.status, dialled.status) == (Status.FINDING_NUMBER, Status.SCHEDULED)
    assert hints.ids("requests.find_number") == [str(request.pk)]


def test_a_row_inserted_by_hand_is_found_and_can_be_planned(tom, hints, thinker):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("insert into requests_app_request (user_id, ask) values (%s, 'Call the school')", [tom.pk])
    sweep()
    request = Request.objects.get()
    assert hints.ids("requests.pick_up") == [str(request.pk)] and request.channel == "row"
    planning.pick_up(request_id=request.pk)
    request.refresh_from_db()
    assert request.plan is not None


def test_a_resumed_request_that_was_hinted_can_still_be_claimed(tom, thinker, hints):
    request = make_request(tom, status=Status.PLANNING)
    sweep()
    planning.pick_up(request_id=hints.ids("requests.pick_up")[0])
    request.refresh_from_db()
    assert request.plan is not None


def test_what_a_killed_planner_left_starts_again_at_once(tom, hints):
    request = make_request(tom, status=Status.PLANNING, lease_until=at(PAST))
    sweep()
    request.refresh_from_db()
    assert (request.status, request.tries, request.not_before) == (Status.PENDING, 1, None)
    assert hints.ids("requests.pick_up") == [str(request.pk)]


def test_a_request_that_kills_its_planner_ends(tom):
    request = make_request(tom, status=Status.PLANNING, lease_until=at(PAST), tries=planning.MOST_DEATHS - 1)
    sweep()
    request.refresh_from_db()
    assert (request.status, request.trouble) == (Status.FAILED, planning.UNREACHABLE)


def test_an_answer_that_came_just_before_the_waiting_is_followed_up_once(tom, hints):
    request = make_request(tom, status=Status.CALLING)
    question = services.ask_question(request=request, kind="money", text="How much?", step="call")
    services.answer_question(question_id=question.pk, text="$80", by="sms")
    Request.objects.update(status=Status.WAITING_FOR_USER, updated_at=timezone.now() - timedelta(seconds=6))
    sweep()
    request.refresh_from_db()
    assert request.status == Status.FINDING_NUMBER
    assert hints.ids("requests.find_number") == [str(request.pk)]


@pytest.mark.parametrize("status", [QuestionStatus.OPEN, QuestionStatus.CONFIRMING])
def test_who_still_waits_for_the_user_waits(tom, status):
    request = make_request(tom, status=Status.WAITING_FOR_USER, updated_at=at(timedelta(minutes=-5)))
    Question.objects.create(request=request, text="And?", step="call", status=QuestionStatus.ANSWERED)
    Question.objects.create(request=request, text="How much?", step="call", status=status)
    sweep()
    request.refresh_from_db()
    assert request.status == Status.WAITING_FOR_USER


def test_old_live_changes_are_forgotten(tom):
    services.create_request(user=tom, ask="Call the school", channel="web")
    kept = Change.objects.create(topic="x", seq=1, kind="request", ref="1")
    Change.objects.exclude(pk=kept.pk).update(created_at=timezone.now() - LIVE_CHANGES_KEPT - timedelta(hours=1))
    assert prune_live_changes() > 0
    assert list(Change.objects.all()) == [kept]
