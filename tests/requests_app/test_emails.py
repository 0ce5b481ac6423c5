"""An email leaves at most once, says where it leads and how to answer, and holds nothing but words."""

import smtplib

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRequestsAPIError

from requests_app import emails, outbox, services
from requests_app.models import Message, MessageStatus, Way
from requests_app.reply_address import read_local_part
from requests_app.status import Status
from tests.cast import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_settings(settings):
    settings.MAIL_FROM, settings.MAIL_DOMAIN, settings.MAIL_PREFIX = "floyd@floyd.example", "floyd.example", ""
    settings.SITE_URL = "https://floyd.example"


@pytest.fixture
def message(tom) -> Message:
    wish = make_request(tom, status=Status.DONE, plan={"title": "Flowers for Krista"})
    return Message.objects.create(user=tom, request=wish, outbound=True, way=Way.EMAIL, peer=tom.email, body="Ordered.", link=f"/requests/{wish.pk}/")


def test_a_mail_is_sent_once_with_its_link(message, mailoutbox):
    for _ in range(3):
        emails.send(message.pk)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject, mail.from_email) == (["tom@redmond.example"], "Flowers for Krista", "Floyd <floyd@floyd.example>")
    assert f"https://floyd.example/requests/{message.request_id}/" in mail.body and mail.body.startswith("Ordered.")
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated" and str(message.pk) in mail.extra_headers["Message-ID"]
    assert Message.objects.get(pk=message.pk).status == MessageStatus.SENT


def test_a_question_is_answered_to_an_address_that_names_it(tom, mailoutbox, at_once, settings):
    tom.tell_by = "email"
    tom.save()
    question = services.ask_question(request=make_request(tom, status=Status.WAITING_FOR_USER), kind="text", text="Which teacher?", step="plan")
    emails.send(question.messages.get().pk)
    (mail,) = mailoutbox
    name = mail.reply_to[0].partition("@")[0]
    assert mail.subject.startswith("Floyd asks: ") and len(name) <= 64
    assert read_local_part(name) == question.pk
    assert read_local_part("r-") is None
    others = set("abcdefghijklmnopqrstuvwxyz234567") - {name[-1]}
    assert [letter for letter in others if read_local_part(name[:-1] + letter)] == [], "letters that differ only in bits nobody reads"


def test_nothing_in_it_breaks_out_of_its_line(message, mailoutbox):
    message.subject = "Hi\r\nBcc: everybody@example.com"
    message.save()
    emails.send(message.pk)
    assert mailoutbox[0].subject == "Hi Bcc: everybody@example.com" and mailoutbox[0].recipients() == ["tom@redmond.example"]


def _fails(monkeypatch, at, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(f"django.core.mail.backends.locmem.EmailBackend.{at}", fail)


@pytest.mark.parametrize(
    ("at", "error", "status"),
    [
        ("open", ConnectionRefusedError(), MessageStatus.NEW),
        ("open", smtplib.SMTPAuthenticationError(535, b"no"), MessageStatus.FAILED),
        ("send_messages", smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), MessageStatus.FAILED),
        ("send_messages", smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), MessageStatus.NEW),
        ("send_messages", smtplib.SMTPDataError(451, b"later"), MessageStatus.NEW),
        ("send_messages", smtplib.SMTPServerDisconnected("gone"), MessageStatus.UNKNOWN),
        ("send_messages", TimeoutError(), MessageStatus.UNKNOWN),
        ("send_messages", AnymailAPIError("no answer"), MessageStatus.UNKNOWN),
        ("send_messages", AnymailRequestsAPIError("refused", status_code=422), MessageStatus.FAILED),
    ],
)
def test_only_what_certainly_did_not_leave_is_sent_again(message, monkeypatch, at, error, status):
    _fails(monkeypatch, at, error)
    emails.send(message.pk)
    assert Message.objects.get(pk=message.pk).status == status


def test_a_server_that_is_away_for_long_is_given_up(message, monkeypatch):
    _fails(monkeypatch, "open", ConnectionRefusedError())
    Message.objects.filter(pk=message.pk).update(created_at=message.created_at - outbox.PATIENCE * 2)
    emails.send(message.pk)
    failed = Message.objects.get(pk=message.pk)
    assert (failed.status, failed.error_code) == (MessageStatus.FAILED, "too-long")
    assert failed.copies.get().way == Way.TEXT


def test_without_a_sender_it_fails_with_a_reason(message, settings):
    settings.MAIL_FROM = ""
    emails.send(message.pk)
    assert Message.objects.get(pk=message.pk).error_code == emails.NO_SENDER
