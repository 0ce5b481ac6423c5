"""A user hears of a thing once, by the way they chose, when they are up; and it leads to the right page."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from context.choices import TellBy
from context.mail_models import PushSubscription
from context.models import User
from context.preferences import change_preferences
from requests_app import messages, outbox, services
from requests_app.models import Message, MessageStatus, Way
from requests_app.status import Status
from requests_app.telling import Matters, order, quiet_until
from tests.cast import make_request

ALL = frozenset(Way)
NIGHT = (time(22, 0), time(7, 0))


def queue_message(**what: Any) -> Any:
    return messages.queue_message(**what)


GUELPH = ZoneInfo("America/Toronto")


@pytest.fixture
def reachable(tom, settings, at_once):
    """Tom, whom every way reaches."""
    settings.MAIL_FROM, settings.VAPID_PRIVATE_KEY, settings.MAIL_DOMAIN = "floyd@floyd.example", "x", "floyd.example"
    PushSubscription.objects.create(user=tom, endpoint="https://push.example/1", p256dh="", auth="")
    return tom


@pytest.mark.parametrize(
    ("preferred", "can", "came_by", "ways"),
    [
        ("text", ALL, None, ["text", "push", "email"]),
        ("push", ALL, None, ["push", "text", "email"]),
        ("email", ALL, None, ["email", "text", "push"]),
        ("email", {"text"}, None, ["text"]),
        ("text", ALL, "email", ["email", "text", "push"]),
        ("pages", ALL, None, []),
        ("pages", ALL, "text", ["text"]),
        ("all", {"push", "email"}, None, ["push", "email"]),
        ("text", set(), None, []),
    ],
)
def test_the_way_the_user_chose_comes_first_and_the_others_stand_in(preferred, can, came_by, ways):
    assert list(order(preferred, frozenset(can), came_by=came_by)) == ways


@pytest.mark.parametrize(
    ("clock", "until"),
    [("21:59", None), ("22:00", "2026-11-22 07:00"), ("23:30", "2026-11-22 07:00"), ("06:59", "2026-11-21 07:00"), ("07:00", None), ("12:00", None)],
)
def test_a_night_ends_in_the_users_morning(clock, until):
    hour, minute = map(int, clock.split(":"))
    found = quiet_until(datetime(2026, 11, 21, hour, minute, tzinfo=GUELPH), *NIGHT)
    assert (found and found.strftime("%Y-%m-%d %H:%M")) == until


def test_hours_within_a_day_and_none_at_all():
    noon = datetime(2026, 11, 21, 12, 30, tzinfo=GUELPH)
    assert quiet_until(noon, time(12, 0), time(14, 0)) == datetime(2026, 11, 21, 14, 0, tzinfo=GUELPH)
    assert quiet_until(noon, None, time(14, 0)) is None and quiet_until(noon, time(9, 0), time(9, 0)) is None


def test_the_night_the_clocks_change_ends_at_seven_all_the_same():
    before = datetime(2026, 10, 31, 23, 0, tzinfo=GUELPH)
    until = quiet_until(before, *NIGHT)
    assert until is not None and until.astimezone(UTC) == datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_what_can_wait_waits_for_the_morning_and_what_cannot_goes_at_once(reachable, hints):
    now = timezone.now().astimezone(GUELPH)
    reachable.quiet_from, reachable.quiet_to = (now - timedelta(hours=1)).time(), (now + timedelta(hours=2)).time()
    reachable.save()
    later = queue_message(user=reachable, body="The oil is changed.")
    soon = queue_message(user=reachable, body="How much may I spend?", matters=Matters.NOW)
    assert later.not_before is not None and soon.not_before is None
    assert [pk for pk, _ in outbox.due()] == [soon.pk] and hints.ids("calls.send_message") == [str(soon.pk)]
    Message.objects.filter(pk=later.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    assert {pk for pk, _ in outbox.due()} == {later.pk, soon.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("ends_later_by_h", [1, -1, None])
def test_what_waits_for_the_morning_follows_the_quiet_hours(reachable, hints, ends_later_by_h):
    now = timezone.now().astimezone(GUELPH)
    begins, ends = (now - timedelta(hours=1)).time(), now + timedelta(hours=2)
    change_preferences(user=reachable, quiet_from=begins, quiet_to=ends.time())
    reachable.refresh_from_db()
    later = queue_message(user=reachable, body="The oil is changed.")
    change_preferences(user=reachable, name="Thomas Redmond")
    assert Message.objects.get().not_before == later.not_before and hints.ids("calls.send_message") == []
    moved = (ends + timedelta(hours=ends_later_by_h)).time() if ends_later_by_h else None
    change_preferences(user=reachable, quiet_from=begins if moved else None, quiet_to=moved)
    if moved:
        assert Message.objects.get().not_before == later.not_before + timedelta(hours=ends_later_by_h)
    else:
        assert [pk for pk, _ in outbox.due()] == [later.pk] and hints.ids("calls.send_message") == [str(later.pk)]


@pytest.mark.django_db
def test_a_text_that_is_tried_again_does_not_follow_the_quiet_hours(reachable):
    first = queue_message(user=reachable, body="Done.")
    Message.objects.filter(pk=first.pk).update(status=MessageStatus.FAILED, error_code=next(iter(messages.PASSING)))
    first.refresh_from_db()
    again = messages.try_again(first, timezone.now())
    change_preferences(user=reachable, quiet_from=None, quiet_to=None)
    assert again is not None and Message.objects.get(pk=again.pk).not_before == again.not_before


@pytest.mark.django_db
def test_a_question_of_a_call_that_is_on_cannot_wait(reachable):
    reachable.quiet_from, reachable.quiet_to = time(0, 0), time(23, 59, 59)
    reachable.save()
    wish = make_request(reachable, status=Status.CALLING)
    wish.created_at -= timedelta(hours=1)
    type(wish).objects.filter(pk=wish.pk).update(created_at=wish.created_at)
    on_call = services.ask_question(request=wish, kind="money", text="How much?", step="call", waiter="call.1")
    before = services.ask_question(request=wish, kind="text", text="Which day?", step="plan")
    assert on_call.messages.get().not_before is None and before.messages.get().not_before is not None


@pytest.mark.django_db
def test_whoever_asked_a_moment_ago_is_up(reachable):
    reachable.quiet_from, reachable.quiet_to = time(0, 0), time(23, 59, 59)
    reachable.save()
    make_request(reachable)
    assert queue_message(user=reachable, body="Done.").not_before is None


@pytest.mark.django_db
def test_one_thing_is_one_message_unless_all_ways_are_wanted(reachable):
    first = queue_message(user=reachable, body="Done.", dedupe_key="end:1")
    assert queue_message(user=reachable, body="Done.", dedupe_key="end:1") == first
    assert Message.objects.count() == 1
    reachable.tell_by = TellBy.ALL
    reachable.save()
    assert queue_message(user=reachable, body="Done.", dedupe_key="end:1") == first and Message.objects.count() == 1
    second = queue_message(user=reachable, body="Really done.", dedupe_key="end:2")
    assert sorted(Message.objects.exclude(pk=first.pk).values_list("way", flat=True)) == ["email", "push", "text"]
    assert Message.objects.filter(copy_of=second).count() == 2


@pytest.mark.django_db
def test_what_one_way_refuses_goes_by_the_next_and_in_the_end_nowhere(reachable):
    wish = make_request(reachable)
    message = queue_message(user=reachable, body="Done.", request=wish, dedupe_key="end:1")
    ways = []
    while message is not None:
        ways.append(message.way)
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENDING)
        outbox.settle(message, MessageStatus.FAILED, error_code="21610")
        outbox.settle(message, MessageStatus.FAILED, error_code="21610")
        message = Message.objects.filter(status=MessageStatus.NEW).first()
    assert ways == ["text", "push", "email"] and Message.objects.count() == 3
    assert set(Message.objects.values_list("link", "body")) == {(f"/requests/{wish.pk}/", "Done.")}


@pytest.mark.django_db
def test_what_may_have_arrived_goes_no_second_way(reachable):
    message = queue_message(user=reachable, body="Done.")
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENDING, lease_until=timezone.now() - timedelta(seconds=1))
    outbox.sweep()
    assert Message.objects.get().status == MessageStatus.UNKNOWN


@pytest.mark.django_db
def test_the_thread_shows_once_what_was_said_by_several_ways(reachable, client):
    reachable.tell_by = TellBy.ALL
    reachable.save()
    queue_message(user=reachable, body="The flowers are ordered.")
    client.force_login(reachable)
    assert client.get("/texts/").content.decode().count("The flowers are ordered.") == 1


@pytest.mark.django_db
def test_who_has_no_number_is_shown_where_to_give_one(client, reachable):
    client.force_login(reachable)
    assert 'href="/accounts/phone/"' not in client.get("/texts/").content.decode()
    User.objects.filter(pk=reachable.pk).update(phone="", phone_verified_at=None)
    assert 'href="/accounts/phone/"' in client.get("/texts/").content.decode()


@pytest.mark.django_db
def test_a_link_survives_the_sign_in(reachable, client):
    wish = make_request(reachable)
    message = queue_message(user=reachable, body="Done.", request=wish)
    asked = client.get(message.link)
    assert asked.status_code == 302 and asked.url == f"/accounts/login/?next=/requests/{wish.pk}/"
    page = client.get(asked.url).content.decode()
    assert f'value="/requests/{wish.pk}/"' in page
    signed_in = client.post("/accounts/login/", {"login": reachable.email, "password": "a-password-for-tests", "next": message.link})
    assert (signed_in.status_code, signed_in.url) == (302, message.link)


@pytest.mark.django_db
def test_a_fragment_after_the_login_ran_out_sends_the_whole_page_there_and_back(client, reachable):
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/requests/?x=1"}
    gone = client.get("/requests/0190a000-0000-7000-8000-000000000000/actions/", headers=here)
    assert (gone.status_code, gone["HX-Redirect"]) == (401, "/accounts/login/?next=/requests/%3Fx%3D1")
    elsewhere = client.get("/settings/", headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example//evil"})
    assert elsewhere["HX-Redirect"] == "/accounts/login/"
