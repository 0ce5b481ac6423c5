"""A POST under one key is done once, however many arrive at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from context.access_models import IdempotencyKey
from context.models import Contact
from tests.api_client import Program

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_at_once_are_one_contact(alice):
    token = Program(alice).defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    together = threading.Barrier(50)

    def send(_: int) -> tuple[int, str]:
        program = Program(token=token)
        together.wait()
        try:
            response = program.call("POST", "contacts", {"name": "Joe"}, Idempotency_Key="one-key")
            return response.status_code, response.headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert sorted(status for status, _ in answers) == [200] * 49 + [201]
    assert len({place for _, place in answers}) == 1 == Contact.objects.count() == IdempotencyKey.objects.count()


def test_a_thing_that_is_gone_is_not_made_again_by_its_key(alice):
    program = Program(alice)
    made = program.call("POST", "contacts", {"name": "Joe"}, Idempotency_Key="k")
    program.call("DELETE", made.headers["Location"], If_Match=made.headers["ETag"])
    again = program.call("POST", "contacts", {"name": "Joe"}, Idempotency_Key="k")
    assert again.status_code == 200 and again.json()["status"] == "retired"
    assert Contact.objects.count() == 1
    Contact.objects.all().delete()
    assert program.call("POST", "contacts", {"name": "Joe"}, Idempotency_Key="k").status_code == 404
    assert not Contact.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "x" * 121, "a\tb"])
def test_a_key_that_is_none_is_explained(alice, key):
    response = Program(alice).call("POST", "contacts", {"name": "Joe"}, Idempotency_Key=key)
    assert response.status_code == 409 and "1 to 120" in response.json()["detail"]
