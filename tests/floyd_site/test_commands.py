"""`floyd ask` and `floyd watch`: the same request as on the page, and clear words when something is missing."""

import pytest
from django.core.management import call_command

from requests_app.models import Channel, Request
from requests_app.status import Status
from tests import cast

ASK = "Call the school, Mara is sick today."


def floyd(*arguments):
    """Exit status of `manage.py floyd …`."""
    try:
        call_command("floyd", *arguments)
    except SystemExit as end:
        return end.code
    return 0


@pytest.mark.django_db(transaction=True)
def test_a_request_is_made_for_the_only_user(tom, hints):
    assert floyd("ask", ASK) == 0
    request = Request.objects.get()
    assert (request.user, request.ask, request.channel, request.status) == (tom, ASK, Channel.COMMAND, Status.PENDING)
    assert hints.ids("requests.pick_up") == [str(request.pk)]


@pytest.mark.django_db
def test_with_several_users_it_asks_which_one(tom, alice, capsys):
    assert floyd("ask", ASK) == 1
    assert "Say who asks with --user. There is: tom@redmond.example, alice@stone.example" in capsys.readouterr().err
    assert not Request.objects.exists()


@pytest.mark.django_db
def test_an_empty_request_is_explained(tom, capsys):
    assert floyd("ask", "  ", "--user", tom.email) == 1
    assert "The request is empty" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["latest", "not-an-id", "01990000-0000-7000-8000-000000000000"])
def test_a_request_that_is_not_there_is_said(name, capsys):
    assert floyd("watch", name) == 1
    assert f"There is no request {name}." in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("status", "code"), [(Status.DONE, 0), (Status.FAILED, 1)])
def test_watching_ends_with_the_request_and_tells_how(tom, capsys, status, code):
    cast.make_request(tom, status=status, ask=ASK, trouble="The school did not answer." if status == Status.FAILED else "")
    assert floyd("watch", "latest") == code
    assert ASK in capsys.readouterr().out


def test_the_demo_needs_the_sandbox(settings, capsys):
    settings.SANDBOX_URL = ""
    assert floyd("demo") == 2
    assert "make demo" in capsys.readouterr().err
