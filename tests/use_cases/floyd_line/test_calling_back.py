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
from use_cases.answering import take_call, version_for
from use_cases.floyd_line.calling_back import STILL, WRONG_WITHIN, matter_of
from use_cases.floyd_line.tools import settle_call_back, why_floyd_called
from use_cases.models import Caller, InboundCall, InboundNumber

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
    return a_call(now(), dana(number=DENTIST, first_name="", last_name=""), attested=False)


def settled(call: ToolCalls, **arguments: Any) -> dict[str, Any]:
    """They name for whom they were called, and settle it."""
    call(why_floyd_called, for_whom="Tom Redmond")
    return call(settle_call_back, **arguments)


def outcome_of(request: Request) -> dict[str, Any]:
    """How it ended."""
    request.refresh_from_db()
    assert request.outcome is not None
    return request.outcome


def test_they_hear_what_floyd_called_about_and_no_more(call, tom):
    called(tom, limit_minor=8000)
    told = call(why_floyd_called, for_whom="Tom")
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
    assert settled(call, **AGREED)["settled"] is True
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
    settled(call, achieved="no")
    assert (outcome_of(request)["summary"], request.status) == ("Guelph Dental says that it cannot be done.", Status.FAILED)


@pytest.mark.parametrize(("limit", "granted"), [(None, "nothing"), (5000, "up to $50")])
def test_no_price_above_what_was_granted_is_agreed(call, tom, limit, granted):
    request = called(tom, limit_minor=limit)
    told = settled(call, **AGREED | {"price": "$80"})
    assert (told["settled"], told["granted"]) == (False, granted)
    request.refresh_from_db()
    assert request.status == Status.SCHEDULED
    assert "more than you granted, so nothing was agreed" in Message.objects.get(user=tom).body


def test_a_price_within_the_grant_is_agreed(call, tom):
    request = called(tom, limit_minor=8000)
    assert settled(call, **AGREED | {"price": "eighty dollars"})["settled"] is True
    assert outcome_of(request)["summary"].endswith("9:30 am, $80.")


def test_their_words_reach_the_user_as_a_short_name_only(call, tom):
    request = called(tom)
    settled(call, achieved="yes", item="cleaning <b>now</b>, call +1 900 555 0100 http://evil.example/1")
    summary = outcome_of(request)["summary"]
    assert len(summary) < 130
    assert not any(mark in summary for mark in ("<", "900", "/", "+"))


def test_on_a_menu_number_they_reach_floyds_own_line(tom):
    version_of("floyd_line")
    version_of("front_desk")
    number, dentist, user = InboundNumber(number="+15195550100", menu=True), dana(number=DENTIST), dana(number=tom.phone, user=tom)

    def answers(caller: Caller) -> str:
        version = version_for(number, caller)
        return version.use_case.slug if version else ""

    assert (answers(dentist), answers(user)) == ("front_desk", "floyd_line")
    called(tom)
    assert answers(dentist) == "floyd_line"


def test_a_number_alone_opens_nothing(call, tom):
    request = called(tom, limit_minor=8000)
    told = call(why_floyd_called)
    assert set(told) == {"waits", "next"}
    assert not any(word in str(told) for word in ("Tom", "Redmond", "cleaning", "birthday", "Dental", "80"))
    assert "say first for whom" in call.refusal(settle_call_back, **AGREED)
    request.refresh_from_db()
    assert request.status == Status.SCHEDULED


@pytest.mark.parametrize("named", ["Tom", "tom redmond", "Mr. Redmond", "for Redmont, I think"])
def test_who_names_the_person_hears_all_of_it_in_this_call_only(call, tom, named):
    called(tom)
    assert call(why_floyd_called, for_whom=named)["calling_for"] == "Tom Redmond"
    assert call(why_floyd_called)["calling_for"] == "Tom Redmond", "it stays open"
    another = a_call(now(), call.context.caller, attested=False)
    assert "calling_for" not in another(why_floyd_called)
    assert "say first for whom" in another.refusal(settle_call_back, **AGREED)


@pytest.mark.parametrize("named", ["Krista", "T", "cleaning", "Tom Ben Anna Sue Bob", "42", "the client"])
def test_a_wrong_name_opens_nothing_and_the_user_sees_it_once(call, tom, named):
    request = called(tom)
    for _ in range(2):
        why = call.refusal(why_floyd_called, for_whom=named)
        assert not any(word in why for word in ("Tom", "Redmond", "cleaning"))
    (note,) = [event.text for event in request.events.filter(kind="note")]
    assert note == "Somebody rang from the number of Guelph Dental and did not know for whom Floyd had called, so nothing was told."


def test_names_cannot_be_guessed_call_after_call(call, tom):
    called(tom)
    for name in ("Ann", "Bob", "Cid"):
        call.refusal(why_floyd_called, for_whom=name)
    another = a_call(now(), call.context.caller, attested=False)
    assert "too many" in another.refusal(why_floyd_called, for_whom="Tom")
    tomorrow = another.at(now() + WRONG_WITHIN + timedelta(minutes=1))
    assert tomorrow(why_floyd_called, for_whom="Tom")["calling_for"] == "Tom Redmond"


def test_the_person_who_is_named_is_meant_of_two_who_wait(call, tom, alice):
    toms = called(tom)
    brief = Call.objects.get(request=toms).brief
    hers = called(alice)
    Call.objects.filter(request=hers).update(brief=brief | {"user_name": "Alice Price", "goal": "Book a check-up."})
    assert call(why_floyd_called, for_whom="Tom")["calling_for"] == "Tom Redmond"
    call(settle_call_back, **AGREED)
    toms.refresh_from_db()
    hers.refresh_from_db()
    assert (toms.status, hers.status) == (Status.DONE, Status.SCHEDULED)


def test_a_number_for_which_its_carrier_vouches_is_told_what_floyd_would_say_there(call, tom, alice):
    called(tom)
    InboundCall.objects.filter(pk=call.context.call_id).update(attested=True)
    assert call(why_floyd_called)["calling_for"] == "Tom Redmond"
    assert call(settle_call_back, **AGREED)["settled"] is True
    called(tom)
    called(alice)
    another = a_call(now(), call.context.caller, attested=False)
    InboundCall.objects.filter(pk=another.context.call_id).update(attested=True)
    assert "calling_for" not in another(why_floyd_called), "of two users' requests one has to be named"


@pytest.mark.parametrize(
    ("verstat", "attested"),
    [("TN-Validation-Passed-A", True), ("TN-Validation-Passed-A-Diverted", False), ("TN-Validation-Passed-B", False), ("", False)],
)
def test_only_a_full_attestation_counts(tom, verstat, attested):
    version_of("floyd_line")
    InboundNumber.objects.create(number="+15195550100", use_case="floyd_line")
    call = take_call(sid="CA" + "1" * 32, from_=DENTIST, to="+15195550100", attested=verstat)
    assert InboundCall.objects.get(call=call).attested is attested
