"""What was known when a request was planned stays as it was, version by version."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from context import services as knowledge
from context.models import Fact
from requests_app import planning, services, snapshots
from requests_app.models import Request, Snapshot
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import no_call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def planned(request: Request) -> Any:
    planning.pick_up(request_id=request.pk)
    return Request.objects.get(pk=request.pk)


def test_nobody_changes_a_snapshot_not_even_with_sql(tom):
    taken = snapshots.current(request=make_request(tom), now=timezone.now())
    for change in ({"data": {}}, {"version": 7}, {"ask": "other"}):
        with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
            Snapshot.objects.filter(pk=taken.pk).update(**change)
    assert Snapshot.objects.get(pk=taken.pk).data == taken.data


def test_planning_anew_takes_another_version_and_keeps_the_old_one(tom, thinker):
    thinker.scripts = [no_call("decline", decline_reason="No.")]
    request = planned(make_request(tom, ask="Is my car ready?"))
    fact = Fact.objects.get(topic="car")
    knowledge.supersede_fact(fact=fact, statement="Tom's car is a 2024 Honda Civic", source="told")
    again = planned(services.retry_request(request_id=request.pk, user=tom))
    old, new = Snapshot.objects.filter(request=request)
    assert (old.version, new.version, again.current_snapshot) == (1, 2, new)
    assert "2019 Honda" in str(old.data) and "2024 Honda" not in str(old.data)
    assert "2024 Honda" in str(new.data) and "2019 Honda" not in str(new.data)


def test_a_worker_that_died_does_not_make_another_version(tom):
    request = make_request(tom)
    request.current_snapshot = snapshots.current(request=request, now=timezone.now())
    assert snapshots.current(request=request, now=timezone.now()) == request.current_snapshot


def test_an_answer_that_is_about_something_else_finds_other_facts(tom, thinker):
    Fact.objects.bulk_create(Fact(user=tom, statement=f"Receipt {number} is in the drawer") for number in range(200))
    Fact.objects.filter(statement="Receipt 3 is in the drawer").update(statement="The cello is kept by Mr. Ostrowski")
    thinker.scripts = [no_call("ask_user", question="Which instrument?")]
    request = planned(make_request(tom, ask="Have my instrument tuned"))
    services.answer_question(question_id=request.questions.get().pk, text="the cello", by="page")
    planned(request)
    statements = [fact["statement"] for fact in thinker.prompt()["facts"]]
    assert "The cello is kept by Mr. Ostrowski" in statements
    assert [taken.version for taken in Snapshot.objects.filter(request=request)] == [1, 2]


def test_forgetting_a_user_forgets_the_snapshots(tom, thinker):
    thinker.scripts = [no_call("decline", decline_reason="No.")]
    assert planned(make_request(tom)).status == Status.FAILED
    tom.delete()
    assert not Snapshot.objects.exists()
