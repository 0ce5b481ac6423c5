"""A reminder comes when it is due, once, whoever dies; a call that follows is a request of its own that can be moved and called off."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from requests_app import next_steps
from requests_app.errors import NotPossibleNow
from requests_app.lease import claim_for_planning
from requests_app.models import Message, Request
from requests_app.next_step import NextStep, StepKind, StepStatus
from requests_app.status import Status
from tests.cast import make_request

pytestmark = pytest.mark.django_db


def due(user, **fields) -> NextStep:
    step = next_steps.add_reminder(user=user, text="Pick up the flowers", due_at=timezone.now() + timedelta(hours=1), **fields)
    NextStep.objects.filter(pk=step.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return step


def again(user, request, **fields) -> NextStep:
    values = {"kind": StepKind.CALL_AGAIN, "text": "Call again", "due_at": timezone.now() + timedelta(days=2), "key": f"again:{request.pk}"}
    return next_steps.add_step(user=user, request=request, **(values | fields))


def test_a_reminder_is_told_once_however_often_it_is_looked_for(tom):
    step = due(tom, request=make_request(tom, status=Status.DONE))
    assert [next_steps.deliver_due() for _ in range(3)] == [1, 0, 0]
    message = Message.objects.get(dedupe_key=f"step:{step.pk}")
    assert message.body == "Reminder: Pick up the flowers"
    step.refresh_from_db()
    assert (step.status, step.done_at is not None) == (StepStatus.DONE, True)


def test_a_reminder_whose_delivery_broke_off_is_delivered_later(tom, monkeypatch):
    step = due(tom)
    with monkeypatch.context() as broken, pytest.raises(RuntimeError), transaction.atomic():
        broken.setattr(next_steps, "queue_message", lambda **_: (_ for _ in ()).throw(RuntimeError("killed")))
        next_steps.deliver(step.pk)
    step.refresh_from_db()
    assert step.status == StepStatus.OPEN
    assert next_steps.deliver_due() == 1
    assert Message.objects.filter(dedupe_key=f"step:{step.pk}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_deliver_a_reminder_once():
    from concurrent.futures import ThreadPoolExecutor

    from tests import cast

    step = due(cast.tom())

    def run(_: int) -> bool:
        try:
            return next_steps.deliver(step.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(run, range(4))) == [False, False, False, True]
    assert Message.objects.filter(dedupe_key=f"step:{step.pk}").count() == 1


def test_what_is_cancelled_or_only_proposed_is_not_told(tom):
    cancelled = due(tom)
    next_steps.cancel_step(step=cancelled)
    proposed = due(tom)
    NextStep.objects.filter(pk=proposed.pk).update(status=StepStatus.PROPOSED)
    assert next_steps.deliver_due() == 0


def test_a_reminder_that_was_put_off_comes_at_its_new_time(tom):
    step = due(tom)
    next_steps.change_step(step=step, due_at=timezone.now() + timedelta(hours=2))
    assert next_steps.deliver_due() == 0


@pytest.mark.parametrize("at", [timedelta(hours=-2), timedelta(days=999)])
def test_a_moment_that_makes_no_sense_is_refused(tom, at):
    with pytest.raises(NotPossibleNow, match="lies ahead"):
        next_steps.add_reminder(user=tom, text="x", due_at=timezone.now() + at)


def test_what_is_over_cannot_be_changed(tom):
    step = due(tom)
    next_steps.deliver_due()
    with pytest.raises(NotPossibleNow):
        next_steps.change_step(step=step, text="other")
    with pytest.raises(NotPossibleNow):
        next_steps.cancel_step(step=step)


def test_another_call_is_a_linked_request_that_waits_for_its_day(tom, hints, at_once):
    first = make_request(tom, status=Status.FAILED)
    step = again(tom, first)
    step.refresh_from_db()
    wish = Request.objects.get(parent=first)
    assert (step.follow_up, wish.status, wish.ask, wish.not_before) == (wish, Status.PENDING, first.ask, step.due_at)
    assert claim_for_planning(request_id=wish.pk, now=timezone.now()) is None
    Request.objects.filter(pk=wish.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    assert claim_for_planning(request_id=wish.pk, now=timezone.now()) is not None


def test_the_same_call_again_is_made_once(tom):
    first = make_request(tom, status=Status.FAILED)
    assert again(tom, first) == again(tom, first)
    assert Request.objects.filter(parent=first).count() == 1


def test_moving_the_step_moves_the_request_and_cancelling_it_stops_the_request(tom):
    first = make_request(tom, status=Status.FAILED)
    step, later = again(tom, first), timezone.now() + timedelta(days=5)
    next_steps.change_step(step=step, due_at=later)
    wish = Request.objects.get(parent=first)
    assert wish.not_before == later
    next_steps.cancel_step(step=step)
    wish.refresh_from_db()
    assert wish.status == Status.CANCELLED


def test_a_proposed_call_is_made_when_the_user_says_when(tom):
    first = make_request(tom, status=Status.FAILED)
    step = again(tom, first, status=StepStatus.PROPOSED, due_at=None)
    assert not Request.objects.filter(parent=first).exists()
    with pytest.raises(NotPossibleNow, match="Say when"):
        next_steps.change_step(step=step)
    next_steps.change_step(step=step, due_at=timezone.now() + timedelta(days=1))
    assert Request.objects.filter(parent=first).count() == 1


def test_the_pages_show_take_and_change_them(client, tom):
    wish = make_request(tom, status=Status.DONE, outcome={"summary": "Ordered.", "achieved": "yes", "items": []})
    client.force_login(tom)
    in_words = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"/requests/{wish.pk}/remind/", {"text": "<b>Flowers</b>", "due_at": in_words}).status_code == 303
    page = client.get(f"/requests/{wish.pk}/").content.decode()
    assert "&lt;b&gt;Flowers&lt;/b&gt;" in page and "Floyd reminds you" in page
    step = NextStep.objects.get()
    assert client.get(f"/steps/{step.pk}/").status_code == 200
    assert client.post(f"/steps/{step.pk}/", {"text": "Roses", "due_at": "soon"}).status_code == 422
    assert client.post(f"/steps/{step.pk}/", {"text": "Roses", "due_at": in_words}).status_code == 303
    assert client.post(f"/steps/{step.pk}/cancel/").status_code == 303
    step.refresh_from_db()
    assert (step.text, step.status) == ("Roses", StepStatus.CANCELLED)
