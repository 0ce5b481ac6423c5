"""Reviewing: a reason first, then call after call, with verdicts, labels and notes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from calls.review import reasons
from calls.review.access import open_call
from calls.review_models import Review, StaffReading
from requests_app.access import STAFF_LOOK
from requests_app.errors import NotFound
from tests.calls.review.scene import GREETING, REASON, in_queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def reviewer(client, sam):
    """Sam, who has said why."""
    client.force_login(sam)
    client.post("/staff/reason/", {"reason": REASON})
    return client


def test_the_queue_names_nobody_and_quotes_nothing(client, tom, sam):
    in_queue(tom)
    client.force_login(sam)
    page = client.get("/staff/").content.decode()
    assert "goal reached" in page and "0.80 s" in page
    for private in (tom.name, tom.email, GREETING, "Brock Road", "+1519", "Mara"):
        assert private not in page
    assert not StaffReading.objects.exists()


def test_a_call_is_read_after_saying_why_and_its_user_can_read_that(client, tom, sam):
    review = in_queue(tom)
    client.force_login(sam)
    address = f"/staff/calls/{review.pk}/?wait=1500"
    sent_to = client.get(address)
    assert sent_to.url.startswith("/staff/reason/?next=/staff/calls/")
    assert client.post(sent_to.url, {"reason": " hm "}).status_code == 422
    opened = client.post(sent_to.url, {"reason": REASON})
    assert (opened.status_code, opened.url) == (303, address)
    page = client.get(address).content.decode()
    assert GREETING in page and "Tell them that Mara is sick." in page and "Tom Redmond" in page
    reading = StaffReading.objects.get()
    assert (reading.call_id, reading.staff, reading.reason) == (review.pk, sam, REASON)
    event = review.call.made_for.events.get(kind="staff_look")
    assert event.text == f"Staff looked at this request: {REASON}" and event.data["by"] == sam.pk


def test_a_look_is_logged_once_while_it_lasts_and_again_afterwards(tom, sam):
    review = in_queue(tom)
    events = review.call.made_for.events.filter(kind="staff_look")
    for _ in range(2):
        open_call(sam, review.pk, reason=REASON)
    assert (StaffReading.objects.count(), events.all().count()) == (1, 1)
    for row in (*StaffReading.objects.all(), *events):
        field = "opened_at" if isinstance(row, StaffReading) else "created_at"
        type(row).objects.filter(pk=row.pk).update(**{field: getattr(row, field) - STAFF_LOOK * 2})
    open_call(sam, review.pk, reason=REASON)
    assert (StaffReading.objects.count(), events.all().count()) == (2, 2)


@pytest.mark.parametrize("reason", ["", "  short ", "\n\n\n\n\n\n\n\n\n"])
def test_no_reason_opens_nothing(tom, sam, reason):
    review = in_queue(tom)
    with pytest.raises(NotFound):
        open_call(sam, review.pk, reason=reason)
    assert not StaffReading.objects.exists()


def test_the_reason_is_forgotten_after_some_hours(reviewer, tom, monkeypatch):
    review = in_queue(tom)
    assert reviewer.get(f"/staff/calls/{review.pk}/").status_code == 200
    monkeypatch.setattr(reasons, "KEPT_FOR", timedelta(seconds=-1))
    reviewer.post("/staff/reason/", {"reason": REASON})
    assert reviewer.get(f"/staff/calls/{review.pk}/").url.startswith("/staff/reason/")


def test_the_form_for_the_reason_leads_to_no_other_site(client, sam):
    client.force_login(sam)
    for onward in ("//evil.example/", "https://evil.example/", "javascript:alert(1)", ""):
        assert client.post("/staff/reason/", {"reason": REASON}, QUERY_STRING=f"next={onward}").url == "/staff/"


def test_a_verdict_leads_to_the_next_call_and_the_last_one_to_the_list(reviewer, tom, sam):
    oldest, newest = in_queue(tom), in_queue(tom)
    answer = reviewer.post(f"/staff/calls/{newest.pk}/verdict/?outcome=goal_reached", {"verdict": "leak"})
    assert (answer.status_code, answer.url) == (303, f"/staff/calls/{oldest.pk}/?outcome=goal_reached")
    newest.refresh_from_db()
    assert (newest.verdict, newest.verdict_by) == ("leak", sam) and newest.verdict_at
    last = reviewer.post(f"/staff/calls/{oldest.pk}/verdict/", {"verdict": "good"})
    assert last.url == "/staff/"
    assert "last call of this list" in reviewer.get(last.url).content.decode()


def test_a_verdict_can_be_taken_back_and_must_be_one(reviewer, tom):
    review = in_queue(tom, review={"verdict": "rude"})
    reviewer.post(f"/staff/calls/{review.pk}/verdict/", {"verdict": "splendid"})
    assert Review.objects.get(pk=review.pk).verdict == "rude"
    reviewer.post(f"/staff/calls/{review.pk}/verdict/", {"verdict": ""})
    assert Review.objects.get(pk=review.pk).verdict == ""


def test_labels_notes_and_whose_it_is_are_kept_and_shown(reviewer, tom, sam):
    review = in_queue(tom)
    at = f"/staff/calls/{review.pk}"
    reviewer.post(f"{at}/labels/", {"labels": "Hold music, slow , SLOW,,"})
    reviewer.post(f"{at}/note/", {"text": "Repeats itself.\nTwice."})
    reviewer.post(f"{at}/note/", {"text": "Here.", "seq": "2"})
    reviewer.post(f"{at}/assign/", {"to": sam.email.upper()})
    page = reviewer.get(f"{at}/").content.decode()
    assert 'value="hold music, slow"' in page and "Repeats itself.<br>Twice." in page
    assert page.index("Here.") > page.index('id="line-2"')
    review.refresh_from_db()
    assert review.assignee == sam
    reviewer.post(f"{at}/labels/", {"labels": "slow"})
    assert list(review.labels.values_list("name", flat=True)) == ["slow"]


def test_what_cannot_be_kept_is_said_and_not_kept(reviewer, tom):
    review = in_queue(tom)
    at = f"/staff/calls/{review.pk}"
    for path, form, words in (
        ("note", {"text": " "}, "Write something."),
        ("note", {"text": "x" * 1001}, "at most 1000"),
        ("labels", {"labels": "x" * 41}, "at most 40"),
        ("labels", {"labels": ",".join(map(str, range(13)))}, "At most 12"),
        ("assign", {"to": tom.email}, "Nobody on the staff"),
    ):
        assert words in reviewer.post(f"{at}/{path}/", form, follow=True).content.decode()
    assert not review.notes.exists() and not review.labels.exists()


def test_what_its_user_did_is_said_of_them_and_not_of_who_reads(reviewer, tom):
    call = in_queue(tom, end_reason="hung_up_by_user").call
    call.lines.create(seq=8, speaker="user", text="Ask about Sunday.", start_ms=9000, end_ms=9000)
    call.lines.create(seq=9, speaker="user", text="It is Tom.", intended="It is Tom.", start_ms=9500, end_ms=9900)
    call.lines.create(seq=10, speaker="floyd", text="", intended="Never heard.", start_ms=9950, end_ms=9950)
    html = reviewer.get(f"/staff/calls/{call.pk}/").content.decode()
    assert "the user hung up" in html and "you hung up" not in html
    assert [html.count(words) for words in ("Tom Redmond, to Floyd</span>", ">Tom Redmond</span>", ">You<")] == [1, 1, 0]
    assert "cut short" in html and "0:09 Never heard." in html, "a note can be about it"


def test_the_queue_is_filtered_by_how_calls_ended_in_the_words_that_it_shows(reviewer, tom):
    in_queue(tom, end_reason="hung_up_by_user")
    in_queue(tom)
    html = reviewer.get("/staff/?outcome=hung_up_by_user").content.decode()
    assert "1 in this list" in html and '<option value="hung_up_by_user" selected>The user hung up</option>' in html
    unknown = reviewer.get("/staff/?outcome=went_fishing").content.decode()
    assert '<option value="went_fishing" selected>Went fishing</option>' in unknown
    assert '<option value="" selected>Any outcome</option>' in reviewer.get("/staff/").content.decode()


def test_taking_calls_shows_them(reviewer, tom, sam):
    review = in_queue(tom)
    assert reviewer.post("/staff/take/").url == "/staff/?assigned=me"
    assert Review.objects.get(pk=review.pk).assignee == sam
    assert reviewer.post("/staff/take/").url == "/staff/"


def test_a_page_of_the_queue_takes_few_queries(reviewer, tom, django_assert_max_num_queries):
    for _ in range(4):
        in_queue(tom)
    with django_assert_max_num_queries(8):
        assert reviewer.get("/staff/").status_code == 200
    with django_assert_max_num_queries(30):
        reviewer.get(reverse("staff-call", args=[Review.objects.latest("pk").pk]))


def test_nonsense_in_the_address_is_no_error_of_ours(reviewer):
    assert reviewer.get("/staff/", {"before": "x"}).status_code == 404
    assert reviewer.get("/staff/", {"outcome": "\x00", "label": "%", "state": "'"}).status_code == 200
