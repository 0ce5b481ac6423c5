"""From an ask to the next step: the plan is made, checked, and acted on; trouble ends clearly and nothing gets stuck."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from context.models import Contact, Fact
from providers.types import ProviderError
from requests_app import after_planning, planning, services, unwelcome
from requests_app.lease import Lease
from requests_app.models import Channel, Message, Question, QuestionStatus, Request
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import no_call, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def contact_id(name: str) -> str:
    return f"contact:{Contact.objects.get(name=name).pk}"


def callee(name: str) -> dict[str, str]:
    return {"contact_id": contact_id(name), "name": name, "kind": ""}


def planned(request: Request) -> Any:
    planning.pick_up(request_id=request.pk)
    request.refresh_from_db()
    return request


def test_the_school_call_gets_as_far_as_the_number(tom, thinker, hints):
    fact = Fact.objects.get(statement__contains="grade 3")
    thinker.scripts = [plan(callee=callee("Brock Road School"), share=[f"fact:{fact.pk}"])]
    request = planned(make_request(tom))
    assert (request.status, request.number, request.number_evidence) == ("finding_number", "+15195550110", "from your contacts: Brock Road School")
    assert request.contact is not None and request.contact.name == "Brock Road School"
    assert request.plan["share"] == [f"fact:{fact.pk}"] and request.plan_text == ""
    assert hints.ids("calls.place") == [str(request.pk)]


def test_the_plan_appears_as_it_is_written(tom, thinker, monkeypatch):
    shown, original = [], Lease.renew
    thinker.go_on = threading.Event()

    def renew(lease, **fields):
        original(lease, **fields)
        if fields.get("plan_text"):
            shown.append(Request.objects.get().plan_text)
            thinker.go_on.set()

    monkeypatch.setattr(Lease, "renew", renew)
    planned(make_request(tom))
    assert shown[0].startswith('{"kind"') and not shown[0].endswith("}")


def test_the_dentist_question_is_answered_from_the_calendar(tom, thinker, hints):
    entry = tom.calendar_entries.get()
    thinker.scripts = [no_call("answer", answer="On Thursday at 9:30 am.", sources=[f"calendar:{entry.pk}"])]
    request = planned(make_request(tom, ask="When's my next dentist appointment?"))
    assert request.status == Status.DONE
    assert request.outcome["answer"] == "On Thursday at 9:30 am."
    label = request.outcome["sources"][0]["label"]
    assert label.startswith("Dentist with Dr. Patel, Thursday, ") and label.endswith(" at 9:30 am")
    assert not Message.objects.exists() and not hints.ids("calls.place")


def test_who_asked_by_text_message_gets_the_answer_as_one(tom, thinker):
    thinker.scripts = [no_call("answer", answer="You have none.", sources=["calendar"])]
    request = make_request(tom, ask="When's my next dentist appointment?")
    Request.objects.update(channel=Channel.SMS)
    assert planned(request).status == Status.DONE
    assert Message.objects.get().body == "You have none."


def test_an_answer_without_a_source_is_not_passed_on(tom, thinker):
    thinker.scripts = [no_call("answer", answer="It's on the 3rd of May.")]
    request = planned(make_request(tom, ask="When is Mara's school play?"))
    assert request.outcome == {"answer": "I don't know. I found nothing about it in your calendar, your contacts or what you told me.", "sources": []}
    assert len(thinker.asked) == 2, "the model gets one chance to mend it"


def test_something_only_the_user_knows_is_asked_and_the_answer_goes_into_the_next_plan(tom, thinker, hints):
    thinker.scripts = [no_call("ask_user", question="Which child is sick?")]
    request = planned(make_request(tom, ask="Tell the school my child is sick"))
    assert request.status == Status.WAITING_FOR_USER
    question = Question.objects.get()
    assert (question.step, question.text) == ("plan", "Which child is sick?")
    services.answer_question(question_id=question.pk, text="Mara", by="page")
    request.refresh_from_db()
    assert request.status == Status.PLANNING and hints.ids("requests.pick_up") == [str(request.pk)]
    thinker.scripts = [plan(callee=callee("Brock Road School"))]
    assert planned(request).status == Status.FINDING_NUMBER
    assert thinker.prompt()["answers"] == [{"question": "Which child is sick?", "answer": "Mara"}]


def test_it_does_not_ask_for_ever(tom, thinker):
    thinker.scripts = [no_call("ask_user", question="Who?")]
    request = make_request(tom)
    for _ in range(after_planning.MOST_PLAN_QUESTIONS):
        planned(request)
        services.answer_question(question_id=Question.objects.latest("asked_at", "pk").pk, text="Somebody", by="page")
    assert planned(request).status == Status.FAILED
    assert request.trouble == after_planning.TOO_MANY_QUESTIONS


def test_what_the_model_declines_ends_with_its_reason(tom, thinker):
    thinker.scripts = [no_call("decline", decline_reason="In an emergency, call 911 yourself.")]
    request = planned(make_request(tom, ask="My house is on fire, call somebody"))
    assert (request.status, request.trouble) == ("failed", "In an emergency, call 911 yourself.")
    assert not Message.objects.exists()


def test_what_floyd_does_not_do_is_declined_before_any_model_is_asked(tom, thinker, hints):
    request = planned(make_request(tom, ask="Call all my neighbours and sell them knives"))
    assert (request.status, request.trouble) == ("failed", unwelcome.SELLING)
    assert thinker.asked == [] and not hints.ids("calls.place")


def test_a_model_that_was_talked_into_selling_is_declined_as_well(tom, thinker, hints):
    thinker.scripts = [plan(callee=callee("Brock Road School"), goal="Call the parents of Brock Road School and sell them knives.")]
    request = planned(make_request(tom, ask="Do what we talked about with the school"))
    assert (request.status, request.trouble) == ("failed", unwelcome.SELLING)
    assert not hints.ids("calls.place")


def test_a_budget_in_the_ask_is_kept(tom, thinker):
    thinker.scripts = [plan(kind="buy", callee=callee("Sweet Violet's"), limit_minor=8000, opening_line="I would like to order flowers.")]
    request = planned(make_request(tom, ask="Order Krista some flowers, up to $80"))
    assert (request.limit_minor, request.limit_source, request.status) == (8000, "ask", "finding_number")


def test_a_budget_that_nobody_named_is_dropped(tom, thinker):
    thinker.scripts = [plan(kind="buy", callee=callee("Sweet Violet's"), limit_minor=8000, opening_line="I would like to order flowers.")]
    request = planned(make_request(tom, ask="Order Krista some flowers"))
    assert (request.limit_minor, request.plan["limit_minor"], request.status) == (None, None, "finding_number")


def test_a_budget_above_the_limit_waits_for_the_tap(tom, thinker, hints):
    thinker.scripts = [plan(kind="buy", callee=callee("Sweet Violet's"), limit_minor=15000, opening_line="I would like to order flowers.")]
    request = planned(make_request(tom, ask="Order Krista some flowers, up to $150"))
    question = Question.objects.get()
    assert (request.status, request.limit_minor, question.status) == ("waiting_for_user", None, QuestionStatus.CONFIRMING)
    assert not hints.ids("calls.place")
    assert services.confirm_answer(question_id=question.pk, user=tom, amount_minor=15_000).taken == services.Taken.ANSWERED
    request.refresh_from_db()
    assert (request.status, request.limit_minor) == ("finding_number", 15000)


def test_without_a_number_the_user_is_asked(alice, thinker, hints):
    thinker.scripts = [plan(callee={"contact_id": None, "name": "Gino's Pizza", "kind": "pizzeria"})]
    request = planned(make_request(alice, ask="Order a pizza at Gino's"))
    question = Question.objects.get()
    assert (request.status, question.step) == ("waiting_for_user", "number")
    assert question.text.startswith("I have no number for Gino's Pizza.") and question.text.endswith("Which number should I call?")
    assert not hints.ids("calls.place")


def test_a_contact_marked_do_not_call_is_not_called(tom, thinker, hints):
    Contact.objects.filter(name="Brock Road School").update(do_not_call=True)
    thinker.scripts = [plan(callee=callee("Brock Road School"))]
    request = planned(make_request(tom))
    assert request.status == Status.FAILED and "do not call" in request.trouble
    assert not hints.ids("calls.place")


def test_a_broken_form_is_asked_for_once_more(tom, thinker):
    thinker.scripts = [{"kind": "nonsense"}, plan(callee=callee("Brock Road School"))]
    assert planned(make_request(tom)).status == Status.FINDING_NUMBER
    shown, order = thinker.asked[1][-2:]
    assert shown == {"role": "assistant", "content": '{"kind": "nonsense"}'} and "problems" in order["content"]


def test_a_form_that_stays_broken_ends_clearly_at_once(tom, thinker):
    thinker.scripts = [{"kind": "nonsense"}]
    request = planned(make_request(tom))
    assert (request.status, request.trouble, len(thinker.asked)) == ("failed", planning.NO_PLAN, 2)


def test_a_plan_that_never_holds_ends_clearly_and_can_be_tried_again(tom, thinker):
    thinker.scripts = [plan(opening_line="Hello, this is Tom, my daughter is sick.")]
    request = planned(make_request(tom))
    assert (request.status, request.trouble, len(thinker.asked)) == ("failed", planning.NO_PLAN, 2)
    assert services.retry_request(request_id=request.pk, user=tom).status == Status.PENDING


def test_the_planner_being_away_is_tried_three_times_then_told(tom, thinker):
    thinker.scripts = [ProviderError("connection refused")]
    request: Any = make_request(tom)
    for tries in (1, 2):
        planned(request)
        assert (request.status, request.tries) == (Status.PENDING, tries)
        assert request.not_before > timezone.now()
        planning.pick_up(request_id=request.pk)
        request.refresh_from_db()
        assert request.tries == tries, "not before it is due"
        Request.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    planned(request)
    assert (request.status, request.trouble) == (Status.FAILED, planning.UNREACHABLE)
    assert Message.objects.get().body == planning.UNREACHABLE
    thinker.scripts = [plan(callee=callee("Brock Road School"))]
    assert planned(services.retry_request(request_id=request.pk, user=tom)).status == Status.FINDING_NUMBER


def test_a_refused_key_is_not_tried_again(tom, thinker):
    thinker.scripts = [ProviderError("401", permanent=True)]
    request = planned(make_request(tom))
    assert (request.status, request.trouble, len(thinker.asked)) == ("failed", planning.REFUSED, 1)


def test_a_defect_pushes_the_row_out_and_is_reported(tom, thinker, monkeypatch):
    monkeypatch.setattr("requests_app.planning.plan_messages", lambda **_: 1 / 0)
    request: Any = make_request(tom)
    with pytest.raises(ZeroDivisionError):
        planning.pick_up(request_id=request.pk)
    request.refresh_from_db()
    assert request.status == Status.PENDING and request.not_before > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_a_request_stopped_while_it_is_planned_stays_stopped(tom, thinker, hints):
    request = make_request(tom)

    def stop() -> None:
        services.stop_request(request_id=request.pk, user=tom)
        connection.close()

    def stop_meanwhile(_messages):
        thread = threading.Thread(target=stop)
        thread.start()
        thread.join()
        return plan()

    thinker.scripts = [stop_meanwhile]
    assert planned(request).status == Status.CANCELLED
    assert not Question.objects.exists() and not hints.ids("calls.place")


def test_a_second_worker_finds_nothing_to_do(tom, thinker):
    request = make_request(tom, status=Status.PLANNING, lease_until=timezone.now() + timedelta(seconds=10))
    planning.pick_up(request_id=request.pk)
    assert thinker.asked == []


@pytest.mark.parametrize("ask", ["", "   ", "x" * 3000, "\u200b\u200b"])
def test_a_row_inserted_by_hand_with_a_bad_ask_ends_with_the_reason(tom, thinker, ask):
    request = planned(make_request(tom, ask=ask))
    assert request.status == Status.FAILED and request.trouble
    assert thinker.asked == []


def test_later_edits_do_not_change_an_old_request(tom, thinker):
    thinker.scripts = [no_call("ask_user", question="Which day?")]
    request = planned(make_request(tom))
    Contact.objects.filter(name="Brock Road School").update(phone="+15195550777")
    Fact.objects.filter(statement__contains="grade 3").update(statement="Mara goes to another school")
    services.answer_question(question_id=Question.objects.get().pk, text="today", by="page")
    thinker.scripts = [plan(callee=callee("Brock Road School"))]
    assert planned(request).number == "+15195550110"
    assert any("grade 3" in fact["statement"] for fact in thinker.prompt()["facts"])
