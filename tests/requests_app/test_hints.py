"""A broker that is away costs a sweep, never a request."""

import time

import pytest
from django.db import transaction

from requests_app import hints as hints_module
from requests_app import services
from requests_app.hints import hint
from requests_app.models import Request

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broken_broker(monkeypatch):
    tries = []

    def refuse(*arguments, **_):
        tries.append(arguments)
        raise ConnectionRefusedError

    monkeypatch.setattr("celery.Celery.send_task", refuse)
    monkeypatch.setattr(hints_module, "_quiet_until", 0.0)
    return tries


def test_a_request_is_saved_although_its_hint_is_lost(tom, broken_broker):
    request = services.create_request(user=tom, ask="Call the school", channel="web")
    assert Request.objects.get().pk == request.pk and len(broken_broker) == 1


def test_nobody_waits_for_a_broken_broker_again_and_again(tom, broken_broker, monkeypatch):
    for _ in range(5):
        hint("requests.pick_up", 1)
    assert len(broken_broker) == 1
    monkeypatch.setattr(hints_module, "_quiet_until", time.monotonic() - 1)
    hint("requests.pick_up", 1)
    assert len(broken_broker) == 2


def test_a_hint_waits_for_the_commit_and_dies_with_a_rollback(tom, hints):
    with transaction.atomic():
        hint("requests.pick_up", 1)
        assert not hints.sent
    assert hints.sent == [("requests.pick_up", ("1",))]
    hints.clear()
    with pytest.raises(ValueError, match="oops"), transaction.atomic():
        hint("requests.pick_up", 2)
        raise ValueError("oops")
    assert not hints.sent
