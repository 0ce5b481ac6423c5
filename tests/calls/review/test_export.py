"""Files for staff: no spreadsheet runs what a caller said, and whole calls are logged as read."""

import csv
import io
import json

import pytest

from calls.review import export, judging
from calls.review_models import StaffReading
from tests.calls.review.scene import GREETING, REASON, in_queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1 519", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "|cmd", "%0A=1", "\uff1d1", '=HYPERLINK("//x.example")', "\x00=1"]
)
def test_no_cell_is_a_formula(cell):
    assert export.safe(cell) == "'" + cell.replace("\x00", "")


@pytest.mark.parametrize("cell", ["plain", "a=b", "2026-11-21T10:00:00+00:00", 5, -5, 1.5, ""])
def test_what_is_none_stays(cell):
    assert export.safe(cell) == cell


def test_the_list_as_csv_has_figures_and_nobodys_words(client, tom, sam):
    review = in_queue(tom, waits=(640, 1700))
    judging.label(staff=sam, call_id=review.pk, names=["=cmd|' /c calc'!a1", "slow"])
    in_queue(tom, review={"verdict": "good"})
    client.force_login(sam)
    answer = client.get("/staff/calls.csv")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"] and answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["call"], row["slowest_ms"], row["outcome"], row["seconds"]) == (str(review.pk), "1700", "goal_reached", "42")
    assert row["labels"].startswith("'=cmd")
    for private in (tom.name, tom.email, GREETING, "Mara", "+1519"):
        assert private not in text
    assert not StaffReading.objects.exists()


def test_whole_calls_as_json_need_a_reason_and_are_logged_one_by_one(client, tom, sam):
    review, other = in_queue(tom), in_queue(tom, review={"verdict": "good"})
    judging.note(staff=sam, call_id=review.pk, text="Too long.")
    client.force_login(sam)
    assert client.get("/staff/calls.json").url.startswith("/staff/reason/")
    client.post("/staff/reason/", {"reason": REASON})
    document = json.loads(client.get("/staff/calls.json").content)
    (call,) = document["calls"]
    assert (call["call"], document["reason"]) == (str(review.pk), REASON)
    assert call["lines"][0]["text"] == GREETING and call["turn_times"][0]["whole_ms"] == 800 and call["notes"][0]["text"] == "Too long."
    assert [(reading.call_id, reading.what) for reading in StaffReading.objects.all()] == [(review.pk, "export")]
    assert review.call.made_for.events.filter(kind="staff_look").count() == 1
    assert not other.call.made_for.events.filter(kind="staff_look").exists()


def test_a_file_ends_somewhere(client, tom, sam, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    for _ in range(2):
        in_queue(tom)
    client.force_login(sam)
    assert len(client.get("/staff/calls.csv").content.decode().splitlines()) == 2
