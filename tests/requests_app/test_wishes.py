"""Several wishes in one sentence become linked requests, each once."""

import pytest

from requests_app import planning, services, wishes
from requests_app.models import Event, Request
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
ASK = "Call the school, Mara is sick, and order Krista flowers for up to $80."
FLOWERS = "Order Krista flowers for up to $80."


def others() -> list[Request]:
    return list(Request.objects.exclude(parent=None).order_by("pk"))


def test_each_further_wish_is_a_request_of_its_own(tom, hints):
    request = make_request(tom, ask=ASK)
    wishes.make_linked(request=request, wishes=[FLOWERS, "Ask the dentist when they open."])
    assert [(one.ask, one.parent, one.channel) for one in others()] == [
        (FLOWERS, request, "web"),
        ("Ask the dentist when they open.", request, "web"),
    ]
    assert hints.ids("requests.pick_up") == [str(one.pk) for one in others()]
    assert "several things" in Event.objects.get(kind="wishes").text


def test_planning_again_makes_no_second_ones(tom, thinker):
    request = make_request(tom, ask=ASK)
    thinker.scripts = [plan(kind="ask_user", question="Which school?", other_wishes=[FLOWERS]), plan(other_wishes=["Flowers for Krista, up to $80"])]
    planning.pick_up(request_id=request.pk)
    services.answer_question(question_id=request.questions.get().pk, text="Brock Road", by="page")
    planning.pick_up(request_id=request.pk)
    assert [one.ask for one in others()] == [FLOWERS]


def test_a_crash_right_after_they_were_made_makes_no_second_ones(tom, thinker, monkeypatch):
    request = make_request(tom, ask=ASK)
    thinker.scripts = [plan(other_wishes=[FLOWERS])]
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(planning, "carry_out", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        planning.pick_up(request_id=request.pk)
    assert len(others()) == 1
    Request.objects.filter(pk=request.pk).update(status=Status.PENDING, lease_until=None)
    planning.pick_up(request_id=request.pk)
    assert len(others()) == 1 and Request.objects.get(pk=request.pk).status != Status.PENDING


def test_a_linked_wish_is_not_taken_apart_again(tom, thinker):
    wishes.make_linked(request=make_request(tom, ask=ASK), wishes=[FLOWERS])
    thinker.scripts = [plan(other_wishes=["Call the school."])]
    planning.pick_up(request_id=others()[0].pk)
    assert len(others()) == 1


@pytest.mark.parametrize("wish", ["Order Krista flowers for up to $500.", "", "\x00"])
def test_what_the_user_did_not_say_is_left_out(tom, wish):
    wishes.make_linked(request=make_request(tom, ask=ASK), wishes=[wish])
    assert others() == []


def test_they_are_taken_back_together(tom):
    request = services.create_request(user=tom, ask=ASK, channel="web")
    wishes.make_linked(request=request, wishes=[FLOWERS])
    assert others()[0].undo_until == request.undo_until
    services.undo_request(request_id=request.pk, user=tom)
    assert not Request.objects.exists()
