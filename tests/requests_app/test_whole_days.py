"""An appointment that has days and no hours is told as days everywhere: the planner is given no midnight, nor is anybody shown one."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from context import feed
from context.services import add_calendar_entry
from context.snapshot import find, take_snapshot
from requests_app.after_planning import labelled
from requests_app.detail import sources
from requests_app.known import everything
from requests_app.models import Snapshot
from requests_app.prompts import plan_messages
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
HERE = ZoneInfo("America/Toronto")


@pytest.fixture
def birthday(tom):
    day = timezone.now().astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=9)
    return add_calendar_entry(user=tom, title="Birthday of Krista", starts_at=day, all_day=True)


def test_the_planner_reads_a_day(tom, birthday):
    snapshot = take_snapshot(user=tom, now=timezone.now())
    entry = find(snapshot, f"calendar:{birthday.pk}")
    assert entry is not None and entry["all_day"]
    told = json.loads(plan_messages(snapshot=snapshot, ask="When is the birthday?", answers=[], now=timezone.now())[1]["content"])
    shown = next(one for one in told["calendar"] if one["id"] == entry["id"])
    assert (shown["when"].endswith(", all day"), shown["all_day"]) == (True, True)
    (source,) = labelled([entry["id"]], snapshot)
    assert source["label"].startswith("Birthday of Krista, ") and source["label"].endswith(", all day")


def test_a_snapshot_of_before_still_reads(tom):
    snapshot = take_snapshot(user=tom, now=timezone.now())
    for entry in snapshot["calendar"]:
        del entry["all_day"]
    assert "at 9:30 am" in str(plan_messages(snapshot=snapshot, ask="When is the dentist?", answers=[], now=timezone.now()))


def test_people_are_shown_a_day(client, tom, birthday):
    item = f"calendar:{birthday.pk}"
    (label,) = [one["label"] for one in everything(tom)["sources"] if one["id"] == item]
    assert label.endswith(", all day")
    request = make_request(tom, status=Status.DONE, ask="When is the birthday of Krista?", outcome={"sources": [item]})
    request.current_snapshot = Snapshot(data=take_snapshot(user=tom, now=timezone.now()))
    (shown,) = sources(request)
    assert shown["text"].startswith("Birthday of Krista · ") and shown["text"].endswith(", all day")
    client.force_login(tom)
    page = client.get(reverse("knows")).content.decode()
    assert "Birthday of Krista" in page and "midnight" not in page and "12:00 a.m." not in page


@pytest.mark.parametrize(("until", "free_on"), [(None, 4), (timedelta(hours=0), 4), (timedelta(days=3), 6)])
def test_calendar_programs_get_days(client, tom, until, free_on):
    begins = datetime(2026, 12, 3, tzinfo=HERE)
    add_calendar_entry(user=tom, title="Fair", starts_at=begins, ends_at=begins + until if until is not None else None, all_day=True)
    response = client.get(feed.renew(user=tom).removeprefix("http://localhost:8000"))
    (event,) = [one for one in icalendar.Calendar.from_ical(response.content).walk("VEVENT") if str(one["SUMMARY"]) == "Fair"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 3), date(2026, 12, free_on))
    assert b"DTSTART;VALUE=DATE:20261203" in response.content
