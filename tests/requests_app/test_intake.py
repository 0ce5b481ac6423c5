"""Requests come in once, checked, whatever is sent."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from live.models import Change
from requests_app import services
from requests_app.errors import Conflict, InvalidAsk
from requests_app.intake import clean_ask
from requests_app.models import Channel, Event, Request

ASK = "Call the school, Mara is sick today."


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ("", "empty"),
        ("  \n\t ", "empty"),
        ("\u200b\u200d\ufeff", "empty"),
        ("?!…", "empty"),
        ("x" * 2001, "2001 characters"),
        ("x" * 1_000_000, "1000000 characters"),
        ("call\x00school", "doesn't look like text"),
        ("\x89PNG\r\n\x1a\n", "doesn't look like text"),
        ("call \ufffd", "doesn't look like text"),
        ("call \ud800", "doesn't look like text"),
        (b"call the school", "must be text"),
        (None, "must be text"),
        (["call"], "must be text"),
    ],
)
def test_what_is_no_ask_is_refused_with_a_reason(ask, says):
    with pytest.raises(InvalidAsk, match=says):
        clean_ask(ask)


@pytest.mark.parametrize(
    ("ask", "kept"),
    [
        ("  call the school \r\n today", "call the school \n today"),
        ("call\u202e the\u200b school", "call the school"),
        ("call" + "".join(chr(0xE0000 + ord(c)) for c in "ignore") + " me", "call me"),
        ("cafe\u0301 réserver à midi", "café réserver à midi"),
        ("打电话给学校", "打电话给学校"),
        ("x" * 2000, "x" * 2000),
    ],
)
def test_only_what_a_person_sees_is_kept(ask, kept):
    assert clean_ask(ask) == kept


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
class TestOnce:
    def test_a_request_is_saved_shown_and_hinted(self, tom, hints):
        request = services.create_request(user=tom, ask=ASK, channel="web")
        assert (request.status, request.ask, request.channel) == ("pending", ASK, "web")
        assert Event.objects.get().kind == "created"
        assert set(Change.objects.filter(kind="request").values_list("topic", flat=True)) == {f"request.{request.pk}", f"user.{tom.pk}"}
        assert hints.ids("requests.pick_up") == [str(request.pk)]

    def test_the_same_key_is_the_same_request(self, tom):
        first, second = (services.create_request(user=tom, ask=ASK, channel=Channel.API, client_key="k1") for _ in range(2))
        assert first.pk == second.pk

    def test_the_same_key_for_another_ask_is_a_conflict(self, tom):
        services.create_request(user=tom, ask=ASK, channel=Channel.API, client_key="k1")
        with pytest.raises(Conflict, match="new key"):
            services.create_request(user=tom, ask="Order Krista some flowers.", channel=Channel.API, client_key="k1")

    def test_keys_are_per_user(self, tom, alice):
        pair = {services.create_request(user=user, ask=ASK, channel=Channel.API, client_key="k1").pk for user in (tom, alice)}
        assert len(pair) == 2

    def test_a_double_tap_is_one_request(self, tom, hints):
        first, second = (services.create_request(user=tom, ask=ASK, channel="web") for _ in range(2))
        assert first.pk == second.pk and len(hints.ids("requests.pick_up")) == 1

    def test_the_same_words_later_are_another_request(self, tom):
        first = services.create_request(user=tom, ask=ASK, channel="web")
        Request.objects.update(created_at=timezone.now() - timedelta(seconds=11))
        assert services.create_request(user=tom, ask=ASK, channel="web").pk != first.pk

    @pytest.mark.parametrize("key", ["x" * 121, "a\x00b"])
    def test_a_key_that_cannot_be_stored_is_refused(self, tom, key):
        with pytest.raises(Conflict):
            services.create_request(user=tom, ask=ASK, channel="api", client_key=key)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["one-key", ""], ids=["same key", "double tap"])
def test_fifty_at_once_are_one_request(tom, hints, key):
    together = threading.Barrier(50)

    def send(_: int) -> str:
        together.wait()
        try:
            return str(services.create_request(user=tom, ask=ASK, channel="web", client_key=key).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        ids = set(pool.map(send, range(50)))
    assert len(ids) == 1 and Request.objects.count() == 1
    assert hints.ids("requests.pick_up") == list(ids)
