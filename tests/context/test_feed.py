"""Calendar programs read the calendar under its private address, follow changes, and nobody else reads it."""

import logging
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.core.cache import cache
from django.utils import timezone

from context import feed
from context.models import CalendarEntry, FactStatus
from context.services import add_calendar_entry, change_calendar_entry, retire
from floyd_site.log_settings import WithoutFeedAddresses

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_one_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def address(tom) -> str:
    CalendarEntry.objects.filter(user=tom).delete()
    return feed.renew(user=tom).removeprefix("http://localhost:8000")


def events(response) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def test_the_feed_holds_the_appointments_in_the_users_time_with_its_zone(client, tom, address):
    entry = add_calendar_entry(user=tom, title="Dentist; bring <card>,\nplease", starts_at=NINE, place="12 Maple Street")
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    (event,) = events(response)
    assert event["UID"] == f"{CalendarEntry.objects.get(pk=entry.pk).uid}@floyd"
    begin, end = event["DTSTART"], event["DTEND"]
    assert (begin.params["TZID"], begin.dt.hour, end.dt - begin.dt) == ("America/Toronto", 9, timedelta(hours=1))
    assert str(event["SUMMARY"]) == "Dentist; bring <card>,\nplease"
    zones = icalendar.Calendar.from_ical(response.content).walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["America/Toronto"]


def test_a_change_keeps_the_uid_and_raises_the_sequence(client, tom, address):
    entry = add_calendar_entry(user=tom, title="Dentist", starts_at=NINE)
    (before,) = events(client.get(address))
    change_calendar_entry(entry=CalendarEntry.objects.get(pk=entry.pk), starts_at=NINE + timedelta(hours=1))
    (after,) = events(client.get(address))
    assert (after["UID"], int(after["SEQUENCE"])) == (before["UID"], int(before["SEQUENCE"]) + 1)
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(hours=1)


def test_what_is_proposed_or_taken_out_is_not_in_it(client, tom, address):
    add_calendar_entry(user=tom, title="Perhaps", starts_at=NINE, status=FactStatus.PROPOSED)
    retire(row=add_calendar_entry(user=tom, title="Not any more", starts_at=NINE))
    assert events(client.get(address)) == []


def test_a_program_that_has_it_already_is_told_so(client, tom, address):
    add_calendar_entry(user=tom, title="Dentist", starts_at=NINE)
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_only_the_address_opens_it(client, tom, alice, address):
    assert client.get(address.replace(tom.calendar_token, "x" * 43)).status_code == 404
    assert client.get(address.replace(f"/{tom.pk}/", f"/{alice.pk}/")).status_code == 404
    # Who has none is not opened by an empty secret either.
    assert feed.user_of(alice.pk, "") is None
    assert feed.user_of(999_999, "x") is None


def test_a_renewed_or_revoked_address_works_no_more(client, tom, address):
    renewed = feed.renew(user=tom).removeprefix("http://localhost:8000")
    assert (client.get(address).status_code, client.get(renewed).status_code) == (404, 200)
    feed.revoke(user=tom)
    assert client.get(renewed).status_code == 404
    assert feed.address(tom) == ""


def test_who_is_switched_off_has_no_feed(client, tom, address):
    tom.is_active = False
    tom.save()
    assert client.get(address).status_code == 404


def test_guessing_is_slowed_down(client, tom, address):
    statuses = [client.get(address).status_code for _ in range(feed.MOST_PER_MINUTE + 2)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_no_log_holds_the_secret(tom, address):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Too Many Requests: %s", (address,), None)
    WithoutFeedAddresses().filter(record)
    assert tom.calendar_token not in record.getMessage()
    assert f"/calendar/feed/{tom.pk}/…" in record.getMessage()


def test_one_appointment_can_be_saved_by_its_user(client, tom, alice):
    entry = add_calendar_entry(user=tom, title="Dentist", starts_at=timezone.now())
    client.force_login(tom)
    response = client.get(f"/calendar/entries/{entry.pk}.ics")
    assert "appointment-" in response["Content-Disposition"]
    assert len(events(response)) == 1
    client.force_login(alice)
    assert client.get(f"/calendar/entries/{entry.pk}.ics").status_code == 404


def test_the_page_makes_and_ends_the_address(client, tom):
    client.force_login(tom)
    assert "Make a private address" in client.get("/calendar/address/").content.decode()
    page = client.post("/calendar/address/", {"do": "renew"}).content.decode()
    tom.refresh_from_db()
    assert tom.calendar_token and tom.calendar_token in page
    client.post("/calendar/address/", {"do": "revoke"})
    tom.refresh_from_db()
    assert tom.calendar_token == ""
