"""As long as "undo" is offered, Floyd plans and nothing leaves it; taking back leaves nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls import dialling
from calls.models import Call
from calls.telephony import texts
from context.models import Contact
from requests_app import planning, services
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.models import Event, Message, Question, Request
from requests_app.status import Status
from tests.fakes import plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def sent(tom) -> Request:
    return services.create_request(user=tom, ask="Call the school, Mara is sick today.", channel="web")


def over(request: Request) -> None:
    """The moment has passed."""
    Request.objects.filter(pk=request.pk).update(undo_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("channel", "offered"), [("web", True), ("voice", True), ("sms", False), ("api", False), ("command", False), ("email", False)]
)
def test_who_sends_from_a_page_can_take_it_back(tom, channel, offered):
    request = services.create_request(user=tom, ask="Call the school", channel=channel)
    assert bool(request.undo_left_s) == offered


def test_it_is_planned_at_once_but_not_dialled_before_the_moment_has_passed(tom, sent, thinker, hints):
    school = Contact.objects.get(user=tom, kind="school")
    thinker.scripts = [plan(callee={"contact_id": f"contact:{school.pk}", "name": school.name, "kind": "school"})]
    planning.pick_up(request_id=sent.pk)
    sent.refresh_from_db()
    assert sent.plan is not None and sent.status == Status.FINDING_NUMBER and sent.number
    hints.clear()
    dialling.place(sent.pk)
    assert not Call.objects.exists() and hints.ids("calls.place") == [str(sent.pk)], "again when the moment has passed"
    over(sent)
    hints.clear()
    dialling.place(sent.pk)
    assert not hints.ids("calls.place")


def test_no_text_goes_out_before_the_moment_has_passed(sent, thinker, settings):
    thinker.scripts = [plan(kind="ask_user", question="Which school?")]
    planning.pick_up(request_id=sent.pk)
    message = Message.objects.get()
    assert message.not_before is not None and message.not_before >= sent.undo_until
    texts.send(message.pk)
    message.refresh_from_db()
    assert message.status == "new"


@pytest.mark.parametrize("planned", [False, True])
def test_taking_back_leaves_nothing(tom, sent, thinker, planned):
    if planned:
        thinker.scripts = [plan(kind="ask_user", question="Which school?")]
        planning.pick_up(request_id=sent.pk)
    assert services.undo_request(request_id=sent.pk, user=tom) == "Call the school, Mara is sick today."
    assert not any(model.objects.exists() for model in (Request, Event, Question, Message))
    with pytest.raises(NotFound):
        services.undo_request(request_id=sent.pk, user=tom)
    planning.pick_up(request_id=sent.pk)
    dialling.place(sent.pk)


def test_what_is_taken_back_while_it_is_planned_stops_the_planner(tom, sent, monkeypatch):
    def taken_back(*_, on_progress, **__):
        services.undo_request(request_id=sent.pk, user=tom)
        on_progress('{"kind"')

    monkeypatch.setattr("requests_app.thinking.fill", taken_back)
    planning.pick_up(request_id=sent.pk)
    assert not Request.objects.exists() and not Call.objects.exists()


def test_afterwards_it_is_too_late(tom, sent):
    over(sent)
    with pytest.raises(NotPossibleNow, match="too late to take this back"):
        services.undo_request(request_id=sent.pk, user=tom)
    assert Request.objects.exists()


def test_nobody_takes_back_for_somebody_else(alice, sent):
    with pytest.raises(NotFound):
        services.undo_request(request_id=sent.pk, user=alice)


def test_the_page_offers_it_and_gives_the_words_back(client, tom, sent):
    client.force_login(tom)
    page = client.get(f"/requests/{sent.pk}/").content.decode()
    assert f"/requests/{sent.pk}/undo/" in page
    home = client.post(f"/requests/{sent.pk}/undo/", follow=True)
    assert home.redirect_chain == [("/", 303)] and "Call the school, Mara is sick today.</textarea>" in home.content.decode()
    assert "sick today.</textarea>" not in client.get("/").content.decode(), "once"


def test_the_page_says_when_it_is_too_late(client, tom, sent):
    over(sent)
    client.force_login(tom)
    assert f"/requests/{sent.pk}/undo/" not in client.get(f"/requests/{sent.pk}/").content.decode()
    assert "too late to take this back" in client.post(f"/requests/{sent.pk}/undo/", follow=True).content.decode()
