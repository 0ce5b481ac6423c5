"""A business that calls back finds its request, hears what it may hear, and settles it once."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calls.conversation.brief import CallBrief, SharedFact
from calls.models import Call
from calls.status import CallStatus
from requests_app.models import Message, Request
from requests_app.status import Status
from tests.cast import make_request
from tests.use_cases.people import dana, version_of
from tests.use_cases.tool_calls import ToolCalls, a_call
from use_cases.answering import _version_for
from use_cases.floyd_line.calling_back import STILL, matter_of
from use_cases.floyd_line.tools import settle_call_back, why_floyd_called
from use_cases.models import Caller, InboundNumber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

DENTIST = "+15195550155"
AGREED = {"achieved": "yes", "item": "cleaning", "when": "Thursday, November 26 at 9:30 am"}


def now() -> datetime:
    """A Saturday."""
    return datetime(2026, 11, 21, 9, tzinfo=ZoneInfo("America/Toronto"))


def called(user, status=Status.SCHEDULED, number=DENTIST, **fields) -> Request:
    request = make_request(user, status=status, ask="Book a cleaning.", **fields)
    brief = CallBrief(
        user_name="Tom Redmond",
        callee_name="Guelph Dental",
        kind="book",
        goal="Book a cleaning for Tom.",
        introduction="",
        opening_line="",
        success="",
        today="",
        facts=(SharedFact("f1", "Tom's birthday is 3 May."),),
        find_out=("the price",),
    )
    call = Call.objects.create(request=request, user=user, attempt=1, number=number, brief=brief.to_json(), status=CallStatus.NO_ANSWER)
    Call.objects.filter(pk=call.pk).update(created_at=now() - timedelta(hours=2))
    return request


@pytest.fixture
def call(tom) -> ToolCalls:
    return a_call(now(), dana(number=DENTIST, first_name="", last_name=""))


def outcome_of(request: Request) -> dict[str, Any]:
    """How it ended."""
    request.refresh_from_db()
    assert request.outcome is not None
    return request.outcome


def test_they_hear_what_floyd_called_about_and_no_more(call, tom):
    called(tom, limit_minor=8000)
    told = call(why_floyd_called)
    assert (told["calling_for"], told["goal"], told["may_be_told"]) == ("Tom Redmond", "Book a cleaning for Tom.", ["Tom's birthday is 3 May."])
    assert (told["find_out"], told["most_that_may_be_agreed"]) == (["the price"], "$80")


@pytest.mark.parametrize("status", [Status.DONE, Status.FAILED, Status.CANCELLED, Status.CALLING, Status.PENDING])
def test_nothing_is_told_when_nothing_waits_for_them(call, tom, status):
    request = called(tom, status=status)
    assert "waits for no call" in call.refusal(why_floyd_called)
    assert "waits for no call" in call.refusal(settle_call_back, **AGREED)
    request.refresh_from_db()
    assert request.status == status


def test_another_number_or_a_withheld_one_finds_nothing(tom):
    called(tom)
    assert matter_of("+15195550156", now()) is None
    assert matter_of("", now()) is None
    assert matter_of(DENTIST, now() + STILL) is None
    assert matter_of(DENTIST, now()) is not None


def test_the_latest_of_several_requests_is_meant(tom):
    older, newer = called(tom), called(tom)
    Call.objects.filter(request=older).update(created_at=now() - timedelta(days=2))
    matter = matter_of(DENTIST, now())
    assert matter is not None and matter.request == newer


def test_what_was_agreed_ends_the_request_and_the_user_is_told_once(call, tom):
    request = called(tom)
    assert call(settle_call_back, **AGREED)["settled"] is True
    outcome = outcome_of(request)
    assert (request.status, outcome["achieved"]) == (Status.DONE, "yes")
    assert outcome["summary"] == "Guelph Dental called back and settled it: “cleaning”, Thursday, 26 November 2026 at 9:30 am."
    assert Message.objects.get(user=tom).body == outcome["summary"]
    (entry,) = tom.calendar_entries.filter(source_ref__startswith=f"request:{request.pk}")
    assert (entry.starts_at, entry.title) == (datetime(2026, 11, 26, 9, 30, tzinfo=ZoneInfo("America/Toronto")), "Cleaning, the business")
    assert "any more" in call.refusal(settle_call_back, **AGREED)
    assert Message.objects.count() == 1
    assert tom.calendar_entries.filter(source_ref__startswith=f"request:{request.pk}").count() == 1


def test_what_cannot_be_done_ends_it_as_such(call, tom):
    request = called(tom, status=Status.WAITING_FOR_USER)
    call(settle_call_back, achieved="no")
    assert (outcome_of(request)["summary"], request.status) == ("Guelph Dental says that it cannot be done.", Status.FAILED)


@pytest.mark.parametrize(("limit", "granted"), [(None, "nothing"), (5000, "up to $50")])
def test_no_price_above_what_was_granted_is_agreed(call, tom, limit, granted):
    request = called(tom, limit_minor=limit)
    told = call(settle_call_back, **AGREED | {"price": "$80"})
    assert (told["settled"], told["granted"]) == (False, granted)
    request.refresh_from_db()
    assert request.status == Status.SCHEDULED
    assert "more than you granted, so nothing was agreed" in Message.objects.get(user=tom).body


def test_a_price_within_the_grant_is_agreed(call, tom):
    request = called(tom, limit_minor=8000)
    assert call(settle_call_back, **AGREED | {"price": "eighty dollars"})["settled"] is True
    assert outcome_of(request)["summary"].endswith("9:30 am, $80.")


def test_their_words_reach_the_user_as_a_short_name_only(call, tom):
    request = called(tom)
    call(settle_call_back, achieved="yes", item="cleaning <b>now</b>, call +1 900 555 0100 http://evil.example/1")
    summary = outcome_of(request)["summary"]
    assert len(summary) < 130
    assert not any(mark in summary for mark in ("<", "900", "/", "+"))


def test_on_a_menu_number_they_reach_floyds_own_line(tom):
    version_of("floyd_line")
    version_of("front_desk")
    number, dentist, user = InboundNumber(number="+15195550100", menu=True), dana(number=DENTIST), dana(number=tom.phone, user=tom)

    def answers(caller: Caller) -> str:
        version = _version_for(number, caller)
        return version.use_case.slug if version else ""

    assert (answers(dentist), answers(user)) == ("front_desk", "floyd_line")
    called(tom)
    assert answers(dentist) == "floyd_line"
