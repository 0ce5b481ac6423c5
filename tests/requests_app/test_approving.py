"""Who wants to see the plan first is asked, and nothing is dialled before the yes."""

from typing import Any

import pytest

from context.choices import PlanApproval
from context.models import Contact
from requests_app import planning, services
from requests_app.errors import Conflict, NotFound, NotPossibleNow
from requests_app.models import Message, Question, QuestionStatus, Request
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def careful(tom):
    tom.plan_approval = PlanApproval.ASK
    tom.save()
    return tom


def planned(request: Request) -> Any:
    planning.pick_up(request_id=request.pk)
    return Request.objects.get(pk=request.pk)


def flowers(limit: int | None = None) -> dict[str, Any]:
    callee = {"contact_id": f"contact:{Contact.objects.get(name__contains='Violet').pk}", "name": "Sweet Violet's", "kind": "florist"}
    return plan(
        kind="buy",
        callee=callee,
        limit_minor=limit,
        goal="Order flowers for Krista Redmond from Sweet Violet's.",
        opening_line="I would like to order flowers.",
    )


def test_nothing_happens_before_the_yes(careful, thinker, hints):
    thinker.scripts = [flowers(8000)]
    request = planned(make_request(careful, ask="Order Krista some flowers, up to $80"))
    question = Question.objects.get()
    assert (request.status, request.number, question.step, question.kind) == ("waiting_for_user", "", "approve", "yes_no")
    assert question.text == (
        "My plan: Order flowers for Krista Redmond from Sweet Violet's. I would call Sweet Violet's, and may spend up to $80. Shall I go ahead?"
    )
    assert Message.objects.get().question == question, "it can be answered by text message"
    assert not hints.ids("calls.place") and not hints.ids("requests.find_number")
    services.answer_question(question_id=question.pk, text="yes", by="sms")
    assert Request.objects.get().status == Status.FINDING_NUMBER and hints.ids("requests.find_number") == [str(request.pk)]
    assert Request.objects.get().limit_minor == 8000


def test_a_no_is_the_end(careful, thinker, hints):
    thinker.scripts = [flowers()]
    planned(make_request(careful, ask="Order Krista some flowers"))
    services.answer_question(question_id=Question.objects.get().pk, text="no", by="page")
    assert Request.objects.get().status == Status.CANCELLED and not hints.ids("calls.place")


def test_a_yes_with_a_condition_goes_back_to_the_planner(careful, thinker, hints):
    thinker.scripts = [flowers()]
    request = planned(make_request(careful, ask="Order Krista some flowers"))
    services.answer_question(question_id=Question.objects.get().pk, text="yes, but no lilies", by="page")
    assert planned(request).status == Status.WAITING_FOR_USER
    assert thinker.prompt()["answers"][0]["answer"] == "yes, but no lilies"
    assert Question.objects.filter(status=QuestionStatus.OPEN, step="approve").count() == 1


@pytest.mark.parametrize(("limit", "asked"), [(None, False), (5000, False), (5001, True)])
def test_above_a_price_only(tom, thinker, limit, asked):
    tom.plan_approval, tom.approval_above_minor = PlanApproval.ASK_ABOVE, 5000
    tom.save()
    thinker.scripts = [flowers(limit)]
    amount = f", up to ${limit / 100:.2f}" if limit else ""
    request = planned(make_request(tom, ask=f"Order Krista some flowers{amount}"))
    assert (request.status == Status.WAITING_FOR_USER) is asked


def test_who_lets_floyd_act_is_not_asked(tom, thinker):
    thinker.scripts = [flowers()]
    assert planned(make_request(tom, ask="Order Krista some flowers")).status == Status.FINDING_NUMBER


def test_the_tap_above_the_limit_is_a_yes_to_the_plan(careful, thinker):
    thinker.scripts = [flowers(15000)]
    planned(make_request(careful, ask="Order Krista some flowers, up to $150"))
    question = Question.objects.get()
    assert (question.step, question.status) == ("dial", QuestionStatus.CONFIRMING)
    services.confirm_answer(question_id=question.pk, user=careful, amount_minor=15_000)
    assert Request.objects.get().status == Status.FINDING_NUMBER


def test_the_yes_is_to_the_plan_that_was_seen(careful, alice, thinker):
    thinker.scripts = [flowers()]
    request = planned(make_request(careful, ask="Order Krista some flowers"))
    with pytest.raises(Conflict):
        services.approve_plan(request_id=request.pk, user=careful, version=request.plan_version - 1, by="api")
    with pytest.raises(NotFound):
        services.approve_plan(request_id=request.pk, user=alice, version=request.plan_version, by="api")
    services.approve_plan(request_id=request.pk, user=careful, version=request.plan_version, by="api")
    with pytest.raises(NotPossibleNow):
        services.approve_plan(request_id=request.pk, user=careful, version=request.plan_version, by="api")
    assert Request.objects.get().status == Status.FINDING_NUMBER
