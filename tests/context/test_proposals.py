"""What Floyd believes it learned: asked about once, never used before the yes, and undone with one tap."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from context import selectors, services
from context.errors import KnowledgeError
from context.models import CalendarEntry, Contact, Fact, FactStatus, Source
from context.proposals import is_known_fact
from context.selectors import taken_away
from context.snapshot import take_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


def propose_fact(user, statement="Tom is allergic to penicillin", **fields):
    return services.propose_fact(user=user, statement=statement, source=Source.EMAIL, source_ref="mail:7", **fields)


def propose_contact(user, name="Riverside Pharmacy", **fields):
    return services.propose_contact(user=user, name=name, source=Source.EMAIL, source_ref="mail:7", **fields)


def propose_entry(user, title="Oil change", starts_at=NOON, **fields):
    return services.propose_calendar_entry(user=user, title=title, starts_at=starts_at, source=Source.EMAIL, source_ref="mail:7", **fields)


PROPOSE = {"fact": propose_fact, "contact": propose_contact, "entry": propose_entry}
any_kind = pytest.mark.parametrize("kind", PROPOSE)


@any_kind
def test_a_proposal_says_where_it_comes_from_and_is_used_for_nothing(tom, kind):
    row = PROPOSE[kind](tom)
    assert (row.status, row.source, row.source_ref) == ("proposed", "email", "mail:7")
    assert str(row) not in [str(known) for known in (*selectors.confirmed_facts(tom), *selectors.contacts(tom))]
    snapshot = str(take_snapshot(user=tom, now=NOON))
    assert all(words not in snapshot for words in ("penicillin", "Riverside", "Oil change"))


@any_kind
def test_a_yes_makes_it_known_and_a_no_keeps_it_from_coming_back(tom, kind):
    row = PROPOSE[kind](tom)
    assert PROPOSE[kind](tom) is None, "it waits already"
    assert services.confirm(row=row) and row.status == "confirmed"
    assert not services.confirm(row=row)
    assert not services.reject(row=row), "a known thing is no proposal"
    assert PROPOSE[kind](tom) is None, "it is known"
    assert any(words in str(take_snapshot(user=tom, now=NOON)) for words in ("penicillin", "Riverside", "Oil change"))


@any_kind
def test_what_was_refused_is_not_proposed_again(tom, alice, kind):
    row = PROPOSE[kind](tom)
    assert services.reject(row=row) and not services.reject(row=row)
    assert PROPOSE[kind](tom) is None
    assert not services.confirm(row=row) and row.status == "retired"
    assert PROPOSE[kind](alice) is not None, "another user's no is nobody else's"


@pytest.mark.parametrize("statement", ["tom is allergic to penicillin.", "  Tom is  allergic, to Penicillin!"])
def test_the_same_words_are_the_same_fact(tom, statement):
    propose_fact(tom)
    assert propose_fact(tom, statement) is None
    assert propose_fact(tom, "Tom is allergic to peanuts") is not None


@pytest.mark.parametrize(
    ("fields", "is_new"),
    [
        ({"name": "The Flower Shop", "phone": "519 555 0117"}, False),  # Sweet Violet's number
        ({"name": "sweet violets", "phone": "519 555 0177"}, True),
        ({"name": "SWEET VIOLET'S"}, False),
        ({"name": "Sweet Violet's", "phone": "519 555 0199"}, True),  # another branch
        ({"name": "Somebody else"}, True),
    ],
)
def test_a_contact_is_known_by_number_or_name(tom, fields, is_new):
    assert (propose_contact(tom, **fields) is not None) is is_new


def test_a_contact_with_a_wrong_number_is_not_proposed(tom):
    with pytest.raises(KnowledgeError):
        propose_contact(tom, phone="call me")
    assert not Contact.objects.filter(status=FactStatus.PROPOSED).exists()


def test_the_yes_to_a_contradiction_retires_what_was_known(tom):
    old = Fact.objects.get(topic="car")
    new = propose_fact(tom, "Tom's car is a 2024 Civic", replaces=old, topic="car")
    old.refresh_from_db()
    assert old.status == "confirmed", "until the user says so"
    services.confirm(row=new)
    old.refresh_from_db()
    assert old.status == "retired"
    assert services.restore(row=old), "the user was wrong"
    new.refresh_from_db()
    assert (old.status, new.status) == ("confirmed", "retired")


def test_the_no_to_a_contradiction_keeps_what_was_known(tom):
    old = Fact.objects.get(topic="car")
    services.reject(row=propose_fact(tom, "Tom's car is a 2024 Civic", replaces=old))
    old.refresh_from_db()
    assert old.status == "confirmed"


def test_what_was_replaced_may_hold_again(tom):
    winter = services.add_fact(user=tom, statement="Winter tires are on")
    summer = services.supersede_fact(fact=winter, statement="Summer tires are on", source=Source.TOLD)
    assert propose_fact(tom, "Winter tires are on", replaces=summer) is not None


@any_kind
def test_what_was_taken_back_is_brought_back_or_deleted_for_good(tom, kind):
    row = PROPOSE[kind](tom)
    services.confirm(row=row)
    with pytest.raises(KnowledgeError):
        services.delete_for_good(row=row)
    assert services.retire(row=row) and not services.retire(row=row)
    assert services.restore(row=row) and not services.restore(row=row)
    services.retire(row=row)
    services.delete_for_good(row=row)
    services.delete_for_good(row=row)
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert PROPOSE[kind](tom) is not None, "nothing of it is left"


def test_removed_contacts_and_appointments_are_neither_called_nor_cited(tom):
    entry = CalendarEntry.objects.get(user=tom)
    services.retire(row=Contact.objects.get(user=tom, kind="dentist"))
    services.retire(row=entry)
    snapshot = take_snapshot(user=tom, now=timezone.now())
    assert "Dr. Patel, Dentist" not in {contact["name"] for contact in snapshot["contacts"]} and snapshot["calendar"] == []


def test_use_is_noted_for_the_users_own_facts_only(tom, alice):
    fact = Fact.objects.get(user=tom, topic="taste")
    services.note_use(user=alice, fact_ids=[fact.pk])
    fact.refresh_from_db()
    assert fact.last_used_at is None
    services.note_use(user=tom, fact_ids=[fact.pk])
    fact.refresh_from_db()
    assert fact.last_used_at is not None


def gone(user):
    return list(taken_away(Fact, user).values_list("pk", flat=True))


def test_a_tap_on_a_switch_takes_nothing_away(tom):
    first = Fact.objects.get(user=tom, topic="car")
    fact = services.correct_fact(fact=first, statement="The car is a 2021 Mazda 3")
    for sensitivity in ("never", "ask_first", "share"):
        fact = services.set_sensitivity(fact=fact, sensitivity=sensitivity)
    assert gone(tom) == [], "neither what the switch left, nor what was corrected before"
    services.retire(row=fact)
    assert gone(tom) == [fact.pk, first.pk], "once each, whatever the switch said meanwhile"


def test_what_comes_back_takes_the_place_of_all_that_followed_it(tom):
    first = Fact.objects.get(user=tom, topic="car")
    fact = services.correct_fact(fact=first, statement="The car is a 2021 Mazda 3")
    fact = services.set_sensitivity(fact=fact, sensitivity="never")
    assert services.restore(row=first)
    assert list(Fact.objects.filter(user=tom, topic="car", status="confirmed")) == [first]
    assert gone(tom) == [fact.pk]


def test_what_was_replaced_may_hold_again_whatever_was_switched_since(tom):
    first = Fact.objects.get(user=tom, topic="car")
    fact = services.correct_fact(fact=first, statement="The car is a 2021 Mazda 3")
    services.set_sensitivity(fact=fact, sensitivity="never")
    assert not is_known_fact(tom, first.statement)
    services.retire(row=Fact.objects.get(user=tom, topic="car", status="confirmed"))
    assert is_known_fact(tom, "The car is a 2021 Mazda 3")


def test_what_is_deleted_for_good_leaves_no_version_of_its_switch(tom):
    first = Fact.objects.get(user=tom, topic="car")
    fact = services.correct_fact(fact=first, statement="The car is a 2021 Mazda 3")
    for sensitivity in ("never", "ask_first"):
        fact = services.set_sensitivity(fact=fact, sensitivity=sensitivity)
    services.retire(row=fact)
    services.delete_for_good(row=fact)
    assert list(Fact.objects.filter(user=tom, topic="car")) == [first] and gone(tom) == [first.pk]
