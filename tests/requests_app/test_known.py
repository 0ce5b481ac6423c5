""" "What do you know about me?" is answered in full, without a model."""

import pytest

from context.models import Fact
from requests_app import planning
from requests_app.known import everything, is_asked
from requests_app.models import Channel, Request
from tests.cast import tells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.mark.parametrize(
    "ask",
    [
        "What do you know about me?",
        "what do you remember about me",
        "Floyd, tell me what you know about me.",
        "Show me everything you know about me!",
    ],
)
def test_the_question_is_understood(ask):
    assert is_asked(ask)


@pytest.mark.parametrize(
    "ask", ["What do you know about plumbers?", "Ask the school what they know about me", "Call me", "what do you know about me and call the school"]
)
def test_other_wishes_are_none(ask):
    assert not is_asked(ask)


def test_everything_is_in_the_answer_and_nothing_private(tom):
    Fact.objects.bulk_create(Fact(user=tom, statement=f"Note {number}") for number in range(200))
    found = everything(tom)
    text = str([found["answer"], *(source["label"] for source in found["sources"])])  # keys may hold any digits
    assert "208 facts, 4 contacts, 1 coming appointment" in found["answer"]
    assert all(f"Note {number}'" in text for number in range(200)) and "4417" not in text and "alarm (kept private" in text


def test_a_request_for_it_is_done_without_a_call(client, tom):
    wish = Request.objects.create(user=tom, ask="What do you know about me?", channel=Channel.WEB)
    planning.pick_up(request_id=wish.pk)
    wish.refresh_from_db()
    assert wish.status == "done"
    client.force_login(tom)
    html = client.get(f"/requests/{wish.pk}/").content.decode().replace("&#x27;", "'")
    assert "Tom's car is a 2019 Honda Civic" in html and "Speedvale Garage" in html and not tells(html, "4417")
