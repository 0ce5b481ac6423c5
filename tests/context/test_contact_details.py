"""What a call brought of a business is kept with its call, never over what the user said, and taken back one by one."""

import pytest
from django.utils import translation

from context.contact_details import drop_detail, keep_details, remembered
from context.kept_words import said
from context.models import Contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

HOURS = {"kind": "hours", "item": "", "value": "Mon-Fri 08:00-17:00"}
PRICE = {"kind": "price", "item": "oil change", "value": "", "amount_minor": 12_000, "currency": "CAD"}


@pytest.fixture
def garage(tom):
    return Contact.objects.get(user=tom, kind="garage")


def test_details_are_kept_once_and_shown_with_their_source(client, tom, garage):
    assert len(keep_details(contact=garage, details=[HOURS, PRICE], call="1")) == 2
    assert keep_details(contact=garage, details=[HOURS, PRICE], call="1") == []
    garage.refresh_from_db()
    assert garage.hours["mon"] == ["08:00", "17:00"] and len(garage.details) == 2
    client.force_login(tom)
    html = client.get(f"/knows/contacts/{garage.pk}/").content.decode()
    assert "price of oil change: $120" in html and "from a call" in html
    client.post(f"/knows/contacts/{garage.pk}/details/0/", {"at": garage.details[0]["at"]})
    garage.refresh_from_db()
    assert garage.hours == {} and [detail["kind"] for detail in garage.details] == ["price"]
    assert not drop_detail(contact=garage, place=0, at="another moment") and not drop_detail(contact=garage, place=9, at="")


REFERENCE = {"kind": "reference", "item": "booking number", "value": "AB12"}


def test_german_pages_show_them_in_german(client, tom, garage):
    tom.page_language = "de"
    tom.save()
    kept = keep_details(contact=garage, details=[HOURS, PRICE, REFERENCE], call="1")
    client.force_login(tom)
    html = client.get(f"/knows/contacts/{garage.pk}/").content.decode()
    assert "Preis von oil change: 120" in html and "geöffnet Mo-Fr" in html and "Aktenzeichen AB12" in html
    with translation.override("de"):
        told = [said(remembered(garage.name, detail)) for detail in kept]
    assert [one.split(": ", 1)[1] for one in told] == ["geöffnet Mo-Fr 08:00-17:00.", "Preis von oil change: 120\xa0$.", "Aktenzeichen AB12."]


def test_a_newer_call_counts(garage):
    keep_details(contact=garage, details=[PRICE, HOURS], call="1")
    garage.refresh_from_db()
    keep_details(contact=garage, details=[PRICE | {"amount_minor": 13_000}, HOURS | {"value": "Mon-Fri 09:00-17:00"}], call="2")
    garage.refresh_from_db()
    assert [detail.get("amount_minor") for detail in garage.details if detail["kind"] == "price"] == [13_000]
    assert garage.hours["mon"] == ["09:00", "17:00"]


def test_hours_that_the_user_gave_stay(garage):
    garage.hours = {"mon": ["10:00", "12:00"]}
    garage.save()
    keep_details(contact=garage, details=[HOURS], call="1")
    garage.refresh_from_db()
    assert garage.hours == {"mon": ["10:00", "12:00"]} and len(garage.details) == 1
    assert drop_detail(contact=garage, place=0, at=garage.details[0]["at"])
    garage.refresh_from_db()
    assert garage.hours == {"mon": ["10:00", "12:00"]}
