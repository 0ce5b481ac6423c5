"""Changing the ask: planned anew before a call, said to Floyd during one, a new linked request after the end."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from requests_app import editing, planning, releasing, services
from requests_app.errors import InvalidAsk, NotFound, NotPossibleNow
from requests_app.models import Event, Question, QuestionStatus, Request
from requests_app.status import Status
from requests_app.sweep import sweep
from tests.cast import make_request
from tests.fakes import plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
NEW = "Call the school, Mara is sick today and tomorrow."


def edit(request: Request, ask: str = NEW, **fields) -> Request:
    return services.edit_ask(request_id=request.pk, user=request.user, ask=ask, **fields)


@pytest.mark.parametrize("status", sorted(editing.BEFORE_A_CALL))
def test_before_a_call_it_is_planned_anew(tom, hints, status):
    request = make_request(tom, status=status, plan={"title": "old"}, number="+15195550110", limit_minor=8000, limit_source="ask", planned_ask="x")
    after = edit(request)
    assert (after.pk, after.ask, after.status) == (request.pk, NEW, Status.PENDING)
    assert (after.plan, after.number, after.limit_minor, after.limit_source, after.snapshot) == (None, "", None, "", None)
    assert hints.ids("requests.pick_up") == [str(request.pk)]
    assert Event.objects.latest("seq").text.startswith("You changed what you want.")


def test_the_new_plan_has_a_new_snapshot_and_the_old_one_stays(tom, thinker):
    request = make_request(tom)
    thinker.scripts = [plan(kind="ask_user", question="Which school?"), plan()]
    planning.pick_up(request_id=request.pk)
    first = Request.objects.get().current_snapshot
    edit(request)
    planning.pick_up(request_id=request.pk)
    after = Request.objects.get()
    assert first is not None and after.current_snapshot is not None and after.current_snapshot.version == first.version + 1
    assert after.snapshots.count() == 2 and thinker.prompt()["ask"] == NEW


def test_open_questions_close(tom):
    request = make_request(tom, status=Status.WAITING_FOR_USER)
    question = services.ask_question(request=request, kind="text", text="Which school?", step="plan")
    edit(request)
    question.refresh_from_db()
    assert question.status == QuestionStatus.CLOSED
    assert services.answer_question(question_id=question.pk, text="Brock Road", by="page").text.startswith("This question is closed")


def test_a_yes_to_telling_something_was_for_the_old_words(tom):
    request = make_request(tom, status=Status.SCHEDULED, plan={"share": ["fact:1"]})
    released = services.ask_question(request=request, kind="yes_no", text="May I?", step="share", slots={"fact": "fact:1"})
    services.answer_question(question_id=released.pk, text="yes", by="page")
    assert set(releasing.released(request)) == {"fact:1"}
    edit(request)
    assert releasing.released(request) == {} and Question.objects.get().status == QuestionStatus.ANSWERED


def test_a_planner_at_work_gives_way(tom, monkeypatch):
    request = make_request(tom)

    def edited_meanwhile(*_, on_progress, **__):
        edit(request)
        on_progress('{"kind"')

    monkeypatch.setattr("requests_app.thinking.fill", edited_meanwhile)
    planning.pick_up(request_id=request.pk)
    request.refresh_from_db()
    assert (request.status, request.ask, request.plan) == (Status.PENDING, NEW, None)


def test_during_a_call_floyd_is_told(tom):
    request = make_request(tom, status=Status.CALLING)
    after = edit(request, "She is back on Monday.")
    assert (after.ask, after.status) == (request.ask, Status.CALLING)
    assert Event.objects.get(kind="whisper").text == "She is back on Monday."
    with pytest.raises(InvalidAsk, match="at most 400 characters"):
        edit(request, "x" * 500)


@pytest.mark.parametrize("status", [Status.WRAPPING_UP, Status.DONE, Status.FAILED, Status.CANCELLED])
def test_after_the_end_it_is_a_new_request_that_is_linked(tom, status, hints):
    request = make_request(tom, status=status)
    after, again = edit(request), edit(request)
    assert after == again != request and (after.parent, after.ask, after.status) == (request, NEW, Status.PENDING)
    request.refresh_from_db()
    assert (request.status, Request.objects.count()) == (status, 2) and hints.ids("requests.pick_up") == [str(after.pk)]


def test_the_same_words_change_nothing(tom, hints):
    request = make_request(tom, status=Status.SCHEDULED)
    assert edit(request, f" {request.ask} ").status == Status.SCHEDULED and not hints.sent


def test_whether_the_call_was_placed_is_settled_first(tom):
    request = make_request(tom, status=Status.WAITING_FOR_USER)
    services.ask_question(request=request, kind="yes_no", text="Call again?", step="dial", slots={"call": "c"})
    with pytest.raises(NotPossibleNow, match="can't tell whether the call was placed"):
        edit(request)


def test_nobody_edits_for_somebody_else(tom, alice):
    request = make_request(tom)
    with pytest.raises(NotFound):
        services.edit_ask(request_id=request.pk, user=alice, ask=NEW)


def test_the_second_tab_does_not_overwrite_the_first_unseen(tom):
    request = make_request(tom)
    edit(request, seen=request.ask)
    with pytest.raises(NotPossibleNow, match="changed meanwhile"):
        edit(request, "Something else", seen=request.ask)


class TestByHand:
    """The row's ask changed in the database, by psql or a script."""

    def planned(self, tom, status: Status) -> Request:
        request = make_request(tom, status=status, planned_ask="Call the school, Mara is sick today.")
        Request.objects.filter(pk=request.pk).update(ask=NEW)
        return request

    @pytest.mark.parametrize("status", [Status.PLANNING, Status.SCHEDULED, Status.WAITING_FOR_USER])
    def test_it_is_planned_anew_by_the_sweep(self, tom, status):
        request = self.planned(tom, status)
        sweep()
        request.refresh_from_db()
        assert (request.status, request.ask, request.planned_ask) == (Status.PENDING, NEW, "")
        assert not editing.take_up_hand_edit(request_id=request.pk), "once"

    def test_during_a_call_floyd_is_told_and_the_ask_stays(self, tom):
        request = self.planned(tom, Status.CALLING)
        assert editing.take_up_hand_edit(request_id=request.pk) and not editing.take_up_hand_edit(request_id=request.pk)
        request.refresh_from_db()
        assert request.ask == "Call the school, Mara is sick today." and Event.objects.get(kind="whisper").text == NEW

    def test_after_the_end_it_is_a_new_request(self, tom):
        request = self.planned(tom, Status.DONE)
        sweep()
        sweep()
        request.refresh_from_db()
        assert request.ask == "Call the school, Mara is sick today."
        made = Request.objects.get(parent=request)
        assert (made.ask, made.channel) == (NEW, "row")

    def test_an_empty_one_is_put_back_and_the_timeline_says_why(self, tom):
        request = self.planned(tom, Status.SCHEDULED)
        Request.objects.filter(pk=request.pk).update(ask=" ")
        sweep()
        request.refresh_from_db()
        assert (request.status, request.ask) == (Status.SCHEDULED, "Call the school, Mara is sick today.")
        assert "The request is empty" in Event.objects.get(kind="edited").text

    def test_a_row_that_nobody_has_planned_is_planned_as_it_is(self, tom, thinker):
        request = make_request(tom)
        Request.objects.filter(pk=request.pk).update(ask=NEW)
        sweep()
        planning.pick_up(request_id=request.pk)
        request.refresh_from_db()
        assert thinker.prompt()["ask"] == request.planned_ask == NEW


class TestPage:
    def test_in_place_and_without_scripts(self, client, tom):
        request = make_request(tom, status=Status.WAITING_FOR_USER)
        client.force_login(tom)
        assert f'href="/requests/{request.pk}/edit/"' in client.get(f"/requests/{request.pk}/").content.decode()
        part = client.get(f"/requests/{request.pk}/edit/", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part and "Mara is sick today.</textarea>" in part
        whole = client.get(f"/requests/{request.pk}/edit/").content.decode()
        assert "<html" in whole and "Mara is sick today.</textarea>" in whole
        response = client.post(f"/requests/{request.pk}/edit/", {"ask": NEW, "seen": request.ask})
        assert (response.status_code, response["Location"]) == (303, f"/requests/{request.pk}/")

    def test_the_second_tab_keeps_what_was_typed(self, client, tom):
        request = make_request(tom, status=Status.WAITING_FOR_USER)
        client.force_login(tom)
        client.post(f"/requests/{request.pk}/edit/", {"ask": NEW, "seen": request.ask})
        response = client.post(f"/requests/{request.pk}/edit/", {"ask": "Typed in the other tab", "seen": request.ask})
        page = response.content.decode()
        assert response.status_code == 409 and "changed meanwhile" in page and "Typed in the other tab</textarea>" in page

    def test_the_new_request_and_the_old_one_show_each_other(self, client, tom):
        request = make_request(tom, status=Status.DONE)
        client.force_login(tom)
        place = client.post(f"/requests/{request.pk}/edit/", {"ask": NEW})["Location"]
        assert place != f"/requests/{request.pk}/"
        assert f'href="/requests/{request.pk}/">Call the school' in client.get(place).content.decode()
        assert f'href="{place}">' in client.get(f"/requests/{request.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_ten_edits_at_once_leave_one_plan_to_make(tom, hints):
    request = make_request(tom, status=Status.SCHEDULED)
    together = threading.Barrier(10)

    def change(number: int) -> None:
        together.wait()
        try:
            services.edit_ask(request_id=request.pk, user=tom, ask=f"Call the school, number {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(change, range(10)))
    request.refresh_from_db()
    assert request.status == Status.PENDING and request.ask.startswith("Call the school, number")
    assert Event.objects.filter(kind="status").count() == 1
