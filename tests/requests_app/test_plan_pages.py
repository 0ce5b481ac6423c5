"""The user sees the plan, changes it, says yes to it, and reads what was known for it; without JavaScript too."""

from typing import Any

import pytest
from django.utils.html import escape

from calls.briefing import make_brief
from calls.conversation.brief import CallBrief
from calls.conversation.prompt import static_prefix
from context.choices import PlanApproval
from context.models import Contact, Fact
from requests_app import planning, services
from requests_app.fragments import request_fragment
from requests_app.models import Request
from requests_app.status import Status
from tests.cast import make_request, tells
from tests.fakes import no_call, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def page(client, tom):
    client.force_login(tom)
    return client


@pytest.fixture
def waiting(tom, thinker) -> Request:
    """A request whose plan waits for Tom's yes."""
    tom.plan_approval = PlanApproval.ASK
    tom.save()
    florist = Contact.objects.get(name="Sweet Violet's")
    callee = {"contact_id": f"contact:{florist.pk}", "name": florist.name, "kind": "florist"}
    address = Fact.objects.get(topic="address")
    goal, opening = "Order flowers for Krista Redmond.", "I would like to order flowers."
    thinker.scripts = [plan(kind="buy", callee=callee, goal=goal, opening_line=opening, find_out=["the price"], share=[f"fact:{address.pk}"])]
    request = make_request(tom, ask="Order Krista some flowers")
    planning.pick_up(request_id=request.pk)
    return Request.objects.get(pk=request.pk)


def form_of(request: Request, **changes: Any) -> dict[str, Any]:
    """The form as it is drawn, with changes."""
    made: dict[str, Any] = request.plan or {}
    fields = {"version": request.plan_version, "goal": made["goal"], "contact": made["callee"]["contact_id"], "name": ""}
    written = {"steps": "\r\n".join(made["steps"]), "opening_line": made["opening_line"], "find_out": "\r\n".join(made["find_out"])}
    return fields | written | {"limit_minor": "", "share": made["share"], **changes}


def test_the_page_shows_the_plan_with_what_can_be_done(page, waiting):
    shown = page.get(f"/requests/{waiting.pk}/").content.decode()
    for words in ("Go ahead", "Change the plan", "What Floyd knew", "Stop", "I would like to order flowers."):
        assert words in shown


def test_go_ahead_lets_it_go_on(page, waiting):
    assert page.post(f"/requests/{waiting.pk}/approve/", {"version": waiting.plan_version}).status_code == 303
    assert Request.objects.get().status == Status.FINDING_NUMBER


@pytest.mark.parametrize("version", ["", "x", "999", "-1", "99999999999999999999"])
def test_a_yes_to_another_plan_is_none(page, waiting, version):
    assert page.post(f"/requests/{waiting.pk}/approve/", {"version": version}).status_code == 303
    assert Request.objects.get().status == Status.WAITING_FOR_USER


def test_a_form_that_was_not_changed_changes_nothing(page, waiting):
    assert page.get(f"/requests/{waiting.pk}/plan/").status_code == 200
    assert page.post(f"/requests/{waiting.pk}/plan/", form_of(waiting)).status_code == 303
    assert Request.objects.get().plan_version == waiting.plan_version and Request.objects.get().plan_edits == {}


def test_budget_questions_and_facts_are_changed(page, waiting):
    changed = form_of(waiting, limit_minor="90", find_out="the price\r\n\r\n the colour ", share=[])
    assert page.post(f"/requests/{waiting.pk}/plan/", changed).status_code == 303
    saved: Any = Request.objects.get()
    assert (saved.limit_minor, saved.plan["find_out"], saved.plan["share"]) == (9000, ["the price", "the colour"], [])
    assert saved.status == Status.WAITING_FOR_USER


def test_steps_and_first_words_are_changed_and_reach_the_call(page, waiting):
    assert make_brief(waiting, attempt=1).steps == (), "the planner's own are for the user to read"
    changed = form_of(waiting, steps="Ask for Ruth\r\n\r\n order what she likes ", opening_line="May I speak to Ruth?")
    assert page.post(f"/requests/{waiting.pk}/plan/", changed).status_code == 303
    saved: Any = Request.objects.get()
    assert (saved.plan["steps"], saved.plan["opening_line"]) == (["Ask for Ruth", "order what she likes"], "May I speak to Ruth?")
    assert "You changed the steps and the first words." in list(saved.events.values_list("text", flat=True))
    brief = make_brief(saved, attempt=1)
    assert (brief.steps, brief.opening_line) == (("Ask for Ruth", "order what she likes"), "May I speak to Ruth?")
    assert "Ask for Ruth" in static_prefix(brief)["content"] and brief == CallBrief.from_json(brief.to_json())


def test_what_was_written_for_a_plan_is_not_said_to_somebody_else(page, waiting):
    page.post(f"/requests/{waiting.pk}/plan/", form_of(waiting, opening_line="May I speak to Ruth?", limit_minor="90"))
    again: Any = Request.objects.get()
    page.post(f"/requests/{waiting.pk}/plan/", form_of(again, contact="", name="Petal & Stem", limit_minor="90"))
    assert set(Request.objects.get().plan_edits) == {"callee", "limit_minor"}


def test_the_page_says_what_was_kept_back_and_follows_an_edit(page, waiting):
    address = Fact.objects.get(topic="address")
    kept = [fact["statement"] for fact in (waiting.snapshot or {})["facts"] if fact["id"] != f"fact:{address.pk}"]
    html = page.get(f"/requests/{waiting.pk}/").content.decode()
    assert f"Looked at and kept back ({len(kept)})" in html and all(escape(statement) in html for statement in kept)
    page.post(f"/requests/{waiting.pk}/plan/", form_of(waiting, share=[]))
    assert f"Looked at and kept back ({len(kept) + 1})" in request_fragment(str(waiting.pk))


def test_somebody_else_to_call_is_planned_anew(page, waiting):
    assert page.post(f"/requests/{waiting.pk}/plan/", form_of(waiting, contact="", name="Petal & Stem")).status_code == 303
    saved: Any = Request.objects.get()
    assert saved.status == Status.PLANNING
    assert saved.plan_edits == {"callee": {"contact_id": None, "name": "Petal & Stem", "kind": ""}}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"goal": "Call people and sell them flowers."}, "doesn&#x27;t sell"),
        ({"goal": ""}, "required"),
        ({"opening_line": ""}, "required"),
        ({"opening_line": "Hi, this is Tom Redmond."}, "as if the user were calling"),
        ({"steps": "Sell them a newspaper subscription"}, "doesn&#x27;t sell"),
        ({"contact": "", "name": " "}, "Say whom to call."),
        ({"contact": "contact:99999"}, "valid choice"),
        ({"limit_minor": "lots"}, "Enter a number"),
        ({"share": ["fact:999999"]}, "valid choice"),
    ],
)
def test_what_breaks_a_rule_is_said_and_what_was_typed_stays(page, waiting, changes, why):
    response = page.post(f"/requests/{waiting.pk}/plan/", form_of(waiting, find_out="how long they last", **changes))
    shown = response.content.decode()
    assert response.status_code == 422 and why in shown and "how long they last" in shown
    assert Request.objects.get().plan_version == waiting.plan_version


def test_the_second_of_two_tabs_is_told(page, waiting):
    page.post(f"/requests/{waiting.pk}/plan/", form_of(waiting, limit_minor="50"))
    response = page.post(f"/requests/{waiting.pk}/plan/", form_of(waiting, limit_minor="90"), follow=True)
    assert "The plan has changed since you saw it" in response.content.decode()
    assert Request.objects.get().limit_minor == 5000


def test_while_floyd_calls_the_plan_is_not_to_be_changed(page, waiting):
    Request.objects.update(status=Status.CALLING)
    assert page.get(f"/requests/{waiting.pk}/plan/", follow=True).redirect_chain == [(f"/requests/{waiting.pk}/", 302)]
    assert "Change the plan" not in page.get(f"/requests/{waiting.pk}/actions/").content.decode()
    assert "Hang up and stop" in page.get(f"/requests/{waiting.pk}/actions/").content.decode()


def test_what_was_known_is_read_version_by_version(page, tom, waiting, thinker):
    shown = page.get(f"/requests/{waiting.pk}/known/").content.decode()
    told, kept = shown.index("May be told on the call"), shown.index("Looked at and kept back")
    assert told < shown.index("delivered to 14 Brock Road") < kept < shown.index("2019 Honda Civic")
    assert not tells(shown, "4417") and "Version 2" not in shown
    services.stop_request(request_id=waiting.pk, user=tom)
    services.retry_request(request_id=waiting.pk, user=tom)
    planning.pick_up(request_id=waiting.pk)
    again = page.get(f"/requests/{waiting.pk}/known/").content.decode()
    assert again.index("Version 2") < again.index("Version 1")


def test_the_offered_call_is_one_tap(page, tom, thinker):
    offer = "Call Dr. Patel and ask when my next appointment is."
    thinker.scripts = [no_call("answer", answer="I don't know.", sources=["calendar"], follow_up=offer)]
    request = make_request(tom, ask="When's my next dentist appointment?")
    planning.pick_up(request_id=request.pk)
    assert "Call and ask" in page.get(f"/requests/{request.pk}/").content.decode()
    response = page.post(f"/requests/{request.pk}/call-and-ask/")
    made = Request.objects.get(parent=request)
    assert (response.status_code, response["Location"], made.ask) == (303, f"/requests/{made.pk}/", offer)
