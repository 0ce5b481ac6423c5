"""The user's own changes to a plan: held against the same rules, kept by the planner, and never under Floyd's hands."""

from typing import Any

import pytest
from django.utils import timezone

from context.choices import PlanApproval
from context.models import Contact, Fact
from requests_app import planning, services
from requests_app.approving import STILL_IN_MIND
from requests_app.errors import Conflict, NotFound, NotPossibleNow, PlanRefused
from requests_app.models import Message, Question, QuestionStatus, Request
from requests_app.plan import Edits
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def planned(request: Request) -> Any:
    planning.pick_up(request_id=request.pk)
    return Request.objects.get(pk=request.pk)


def callee(name: str) -> dict[str, str]:
    return {"contact_id": f"contact:{Contact.objects.get(name=name).pk}", "name": name, "kind": ""}


def flowers(**changes: Any) -> dict[str, Any]:
    fields = {"goal": "Order flowers for Krista Redmond.", "opening_line": "I would like to order flowers.", "find_out": ["the price"]}
    return plan(kind="buy", callee=callee("Sweet Violet's"), **(fields | changes))


@pytest.fixture
def waiting(tom, thinker) -> Any:
    """A request whose plan waits for Tom's yes."""
    tom.plan_approval = PlanApproval.ASK
    tom.save()
    thinker.scripts = [flowers()]
    return planned(make_request(tom, ask="Order Krista some flowers"))


def edit(request: Request, on_page: bool = True, version: int | None = None, **edits: Any) -> Request:
    version = request.plan_version if version is None else version
    return services.edit_plan(request_id=request.pk, user=request.user, edits=Edits(**edits), version=version, on_page=on_page)


def test_what_to_find_out_and_the_budget_are_changed_at_once(waiting, hints):
    edited = edit(waiting, find_out=["the price", "whether they deliver tomorrow"], limit_minor=9000)
    assert edited.plan is not None and edited.plan["find_out"][1].startswith("whether they deliver tomorrow (")
    assert (edited.limit_minor, edited.limit_source, edited.plan["limit_minor"]) == (9000, "edit", 9000)
    assert (edited.status, edited.plan_version) == ("waiting_for_user", waiting.plan_version + 1)
    old, new = Question.objects.order_by("pk")
    assert (old.status, new.status) == ("closed", "open") and "up to $90" in new.text
    assert edited.events.filter(kind="plan").latest("seq").text == "You changed what to find out and what may be spent."
    services.answer_question(question_id=new.pk, text="yes", by="page")
    assert Request.objects.get().status == Status.FINDING_NUMBER


def test_a_change_that_the_question_does_not_speak_of_is_texted_to_nobody(waiting, thinker):
    (asked,) = Question.objects.all()
    edited = edit(waiting, find_out=["the price", "the colour"])
    assert list(Question.objects.values_list("pk", "status")) == [(asked.pk, "open")], "the same question, which a reply to the text still answers"
    thinker.scripts = [flowers()]
    edit(edited, goal="Order flowers for Krista Redmond")
    assert planned(edited).status == Status.WAITING_FOR_USER
    assert list(Question.objects.values_list("pk", "status")) == [(asked.pk, "open")] and Message.objects.get().question == asked
    edit(Request.objects.get(), limit_minor=9000)
    assert Message.objects.count() == 2 and Question.objects.get(status="open").text != asked.text


def test_who_was_asked_long_ago_is_texted_again_though_the_words_are_the_same(waiting):
    Question.objects.update(asked_at=timezone.now() - 2 * STILL_IN_MIND)
    edit(waiting, find_out=["the colour"])
    assert Message.objects.count() == 2 and Question.objects.filter(status="open").count() == 1


def test_another_goal_is_planned_anew_and_stands_word_for_word(waiting, thinker, hints):
    edited = edit(waiting, goal="Order white tulips for Krista Redmond.")
    assert edited.status == Status.PLANNING and hints.ids("requests.pick_up")[-1] == str(waiting.pk)
    assert not Question.objects.filter(status=QuestionStatus.OPEN)
    thinker.scripts = [flowers(goal="Something else entirely.", opening_line="I would like to order white tulips.")]
    again = planned(edited)
    assert thinker.prompt()["edits"] == {"goal": "Order white tulips for Krista Redmond."}
    assert again.plan["goal"] == "Order white tulips for Krista Redmond."
    assert again.plan["opening_line"] == "I would like to order white tulips."
    assert again.status == Status.WAITING_FOR_USER, "the new plan is shown as well"
    assert again.current_snapshot == waiting.current_snapshot


def test_a_scheduled_request_with_another_goal_is_planned_anew(waiting):
    Request.objects.update(status=Status.SCHEDULED, not_before="2030-01-01T12:00Z", number="+15195550117")
    assert edit(waiting, goal="Order white tulips for Krista Redmond.").status == Status.PLANNING


def test_earlier_edits_outlive_later_ones(waiting, thinker):
    edited = edit(waiting, limit_minor=4000)
    edit(edited, callee=callee("Speedvale Garage"))
    again = planned(waiting)
    assert (again.plan["limit_minor"], again.limit_minor, again.contact.name) == (4000, 4000, "Speedvale Garage")


def test_somebody_who_is_no_contact_may_be_called(waiting, thinker):
    edit(waiting, callee={"contact_id": None, "name": "Petal & Stem", "kind": "florist"})
    again = planned(waiting)
    services.approve_plan(request_id=again.pk, user=again.user, version=again.plan_version, by="page")
    assert (again.contact, again.plan["callee"]["name"]) == (None, "Petal & Stem")


def test_what_is_told_is_the_users_choice_among_what_may_be_told(waiting, tom):
    address = Fact.objects.get(topic="address")
    assert edit(waiting, share=[f"fact:{address.pk}"]).plan["share"] == [f"fact:{address.pk}"]  # type: ignore[index]
    secret = Fact.objects.get(topic="alarm")
    current = Request.objects.get()
    with pytest.raises(PlanRefused, match="may not be shared"):
        edit(current, share=[f"fact:{secret.pk}"])
    assert Request.objects.get().plan == current.plan


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ({"goal": "Call people and sell them flowers."}, "doesn't sell"),
        ({"goal": "   "}, "goal is empty"),
        ({"goal": "Order flowers for Thursday, 27 November 2026."}, "is right"),
        ({"callee": {"contact_id": "contact:999999", "name": "x", "kind": ""}}, "no contact"),
        ({"callee": {"contact_id": None, "name": " ", "kind": ""}}, "callee is missing"),
        ({"limit_minor": 99_999_999}, "limit_minor"),
    ],
)
def test_the_same_rules_hold_for_the_user(waiting, edits, why):
    with pytest.raises(PlanRefused, match=why):
        edit(waiting, **edits)
    assert Request.objects.get().plan_version == waiting.plan_version


def test_a_program_may_not_allow_more_than_a_message(waiting):
    with pytest.raises(PlanRefused, match="more than your limit"):
        edit(waiting, on_page=False, limit_minor=15_000)
    assert edit(waiting, on_page=True, limit_minor=15_000).limit_minor == 15_000


def test_of_two_tabs_the_second_sees_that_the_plan_has_changed(waiting):
    edit(waiting, limit_minor=4000)
    with pytest.raises(Conflict):
        edit(waiting, limit_minor=9000)


@pytest.mark.parametrize("status", [Status.PENDING, Status.PLANNING, Status.FINDING_NUMBER, Status.CALLING, Status.WRAPPING_UP, Status.DONE])
def test_a_plan_that_floyd_works_with_is_not_changed(waiting, status):
    Request.objects.update(status=status)
    with pytest.raises(NotPossibleNow):
        edit(waiting, limit_minor=4000)


def test_nobody_else_changes_it(waiting, alice):
    with pytest.raises(NotFound):
        services.edit_plan(request_id=waiting.pk, user=alice, edits=Edits(limit_minor=1), version=1, on_page=True)


def test_of_a_scheduled_request_the_time_stays(waiting):
    Request.objects.update(status=Status.SCHEDULED, not_before="2030-01-01T12:00Z", number="+15195550117")
    edited = edit(waiting, find_out=["the colour"])
    assert edited.status == Status.SCHEDULED and edited.not_before is not None


def test_a_guarded_fact_that_is_added_later_is_asked_about_before_the_call(waiting):
    Request.objects.update(status=Status.SCHEDULED, not_before="2030-01-01T12:00Z", number="+15195550117")
    birthday = Fact.objects.get(topic="date of birth")
    edited = edit(waiting, share=[f"fact:{birthday.pk}"])
    assert edited.status == Status.WAITING_FOR_USER
    assert edited.questions.get(step="share").text.startswith("May I tell")


def test_another_budget_takes_the_place_of_the_tap(tom, thinker):
    thinker.scripts = [flowers(limit_minor=15_000)]
    request = planned(make_request(tom, ask="Order Krista some flowers, up to $150"))
    assert edit(request, find_out=["the colour"]).status == Status.WAITING_FOR_USER, "the tap is still needed"
    edited = edit(Request.objects.get(), limit_minor=9000)
    assert (edited.status, edited.limit_minor) == (Status.FINDING_NUMBER, 9000)
    assert not Question.objects.exclude(status=QuestionStatus.CLOSED)


def test_a_retry_keeps_what_the_user_wrote(waiting, thinker):
    edit(waiting, limit_minor=4000)
    services.stop_request(request_id=waiting.pk, user=waiting.user)
    services.retry_request(request_id=waiting.pk, user=waiting.user)
    assert planned(waiting).plan["limit_minor"] == 4000
