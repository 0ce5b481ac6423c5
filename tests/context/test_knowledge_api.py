"""Programs tell Floyd what to know, correct it, and never overwrite what they have not seen."""

from __future__ import annotations

from typing import Any

import pytest

from context.models import CalendarEntry, Contact, Fact, FactStatus
from live.models import Change
from tests.api_client import Program, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
KINDS: dict[str, dict[str, Any]] = {
    "facts": {"statement": "The car is a 2019 Civic"},
    "contacts": {"name": "Joe's Garage", "phone": "519 555 0133"},
    "calendar": {"title": "Haircut", "starts_at": "2026-12-01T10:00:00-05:00"},
}
CHANGES: dict[str, dict[str, Any]] = {"facts": {"statement": "The car is a 2021 Civic"}, "contacts": {"name": "Joe"}, "calendar": {"title": "Shave"}}


@pytest.fixture
def program(alice) -> Program:
    return Program(alice)


@pytest.mark.parametrize("kind", KINDS)
class TestAnyKind:
    def test_told_listed_read(self, program, alice, kind):
        response = program.call("POST", kind, KINDS[kind])
        assert response.status_code == 201
        found = response.json()
        assert found["source"] == "told"
        assert program.read(response.headers["Location"]) == found
        assert program.read(kind)["results"] == [found]
        assert Change.objects.filter(topic=f"user.{alice.pk}").count() == 1

    def test_the_same_key_tells_it_once(self, program, kind):
        first, second = (program.call("POST", kind, KINDS[kind], Idempotency_Key="k") for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 200) and first.json() == second.json()
        assert len(program.read(kind)["results"]) == 1
        problem(program.call("POST", kind, KINDS[kind] | CHANGES[kind], Idempotency_Key="k"), 409)

    def test_an_edit_needs_to_have_seen_what_it_changes(self, program, kind):
        response = program.call("POST", kind, KINDS[kind])
        place, tag = response.headers["Location"], response.headers["ETag"]
        assert "If-Match" in problem(program.call("PATCH", place, CHANGES[kind]), 428)["detail"]
        problem(program.call("PATCH", place, CHANGES[kind], If_Match='"other"'), 412)
        problem(program.call("PATCH", place, CHANGES[kind], If_Match=f"W/{tag}"), 412)
        problem(program.call("PATCH", place, CHANGES[kind], If_Match="nonsense"), 400)
        changed = program.call("PATCH", place, CHANGES[kind], If_Match=f'"x", {tag}')
        assert changed.status_code == 200 and changed.json().items() >= CHANGES[kind].items()
        problem(program.call("PATCH", place, CHANGES[kind], If_Match=tag), 412)
        assert program.read(changed.headers["Location"]) == changed.json()

    def test_an_edit_of_nothing_and_of_what_is_no_field_is_refused(self, program, kind):
        place = program.call("POST", kind, KINDS[kind]).headers["Location"]
        assert "Send what is to change" in problem(program.call("PATCH", place, {}, If_Match="*"), 422)["detail"]
        assert "user" in problem(program.call("PATCH", place, {"user": 1}, If_Match="*"), 422)["detail"]

    def test_taken_back(self, program, kind):
        response = program.call("POST", kind, KINDS[kind])
        place, tag = response.headers["Location"], response.headers["ETag"]
        problem(program.call("DELETE", place), 428)
        problem(program.call("DELETE", place, If_Match='"other"'), 412)
        assert program.call("DELETE", place, If_Match=tag).status_code == 204
        assert program.read(kind)["results"] == []

    def test_a_list_costs_three_queries_however_long(self, program, kind, django_assert_num_queries):
        for _ in range(5):
            program.call("POST", kind, KINDS[kind])
        with django_assert_num_queries(3):  # token, note of its use, rows
            assert len(program.read(kind)["results"]) == 5


def test_a_fact_is_superseded_not_rewritten(program):
    old = program.call("POST", "facts", {"statement": "The car has winter tires", "topic": "car", "sensitivity": "ask_first"})
    new = program.call("PATCH", old.headers["Location"], {"statement": "The car has summer tires"}, If_Match=old.headers["ETag"]).json()
    assert (new["supersedes"], new["topic"], new["sensitivity"]) == (old.json()["id"], "car", "ask_first")
    assert program.read(f"facts/{old.json()['id']}")["status"] == "retired"
    assert program.read("facts?status=retired")["results"][0]["id"] == old.json()["id"]
    assert "retired" in problem(program.call("PATCH", old.headers["Location"], {"topic": "x"}, If_Match="*"), 422)["detail"]


def test_a_proposed_fact_is_confirmed(program, alice):
    fact = Fact.objects.create(user=alice, statement="Likes peonies", status=FactStatus.PROPOSED)
    assert program.call("POST", f"facts/{fact.pk}/confirm").json()["status"] == "confirmed"
    assert program.call("POST", f"facts/{fact.pk}/confirm").json()["status"] == "confirmed"


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("facts", {"statement": " "}, "statement"),
        ("facts", {"statement": "x" * 501}, "statement"),
        ("facts", {"statement": "x", "sensitivity": "perhaps"}, "sensitivity"),
        ("contacts", {"name": "Joe", "phone": "call me"}, "phone"),
        ("contacts", {"name": "Joe", "phone": "12345"}, "phone"),
        ("contacts", {"name": "Joe", "hours": {"monday": []}}, "hours"),
        ("contacts", {"name": "Joe", "hours": {"mon": ["8", "17"]}}, "hours"),
        ("contacts", {"name": "Joe", "hours": [1]}, "hours"),
        ("contacts", {"name": "Joe", "time_zone": "Guelph"}, "time_zone"),
        ("contacts", {"name": "Joe", "time_zone": "../../etc/passwd"}, "time_zone"),
        ("contacts", {"name": "Joe", "time_zone": "America"}, "time_zone"),
        ("calendar", {"title": "x", "starts_at": "2026-12-01T10:00:00"}, "starts_at"),
        ("calendar", {"title": "x", "starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ("calendar", {"title": "x", "starts_at": "2026-12-01T10:00:00Z", "ends_at": "2026-12-01T09:00:00Z"}, "ends_at"),
        ("calendar", {"title": "x", "starts_at": "2026-12-01T10:00:00Z", "contact": 1}, "contact"),
        ("calendar", {"title": "x", "starts_at": "2026-12-01T10:00:00Z", "contact": 10**30}, "contact"),
    ],
)
def test_what_cannot_be_known_is_refused_by_name(program, tom, kind, body, field):
    found = problem(program.call("POST", kind, body), 422)
    assert [error["field"] for error in found["errors"]] == [field]


def test_a_number_is_read_as_it_is_dialled_at_home(program):
    body = {
        "name": "Joe",
        "phone": "(519) 555-0133",
        "hours": {"mon": ["08:00", "17:00"], "sat": [], "tue": [["08:00", "12:00"], ["13:00", "24:00"]]},
    }
    assert program.call("POST", "contacts", body).json()["phone"] == "+15195550133"


def test_an_appointment_may_not_be_with_somebody_elses_contact(program, alice, tom):
    body = {"title": "x", "starts_at": "2026-12-01T10:00:00Z", "contact": tom.contacts.first().pk}
    problem(program.call("POST", "calendar", body), 422)
    hers = Contact.objects.create(user=alice, name="Joe")
    assert program.call("POST", "calendar", body | {"contact": hers.pk}).json()["contact"] == hers.pk


def test_filters_of_what_is_known(tom):
    program = Program(tom)
    contacts = program.read("contacts?kind=florist")["results"]
    assert [found["name"] for found in contacts] == ["Sweet Violet's"]
    assert program.read("contacts?q=VIOLET")["results"] == contacts
    entry = CalendarEntry.objects.get(user=tom)
    moment = entry.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [found["id"] for found in program.read(f"calendar?starts_after={moment}")["results"]] == [entry.pk]
    assert program.read(f"calendar?starts_before={moment}")["results"] == []
    assert all(found["about"] == "Mara" for found in program.read("facts?about=mara")["results"])


def test_appointments_at_one_moment_are_all_listed_once(program, alice):
    for number in range(7):
        CalendarEntry.objects.create(user=alice, title=f"{number}", starts_at="2026-12-01T10:00:00Z")
    page = program.read("calendar?limit=3")
    seen = [found["title"] for found in page["results"]]
    while page["next"]:
        page = program.read(page["next"].removeprefix("http://testserver"))
        seen += [found["title"] for found in page["results"]]
    assert sorted(seen) == [str(number) for number in range(7)] and len(seen) == 7
