"""An account is deleted while somebody else still writes about it: nobody waits in a circle, and it goes in the end."""

import threading

import pytest
from django.db import OperationalError, connections, transaction

from context import leaving
from context.models import User
from live.publish import publish
from requests_app.models import Message, Request
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_who_sends_a_message_meanwhile_is_not_in_the_way(tom):
    request = make_request(tom, status=Status.DONE)
    message = Message.objects.create(user=tom, request=request, outbound=True, peer=tom.phone, body="Done.")
    publish(topics=[f"user.{tom.pk}"], kind="message", ref=message.pk)
    has_row, troubles = threading.Event(), []

    def send() -> None:
        try:
            with transaction.atomic():
                Message.objects.select_for_update().get(pk=message.pk)
                has_row.set()
                threading.Event().wait(0.5)  # the deletion begins meanwhile
                publish(topics=[f"user.{tom.pk}"], kind="message", ref=message.pk)
        except Exception as error:  # noqa: BLE001  told below
            troubles.append(error)
        finally:
            connections.close_all()

    sender = threading.Thread(target=send)
    sender.start()
    assert has_row.wait(5)
    leaving.begin(user=tom)
    leaving.finish(tom)
    sender.join(10)
    leaving.finish_all()
    assert (troubles, User.objects.filter(pk=tom.pk).exists()) == ([], False)


def test_who_has_a_row_of_theirs_and_then_names_them_is_not_in_the_way(tom, monkeypatch):
    request = make_request(tom, status=Status.DONE)
    has_row, has_user, troubles = threading.Event(), threading.Event(), []
    what_tells = leaving._what_tells

    def slowly(user):
        has_user.set()
        threading.Event().wait(0.4)  # whoever writes waits for the user first, and would be the one that the database ends
        return what_tells(user)

    monkeypatch.setattr(leaving, "_what_tells", slowly)

    def work() -> None:
        try:
            with transaction.atomic():
                Request.objects.select_for_update(no_key=True).get(pk=request.pk)
                has_row.set()
                has_user.wait(5)
                Message.objects.create(user=tom, outbound=True, peer=tom.phone, body="Done.")
        except Exception as error:  # noqa: BLE001  told below
            troubles.append(error)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert has_row.wait(5)
    leaving.begin(user=tom)
    leaving.finish(tom)
    worker.join(10)
    assert troubles == []
    leaving.finish_all()
    assert not User.objects.filter(pk=tom.pk).exists()


def test_a_deadlock_is_left_to_the_next_sweep(tom, monkeypatch):
    leaving.begin(user=tom)

    def deadlock(_: int) -> bool:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(leaving, "_delete", deadlock)
        assert not leaving.finish(tom)
    assert leaving.finish(tom)
