"""Programs answer questions as a text message may, and no further: what is above the limit needs the user's own tap."""

from __future__ import annotations

import pytest

from requests_app import services
from requests_app.models import Question, Request
from requests_app.status import Status
from tests.api_client import Program, problem
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def wish(tom) -> Request:
    return make_request(tom, status=Status.WAITING_FOR_USER)


@pytest.fixture
def program(tom) -> Program:
    return Program(tom)


def ask(wish: Request, **fields: str) -> Question:
    return services.ask_question(request=wish, **{"kind": "text", "text": "Which teacher?", "step": "plan", **fields})


def test_open_questions_are_listed_and_answered_once(program, wish, hints):
    question = ask(wish)
    (found,) = program.read("questions?status=unanswered")["results"]
    assert (found["id"], found["request"], found["status"]) == (str(question.pk), str(wish.pk), "open")
    answered = program.call("POST", f"questions/{question.pk}/answer", {"text": "Mr Okafor"}).json()
    assert (answered["status"], answered["answer_text"], answered["answered_by"]) == ("answered", "Mr Okafor", "api")
    assert program.read("questions?status=unanswered")["results"] == []
    assert hints.ids("requests.pick_up") == [str(wish.pk)]
    assert "first answer counts" in problem(program.call("POST", f"questions/{question.pk}/answer", {"text": "Ms Lee"}), 409)["detail"]


def test_the_same_answer_under_the_same_key_is_one_answer(program, wish):
    question = ask(wish)
    first, second = (program.call("POST", f"questions/{question.pk}/answer", {"text": "Mr Okafor"}, Idempotency_Key="a") for _ in range(2))
    assert first.status_code == second.status_code == 200 and first.json() == second.json()


def test_an_answer_that_is_none_is_explained_and_its_key_stays_free(program, wish):
    question = ask(wish, kind="money", text="How much?", step="call")
    assert "up to $80" in problem(program.call("POST", f"questions/{question.pk}/answer", {"text": "purple"}, Idempotency_Key="a"), 422)["detail"]
    assert program.call("POST", f"questions/{question.pk}/answer", {"text": "up to $80"}, Idempotency_Key="a").json()["status"] == "answered"


def test_above_the_limit_a_token_is_not_enough(program, wish, tom):
    question = ask(wish, kind="money", text="How much?", step="call")
    waits = program.call("POST", f"questions/{question.pk}/answer", {"text": "up to $560"}).json()
    assert (waits["status"], waits["amount_minor"]) == ("confirming", 56000)
    looked_at = {"amount_minor": 56000}
    assert f"/requests/{wish.pk}/" in problem(program.call("POST", f"questions/{question.pk}/confirm", looked_at), 403)["detail"]
    wish.refresh_from_db()
    assert wish.limit_minor is None
    page = Program()
    page.force_login(tom)
    problem(page.call("POST", f"questions/{question.pk}/confirm", {"amount_minor": 60000}), 422)
    problem(page.call("POST", f"questions/{question.pk}/confirm", {}), 422)
    wish.refresh_from_db()
    assert wish.limit_minor is None
    assert page.call("POST", f"questions/{question.pk}/confirm", looked_at).json()["status"] == "answered"
    wish.refresh_from_db()
    assert wish.limit_minor == 56000
    problem(page.call("POST", f"questions/{question.pk}/confirm", looked_at), 409)


def test_texts_are_listed_newest_first(program, wish):
    ask(wish)
    ask(wish, text="Which school?")
    bodies = [message["body"] for message in program.read(f"messages?request={wish.pk}")["results"]]
    assert [body.split("?")[0] for body in bodies] == ["Which school", "Which teacher"]


@pytest.mark.parametrize("path", ["questions", "messages", "events"])
def test_a_list_costs_no_more_the_longer_it_is(program, wish, path, django_assert_max_num_queries):
    for number in range(5):
        ask(wish, text=f"Question {number}?")
    with django_assert_max_num_queries(4):
        assert len(program.read(f"requests/{wish.pk}/events" if path == "events" else path)["results"]) == 5
