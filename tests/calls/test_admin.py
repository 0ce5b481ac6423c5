"""The admin: links to the pages, actions with their traces, who changed what; what was said in a call is not there."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from calls.models import Suppression
from context import read_only
from context.models import User
from requests_app.status import Status
from tests.calls.review.scene import GREETING, REASON, in_queue
from tests.cast import PASSWORD, make_request
from tests.staff_reason import having_said_why

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

CALLS = "/admin/calls/call/"
REQUESTS = "/admin/requests_app/request/"


@pytest.fixture
def as_admin(client):
    client.force_login(User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root"))
    return having_said_why(client)


def act(client, address: str, action: str, *rows):
    return client.post(address, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def test_a_call_leads_to_its_pages_and_quotes_nobody(as_admin, tom):
    call = in_queue(tom).call
    for address in (CALLS, f"{CALLS}{call.pk}/change/"):
        page = as_admin.get(address).content.decode()
        assert f'href="/requests/{call.request_id}/"' in page and f'href="/staff/calls/{call.pk}/"' in page
        assert GREETING not in page


def test_numbers_of_calls_are_suppressed_once_and_by_whom_is_kept(as_admin, tom):
    first, second = in_queue(tom).call, in_queue(tom).call
    page = act(as_admin, CALLS, "suppress", first, second)
    assert "not called any more: 1 more" in page.content.decode()
    row = Suppression.objects.get()
    assert (row.number, row.reason[:20]) == (first.number, "by staff after call ")
    assert LogEntry.objects.get().object_id == str(row.pk)
    act(as_admin, CALLS, "suppress", first)
    assert Suppression.objects.count() == LogEntry.objects.count() == 1


def test_requests_are_tried_again_and_stopped_and_their_user_reads_by_whom(as_admin, tom):
    failed, going, done = make_request(tom, status=Status.FAILED), make_request(tom, status=Status.SCHEDULED), make_request(tom, status=Status.DONE)
    page = act(as_admin, REQUESTS, "try_again", failed, done).content.decode()
    assert "Started again: 1." in page and "Left as it was: 1." in page
    act(as_admin, REQUESTS, "stop", going)
    for wish, status, words in ((failed, "pending", "Staff had Floyd try again."), (going, "cancelled", "Staff stopped it.")):
        wish.refresh_from_db()
        assert wish.status == status and wish.events.filter(text=words).count() == 1
    done.refresh_from_db()
    assert done.status == "done"
    assert {(entry.object_id, entry.change_message) for entry in LogEntry.objects.all()} == {
        (str(failed.pk), "Started again."),
        (str(going.pk), "Stopped."),
    }


def test_staff_who_may_only_look_can_do_none_of_it(client, tom, sam):
    sam.user_permissions.set(Permission.objects.filter(codename__in=["view_request", "view_call"]))
    client.force_login(sam)
    having_said_why(client)
    wish, call = make_request(tom, status=Status.FAILED), in_queue(tom).call
    act(client, REQUESTS, "try_again", wish)
    act(client, CALLS, "suppress", call)
    wish.refresh_from_db()
    assert wish.status == "failed" and not Suppression.objects.exists()


def test_who_changed_what_is_listed_and_cannot_be_changed(as_admin, tom):
    act(as_admin, REQUESTS, "stop", make_request(tom, status=Status.SCHEDULED))
    listed = as_admin.get(reverse("admin:admin_logentry_changelist"), {"q": "root@"}).content.decode()
    assert "Stopped." in listed and ">Root<" in listed, "whoever it was, in the list itself"
    entry = LogEntry.objects.get()
    assert as_admin.post(reverse("admin:admin_logentry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403
    assert as_admin.get(reverse("admin:admin_logentry_add")).status_code == 403


def test_a_user_leads_to_what_was_done_for_them(as_admin, tom):
    page = as_admin.get(reverse("admin:context_user_change", args=[tom.pk])).content.decode()
    for name in ("requests_app_request", "calls_call"):
        address = f"{reverse(f'admin:{name}_changelist')}?user__id__exact={tom.pk}"
        assert address in page and as_admin.get(address).status_code == 200


def test_readings_and_reviews_are_listed_with_their_reasons(as_admin, client, tom, sam):
    review = in_queue(tom, review={"verdict": "poor"})
    review.call.staff_readings.create(staff=sam, user=tom, reason=REASON)
    assert REASON in as_admin.get(reverse("admin:calls_staffreading_changelist"), {"q": "redmond"}).content.decode()
    assert str(review.pk) in as_admin.get(reverse("admin:calls_review_changelist"), {"verdict__exact": "poor"}).content.decode()
    assert as_admin.get(reverse("admin:calls_label_changelist")).status_code == 200


def test_a_long_list_counts_its_first_rows_only_and_is_filtered_by_what_can_be(as_admin, tom, monkeypatch):
    calls = [in_queue(tom).call for _ in range(3)]
    calls[0].end_reason = "voicemail"
    calls[0].save(update_fields=["end_reason"])
    page = as_admin.get(CALLS, {"end_reason": "voicemail"}).content.decode()
    assert str(calls[0].pk) in page and not any(str(call.pk) in page for call in calls[1:])
    monkeypatch.setattr(read_only, "MOST_LISTED", 2)
    assert as_admin.get(CALLS).context["cl"].result_count == 2


def test_the_list_tells_endings_and_costs_in_words(as_admin, tom):
    call = in_queue(tom).call
    call.end_reason, call.cost = "hold_too_long", {"currency": "USD", "carrier": 1_200_000, "voice": 34_000, "model": None}
    call.save(update_fields=["end_reason", "cost"])
    page = as_admin.get(CALLS).content.decode()
    assert "on hold for too long" in page and "1.23 USD" in page and "1200000" not in page
