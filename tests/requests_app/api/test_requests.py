"""Programs give, list, read, stop and retry requests, as the pages do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.dateparse import parse_datetime

from requests_app.models import Request
from requests_app.status import Status
from tests.api_client import Program, problem
from tests.cast import make_request

pytestmark = pytest.mark.django_db
ASK = "Call the school, Mara is sick today."


@pytest.fixture
def program(tom) -> Program:
    return Program(tom)


@pytest.mark.usefixtures("at_once")
class TestCreating:
    def test_a_request_is_saved_picked_up_and_shown(self, program, tom, hints):
        response = program.call("POST", "requests", {"ask": ASK})
        assert response.status_code == 201
        found = response.json()
        assert (found["ask"], found["status"], found["channel"]) == (ASK, "pending", "api")
        assert response.headers["Location"] == f"/api/v1/requests/{found['id']}"
        assert hints.ids("requests.pick_up") == [found["id"]]
        assert program.read(response.headers["Location"]) == found
        assert program.call("GET", response.headers["Location"]).headers["ETag"] == response.headers["ETag"]

    def test_the_same_key_gives_the_same_request(self, program):
        first, second = (program.call("POST", "requests", {"ask": ASK}, Idempotency_Key="k1") for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json() and first.headers["Location"] == second.headers["Location"]

    def test_the_same_key_for_another_ask_is_refused(self, program):
        program.call("POST", "requests", {"ask": ASK}, Idempotency_Key="k1")
        assert "new key" in problem(program.call("POST", "requests", {"ask": "Order flowers."}, Idempotency_Key="k1"), 409)["detail"]

    def test_a_double_tap_is_one_request(self, program):
        assert [program.call("POST", "requests", {"ask": ASK}).status_code for _ in range(2)] == [201, 200]

    @pytest.mark.parametrize(
        ("body", "status", "says"),
        [
            ({"ask": ""}, 422, "empty"),
            ({"ask": "x" * 2001}, 422, "2001 characters"),
            ({"ask": "call\u0000school"}, 422, "ask"),
            ({"ask": 5e400}, 400, "JSON"),
            ({"ask": {"a": 1}}, 422, "ask"),
            ({"ask": 5}, 422, "ask"),
            ({}, 422, "ask"),
            ({"ask": ASK, "number": "+15195550110"}, 422, "number"),
            ([ASK], 422, "dictionary"),
            (ASK, 400, "JSON"),
            (b"[" * 20000, 400, "JSON"),
            (b"\xff\xfe", 400, "JSON"),
        ],
    )
    def test_what_is_no_request_is_refused_with_a_reason(self, program, body, status, says):
        assert says in problem(program.call("POST", "requests", body), status)["detail"]
        assert not Request.objects.exists()

    def test_a_form_is_not_taken(self, program):
        assert "application/json" in problem(program.post("/api/v1/requests", {"ask": ASK}), 415)["detail"]

    def test_there_is_a_limit_and_it_says_when_it_ends(self, program, settings):
        settings.API_REQUESTS_PER_HOUR = 2
        for number in range(2):
            assert program.call("POST", "requests", {"ask": f"{ASK} {number}"}).status_code == 201
        response = program.call("POST", "requests", {"ask": "One too many."})
        assert "Try again in" in problem(response, 429)["detail"]
        assert 3500 < int(response.headers["Retry-After"]) <= 3600
        assert program.read("requests")["results"]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_request(tom, hints):
    programs, together = [Program(tom)], threading.Barrier(50)
    token = programs[0].defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")

    def send(_: int) -> tuple[int, str]:
        program = Program(token=token)
        together.wait()
        try:
            response = program.call("POST", "requests", {"ask": ASK}, Idempotency_Key="one-key")
            return response.status_code, response.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert sorted(status for status, _ in answers) == [200] * 49 + [201]
    assert len({found for _, found in answers}) == 1 == Request.objects.count()


class TestListing:
    def test_newest_first_a_page_at_a_time_and_nothing_twice(self, program, tom):
        made = [str(make_request(tom, ask=f"Wish {number}.").pk) for number in range(7)]
        page = program.read("requests?limit=3")
        seen = [found["id"] for found in page["results"]]
        make_request(tom, ask="A new one meanwhile.")
        while page["next"]:
            page = program.read(page["next"].removeprefix("http://testserver"))
            seen += [found["id"] for found in page["results"]]
        assert seen == made[::-1]
        back = program.read(page["previous"].removeprefix("http://testserver"))
        assert [found["id"] for found in back["results"]] == made[::-1][3:6]

    def test_only_ones_own(self, program, alice):
        make_request(alice)
        assert program.read("requests")["results"] == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("status=done", ["Order Krista flowers."]),
            ("status=in_flight", [ASK]),
            ("status=ended", ["Order Krista flowers."]),
            ("q=krista", ["Order Krista flowers."]),
            ("q=flow ord", ["Order Krista flowers."]),
            ("q=nothing", []),
            ("q=' | !)", ["Order Krista flowers.", ASK]),
            ("status=ended&q=school", []),
        ],
    )
    def test_filters(self, program, tom, query, found):
        make_request(tom, ask=ASK)
        make_request(tom, ask="Order Krista flowers.", status=Status.DONE)
        assert [wish["ask"] for wish in program.read(f"requests?{query}")["results"]] == found

    def test_from_when_to_when(self, program, tom):
        first, second = make_request(tom), make_request(tom)
        Request.objects.filter(pk=first.pk).update(created_at=parse_datetime("2026-11-20T10:00:00Z"))
        Request.objects.filter(pk=second.pk).update(created_at=parse_datetime("2026-11-21T10:00:00Z"))
        after = program.read("requests?created_after=2026-11-21T10:00:00Z")["results"]
        before = program.read("requests?created_before=2026-11-21T10:00:00Z")["results"]
        assert ([found["id"] for found in after], [found["id"] for found in before]) == ([str(second.pk)], [str(first.pk)])

    @pytest.mark.parametrize(
        "query",
        [
            "status=happy",
            "status=",
            "state=done",
            "q=",
            "created_after=yesterday",
            "limit=0",
            "limit=201",
            "limit=x",
            "cursor=x",
            "cursor=cD1ub3QtYW4taWQ=",
        ],
    )
    def test_a_wrong_parameter_is_named(self, program, query):
        problem(program.call("GET", f"requests?{query}"), 400)

    def test_a_list_costs_three_queries_however_long(self, program, tom, django_assert_num_queries):
        for number in range(20):
            make_request(tom, ask=f"Wish {number}.", outcome={"answer": "Yes.", "sources": []})
        program.read("requests")  # notes the use of the token
        with django_assert_num_queries(3):  # token, note of its use, rows
            assert len(program.read("requests")["results"]) == 20


class TestOne:
    def test_an_answer_and_a_call_have_their_outcome_in_one_form(self, program, tom):
        answer = make_request(tom, status=Status.DONE, outcome={"answer": "On Thursday.", "sources": [{"id": "calendar:7", "label": "Dentist"}]})
        assert program.read(f"requests/{answer.pk}")["outcome"] == {
            **{"achieved": None, "summary": "On Thursday.", "sources": [{"id": "calendar:7", "label": "Dentist"}]},
            **{"items": [], "missing": []},
        }
        item = {"kind": "agreed", "text": "Peonies.", "amount_minor": 5600, "currency": "CAD", "when": None, "lines": [3]}
        call = make_request(tom, status=Status.DONE, outcome={"achieved": "yes", "summary": "Ordered.", "items": [item], "missing": []})
        found = program.read(f"requests/{call.pk}")
        assert (found["outcome"]["achieved"], found["outcome"]["items"]) == ("yes", [item])
        assert [wish["summary"] for wish in program.read("requests")["results"]] == ["Ordered.", "On Thursday."]

    def test_an_etag_saves_the_body(self, program, tom):
        wish = make_request(tom)
        tag = program.call("GET", f"requests/{wish.pk}").headers["ETag"]
        assert program.call("GET", f"requests/{wish.pk}", If_None_Match=tag).status_code == 304
        Request.objects.filter(pk=wish.pk).update(status=Status.DONE)
        assert program.call("GET", f"requests/{wish.pk}", If_None_Match=tag).status_code == 200

    @pytest.mark.usefixtures("at_once")
    def test_stop_and_retry(self, program, tom, hints):
        wish = make_request(tom)
        stopped = program.call("POST", f"requests/{wish.pk}/stop").json()
        assert (stopped["status"], stopped["can_stop"], stopped["can_retry"]) == ("cancelled", False, True)
        assert "already ended" in problem(program.call("POST", f"requests/{wish.pk}/stop"), 409)["detail"]
        again = program.call("POST", f"requests/{wish.pk}/retry").json()
        assert (again["status"], again["can_stop"]) == ("pending", True)
        assert "Only a request" in problem(program.call("POST", f"requests/{wish.pk}/retry"), 409)["detail"]
        texts = [event["text"] for event in program.read(f"requests/{wish.pk}/events")["results"]]
        assert texts == ["You stopped it.", "You asked Floyd to try again."]

    @pytest.mark.usefixtures("at_once")
    def test_stopping_again_with_the_same_key_says_the_same(self, program, tom):
        wish = make_request(tom)
        first, second = (program.call("POST", f"requests/{wish.pk}/stop", Idempotency_Key="s1") for _ in range(2))
        assert first.status_code == second.status_code == 200 and first.json() == second.json()

    def test_what_is_not_ones_own_does_not_exist(self, program, alice):
        hers = make_request(alice)
        for path in (f"requests/{hers.pk}", f"requests/{uuid4()}", f"requests/{hers.pk}/events"):
            problem(program.call("GET", path), 404)
        problem(program.call("POST", f"requests/{hers.pk}/stop"), 404)


@pytest.mark.usefixtures("at_once")
class TestEditing:
    def test_a_waiting_request_is_planned_anew(self, program, tom):
        place = f"requests/{make_request(tom, status=Status.SCHEDULED).pk}"
        tag = program.call("GET", place).headers["ETag"]
        problem(program.call("PATCH", place, {"ask": "Call the dentist"}), 428)
        changed = program.call("PATCH", place, {"ask": "Call the dentist"}, If_Match=tag)
        assert (changed.status_code, changed.json()["ask"], changed.json()["status"]) == (200, "Call the dentist", "pending")
        problem(program.call("PATCH", place, {"ask": "Call the garage"}, If_Match=tag), 412)

    def test_after_the_end_there_is_a_new_one(self, program, tom):
        ended = make_request(tom, status=Status.DONE)
        made = program.call("PATCH", f"requests/{ended.pk}", {"ask": "Call the dentist"}, If_Match="*")
        assert (made.status_code, made.json()["parent"], made.json()["channel"]) == (201, str(ended.pk), "api")
        assert program.read(made.headers["Location"]) == made.json()

    def test_what_cannot_be_done_is_said(self, program, tom):
        place = f"requests/{make_request(tom).pk}"
        assert "empty" in problem(program.call("PATCH", place, {"ask": " "}, If_Match="*"), 422)["detail"]
