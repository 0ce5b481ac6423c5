"""A fact that the user wants to be asked about first is told to nobody before a yes, and then in this one request only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calls import briefing
from context.models import Contact, Fact
from requests_app import number, planning, services
from requests_app.models import Message, Question, Request
from requests_app.plan_shown import plan_shown
from requests_app.services import Taken
from requests_app.status import Status
from tests.cast import make_request, tells
from tests.fakes import plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
SECRET = "Tom's date of birth is 4 May 1985"


@pytest.fixture
def booking(tom, thinker) -> Request:
    """A booking whose plan wants the date of birth, planned."""
    return booked(tom, thinker, Fact.objects.filter(user=tom, sensitivity="ask_first"))


def booked(tom, thinker, facts) -> Request:
    dentist = Contact.objects.get(user=tom, kind="dentist")
    callee = {"contact_id": f"contact:{dentist.pk}", "name": dentist.name, "kind": "dentist"}
    share = [f"fact:{fact.pk}" for fact in facts]
    thinker.scripts = [plan(kind="book", goal="Book a cleaning.", opening_line="I'd like to book a cleaning.", callee=callee, share=share)]
    request = make_request(tom, ask="Book a dentist cleaning; they need my date of birth")
    planning.pick_up(request_id=request.pk)
    request.refresh_from_db()
    return request


def answer(text: str) -> Taken:
    question = Question.objects.filter(step="share").latest("pk")
    return services.answer_question(question_id=question.pk, text=text, by="page").taken


def going_on(request: Request) -> Any:
    """The request after the task that its answer asked for."""
    number.find_number(request_id=request.pk)
    request.refresh_from_db()
    return request


def test_the_user_is_asked_before_anybody_is_called(booking, hints):
    question = Question.objects.get()
    assert booking.status == Status.WAITING_FOR_USER and not hints.ids("calls.place")
    assert question.text == "May I tell Dr. Patel, Dentist about your date of birth? You wanted to be asked first."
    assert (question.kind, question.releases) == ("yes_no", SECRET)


def test_nothing_but_the_topic_leaves_the_database_before_the_yes(booking, thinker):
    brief = briefing.make_brief(booking, attempt=1).to_json()
    assert not tells(json.dumps(thinker.asked), "1985") and not tells(json.dumps(brief), "1985")
    assert not Message.objects.filter(body__contains="1985").exists()


def test_a_yes_releases_it_for_this_request(booking, hints):
    assert answer("yes") is Taken.ANSWERED
    assert going_on(booking).status == Status.FINDING_NUMBER and hints.ids("calls.place") == [str(booking.pk)]
    brief = briefing.make_brief(booking, attempt=1)
    assert [fact.statement for fact in brief.facts] == [SECRET]
    assert brief.answers == ()
    assert booking.events.filter(kind="grant").get().text == "Floyd may tell it, in this request only."


def test_a_no_leaves_it_out_and_the_call_is_made(booking, hints):
    assert answer("no") is Taken.ANSWERED
    assert going_on(booking).status == Status.FINDING_NUMBER and hints.ids("calls.place")
    assert briefing.make_brief(booking, attempt=1).facts == ()


def test_a_yes_with_a_but_is_no_yes(booking):
    assert answer("yes, but only the year") is Taken.NOT_UNDERSTOOD
    assert Question.objects.get().status == "open"


def test_another_request_asks_again(booking, tom, thinker):
    answer("yes")
    other = booked(tom, thinker, Fact.objects.filter(user=tom, sensitivity="ask_first"))
    assert other.status == Status.WAITING_FOR_USER
    assert briefing.make_brief(other, attempt=1).facts == ()


def test_an_answer_to_another_question_releases_nothing(booking):
    share = (booking.plan or {})["share"]
    services.ask_question(request=booking, kind="yes_no", text="?", step="call", slots={"fact": share[0]})
    question = Question.objects.filter(step="call").get()
    services.answer_question(question_id=question.pk, text="yes", by="page")
    assert briefing.make_brief(booking, attempt=1).facts == ()


def test_several_are_asked_about_one_after_another(tom, thinker, hints):
    Fact.objects.create(user=tom, statement="Tom's health card is 1234-567", about="Tom", topic="health card", sensitivity="ask_first")
    request = booked(tom, thinker, Fact.objects.filter(user=tom, sensitivity="ask_first"))
    answer("yes")
    assert going_on(request).status == Status.WAITING_FOR_USER and not hints.ids("calls.place")
    assert "health card" in Question.objects.latest("pk").text
    answer("no")
    assert going_on(request).status == Status.FINDING_NUMBER
    assert [fact.statement for fact in briefing.make_brief(request, attempt=1).facts] == [SECRET]


def test_a_fact_that_is_never_shared_cannot_be_asked_about(tom, thinker, hints):
    request = booked(tom, thinker, Fact.objects.filter(user=tom, sensitivity="never"))
    assert (request.plan or {})["share"] == [] and hints.ids("calls.place")


def test_the_page_shows_the_question_with_what_a_yes_would_tell(booking, tom, client):
    client.force_login(tom)
    page = client.get(f"/requests/{booking.pk}/").content.decode()
    assert "your date of birth?" in page and "“Tom&#x27;s date of birth is 4 May 1985”" in page
    shown = plan_shown(booking)
    assert shown is not None and shown.shared_after_asking == (SECRET,) and shown.shared == ()
    assert "Only if you say yes" in page
