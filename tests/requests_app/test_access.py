"""Everyone has their own things only."""

import pytest
from django.contrib.auth.models import AnonymousUser

from live.access import may_watch
from requests_app import access, services
from requests_app.errors import NotFound
from requests_app.models import Event
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def toms(tom):
    return make_request(tom, status=Status.WAITING_FOR_USER)


def test_tom_sees_his_own(tom, toms):
    question = services.ask_question(request=toms, kind="text", text="Which?", step="plan")
    message = toms.messages.get()
    assert access.get_request(tom, toms.pk) == access.own_request(tom, str(toms.pk)) == toms
    assert access.own_question(tom, question.pk) == question
    assert access.get_message(tom, message.pk) == message
    assert may_watch(tom, f"request.{toms.pk}") and may_watch(tom, f"user.{tom.pk}")


@pytest.mark.parametrize("who", ["alice", "sam", "nobody", "tom switched off"])
def test_nobody_else_sees_anything(tom, alice, sam, toms, who):
    question = services.ask_question(request=toms, kind="text", text="Which?", step="plan")
    viewer = {"alice": alice, "sam": sam, "nobody": AnonymousUser(), "tom switched off": tom}[who]
    if viewer is tom:
        tom.is_active = False
    for get, key in (
        (access.get_request, toms.pk),
        (access.own_request, toms.pk),
        (access.own_question, question.pk),
        (access.get_message, toms.messages.get().pk),
    ):
        with pytest.raises(NotFound):
            get(viewer, key)
    assert not access.visible_requests(viewer) and not access.visible_questions(viewer) and not access.visible_messages(viewer)
    assert not may_watch(viewer, f"request.{toms.pk}")
    if viewer is not tom:
        assert not may_watch(viewer, f"user.{tom.pk}")


@pytest.mark.parametrize("key", ["", "no-id", "1", "01989b2e-0000-7000-8000-00000000dead", "' or 1=1"])
def test_ids_that_are_none_are_not_found(tom, toms, key):
    with pytest.raises(NotFound):
        access.get_request(tom, key)
    assert not may_watch(tom, f"request.{key}")


def test_staff_look_with_a_reason_that_the_user_can_read(sam, toms):
    access.open_for_staff(sam, toms.pk, reason="Tom asked for help on 21 November")
    assert access.get_request(sam, toms.pk) == toms
    assert may_watch(sam, f"request.{toms.pk}")
    assert Event.objects.get().text == "Staff looked at this request: Tom asked for help on 21 November"
    with pytest.raises(NotFound):
        access.own_request(sam, toms.pk)


def test_the_look_of_staff_ends(sam, toms):
    access.open_for_staff(sam, toms.pk, reason="help")
    Event.objects.update(created_at=Event.objects.get().created_at - access.STAFF_LOOK * 2)
    with pytest.raises(NotFound):
        access.get_request(sam, toms.pk)


@pytest.mark.parametrize(("who", "reason"), [("sam", " "), ("alice", "curious")])
def test_nobody_looks_without_being_staff_and_a_reason(alice, sam, toms, who, reason):
    with pytest.raises(NotFound):
        access.open_for_staff({"sam": sam, "alice": alice}[who], toms.pk, reason=reason)


def test_the_staff_topic_is_for_staff(tom, sam):
    assert may_watch(sam, "staff") and not may_watch(tom, "staff")
