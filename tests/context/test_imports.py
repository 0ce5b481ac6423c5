"""Files of contacts, appointments and facts: looked at, saved once, undone; a hostile one harms nobody and says what is wrong."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from context import services
from context.import_models import ImportBatch
from context.imports import batches
from context.imports.found import MOST_BYTES, MOST_ITEMS, UnreadableError
from context.models import CalendarEntry, Contact, Fact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

VCARD = """BEGIN:VCARD
VERSION:3.0
N:Okafor;Ada;;Dr.;
FN:Dr. Ada Okafor
ORG:Riverside Pharmacy
item1.TEL;TYPE=WORK,FAX:519 555 0100
TEL;TYPE=CELL:(519) 555-0188
ADR;TYPE=WORK:;;12 River Road;Guelph;ON;N1H 1A1;Canada
NOTE:Ask for Joe\\, mornings only\\nring
  twice
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=
=C3=B6rg
TEL;PREF:tel:+1-519-555-0190
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Sweet Violet's
TEL:+15195550117
END:VCARD
BEGIN:VCARD
VERSION:3.0
TEL:+15195550191
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Aunt May
TEL:call the farm
END:VCARD
"""
HEAD, TAIL = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n", "END:VCALENDAR\r\n"


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> bytes:
    return (HEAD + "".join(events) + TAIL).encode()


def read(user, data, name="file"):
    return batches.read_file(user=user, name=name, data=data if isinstance(data, bytes) else data.encode())


def refused(user, data) -> str:
    with pytest.raises(UnreadableError) as found:
        read(user, data)
    assert not ImportBatch.objects.exists()
    return str(found.value)


def test_contacts_are_read_with_their_number_and_known_ones_left_out(tom):
    batch = read(tom, VCARD)
    ada, joerg, may = batch.items
    assert (ada["name"], ada["phone"], ada["address"]) == ("Dr. Ada Okafor", "+15195550188", "12 River Road, Guelph, ON, N1H 1A1, Canada")
    assert ada["notes"] == "Riverside Pharmacy; Ask for Joe, mornings only ring twice"
    assert (joerg["name"], joerg["phone"]) == ("Jörg Müller", "+15195550190")
    assert (may["phone"], may["notes"][:34]) == ("", "Number in the file: call the farm.")
    assert len(batch.troubles) == 3 and "Card number 3: Floyd knows it already" in batch.troubles
    assert Contact.objects.filter(user=tom).count() == 4, "nothing is saved yet"


def test_a_batch_is_saved_once_and_undone_as_one(tom):
    batch = read(tom, VCARD)
    assert batches.save(batch=batch) and not batches.save(batch=batch)
    assert set(Contact.objects.filter(source_ref=f"import:{batch.pk}").values_list("source", flat=True)) == {"import"}
    assert Contact.objects.filter(user=tom, status="confirmed").count() == 7
    assert batches.undo(batch=batch) == 3 and batches.undo(batch=batch) == 0
    assert Contact.objects.filter(user=tom, status="confirmed").count() == 4
    again = read(tom, VCARD)
    assert len(again.items) == 3, "what was undone can be imported again"


def test_the_same_file_twice_is_nothing_new(tom):
    batches.save(batch=read(tom, VCARD))
    assert read(tom, VCARD).items == []


def test_appointments_keep_their_zone_and_days(tom):
    batch = read(
        tom,
        calendar(
            event("UID:1", "SUMMARY:Dentist", "DTSTART;TZID=Europe/Berlin:20261201T100000", "DURATION:PT30M", "LOCATION:Main Street"),
            event("UID:2", "SUMMARY:Floating", "DTSTART:20261201T100000"),
            event("UID:3", "SUMMARY:Birthday", "DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261203"),
            event("UID:4", "SUMMARY:Gone", "STATUS:CANCELLED", "DTSTART:20261201T100000Z"),
            event("UID:5", "DTSTART:20261201T100000Z"),
            event("UID:6", "SUMMARY:No time"),
        ),
    )
    dentist, floating, birthday = batch.items
    assert (dentist["starts_at"], dentist["ends_at"]) == ("2026-12-01T10:00:00+01:00", "2026-12-01T10:30:00+01:00")
    assert floating["starts_at"] == "2026-12-01T10:00:00-05:00"
    assert birthday["all_day"] and birthday["starts_at"] == "2026-12-02T00:00:00-05:00"
    assert len(batch.troubles) == 3
    assert batches.save(batch=batch)
    assert CalendarEntry.objects.get(user=tom, title="Birthday").all_day


def test_what_repeats_is_taken_for_a_year_across_the_clock_change(tom):
    weekly = event(
        "UID:7",
        "SUMMARY:Swimming",
        "DTSTART;TZID=America/Toronto:20200106T170000",
        "RRULE:FREQ=WEEKLY",
        "EXDATE;TZID=America/Toronto:20270104T170000",
    )
    batch = read(tom, calendar(weekly))
    assert 50 <= len(batch.items) <= 53 and "365 days" in batch.notes[0]
    assert {item["starts_at"][11:] for item in batch.items} == {"17:00:00-05:00", "17:00:00-04:00"}
    assert not any(item["starts_at"].startswith("2027-01-04") for item in batch.items)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24)))],
)
def test_a_bomb_of_repetitions_goes_off_far_away(tom, rule):
    began = time.monotonic()
    bomb = event("UID:8", "SUMMARY:Bomb", "DTSTART:00010101T000000Z", f"RRULE:{rule}")
    try:
        batch = read(tom, calendar(bomb, event("UID:9", "SUMMARY:Dentist", "DTSTART:20261201T100000Z")))
    except UnreadableError as error:
        assert "takes too long" in str(error)
    else:
        assert len(batch.items) <= 401 and "Dentist" in str(batch.items)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Name,Phone\nJoe's Garage,519 555 0177\n,\n", [("contact", "Joe's Garage", "+15195550177")]),
        ('First Name;Last Name;Mobile Phone\nAda;Okafor;"=""5195550177"""\n', [("contact", "Ada Okafor", "+15195550177")]),
        ("statement\ttopic\nMara is in grade 4\tschool\n", [("fact", "Mara is in grade 4", "school")]),
        ("Subject,Start Date,Start Time,End Time\nDentist,12/01/2026,09:30 AM,10:00 AM\n", [("entry", "Dentist", "2026-12-01T09:30:00-05:00")]),
        ("title,start\nTrip,2026-12-01\n", [("entry", "Trip", "2026-12-01T00:00:00-05:00")]),
    ],
)
def test_tables_are_told_apart_by_their_columns(tom, text, items):
    found = read(tom, text).items
    shown = [
        (
            item["kind"],
            item.get("name") or item.get("statement") or item.get("title"),
            item.get("phone") or item.get("topic") or item.get("starts_at"),
        )
        for item in found
    ]
    assert shown == items


def test_formulas_and_broken_rows_are_left_out_and_the_rest_is_taken(tom):
    rows = ["name,phone", '=HYPERLINK("http://x.example"),1', "@SUM(1),2", "+cmd|' /C calc'!A0,3", "Joe,519 555 0177", ",5", "Jo,519 555 0177"]
    batch = read(tom, "\n".join(rows))
    assert [item["name"] for item in batch.items] == ["Joe"]
    assert len(batch.troubles) == 5 and "Row number 2: it holds a formula" in batch.troubles[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"   \r\n ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "no text file"),
        (b"PK\x03\x04" + os.urandom(5000), "no text file"),
        (b"\x1f\x8b\x08" + os.urandom(5000), "no text file"),
        (b"hello there", "first line must name the columns"),
        (b"name,phone\n", "Nothing in this file"),
        (b'name,phone\n"Joe,1', "quote is not closed"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\n", "broken"),
        (b"BEGIN:VCARD\nFN:", "Nothing in this file"),
        (b"name\n" + b"x\n" * (2 * MOST_ITEMS + 2), "more than"),
        (b"name\n" + b"\n".join(b"Joe %d" % number for number in range(MOST_ITEMS + 1)), "more than"),
        (b"name\n" + b"x" * 30_000, "very long"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
    ],
)
def test_what_cannot_be_read_says_why_and_changes_nothing(tom, data, told):
    assert told in refused(tom, data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_survive_however_they_were_written(tom, encoding):
    batch = read(tom, "name,phone\nJörg Müller,519 555 0177\n".encode(encoding))
    assert batch.items[0]["name"] == "Jörg Müller"
    assert bool(batch.notes) is (encoding == "cp1252")


def test_what_a_file_says_is_text(client, tom):
    client.force_login(tom)
    sent = SimpleUploadedFile("<script>.csv", b"name,phone\n<script>alert(1)</script>,519 555 0177\n")
    page = client.post("/knows/import/", {"file": sent}, follow=True).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_by_the_pages_a_file_is_looked_at_saved_and_undone(client, tom):
    client.force_login(tom)
    page = client.post("/knows/import/", {"file": SimpleUploadedFile("friends.vcf", VCARD.encode())}, follow=True)
    batch = ImportBatch.objects.get(user=tom)
    assert "3 new. Nothing is saved yet." in page.content.decode() and "Card number 4: it has no name" in page.content.decode()
    assert "3 saved" in client.post(f"/knows/import/{batch.pk}/save/", follow=True).content.decode()
    assert "3 entries were taken away" in client.post(f"/knows/import/{batch.pk}/undo/", follow=True).content.decode()


def test_one_entry_is_undone_as_one(client, tom):
    batch = read(tom, b"name,phone\nAnna,519 555 0178\n")
    client.force_login(tom)
    client.post(f"/knows/import/{batch.pk}/save/")
    assert "Undone: one entry was taken away." in client.post(f"/knows/import/{batch.pk}/undo/", follow=True).content.decode()


def test_a_file_of_25_megabytes_is_refused_on_the_page(client, tom):
    client.force_login(tom)
    page = client.post("/knows/import/", {"file": SimpleUploadedFile("big.ics", b"x" * 25 * 1024 * 1024)})
    assert page.status_code == 422 and "larger than 2 MB" in page.content.decode()
    assert "Choose a file first" in client.post("/knows/import/").content.decode()


def test_somebody_elses_import_is_not_there(client, tom, alice):
    batch = read(tom, VCARD)
    client.force_login(alice)
    assert {client.get(f"/knows/import/{batch.pk}/").status_code, client.post(f"/knows/import/{batch.pk}/save/").status_code} == {404}
    assert Contact.objects.filter(user=alice).count() == 0


def test_what_was_only_looked_at_is_not_kept_for_ever(tom):
    for _ in range(batches.MOST_OPEN + 3):
        last = read(tom, VCARD)
    assert ImportBatch.objects.filter(user=tom).count() == batches.MOST_OPEN
    batches.discard(batch=last)
    assert not ImportBatch.objects.filter(pk=last.pk).exists()


def test_a_fact_of_a_file_is_a_duplicate_whatever_its_case(tom):
    services.add_fact(user=tom, statement="Mara is in grade 4")
    batch = read(tom, "statement\nMARA is in grade 4.\nMara is in grade 5\nmara is in Grade 5\n")
    assert [item["statement"] for item in batch.items] == ["Mara is in grade 5"]
    assert Fact.objects.filter(user=tom).count() == 9
