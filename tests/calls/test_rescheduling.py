"""A request that waits can be called at once or put off, and comes when it should, though workers restart and clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from calls import dialling, selectors, wrap_up
from calls.status import CallStatus
from context.models import Contact
from requests_app import services
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.models import Request
from requests_app.status import Status
from tests.calls.conftest import SCHOOL, ready_to_call
from tests.calls.test_wrap_up import ended, request_of
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def waiting(user, **fields) -> Request:
    due = fields.pop("not_before", timezone.now() + timedelta(minutes=20))
    return ready_to_call(user, **{"status": Status.SCHEDULED, "not_before": due, **fields})


def last_event(request: Request) -> str:
    return str(request.events.latest("seq").text)


def test_call_now_calls_at_once(tom, hints):
    request = services.call_now(request_id=waiting(tom).pk, user=tom)
    assert (request.status, request.not_before) == (Status.FINDING_NUMBER, None)
    assert hints.ids("requests.find_number") == [str(request.pk)]
    assert last_event(request) == "You asked Floyd to go on at once."


NIGHT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Monday 23:00 in Guelph
EVENING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # Monday 18:00


def closed_at_noon(request: Request) -> Request:
    Contact.objects.filter(pk=request.contact_id).update(hours={"mon": ["09:00", "12:00"], "tue": ["09:00", "12:00"]})
    return request


@pytest.mark.parametrize("though_closed", [True, False])
def test_call_now_is_no_way_round_the_calling_hours(tom, settings, though_closed):
    settings.CALLING_HOURS = (8, 21)
    with time_machine.travel(NIGHT, tick=False):
        request = closed_at_noon(waiting(tom))
        with pytest.raises(NotPossibleNow, match="It is Monday 11:00 pm there, and Floyd calls nobody before 8:00 am or after 9:00 pm"):
            services.call_now(request_id=request.pk, user=tom, though_closed=though_closed)
    request.refresh_from_db()
    assert request.status == Status.SCHEDULED and not request.events.exists()


def test_call_now_says_that_they_are_listed_as_closed_and_calls_if_the_user_knows_better(tom, carrier, settings, hints):
    settings.CALLING_HOURS = (8, 21)
    request = closed_at_noon(waiting(tom))
    with time_machine.travel(EVENING, tick=False):
        with pytest.raises(NotPossibleNow, match="listed as closed now, and open again on Tuesday at 9:00 am, their time"):
            services.call_now(request_id=request.pk, user=tom)
        services.call_now(request_id=request.pk, user=tom, though_closed=True)
        assert next(event.text for event in request.events.order_by("seq")) == "You want them called now, though they are listed as closed."
        request.events.update(created_at=EVENING)  # the database's clock does not travel
        dialling.place(request.pk)
    assert [call.number for call in request.calls.all()] == [SCHOOL]


@pytest.mark.parametrize(("minutes", "number"), [(61, SCHOOL), (1, "+15195550117")])
def test_the_users_word_holds_for_an_hour_and_for_that_number_only(tom, minutes, number):
    request = closed_at_noon(waiting(tom))
    with time_machine.travel(EVENING, tick=False):
        services.call_now(request_id=request.pk, user=tom, though_closed=True)
    request.events.update(created_at=EVENING)
    Request.objects.filter(pk=request.pk).update(number=number)
    with time_machine.travel(EVENING + timedelta(minutes=minutes), tick=False):
        dialling.place(request.pk)
    request.refresh_from_db()
    assert request.status == Status.SCHEDULED and not request.calls.exists()


@pytest.mark.parametrize(("moment", "shown", "button"), [(EVENING, "listed as closed now", "Call anyway"), (NIGHT, "calls nobody before", None)])
def test_the_page_says_what_is_in_the_way_and_offers_what_may_be_done(client, tom, settings, moment, shown, button):
    settings.CALLING_HOURS = (8, 21)
    request = closed_at_noon(waiting(tom))
    client.force_login(tom)
    with time_machine.travel(moment, tick=False):
        html = client.get(f"/requests/{request.pk}/actions/").content.decode()
        assert shown in html and "Call now" not in html and ("Call anyway" in html) == (button is not None)
        client.post(f"/requests/{request.pk}/call-now/", {"though_closed": "1"})
    request.refresh_from_db()
    assert (request.status == Status.FINDING_NUMBER) == (button is not None)


def test_not_today_is_the_same_time_tomorrow(tom):
    with time_machine.travel(datetime(2026, 11, 24, 18, 0, tzinfo=UTC), tick=False):
        request = services.not_today(request_id=waiting(tom).pk, user=tom)
        assert request.not_before == datetime(2026, 11, 25, 18, 20, tzinfo=UTC)
        assert last_event(request) == "You said not today. Next try tomorrow at 1:20 pm."
        with pytest.raises(NotPossibleNow, match="isn't planned for today"):
            services.not_today(request_id=request.pk, user=tom)


def test_not_today_waits_for_the_next_opening(tom):
    request = waiting(tom, not_before=datetime(2026, 11, 27, 19, 0, tzinfo=UTC))
    Contact.objects.filter(pk=request.contact_id).update(hours={"mon": ["09:00", "12:00"]})
    with time_machine.travel(datetime(2026, 11, 27, 18, 0, tzinfo=UTC), tick=False):  # a Friday
        assert services.not_today(request_id=request.pk, user=tom).not_before == datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due", "hours_between"),
    [("2026-10-31T18:00:00+00:00", "2026-11-01T19:20:00+00:00", 25), ("2027-03-13T18:00:00+00:00", "2027-03-14T17:20:00+00:00", 23)],
)
def test_not_today_is_the_same_time_on_the_clocks_though_they_change(tom, now, due, hours_between):
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        request = waiting(tom)
        before = request.not_before
        moved = services.not_today(request_id=request.pk, user=tom)
    assert moved.not_before == datetime.fromisoformat(due)
    assert moved.not_before - before == timedelta(hours=hours_between)


def test_a_request_that_starts_later_starts_at_once(tom, hints):
    later = make_request(tom, not_before=timezone.now() + timedelta(days=2))
    started = services.call_now(request_id=later.pk, user=tom)
    assert (started.status, started.not_before) == (Status.PENDING, None)
    assert hints.ids("requests.pick_up") == [str(later.pk)]


@pytest.mark.parametrize("status", [Status.PENDING, Status.CALLING, Status.DONE, Status.WAITING_FOR_USER])
def test_what_does_not_wait_for_a_time_is_left_alone(tom, status):
    request = make_request(tom, status=status)
    for act in (services.call_now, services.not_today):
        with pytest.raises(NotPossibleNow):
            act(request_id=request.pk, user=tom)


def test_nobody_elses_request_is_touched(tom, alice):
    for act in (services.call_now, services.not_today):
        with pytest.raises(NotFound):
            act(request_id=waiting(tom).pk, user=alice)


def test_two_who_want_it_at_once_start_it_once(tom, hints):
    request = waiting(tom)
    services.call_now(request_id=request.pk, user=tom)
    with pytest.raises(NotPossibleNow):
        services.call_now(request_id=request.pk, user=tom)
    assert len(hints.ids("requests.find_number")) == 1


#: Scheduled in the evening before the clocks change, for when they open on the day after: eight o'clock by their clocks on either side.
CHANGES = {
    "back": (datetime(2027, 11, 6, 22, 0, tzinfo=UTC), datetime(2027, 11, 7, 13, 0, tzinfo=UTC)),
    "forward": (datetime(2027, 3, 13, 23, 0, tzinfo=UTC), datetime(2027, 3, 14, 12, 0, tzinfo=UTC)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_clocks_between_scheduling_and_calling(tom, carrier, settings, name):
    """What is scheduled is found by the database's clock, by whoever runs then: nothing of it is in a process."""
    settings.CALLING_HOURS = (8, 21)
    scheduled, opens = CHANGES[name]
    with time_machine.travel(scheduled, tick=False):
        request = ready_to_call(tom)
        Contact.objects.filter(pk=request.contact_id).update(hours={"sun": ["08:00", "12:00"]})
        dialling.place(request.pk)
        request.refresh_from_db()
    assert (request.status, request.not_before) == (Status.SCHEDULED, opens)
    assert request.pk not in selectors.requests_to_place(), "the database's own clock stands before it"
    Request.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert request.pk in selectors.requests_to_place(), "whoever sweeps after a restart finds it"
    with time_machine.travel(opens - timedelta(minutes=1), tick=False):
        dialling.place(request.pk)
        assert not request.calls.exists(), "an hour by the old clocks would have been too early"
    Request.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    with time_machine.travel(opens, tick=False):
        dialling.place(request.pk)
    assert [call.number for call in request.calls.all()] == [SCHOOL]


def planned_anew(request: Request, number: str = SCHOOL) -> Request:
    """As when the ask was changed, planned anew, and a number found for it."""
    plan = request.plan
    services.edit_ask(request_id=request.pk, user=request.user, ask="Call the school, Mara is sick and comes back on Monday")
    Request.objects.filter(pk=request.pk).update(status=Status.FINDING_NUMBER, plan=plan, number=number)
    dialling.place(request.pk)
    request.refresh_from_db()
    return request


@pytest.fixture
def at_noon(settings):
    """A Tuesday, in calling hours."""
    settings.CALLING_HOURS = (8, 21)
    with time_machine.travel(datetime(2026, 11, 24, 17, 0, tzinfo=UTC), tick=False):
        yield timezone.now()


def test_other_words_do_not_shorten_the_pause_after_a_busy_line(tom, at_noon, carrier):
    call = ended(tom, status=CallStatus.BUSY)
    wrap_up.wrap_up(call.pk)
    request = planned_anew(request_of(call))
    assert (request.status, request.not_before) == (Status.SCHEDULED, at_noon + timedelta(minutes=3))
    assert last_event(request) == "The call stays put off. Next try at 12:03 pm."
    Request.objects.filter(pk=request.pk).update(not_before=None)  # the database's clock does not travel
    with time_machine.travel(at_noon + timedelta(minutes=3, seconds=1), tick=False):
        dialling.place(request.pk)
    assert request.calls.count() == 2


def test_another_number_is_called_at_once(tom, at_noon, carrier):
    call = ended(tom, status=CallStatus.BUSY)
    wrap_up.wrap_up(call.pk)
    request = planned_anew(request_of(call), number="+15195550117")
    assert [one.number for one in request.calls.order_by("attempt")] == [SCHOOL, "+15195550117"]


def test_not_today_outlasts_other_words_and_another_number(tom, at_noon, carrier):
    request = services.not_today(request_id=waiting(tom).pk, user=tom)
    request = planned_anew(request, number="+15195550117")
    assert (request.status, request.not_before) == (Status.SCHEDULED, at_noon + timedelta(days=1, minutes=20))


def test_call_now_ends_the_pause_also_for_other_words(tom, at_noon, carrier):
    call = ended(tom, status=CallStatus.BUSY)
    wrap_up.wrap_up(call.pk)
    services.call_now(request_id=request_of(call).pk, user=tom)
    assert planned_anew(request_of(call)).status == Status.CALLING


def test_who_has_it_tried_again_waits_for_nothing(tom, at_noon, carrier):
    request = services.not_today(request_id=waiting(tom).pk, user=tom)
    services.stop_request(request_id=request.pk, user=tom)
    services.retry_request(request_id=request.pk, user=tom)
    assert planned_anew(request).status == Status.CALLING
