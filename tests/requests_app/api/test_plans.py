"""Programs change plans, say yes to them and read what was known, under the rules of the pages."""

from typing import Any

import pytest

from context.choices import PlanApproval
from context.models import Contact
from requests_app import planning
from requests_app.models import Request
from requests_app.status import Status
from tests.api_client import Program, problem
from tests.cast import make_request, tells
from tests.fakes import no_call, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def program(tom) -> Program:
    return Program(tom)


@pytest.fixture
def waiting(tom, thinker) -> str:
    """Address of a request whose plan waits for Tom's yes."""
    tom.plan_approval = PlanApproval.ASK
    tom.save()
    florist = Contact.objects.get(name="Sweet Violet's")
    callee = {"contact_id": f"contact:{florist.pk}", "name": florist.name, "kind": "florist"}
    thinker.scripts = [plan(kind="buy", callee=callee, goal="Order flowers for Krista Redmond.", opening_line="I would like to order flowers.")]
    request = make_request(tom, ask="Order Krista some flowers")
    planning.pick_up(request_id=request.pk)
    return f"/api/v1/requests/{request.pk}"


def change(program: Program, address: str, body: dict[str, Any]) -> Any:
    tag = program.call("GET", address).headers["ETag"]
    return program.call("PATCH", f"{address}/plan", body, If_Match=tag)


def test_a_plan_is_changed(program, waiting):
    response = change(program, waiting, {"limit_minor": 5000, "find_out": ["the colour"], "steps": ["Ask for Ruth"]})
    found = response.json()
    assert response.status_code == 200
    assert (found["limit_minor"], found["plan"]["find_out"], found["plan_version"], found["can_edit"]) == (5000, ["the colour"], 2, True)
    assert found["plan"]["steps"] == ["Ask for Ruth"]
    assert program.call("GET", waiting).headers["ETag"] == response.headers["ETag"]


def test_another_callee_is_planned_anew(program, waiting):
    found = change(program, waiting, {"callee": {"contact_id": None, "name": "Petal & Stem"}}).json()
    assert (found["status"], found["can_edit"]) == ("planning", False)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"goal": "Call people and sell them flowers."}, "doesn't sell"),
        ({"limit_minor": 50_000}, "signed in"),
        ({"share": ["fact:999999"]}, "may not be shared"),
        ({"callee": {"contact_id": "contact:999999", "name": "x"}}, "no contact"),
        ({"title": "x"}, "There is no such field"),
        ({"opening_line": ""}, "opening_line"),
        ({"limit_minor": -1}, "limit_minor"),
        ({}, "Send what is to change"),
    ],
)
def test_what_breaks_a_rule_is_refused(program, waiting, body, says):
    response = change(program, waiting, body)
    assert response.status_code == 422 and says in response.content.decode()
    assert Request.objects.get().plan_version == 1


def test_a_change_of_what_was_not_seen_is_refused(program, waiting):
    tag = program.call("GET", waiting).headers["ETag"]
    problem(program.call("PATCH", f"{waiting}/plan", {"limit_minor": 1}), 428)
    change(program, waiting, {"limit_minor": 5000})
    problem(program.call("PATCH", f"{waiting}/plan", {"limit_minor": 1}, If_Match=tag), 412)


def test_a_plan_is_approved_once(program, waiting):
    problem(program.call("POST", f"{waiting}/approve", {"version": 7}), 409)
    first, second = (program.call("POST", f"{waiting}/approve", {"version": 1}, Idempotency_Key="k") for _ in range(2))
    assert first.json()["status"] == second.json()["status"] == Status.FINDING_NUMBER
    problem(program.call("POST", f"{waiting}/approve", {"version": 1}), 409)


def test_what_was_known_is_listed(program, waiting):
    (found,) = program.read(f"{waiting}/snapshots")["results"]
    assert (found["version"], found["current"], found["left_out"]) == (1, True, {})
    assert {"statement": "Tom's car is a 2019 Honda Civic", "why": "The call does not need it."} in found["kept"]
    assert not tells(found, "4417")


def test_the_offered_call_is_taken_once(program, tom, thinker):
    thinker.scripts = [no_call("answer", answer="I don't know.", sources=["calendar"], follow_up="Call Dr. Patel and ask.")]
    request = make_request(tom, ask="When's my next dentist appointment?")
    planning.pick_up(request_id=request.pk)
    address = f"/api/v1/requests/{request.pk}"
    assert program.read(address)["offer"] == "Call Dr. Patel and ask."
    made = [program.call("POST", f"{address}/call-and-ask").json() for _ in range(2)]
    assert made[0]["id"] == made[1]["id"] and (made[0]["parent"], made[0]["ask"]) == (str(request.pk), "Call Dr. Patel and ask.")
