"""The doctor says what is wrong outside, before a call fails because of it, and how to mend it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from floyd_site.doctor import carrier, directory, mail, servers, thinking
from floyd_site.doctor.finding import Verdict
from tests.use_cases.people import version_of
from use_cases.models import UseCase


def at_twilio(**difference):
    return {"Date": format_datetime(datetime.now(UTC) + timedelta(**difference), usegmt=True)}


@pytest.mark.parametrize(
    ("difference", "verdict", "words"),
    [
        ({"seconds": 0}, Verdict.OK, "within"),
        ({"minutes": 5}, Verdict.FAILED, "behind Twilio's"),
        ({"minutes": -5}, Verdict.FAILED, "ahead of Twilio's"),
        (None, Verdict.NOT_CHECKED, "no date"),
    ],
)
def test_a_wrong_clock_is_found(difference, verdict, words):
    found = carrier._clock({} if difference is None else at_twilio(**difference))
    assert (found.verdict, words in found.found) == (verdict, True)


def number(**changes):
    wanted = carrier.wanted_webhooks()
    fields = {"capabilities": {"voice": True, "sms": True}, "voice_url": wanted.voice, "sms_url": wanted.text, "status_callback": wanted.status}
    return SimpleNamespace(**{**fields, **changes})


def test_a_number_of_another_account_is_found():
    (found,) = carrier._number(None)
    assert found.verdict is Verdict.FAILED
    assert "TWILIO_NUMBER" in found.fix


def test_a_number_that_cannot_text_is_found():
    (found,) = carrier._number(number(capabilities={"voice": True, "sms": False}))
    assert (found.verdict, found.found) == (Verdict.FAILED, "cannot do text messages")


def test_webhooks_that_point_elsewhere_are_named_with_the_command_that_mends_them():
    _, webhooks = carrier._number(number(sms_url="https://demo.twilio.com/welcome"))
    assert webhooks.verdict is Verdict.FAILED
    assert webhooks.found.startswith("text do not point to")
    assert webhooks.fix == "python manage.py floyd doctor --fix"


def test_a_number_as_it_should_be_is_well():
    assert [found.verdict for found in carrier._number(number())] == [Verdict.OK, Verdict.OK]


@pytest.mark.parametrize(
    ("shutdown", "verdict"),
    [
        (None, Verdict.OK),
        ((datetime.now(UTC) + timedelta(days=400)).date().isoformat(), Verdict.OK),
        ((datetime.now(UTC) + timedelta(days=20)).date().isoformat(), Verdict.WARNING),
        (int((datetime.now(UTC) + timedelta(days=20)).timestamp()), Verdict.WARNING),
        ("2020-01-01", Verdict.FAILED),
        ("soon", Verdict.OK),
    ],
    # Names that do not change with the time, so that every test worker collects the same ones.
    ids=["no date", "far", "near", "near, as a number", "past", "no date at all"],
)
def test_a_model_near_its_end_is_found(shutdown, verdict):
    found = thinking._model("gpt", ["OPENAI_CALL_MODEL"], SimpleNamespace(shutdown_date=shutdown))
    assert found.verdict is verdict


@pytest.mark.django_db
def test_the_models_of_the_realtime_line_are_looked_at_where_calls_go_over_it(settings):
    settings.OPENAI_REALTIME_MODEL, settings.OPENAI_TRANSCRIPTION_MODEL, settings.CALL_LINE = "talks", "writes", "media_stream"
    assert {"talks", "writes"}.isdisjoint(thinking._models_in_use())
    version_of(line="realtime")
    used = thinking._models_in_use()
    assert (used["talks"], used["writes"]) == (["OPENAI_REALTIME_MODEL"], ["OPENAI_TRANSCRIPTION_MODEL"])
    UseCase.objects.update(current=None)
    settings.CALL_LINE = "realtime"
    assert {"talks", "writes"} <= set(thinking._models_in_use())


def test_a_model_that_the_key_does_not_have_is_found():
    found = thinking._model("gpt", ["OPENAI_CALL_MODEL", "OPENAI_PLAN_MODEL"], None)
    assert found.verdict is Verdict.FAILED
    assert "OPENAI_CALL_MODEL, OPENAI_PLAN_MODEL" in found.fix


@pytest.mark.django_db
def test_the_database_with_its_schema_is_well():
    assert {found.part: found.verdict for found in servers.check_database()} == {"database": Verdict.OK, "migrations": Verdict.OK}


def test_a_broker_that_does_not_answer_is_found(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    (found,) = servers.check_broker()
    assert found.verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("key", "endpoint", "verdict", "words"),
    [
        ("", "", Verdict.WARNING, "GOOGLE_MAPS_API_KEY is not set"),
        ("AIza", "http://127.0.0.1:9", Verdict.FAILED, "does not answer"),
    ],
)
def test_a_directory_that_cannot_be_searched_is_found(settings, key, endpoint, verdict, words):
    settings.GOOGLE_MAPS_API_KEY, settings.GOOGLE_PLACES_ENDPOINT = key, endpoint
    (found,) = directory.check_directory()
    assert found.verdict is verdict and words in found.found and found.fix


@pytest.mark.parametrize(
    ("backend", "verdict", "words"),
    [("console", Verdict.WARNING, "no mail leaves"), ("smtp", Verdict.FAILED, "does not open")],
)
def test_mail_that_cannot_leave_is_found(settings, backend, verdict, words):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    (found,) = mail.check_mail_out()
    assert found.verdict is verdict and words in found.found and found.fix


@pytest.mark.parametrize(
    ("inbox", "verdict", "words"),
    [("", Verdict.WARNING, "MAIL_INBOX is not set"), ("imap://floyd:secret@127.0.0.1:9/INBOX", Verdict.FAILED, "")],
)
def test_a_mailbox_that_does_not_open_is_found_without_its_password(settings, inbox, verdict, words):
    settings.MAIL_INBOX = inbox
    (found,) = mail.check_mail_in()
    assert found.verdict is verdict and words in found.found and found.fix
    assert "secret" not in found.found + found.fix


@pytest.mark.parametrize(("key", "verdict"), [("", Verdict.WARNING), ("nonsense", Verdict.FAILED)])
def test_a_key_that_signs_no_notification_is_found(settings, key, verdict):
    settings.VAPID_PRIVATE_KEY = key
    (found,) = mail.check_push()
    assert found.verdict is verdict and found.fix
