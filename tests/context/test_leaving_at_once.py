"""An account is deleted while somebody else still writes about it: nobody waits in a circle, and it goes in the end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections, transaction

from context import contact_details, leaving
from context.contact_details import keep_details
from context.models import Contact, User
from live.publish import publish
from requests_app.life import stop_request
from requests_app.models import Message, Request
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db(transaction=True)]


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[list[Exception]]:
    """Works in a transaction and a thread of its own; gives what went wrong there, once the block is over."""
    troubles: list[Exception] = []

    def working() -> None:
        try:
            with transaction.atomic():
                work()
        except Exception as error:  # noqa: BLE001  told to the test
            troubles.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=working)
    thread.start()
    yield troubles
    thread.join(10)


def test_who_sends_a_message_meanwhile_is_not_in_the_way(tom):
    request = make_request(tom, status=Status.DONE)
    message = Message.objects.create(user=tom, request=request, outbound=True, peer=tom.phone, body="Done.")
    publish(topics=[f"user.{tom.pk}"], kind="message", ref=message.pk)
    has_row = threading.Event()

    def send() -> None:
        Message.objects.select_for_update().get(pk=message.pk)
        has_row.set()
        threading.Event().wait(0.5)  # the deletion begins meanwhile
        publish(topics=[f"user.{tom.pk}"], kind="message", ref=message.pk)

    with beside(send) as troubles:
        assert has_row.wait(5)
        leaving.begin(user=tom)
        leaving.finish(tom)
    leaving.finish_all()
    assert (troubles, User.objects.filter(pk=tom.pk).exists()) == ([], False)


def test_who_has_a_row_of_theirs_and_then_names_them_is_not_in_the_way(tom, monkeypatch):
    request = make_request(tom, status=Status.DONE)
    has_row, has_user = threading.Event(), threading.Event()
    what_tells = leaving._what_tells

    def slowly(user):
        has_user.set()
        threading.Event().wait(0.4)  # whoever writes waits for the user first, and would be the one that the database ends
        return what_tells(user)

    monkeypatch.setattr(leaving, "_what_tells", slowly)

    def write() -> None:
        Request.objects.select_for_update(no_key=True).get(pk=request.pk)
        has_row.set()
        has_user.wait(5)
        Message.objects.create(user=tom, outbound=True, peer=tom.phone, body="Done.")

    with beside(write) as troubles:
        assert has_row.wait(5)
        leaving.begin(user=tom)
        leaving.finish(tom)
    assert troubles == []
    leaving.finish_all()
    assert not User.objects.filter(pk=tom.pk).exists()


@pytest.mark.parametrize("place", ["_delete", "a step"])
def test_a_deadlock_is_left_to_the_next_sweep(tom, monkeypatch, place):
    leaving.begin(user=tom)

    def deadlock(_: object) -> bool:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as meanwhile:
        if place == "_delete":
            meanwhile.setattr(leaving, "_delete", deadlock)
        else:
            meanwhile.setattr(leaving, "_steps", [deadlock])
        assert not leaving.finish(tom)
    assert leaving.finish(tom)


def test_a_request_is_stopped_while_its_contact_is_being_written(tom, monkeypatch):
    """Two writes of a request in one transaction have the database look at the contact again: a lock for its fields is not in the way."""
    school = Contact.objects.get(user=tom, kind="school")
    request = make_request(tom, status=Status.CALLING, contact=school)
    has_contact, stopped = threading.Event(), threading.Event()

    def change(**_: object) -> None:
        has_contact.set()
        stopped.wait(5)

    def learn() -> None:
        keep_details(contact=school, details=[{"kind": "reference", "item": "", "value": "4711"}], call="1")

    monkeypatch.setattr(contact_details, "change_contact", change)
    with beside(learn) as troubles:
        assert has_contact.wait(5)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")  # what is looked at when it is committed, while there is a limit to waiting
            cursor.execute("set local lock_timeout = '1s'")
            stop_request(request_id=request.pk, user=tom)
        stopped.set()
    assert troubles == []
    request.refresh_from_db()
    assert request.status == Status.CANCELLED
