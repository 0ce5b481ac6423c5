"""Ended requests go when their time is over, with all that belongs to them; what is kept, hangs on, or is no record stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import Call, CallStatus, CarrierEvent
from context.models import Contact, Fact
from live.models import Change, Topic
from requests_app import retention, services
from requests_app.errors import NotFound
from requests_app.models import Channel, Event, Message, MessageStatus, Request, Snapshot
from requests_app.next_step import NextStep, StepKind, StepStatus
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

SID = f"CA{'0' * 32}"


@pytest.fixture(autouse=True)
def bounds(settings):
    settings.KEEP_RECORDS_DAYS, settings.KEEP_RECORDS_LEAST_DAYS = 365, 30


def ended(user, days, *, status=Status.DONE, **fields):
    """A request that ended so many days ago, and an hour."""
    return make_request(user, status=status, ended_at=timezone.now() - timedelta(days=days, hours=1), **fields)


def there(wish):
    return Request.objects.filter(pk=wish.pk).exists()


@pytest.mark.parametrize(
    ("wished", "most", "least", "days"),
    [
        (None, 365, 30, 365),
        (90, 365, 30, 90),
        (1095, 365, 30, 365),
        (30, 365, 60, 60),
        (None, 0, 30, None),
        (90, 0, 30, 90),
        (30, 0, 60, 60),
        (None, 30, 60, 60),
    ],
)
def test_the_users_wish_holds_within_the_sites_bounds(tom, settings, wished, most, least, days):
    settings.KEEP_RECORDS_DAYS, settings.KEEP_RECORDS_LEAST_DAYS = most, least
    tom.keep_days = wished
    tom.save()
    assert retention.days_of(tom) == days
    young, old = ended(tom, (days or 9000) - 1), ended(tom, days or 9000)
    retention.forget_old()
    assert there(young) and there(old) == (days is None)


def test_all_that_belongs_to_it_goes(tom):
    wish = ended(tom, 365)
    snapshot = Snapshot.objects.create(request=wish, version=1, ask=wish.ask, data={})
    Request.objects.filter(pk=wish.pk).update(current_snapshot=snapshot)
    services.record_event(request_id=wish.pk, kind="status", text="Done")
    call = Call.objects.create(request=wish, user=tom, number="+15195550110", brief={}, status=CallStatus.COMPLETED, carrier_sid=SID)
    call.lines.create(seq=1, speaker="floyd", text="Mara is sick today.", start_ms=0, end_ms=900)
    CarrierEvent.objects.create(sid=SID, kind="status", key="1", payload={})
    services.queue_message(user=tom, body="The school knows.", request=wish)
    Message.objects.update(status=MessageStatus.DELIVERED)
    assert retention.forget_old() == 1
    left = [model for model in (Request, Snapshot, Event, Call, CarrierEvent, Message) if model.objects.exists()]
    assert left == []
    assert not Change.objects.filter(topic__in=[f"request.{wish.pk}", f"call.{call.pk}"]).exists()
    assert not Topic.objects.filter(name=f"request.{wish.pk}").exists()
    assert Change.objects.filter(topic=f"user.{tom.pk}", kind="request_gone", ref=str(wish.pk)).exists(), "open lists are told"


def test_what_was_learned_stays_and_points_nowhere(tom):
    wish, other = ended(tom, 365), ended(tom, 1)
    contact = Contact.objects.get(user=tom, kind="school")
    for ref in (f"request:{wish.pk}", f"request:{wish.pk}:1:0", f"request:{other.pk}"):
        Fact.objects.create(user=tom, statement=f"Learned at {ref}", source="request", source_ref=ref)
    Contact.objects.filter(pk=contact.pk).update(source_ref=f"request:{wish.pk}")
    retention.forget_old()
    learned = Fact.objects.filter(user=tom, statement__startswith="Learned").order_by("pk").values_list("source_ref", flat=True)
    assert list(learned) == ["", "", f"request:{other.pk}"]
    contact.refresh_from_db()
    assert contact.source_ref == ""


def test_what_is_kept_stays_until_it_is_let_go(tom, alice):
    wish = ended(tom, 1000)
    with pytest.raises(NotFound):
        services.keep(request_id=wish.pk, user=alice)
    assert services.keep(request_id=wish.pk, user=tom).kept
    assert services.keep(request_id=wish.pk, user=tom).kept, "twice is once"
    retention.forget_old()
    assert there(wish)
    services.keep(request_id=wish.pk, user=tom, kept=False)
    retention.forget_old()
    assert not there(wish)


def test_what_still_hangs_on_it_keeps_it(tom):
    reminded, followed, learning, running = (ended(tom, 1000) for _ in range(4))
    NextStep.objects.create(user=tom, request=reminded, kind=StepKind.REMINDER, text="Pick up", due_at=timezone.now() + timedelta(days=9))
    follow_up = make_request(tom, status=Status.SCHEDULED, parent=followed)
    Request.objects.filter(pk=learning.pk).update(learn_after=timezone.now())
    Call.objects.create(request=running, user=tom, number="+15195550110", brief={}, status=CallStatus.IN_PROGRESS)
    open_ones = make_request(tom, status=Status.SCHEDULED)
    assert retention.forget_old() == 0
    NextStep.objects.update(status=StepStatus.DONE)
    Request.objects.filter(pk=follow_up.pk).update(status=Status.DONE, ended_at=timezone.now())
    Call.objects.update(status=CallStatus.COMPLETED)
    assert retention.forget_old() == 3
    assert there(follow_up) and there(learning) and there(open_ones)


def test_messages_about_no_request_go_too(tom):
    def message(days, **fields):
        made = Message.objects.create(user=fields.pop("user", tom), outbound=False, body="help", status=MessageStatus.RECEIVED, **fields)
        Message.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
        return made.pk

    message(400), message(400, user=None)
    kept = {message(300), message(400, request=make_request(tom))}
    retention.forget_old()
    assert set(Message.objects.values_list("pk", flat=True)) == kept


def test_its_page_says_when_it_goes_and_keeps_it(tom, client):
    wish = ended(tom, 1)
    client.force_login(tom)
    shown = client.get(f"/requests/{wish.pk}/").content.decode()
    assert "with all that was said" in shown and "Keep it" in shown
    assert client.post(f"/requests/{wish.pk}/keep/").status_code == 303
    shown = client.get(f"/requests/{wish.pk}/").content.decode()
    assert "You keep this request for good" in shown
    assert client.post(f"/requests/{wish.pk}/keep/", {"let_go": "1"}, headers={"HX-Request": "true"}).status_code == 204
    assert "Keep it" in client.get(f"/requests/{wish.pk}/keeping/").content.decode()


def test_an_open_request_has_no_such_line(tom, client):
    wish = make_request(tom, status=Status.SCHEDULED)
    client.force_login(tom)
    assert "with all that was said" not in client.get(f"/requests/{wish.pk}/").content.decode()


def test_programs_keep_it_too(tom, client):
    wish = ended(tom, 1)
    client.force_login(tom)
    address = f"/api/v1/requests/{wish.pk}"
    assert client.get(address).json()["deleted_at"]
    kept = client.post(f"{address}/keep", {"kept": True}, content_type="application/json").json()
    assert (kept["kept"], kept["deleted_at"]) == (True, None)


def test_a_reply_that_comes_after_its_request_went_is_no_error(tom):
    wish = ended(tom, 1000)
    retention.forget_old()
    with pytest.raises(NotFound):
        services.keep(request_id=wish.pk, user=tom)
    assert services.create_request(user=tom, ask="Call the school", channel=Channel.API)
