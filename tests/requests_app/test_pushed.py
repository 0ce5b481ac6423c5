"""What is pushed to a request's pages shows everything as it is now, although little of it is read again."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from context.kept_words import speaking
from context.models import User
from live.fragments import render
from requests_app.charge import Charge
from requests_app.detail import detail
from requests_app.fragments import PARTS, draw, request_fragment
from requests_app.models import Request
from requests_app.next_step import NextStep
from requests_app.status import Status
from tests.cast import make_request

pytestmark = pytest.mark.django_db


def charge(wish: Request, micros: int) -> Charge:
    return Charge.objects.create(
        user=wish.user, request=wish, component="model", what="a model", micros=micros, counted_micros=micros, currency="CAD", key=f"k{micros}"
    )


def step(wish: Request, text: str) -> NextStep:
    return NextStep.objects.create(user=wish.user, request=wish, kind="reminder", text=text, due_at=timezone.now() + timedelta(days=1))


@pytest.fixture
def wish(tom) -> Request:
    """A request with a price and a step that were pushed already."""
    made = make_request(tom, status=Status.SCHEDULED, snapshot={"facts": []})
    charge(made, 2_000_000)
    step(made, "Pick up the flowers")
    drawn = request_fragment(str(made.pk))
    assert "2.00 CAD" in drawn and "Pick up the flowers" in drawn
    return made


def test_a_change_of_its_row_alone_takes_one_query(wish):
    Request.objects.filter(pk=wish.pk).update(ask="Call the dentist")
    with CaptureQueriesContext(connection) as asked:
        assert "Call the dentist" in request_fragment(str(wish.pk))
    assert len(asked) == 1


def test_what_stands_beside_it_is_read_again_when_it_changed(wish):
    charge(wish, 500_000)
    NextStep.objects.update(text="Pick up the cake")
    drawn = request_fragment(str(wish.pk))
    assert "2.50 CAD" in drawn and "Pick up the cake" in drawn and "flowers" not in drawn
    Charge.objects.all().delete()
    NextStep.objects.update(status="cancelled")
    drawn = request_fragment(str(wish.pk))
    assert "CAD" not in drawn and "cake" not in drawn


def test_it_is_drawn_in_the_language_and_the_hours_that_its_user_has_now(wish):
    Request.objects.filter(pk=wish.pk).update(not_before=timezone.now() + timedelta(days=1))
    before = request_fragment(str(wish.pk))
    User.objects.filter(pk=wish.user_id).update(page_language="de")
    in_german = request_fragment(str(wish.pk))
    User.objects.filter(pk=wish.user_id).update(time_zone="Asia/Tokyo")
    assert len({before, in_german, request_fragment(str(wish.pk))}) == 3


def test_a_plan_made_anew_is_shown_with_what_was_known_then(wish):
    facts = [{"id": "1", "statement": "Mara is seven", "sensitivity": "share"}]
    newer = make_request(wish.user, snapshot={"facts": facts}).current_snapshot
    assert "Mara is seven" not in request_fragment(str(wish.pk))
    Request.objects.filter(pk=wish.pk).update(current_snapshot=newer, plan={"kind": "call", "goal": "Tell the school", "share": ["1"]})
    assert "Mara is seven" in request_fragment(str(wish.pk))


def test_the_same_is_pushed_as_the_page_shows(wish):
    read = Request.objects.get(pk=wish.pk)
    with speaking(wish.user):
        shown = detail(read)
    drawn = request_fragment(str(wish.pk))
    assert all(draw(wish.user, f"requests_app/parts/{part}.html", shown) in drawn for part in PARTS)


def test_a_request_that_is_gone_is_drawn_as_gone(wish):
    ref = str(wish.pk)
    wish.delete()
    drawn = render(("request", ref))
    assert f'<header id="head-{ref}" class="head gone" hx-swap-oob="outerMorph"></header>' in drawn


@pytest.mark.parametrize(("language", "says"), [("en", "This request is gone."), ("de", "Diese Anfrage ist weg.")])
def test_that_a_request_is_gone_its_page_can_say_in_its_reader_s_language(client, wish, language, says):
    wish.user.page_language = language
    wish.user.save()
    client.force_login(wish.user)
    page = client.get(f"/requests/{wish.pk}/").content.decode()
    assert re.search(rf'</header>\s*<div class="gone-note muted" role="status"><p>{says}</p></div>', page)
