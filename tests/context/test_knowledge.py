"""The seeded household, snapshots of it, and the part that a planner sees."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from context import services
from context.dates import date_in_words, moment_in_words
from context.household import seed_household
from context.models import CalendarEntry, Contact, Fact, FactStatus, Source, User
from context.relevance import MOST_CONTACTS, MOST_ENTRIES, MOST_FACTS
from context.snapshot import Snapshot, find, left_out, take_snapshot
from live.models import Change
from tests.cast import tells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def snapshot_of(user, ask=""):
    return take_snapshot(user=user, now=timezone.now(), ask=ask)


def get(snapshot: Snapshot, item_id: str) -> dict[str, Any]:
    item = find(snapshot, item_id)
    assert item is not None
    return item


def test_seeding_twice_gives_one_household_and_the_new_password(tom):
    again = seed_household(password="another-one")
    assert again.pk == tom.pk and again.check_password("another-one")
    assert (User.objects.count(), Fact.objects.count(), Contact.objects.count(), CalendarEntry.objects.count()) == (1, 8, 4, 1)


def test_the_dentist_is_on_thursday_of_next_week_at_half_past_nine(tom):
    entry = tom.calendar_entries.get()
    local = entry.starts_at.astimezone(ZoneInfo("America/Toronto"))
    today = timezone.now().astimezone(ZoneInfo("America/Toronto")).date()
    assert (local.weekday(), local.hour, local.minute) == (3, 9, 30)
    assert local.date().isocalendar().week == (today + timedelta(days=7)).isocalendar().week


def test_a_snapshot_has_what_is_known_but_nothing_that_is_never_told(tom):
    services.add_fact(user=tom, statement="Rumour", status=FactStatus.PROPOSED)
    snapshot = snapshot_of(tom)
    statements = [fact["statement"] for fact in snapshot["facts"]]
    assert "Tom's date of birth is 4 May 1985" in statements and "Rumour" not in statements
    assert not tells(snapshot, "4417")
    assert snapshot["contacts"][0]["name"] == "Sweet Violet's", "preferred ones first"
    assert get(snapshot, snapshot["calendar"][0]["id"])["title"] == "Dentist with Dr. Patel"


@pytest.mark.parametrize("item_id", ["", "fact:", "fact:x", "fact", "user:1", "contacts:1"])
def test_unknown_ids_find_nothing(tom, item_id):
    assert find(snapshot_of(tom), item_id) is None


def test_a_small_household_is_seen_whole(tom):
    snapshot = snapshot_of(tom, "anything")
    assert snapshot["known"] == {"facts": 7, "contacts": 4, "calendar": 1} == {part: len(snapshot[part]) for part in snapshot["known"]}
    assert left_out(snapshot) == {}


def test_of_much_that_is_known_the_planner_sees_what_the_ask_is_about(tom):
    Fact.objects.bulk_create(Fact(user=tom, statement=f"Note number {number} on tax papers", about="papers") for number in range(500))
    Contact.objects.bulk_create(Contact(user=tom, name=f"Plumber {number}", kind="plumber", preferred=True) for number in range(100))
    CalendarEntry.objects.bulk_create(
        CalendarEntry(user=tom, title="Swimming", starts_at=timezone.now() + timedelta(hours=number)) for number in range(-50, 100)
    )
    snapshot = snapshot_of(tom, "Please order some flower bouquets for Krista, and phone Mara's schools")
    seen = [fact["statement"] for fact in snapshot["facts"]]
    assert len(seen) == MOST_FACTS and left_out(snapshot) == {"facts": 447, "contacts": 74, "calendar": 111}
    for statement in ("Krista likes white and pink flowers", "Flowers for Krista are delivered to 14 Brock Road, Guelph"):
        assert statement in seen
    assert "Mara goes to Brock Road School, grade 3, teacher Ms. Lind" in seen
    assert "Mara Redmond is Tom and Krista's daughter, 8 years old" in seen
    names = [contact["name"] for contact in snapshot["contacts"]]
    assert len(names) == MOST_CONTACTS and "Brock Road School" in names
    assert len(snapshot["calendar"]) == MOST_ENTRIES
    assert all(entry["starts_at"] >= snapshot["taken_at"] for entry in snapshot["calendar"])


@pytest.mark.parametrize("ask", ["", "the of and", "' | & ! <-> :* ()", "\\'; drop table", "x" * 2000, "打电话给学校", "l'école n'est"])
@pytest.mark.parametrize("language", ["en-US", "fr-CA", "xx"])
def test_no_ask_breaks_the_search(tom, ask, language):
    Fact.objects.bulk_create(Fact(user=tom, statement=f"Note {number}") for number in range(MOST_FACTS))
    tom.language = language
    assert len(snapshot_of(tom, ask)["facts"]) == MOST_FACTS


def test_a_fact_is_superseded_never_edited(tom):
    fact = Fact.objects.get(topic="taste")
    new = services.supersede_fact(fact=fact, statement="Krista likes red flowers", source=Source.TOLD)
    fact.refresh_from_db()
    assert (fact.statement, fact.status, new.supersedes, new.about) == ("Krista likes white and pink flowers", "retired", fact, "Krista")
    assert services.supersede_fact(fact=fact, statement="Krista likes blue flowers", source=Source.TOLD) == new, "the first one counts"
    assert set(Change.objects.filter(topic=f"user.{tom.pk}", ref=str(new.pk)).values_list("kind", flat=True)) == {"fact"}
    assert services.retire(row=new) and not services.retire(row=new)


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (datetime(2026, 11, 26, 14, 30, tzinfo=UTC), "America/Toronto", "Thursday, 26 November 2026 at 9:30 am"),
        (datetime(2026, 11, 26, 5, 0, tzinfo=UTC), "America/Toronto", "Thursday, 26 November 2026 at 12:00 am"),
        (datetime(2026, 11, 26, 17, 5, tzinfo=UTC), "America/Toronto", "Thursday, 26 November 2026 at 12:05 pm"),
        (datetime(2026, 7, 1, 0, 0, tzinfo=UTC), "America/Toronto", "Tuesday, 30 June 2026 at 8:00 pm"),
        (datetime(2026, 7, 1, 0, 0, tzinfo=UTC), "No/Where", "Wednesday, 1 July 2026 at 12:00 am"),
    ],
)
def test_moments_in_words(moment, zone, words):
    assert moment_in_words(moment, zone) == words
    assert date_in_words(moment.date()) in {"Thursday, 26 November 2026", "Wednesday, 1 July 2026"}
