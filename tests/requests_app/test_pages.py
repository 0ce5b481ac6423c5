"""What pages show, say and keep."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from context.models import User
from context.snapshot import take_snapshot
from requests_app import services
from requests_app.models import Channel, Event, Request
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def page(client, tom):
    client.force_login(tom)
    return client


def fields(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def test_sending_the_same_form_twice_makes_one_request(page):
    form = fields(page.get("/").content.decode())
    data = {"ask": "Call the school.", "client_key": form["client_key"], "channel": "web"}
    answers = [page.post("/requests/", data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].url == answers[1].url == f"/requests/{Request.objects.get().pk}/"


def test_every_form_has_a_key_of_its_own(page):
    keys = {fields(page.get("/").content.decode())["client_key"] for _ in range(3)}
    assert len(keys) == 3


def test_what_was_said_is_marked_as_said(page):
    page.post("/requests/", {"ask": "Call the school.", "channel": "voice"})
    assert Request.objects.get().channel == Channel.VOICE


@pytest.mark.parametrize(("ask", "said"), [("", "empty"), ("   ", "empty"), ("x" * 2001, "more briefly"), ("a\x01b", "look like text")])
def test_a_bad_ask_says_why_and_keeps_the_text(page, ask, said):
    response = page.post("/requests/", {"ask": ask, "client_key": "k", "channel": "web"})
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    if len(ask) > 100:
        assert ask in html
    assert Request.objects.count() == 0


def test_the_same_key_with_other_words_asks_before_it_makes_a_second_request(page):
    data = {"client_key": "k", "channel": "web"}
    page.post("/requests/", {**data, "ask": "Call the school."})
    response = page.post("/requests/", {**data, "ask": "Call the dentist."})
    assert response.status_code == 409
    html = response.content.decode()
    assert "Call the dentist." in html
    assert fields(html)["client_key"] != "k"


def test_a_tampered_form_is_refused_with_a_sentence(page):
    response = page.post("/requests/", {"ask": "Call the school.", "channel": "carrier pigeon"})
    assert response.status_code == 422
    assert "Please send it again" in response.content.decode()


def test_an_answer_is_taken_and_read(page, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    question = services.ask_question(request=wish, kind="choice", text="Which?", step="plan", choices=["Hill & Sons", "Pipeworks"])
    assert page.post(f"/questions/{question.pk}/answer/", {"choice": "Pipeworks", "text": ""}).status_code == 303
    question.refresh_from_db()
    assert question.answer == {"choice": "Pipeworks"}


def test_an_answer_that_is_not_understood_says_how_to_put_it(page, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    question = services.ask_question(request=wish, kind="money", text="How much?", step="dial")
    page.post(f"/questions/{question.pk}/answer/", {"text": "hmm"})
    assert "an amount. Reply for example" in page.get(f"/requests/{wish.pk}/").content.decode()


def test_a_second_answer_is_told_that_the_first_counts(page, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    question = services.ask_question(request=wish, kind="yes_no", text="Tomorrow?", step="plan")
    address = f"/questions/{question.pk}/answer/"
    page.post(address, {"text": "yes"})
    response = page.post(address, {"text": "no"}, headers={"HX-Request": "true"})
    assert "The first answer counts." in response.content.decode()


def test_stopping_what_has_ended_is_explained(page, tom):
    wish = make_request(tom, status=Status.DONE)
    response = page.post(f"/requests/{wish.pk}/stop/", follow=True)
    assert "already ended" in response.content.decode()


def test_the_list_costs_the_same_for_many_requests(page, tom, django_assert_max_num_queries):
    for number in range(40):
        make_request(tom, status=Status.DONE if number % 2 else Status.PLANNING, ask=f"Request number {number}.")
    with django_assert_max_num_queries(12):
        page.get("/")


@pytest.mark.parametrize(
    "text", ["", "{", '{"goal":"Te', '{"steps":["a","b', '{"steps":[1,{}],"callee":[]}', "[1]", '"x"', "null", "no json", '{"goal":1}']
)
def test_a_plan_that_is_being_written_is_shown_as_far_as_it_goes(page, tom, text):
    wish = make_request(tom, status=Status.PLANNING, plan_text=text)
    assert page.get(f"/requests/{wish.pk}/").status_code == 200


# --- errors, headers ---


def test_an_address_that_does_not_exist_says_so_kindly(page):
    response = page.get("/nothing/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_a_form_from_an_old_page_says_what_to_do(tom):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tom)
    response = strict.post("/requests/", {"ask": "Call the school."})
    assert response.status_code == 403
    assert "Please send it again" in response.content.decode()
    assert "<p>Call the school.</p>" in response.content.decode()


def test_words_sent_after_the_session_ended_are_in_the_box_behind_the_sign_in(tom):
    client = Client()
    response = client.post("/requests/", {"ask": "Call the school, Mara is sick.", "client_key": "x"})
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/")
    client.force_login(tom)
    assert "Call the school, Mara is sick." in client.get("/").content.decode()
    assert "Call the school, Mara is sick." not in client.get("/").content.decode()
    assert not Request.objects.exists()


def test_a_defect_shows_a_page_and_not_a_traceback(tom, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(tom)
    monkeypatch.setattr("requests_app.views.request_list", lambda *_, **__: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "Something broke" in response.content.decode()


def away(*_: object, **__: object) -> None:
    raise OperationalError("connection failed") from psycopg.OperationalError("connection failed")


@pytest.mark.parametrize(("sent", "words"), [(False, "Try again in half a minute"), (True, "What you have just sent could not be taken")])
def test_while_the_database_is_away_a_page_says_so_and_when_to_come_back(tom, monkeypatch, sent, words):
    client = Client(raise_request_exception=False)
    client.force_login(tom)
    monkeypatch.setattr("requests_app.views.request_list", away)
    monkeypatch.setattr("requests_app.services.create_request", away)
    response = client.post("/requests/", {"ask": "Call the school.", "client_key": "x"}) if sent else client.get("/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert words in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/texts/", "/knows/", "/accounts/login/", "/nothing/"])
def test_pages_allow_no_foreign_script_and_only_our_own_use_of_the_microphone(page, path):
    response = page.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "microphone=(self)" in response.headers["Permissions-Policy"]
    html = response.content.decode()
    assert not re.search(r"<script(?![^>]* src=)(?![^>]*application/json)", html)
    assert not re.search(r"\s(style|on\w+)=", html)


def test_a_signed_out_fragment_sends_the_page_to_sign_in(client, tom):
    wish = make_request(tom)
    response = client.get(f"/requests/{wish.pk}/actions/", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/accounts/login/")


def test_pages_are_not_kept_by_caches(page):
    assert page.get("/").headers["Cache-Control"] == "no-store"


def test_an_answer_shows_what_it_rests_on(page, tom):
    entry = tom.calendar_entries.get()
    wish = make_request(
        tom,
        status=Status.DONE,
        snapshot=take_snapshot(user=tom, now=timezone.now()),
        outcome={
            "answer": "On Thursday.",
            "sources": [{"id": f"calendar:{entry.pk}"}, {"id": "contacts", "label": "your contacts"}],
        },
    )
    shown = page.get(f"/requests/{wish.pk}/").content.decode()
    assert "Dentist with Dr. Patel ·" in shown and "your contacts" in shown


@pytest.mark.parametrize(("language", "shown"), [("en", "2:15:07 pm"), ("de", "14:15:07")])
def test_the_timeline_goes_by_the_one_clock_to_the_second(client, tom, language, shown):
    User.objects.filter(pk=tom.pk).update(page_language=language, time_zone="America/Toronto")
    wish = make_request(tom)
    event = services.record_event(request_id=wish.pk, kind="note", text="The garage rang back")
    Event.objects.filter(pk=event.pk).update(created_at=datetime(2026, 3, 2, 19, 15, 7, tzinfo=UTC))
    client.force_login(User.objects.get(pk=tom.pk))
    page = client.get(f"/requests/{wish.pk}/").content.decode()
    assert f'">{shown}</time><span>The garage rang back' in page
