"""The page of what Floyd knows: everything on it is added, changed, taken away, brought back and found, without scripts."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from context import services
from context.models import CalendarEntry, Contact, Fact, FactStatus, Source
from live.fragments import render

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def page(client, tom):
    client.force_login(tom)

    def get(path="/knows/", **query):
        response = client.get(path, query)
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def send(client, tom):
    client.force_login(tom)

    def post(path, follow=True, **fields):
        return client.post(path, fields, follow=follow)

    return post


def some(row):
    """A proposal that was made."""
    assert row is not None
    return row


def words(response) -> str:
    return response.content.decode()


def test_a_fact_is_added_and_shown(send, tom):
    response = send("/knows/facts/new/", statement="Mara is allergic to peanuts", about="Mara", topic="health", sensitivity="ask_first")
    assert "Mara is allergic to peanuts" in words(response) and "Ask me first" in words(response)
    fact = Fact.objects.get(user=tom, topic="health")
    assert (fact.source, fact.status, fact.sensitivity) == ("told", "confirmed", "ask_first")


@pytest.mark.parametrize(
    ("path", "model", "fields"),
    [
        ("/knows/facts/new/", Fact, {"statement": "Mara plays the oboe", "about": "Mara", "sensitivity": "share"}),
        ("/knows/contacts/new/", Contact, {"name": "Royal City Pharmacy", "phone": "519 555 0188"}),
        ("/knows/calendar/new/", CalendarEntry, {"title": "Haircut", "starts_at": "2031-06-01T10:30"}),
    ],
)
def test_a_second_click_adds_nothing(send, tom, path, model, fields):
    before = model.objects.filter(user=tom).count()
    assert send(path, follow=False, **fields).url == send(path, follow=False, **fields).url
    assert model.objects.filter(user=tom).count() == before + 1
    send(path, **(fields | {next(iter(fields)): "Another"}))
    assert model.objects.filter(user=tom).count() == before + 2


def test_a_changed_fact_is_a_new_one_and_the_old_one_its_history(send, page, tom):
    old = Fact.objects.get(user=tom, topic="car")
    response = send(f"/knows/facts/{old.pk}/", statement="Tom's car is a 2024 Civic", about="Tom", topic="car", sensitivity="share")
    new = Fact.objects.get(user=tom, topic="car", status="confirmed")
    assert new.supersedes == old and "Changed." in words(response)
    assert "2019 Honda Civic" in page(f"/knows/facts/{new.pk}/")
    assert "2019 Honda Civic" not in re.sub(r"(?s)<form class=\"notice.*?</form>", "", page())
    undo = re.search(r'action="(/knows/facts/\d+/restore/)"', words(response))
    assert undo is not None
    send(undo[1])
    assert list(Fact.objects.filter(user=tom, topic="car", status="confirmed")) == [old]


def test_a_fact_saved_as_it_was_stays_as_it_was(send, tom):
    fact = Fact.objects.get(user=tom, topic="car")
    send(f"/knows/facts/{fact.pk}/", statement=fact.statement, about=fact.about, topic=fact.topic, sensitivity=fact.sensitivity)
    assert Fact.objects.get(user=tom, topic="car") == fact


def test_the_sensitivity_is_switched_and_old_requests_keep_theirs(send, tom):
    old = Fact.objects.get(user=tom, topic="car")
    send(f"/knows/facts/{old.pk}/", statement=old.statement, about=old.about, topic=old.topic, sensitivity="never")
    old.refresh_from_db()
    assert (old.status, old.sensitivity) == ("retired", "share")
    assert Fact.objects.get(user=tom, topic="car", status="confirmed").sensitivity == "never"


def test_one_tap_in_the_list_says_who_may_hear_a_fact_which_keeps_its_place_and_source(client, send, page, tom):
    order = [fact.statement for fact in Fact.objects.filter(user=tom).order_by("created_at", "statement")]
    old = Fact.objects.get(user=tom, topic="car")
    assert "Never" in words(send(f"/knows/facts/{old.pk}/sharing/", sensitivity="never"))
    new = Fact.objects.get(user=tom, topic="car", status="confirmed")
    assert (new.sensitivity, new.supersedes, new.source, new.created_at) == ("never", old, old.source, old.created_at)
    shown = page()
    places = [shown.index(html.escape(statement)) for statement in order]
    assert places == sorted(places)
    tapped = client.post(f"/knows/facts/{new.pk}/sharing/", {"sensitivity": "ask_first"}, headers={"HX-Request": "true"})
    latest = Fact.objects.get(user=tom, topic="car", status="confirmed")
    assert f'id="fact-{latest.pk}"' in words(tapped) and "autofocus" in words(tapped)
    pushed = render(("fact", str(latest.pk)))
    assert "<form" not in pushed and f'hx-get="/knows/facts/{latest.pk}/sharing/"' in pushed and "You told Floyd" in pushed


@pytest.mark.parametrize("given", ["", "everybody", "never\x00"])
def test_there_is_no_other_way_to_share_a_fact(send, tom, given):
    fact = Fact.objects.get(user=tom, topic="car")
    assert "Say whether it may be shared" in words(send(f"/knows/facts/{fact.pk}/sharing/", sensitivity=given))
    assert Fact.objects.get(user=tom, topic="car") == fact


def test_a_fact_that_was_taken_away_is_not_shared_anew(send, tom):
    fact = Fact.objects.get(user=tom, topic="car")
    services.retire(row=fact)
    assert "does not count" in words(send(f"/knows/facts/{fact.pk}/sharing/", sensitivity="share"))
    assert Fact.objects.get(user=tom, topic="car").status == "retired"


def test_what_was_taken_away_can_be_undone_brought_back_and_deleted(send, page, tom):
    fact = Fact.objects.get(user=tom, topic="car")
    response = send(f"/knows/facts/{fact.pk}/retire/")
    assert "Forgotten" in words(response) and f"/knows/facts/{fact.pk}/restore/" in words(response)
    assert fact.statement.replace("'", "&#x27;") in page("/knows/gone/")
    send(f"/knows/facts/{fact.pk}/restore/")
    fact.refresh_from_db()
    assert fact.status == "confirmed"
    assert "still counts" in words(send(f"/knows/facts/{fact.pk}/delete/"))
    send(f"/knows/facts/{fact.pk}/retire/")
    send(f"/knows/facts/{fact.pk}/delete/")
    assert not Fact.objects.filter(pk=fact.pk).exists()


def test_a_contact_is_added_changed_and_removed(send, page, tom):
    fields = {"name": "Royal City Pharmacy", "kind": "pharmacy", "phone": "519 555 0188", "hours": "Mon-Fri 9 to 6"}
    send("/knows/contacts/new/", **fields)
    contact = Contact.objects.get(user=tom, kind="pharmacy")
    assert (contact.phone, contact.hours["mon"]) == ("+15195550188", ["09:00", "18:00"])
    send(f"/knows/contacts/{contact.pk}/", **fields | {"do_not_call": "on", "phone": contact.phone})
    contact.refresh_from_db()
    assert contact.do_not_call and "Never called" in page()
    assert "Mon-Fri 9:00 am-6:00 pm" in page(f"/knows/contacts/{contact.pk}/")
    send(f"/knows/contacts/{contact.pk}/retire/")
    assert "Royal City" not in page()


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        ("contacts", {"name": "Joe", "phone": "call me"}, "look like a phone number"),
        ("contacts", {"name": "Joe", "hours": "mostly"}, "read these hours"),
        ("contacts", {"name": ""}, "required"),
        ("facts", {"statement": "", "sensitivity": "share"}, "required"),
        ("facts", {"statement": "x" * 501, "sensitivity": "share"}, "at most 500"),
        ("calendar", {"title": "x", "starts_at": "2026-12-01T10:00", "ends_at": "2026-12-01T09:00"}, "cannot end before it starts"),
        ("calendar", {"title": "x", "starts_at": "tomorrow"}, "valid date"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(send, path, fields, told):
    response = send(f"/knows/{path}/new/", **fields)
    assert response.status_code == 422 and told in words(response)
    assert all(str(value) in words(response) for value in fields.values())


def test_an_appointment_is_in_the_users_own_time_zone(send, page, tom):
    day = timezone.now().year + 1
    send("/knows/calendar/new/", title="Haircut", starts_at=f"{day}-06-01T10:30", place="Main Street")
    entry = CalendarEntry.objects.get(user=tom, title="Haircut")
    assert entry.starts_at.strftime("%H:%M") == "14:30", "Toronto, in summer"
    assert "10:30 am" in page() and f'value="{day}-06-01T10:30"' in page(f"/knows/calendar/{entry.pk}/")


@pytest.mark.parametrize(
    ("q", "found", "not_found"),
    [
        ("violet", ["Sweet Violet"], ["Speedvale"]),
        ("krista flowers", ["Krista likes white"], ["Honda"]),
        ("519 555-0117", ["Sweet Violet"], ["Brock Road School"]),
        ("patel", ["Dr. Patel, Dentist", "Dentist with Dr. Patel"], ["Honda"]),
        ("nothing like it", ["Nothing with these words"], ["Honda"]),
        ("100%_'\\", ["Nothing with these words"], ["Honda"]),
        ("\x00", ["Honda"], []),
    ],
)
def test_search_finds_by_words_and_number(page, q, found, not_found):
    html = page(q=q).replace("&#x27;", "'")
    assert all(part in html for part in found) and not any(part in html for part in not_found)


def test_a_proposal_is_settled_with_one_tap(send, page, tom):
    old = Fact.objects.get(user=tom, topic="car")
    new = some(services.propose_fact(user=tom, statement="Tom's car is a 2024 Civic", source=Source.REQUEST, replaces=old))
    html = page().replace("&#x27;", "'")
    assert "2024 Civic" in html and "You told Floyd before: “Tom's car is a 2019 Honda Civic”" in html
    assert f'href="/knows/facts/{new.pk}/"' in html and f'id="fact-{new.pk}"' not in html
    send(f"/knows/facts/{new.pk}/confirm/")
    old.refresh_from_db()
    assert old.status == "retired" and "Yes, remember it" not in page()


def test_a_no_can_be_undone(send, tom):
    contact = some(services.propose_contact(user=tom, name="Riverside Pharmacy", source=Source.EMAIL))
    response = send(f"/knows/contacts/{contact.pk}/reject/")
    undo = re.search(r'action="(/knows/contacts/\d+/\w+/)"', words(response).split("undo-note")[1])
    assert undo is not None
    send(undo[1])
    contact.refresh_from_db()
    assert contact.status == "proposed", "what was refused by a slip waits for its answer again"


def way_back(response) -> str:
    """Where the page's Undo goes."""
    undo = re.search(r'action="(/knows/\w+/\d+/\w+/)"', words(response).split("undo-note")[1])
    assert undo is not None
    return undo[1]


def test_a_yes_can_be_undone_and_what_it_replaced_counts_again(send, tom):
    old = Fact.objects.get(user=tom, topic="car")
    new = some(services.propose_fact(user=tom, statement="Tom's car is a 2024 Civic", source=Source.REQUEST, replaces=old))
    response = send(f"/knows/facts/{new.pk}/confirm/")
    assert "Remembered: “Tom&#x27;s car is a 2024 Civic”." in words(response)
    response = send(way_back(response))
    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.status, old.status) == ("proposed", "confirmed") and "undo-note" not in words(response)


def test_undoing_a_yes_brings_back_nothing_that_its_user_took_away_before(send, tom):
    old = Fact.objects.get(user=tom, topic="car")
    new = some(services.propose_fact(user=tom, statement="Tom's car is a 2024 Civic", source=Source.REQUEST, replaces=old))
    services.retire(row=old)
    send(way_back(send(f"/knows/facts/{new.pk}/confirm/")))
    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.status, old.status) == ("proposed", "retired")


def test_a_proposal_put_in_other_words_is_a_yes_that_can_be_undone(send, tom):
    old = Fact.objects.get(user=tom, topic="car")
    new = some(services.propose_fact(user=tom, statement="Tom's car is a 2024 Civic", source=Source.REQUEST, replaces=old))
    response = send(f"/knows/facts/{new.pk}/", statement="Tom's car is a 2025 Civic", about="Tom", topic="car", sensitivity="share")
    assert list(Fact.objects.filter(user=tom, topic="car", status="confirmed").values_list("statement", flat=True)) == ["Tom's car is a 2025 Civic"]
    send(way_back(response))
    new.refresh_from_db()
    assert new.status == "proposed"
    assert list(Fact.objects.filter(user=tom, topic="car", status="confirmed")) == [old]


def test_a_contact_and_an_appointment_that_are_changed_first_count_then(send, tom):
    contact = some(services.propose_contact(user=tom, name="Riverside Pharmacy", source=Source.EMAIL))
    entry = some(services.propose_calendar_entry(user=tom, title="Dentist", starts_at=timezone.now() + timedelta(days=3), source=Source.EMAIL))
    send(way_back(send(f"/knows/contacts/{contact.pk}/", name="Riverside Drugs", phone="")))
    contact.refresh_from_db()
    assert (contact.name, contact.status) == ("Riverside Drugs", "proposed")
    send(f"/knows/contacts/{contact.pk}/", name="Riverside Drugs", phone="")
    send(f"/knows/calendar/{entry.pk}/", title="Dentist", starts_at="2031-03-02T10:30")
    contact.refresh_from_db()
    entry.refresh_from_db()
    assert (contact.status, entry.status) == ("confirmed", "confirmed")


def test_a_page_with_scripts_gets_the_way_back_at_once(client, tom):
    fact = some(services.propose_fact(user=tom, statement="Tom has a <b>cat</b>", source=Source.REQUEST))
    client.force_login(tom)
    act = f"/knows/facts/{fact.pk}"
    toast = words(client.post(f"{act}/reject/", headers={"HX-Request": "true"}))
    assert f'hx-post="{act}/reopen/"' in toast and "&lt;b&gt;cat" in toast
    assert words(client.post(f"{act}/reject/", headers={"HX-Request": "true"})) == "", "done before: there is nothing to take back"
    assert client.post(f"{act}/reopen/", headers={"HX-Request": "true"}).status_code == 200
    fact.refresh_from_db()
    assert fact.status == "proposed"
    toast = words(client.post(f"{act}/confirm/", headers={"HX-Request": "true"}))
    assert "Remembered" in toast and f'hx-post="{act}/reopen/"' in toast and 'aria-keyshortcuts="u"' in toast
    assert client.post(f"{act}/confirm/", headers={"HX-Request": "true"}).status_code == 204, "done before: the way back stays"


def test_what_is_pushed_carries_no_form_and_moves_with_the_status(tom):
    fact = some(services.propose_fact(user=tom, statement="Tom has a cat", source=Source.REQUEST))
    waiting = render(("fact", str(fact.pk)))
    assert "#proposals" in waiting and "<form" not in waiting and f"/knows/facts/{fact.pk}/taps/" in waiting
    services.confirm(row=fact)
    known = render(("fact", str(fact.pk)))
    assert 'hx-target="#facts"' in known and f'id="proposal-facts-{fact.pk}" hx-swap-oob="delete"' in known
    services.retire(row=fact)
    gone = render(("fact", str(fact.pk)))
    assert gone.count('hx-swap-oob="delete"') == 2 and "cat" not in gone


def test_what_is_sent_after_the_session_ended_is_there_behind_the_sign_in(client, tom):
    referer = {"Referer": "http://testserver/knows/facts/new/"}
    sent = {"statement": "Mara <b>likes</b> maths", "about": "Mara", "sensitivity": "share", "password": "abcd efgh"}
    answer = client.post("/knows/facts/new/", sent, headers=referer)
    assert answer.url == "/accounts/login/?next=/knows/facts/new/"
    client.force_login(tom)
    html = words(client.get("/knows/facts/new/"))
    assert "Mara &lt;b&gt;likes&lt;/b&gt; maths" in html and "abcd" not in html
    assert "maths" not in words(client.get("/knows/")), "it is shown once"


def test_a_form_that_was_sent_too_late_leads_back_to_its_page(client, tom):
    referer = {"Referer": "http://testserver/knows/"}
    assert client.post("/knows/facts/1/retire/", headers=referer).url == "/accounts/login/?next=/knows/"
    assert client.post("/knows/facts/1/retire/", headers={"Referer": "https://evil.example/x"}).url.endswith("next=/knows/facts/1/retire/")


def test_many_facts_are_shown_in_part_and_all_on_demand(page, tom, django_assert_max_num_queries):
    Fact.objects.bulk_create(Fact(user=tom, statement=f"Note {number:04d}") for number in range(300))
    # However many facts there are; proposals, the interview and the review have a few of their own.
    with django_assert_max_num_queries(20):
        html = page()
    assert "Note 0299" in html and "Note 0001" not in html and "Show all 308" in html
    assert "Note 0001" in page(all="1")


@pytest.mark.parametrize("undo", ["facts-1", "facts-", "cats-1", "facts-99999999999999999999", "facts-²", "x" * 300])
def test_an_undo_that_is_none_is_nothing(page, undo):
    assert "Undo" not in page(undo=undo)


def test_nobody_undoes_anothers(client, alice, tom):
    fact = Fact.objects.get(user=tom, topic="car")
    services.retire(row=fact)
    client.force_login(alice)
    assert "Honda" not in client.get(f"/knows/?undo=facts-{fact.pk}").content.decode()
    assert client.post(f"/knows/facts/{fact.pk}/restore/").status_code == 404


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "Dental cleaning for Mara, Mon 7 Dec 2026, 2:15 pm"), ("de", "Dental cleaning for Mara, Mo, 7. Dez 2026, 14:15")]
)
def test_an_appointment_that_waits_for_a_yes_has_its_time_on_the_users_clock(client, tom, language, shown):
    at = datetime(2026, 12, 7, 19, 15, tzinfo=UTC)
    CalendarEntry.objects.create(user=tom, title="Dental cleaning for Mara", starts_at=at, source=Source.EMAIL, status=FactStatus.PROPOSED)
    type(tom).objects.filter(pk=tom.pk).update(page_language=language)
    client.force_login(tom)
    assert shown in client.get("/knows/").content.decode()


def opened(page, path) -> str:
    """What the page of a thing takes along of what it shows."""
    found = re.search(r'name="shown" value="([^"]*)"', page(path))
    assert found
    return html.unescape(found[1])


def test_two_windows_that_change_different_fields_both_have_their_way(send, page, tom):
    garage = services.add_contact(user=tom, name="Speedvale Garage", kind="garage", phone="+15195550123")
    path = f"/knows/contacts/{garage.pk}/"
    before = {"name": "Speedvale Garage", "kind": "garage", "phone": "+15195550123", "shown": opened(page, path)}
    send(path, **{**before, "notes": "ask for Joe"})
    send(path, **{**before, "do_not_call": "on", "phone": "+15195550124"})
    garage.refresh_from_db()
    assert (garage.notes, garage.do_not_call, garage.phone) == ("ask for Joe", True, "+15195550124")
    send(path, name="Speedvale Garage", kind="garage", phone="+15195550124", notes="ask for Joe", shown=opened(page, path))
    garage.refresh_from_db()
    assert not garage.do_not_call, "a box that was seen ticked is unticked"


def test_two_windows_that_change_the_same_field_are_told(send, page, tom):
    """The second one reads what stands there now, keeps what was typed, and has its way by saving again."""
    entry = services.add_calendar_entry(user=tom, title="Dentist", starts_at=timezone.now().replace(second=0, microsecond=0))
    path = f"/knows/calendar/{entry.pk}/"
    at = re.search(r'name="starts_at" value="([^"]*)"', page(path))
    assert at
    shown = opened(page, path)
    send(path, title="Dentist with Mara", starts_at=at[1], shown=shown)
    response = send(path, title="Dr. Patel", starts_at=at[1], place="Norfolk Street", shown=shown)
    assert response.status_code == 422
    assert "to: Dentist with Mara." in words(response) and 'value="Dr. Patel"' in words(response)
    entry.refresh_from_db()
    assert (entry.title, entry.place) == ("Dentist with Mara", "")
    again = re.search(r'name="shown" value="([^"]*)"', words(response))
    assert again
    send(path, title="Dr. Patel", starts_at=at[1], place="Norfolk Street", shown=html.unescape(again[1]))
    entry.refresh_from_db()
    assert (entry.title, entry.place) == ("Dr. Patel", "Norfolk Street")


def test_a_fact_that_another_window_changed_is_changed_where_it_stands_now(send, page, tom):
    fact = services.add_fact(user=tom, statement="Tom's car is a Civic", about="Tom")
    path = f"/knows/facts/{fact.pk}/"
    before = {"about": "Tom", "topic": "", "sensitivity": "share", "shown": opened(page, path)}
    send(path, statement="Tom's car is a Golf", **before)
    response = send(path, statement="Tom's car is a Volvo", **before)
    successor = Fact.objects.get(supersedes=fact)
    assert successor.statement == "Tom's car is a Golf"
    assert f'action="/knows/facts/{successor.pk}/"' in words(response) and "Tom&#x27;s car is a Volvo" in words(response)
    send(path, statement="Tom's car is a Civic", **{**before, "topic": "car"})
    last = Fact.objects.get(supersedes=successor)
    assert (last.statement, last.topic) == ("Tom's car is a Golf", "car"), "the topic alone was changed here"


@pytest.mark.parametrize(
    ("add", "kind", "field", "more"),
    [
        (services.add_fact, "facts", "statement", {"sensitivity": "share"}),
        (services.add_contact, "contacts", "name", {}),
        (services.add_calendar_entry, "calendar", "title", {"starts_at": "2030-01-07T09:30"}),
    ],
)
def test_what_another_window_took_away_comes_back_only_if_it_is_saved_again(send, page, tom, add, kind, field, more):
    row = add(user=tom, **{field: "Before"}, **({"starts_at": datetime(2030, 1, 7, 9, 30, tzinfo=UTC)} if more.get("starts_at") else {}))
    path = f"/knows/{kind}/{row.pk}/"
    shown = opened(page, path)
    services.retire(row=row)
    response = send(path, **{field: "After"}, **more, shown=shown)
    row.refresh_from_db()
    assert (response.status_code, row.status, getattr(row, field)) == (422, FactStatus.RETIRED, "Before")
    assert "nothing was saved" in words(response) and 'value="After"' in words(response)
    again = re.search(r'name="shown" value="([^"]*)"', words(response))
    assert again
    send(path, **{field: "After"}, **more, shown=html.unescape(again[1]))
    assert type(row).objects.get(user=tom, status=FactStatus.CONFIRMED, **{field: "After"})
