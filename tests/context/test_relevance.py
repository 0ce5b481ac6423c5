"""However much is known, a request gets a bounded part of it: the part that the ask is about, names misheard or not."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from context import services
from context.models import CalendarEntry, Contact, Fact, FactStatus, Sensitivity
from context.names import names_heard
from context.relevance import MOST_FACT_SIGNS
from context.searching import terms
from context.snapshot import take_snapshot
from requests_app.prompts import plan_messages

pytestmark = pytest.mark.django_db

PEOPLE = ["Mara", "Krista", "Ms. Lind", "Ostrowski", "Siobhan"]
BUSINESSES = ["Brock Road School", "Sweet Violet's", "Speedvale Garage", "Dr. Patel, Dentist", "Gino's Pizza", "Nguyen Tailors"]


def snapshot_of(user, ask):
    return take_snapshot(user=user, now=timezone.now(), ask=ask)


def statements(user, ask):
    return [fact["statement"] for fact in snapshot_of(user, ask)["facts"]]


def prompt_size(user, ask="Order Krista some flowers and ask the garage about the car"):
    return len(json.dumps(plan_messages(snapshot=snapshot_of(user, ask), ask=ask, answers=[], now=timezone.now())))


def many_facts(user, first, last):
    Fact.objects.bulk_create(
        Fact(user=user, statement=f"Item {number:05} in the cellar is a box of old papers", about="cellar") for number in range(first, last)
    )


def test_ten_thousand_facts_cost_no_more_prompt_than_a_hundred(tom):
    many_facts(tom, 0, 100)
    small = prompt_size(tom)
    many_facts(tom, 100, 10_000)
    # Ids and the count of what was left out have a few more digits.
    assert prompt_size(tom) <= small + 300
    assert "Krista likes white and pink flowers" in statements(tom, "Order Krista some flowers")


def test_long_winded_facts_cost_no_more_prompt_either(tom):
    Fact.objects.bulk_create(Fact(user=tom, statement=f"{number} {'and so on ' * 48}"[:500]) for number in range(200))
    facts = snapshot_of(tom, "Order flowers")["facts"]
    assert sum(len(fact["statement"]) for fact in facts) <= MOST_FACT_SIGNS


@pytest.mark.parametrize(
    ("ask", "statement"),
    [
        ("When were the deliveries to the cottage?", "The cottage takes a delivery on Fridays"),
        ("Tell the tailor about my trouser", "Tom's trousers are 32 long, tailored by Mr. Nguyen"),
        ("Call about the allergies", "Mara has an allergy to peanuts"),
        ("ask PIANO tuner", "The piano was tuned in March by Olga"),
    ],
)
def test_other_forms_of_a_word_are_found(tom, ask, statement):
    many_facts(tom, 0, 300)
    services.add_fact(user=tom, statement=statement)
    many_facts(tom, 300, 600)
    assert statement in statements(tom, ask)


def test_a_rare_word_is_found_among_many_common_ones(tom):
    services.add_fact(user=tom, statement="The theremin is with Olga for repair")
    many_facts(tom, 0, 900)
    assert "The theremin is with Olga for repair" in statements(tom, "Ask about the old papers, the box in the cellar, and my theremin")


@pytest.mark.parametrize("language", ["fr-CA", "de-DE"])
def test_the_stems_are_those_of_the_users_language(tom, language):
    tom.language = language
    many_facts(tom, 0, 300)
    said = {"fr-CA": ("Appelle pour mes allergies aux arachides", "Mara est allergique à l'arachide")}
    said["de-DE"] = ("Ruf wegen der Lieferungen an", "Die Lieferung kommt freitags")
    services.add_fact(user=tom, statement=said[language][1])
    many_facts(tom, 300, 500)
    assert said[language][1] in statements(tom, said[language][0])


def test_what_is_no_longer_or_never_to_be_told_is_not_found(tom):
    many_facts(tom, 0, 100)
    services.add_fact(user=tom, statement="The theremin cost 4417 dollars", sensitivity=Sensitivity.NEVER)
    services.add_fact(user=tom, statement="The theremin is Olga's", status=FactStatus.RETIRED)
    services.add_fact(user=tom, statement="The theremin is proposed", status=FactStatus.PROPOSED)
    assert not [one for one in statements(tom, "theremin") if "theremin" in one]


def test_of_one_user_nothing_reaches_another(tom, alice):
    many_facts(alice, 0, 100)
    services.add_fact(user=alice, statement="Alice keeps a theremin")
    many_facts(tom, 0, 100)
    assert "Alice keeps a theremin" not in statements(tom, "theremin")


def test_facts_about_people_whose_names_were_misheard_are_found(tom):
    many_facts(tom, 0, 300)
    snapshot = snapshot_of(tom, "Call the school, Myra is sick")
    assert "Mara goes to Brock Road School, grade 3, teacher Ms. Lind" in [fact["statement"] for fact in snapshot["facts"]]
    assert snapshot["heard"] == [{"words": "myra", "name": "Mara"}]


def test_a_business_that_was_misheard_is_found_among_many(tom):
    Contact.objects.bulk_create(Contact(user=tom, name=f"Plumber {number}", kind="plumber", preferred=True) for number in range(100))
    names = [contact["name"] for contact in snapshot_of(tom, "ring speed veil about my brakes")["contacts"]]
    assert "Speedvale Garage" in names


def test_an_old_appointment_is_found_when_it_is_asked_about(tom):
    now = timezone.now()
    services.add_calendar_entry(user=tom, title="Chimney sweep", starts_at=now - timedelta(days=400))
    CalendarEntry.objects.bulk_create(CalendarEntry(user=tom, title="Swimming", starts_at=now + timedelta(hours=hour)) for hour in range(80))
    assert "Chimney sweep" in [entry["title"] for entry in snapshot_of(tom, "When was the chimney swept?")["calendar"]]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("tell myra's teacher", "Mara"),
        ("order christa some flowers", "Krista"),
        ("order crista some flowers", "Krista"),
        ("ask miss lynd", "Ms. Lind"),
        ("ask mister ostrovsky", "Ostrowski"),
        ("call brok road", "Brock Road School"),
        ("call sweet violence", "Sweet Violet's"),
        ("order at jinos", "Gino's Pizza"),
        ("call speed vale", "Speedvale Garage"),
        ("book doctor patell", "Dr. Patel, Dentist"),
    ],
)
def test_misspelled_names_are_recognised(said, name):
    assert name in names_heard(said, [*PEOPLE, *BUSINESSES])


@pytest.mark.parametrize(
    "said", ["call the school, she is sick today", "order some flowers for my wife", "when is my next appointment", "book a table for four", ""]
)
def test_ordinary_words_are_no_names(said):
    assert names_heard(said, [*PEOPLE, "Gino's", "Sweet Violet's", "Speedvale"]) == {}


def test_names_that_are_spelled_right_need_no_guess():
    assert names_heard("order Krista flowers", ["Krista"]) == {}


def test_stop_words_are_not_looked_for():
    assert terms("Please call the school for me", "en-US") == ["'pleas':*", "'call':*", "'school':*"]
